/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/check_outer.h"

static struct check_outer *
outer_from(IUnknown *This)
{
	return (struct check_outer *)(void *)This;
}

static ULONG
outer_AddRef(IUnknown *This)
{
	__atomic_fetch_add(&outer_from(This)->add_refs, 1, __ATOMIC_RELAXED);
	return __atomic_add_fetch(&outer_from(This)->references, 1, __ATOMIC_RELAXED);
}

static ULONG
outer_Release(IUnknown *This)
{
	__atomic_fetch_add(&outer_from(This)->releases, 1, __ATOMIC_RELAXED);
	return __atomic_sub_fetch(&outer_from(This)->references, 1, __ATOMIC_ACQ_REL);
}

static HRESULT
outer_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
	struct check_outer *outer = outer_from(This);

	__atomic_fetch_add(&outer->queries, 1, __ATOMIC_RELAXED);
	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	if (IsEqualIID(riid, &IID_IUnknown)) {
		outer_AddRef(This);
		*ppv = This;
		return S_OK;
	}
	return outer->inner != NULL ? outer->inner->lpVtbl->QueryInterface(outer->inner, riid, ppv)
				    : E_NOINTERFACE;
}

static const IUnknownVtbl outer_vtbl = { outer_QueryInterface, outer_AddRef, outer_Release };

void
check_outer_init(struct check_outer *outer)
{
	*outer = (struct check_outer){ .unknown.lpVtbl = &outer_vtbl, .references = 1 };
}
