/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects that are enumerators: IEnumX of any kind. */
#include <string.h>

#include <oleauto.h>

#include "runtime/comreg/check_known.h"
#include "runtime/comreg/check_slots.h"
#include "runtime/comreg/check_trial.h"

#define ITEMS_MAX 64u
#define ITEM_BYTES_MAX 512u
#define UNTOUCHED 0xA5

struct enumeration {
	struct slots_enumerator *object;
	const struct slots_enumerator_table *table;
	const struct check_known *kind;
	ULONG length; /* items there are, up to ITEMS_MAX */
	unsigned char items[ITEMS_MAX * ITEM_BYTES_MAX];
};

static void
clear_item(const struct enumeration *it, ULONG index)
{
	void *item = (void *)(uintptr_t)&it->items[index * it->kind->item], *pointer;

	memcpy(&pointer, item, sizeof pointer);
	switch (it->kind->ownership) {
	case CHECK_OWNS_INTERFACE:
		((IUnknown *)pointer)->lpVtbl->Release(pointer);
		break;
	case CHECK_OWNS_TASK_MEMORY:
		CoTaskMemFree(pointer);
		break;
	case CHECK_OWNS_VARIANT: {
		VARTYPE vt;
		BSTR text;

		memcpy(&vt, item, sizeof vt);
		memcpy(&text, (const char *)item + 8, sizeof text);
		if (vt == VT_BSTR)
			SysFreeString(text);
		break;
	}
	default:
		break;
	}
}

/* Fills the places with a mark, takes up to n items, and gives back what the caller owns. */
static HRESULT
next(struct enumeration *it, ULONG n, ULONG *ret_fetched)
{
	HRESULT hr;

	memset(it->items, UNTOUCHED, sizeof it->items);
	*ret_fetched = 12345;
	hr = it->table->next(it->object, n, it->items, ret_fetched);
	if (SUCCEEDED(hr) && *ret_fetched <= n)
		for (ULONG i = 0; i < *ret_fetched; i++)
			clear_item(it, i);
	return hr;
}

/* False after trial_skip. */
static bool
begin(struct trial *trial, struct enumeration *it)
{
	const struct check_known *known;
	ULONG fetched;

	*it = (struct enumeration){ 0 };
	for (size_t i = 0; it->kind == NULL && (known = check_known_at(i)) != NULL; i++)
		if (known->item != 0 && trial_is_answered(trial, &known->iid))
			it->kind = known;
	if (it->kind == NULL) {
		trial_skip(trial, "the class is no published enumerator");
		return false;
	}
	it->object = trial_interface(trial, &it->kind->iid);
	if (it->object == NULL)
		return false;
	it->table = it->object->table;
	(void)it->table->reset(it->object);
	if (SUCCEEDED(next(it, ITEMS_MAX, &fetched)) && fetched <= ITEMS_MAX)
		it->length = fetched;
	(void)it->table->reset(it->object);
	return true;
}

/* The same, when there must be something in it. */
static bool
begin_filled(struct trial *trial, struct enumeration *it)
{
	if (!begin(trial, it))
		return false;
	if (it->length > 0 && it->length < ITEMS_MAX)
		return true;
	trial_skip(trial, "the enumerator is empty, or very long");
	return false;
}

static void
run_next(struct trial *trial)
{
	struct enumeration it;
	ULONG fetched;
	HRESULT hr;

	if (!begin(trial, &it))
		return;
	hr = next(&it, 0, &fetched);
	if (hr != S_OK || fetched != 0)
		trial_fail(
		    trial, "Next(0) gives %s and %u items", tessera_hresult_name(hr), fetched);
	if (it.length == ITEMS_MAX)
		return;
	hr = next(&it, it.length + 1, &fetched);
	if (hr != S_FALSE || fetched != it.length)
		trial_fail(trial, "Next(%u) of %u items gives %s and %u", it.length + 1, it.length,
		    tessera_hresult_name(hr), fetched);
	if (it.items[it.length * it.kind->item] != UNTOUCHED)
		trial_fail(trial, "Next writes beyond the items it gives");
	hr = next(&it, 1, &fetched);
	if (hr != S_FALSE || fetched != 0)
		trial_fail(trial, "Next(1) at the end gives %s and %u items",
		    tessera_hresult_name(hr), fetched);
}

static void
run_null_fetched(struct trial *trial)
{
	struct enumeration it;
	HRESULT hr;

	if (!begin_filled(trial, &it))
		return;
	trial_step(trial, "Next(1) without place for the count");
	hr = it.table->next(it.object, 1, it.items, NULL);
	if (hr != S_OK)
		trial_fail(trial, "Next(1) without place for the count gives %s; it may be NULL",
		    tessera_hresult_name(hr));
	else
		clear_item(&it, 0);
	(void)it.table->reset(it.object);
	trial_step(trial, "Next(2) without place for the count");
	hr = it.table->next(it.object, 2, it.items, NULL);
	if (!trial_refuses_null(hr))
		trial_fail(trial,
		    "Next(2) without place for the count gives %s, not E_POINTER or "
		    "E_INVALIDARG",
		    tessera_hresult_name(hr));
}

static void
run_skip(struct trial *trial)
{
	struct enumeration it;
	HRESULT hr;

	if (!begin_filled(trial, &it))
		return;
	hr = it.table->skip(it.object, it.length);
	if (hr != S_OK)
		trial_fail(trial, "Skip(%u) of %u items gives %s", it.length, it.length,
		    tessera_hresult_name(hr));
	hr = it.table->skip(it.object, 1);
	if (hr != S_FALSE)
		trial_fail(
		    trial, "Skip past the end gives %s, not S_FALSE", tessera_hresult_name(hr));
}

static void
run_reset(struct trial *trial)
{
	struct enumeration it;
	ULONG fetched;
	HRESULT hr;

	if (!begin_filled(trial, &it))
		return;
	(void)next(&it, it.length, &fetched);
	hr = it.table->reset(it.object);
	if (FAILED(hr))
		trial_fail(trial, "Reset gives %s", tessera_hresult_name(hr));
	hr = next(&it, it.length, &fetched);
	if (hr != S_OK || fetched != it.length)
		trial_fail(trial, "after Reset Next(%u) gives %s and %u items", it.length,
		    tessera_hresult_name(hr), fetched);
}

static void
run_clone(struct trial *trial)
{
	struct enumeration it, copy;
	void *clone = NULL;
	ULONG fetched;
	HRESULT hr;

	if (!begin_filled(trial, &it))
		return;
	(void)next(&it, 1, &fetched);
	hr = it.table->clone(it.object, &clone);
	if (FAILED(hr) || clone == NULL) {
		if (hr == E_NOTIMPL)
			trial_skip(trial, "Clone is not implemented");
		else
			trial_fail(trial, "Clone gives %s", tessera_hresult_name(hr));
		return;
	}
	copy = it;
	copy.object = clone;
	copy.table = copy.object->table;
	/* The original goes on to its end; the clone must still stand after the first item. */
	(void)next(&it, ITEMS_MAX, &fetched);
	(void)next(&copy, ITEMS_MAX, &fetched);
	if (fetched != it.length - 1)
		trial_fail(trial,
		    "a clone made after 1 of %u items gives %u when the original is "
		    "at its end",
		    it.length, fetched);
	copy.table->unknown.Release(clone);
}

#define SOURCE "IEnumXXXX"

static const struct check checks[] = {
	{ "enumerator.next", run_next,
	    "Next gives S_OK for all that was asked for, S_FALSE and the count for fewer", SOURCE,
	    CHECK_CLASS, 0 },
	{ "enumerator.null-fetched", run_null_fetched,
	    "the place for the count may be NULL for one item, and only then", SOURCE, CHECK_CLASS,
	    0 },
	{ "enumerator.skip", run_skip, "Skip gives S_FALSE past the end", SOURCE, CHECK_CLASS, 0 },
	{ "enumerator.reset", run_reset, "Reset goes back to the start", SOURCE, CHECK_CLASS, 0 },
	{ "enumerator.clone", run_clone, "a clone has a place of its own", SOURCE, CHECK_CLASS, 0 },
};
const struct check_group check_enumerator = CHECK_GROUP(checks);
