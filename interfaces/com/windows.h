/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Windows source written for smart cards expects of <windows.h>: types, errors, the component
 * runtime, automation. Not an emulation of anything else.
 */
#ifndef WINDOWS_H
#define WINDOWS_H
#include <oleauto.h>
#ifndef interface
#define interface struct
#endif
#endif
