/* SPDX-License-Identifier: BSD-2-Clause */
/* Text in the form that UNICODE selects: TCHAR and TEXT("..."). */
#ifndef TCHAR_H
#define TCHAR_H
#include <wtypes.h>
#ifdef UNICODE
typedef WCHAR TCHAR;
#define TEXT(text) u##text
#else
typedef CHAR TCHAR;
#define TEXT(text) text
#endif
#define _T(text) TEXT(text)
#define _TEXT(text) TEXT(text)
typedef TCHAR *LPTSTR;
typedef const TCHAR *LPCTSTR;
#endif
