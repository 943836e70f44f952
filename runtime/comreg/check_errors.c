/* SPDX-License-Identifier: BSD-2-Clause */
/* Error objects: claimed for the right interfaces, and none after success. */
#include <oleauto.h>

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

static const struct check checks[] = {
	{ "errors.claims", run_claims,
	    "InterfaceSupportsErrorInfo gives S_OK or S_FALSE, and S_FALSE for foreign IIDs",
	    "ISupportErrorInfo", CHECK_CLASS, 0 },
	{ "errors.success", run_success, "what succeeds leaves no error object on the thread",
	    "SetErrorInfo", CHECK_CLASS, 0 },
};
const struct check_group check_errors = CHECK_GROUP(checks);
