/* SPDX-License-Identifier: BSD-2-Clause */
typedef NOBODY INNER;
typedef NOBODY INNER_TOO;
