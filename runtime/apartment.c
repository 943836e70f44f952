/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CoInitializeEx, CoUninitialize, CoGetApartmentType. There is one apartment, that of all threads;
 * it exists while any thread is initialised. A thread that ends is no longer initialised. Nothing
 * is unloaded with the last CoUninitialize: a class object may be needed again at once, and code of
 * a module may still run on another thread.
 */
#include "runtime/apartment.h"

#include <objbase.h>

#include "runtime/export.h"
#include "runtime/thread_state.h"

#define COINIT_KNOWN                                                                \
	(COINIT_APARTMENTTHREADED | COINIT_MULTITHREADED | COINIT_DISABLE_OLE1DDE | \
	    COINIT_SPEED_OVER_MEMORY)

static unsigned initialised_threads;

bool
apartment_present(void)
{
	return thread_state.init_count != 0 ||
	    __atomic_load_n(&initialised_threads, __ATOMIC_ACQUIRE) != 0;
}

void
apartment_leave(void)
{
	__atomic_fetch_sub(&initialised_threads, 1, __ATOMIC_RELEASE);
}

TESSERA_EXPORT HRESULT
CoInitializeEx(LPVOID pvReserved, DWORD dwCoInit)
{
	DWORD model = dwCoInit & COINIT_APARTMENTTHREADED;

	if (pvReserved != NULL || (dwCoInit & ~(DWORD)COINIT_KNOWN) != 0)
		return E_INVALIDARG;
	if (thread_state.init_count != 0) {
		if (thread_state.init_model != model)
			return RPC_E_CHANGED_MODE;
		thread_state.init_count++;
		return S_FALSE;
	}
	if (!thread_state_keep())
		return E_OUTOFMEMORY;
	thread_state.init_count = 1;
	thread_state.init_model = model;
	__atomic_fetch_add(&initialised_threads, 1, __ATOMIC_RELEASE);
	return S_OK;
}

TESSERA_EXPORT HRESULT
CoInitialize(LPVOID pvReserved)
{
	return CoInitializeEx(pvReserved, COINIT_APARTMENTTHREADED);
}

TESSERA_EXPORT void
CoUninitialize(void)
{
	if (thread_state.init_count == 0)
		return;
	thread_state.init_count--;
	if (thread_state.init_count == 0)
		apartment_leave();
}

TESSERA_EXPORT HRESULT
CoGetApartmentType(APTTYPE *pAptType, APTTYPEQUALIFIER *pAptQualifier)
{
	if (pAptType == NULL || pAptQualifier == NULL)
		return E_INVALIDARG;
	*pAptType = APTTYPE_CURRENT;
	*pAptQualifier = APTTYPEQUALIFIER_NONE;
	if (!apartment_present())
		return CO_E_NOTINITIALIZED;
	*pAptType = APTTYPE_MTA;
	if (thread_state.init_count == 0)
		*pAptQualifier = APTTYPEQUALIFIER_IMPLICIT_MTA;
	return S_OK;
}
