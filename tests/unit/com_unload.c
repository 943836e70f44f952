/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CoFreeUnusedLibraries: which modules go, when, and which stay. The program has the clock that the
 * runtime reads.
 */
#include <dlfcn.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <tessera_class.h>
#include <tessera_com.h>
#include <unistd.h>

#include "counter.h"
#include "tests/suite.h"
#include "tests/unit/com_guests.h"
#include "tests/unit/com_scratch.h"

#define MINUTE (60 * G_USEC_PER_SEC)

static gint64 clock_now = 1000 * G_USEC_PER_SEC;

__attribute__((visibility("default"))) gint64
g_get_monotonic_time(void)
{
	return clock_now;
}

/* The number of a copy not used before, with its manifest in a folder of its own. */
static unsigned
install(const char *more, const char **ret_module)
{
	static unsigned number;
	const char *folder = scratch_folder();
	g_autofree char *both = g_strdup_printf("%s:%s", folder, scratch_built("tests/components"));

	*ret_module = guests_install(folder, ++number, more);
	scratch_use(both);
	return number;
}

static ICounter *
make(CLSID clsid)
{
	ICounter *counter = NULL;

	EXPECT_HRESULT(
	    CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter, (void **)&counter),
	    S_OK);
	if (counter == NULL)
		abort();
	return counter;
}

static void
use(unsigned number)
{
	ICounter *counter = make(guests_class(number));

	counter->lpVtbl->Release(counter);
}

static void
goes_at_once(void)
{
	const char *module;
	const unsigned number = install("", &module);

	use(number);
	CU_ASSERT_TRUE(guests_is_mapped(module));
	CoFreeUnusedLibrariesEx(0, 1);
	CU_ASSERT_TRUE(guests_is_mapped(module));
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_FALSE(guests_is_mapped(module));
	/* And comes back. */
	use(number);
	CU_ASSERT_TRUE(guests_is_mapped(module));
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_FALSE(guests_is_mapped(module));
}

static void
goes_after_ten_minutes(void)
{
	const char *module;
	const unsigned number = install("", &module);

	use(number);
	CoFreeUnusedLibraries();
	CoFreeUnusedLibraries();
	CU_ASSERT_TRUE(guests_is_mapped(module));
	clock_now += 10 * MINUTE - 1;
	CoFreeUnusedLibraries();
	CU_ASSERT_TRUE(guests_is_mapped(module));
	clock_now += 1;
	CoFreeUnusedLibraries();
	CU_ASSERT_FALSE(guests_is_mapped(module));
}

static void
goes_after_own_delay(void)
{
	const char *module;
	const unsigned number = install("", &module);

	use(number);
	CoFreeUnusedLibrariesEx(500, 0);
	clock_now += 499 * 1000;
	CoFreeUnusedLibrariesEx(500, 0);
	CU_ASSERT_TRUE(guests_is_mapped(module));
	clock_now += 1000;
	CoFreeUnusedLibrariesEx(500, 0);
	CU_ASSERT_FALSE(guests_is_mapped(module));
	/* A shorter delay counts for those that wait already. */
	use(number);
	CoFreeUnusedLibraries();
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_FALSE(guests_is_mapped(module));
}

static void
candidate_serves_again(void)
{
	const char *module;
	const unsigned number = install("", &module);

	use(number);
	CoFreeUnusedLibraries();
	clock_now += 6 * MINUTE;
	use(number);
	clock_now += 6 * MINUTE;
	/* Twelve minutes after its first answer, six after its last use: the first answer is void.
	 */
	CoFreeUnusedLibraries();
	CU_ASSERT_TRUE(guests_is_mapped(module));
	clock_now += 10 * MINUTE;
	CoFreeUnusedLibraries();
	CU_ASSERT_FALSE(guests_is_mapped(module));
}

/* Whatever the client holds keeps the module: an object, a class object, a lock. */
static void
in_use_stays(void)
{
	const char *module;
	const unsigned number = install("", &module);
	const CLSID clsid = guests_class(number);
	IClassFactory *factory = NULL;
	ICounter *counter = make(clsid);
	LONG value;

	CoFreeUnusedLibrariesEx(0, 0);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_TRUE(guests_is_mapped(module));
	EXPECT_HRESULT(counter->lpVtbl->Next(counter, &value), S_OK);
	EXPECT_HRESULT(CoGetClassObject(&clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
			   (void **)&factory),
	    S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(factory);
	counter->lpVtbl->Release(counter);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_TRUE(guests_is_mapped(module));
	EXPECT_HRESULT(factory->lpVtbl->LockServer(factory, TRUE), S_OK);
	factory->lpVtbl->Release(factory);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_TRUE(guests_is_mapped(module));
	EXPECT_HRESULT(CoGetClassObject(&clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
			   (void **)&factory),
	    S_OK);
	EXPECT_HRESULT(factory->lpVtbl->LockServer(factory, FALSE), S_OK);
	factory->lpVtbl->Release(factory);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_FALSE(guests_is_mapped(module));
}

/* A candidate in use again by an object alone, which the table does not see. */
static void
second_answer_counts(void)
{
	const char *module;
	const unsigned number = install("", &module);
	ICounter *counter;

	use(number);
	CoFreeUnusedLibraries();
	counter = make(guests_class(number));
	clock_now += 20 * MINUTE;
	CoFreeUnusedLibraries();
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_TRUE(guests_is_mapped(module));
	counter->lpVtbl->Release(counter);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_FALSE(guests_is_mapped(module));
}

static void
resident_stays(void)
{
	const char *module;
	const unsigned number = install("Resident=true\n", &module);

	use(number);
	CoFreeUnusedLibrariesEx(0, 0);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_TRUE(guests_is_mapped(module));
}

static void
kept_by_the_environment(void)
{
	const char *module;
	const unsigned number = install("", &module);

	use(number);
	setenv("TESSERA_KEEP_MODULES", "1", 1);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_TRUE(guests_is_mapped(module));
	unsetenv("TESSERA_KEEP_MODULES");
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_FALSE(guests_is_mapped(module));
}

static void
ending_start_up_unmaps_nothing(void)
{
	const char *module;
	const unsigned number = install("", &module);

	use(number);
	CoUninitialize();
	CU_ASSERT_TRUE(guests_is_mapped(module));
	/* Nor does it keep anything. */
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_FALSE(guests_is_mapped(module));
	EXPECT_HRESULT(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
}

static void
without_export_stays(void)
{
	const CLSID clsid = scratch_guid("{00000004-0000-4000-8000-0000000000FB}");
	const char *folder = scratch_folder();
	g_autofree char *contents = NULL;
	const char *module;
	void *object;
	gsize size;

	CU_ASSERT_FATAL(
	    g_file_get_contents(scratch_built("tests/faulty/refuser.so"), &contents, &size, NULL));
	module = scratch_write_bytes(folder, "no-export.so", contents, size);
	scratch_write(folder, "no-export.component",
	    scratch_manifest(module, "{00000004-0000-4000-8000-0000000000FB}", "NoExport",
		"ThreadingModel=Both\n"));
	scratch_use(folder);
	EXPECT_HRESULT(
	    CoGetClassObject(&clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IUnknown, &object), S_OK);
	CoFreeUnusedLibrariesEx(0, 0);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_TRUE(guests_is_mapped(module));
}

/* A module that counts its class objects as in use, and cannot tell ours from others. */
static void
other_kind_of_module(void)
{
	static const char text[] = "{0F0F0F0F-5A10-4C22-8D01-5B1F20773102}";
	const CLSID clsid = scratch_guid(text);
	const char *folder = scratch_folder();
	g_autofree char *contents = NULL;
	const char *module, *manifest;
	IUnknown *object = NULL, *second = NULL;
	gsize size;

	CU_ASSERT_FATAL(g_file_get_contents(
	    scratch_built("tests/modules/outsider.so"), &contents, &size, NULL));
	module = scratch_write_bytes(folder, "outsider.so", contents, size);
	manifest = scratch_write(folder, "outsider.component",
	    scratch_manifest(module, text, "Outsider", "ThreadingModel=Both\n"));
	scratch_use(folder);
	EXPECT_HRESULT(
	    CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&object),
	    S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(object);
	/* It says no; what was warm is warm again, and needs no file. */
	CU_ASSERT_EQUAL_FATAL(unlink(manifest), 0);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_TRUE(guests_is_mapped(module));
	EXPECT_HRESULT(
	    CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&second),
	    S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(second);
	SUITE_EQUAL_INT(second->lpVtbl->Release(second), 0);
	SUITE_EQUAL_INT(object->lpVtbl->Release(object), 0);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_FALSE(guests_is_mapped(module));
	EXPECT_HRESULT(
	    CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&second),
	    REGDB_E_CLASSNOTREG);
	CoTaskMemFree(tessera_error_text());
}

static void
busy_class_stays_warm(void)
{
	const char *module;
	const unsigned number = install("", &module);
	ICounter *counter = make(guests_class(number));

	scratch_use(scratch_folder());
	CoFreeUnusedLibrariesEx(0, 0);
	use(number);
	counter->lpVtbl->Release(counter);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_FALSE(guests_is_mapped(module));
}

/* A class object of this program whose CreateInstance uses a guest and frees libraries. */
static unsigned inner_number;
static bool inner_still_mapped;
static const char *inner_module;

static HRESULT
freeing_construct(struct tessera_object *object)
{
	(void)object;
	use(inner_number);
	CoFreeUnusedLibrariesEx(0, 0);
	inner_still_mapped = guests_is_mapped(inner_module);
	use(inner_number);
	return S_OK;
}

static const CLSID clsid_freeing = { 0x6E560001, 0x4A10, 0x4C22,
	{ 0x8D, 0x01, 0x5B, 0x1F, 0x20, 0x77, 0x31, 0x01 } };
static struct tessera_census freeing_census;
static const struct tessera_class freeing_class = {
	.clsid = &clsid_freeing,
	.name = "Freeing",
	.size = sizeof(struct tessera_object),
	.construct = freeing_construct,
	.census = &freeing_census,
};
TESSERA_CLASSES(&freeing_class);

/*
 * A candidate that says no after all, because of a class object that the runtime knows nothing of.
 * What was warm before must not come back over what was published since.
 */
static void
published_meanwhile(void)
{
	const char *module;
	const unsigned number = install("", &module);
	const CLSID clsid = guests_class(number);
	void *handle = dlopen(module, RTLD_NOW | RTLD_LOCAL), *symbol;
	HRESULT (*get)(REFCLSID, REFIID, LPVOID *);
	IUnknown *own = NULL, *published = NULL, *seen = NULL;
	DWORD cookie;

	CU_ASSERT_FATAL(handle != NULL && (symbol = dlsym(handle, "DllGetClassObject")) != NULL);
	memcpy(&get, &symbol, sizeof get);
	use(number);
	CoFreeUnusedLibraries();
	EXPECT_HRESULT(get(&clsid, &IID_IUnknown, (void **)&own), S_OK);
	EXPECT_HRESULT(tessera_module_get_class_object(
			   &tessera_own_module, &clsid_freeing, &IID_IUnknown, (void **)&published),
	    S_OK);
	EXPECT_HRESULT(CoRegisterClassObject(
			   &clsid, published, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie),
	    S_OK);
	CoFreeUnusedLibrariesEx(0, 0);
	EXPECT_HRESULT(
	    CoGetClassObject(&clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IUnknown, (void **)&seen),
	    S_OK);
	CU_ASSERT_PTR_EQUAL(seen, published);
	if (seen != NULL)
		seen->lpVtbl->Release(seen);
	EXPECT_HRESULT(CoRevokeClassObject(cookie), S_OK);
	published->lpVtbl->Release(published);
	own->lpVtbl->Release(own);
	dlclose(handle);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_FALSE(guests_is_mapped(module));
}

/* The module of the base service providers goes; the library under it has handlers that stay. */
static void
base_service_providers(void)
{
	const CLSID buffer = scratch_guid("{E126F8FF-A7AF-11D0-B88A-00C04FD424B9}");
	IUnknown *object = NULL;

	scratch_use(scratch_folder());
	for (int i = 0; i < 2; i++) {
		EXPECT_HRESULT(CoCreateInstance(&buffer, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown,
				   (void **)&object),
		    S_OK);
		CU_ASSERT_PTR_NOT_NULL_FATAL(object);
		CU_ASSERT_TRUE(guests_is_mapped("/components/scardssp.so"));
		object->lpVtbl->Release(object);
		CoFreeUnusedLibrariesEx(0, 0);
		CU_ASSERT_FALSE(guests_is_mapped("/components/scardssp.so"));
		CU_ASSERT_TRUE(guests_is_mapped("/libtessera-scard.so.0"));
	}
}

/* One object's constructor makes an object of another module; both are in use, then neither. */
static void
nested(void)
{
	const char *module;
	const unsigned number = install("", &module);
	ICounter *host = make(guests_host_class(number));

	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 2);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_TRUE(guests_is_mapped(module));
	CU_ASSERT_TRUE(guests_is_mapped("/tests/components/counter.so"));
	host->lpVtbl->Release(host);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_FALSE(guests_is_mapped(module));
	CU_ASSERT_FALSE(guests_is_mapped("/tests/components/counter.so"));
}

/* The calling thread may be inside itself. Nothing that it can see goes then. */
static void
freed_from_a_constructor(void)
{
	IUnknown *class_object = NULL, *object = NULL;
	DWORD cookie;

	inner_number = install("", &inner_module);
	EXPECT_HRESULT(tessera_module_get_class_object(&tessera_own_module, &clsid_freeing,
			   &IID_IUnknown, (void **)&class_object),
	    S_OK);
	EXPECT_HRESULT(CoRegisterClassObject(&clsid_freeing, class_object, CLSCTX_INPROC_SERVER,
			   REGCLS_MULTIPLEUSE, &cookie),
	    S_OK);
	class_object->lpVtbl->Release(class_object);
	EXPECT_HRESULT(CoCreateInstance(&clsid_freeing, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown,
			   (void **)&object),
	    S_OK);
	CU_ASSERT_TRUE(inner_still_mapped);
	if (object != NULL)
		object->lpVtbl->Release(object);
	EXPECT_HRESULT(CoRevokeClassObject(cookie), S_OK);
	CoFreeUnusedLibrariesEx(0, 0);
	CU_ASSERT_FALSE(guests_is_mapped(inner_module));
}

static const struct suite_test tests[] = {
	{ "without delay an unused module goes, and comes back", goes_at_once },
	{ "ten minutes between the answers", goes_after_ten_minutes },
	{ "a delay of the caller's", goes_after_own_delay },
	{ "a candidate that serves again is none", candidate_serves_again },
	{ "objects, class objects and locks keep it", in_use_stays },
	{ "an object made meanwhile keeps it", second_answer_counts },
	{ "Resident=true", resident_stays },
	{ "TESSERA_KEEP_MODULES", kept_by_the_environment },
	{ "CoUninitialize unmaps nothing", ending_start_up_unmaps_nothing },
	{ "without DllCanUnloadNow", without_export_stays },
	{ "a module that counts class objects", other_kind_of_module },
	{ "a class in use stays warm", busy_class_stays_warm },
	{ "what was published meanwhile stays before a module put back", published_meanwhile },
	{ "the base service providers", base_service_providers },
	{ "nested activation", nested },
	{ "freeing from a constructor", freed_from_a_constructor },
};

int
main(void)
{
	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	return suite_run("unloading", tests, sizeof tests / sizeof tests[0]);
}
