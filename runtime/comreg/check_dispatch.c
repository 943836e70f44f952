/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls by name: names, their numbers, and what kind of call it is. */
#include <string.h>

#include <oleauto.h>

#include "runtime/comreg/check_member.h"
#include "runtime/comreg/check_trial.h"

#define MANY_ARGUMENTS 9

/* Flags of Invoke, and the number that stands for no member. */
enum {
	CALL = 1,
	GET = 2,
	PUT = 4,
	NO_MEMBER = -1,
};

static void
run_unknown_name(struct trial *trial)
{
	IDispatch *dispatch = check_member_dispatch(trial);
	DISPID id;
	HRESULT hr;

	if (dispatch == NULL)
		return;
	hr = check_member_id(dispatch, &IID_NULL, u"NobodyHasThisName", &id);
	if (hr != DISP_E_UNKNOWNNAME)
		trial_fail(trial, "an unknown name gives %s, not DISP_E_UNKNOWNNAME",
		    tessera_hresult_name(hr));
	else if (id != NO_MEMBER)
		trial_fail(trial, "an unknown name gives the number %d, not -1", id);
}

static void
run_names(struct trial *trial)
{
	const OLECHAR *name;
	OLECHAR upper[64] = { 0 };
	DISPID id, again, other = 0;
	IDispatch *dispatch = check_member_get(trial, &name, &id);

	if (dispatch == NULL)
		return;
	for (size_t i = 0; name[i] != 0; i++)
		upper[i] = (OLECHAR)g_ascii_toupper((char)name[i]);
	if (FAILED(check_member_id(dispatch, &IID_NULL, upper, &other)) || other != id)
		trial_fail(trial, "a name in capitals gives %d, as it stands %d", other, id);
	for (unsigned i = 0; i < 100; i++)
		if (FAILED(check_member_id(dispatch, &IID_NULL, name, &again)) || again != id) {
			trial_fail(trial, "one name gives %d first and %d later", id, again);
			return;
		}
}

static void
run_riid(struct trial *trial)
{
	IDispatch *dispatch = check_member_dispatch(trial);
	DISPPARAMS none = { 0 };
	DISPID id;
	HRESULT hr;

	if (dispatch == NULL)
		return;
	hr = check_member_id(dispatch, &IID_IUnknown, u"Value", &id);
	if (hr != DISP_E_UNKNOWNINTERFACE)
		trial_fail(trial,
		    "GetIDsOfNames with riid other than IID_NULL gives %s, not "
		    "DISP_E_UNKNOWNINTERFACE",
		    tessera_hresult_name(hr));
	hr = dispatch->lpVtbl->Invoke(dispatch, 0, &IID_IUnknown, 0, GET, &none, NULL, NULL, NULL);
	if (hr != DISP_E_UNKNOWNINTERFACE)
		trial_fail(trial,
		    "Invoke with riid other than IID_NULL gives %s, not "
		    "DISP_E_UNKNOWNINTERFACE",
		    tessera_hresult_name(hr));
}

static void
run_member(struct trial *trial)
{
	IDispatch *dispatch = check_member_dispatch(trial);
	DISPPARAMS none = { 0 };
	VARIANT result;
	HRESULT hr;

	if (dispatch == NULL)
		return;
	memset(&result, 0, sizeof result);
	hr = dispatch->lpVtbl->Invoke(
	    dispatch, 0x7ABCDEF, &IID_NULL, 0, CALL | GET, &none, &result, NULL, NULL);
	if (hr != DISP_E_MEMBERNOTFOUND)
		trial_fail(trial, "an unknown number gives %s, not DISP_E_MEMBERNOTFOUND",
		    tessera_hresult_name(hr));
}

static void
run_type_info(struct trial *trial)
{
	IDispatch *dispatch = trial_interface(trial, &IID_IDispatch);
	UINT count = 77;
	ITypeInfo *info = CHECK_POISON;
	HRESULT hr;

	if (dispatch == NULL)
		return;
	hr = dispatch->lpVtbl->GetTypeInfoCount(dispatch, &count);
	if (hr == E_NOTIMPL)
		return;
	if (FAILED(hr) || count > 1)
		trial_fail(trial, "GetTypeInfoCount gives %s and %u, not 0 or 1",
		    tessera_hresult_name(hr), count);
	hr = dispatch->lpVtbl->GetTypeInfo(dispatch, 1000, 0, &info);
	if (hr != DISP_E_BADINDEX && !(hr == E_NOTIMPL && count == 0))
		trial_fail(trial, "GetTypeInfo of number 1000 gives %s, not DISP_E_BADINDEX",
		    tessera_hresult_name(hr));
}

static void
run_count(struct trial *trial)
{
	const OLECHAR *name;
	DISPID id;
	IDispatch *dispatch = check_member_get(trial, &name, &id);
	VARIANT arguments[MANY_ARGUMENTS], result;
	DISPPARAMS many = { arguments, NULL, MANY_ARGUMENTS, 0 };
	HRESULT hr;

	if (dispatch == NULL)
		return;
	memset(&result, 0, sizeof result);
	memset(arguments, 0, sizeof arguments);
	hr = dispatch->lpVtbl->Invoke(dispatch, id, &IID_NULL, 0, GET, &many, &result, NULL, NULL);
	if (hr != DISP_E_BADPARAMCOUNT && hr != DISP_E_MEMBERNOTFOUND)
		trial_fail(trial, "reading with %d arguments gives %s, not DISP_E_BADPARAMCOUNT",
		    MANY_ARGUMENTS, tessera_hresult_name(hr));
}

static void
run_put(struct trial *trial)
{
	const OLECHAR *name;
	DISPID id;
	IDispatch *dispatch = check_member_get(trial, &name, &id);
	VARIANT value;
	DISPPARAMS unnamed = { &value, NULL, 1, 0 };
	const VARTYPE vt = VT_I4;
	HRESULT hr;

	if (dispatch == NULL)
		return;
	memset(&value, 0, sizeof value);
	memcpy(&value, &vt, sizeof vt);
	hr = dispatch->lpVtbl->Invoke(dispatch, id, &IID_NULL, 0, PUT, &unnamed, NULL, NULL, NULL);
	if (SUCCEEDED(hr))
		trial_fail(trial, "a value is put though the argument is not named with -3");
}

static void
run_null_result(struct trial *trial)
{
	const OLECHAR *name;
	DISPID id;
	IDispatch *dispatch = check_member_get(trial, &name, &id);
	DISPPARAMS none = { 0 };
	HRESULT hr;

	if (dispatch == NULL)
		return;
	trial_step(trial, "Invoke without place for result, exception and argument");
	hr = dispatch->lpVtbl->Invoke(dispatch, id, &IID_NULL, 0, GET, &none, NULL, NULL, NULL);
	if (hr == E_POINTER || hr == E_INVALIDARG)
		trial_fail(trial, "reading without place for the result gives %s; it may be NULL",
		    tessera_hresult_name(hr));
}

#define NAMES "IDispatch::GetIDsOfNames"
#define INVOKE "IDispatch::Invoke"

static const struct check checks[] = {
	{ "dispatch.unknown-name", run_unknown_name,
	    "an unknown name gives DISP_E_UNKNOWNNAME and the number -1", NAMES, CHECK_CLASS, 0 },
	{ "dispatch.names", run_names, "names match in any case, and their numbers stay", NAMES,
	    CHECK_CLASS, 0 },
	{ "dispatch.riid", run_riid, "riid is IID_NULL, or DISP_E_UNKNOWNINTERFACE", INVOKE,
	    CHECK_CLASS, 0 },
	{ "dispatch.member", run_member, "an unknown number gives DISP_E_MEMBERNOTFOUND", INVOKE,
	    CHECK_CLASS, 0 },
	{ "dispatch.type-info", run_type_info,
	    "there is one type information or none, and no other number", "IDispatch::GetTypeInfo",
	    CHECK_CLASS, 0 },
	{ "dispatch.count", run_count, "too many arguments give DISP_E_BADPARAMCOUNT", INVOKE,
	    CHECK_CLASS, 0 },
	{ "dispatch.put", run_put, "a put needs its argument named DISPID_PROPERTYPUT", INVOKE,
	    CHECK_CLASS, 0 },
	{ "dispatch.null-result", run_null_result,
	    "places for result, exception and argument may be NULL", INVOKE, CHECK_CLASS, 0 },
};
const struct check_group check_dispatch = CHECK_GROUP_FOR(checks, &IID_IDispatch);
