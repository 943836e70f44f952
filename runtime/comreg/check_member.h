/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Members of an object that is called by name. Without type information the kit does not know them,
 * so it tries names that many have: Value, Name, Count, Label, Version.
 */
#ifndef TESSERA_RUNTIME_COMREG_CHECK_MEMBER_H
#define TESSERA_RUNTIME_COMREG_CHECK_MEMBER_H

#include <oleauto.h>

#include "runtime/comreg/check_trial.h"

/* GetIDsOfNames for one name. */
HRESULT check_member_id(IDispatch *dispatch, REFIID riid, const OLECHAR *name, DISPID *ret_id);

/* The next of those names, from *number on, that the object has. */
bool check_member_find(IDispatch *dispatch, unsigned *number, DISPID *ret_id);

/* An IDispatch that knows names; NULL after trial_skip. */
IDispatch *check_member_dispatch(struct trial *trial);

/* A member that can be read; NULL after trial_skip. */
IDispatch *check_member_get(struct trial *trial, const OLECHAR **ret_name, DISPID *ret_id);

#endif
