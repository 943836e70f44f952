/* SPDX-License-Identifier: BSD-2-Clause */
/* Error objects: claimed for the right interfaces, of the call that failed, none after success. */
#include <string.h>

#include <oleauto.h>
#include <tessera_class.h>

#include "runtime/comreg/check_known.h"
#include "runtime/comreg/check_slots.h"
#include "runtime/comreg/check_trial.h"

static void
run_claims(struct trial *trial)
{
	ISupportErrorInfo *support = trial_interface(trial, &IID_ISupportErrorInfo);
	IID random = trial_random_iid();
	HRESULT hr;

	if (support == NULL)
		return;
	hr = support->lpVtbl->InterfaceSupportsErrorInfo(support, &random);
	if (hr != S_FALSE)
		trial_fail(trial,
		    "for a foreign IID InterfaceSupportsErrorInfo gives %s, not "
		    "S_FALSE",
		    tessera_hresult_name(hr));
	for (guint i = 0; i < trial->answered->len; i++) {
		const IID *iid = &g_array_index(trial->answered, IID, i);

		hr = support->lpVtbl->InterfaceSupportsErrorInfo(support, iid);
		if (hr != S_OK && hr != S_FALSE)
			trial_fail(trial, "for %s InterfaceSupportsErrorInfo gives %s",
			    trial_iid_name(trial, iid), tessera_hresult_name(hr));
	}
}

static void
expect_none(struct trial *trial, const char *after_what)
{
	char *text = tessera_error_text();

	if (text != NULL)
		trial_fail(
		    trial, "%s, which succeeded, left an error object: %s", after_what, text);
	CoTaskMemFree(text);
}

static void
run_success(struct trial *trial)
{
	IUnknown *object;

	SetErrorInfo(0, NULL);
	object = trial_object(trial);
	if (object == NULL)
		return;
	expect_none(trial, "creation");
	for (guint i = 0; i < trial->answered->len; i++) {
		const IID *iid = &g_array_index(trial->answered, IID, i);

		if (trial_face(trial, object, iid) != NULL)
			expect_none(trial, "QueryInterface");
	}
}

static void
expect_none_after(
    struct trial *trial, IUnknown *object, const char *interface, const char *method, HRESULT hr)
{
	g_autofree char *what = g_strdup_printf("%s::%s", interface, method);

	(void)object;
	if (SUCCEEDED(hr))
		expect_none(trial, what);
	SetErrorInfo(0, NULL);
}

static void
run_methods(struct trial *trial)
{
	IUnknown *object = trial_object(trial);

	SetErrorInfo(0, NULL);
	if (object != NULL)
		check_slots_use(trial, object, expect_none_after);
}

/* Of an earlier call, so to speak. */
#define STALE "comreg check: the error object of an earlier call"

static void
leave_stale(void)
{
	(void)tessera_error(E_FAIL, NULL, NULL, STALE);
}

static bool
claims(struct trial *trial, IUnknown *object, const char *interface)
{
	ISupportErrorInfo *support = NULL;
	const struct check_known *known = check_known_called(interface);
	HRESULT hr = S_FALSE;

	if (!trial_is_answered(trial, &IID_ISupportErrorInfo) ||
	    FAILED(
		object->lpVtbl->QueryInterface(object, &IID_ISupportErrorInfo, (void **)&support)))
		return false;
	hr = support->lpVtbl->InterfaceSupportsErrorInfo(support, &known->iid);
	support->lpVtbl->Release(support);
	return hr == S_OK;
}

static void
expect_own(
    struct trial *trial, IUnknown *object, const char *interface, const char *method, HRESULT hr)
{
	char *text = tessera_error_text();
	const bool stale = text != NULL && strstr(text, STALE) != NULL;
	bool claimed;

	SetErrorInfo(0, NULL);
	claimed = claims(trial, object, interface);
	if (claimed && stale)
		trial_fail(trial,
		    "%s::%s fails with %s, and leaves the error object of an earlier call, though "
		    "error objects are claimed for %s",
		    interface, method, tessera_hresult_name(hr), interface);
	else if (claimed && text == NULL)
		trial_note(trial, "%s::%s fails with %s and says nothing, though it may", interface,
		    method, tessera_hresult_name(hr));
	else if (!claimed && text != NULL && !stale)
		trial_fail(trial,
		    "%s::%s fails and leaves an error object, though none are claimed for %s: %s",
		    interface, method, interface, text);
	CoTaskMemFree(text);
}

static void
run_failures(struct trial *trial)
{
	IUnknown *object = trial_object(trial);

	if (object != NULL)
		check_slots_fail(trial, object, leave_stale, expect_own);
	SetErrorInfo(0, NULL);
}

static const struct check checks[] = {
	{ "errors.claims", run_claims,
	    "InterfaceSupportsErrorInfo gives S_OK or S_FALSE, and S_FALSE for foreign IIDs",
	    "ISupportErrorInfo", CHECK_CLASS, 0 },
	{ "errors.failures", run_failures,
	    "a failure leaves an error object of its own or none where they are claimed, and else "
	    "does not touch it",
	    "ISupportErrorInfo", CHECK_CLASS, 0 },
	{ "errors.methods", run_methods, "a published method that succeeds leaves no error object",
	    "SetErrorInfo", CHECK_CLASS, 0 },
	{ "errors.success", run_success, "what succeeds leaves no error object on the thread",
	    "SetErrorInfo", CHECK_CLASS, 0 },
};
const struct check_group check_errors = CHECK_GROUP(checks);
