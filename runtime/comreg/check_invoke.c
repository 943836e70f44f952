/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a call by name says when it fails, and whose its arguments are. The calls are those that an
 * object of any kind may be asked: too many arguments, no such member, a value that few take.
 */
#include <string.h>

#include <oleauto.h>

#include "runtime/comreg/check_member.h"
#include "runtime/comreg/check_trial.h"
#include "runtime/comreg/check_watch.h"

#define UNTOUCHED 0xABCDu
#define NO_SUCH_MEMBER 0x7ABCDEF

/* A call, and what came back. */
struct call {
	const char *what;
	DISPID id;
	WORD flags;
	UINT count;
	bool named;
	HRESULT hr;
	UINT wrong;
	EXCEPINFO exception;
};

static void
make_call(struct trial *trial, IDispatch *dispatch, struct call *call)
{
	static DISPID put_name = DISPID_PROPERTYPUT;
	VARIANT arguments[9] = { 0 }, result = { 0 };
	DISPPARAMS parameters = { arguments, call->named ? &put_name : NULL, call->count,
		call->named ? 1 : 0 };

	/* A pointer to no object: numbers and texts do not take it. */
	V_VT(&arguments[0]) = VT_DISPATCH;
	call->wrong = UNTOUCHED;
	memset(&call->exception, 0, sizeof call->exception);
	trial_step(trial, "Invoke: %s", call->what);
	call->hr = dispatch->lpVtbl->Invoke(dispatch, call->id, &IID_NULL, 0, call->flags,
	    &parameters, call->flags == DISPATCH_PROPERTYPUT ? NULL : &result, &call->exception,
	    &call->wrong);
}

/* Makes the calls, each told to @judge. */
static void
make_calls(struct trial *trial, void (*judge)(struct trial *trial, const struct call *call))
{
	const OLECHAR *name;
	DISPID id;
	IDispatch *dispatch = check_member_get(trial, &name, &id);
	struct call calls[] = {
		{ .what = "reading with 9 arguments",
		    .id = id,
		    .flags = DISPATCH_PROPERTYGET,
		    .count = 9 },
		{ .what = "reading what is no member",
		    .id = NO_SUCH_MEMBER,
		    .flags = DISPATCH_PROPERTYGET },
		{ .what = "putting no object",
		    .id = id,
		    .flags = DISPATCH_PROPERTYPUT,
		    .count = 1,
		    .named = true },
		{ .what = "putting without a name",
		    .id = id,
		    .flags = DISPATCH_PROPERTYPUT,
		    .count = 1 },
	};

	for (size_t i = 0; dispatch != NULL && i < G_N_ELEMENTS(calls); i++) {
		make_call(trial, dispatch, &calls[i]);
		judge(trial, &calls[i]);
	}
}

static void
judge_argument(struct trial *trial, const struct call *call)
{
	const bool speaks_of_one =
	    call->hr == DISP_E_TYPEMISMATCH || call->hr == DISP_E_PARAMNOTFOUND;

	if (speaks_of_one && call->wrong >= call->count)
		trial_fail(trial,
		    "%s gives %s, and for the argument that is meant %u; arguments are counted "
		    "from the last one, 0",
		    call->what, tessera_hresult_name(call->hr), call->wrong);
	else if (!speaks_of_one && call->wrong != UNTOUCHED && call->wrong != 0)
		trial_fail(trial, "%s gives %s, which is about no argument, and number %u of one",
		    call->what, tessera_hresult_name(call->hr), call->wrong);
}

static void
run_argument(struct trial *trial)
{
	make_calls(trial, judge_argument);
}

typedef HRESULT (*fill_in)(EXCEPINFO *exception);

static void
judge_exception(struct trial *trial, const struct call *call)
{
	EXCEPINFO exception = call->exception;
	fill_in deferred;

	memcpy(&deferred, &exception.pfnDeferredFillIn, sizeof deferred);
	if (call->hr != DISP_E_EXCEPTION) {
		if (exception.bstrSource != NULL || exception.bstrDescription != NULL ||
		    exception.bstrHelpFile != NULL)
			trial_fail(trial,
			    "%s gives %s, not DISP_E_EXCEPTION, and texts that nobody frees",
			    call->what, tessera_hresult_name(call->hr));
		return;
	}
	if (deferred != NULL) {
		trial_step(trial, "pfnDeferredFillIn");
		(void)deferred(&exception);
	}
	if ((exception.wCode != 0) == (exception.scode != 0))
		trial_fail(trial,
		    "%s gives DISP_E_EXCEPTION with wCode %u and scode %#x; one of them, and only "
		    "one, says what happened",
		    call->what, exception.wCode, (unsigned)exception.scode);
}

static void
run_exception(struct trial *trial)
{
	make_calls(trial, judge_exception);
}

static void
run_missing_names(struct trial *trial)
{
	OLECHAR member[64] = { 0 }, missing[] = u"NobodyHasThisName";
	LPOLESTR names[] = { member, missing };
	DISPID id, ids[] = { 12345, 12345 };
	const OLECHAR *name;
	IDispatch *dispatch = check_member_get(trial, &name, &id);
	HRESULT hr;

	if (dispatch == NULL)
		return;
	for (size_t i = 0; name[i] != 0 && i + 1 < G_N_ELEMENTS(member); i++)
		member[i] = name[i];
	hr = dispatch->lpVtbl->GetIDsOfNames(dispatch, &IID_NULL, names, 2, 0, ids);
	if (hr != DISP_E_UNKNOWNNAME)
		trial_fail(trial,
		    "an unknown argument of a member gives %s, not DISP_E_UNKNOWNNAME",
		    tessera_hresult_name(hr));
	else if (ids[0] != id || ids[1] != DISPID_UNKNOWN)
		trial_fail(trial,
		    "a member and an argument that it does not have are numbers %d and %d, not %d "
		    "and -1",
		    ids[0], ids[1], id);
}

static void
put_text(struct trial *trial, IDispatch *dispatch, DISPID id)
{
	static DISPID put_name = DISPID_PROPERTYPUT;
	BSTR text = SysAllocString(u"7");
	VARIANT value = { 0 };
	DISPPARAMS parameters = { &value, &put_name, 1, 1 };
	HRESULT hr;

	V_VT(&value) = VT_BSTR;
	V_BSTR(&value) = text;
	trial_step(trial, "Invoke: putting a text");
	hr = dispatch->lpVtbl->Invoke(
	    dispatch, id, &IID_NULL, 0, DISPATCH_PROPERTYPUT, &parameters, NULL, NULL, NULL);
	if (V_VT(&value) != VT_BSTR || V_BSTR(&value) != text)
		trial_fail(trial, "putting a text (%s) changes the argument, which is the caller's",
		    tessera_hresult_name(hr));
	else if (check_watch_origin(text) != ALLOC_STRING)
		trial_fail(trial, "putting a text (%s) frees it; it is the caller's",
		    tessera_hresult_name(hr));
}

static void
run_ownership(struct trial *trial)
{
	IDispatch *dispatch;
	DISPID id;
	bool has_any = false;

	check_watch_begin(trial);
	dispatch = check_member_dispatch(trial);
	for (unsigned i = 0; dispatch != NULL && check_member_find(dispatch, &i, &id); i++) {
		has_any = true;
		put_text(trial, dispatch, id);
	}
	if (dispatch != NULL && !has_any)
		trial_skip(trial, "it has none of the members that the kit knows");
}

#define INVOKE "IDispatch::Invoke"

static const struct check checks[] = {
	{ "dispatch.missing-names", run_missing_names,
	    "of several names, those that are unknown get the number -1, and only those",
	    "IDispatch::GetIDsOfNames", CHECK_CLASS, 0 },
	{ "dispatch.argument", run_argument,
	    "a wrong argument is told by its place in rgvarg, and with TYPEMISMATCH and "
	    "PARAMNOTFOUND alone",
	    INVOKE, CHECK_CLASS, 0 },
	{ "dispatch.exception", run_exception,
	    "DISP_E_EXCEPTION, and nothing else, comes with a filled EXCEPINFO", INVOKE,
	    CHECK_CLASS, 0 },
	{ "dispatch.ownership", run_ownership, "arguments stay the caller's, as they are", INVOKE,
	    CHECK_CLASS, CHECK_WATCHES_MEMORY },
};
const struct check_group check_invoke = CHECK_GROUP_FOR(checks, &IID_IDispatch);
