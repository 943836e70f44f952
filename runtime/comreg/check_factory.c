/* SPDX-License-Identifier: BSD-2-Clause */
/* The class object: an object by the same rules as others, and what it does when it must refuse. */
#include "runtime/comreg/check_outer.h"
#include "runtime/comreg/check_trial.h"

static void
run_interfaces(struct trial *trial)
{
	IClassFactory *factory = trial_factory(trial), *back;
	IUnknown *first, *again;
	IID random = trial_random_iid();
	void *other = CHECK_POISON;
	HRESULT hr;

	if (factory == NULL)
		return;
	first = trial_face(trial, (IUnknown *)(void *)factory, &IID_IUnknown);
	if (first == NULL)
		return;
	back = (IClassFactory *)(void *)trial_face(trial, first, &IID_IClassFactory);
	if (back == NULL)
		return;
	again = trial_face(trial, (IUnknown *)(void *)back, &IID_IUnknown);
	if (again != NULL && again != first)
		trial_fail(trial, "the class object has two addresses for IUnknown");
	hr = first->lpVtbl->QueryInterface(first, &random, &other);
	if (hr != E_NOINTERFACE || other != NULL)
		trial_fail(trial, "the class object asked for a foreign IID gives %s%s",
		    tessera_hresult_name(hr), other != NULL ? " and leaves the result" : "");
}

static void
run_not_instance(struct trial *trial)
{
	IClassFactory *factory = trial_factory(trial);

	for (guint i = 0;
	     factory != NULL && trial->class != NULL && i < trial->class->interfaces->len; i++) {
		const IID *iid = &g_array_index(trial->class->interfaces, IID, i);
		void *face = NULL;

		if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IClassFactory) &&
		    SUCCEEDED(factory->lpVtbl->QueryInterface(factory, iid, &face)))
			trial_fail(trial, "the class object answers %s, which is an instance's",
			    trial_iid_name(trial, iid));
	}
	if (factory != NULL && trial->class == NULL)
		trial_skip(trial, "no manifest says what an instance answers");
}

static bool
is_refusal(HRESULT hr)
{
	return hr == CLASS_E_NOAGGREGATION || hr == E_NOINTERFACE;
}

static void
run_outer_interface(struct trial *trial)
{
	for (guint i = 0; i < trial->answered->len; i++) {
		const IID *iid = &g_array_index(trial->answered, IID, i);
		struct check_outer outer;
		void *object;
		HRESULT hr;

		if (IsEqualIID(iid, &IID_IUnknown))
			continue;
		check_outer_init(&outer);
		hr = trial_create(trial, &outer.unknown, iid, &object);
		if (SUCCEEDED(hr))
			trial_fail(trial, "with an outer object and %s it succeeds",
			    trial_iid_name(trial, iid));
		else if (!is_refusal(hr))
			trial_fail(trial,
			    "with an outer object and %s it gives %s, not "
			    "CLASS_E_NOAGGREGATION or E_NOINTERFACE",
			    trial_iid_name(trial, iid), tessera_hresult_name(hr));
		else if (object != NULL)
			trial_fail(trial,
			    "refusing an outer object with %s, it leaves the result "
			    "uncleared",
			    trial_iid_name(trial, iid));
		return;
	}
	trial_skip(trial, "no interface but IUnknown is known");
}

static void
run_aggregation(struct trial *trial)
{
	IClassFactory *factory = trial_factory(trial);
	struct check_outer outer;
	void *object = CHECK_POISON;
	HRESULT hr;

	if (factory == NULL)
		return;
	check_outer_init(&outer);
	hr = factory->lpVtbl->CreateInstance(factory, &outer.unknown, &IID_IUnknown, &object);
	if (FAILED(hr) && hr != CLASS_E_NOAGGREGATION)
		trial_fail(trial, "with an outer object it gives %s, not CLASS_E_NOAGGREGATION",
		    tessera_hresult_name(hr));
	if (FAILED(hr) && object != NULL)
		trial_fail(trial, "refusing an outer object, it leaves the result uncleared");
	if (FAILED(hr) && outer.references != 1)
		trial_fail(trial, "refusing an outer object, it keeps %u references to it",
		    outer.references - 1);
}

static void
run_refusal(struct trial *trial)
{
	IClassFactory *factory = trial_factory(trial);
	IID iid = trial_random_iid();
	void *object = CHECK_POISON;
	HRESULT hr;

	if (factory == NULL)
		return;
	hr = factory->lpVtbl->CreateInstance(factory, NULL, &iid, &object);
	if (hr != E_NOINTERFACE)
		trial_fail(trial, "created for a foreign IID it gives %s, not E_NOINTERFACE",
		    tessera_hresult_name(hr));
	if (object != NULL)
		trial_fail(trial, "created for a foreign IID it leaves the result uncleared");
}

static void
run_leak(struct trial *trial)
{
	IID iid = trial_random_iid();
	IUnknown *object;
	void *none;

	if (trial->can_unload_now == NULL) {
		trial_skip(trial, "DllCanUnloadNow is not exported");
		return;
	}
	object = trial_object(trial);
	if (object == NULL)
		return;
	object->lpVtbl->Release(object);
	if (trial_can_unload(trial) != S_OK) {
		trial_skip(trial, "the module does not count, see module.objects");
		return;
	}
	(void)trial_create(trial, NULL, &iid, &none);
	trial_expect_idle(trial, "a creation that failed");
}

static void
run_null_out(struct trial *trial)
{
	IClassFactory *factory = trial_factory(trial);
	HRESULT hr;

	if (factory == NULL)
		return;
	trial_step(trial, "CreateInstance without place for the result");
	hr = factory->lpVtbl->CreateInstance(factory, NULL, &IID_IUnknown, NULL);
	if (!trial_refuses_null(hr))
		trial_fail(trial,
		    "without place for the result it gives %s, not E_POINTER or "
		    "E_INVALIDARG",
		    tessera_hresult_name(hr));
}

#define CREATE "IClassFactory::CreateInstance"

static const struct check checks[] = {
	{ "factory.interfaces", run_interfaces,
	    "the class object answers IUnknown and IClassFactory, and has one identity",
	    "Rules for Implementing QueryInterface", CHECK_CLASS, 0 },
	{ "factory.not-instance", run_not_instance,
	    "the class object does not answer the interfaces of its instances", "IClassFactory",
	    CHECK_CLASS, 0 },
	{ "factory.outer-interface", run_outer_interface,
	    "an outer object with another interface than IUnknown is refused", CREATE, CHECK_CLASS,
	    0 },
	{ "factory.aggregation", run_aggregation,
	    "an outer object is accepted, or refused with CLASS_E_NOAGGREGATION", CREATE,
	    CHECK_CLASS, 0 },
	{ "factory.refusal", run_refusal, "a foreign IID gives E_NOINTERFACE and clears the result",
	    CREATE, CHECK_CLASS, 0 },
	{ "factory.leak", run_leak, "a creation that fails leaves no object behind", CREATE,
	    CHECK_CLASS, 0 },
	{ "factory.null-out", run_null_out,
	    "without place for the object: E_POINTER or E_INVALIDARG", CREATE, CHECK_CLASS, 0 },
};
const struct check_group check_factory = CHECK_GROUP(checks);
