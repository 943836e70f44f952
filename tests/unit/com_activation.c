/* SPDX-License-Identifier: BSD-2-Clause */
/* CoCreateInstance and CoGetClassObject: what works, and every way in which it can fail. */
#include <elf.h>
#include <fcntl.h>
#include <glib.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <tessera_com.h>
#include <unistd.h>

#include "counter.h"
#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

#define TEXT_UNKNOWN "{00000000-1111-4222-8333-444444444444}"

/* The class `clsid` of a manifest made for one test; every test has CLSIDs of its own, because a
 * class once found is remembered. */
static HRESULT
create(const char *clsid, REFIID riid, void **ppv)
{
	CLSID guid = scratch_guid(clsid);

	*ppv = (void *)0x1;
	return CoCreateInstance(&guid, NULL, CLSCTX_INPROC_SERVER, riid, ppv);
}

static void
fails_with(const char *clsid, HRESULT expected)
{
	void *object;

	EXPECT_HRESULT(create(clsid, &IID_IUnknown, &object), expected);
	CU_ASSERT_PTR_NULL(object);
}

static void
not_initialised(void)
{
	void *object = (void *)0x1;

	EXPECT_HRESULT(
	    CoCreateInstance(&CLSID_Counter, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter, &object),
	    CO_E_NOTINITIALIZED);
	CU_ASSERT_PTR_NULL(object);
	SCRATCH_TEXT_HAS("CoInitializeEx");
}

static void
initialise_counts(void)
{
	EXPECT_HRESULT(CoInitializeEx((void *)0x1, 0), E_INVALIDARG);
	EXPECT_HRESULT(CoInitializeEx(NULL, 0x100), E_INVALIDARG);
	EXPECT_HRESULT(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
	EXPECT_HRESULT(
	    CoInitializeEx(NULL, COINIT_MULTITHREADED | COINIT_DISABLE_OLE1DDE), S_FALSE);
	EXPECT_HRESULT(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), RPC_E_CHANGED_MODE);
	EXPECT_HRESULT(CoInitialize(NULL), RPC_E_CHANGED_MODE);
	CoUninitialize();
	CoUninitialize();
	/* Two successes were matched; the refused calls were not counted, a third match is nothing.
	 */
	CoUninitialize();
	not_initialised();
	EXPECT_HRESULT(CoInitialize(NULL), S_OK);
	EXPECT_HRESULT(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_FALSE);
	CoUninitialize();
	CoUninitialize();
}

static void *
create_without_initialising(void *unused)
{
	ICounter *counter = NULL;
	HRESULT hr =
	    CoCreateInstance(&CLSID_Counter, NULL, CLSCTX_ALL, &IID_ICounter, (void **)&counter);

	(void)unused;
	if (SUCCEEDED(hr))
		counter->lpVtbl->Release(counter);
	CoTaskMemFree(tessera_error_text());
	return (void *)(intptr_t)hr;
}

static HRESULT
result_on_a_thread(void *(*run)(void *))
{
	pthread_t thread;
	void *result;

	if (pthread_create(&thread, NULL, run, NULL) != 0 || pthread_join(thread, &result) != 0)
		abort();
	return (HRESULT)(intptr_t)result;
}

static void *
initialise_and_end(void *unused)
{
	(void)unused;
	return (void *)(intptr_t)CoInitializeEx(NULL, COINIT_MULTITHREADED);
}

static void
other_threads_initialisation(void)
{
	scratch_use(scratch_built("tests/components"));
	EXPECT_HRESULT(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
	EXPECT_HRESULT(result_on_a_thread(create_without_initialising), S_OK);
	CoUninitialize();
	EXPECT_HRESULT(result_on_a_thread(create_without_initialising), CO_E_NOTINITIALIZED);
	/* A thread that ends is no longer initialised. */
	EXPECT_HRESULT(result_on_a_thread(initialise_and_end), S_OK);
	EXPECT_HRESULT(result_on_a_thread(create_without_initialising), CO_E_NOTINITIALIZED);
	EXPECT_HRESULT(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK); /* for the tests below */
}

static void
creates_through_component_path(void)
{
	ICounter *counter = NULL;
	LONG value = -1;

	scratch_use(scratch_built("tests/components"));
	CU_ASSERT_EQUAL_FATAL(CoCreateInstance(&CLSID_Counter, NULL, CLSCTX_INPROC_SERVER,
				  &IID_ICounter, (void **)&counter),
	    S_OK);
	EXPECT_HRESULT(counter->lpVtbl->Next(counter, &value), S_OK);
	SUITE_EQUAL_INT(value, 0);
	EXPECT_HRESULT(counter->lpVtbl->Next(counter, &value), S_OK);
	SUITE_EQUAL_INT(value, 1);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 1);
	SUITE_EQUAL_INT(counter->lpVtbl->Release(counter), 0);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
	CU_ASSERT_PTR_NULL(tessera_error_text());
}

static void
class_object(void)
{
	IClassFactory *factory = NULL;
	ICounter *counter = NULL;

	CU_ASSERT_EQUAL_FATAL(CoGetClassObject(&CLSID_Counter, CLSCTX_SERVER, NULL,
				  &IID_IClassFactory, (void **)&factory),
	    S_OK);
	EXPECT_HRESULT(factory->lpVtbl->LockServer(factory, TRUE), S_OK);
	SUITE_EQUAL_INT(tessera_live_locks(), 1);
	EXPECT_HRESULT(factory->lpVtbl->LockServer(factory, FALSE), S_OK);
	SUITE_EQUAL_INT(tessera_live_locks(), 0);
	EXPECT_HRESULT(factory->lpVtbl->LockServer(factory, FALSE), S_OK);
	SUITE_EQUAL_INT(tessera_live_locks(), 0);
	EXPECT_HRESULT(
	    factory->lpVtbl->CreateInstance(factory, NULL, &IID_ICounter, (void **)&counter), S_OK);
	counter->lpVtbl->Release(counter);
	factory->lpVtbl->Release(factory);
	EXPECT_HRESULT(
	    CoGetClassObject(&CLSID_Counter, CLSCTX_SERVER, NULL, &IID_ICounter, (void **)&counter),
	    E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(counter);
	SCRATCH_TEXT_HAS("class Counter", "counter.component", "ICounter", "E_NOINTERFACE");
}

static void
bad_arguments(void)
{
	static const struct {
		DWORD context;
		HRESULT expected;
		const char *text;
	} contexts[] = {
		{ 0, REGDB_E_CLASSNOTREG, "in-process" },
		{ CLSCTX_LOCAL_SERVER, REGDB_E_CLASSNOTREG, "in-process" },
		{ CLSCTX_REMOTE_SERVER, REGDB_E_CLASSNOTREG, "in-process" },
		{ CLSCTX_INPROC_HANDLER, REGDB_E_CLASSNOTREG, "in-process" },
		{ CLSCTX_INPROC_SERVER | CLSCTX_NO_CODE_DOWNLOAD | CLSCTX_ENABLE_CODE_DOWNLOAD,
		    E_INVALIDARG, "exclude each other" },
		{ CLSCTX_INPROC_SERVER | CLSCTX_DISABLE_AAA | CLSCTX_ENABLE_AAA, E_INVALIDARG,
		    "exclude each other" },
	};
	COSERVERINFO server = { 0 };
	void *object;

	for (size_t i = 0; i < G_N_ELEMENTS(contexts); i++) {
		object = (void *)0x1;
		EXPECT_HRESULT(CoCreateInstance(&CLSID_Counter, NULL, contexts[i].context,
				   &IID_IUnknown, &object),
		    contexts[i].expected);
		CU_ASSERT_PTR_NULL(object);
		SCRATCH_TEXT_HAS("{5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A11}", contexts[i].text);
	}
	object = (void *)0x1;
	EXPECT_HRESULT(CoGetClassObject(&CLSID_Counter, CLSCTX_INPROC_SERVER, &server,
			   &IID_IClassFactory, &object),
	    E_INVALIDARG);
	CU_ASSERT_PTR_NULL(object);
	SCRATCH_TEXT_HAS("pServerInfo");
	EXPECT_HRESULT(
	    CoCreateInstance(&CLSID_Counter, NULL, CLSCTX_ALL, &IID_IUnknown, NULL), E_POINTER);
	EXPECT_HRESULT(CoGetClassObject(&CLSID_Counter, CLSCTX_ALL, NULL, &IID_IClassFactory, NULL),
	    E_POINTER);
}

static void
unknown_class(void)
{
	const char *folder = scratch_folder();
	g_autofree char *below = g_build_filename(folder, "components.d", NULL);
	const char *broken = scratch_write(folder, "broken.component", "Module=x\n");

	scratch_use(folder);
	fails_with(TEXT_UNKNOWN, REGDB_E_CLASSNOTREG);
	SCRATCH_TEXT_HAS(TEXT_UNKNOWN, "not registered", folder, below, "(environment)",
	    "share/tessera/components.d (vendor)", "(administrator)", "(user)",
	    "TESSERA_COMPONENT_PATH", "comreg list", broken, "line 1");
}

static void
module_missing(void)
{
	const char *folder = scratch_folder();
	const char *manifest = scratch_write(folder, "gone.component",
	    scratch_manifest("gone.so", "{A0000000-0000-4000-8000-000000000001}", "Gone",
		"ThreadingModel=Both\n"));

	scratch_use(folder);
	fails_with("{A0000000-0000-4000-8000-000000000001}", CO_E_DLLNOTFOUND);
	SCRATCH_TEXT_HAS("class Gone {A0000000-0000-4000-8000-000000000001}", manifest,
	    "lib/tessera/components/gone.so", "cannot be found", "Module=");
	scratch_write(folder, "gone.component",
	    scratch_manifest("./gone.so", "{A0000000-0000-4000-8000-000000000001}", "Gone",
		"ThreadingModel=Both\n"));
	fails_with("{A0000000-0000-4000-8000-000000000001}", CO_E_DLLNOTFOUND);
	SCRATCH_TEXT_HAS(folder, "/gone.so", "cannot be found");
}

static void
not_elf(void)
{
	const char *folder = scratch_folder();
	const char *module = scratch_write(folder, "text.so", "#!/bin/sh\nexit 0\n");

	scratch_write(folder, "text.component",
	    scratch_manifest("text.so", "{A0000000-0000-4000-8000-000000000002}", "Text",
		"ThreadingModel=Both\n"));
	scratch_use(folder);
	fails_with("{A0000000-0000-4000-8000-000000000002}", CO_E_ERRORINDLL);
	SCRATCH_TEXT_HAS("class Text", module, "not an ELF file", "the loader says:");
	scratch_write(folder, "text.so", "");
	fails_with("{A0000000-0000-4000-8000-000000000002}", CO_E_ERRORINDLL);
	SCRATCH_TEXT_HAS(module, "not an ELF file");
}

static void
module_is_a_folder(void)
{
	const char *folder = scratch_folder();

	scratch_write(folder, "folder.so/file", "");
	scratch_write(folder, "folder.component",
	    scratch_manifest("folder.so", "{A0000000-0000-4000-8000-000000000003}", "Folder",
		"ThreadingModel=Both\n"));
	scratch_use(folder);
	fails_with("{A0000000-0000-4000-8000-000000000003}", CO_E_ERRORINDLL);
	SCRATCH_TEXT_HAS("class Folder", "not a regular file");
}

static void
no_entry_point(void)
{
	const char *folder = scratch_folder();
	const char *module = scratch_built("tests/faulty/plain.so");

	scratch_write(folder, "plain.component",
	    scratch_manifest(module, "{A0000000-0000-4000-8000-000000000004}", "Plain",
		"ThreadingModel=Both\n"));
	scratch_use(folder);
	fails_with("{A0000000-0000-4000-8000-000000000004}", CO_E_ERRORINDLL);
	SCRATCH_TEXT_HAS("class Plain", module, "does not export DllGetClassObject");
}

/* A header such as the linker of another machine writes; nothing of the file behind it is needed.
 */
static void
wrong_architecture(void)
{
	static const struct {
		unsigned char class, data;
		Elf64_Half type, machine;
		const char *cause;
	} headers[] = {
		{ ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_SPARCV9, "machine number 43" },
		{ ELFCLASS32, ELFDATA2LSB, ET_DYN, EM_386, "32 bits, machine x86;" },
		{ ELFCLASS64, ELFDATA2MSB, ET_DYN, EM_S390, "other byte order" },
	};
	const char *folder = scratch_folder();
	const char *module = NULL;

	scratch_write(folder, "alien.component",
	    scratch_manifest("alien.so", "{A0000000-0000-4000-8000-000000000005}", "Alien",
		"ThreadingModel=Both\n"));
	scratch_use(folder);
	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
		Elf64_Ehdr header = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, headers[i].class,
			    headers[i].data, EV_CURRENT },
			.e_type = headers[i].type,
			.e_machine = headers[i].machine,
			.e_version = EV_CURRENT,
			.e_ehsize = sizeof header,
		};

		module = scratch_write_bytes(folder, "alien.so", &header, sizeof header);
		fails_with("{A0000000-0000-4000-8000-000000000005}", CO_E_ERRORINDLL);
		SCRATCH_TEXT_HAS("class Alien", module, "another architecture", headers[i].cause,
		    "the loader says:");
	}
}

static void
not_a_shared_object(void)
{
	const char *folder = scratch_folder();
	Elf64_Ehdr header;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	CU_ASSERT_FATAL(fd >= 0 && read(fd, &header, sizeof header) == (ssize_t)sizeof header);
	close(fd);
	header.e_type = ET_REL;
	scratch_write_bytes(folder, "object.so", &header, sizeof header);
	scratch_write(folder, "object.component",
	    scratch_manifest("object.so", "{A0000000-0000-4000-8000-000000000006}", "Object",
		"ThreadingModel=Both\n"));
	scratch_use(folder);
	fails_with("{A0000000-0000-4000-8000-000000000006}", CO_E_ERRORINDLL);
	SCRATCH_TEXT_HAS("not a shared object");
}

static void
threading_models(void)
{
	static const struct {
		const char *line;
		HRESULT expected;
		const char *text;
	} models[] = {
		{ "", CO_E_NOT_SUPPORTED, "gives no ThreadingModel" },
		{ "ThreadingModel=\n", CO_E_NOT_SUPPORTED, "gives no ThreadingModel" },
		{ "ThreadingModel=Apartment\n", CO_E_NOT_SUPPORTED,
		    "\"Apartment\" is not supported" },
		{ "ThreadingModel=Sometimes\n", CO_E_NOT_SUPPORTED,
		    "\"Sometimes\" is not supported" },
		{ "ThreadingModel=Neutral\n", S_OK, NULL },
		{ "ThreadingModel=free\n", S_OK, NULL },
	};
	const char *folder = scratch_folder();
	const char *module = scratch_built("tests/components/counter.so");
	const char *clsid = "{5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A12}"; /* Hermit */
	const char *manifest;
	void *object;

	scratch_use(folder);
	for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
		manifest = scratch_write(folder, "model.component",
		    scratch_manifest(module, clsid, "Model", models[i].line));
		if (FAILED(models[i].expected)) {
			fails_with(clsid, models[i].expected);
			SCRATCH_TEXT_HAS("class Model", manifest, module, models[i].text);
			continue;
		}
		CU_ASSERT_EQUAL_FATAL(create(clsid, &IID_ICounter, &object), S_OK);
		((ICounter *)object)->lpVtbl->Release(object);
	}
}

static void
class_objects_that_refuse(void)
{
	static const struct {
		const char *clsid, *name;
		HRESULT expected;
		const char *text;
	} rows[] = {
		{ "{00000001-0000-4000-8000-0000000000FA}", "Refuse", CLASS_E_CLASSNOTAVAILABLE,
		    "DllGetClassObject refused with CLASS_E_CLASSNOTAVAILABLE" },
		{ "{00000002-0000-4000-8000-0000000000FA}", "GiveNothing", E_UNEXPECTED,
		    "DllGetClassObject refused with E_UNEXPECTED" },
		{ "{00000003-0000-4000-8000-0000000000FA}", "NoFactory", E_NOINTERFACE,
		    "IClassFactory" },
		{ "{00000004-0000-4000-8000-0000000000FA}", "RefuseObjects", CLASS_E_NOTLICENSED,
		    "CreateInstance for interface" },
	};
	const char *folder = scratch_folder();
	const char *module = scratch_built("tests/faulty/refuser.so");
	const char *manifest;
	void *object;
	CLSID clsid;

	scratch_use(folder);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		manifest = scratch_write(folder, "refuser.component",
		    scratch_manifest(module, rows[i].clsid, rows[i].name, "ThreadingModel=Both\n"));
		fails_with(rows[i].clsid, rows[i].expected);
		SCRATCH_TEXT_HAS(rows[i].name, rows[i].clsid, manifest, module, rows[i].text);
	}
	/* A class object without a factory is still a class object. */
	clsid = scratch_guid(rows[2].clsid);
	EXPECT_HRESULT(
	    CoGetClassObject(&clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IUnknown, &object), S_OK);
	CU_ASSERT_PTR_NOT_NULL(object);
}

/* A module may activate another's class while it is loaded, and in its entry point. */
static void
nested_activation(void)
{
	const char *clsid = "{00000005-0000-4000-8000-0000000000FA}";
	const char *folder = scratch_folder();
	g_autofree char *both = NULL;

	scratch_write(folder, "nested.component",
	    scratch_manifest(scratch_built("tests/faulty/refuser.so"), clsid, "Nested",
		"ThreadingModel=Both\n"));
	both = g_strdup_printf("%s:%s", folder, scratch_built("tests/components"));
	scratch_use(both);
	/* Its objects refuse; it got that far. */
	fails_with(clsid, CLASS_E_NOTLICENSED);
	SCRATCH_TEXT_HAS("class Nested", "CreateInstance for interface");
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static void
interface_not_supported(void)
{
	void *object;

	scratch_use(scratch_built("tests/components"));
	EXPECT_HRESULT(
	    create("{5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A11}", &IID_IStream, &object), E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(object);
	SCRATCH_TEXT_HAS("class Counter {5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A11}",
	    "{0000000C-0000-0000-C000-000000000046}", "E_NOINTERFACE", "counter.component",
	    "counter.so", "comreg show");
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static void
treat_as(void)
{
	const char *folder = scratch_folder();
	void *object;
	LONG value;

	scratch_write(folder, "old.component",
	    scratch_manifest("nowhere.so", "{A0000000-0000-4000-8000-000000000007}", "Old",
		"TreatAs={5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A11}\n"));
	scratch_write(folder, "circle.component",
	    scratch_manifest("nowhere.so", "{A0000000-0000-4000-8000-000000000008}", "Circle",
		"TreatAs={A0000000-0000-4000-8000-000000000009}\n"
		"[Class {A0000000-0000-4000-8000-000000000009}]\nName=Back\n"
		"TreatAs={A0000000-0000-4000-8000-000000000008}\n"));
	scratch_write(folder, "self.component",
	    scratch_manifest("nowhere.so", "{A0000000-0000-4000-8000-00000000000A}", "Self",
		"TreatAs={A0000000-0000-4000-8000-00000000000A}\n"));
	scratch_write(folder, "loose.component",
	    scratch_manifest("nowhere.so", "{A0000000-0000-4000-8000-00000000000B}", "Loose",
		"TreatAs={A0000000-0000-4000-8000-0000000000FF}\n"));
	{
		g_autofree char *both =
		    g_strdup_printf("%s:%s", folder, scratch_built("tests/components"));

		scratch_use(both);
	}
	CU_ASSERT_EQUAL_FATAL(
	    create("{A0000000-0000-4000-8000-000000000007}", &IID_ICounter, &object), S_OK);
	EXPECT_HRESULT(((ICounter *)object)->lpVtbl->Next(object, &value), S_OK);
	((ICounter *)object)->lpVtbl->Release(object);
	fails_with("{A0000000-0000-4000-8000-000000000008}", REGDB_E_CLASSNOTREG);
	SCRATCH_TEXT_HAS("{A0000000-0000-4000-8000-000000000008}", "circle.component", "circle");
	fails_with("{A0000000-0000-4000-8000-00000000000A}", REGDB_E_CLASSNOTREG);
	SCRATCH_TEXT_HAS("{A0000000-0000-4000-8000-00000000000A}", "self.component", "circle");
	fails_with("{A0000000-0000-4000-8000-00000000000B}", REGDB_E_CLASSNOTREG);
	SCRATCH_TEXT_HAS("loose.component", "{A0000000-0000-4000-8000-0000000000FF}");
}

/* The warm path must not notice that the file behind it has gone. */
static void
warm_activation_touches_no_file(void)
{
	void *object;

	scratch_use(scratch_folder());
	CU_ASSERT_EQUAL_FATAL(
	    create("{5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A11}", &IID_ICounter, &object), S_OK);
	((ICounter *)object)->lpVtbl->Release(object);
	fails_with(TEXT_UNKNOWN, REGDB_E_CLASSNOTREG);
	CoTaskMemFree(tessera_error_text());
}

/* An installed component works at once, without starting the program again. */
static void
component_added_while_running(void)
{
	const char *folder = scratch_folder();
	const char *clsid = "{A0000000-0000-4000-8000-00000000000C}";
	void *object;

	scratch_use(folder);
	fails_with(clsid, REGDB_E_CLASSNOTREG);
	CoTaskMemFree(tessera_error_text());
	scratch_write(folder, "late.component",
	    scratch_manifest(scratch_built("tests/components/counter.so"), clsid, "Late",
		"TreatAs={A0000000-0000-4000-8000-00000000000D}\n"
		"[Class {A0000000-0000-4000-8000-00000000000D}]\nName=Later\n"
		"ThreadingModel=Both\n"));
	/* Now found; the module does not know the class. */
	fails_with(clsid, CLASS_E_CLASSNOTAVAILABLE);
	SCRATCH_TEXT_HAS("class Later {A0000000-0000-4000-8000-00000000000D} (TreatAs for "
			 "{A0000000-0000-4000-8000-00000000000C})",
	    "late.component");
	scratch_write(folder, "late.component",
	    scratch_manifest(scratch_built("tests/components/counter.so"), clsid, "Late",
		"TreatAs={5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A11}\n"
		"[Class {5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A11}]\nName=Counter\n"
		"ThreadingModel=Both\n"));
	EXPECT_HRESULT(create(clsid, &IID_ICounter, &object), S_OK);
	if (object != NULL)
		((ICounter *)object)->lpVtbl->Release(object);
}

static const struct suite_test tests[] = {
	{ "nothing works before CoInitializeEx", not_initialised },
	{ "CoInitializeEx counts and keeps the model", initialise_counts },
	{ "a thread may rely on another's CoInitializeEx, while that lives",
	    other_threads_initialisation },
	{ "a component of TESSERA_COMPONENT_PATH", creates_through_component_path },
	{ "the class object, locks", class_object },
	{ "contexts and arguments that are refused", bad_arguments },
	{ "unknown CLSID", unknown_class },
	{ "module missing", module_missing },
	{ "module not ELF", not_elf },
	{ "module is a folder", module_is_a_folder },
	{ "ELF without entry point", no_entry_point },
	{ "wrong architecture", wrong_architecture },
	{ "ELF, but not a shared object", not_a_shared_object },
	{ "threading models", threading_models },
	{ "a module that needs another component while it is loaded", nested_activation },
	{ "class objects that refuse", class_objects_that_refuse },
	{ "interface not supported", interface_not_supported },
	{ "TreatAs, and its circles", treat_as },
	{ "a class in use survives its files", warm_activation_touches_no_file },
	{ "a component added while the program runs", component_added_while_running },
};

int
main(void)
{
	return suite_run("activation", tests, sizeof tests / sizeof tests[0]);
}
