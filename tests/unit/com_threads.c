/* SPDX-License-Identifier: BSD-2-Clause */
/* What eight threads do to the runtime at once. */
#include <glib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tessera_class.h>
#include <tessera_com.h>
#include <unistd.h>

#include "counter.h"
#include "runtime/comreg/check_outer.h"
#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

#define THREADS 8

static pthread_barrier_t start;
static const char *loads; /* the file to which the module adds a byte when it is mapped */

/* Runs `run` on eight threads, which get their number; adds up what they return. */
static intptr_t
on_threads(void *(*run)(void *))
{
	pthread_t threads[THREADS];
	intptr_t sum = 0;

	if (pthread_barrier_init(&start, NULL, THREADS) != 0)
		abort();
	for (intptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, run, (void *)i) != 0)
			abort();
	for (size_t i = 0; i < THREADS; i++) {
		void *result;

		pthread_join(threads[i], &result);
		sum += (intptr_t)result;
	}
	pthread_barrier_destroy(&start);
	return sum;
}

static IUnknown *class_objects[THREADS];

static void *
first_activation(void *number)
{
	ICounter *counter = NULL;
	HRESULT hr;

	pthread_barrier_wait(&start);
	hr = CoCreateInstance(
	    &CLSID_Counter, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter, (void **)&counter);
	if (FAILED(hr))
		return (void *)1;
	counter->lpVtbl->Release(counter);
	hr = CoGetClassObject(&CLSID_Counter, CLSCTX_INPROC_SERVER, NULL, &IID_IUnknown,
	    (void **)&class_objects[(intptr_t)number]);
	return FAILED(hr) ? (void *)1 : NULL;
}

/* Must be first: afterwards the module is mapped. */
static void
loads_once(void)
{
	g_autofree char *text = NULL;
	IUnknown *first;

	SUITE_EQUAL_INT(on_threads(first_activation), 0);
	CU_ASSERT(g_file_get_contents(loads, &text, NULL, NULL));
	SUITE_EQUAL_STRING(text, "+");
	first = class_objects[0];
	CU_ASSERT_PTR_NOT_NULL_FATAL(first);
	for (size_t i = 0; i < THREADS; i++) {
		CU_ASSERT_PTR_EQUAL(class_objects[i], first);
		if (class_objects[i] != NULL)
			class_objects[i]->lpVtbl->Release(class_objects[i]);
	}
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static intptr_t
use_one(void)
{
	ICounter2 *counter = NULL;
	ILabelled *labelled = NULL;
	LONG value = -1;
	intptr_t failures = 0;

	if (FAILED(CoCreateInstance(
		&CLSID_Counter, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter2, (void **)&counter)))
		return 1;
	failures += counter->lpVtbl->Add(counter, 3, &value) != S_OK || value != 0;
	failures += counter->lpVtbl->Next(counter, &value) != S_OK || value != 3;
	failures +=
	    counter->lpVtbl->QueryInterface(counter, &IID_ILabelled, (void **)&labelled) != S_OK;
	counter->lpVtbl->Release(counter);
	failures += labelled->lpVtbl->Release(labelled) != 0;
	return failures;
}

static intptr_t
aggregate_one(void)
{
	struct check_outer outer;
	ICounter2 *counter = NULL;
	intptr_t failures = 0;

	check_outer_init(&outer);
	if (FAILED(CoCreateInstance(&CLSID_Counter, &outer.unknown, CLSCTX_INPROC_SERVER,
		&IID_IUnknown, (void **)&outer.inner)))
		return 1;
	failures += outer.inner->lpVtbl->QueryInterface(
			outer.inner, &IID_ICounter2, (void **)&counter) != S_OK;
	failures += outer.references != 2;
	counter->lpVtbl->Release(counter);
	failures += outer.references != 1;
	failures += outer.inner->lpVtbl->Release(outer.inner) != 0;
	return failures;
}

static void *
storm(void *unused)
{
	intptr_t failures = 0;

	(void)unused;
	pthread_barrier_wait(&start);
	for (unsigned i = 0; i < 1000; i++)
		failures += use_one() + aggregate_one();
	return (void *)failures;
}

static void
create_use_aggregate(void)
{
	SUITE_EQUAL_INT(on_threads(storm), 0);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static ICounter2 *shared;

static void *
share(void *unused)
{
	ILabelled *labelled;
	BSTR label;
	LONG value;

	(void)unused;
	pthread_barrier_wait(&start);
	for (unsigned i = 0; i < 1000; i++) {
		shared->lpVtbl->AddRef(shared);
		shared->lpVtbl->Next(shared, &value);
		shared->lpVtbl->QueryInterface(shared, &IID_ILabelled, (void **)&labelled);
		if (i % 16 == 0 && labelled->lpVtbl->get_Label(labelled, &label) == S_OK) {
			labelled->lpVtbl->put_Label(labelled, label);
			SysFreeString(label);
		}
		labelled->lpVtbl->Release(labelled);
		shared->lpVtbl->Release(shared);
	}
	/* The last reference may end on any of them. */
	shared->lpVtbl->Release(shared);
	return NULL;
}

static void
one_object_shared(void)
{
	LONG value = 0;

	EXPECT_HRESULT(CoCreateInstance(&CLSID_Counter, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter2,
			   (void **)&shared),
	    S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(shared);
	for (unsigned i = 0; i < THREADS; i++)
		shared->lpVtbl->AddRef(shared);
	on_threads(share);
	EXPECT_HRESULT(shared->lpVtbl->Next(shared, &value), S_OK);
	SUITE_EQUAL_INT(value, THREADS * 1000);
	for (unsigned i = 0; i < THREADS - 1; i++)
		shared->lpVtbl->AddRef(shared);
	on_threads(share);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static void *
own_text(void *number)
{
	intptr_t failures = 0;
	char expected[64];

	pthread_barrier_wait(&start);
	for (unsigned i = 0; i < 500; i++) {
		char *text;

		snprintf(expected, sizeof expected, "thread %d, call %u", (int)(intptr_t)number, i);
		tessera_error(E_FAIL, NULL, NULL, "%s", expected);
		text = tessera_error_text();
		failures += text == NULL || strcmp(text, expected) != 0;
		CoTaskMemFree(text);
	}
	/* The last one ends with the thread. */
	tessera_error(E_FAIL, NULL, NULL, "left behind");
	return (void *)failures;
}

static void
texts_are_apart(void)
{
	SUITE_EQUAL_INT(on_threads(own_text), 0);
}

/* Half of them look for a class that is not there, half install and look at the same time. */
static void *
look_and_install(void *number)
{
	static const CLSID nothing = { 0x77777777, 0, 0, { 0 } };
	const char *folder = getenv("TESSERA_COMPONENT_PATH");
	g_autofree char *name = g_strdup_printf("%s/%d.component", folder, (int)(intptr_t)number);
	g_autofree char *temporary = g_strdup_printf("%s.new", name);
	intptr_t failures = 0;

	pthread_barrier_wait(&start);
	for (unsigned i = 0; i < 50; i++) {
		void *object = NULL;

		if ((intptr_t)number % 2 == 0) {
			g_autofree char *text = g_strdup_printf("[Component]\nModule=m%u.so\n", i);

			if (!g_file_set_contents(temporary, text, -1, NULL) ||
			    rename(temporary, name) != 0)
				abort();
		}
		failures += CoCreateInstance(&nothing, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown,
				&object) != REGDB_E_CLASSNOTREG;
	}
	return (void *)failures;
}

static void
registry_changes(void)
{
	scratch_use(scratch_folder());
	SUITE_EQUAL_INT(on_threads(look_and_install), 0);
}

static IStream *stream;

static void *
write_own_part(void *number)
{
	IStream *clone = NULL;
	LARGE_INTEGER place;
	const char letter = (char)('a' + (intptr_t)number);
	intptr_t failures = 0;

	pthread_barrier_wait(&start);
	if (FAILED(stream->lpVtbl->Clone(stream, &clone)))
		return (void *)1;
	for (unsigned i = 0; i < 200; i++) {
		place.QuadPart = (LONGLONG)i * THREADS + (intptr_t)number;
		failures += clone->lpVtbl->Seek(clone, place, STREAM_SEEK_SET, NULL) != S_OK;
		failures += clone->lpVtbl->Write(clone, &letter, 1, NULL) != S_OK;
	}
	clone->lpVtbl->Release(clone);
	return (void *)failures;
}

static void
one_stream_eight_clones(void)
{
	LARGE_INTEGER zero = { .QuadPart = 0 };
	char part[THREADS + 1] = { 0 };

	EXPECT_HRESULT(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK);
	SUITE_EQUAL_INT(on_threads(write_own_part), 0);
	EXPECT_HRESULT(stream->lpVtbl->Seek(stream, zero, STREAM_SEEK_SET, NULL), S_OK);
	for (unsigned i = 0; i < 200; i++) {
		stream->lpVtbl->Read(stream, part, THREADS, NULL);
		if (strcmp(part, "abcdefgh") != 0)
			SUITE_EQUAL_STRING(part, "abcdefgh");
	}
	SUITE_EQUAL_INT(stream->lpVtbl->Release(stream), 0);
}

static void *
initialise_often(void *number)
{
	const DWORD model =
	    (intptr_t)number % 2 == 0 ? COINIT_MULTITHREADED : COINIT_APARTMENTTHREADED;
	intptr_t failures = 0;

	pthread_barrier_wait(&start);
	for (unsigned i = 0; i < 1000; i++) {
		failures += CoInitializeEx(NULL, model) != S_OK;
		failures += CoInitializeEx(NULL, model) != S_FALSE;
		failures +=
		    CoInitializeEx(NULL, model ^ COINIT_APARTMENTTHREADED) != RPC_E_CHANGED_MODE;
		CoUninitialize();
		CoUninitialize();
	}
	/* And once more than is undone. */
	failures += CoInitializeEx(NULL, model) != S_OK;
	return (void *)failures;
}

static void
initialising(void)
{
	void *object = NULL;

	SUITE_EQUAL_INT(on_threads(initialise_often), 0);
	/* All of them have ended; with this thread's own match nobody is initialised. */
	CoUninitialize();
	EXPECT_HRESULT(
	    CoCreateInstance(&CLSID_Counter, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter, &object),
	    CO_E_NOTINITIALIZED);
}

static const struct suite_test tests[] = {
	{ "first activation at once: loaded once, one class object", loads_once },
	{ "create, query, aggregate, release", create_use_aggregate },
	{ "one object shared", one_object_shared },
	{ "error texts are apart", texts_are_apart },
	{ "manifests change meanwhile", registry_changes },
	{ "one stream, eight clones", one_stream_eight_clones },
	{ "initialising and ending", initialising },
};

int
main(void)
{
	g_autofree char *here = g_get_current_dir();

	loads = g_build_filename(here, "loads", NULL);
	setenv("TEST_LOADS", loads, 1);
	scratch_use(scratch_built("tests/components"));
	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	return suite_run("threads", tests, sizeof tests / sizeof tests[0]);
}
