/* SPDX-License-Identifier: BSD-2-Clause */
/* Who frees what, what is left when memory runs out, and parameters that are no place. */
#include "runtime/comreg/check_known.h"
#include "runtime/comreg/check_slots.h"
#include "runtime/comreg/check_trial.h"
#include "runtime/comreg/check_watch.h"

#define FAILURES_MAX 200u /* allocations of one activation that are made to fail */

static void
use_all(struct trial *trial, IUnknown *object)
{
	for (guint i = 0; i < trial->answered->len; i++) {
		IUnknown *face = NULL;

		(void)object->lpVtbl->QueryInterface(
		    object, &g_array_index(trial->answered, IID, i), (void **)&face);
		if (face != NULL)
			face->lpVtbl->Release(face);
	}
}

static void
run_end(struct trial *trial)
{
	IUnknown *object;
	ULONG start, left;

	check_watch_begin(trial);
	object = trial_object(trial);
	if (object == NULL)
		return;
	use_all(trial, object);
	start = trial_count(object);
	trial_step(trial, "the last Release, with freed memory overwritten");
	left = object->lpVtbl->Release(object);
	if (start == 1 && left != 0)
		trial_fail(trial, "the last Release gives %#x%s", left,
		    left == 0xDBDBDBDBu ? ": it reads the object after freeing it" : "");
}

static void
run_allocators(struct trial *trial)
{
	IUnknown *object;
	const char *finding;

	check_watch_begin(trial);
	object = trial_object(trial);
	if (object == NULL)
		return;
	use_all(trial, object);
	check_slots_use(trial, object, NULL);
	object->lpVtbl->Release(object);
	finding = check_watch_finding();
	if (finding != NULL)
		trial_fail(trial, "%s", finding);
}

static HRESULT
create_and_use(struct trial *trial, IUnknown **ret_object)
{
	IUnknown *object = NULL;
	HRESULT hr = trial_create(trial, NULL, &IID_IUnknown, (void **)&object);

	*ret_object = object;
	if (FAILED(hr))
		return hr;
	use_all(trial, object);
	object->lpVtbl->Release(object);
	return hr;
}

/* The codes that say so; some areas have one of their own. */
static bool
says_no_memory(HRESULT hr)
{
	const uint32_t code = (uint32_t)hr;

	return hr == E_OUTOFMEMORY || hr == STG_E_INSUFFICIENTMEMORY ||
	    code == 0x80070008 /* ERROR_NOT_ENOUGH_MEMORY */ ||
	    code == 0x80100006 /* SCARD_E_NO_MEMORY */;
}

static void
run_exhaustion(struct trial *trial)
{
	unsigned made, number = 1;

	check_watch_begin(trial);
	do {
		IUnknown *object;
		HRESULT hr;

		trial_step(trial, "activation with allocation %u failing", number);
		SetErrorInfo(0, NULL);
		(void)check_watch_fail(number);
		hr = create_and_use(trial, &object);
		made = check_watch_fail(0);
		SetErrorInfo(0, NULL);
		if (FAILED(hr) && made < number) {
			trial_skip(trial, "no object (%s), see unknown.declared",
			    tessera_hresult_name(hr));
			return;
		}
		if (FAILED(hr) && !says_no_memory(hr))
			trial_fail(trial,
			    "when allocation %u fails, so does creation, but with "
			    "%s, not E_OUTOFMEMORY",
			    number, tessera_hresult_name(hr));
		if (FAILED(hr) && object != NULL && object != CHECK_POISON)
			trial_fail(
			    trial, "when allocation %u fails, the result is not cleared", number);
		if (trial_can_unload(trial) == S_FALSE)
			trial_fail(trial,
			    "when allocation %u fails, something is left: "
			    "DllCanUnloadNow gives S_FALSE",
			    number);
	} while (!trial->has_failed && made >= number && ++number <= FAILURES_MAX);
	trial_note(trial, "activation makes %u allocations", number - 1);
}

static void
run_null_arguments(struct trial *trial)
{
	IUnknown *object = trial_object(trial);

	if (object != NULL && !check_slots_null(trial, object))
		trial_skip(trial, "no published interface with results that may be asked for");
}

static void
run_cleared(struct trial *trial)
{
	IUnknown *object = trial_object(trial);

	if (object != NULL && !check_slots_cleared(trial, object))
		trial_skip(trial, "no published interface whose failure can be brought about");
}

#define MEMORY "Managing Memory Allocation"

static const struct check checks[] = {
	{ "memory.end", run_end, "an object that has ended is not read again", "IUnknown::Release",
	    CHECK_CLASS, CHECK_WATCHES_MEMORY },
	{ "memory.allocators", run_allocators,
	    "memory goes back to the allocator that gave it, once", MEMORY, CHECK_CLASS,
	    CHECK_WATCHES_MEMORY },
	{ "memory.exhaustion", run_exhaustion,
	    "without memory, activation gives E_OUTOFMEMORY, leaves nothing and does not crash",
	    "IClassFactory::CreateInstance", CHECK_CLASS, CHECK_WATCHES_MEMORY },
	{ "memory.null-arguments", run_null_arguments,
	    "a published method without place for its result gives E_POINTER or E_INVALIDARG",
	    MEMORY, CHECK_CLASS, 0 },
	{ "memory.cleared", run_cleared,
	    "a published method that fails clears the pointers it would give", MEMORY, CHECK_CLASS,
	    0 },
};
const struct check_group check_memory = CHECK_GROUP(checks);
