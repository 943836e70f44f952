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
	HRESULT (*call)(slot method, void *face);
	unsigned slot;
	bool any_failure;
} calls[] = {
	{ "IConnectionPointContainer", "FindConnectionPoint", identifier, 4, ANY_FAILURE },
	{ "IConnectionPoint", "GetConnectionInterface", only_result, 3, false },
	{ "IConnectionPoint", "GetConnectionPointContainer", only_result, 4, false },
	{ "IConnectionPoint", "EnumConnections", only_result, 7, false },
	{ "IServiceProvider", "QueryService", service, 3, ANY_FAILURE },
	{ "IObjectWithSite", "GetSite", identifier, 4, ANY_FAILURE },
	{ "IDispatch", "GetTypeInfo", type_info, 4, ANY_FAILURE },
	{ "IErrorInfo", "GetGUID", only_result, 3, false },
	{ "IErrorInfo", "GetSource", only_result, 4, false },
	{ "IErrorInfo", "GetDescription", only_result, 5, false },
	{ "IErrorInfo", "GetHelpFile", only_result, 6, false },
	{ "IErrorInfo", "GetHelpContext", only_result, 7, false },
	{ "IPersistFile", "GetClassID", only_result, 3, false },
	{ "IPersistFile", "GetCurFile", only_result, 8, false },
	{ "IPersistMemory", "GetClassID", only_result, 3, false },
	{ "IPersistPropertyBag", "GetClassID", only_result, 3, false },
	{ "IPersistStream", "GetSizeMax", only_result, 7, false },
	{ "IPersistStreamInit", "GetSizeMax", only_result, 7, false },
	{ "ICatInformation", "EnumCategories", language, 3, false },
	{ "ICatInformation", "EnumImplCategoriesOfClass", identifier, 7, ANY_FAILURE },
	{ "ICatInformation", "EnumReqCategoriesOfClass", identifier, 8, ANY_FAILURE },
	{ "IGlobalInterfaceTable", "GetInterfaceFromGlobal", cookie, 5, ANY_FAILURE },
	{ "IEnumUnknown", "Next", one_item, 3, false },
	{ "IEnumString", "Next", one_item, 3, false },
	{ "IEnumVARIANT", "Next", one_item, 3, false },
	{ "IEnumGUID", "Next", one_item, 3, false },
	{ "IEnumCATEGORYINFO", "Next", one_item, 3, false },
	{ "IEnumConnections", "Next", one_item, 3, false },
	{ "IEnumConnectionPoints", "Next", one_item, 3, false },
	{ "ISequentialStream", "Write", one_byte, 4, false },
	{ "IStream", "Write", one_byte, 4, false },
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
