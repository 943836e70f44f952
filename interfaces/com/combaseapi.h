/* SPDX-License-Identifier: BSD-2-Clause */
/* Windows has the base of objbase.h under this name; here it is all one. */
#include <objbase.h>
