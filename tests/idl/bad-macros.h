/* SPDX-License-Identifier: BSD-2-Clause */
/* Included by bad-macros.idl. */
#define INNER NOBODY
#define OUTER INNER
#define TYPE_OF(name) typedef name
#define NESTED TYPE_OF(INNER)
