/* SPDX-License-Identifier: BSD-2-Clause */
/* QueryInterface, AddRef and Release of an object. */
#include <string.h>

#include "runtime/comreg/check_known.h"
#include "runtime/comreg/check_process.h"
#include "runtime/comreg/check_trial.h"

#define IDENTITY_QUERIES 1000u
#define STABILITY_QUERIES 3000u
#define BALANCE_REFERENCES 1000u

static void
run_declared(struct trial *trial)
{
	IUnknown *object = CHECK_POISON;
	IClassFactory *factory = trial_factory(trial);
	HRESULT hr;

	if (factory == NULL)
		return;
	hr = factory->lpVtbl->CreateInstance(factory, NULL, &IID_IUnknown, (void **)&object);
	if (FAILED(hr) || object == NULL) {
		trial_fail(trial, "CreateInstance gives %s and %s", tessera_hresult_name(hr),
		    object == NULL ? "no object" : "an object");
		return;
	}
	if (trial->class == NULL)
		trial_note(trial, "no manifest says which interfaces it has");
	for (guint i = 0; trial->class != NULL && i < trial->class->interfaces->len; i++) {
		const IID *iid = &g_array_index(trial->class->interfaces, IID, i);
		IUnknown *face = NULL;
		HRESULT answer = object->lpVtbl->QueryInterface(object, iid, (void **)&face);

		if (FAILED(answer) || face == NULL)
			trial_fail(trial, "the manifest promises %s, the object gives %s",
			    trial_iid_name(trial, iid), tessera_hresult_name(answer));
		else
			face->lpVtbl->Release(face);
	}
}

/* The first check of a class: the others learn from it what the object answers. */
static void
run_answers(struct trial *trial)
{
	IUnknown *object = trial_object(trial);

	for (guint i = 0; object != NULL && i < trial->target->iids->len; i++) {
		const IID *iid = &g_array_index(trial->target->iids, IID, i);
		IUnknown *face = NULL;

		trial_step(trial, "asking for %s", trial_iid_name(trial, iid));
		if (FAILED(object->lpVtbl->QueryInterface(object, iid, (void **)&face)))
			continue;
		if (face == NULL) {
			trial_fail(trial, "asked for %s it succeeds and gives nothing",
			    trial_iid_name(trial, iid));
			continue;
		}
		trial_answers(trial, iid);
		face->lpVtbl->Release(face);
	}
}

static void
run_identity(struct trial *trial)
{
	IUnknown *object = trial_object(trial), *first = NULL;

	if (object == NULL)
		return;
	(void)object->lpVtbl->QueryInterface(object, &IID_IUnknown, (void **)&first);
	if (first == NULL) {
		trial_fail(trial, "the object does not answer IUnknown");
		return;
	}
	for (guint i = 0; i < trial->answered->len; i++) {
		const IID *iid = &g_array_index(trial->answered, IID, i);
		IUnknown *face = trial_face(trial, object, iid), *unknown;

		for (unsigned n = 0; face != NULL && n < IDENTITY_QUERIES; n++) {
			unknown = NULL;
			(void)face->lpVtbl->QueryInterface(face, &IID_IUnknown, (void **)&unknown);
			if (unknown != first) {
				trial_fail(trial, "%s, asked for IUnknown, gives %s",
				    trial_iid_name(trial, iid),
				    unknown == NULL ? "nothing" : "another address");
				return;
			}
			unknown->lpVtbl->Release(unknown);
		}
		if (face != NULL)
			face->lpVtbl->Release(face);
	}
}

/* From every interface to every other, again after they were used. */
static void
run_matrix(struct trial *trial)
{
	IUnknown *object = trial_object(trial);

	for (guint n = 0; object != NULL && n < 2 * trial->answered->len; n++) {
		const IID *from = &g_array_index(trial->answered, IID, n % trial->answered->len);
		IUnknown *face = trial_face(trial, object, from);

		for (guint i = 0; face != NULL && i < trial->answered->len; i++) {
			const IID *to = &g_array_index(trial->answered, IID, i);
			IUnknown *other = NULL;
			HRESULT hr = face->lpVtbl->QueryInterface(face, to, (void **)&other);

			if (FAILED(hr) || other == NULL) {
				trial_fail(trial,
				    "%s, asked for %s, gives %s; other interfaces "
				    "of the object have it",
				    trial_iid_name(trial, from), trial_iid_name(trial, to),
				    tessera_hresult_name(hr));
				return;
			}
			other->lpVtbl->Release(other);
		}
		if (face != NULL)
			face->lpVtbl->Release(face);
	}
}

static void
run_stability(struct trial *trial)
{
	IUnknown *object = trial_object(trial);
	IID random = trial_random_iid();

	for (guint i = 0; object != NULL && i < trial->answered->len; i++) {
		const IID *iid = &g_array_index(trial->answered, IID, i);
		void *none = NULL;

		for (unsigned n = 0; n < STABILITY_QUERIES; n++) {
			IUnknown *face = NULL;
			HRESULT hr = object->lpVtbl->QueryInterface(object, iid, (void **)&face);

			if (FAILED(hr) || face == NULL) {
				trial_fail(trial, "%s is answered %u times, then refused with %s",
				    trial_iid_name(trial, iid), n, tessera_hresult_name(hr));
				return;
			}
			face->lpVtbl->Release(face);
		}
		if (SUCCEEDED(object->lpVtbl->QueryInterface(object, &random, &none))) {
			trial_fail(trial, "a foreign IID is answered");
			return;
		}
	}
}

static void
run_failed_query(struct trial *trial)
{
	IUnknown *object = trial_object(trial);

	for (guint i = 0; object != NULL && i < trial->answered->len; i++) {
		const IID *from = &g_array_index(trial->answered, IID, i);
		IUnknown *face = trial_face(trial, object, from);
		IID random = trial_random_iid();
		void *none = CHECK_POISON;
		HRESULT hr;

		if (face == NULL)
			return;
		hr = face->lpVtbl->QueryInterface(face, &random, &none);
		if (hr != E_NOINTERFACE)
			trial_fail(trial,
			    "%s, asked for a foreign IID, gives %s, not "
			    "E_NOINTERFACE",
			    trial_iid_name(trial, from), tessera_hresult_name(hr));
		if (none != NULL)
			trial_fail(trial,
			    "%s, asked for a foreign IID, leaves the result "
			    "uncleared",
			    trial_iid_name(trial, from));
	}
}

static void
run_failed_count(struct trial *trial)
{
	IUnknown *object = trial_object(trial);
	IID random = trial_random_iid();
	ULONG before, after;
	void *none;

	if (object == NULL)
		return;
	before = trial_count(object);
	for (unsigned i = 0; i < 10; i++)
		(void)object->lpVtbl->QueryInterface(object, &random, &none);
	after = trial_count(object);
	if (before != after)
		trial_fail(
		    trial, "ten failed queries change the count from %u to %u", before, after);
}

static void
run_null_out(struct trial *trial)
{
	IUnknown *object = trial_object(trial);

	for (guint i = 0; object != NULL && i < trial->answered->len; i++) {
		const IID *iid = &g_array_index(trial->answered, IID, i);
		IUnknown *face = trial_face(trial, object, iid);
		HRESULT hr;

		if (face == NULL)
			return;
		trial_step(trial, "QueryInterface of %s without place for the result",
		    trial_iid_name(trial, iid));
		hr = face->lpVtbl->QueryInterface(face, &IID_IUnknown, NULL);
		if (!trial_refuses_null(hr))
			trial_fail(trial,
			    "%s, without place for the result, gives %s, not "
			    "E_POINTER",
			    trial_iid_name(trial, iid), tessera_hresult_name(hr));
	}
}

static void
run_balance(struct trial *trial)
{
	IUnknown *object = trial_object(trial);

	for (guint i = 0; object != NULL && i < trial->answered->len; i++) {
		const IID *iid = &g_array_index(trial->answered, IID, i);
		IUnknown *face = trial_face(trial, object, iid);
		ULONG before;

		if (face == NULL)
			return;
		before = trial_count(face);
		for (unsigned n = 0; n < BALANCE_REFERENCES; n++)
			face->lpVtbl->AddRef(face);
		trial_step(trial, "giving back %u references to %s", BALANCE_REFERENCES,
		    trial_iid_name(trial, iid));
		for (unsigned n = 0; n < BALANCE_REFERENCES; n++)
			if (face->lpVtbl->Release(face) == 0 && before > 1) {
				trial_fail(trial,
				    "%s: %u references taken, Release says 0 after "
				    "%u",
				    trial_iid_name(trial, iid), BALANCE_REFERENCES, n + 1);
				return;
			}
		if (trial_count(face) != before)
			trial_fail(trial,
			    "%s: as many references taken as given change the "
			    "count from %u to %u",
			    trial_iid_name(trial, iid), before, trial_count(face));
		face->lpVtbl->Release(face);
	}
}

static void
run_table(struct trial *trial)
{
	IUnknown *object = trial_object(trial);
	const char *module = trial->target->module;

	for (guint i = 0; object != NULL && i < trial->answered->len; i++) {
		const IID *iid = &g_array_index(trial->answered, IID, i);
		const struct check_known *known = check_known_find(iid);
		const unsigned slots = known != NULL ? known->slots : 3;
		IUnknown *face = trial_face(trial, object, iid);

		for (unsigned slot = 0; face != NULL && slot < slots; slot++) {
			enum check_code code;
			uintptr_t address;

			trial_step(
			    trial, "reading slot %u of %s", slot, trial_iid_name(trial, iid));
			memcpy(&address, (const char *)face->lpVtbl + slot * sizeof address,
			    sizeof address);
			code = check_process_code_at(address, module);
			if (code == CHECK_NO_CODE)
				trial_fail(trial, "slot %u of %s, of %u, does not point to code",
				    slot, trial_iid_name(trial, iid), slots);
			else if (code == CHECK_OTHER_CODE)
				trial_note(trial, "slot %u of %s points into another library", slot,
				    trial_iid_name(trial, iid));
		}
		if (face != NULL)
			face->lpVtbl->Release(face);
	}
}

#define RULES "Rules for Implementing QueryInterface"
#define COUNTING "Rules for Managing Reference Counts"

static const struct check checks[] = {
	{ "unknown.declared", run_declared,
	    "a new object answers IUnknown and all that the manifest promises", RULES, CHECK_CLASS,
	    0 },
	{ CHECK_DISCOVER, run_answers, "whatever it is asked for, an object answers yes or no",
	    RULES, CHECK_CLASS, 0 },
	{ "unknown.identity", run_identity,
	    "every interface, asked for IUnknown, always gives one address", RULES, CHECK_CLASS,
	    0 },
	{ "unknown.matrix", run_matrix,
	    "what one interface answers all answer: reflexive, symmetric, transitive", RULES,
	    CHECK_CLASS, 0 },
	{ "unknown.stability", run_stability, "what is answered once is answered always", RULES,
	    CHECK_CLASS, 0 },
	{ "unknown.failed-query", run_failed_query,
	    "a foreign IID gives E_NOINTERFACE and clears the result", "IUnknown::QueryInterface",
	    CHECK_CLASS, 0 },
	{ "unknown.failed-count", run_failed_count, "a query that fails takes no reference",
	    "IUnknown::QueryInterface", CHECK_CLASS, 0 },
	{ "unknown.null-out", run_null_out, "without place for the result: E_POINTER",
	    "IUnknown::QueryInterface", CHECK_CLASS, 0 },
	{ "unknown.balance", run_balance,
	    "as many references taken as given leave the object as it was", COUNTING, CHECK_CLASS,
	    0 },
	{ "unknown.table", run_table, "the slots of every interface point to code",
	    "the binary interface", CHECK_CLASS, 0 },
};
const struct check_group check_unknown = CHECK_GROUP(checks);
