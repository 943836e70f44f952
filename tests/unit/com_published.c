/* SPDX-License-Identifier: BSD-2-Clause */
/* Class objects that the program publishes, and several interfaces in one call. */
#include <glib.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <tessera_class.h>
#include <tessera_com.h>

#include "counter.h"
#include "runtime/comreg/check_outer.h"
#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

#define TEXT_OWN "{6E550001-4A10-4C22-8D01-5B1F20773101}"

/* A class object that counts its references and makes objects of another class. */
struct publisher {
	IClassFactory factory;
	ULONG references;
	const CLSID *makes;
};

static HRESULT
publisher_QueryInterface(IClassFactory *iface, REFIID riid, void **ppv)
{
	*ppv = NULL;
	if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IClassFactory))
		return E_NOINTERFACE;
	iface->lpVtbl->AddRef(iface);
	*ppv = iface;
	return S_OK;
}

static ULONG
publisher_AddRef(IClassFactory *iface)
{
	return __atomic_add_fetch(
	    &((struct publisher *)(void *)iface)->references, 1, __ATOMIC_RELAXED);
}

static ULONG
publisher_Release(IClassFactory *iface)
{
	return __atomic_sub_fetch(
	    &((struct publisher *)(void *)iface)->references, 1, __ATOMIC_ACQ_REL);
}

static HRESULT
publisher_CreateInstance(IClassFactory *iface, IUnknown *outer, REFIID riid, void **ppv)
{
	const struct publisher *self = (const struct publisher *)(const void *)iface;

	*ppv = NULL;
	if (self->makes == NULL)
		return CLASS_E_NOTLICENSED;
	return CoCreateInstance(self->makes, outer, CLSCTX_INPROC_SERVER, riid, ppv);
}

static HRESULT
publisher_LockServer(IClassFactory *iface, BOOL lock)
{
	(void)iface;
	(void)lock;
	return S_OK;
}

static const IClassFactoryVtbl publisher_vtbl = { publisher_QueryInterface, publisher_AddRef,
	publisher_Release, publisher_CreateInstance, publisher_LockServer };

static struct publisher
publisher(const CLSID *makes)
{
	return (struct publisher){ { &publisher_vtbl }, 1, makes };
}

static HRESULT
publish(struct publisher *what, const CLSID *clsid, DWORD context, DWORD flags, DWORD *cookie)
{
	*cookie = 0xAAAAAAAA;
	return CoRegisterClassObject(
	    clsid, (IUnknown *)(void *)&what->factory, context, flags, cookie);
}

/* Which class object does activation see? */
static IUnknown *
seen(const CLSID *clsid)
{
	IUnknown *object = NULL;
	HRESULT hr =
	    CoGetClassObject(clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IUnknown, (void **)&object);

	if (FAILED(hr)) {
		EXPECT_HRESULT(hr, REGDB_E_CLASSNOTREG);
		CoTaskMemFree(tessera_error_text());
		return NULL;
	}
	/* For comparing only. */
	object->lpVtbl->Release(object);
	return object;
}

static void
found_and_revoked(void)
{
	const CLSID clsid = scratch_guid(TEXT_OWN);
	struct publisher own = publisher(&CLSID_Counter);
	ICounter *counter = NULL;
	DWORD cookie;

	CU_ASSERT_PTR_NULL(seen(&clsid));
	EXPECT_HRESULT(
	    publish(&own, &clsid, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie), S_OK);
	CU_ASSERT_NOT_EQUAL(cookie, 0);
	SUITE_EQUAL_INT(own.references, 2);
	CU_ASSERT_PTR_EQUAL(seen(&clsid), &own.factory);
	for (int i = 0; i < 2; i++) {
		EXPECT_HRESULT(CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter,
				   (void **)&counter),
		    S_OK);
		counter->lpVtbl->Release(counter);
	}
	EXPECT_HRESULT(CoRevokeClassObject(cookie), S_OK);
	SUITE_EQUAL_INT(own.references, 1);
	CU_ASSERT_PTR_NULL(seen(&clsid));
	EXPECT_HRESULT(CoRevokeClassObject(cookie), E_INVALIDARG);
	SCRATCH_TEXT_HAS("revoked");
	EXPECT_HRESULT(CoRevokeClassObject(0), E_INVALIDARG);
	CoTaskMemFree(tessera_error_text());
}

static void
use_and_context(void)
{
	static const struct {
		DWORD context, flags;
		HRESULT expected;
		bool in_process;
	} rows[] = {
		{ CLSCTX_INPROC_SERVER, REGCLS_SINGLEUSE, E_INVALIDARG, false },
		{ CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, S_OK, true },
		{ CLSCTX_INPROC_SERVER, REGCLS_MULTI_SEPARATE, S_OK, true },
		{ CLSCTX_LOCAL_SERVER, REGCLS_SINGLEUSE, S_OK, false },
		{ CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE, S_OK, true },
		{ CLSCTX_LOCAL_SERVER, REGCLS_MULTI_SEPARATE, S_OK, false },
		{ CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER, REGCLS_SINGLEUSE, E_INVALIDARG,
		    false },
		{ CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE, S_OK, true },
		{ CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER, REGCLS_MULTI_SEPARATE, S_OK, true },
		{ CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE | REGCLS_AGILE, S_OK, true },
		{ CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE | REGCLS_SUSPENDED, S_OK, false },
		{ CLSCTX_LOCAL_SERVER, REGCLS_SURROGATE, S_OK, false },
		{ CLSCTX_LOCAL_SERVER, REGCLS_SURROGATE | REGCLS_MULTIPLEUSE, E_INVALIDARG, false },
		{ CLSCTX_INPROC_SERVER, REGCLS_SURROGATE, E_INVALIDARG, false },
		{ CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE | REGCLS_MULTI_SEPARATE, E_INVALIDARG,
		    false },
		{ CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE | 0x100, E_INVALIDARG, false },
		{ CLSCTX_REMOTE_SERVER, REGCLS_MULTIPLEUSE, E_INVALIDARG, false },
	};
	const CLSID clsid = scratch_guid(TEXT_OWN);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct publisher own = publisher(NULL);
		DWORD cookie;

		EXPECT_HRESULT(publish(&own, &clsid, rows[i].context, rows[i].flags, &cookie),
		    rows[i].expected);
		CU_ASSERT_PTR_EQUAL(seen(&clsid), rows[i].in_process ? (void *)&own.factory : NULL);
		if (FAILED(rows[i].expected))
			SUITE_EQUAL_INT(cookie, 0);
		else
			EXPECT_HRESULT(CoRevokeClassObject(cookie), S_OK);
		SUITE_EQUAL_INT(own.references, 1);
	}
}

static void
bad_arguments(void)
{
	const CLSID clsid = scratch_guid(TEXT_OWN);
	struct publisher own = publisher(NULL);
	DWORD cookie = 5;

	EXPECT_HRESULT(
	    CoRegisterClassObject(&clsid, NULL, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie),
	    E_INVALIDARG);
	SUITE_EQUAL_INT(cookie, 0);
	EXPECT_HRESULT(
	    publish(&own, NULL, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie), E_INVALIDARG);
	EXPECT_HRESULT(CoRegisterClassObject(&clsid, (IUnknown *)(void *)&own.factory,
			   CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, NULL),
	    E_INVALIDARG);
	CoUninitialize();
	EXPECT_HRESULT(publish(&own, &clsid, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie),
	    CO_E_NOTINITIALIZED);
	CoTaskMemFree(tessera_error_text());
	EXPECT_HRESULT(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
	SUITE_EQUAL_INT(own.references, 1);
}

/* The oldest serves; each is revoked by its own number. */
static void
several_of_one_class(void)
{
	const CLSID clsid = scratch_guid(TEXT_OWN);
	struct publisher first = publisher(NULL), second = publisher(NULL);
	DWORD cookies[2];

	publish(&first, &clsid, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookies[0]);
	publish(&second, &clsid, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookies[1]);
	CU_ASSERT_NOT_EQUAL(cookies[0], cookies[1]);
	CU_ASSERT_PTR_EQUAL(seen(&clsid), &first.factory);
	EXPECT_HRESULT(CoRevokeClassObject(cookies[0]), S_OK);
	CU_ASSERT_PTR_EQUAL(seen(&clsid), &second.factory);
	EXPECT_HRESULT(CoRevokeClassObject(cookies[1]), S_OK);
	CU_ASSERT_PTR_NULL(seen(&clsid));
	SUITE_EQUAL_INT(first.references, 1);
	SUITE_EQUAL_INT(second.references, 1);
}

/* A class that is registered and warm gives way, and comes back. */
static void
before_the_registry(void)
{
	struct publisher own = publisher(NULL);
	IUnknown *registered = seen(&CLSID_Hermit);
	void *object = (void *)0x1;
	DWORD cookie;

	CU_ASSERT_PTR_NOT_NULL(registered);
	publish(&own, &CLSID_Hermit, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie);
	CU_ASSERT_PTR_EQUAL(seen(&CLSID_Hermit), &own.factory);
	EXPECT_HRESULT(
	    CoCreateInstance(&CLSID_Hermit, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter, &object),
	    CLASS_E_NOTLICENSED);
	CU_ASSERT_PTR_NULL(object);
	SCRATCH_TEXT_HAS("{5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A12}", "published by this process",
	    "CreateInstance", "CLASS_E_NOTLICENSED");
	EXPECT_HRESULT(CoRevokeClassObject(cookie), S_OK);
	CU_ASSERT_PTR_NOT_NULL(seen(&CLSID_Hermit));
	CU_ASSERT_PTR_NOT_EQUAL(seen(&CLSID_Hermit), &own.factory);
}

/* TreatAs goes first: what is published for the old class is not seen, for the new one it is. */
static void
after_treat_as(void)
{
	const CLSID old = scratch_guid("{6E550002-4A10-4C22-8D01-5B1F20773101}");
	const CLSID new = scratch_guid("{6E550003-4A10-4C22-8D01-5B1F20773101}");
	struct publisher own = publisher(NULL), other = publisher(NULL);
	const char *folder = scratch_folder();
	DWORD cookies[2];

	scratch_write(folder, "old.component",
	    scratch_manifest("nowhere.so", "{6E550002-4A10-4C22-8D01-5B1F20773101}", "Old",
		"TreatAs={6E550003-4A10-4C22-8D01-5B1F20773101}\n"));
	scratch_use(folder);
	publish(&own, &old, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookies[0]);
	CU_ASSERT_PTR_NULL(seen(&old));
	publish(&other, &new, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookies[1]);
	CU_ASSERT_PTR_EQUAL(seen(&old), &other.factory);
	CU_ASSERT_PTR_EQUAL(seen(&new), &other.factory);
	EXPECT_HRESULT(CoRevokeClassObject(cookies[1]), S_OK);
	CU_ASSERT_PTR_NULL(seen(&old));
	EXPECT_HRESULT(CoRevokeClassObject(cookies[0]), S_OK);
	SUITE_EQUAL_INT(own.references, 1);
	SUITE_EQUAL_INT(other.references, 1);
	scratch_use(scratch_built("tests/components"));
}

static void
suspended(void)
{
	const CLSID clsid = scratch_guid(TEXT_OWN);
	struct publisher own = publisher(NULL);
	DWORD cookie;

	publish(&own, &clsid, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE | REGCLS_SUSPENDED, &cookie);
	CU_ASSERT_PTR_NULL(seen(&clsid));
	EXPECT_HRESULT(CoResumeClassObjects(), S_OK);
	CU_ASSERT_PTR_EQUAL(seen(&clsid), &own.factory);
	EXPECT_HRESULT(CoSuspendClassObjects(), S_OK);
	CU_ASSERT_PTR_NULL(seen(&clsid));
	SUITE_EQUAL_INT(own.references, 2);
	EXPECT_HRESULT(CoResumeClassObjects(), S_OK);
	CU_ASSERT_PTR_EQUAL(seen(&clsid), &own.factory);
	EXPECT_HRESULT(CoRevokeClassObject(cookie), S_OK);
	SUITE_EQUAL_INT(own.references, 1);
}

static void
server_process(void)
{
	const CLSID clsid = scratch_guid(TEXT_OWN);
	struct publisher own = publisher(NULL);
	DWORD cookie;

	SUITE_EQUAL_INT(CoReleaseServerProcess(), 0);
	publish(&own, &clsid, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie);
	CU_ASSERT_PTR_EQUAL(seen(&clsid), &own.factory);
	SUITE_EQUAL_INT(CoAddRefServerProcess(), 1);
	SUITE_EQUAL_INT(CoAddRefServerProcess(), 2);
	SUITE_EQUAL_INT(CoReleaseServerProcess(), 1);
	CU_ASSERT_PTR_EQUAL(seen(&clsid), &own.factory);
	SUITE_EQUAL_INT(CoReleaseServerProcess(), 0);
	CU_ASSERT_PTR_NULL(seen(&clsid));
	/* One too many suspends nothing that was resumed meanwhile. */
	EXPECT_HRESULT(CoResumeClassObjects(), S_OK);
	SUITE_EQUAL_INT(CoReleaseServerProcess(), 0);
	CU_ASSERT_PTR_EQUAL(seen(&clsid), &own.factory);
	EXPECT_HRESULT(CoRevokeClassObject(cookie), S_OK);
}

static void *
publish_and_activate(void *number)
{
	const CLSID clsid = scratch_guid(TEXT_OWN);
	struct publisher *own = number;
	intptr_t failures = 0;

	for (unsigned i = 0; i < 300; i++) {
		ICounter *counter = NULL;
		DWORD cookie;
		HRESULT hr;

		failures +=
		    publish(own, &clsid, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie) != S_OK;
		/* One is published at any time: this thread's at least. */
		hr = CoCreateInstance(
		    &clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter, (void **)&counter);
		if (SUCCEEDED(hr))
			counter->lpVtbl->Release(counter);
		failures += hr != S_OK;
		failures += CoRevokeClassObject(cookie) != S_OK;
	}
	return (void *)failures;
}

static void
from_many_threads(void)
{
	struct publisher own[4];
	pthread_t threads[4];
	void *failures;

	for (size_t i = 0; i < 4; i++) {
		own[i] = publisher(&CLSID_Counter);
		if (pthread_create(&threads[i], NULL, publish_and_activate, &own[i]) != 0)
			abort();
	}
	for (size_t i = 0; i < 4; i++) {
		pthread_join(threads[i], &failures);
		SUITE_EQUAL_INT((intptr_t)failures, 0);
	}
	/* What could not be given back in time is now. */
	CoFreeUnusedLibraries();
	for (size_t i = 0; i < 4; i++)
		SUITE_EQUAL_INT(own[i].references, 1);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static void
release_all(MULTI_QI *results, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (results[i].pItf != NULL)
			results[i].pItf->lpVtbl->Release(results[i].pItf);
		results[i].pItf = NULL;
	}
}

static void
several_interfaces(void)
{
	MULTI_QI results[3] = { { &IID_ICounter, NULL, E_FAIL }, { &IID_ILabelled, NULL, E_FAIL },
		{ &IID_IUnknown, NULL, E_FAIL } };

	EXPECT_HRESULT(
	    CoCreateInstanceEx(&CLSID_Counter, NULL, CLSCTX_ALL, NULL, 3, results), S_OK);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 1);
	for (int i = 0; i < 3; i++) {
		EXPECT_HRESULT(results[i].hr, S_OK);
		CU_ASSERT_PTR_NOT_NULL(results[i].pItf);
	}
	release_all(results, 3);
	results[1].pIID = &IID_IStream;
	EXPECT_HRESULT(CoCreateInstanceEx(&CLSID_Counter, NULL, CLSCTX_ALL, NULL, 3, results),
	    CO_S_NOTALLINTERFACES);
	EXPECT_HRESULT(results[0].hr, S_OK);
	EXPECT_HRESULT(results[1].hr, E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(results[1].pItf);
	EXPECT_HRESULT(results[2].hr, S_OK);
	release_all(results, 3);
	EXPECT_HRESULT(CoCreateInstanceEx(&CLSID_Counter, NULL, CLSCTX_ALL, NULL, 1, &results[1]),
	    E_NOINTERFACE);
	EXPECT_HRESULT(results[1].hr, E_NOINTERFACE);
	SCRATCH_TEXT_HAS("{5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A11}", "none of the 1 interfaces");
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static void
several_interfaces_refused(void)
{
	const CLSID unknown = scratch_guid(TEXT_OWN);
	COSERVERINFO server = { 0 };
	IUnknown marker = { 0 };
	MULTI_QI results[2] = { { &IID_ICounter, NULL, S_OK }, { &IID_IUnknown, NULL, S_OK } };

	EXPECT_HRESULT(
	    CoCreateInstanceEx(&CLSID_Counter, NULL, CLSCTX_ALL, NULL, 0, results), E_INVALIDARG);
	EXPECT_HRESULT(
	    CoCreateInstanceEx(&CLSID_Counter, NULL, CLSCTX_ALL, NULL, 1, NULL), E_INVALIDARG);
	EXPECT_HRESULT(CoCreateInstanceEx(&CLSID_Counter, NULL, CLSCTX_ALL, &server, 2, results),
	    E_INVALIDARG);
	EXPECT_HRESULT(CoCreateInstanceEx(NULL, NULL, CLSCTX_ALL, NULL, 2, results), E_INVALIDARG);
	results[1].pIID = NULL;
	EXPECT_HRESULT(
	    CoCreateInstanceEx(&CLSID_Counter, NULL, CLSCTX_ALL, NULL, 2, results), E_INVALIDARG);
	EXPECT_HRESULT(results[0].hr, E_INVALIDARG);
	EXPECT_HRESULT(results[1].hr, E_INVALIDARG);
	results[1].pIID = &IID_IUnknown;
	results[1].pItf = &marker;
	EXPECT_HRESULT(
	    CoCreateInstanceEx(&CLSID_Counter, NULL, CLSCTX_ALL, NULL, 2, results), E_INVALIDARG);
	CU_ASSERT_PTR_EQUAL(results[1].pItf, &marker);
	results[1].pItf = NULL;
	EXPECT_HRESULT(
	    CoCreateInstanceEx(&unknown, NULL, CLSCTX_ALL, NULL, 2, results), REGDB_E_CLASSNOTREG);
	for (int i = 0; i < 2; i++) {
		EXPECT_HRESULT(results[i].hr, REGDB_E_CLASSNOTREG);
		CU_ASSERT_PTR_NULL(results[i].pItf);
	}
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
	CoTaskMemFree(tessera_error_text());
}

/* The private IUnknown, and an interface whose reference is the outer's. */
static void
several_interfaces_aggregated(void)
{
	MULTI_QI results[2] = { { &IID_IUnknown, NULL, E_FAIL }, { &IID_ICounter, NULL, E_FAIL } };
	struct check_outer outer;

	check_outer_init(&outer);
	EXPECT_HRESULT(
	    CoCreateInstanceEx(&CLSID_Counter, &outer.unknown, CLSCTX_ALL, NULL, 2, results), S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(results[1].pItf);
	SUITE_EQUAL_INT(outer.references, 2);
	outer.inner = results[0].pItf;
	results[1].pItf->lpVtbl->Release(results[1].pItf);
	SUITE_EQUAL_INT(outer.references, 1);
	SUITE_EQUAL_INT(outer.inner->lpVtbl->Release(outer.inner), 0);
	EXPECT_HRESULT(
	    CoCreateInstanceEx(&CLSID_Hermit, &outer.unknown, CLSCTX_ALL, NULL, 2,
		(MULTI_QI[]){ { &IID_IUnknown, NULL, S_OK }, { &IID_ICounter, NULL, S_OK } }),
	    CLASS_E_NOAGGREGATION);
	CoTaskMemFree(tessera_error_text());
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static const struct suite_test tests[] = {
	{ "published, found, revoked", found_and_revoked },
	{ "who sees what, by context and use", use_and_context },
	{ "arguments that are refused", bad_arguments },
	{ "several registrations of one class", several_of_one_class },
	{ "before the registry, also when the class is warm", before_the_registry },
	{ "after TreatAs", after_treat_as },
	{ "suspended and resumed", suspended },
	{ "the server's references", server_process },
	{ "from many threads", from_many_threads },
	{ "CoCreateInstanceEx: all, some, none", several_interfaces },
	{ "CoCreateInstanceEx: refused", several_interfaces_refused },
	{ "CoCreateInstanceEx: aggregated", several_interfaces_aggregated },
};

int
main(void)
{
	scratch_use(scratch_built("tests/components"));
	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	return suite_run("published class objects", tests, sizeof tests / sizeof tests[0]);
}
