/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Include this before other headers in one source file to define, there, every identifier they
 * declare. Not needed when linking with libtessera-uuid.a, which pkg-config does for you.
 */
#ifndef INITGUID
#define INITGUID
#endif
#include <guiddef.h>
