/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strings that published methods give: whoever gets one frees it with the function that the
 * interface names, long after the object is gone.
 */
#include <oleauto.h>

#include "runtime/comreg/check_member.h"
#include "runtime/comreg/check_slots.h"
#include "runtime/comreg/check_trial.h"
#include "runtime/comreg/check_watch.h"

#define STRINGS_MAX 32u

typedef void (*slot)(void);

struct given {
	const char *interface, *method;
	const void *text;
	enum alloc_origin wanted;
};

struct strings {
	struct given given[STRINGS_MAX];
	unsigned count;
};

static void
add(struct strings *strings, const char *interface, const char *method, const void *text,
    enum alloc_origin wanted)
{
	if (text != NULL && strings->count < STRINGS_MAX)
		strings->given[strings->count++] =
		    (struct given){ interface, method, text, wanted };
}

static HRESULT
only_result(slot method, void *face, void **text)
{
	return ((HRESULT(*)(void *, void **))method)(face, text);
}

static HRESULT
one_item(slot method, void *face, void **text)
{
	ULONG fetched = 0;

	return ((HRESULT(*)(void *, ULONG, void **, ULONG *))method)(face, 1, text, &fetched);
}

static HRESULT
one_value(slot method, void *face, void **text)
{
	ULONG fetched = 0;
	VARIANT value = { 0 };
	HRESULT hr =
	    ((HRESULT(*)(void *, ULONG, VARIANT *, ULONG *))method)(face, 1, &value, &fetched);

	if (hr == S_OK && V_VT(&value) == VT_BSTR)
		*text = V_BSTR(&value);
	return hr;
}

static HRESULT
name_in_status(slot method, void *face, void **text)
{
	STATSTG status = { 0 };
	HRESULT hr =
	    ((HRESULT(*)(void *, STATSTG *, DWORD))method)(face, &status, STATFLAG_DEFAULT);

	if (SUCCEEDED(hr))
		*text = status.pwcsName;
	return hr;
}

static const struct {
	const char *interface, *method;
	HRESULT (*call)(slot method, void *face, void **text);
	unsigned slot;
	enum alloc_origin wanted;
} methods[] = {
	{ "IErrorInfo", "GetSource", only_result, 4, ALLOC_STRING },
	{ "IErrorInfo", "GetDescription", only_result, 5, ALLOC_STRING },
	{ "IErrorInfo", "GetHelpFile", only_result, 6, ALLOC_STRING },
	{ "IEnumString", "Next", one_item, 3, ALLOC_TASK },
	{ "IEnumVARIANT", "Next", one_value, 3, ALLOC_STRING },
	{ "IPersistFile", "GetCurFile", only_result, 8, ALLOC_TASK },
	{ "IStream", "Stat", name_in_status, 12, ALLOC_TASK },
};

static void
ask_methods(struct trial *trial, IUnknown *object, struct strings *strings)
{
	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
		IUnknown *face = check_slots_face(trial, object, methods[i].interface);
		const slot *table;
		void *text = NULL;

		if (face == NULL)
			continue;
		table = (const slot *)(const void *)face->lpVtbl;
		trial_step(trial, "%s::%s", methods[i].interface, methods[i].method);
		if (SUCCEEDED(methods[i].call(table[methods[i].slot], face, &text)))
			add(strings, methods[i].interface, methods[i].method, text,
			    methods[i].wanted);
		face->lpVtbl->Release(face);
	}
}

/* Without type information, the members that many have. */
static void
ask_members(struct trial *trial, IUnknown *object, struct strings *strings)
{
	IDispatch *dispatch = (void *)check_slots_face(trial, object, "IDispatch");
	DISPPARAMS none = { 0 };
	DISPID id;

	for (unsigned i = 0; dispatch != NULL && check_member_find(dispatch, &i, &id); i++) {
		VARIANT value = { 0 };

		trial_step(trial, "IDispatch::Invoke, reading a member");
		if (SUCCEEDED(dispatch->lpVtbl->Invoke(dispatch, id, &IID_NULL, 0,
			DISPATCH_PROPERTYGET, &none, &value, NULL, NULL)) &&
		    V_VT(&value) == VT_BSTR)
			add(strings, "IDispatch", "Invoke", V_BSTR(&value), ALLOC_STRING);
	}
	if (dispatch != NULL)
		dispatch->lpVtbl->Release(dispatch);
}

static const char *
origin_name(enum alloc_origin origin)
{
	switch (origin) {
	case ALLOC_MALLOC:
		return "of malloc";
	case ALLOC_TASK:
		return "of CoTaskMemAlloc";
	case ALLOC_STRING:
		return "of SysAllocString";
	case ALLOC_GONE:
		return "that was freed";
	case ALLOC_UNKNOWN:
	default:
		return "that is no allocated memory";
	}
}

static void
run_strings(struct trial *trial)
{
	struct strings strings = { 0 };
	IUnknown *object;

	check_watch_begin(trial);
	object = trial_object(trial);
	if (object == NULL)
		return;
	ask_methods(trial, object, &strings);
	ask_members(trial, object, &strings);
	if (strings.count == 0)
		trial_skip(trial, "no published method gave a string");
	for (unsigned i = 0; i < strings.count; i++) {
		const struct given *given = &strings.given[i];
		enum alloc_origin origin = check_watch_origin(given->text);

		if (origin != given->wanted)
			trial_fail(trial, "%s::%s gives a string %s; it must be one %s",
			    given->interface, given->method, origin_name(origin),
			    origin_name(given->wanted));
	}
	trial_step(trial, "the last Release");
	object->lpVtbl->Release(object);
	for (unsigned i = 0; i < strings.count && !trial->has_failed; i++)
		if (check_watch_origin(strings.given[i].text) != strings.given[i].wanted)
			trial_fail(trial,
			    "the string that %s::%s gave is freed by the object as well",
			    strings.given[i].interface, strings.given[i].method);
}

static const struct check checks[] = {
	{ "memory.strings", run_strings,
	    "a string that a published method gives is the caller's, and of the allocator that "
	    "frees it",
	    "Managing Memory Allocation", CHECK_CLASS, CHECK_WATCHES_MEMORY },
};
const struct check_group check_strings = CHECK_GROUP(checks);
