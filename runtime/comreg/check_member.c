/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/check_member.h"

#include <objbase.h>

static const OLECHAR *const guesses[] = { u"Value", u"Name", u"Count", u"Label", u"Version" };

HRESULT
check_member_id(IDispatch *dispatch, REFIID riid, const OLECHAR *name, DISPID *ret_id)
{
	OLECHAR copy[64];
	LPOLESTR names[] = { copy };
	size_t i = 0;

	while (name[i] != 0 && i + 1 < G_N_ELEMENTS(copy)) {
		copy[i] = name[i];
		i++;
	}
	copy[i] = 0;
	*ret_id = 12345;
	return dispatch->lpVtbl->GetIDsOfNames(dispatch, riid, names, 1, 0, ret_id);
}

bool
check_member_find(IDispatch *dispatch, unsigned *number, DISPID *ret_id)
{
	while (*number < G_N_ELEMENTS(guesses)) {
		if (SUCCEEDED(check_member_id(dispatch, &IID_NULL, guesses[*number], ret_id)))
			return true;
		++*number;
	}
	return false;
}

IDispatch *
check_member_dispatch(struct trial *trial)
{
	IDispatch *dispatch = trial_interface(trial, &IID_IDispatch);
	DISPID id;

	if (dispatch != NULL &&
	    check_member_id(dispatch, &IID_NULL, guesses[0], &id) == E_NOTIMPL) {
		trial_skip(trial, "GetIDsOfNames is not implemented");
		return NULL;
	}
	return dispatch;
}

IDispatch *
check_member_get(struct trial *trial, const OLECHAR **ret_name, DISPID *ret_id)
{
	IDispatch *dispatch = check_member_dispatch(trial);

	if (dispatch == NULL)
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(guesses); i++)
		if (SUCCEEDED(check_member_id(dispatch, &IID_NULL, guesses[i], ret_id))) {
			*ret_name = guesses[i];
			return dispatch;
		}
	trial_skip(trial, "it has none of the members Value, Name, Count, Label, Version");
	return NULL;
}
