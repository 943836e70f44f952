/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scalar types of pcsc-lite on Linux, where a LONG is a `long`: 64 bits on 64-bit machines,
 * unlike Windows. Never together with <wtypes.h>, whose types have Windows's widths.
 */
#ifndef TESSERA_PCSC_WINTYPES_H
#define TESSERA_PCSC_WINTYPES_H

#ifdef __cplusplus
extern "C" {
#endif

#ifndef BYTE /* some programs have a macro of that name */
typedef unsigned char BYTE;
#endif
typedef BYTE *LPBYTE;
typedef const BYTE *LPCBYTE;

typedef unsigned char UCHAR;
typedef UCHAR *PUCHAR;

typedef unsigned short USHORT;
typedef unsigned short WORD;
typedef short BOOL;

typedef long LONG;

typedef unsigned long DWORD;
typedef DWORD *PDWORD;
typedef DWORD *LPDWORD;

#ifndef __COREFOUNDATION_CFPLUGINCOM__
typedef unsigned long ULONG;
typedef void *LPVOID;
#endif
typedef ULONG *PULONG;
typedef const void *LPCVOID;

typedef char *LPSTR;
typedef const char *LPCSTR;
typedef LPSTR LPTSTR;
typedef LPCSTR LPCTSTR;

#ifdef __cplusplus
}
#endif

#endif
