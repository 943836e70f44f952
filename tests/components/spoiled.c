/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A module that is wrong in the way that SPOILED says, for tests of what a tool makes of it. Built
 * without the class helper and without any of our libraries.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <objbase.h>

#define CRASH 1
#define CRASH_WHEN_LOADED 2
#define HANG 3
#define LEAVE 4       /* the process */
#define NO_ENTRY 5    /* point */
#define NO_VARIABLE 6 /* of that name anywhere: the loader refuses */
#define NO_FUNCTION 7 /* the same, seen when it is called */
#define REGISTER 8    /* DllRegisterServer crashes */

#define EXPORTED __attribute__((visibility("default")))

#if SPOILED == NO_VARIABLE
extern int tessera_test_no_such_variable;
#endif
#if SPOILED == NO_FUNCTION
void tessera_test_no_such_function(void);
#endif

#if SPOILED == CRASH_WHEN_LOADED
__attribute__((constructor)) static void
crash_when_loaded(void)
{
	(void)raise(SIGSEGV);
}
#endif

#if SPOILED != NO_ENTRY
EXPORTED HRESULT
DllGetClassObject(REFCLSID rclsid, REFIID riid, void **ppv)
{
	(void)rclsid;
	(void)riid;
	*ppv = NULL;
	puts("hello from the module");
	(void)fflush(stdout);
#if SPOILED == CRASH
	(void)raise(SIGSEGV);
#elif SPOILED == HANG
	for (;;)
		(void)pause();
#elif SPOILED == LEAVE
	_exit(0);
#elif SPOILED == NO_VARIABLE
	return tessera_test_no_such_variable;
#elif SPOILED == NO_FUNCTION
	tessera_test_no_such_function();
#endif
	return CLASS_E_CLASSNOTAVAILABLE;
}
#endif

#if SPOILED == REGISTER
HRESULT DllRegisterServer(void);

EXPORTED HRESULT
DllRegisterServer(void)
{
	(void)raise(SIGSEGV);
	return S_OK;
}
#endif
