/* SPDX-License-Identifier: BSD-2-Clause */
/* Methods of published interfaces that are called only with NULL where their result belongs. */
#include <string.h>

#include "runtime/comreg/check_slots.h"

typedef void (*slot)(void);

static HRESULT
only_result(slot method, void *face)
{
	return ((HRESULT(*)(void *, void *))method)(face, NULL);
}

static HRESULT
language(slot method, void *face)
{
	return ((HRESULT(*)(void *, LCID, void *))method)(face, 0, NULL);
}

static HRESULT
identifier(slot method, void *face)
{
	IID iid = trial_random_iid();

	return ((HRESULT(*)(void *, const IID *, void *))method)(face, &iid, NULL);
}

static HRESULT
service(slot method, void *face)
{
	IID iid = trial_random_iid();

	return ((HRESULT(*)(void *, const IID *, const IID *, void *))method)(
	    face, &iid, &iid, NULL);
}

static HRESULT
type_info(slot method, void *face)
{
	return ((HRESULT(*)(void *, UINT, LCID, void *))method)(face, 0, 0, NULL);
}

static HRESULT
cookie(slot method, void *face)
{
	return ((HRESULT(*)(void *, DWORD, const IID *, void *))method)(
	    face, 0x7FFFFFF0, &IID_IUnknown, NULL);
}

static HRESULT
one_item(slot method, void *face)
{
	return ((HRESULT(*)(void *, ULONG, void *, ULONG *))method)(face, 1, NULL, NULL);
}

/* Not a result, but just as little a place. */
static HRESULT
one_byte(slot method, void *face)
{
	return ((HRESULT(*)(void *, const void *, ULONG, ULONG *))method)(face, NULL, 1, NULL);
}

/* Another argument that nobody can accept may be looked at first, so any failure will do. */
#define ANY_FAILURE true

static const struct {
	const char *interface, *method;
	unsigned slot;
	HRESULT (*call)(slot method, void *face);
	bool any_failure;
} calls[] = {
	{ "IConnectionPointContainer", "FindConnectionPoint", 4, identifier, ANY_FAILURE },
	{ "IConnectionPoint", "GetConnectionInterface", 3, only_result, false },
	{ "IConnectionPoint", "GetConnectionPointContainer", 4, only_result, false },
	{ "IConnectionPoint", "EnumConnections", 7, only_result, false },
	{ "IServiceProvider", "QueryService", 3, service, ANY_FAILURE },
	{ "IObjectWithSite", "GetSite", 4, identifier, ANY_FAILURE },
	{ "IDispatch", "GetTypeInfo", 4, type_info, ANY_FAILURE },
	{ "IErrorInfo", "GetGUID", 3, only_result, false },
	{ "IErrorInfo", "GetSource", 4, only_result, false },
	{ "IErrorInfo", "GetDescription", 5, only_result, false },
	{ "IErrorInfo", "GetHelpFile", 6, only_result, false },
	{ "IErrorInfo", "GetHelpContext", 7, only_result, false },
	{ "IPersistFile", "GetClassID", 3, only_result, false },
	{ "IPersistFile", "GetCurFile", 8, only_result, false },
	{ "IPersistMemory", "GetClassID", 3, only_result, false },
	{ "IPersistPropertyBag", "GetClassID", 3, only_result, false },
	{ "IPersistStream", "GetSizeMax", 7, only_result, false },
	{ "IPersistStreamInit", "GetSizeMax", 7, only_result, false },
	{ "ICatInformation", "EnumCategories", 3, language, false },
	{ "ICatInformation", "EnumImplCategoriesOfClass", 7, identifier, ANY_FAILURE },
	{ "ICatInformation", "EnumReqCategoriesOfClass", 8, identifier, ANY_FAILURE },
	{ "IGlobalInterfaceTable", "GetInterfaceFromGlobal", 5, cookie, ANY_FAILURE },
	{ "IEnumUnknown", "Next", 3, one_item, false },
	{ "IEnumString", "Next", 3, one_item, false },
	{ "IEnumVARIANT", "Next", 3, one_item, false },
	{ "IEnumGUID", "Next", 3, one_item, false },
	{ "IEnumCATEGORYINFO", "Next", 3, one_item, false },
	{ "IEnumConnections", "Next", 3, one_item, false },
	{ "IEnumConnectionPoints", "Next", 3, one_item, false },
	{ "ISequentialStream", "Write", 4, one_byte, false },
	{ "IStream", "Write", 4, one_byte, false },
};

bool
check_slots_null_more(struct trial *trial, IUnknown *object)
{
	bool has_any = false;

	for (size_t i = 0; i < G_N_ELEMENTS(calls); i++) {
		IUnknown *face = check_slots_face(trial, object, calls[i].interface);
		const slot *table;
		HRESULT hr;

		if (face == NULL)
			continue;
		has_any = true;
		table = (const slot *)(const void *)face->lpVtbl;
		trial_step(trial, "%s::%s with NULL", calls[i].interface, calls[i].method);
		hr = calls[i].call(table[calls[i].slot], face);
		if (calls[i].any_failure ? SUCCEEDED(hr)
					 : !trial_refuses_null(hr) && hr != E_NOTIMPL)
			trial_fail(trial, "%s::%s with NULL gives %s", calls[i].interface,
			    calls[i].method, tessera_hresult_name(hr));
		face->lpVtbl->Release(face);
	}
	return has_any;
}
