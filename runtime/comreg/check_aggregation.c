/* SPDX-License-Identifier: BSD-2-Clause */
/* An object inside another, for classes that allow it. */
#include "runtime/comreg/check_outer.h"
#include "runtime/comreg/check_trial.h"

/* False after trial_skip. */
static bool
aggregate(struct trial *trial, struct check_outer *outer)
{
	IClassFactory *factory = trial_factory(trial);
	void *inner = NULL;
	HRESULT hr;

	check_outer_init(outer);
	if (factory == NULL)
		return false;
	trial_step(trial, "creating the object inside another");
	hr = factory->lpVtbl->CreateInstance(factory, &outer->unknown, &IID_IUnknown, &inner);
	factory->lpVtbl->Release(factory);
	if (FAILED(hr) || inner == NULL) {
		trial_skip(trial, "the class cannot be aggregated");
		return false;
	}
	outer->inner = inner;
	return true;
}

/* An interface of the inner object through the outer one. */
static IUnknown *
inner_face(struct trial *trial, struct check_outer *outer, const IID *iid)
{
	return IsEqualIID(iid, &IID_IUnknown) ? NULL : trial_face(trial, outer->inner, iid);
}

static void
check_face(struct trial *trial, struct check_outer *outer, const IID *iid, IUnknown *face)
{
	const char *name = trial_iid_name(trial, iid);
	ULONG taken = outer->add_refs, given = outer->releases, asked = outer->queries;
	IUnknown *other = NULL;

	face->lpVtbl->AddRef(face);
	if (outer->add_refs != taken + 1)
		trial_fail(trial, "AddRef of %s does not go to the outer object", name);
	face->lpVtbl->Release(face);
	if (outer->releases != given + 1)
		trial_fail(trial, "Release of %s does not go to the outer object", name);
	if (SUCCEEDED(face->lpVtbl->QueryInterface(face, iid, (void **)&other)) && other != NULL)
		other->lpVtbl->Release(other);
	if (outer->queries != asked + 1)
		trial_fail(trial, "QueryInterface of %s does not go to the outer object", name);
}

static void
run_delegation(struct trial *trial)
{
	struct check_outer outer;

	if (!aggregate(trial, &outer))
		return;
	for (guint i = 0; i < trial->answered->len; i++) {
		const IID *iid = &g_array_index(trial->answered, IID, i);
		IUnknown *face = inner_face(trial, &outer, iid);

		if (face != NULL)
			check_face(trial, &outer, iid, face);
	}
}

static void
run_inner(struct trial *trial)
{
	struct check_outer outer;
	IUnknown *unknown = NULL;

	if (!aggregate(trial, &outer))
		return;
	outer.add_refs = outer.releases = outer.queries = 0;
	(void)outer.inner->lpVtbl->QueryInterface(outer.inner, &IID_IUnknown, (void **)&unknown);
	if (unknown != outer.inner)
		trial_fail(trial, "the inner IUnknown, asked for itself, gives another");
	outer.inner->lpVtbl->AddRef(outer.inner);
	outer.inner->lpVtbl->Release(outer.inner);
	if (outer.add_refs + outer.releases + outer.queries != 0)
		trial_fail(trial, "the inner IUnknown hands over to the outer object");
}

static void
run_outer_count(struct trial *trial)
{
	struct check_outer outer;

	if (aggregate(trial, &outer) && outer.references != 1)
		trial_fail(trial,
		    "the new inner object keeps %u references to the outer one, "
		    "which then can never end",
		    outer.references - 1);
}

static void
run_identity(struct trial *trial)
{
	struct check_outer outer;

	if (!aggregate(trial, &outer))
		return;
	for (guint i = 0; i < trial->answered->len; i++) {
		const IID *iid = &g_array_index(trial->answered, IID, i);
		IUnknown *face = inner_face(trial, &outer, iid), *unknown = NULL;

		if (face == NULL)
			continue;
		(void)face->lpVtbl->QueryInterface(face, &IID_IUnknown, (void **)&unknown);
		if (unknown != &outer.unknown)
			trial_fail(trial, "%s, asked for IUnknown, does not give the outer object",
			    trial_iid_name(trial, iid));
	}
}

static void
run_end(struct trial *trial)
{
	struct check_outer outer;

	if (!aggregate(trial, &outer))
		return;
	if (trial->can_unload_now == NULL) {
		trial_skip(trial, "DllCanUnloadNow is not exported");
		return;
	}
	outer.inner->lpVtbl->Release(outer.inner);
	trial_expect_idle(trial, "releasing the inner object");
}

#define AGGREGATION "Aggregation"

static const struct check checks[] = {
	{ "aggregation.delegation", run_delegation,
	    "AddRef, Release and QueryInterface of inner interfaces go to the outer object",
	    AGGREGATION, CHECK_CLASS, 0 },
	{ "aggregation.inner", run_inner, "the inner IUnknown acts on the inner object alone",
	    AGGREGATION, CHECK_CLASS, 0 },
	{ "aggregation.outer-count", run_outer_count,
	    "the inner object holds no reference to the outer one", AGGREGATION, CHECK_CLASS, 0 },
	{ "aggregation.identity", run_identity,
	    "the identity of an inner interface is the outer object", AGGREGATION, CHECK_CLASS, 0 },
	{ "aggregation.end", run_end, "releasing the inner IUnknown ends the inner object",
	    AGGREGATION, CHECK_CLASS, 0 },
};
const struct check_group check_aggregation = CHECK_GROUP(checks);
