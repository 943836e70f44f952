/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The laws of COM over every class that the registry of the build tree lists, and over the tests'
 * own: on one thread, then with eight at once, then eight on one object.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <tessera_com.h>

#include "runtime/registry.h"
#include "tests/suite.h"
#include "tests/unit/com_laws.h"
#include "tests/unit/com_scratch.h"

#define THREADS 8
#define ROUNDS 20          /* of all laws, on each of eight threads */
#define SHARED_ROUNDS 2000 /* of add, ask and release on one object, on each of them */

static GArray *subjects; /* of struct subject */
static GArray *candidates;

static const law laws[] = { law_creation, law_identity, law_matrix, law_failed_queries, law_counts,
	law_tables, law_class_object, law_failed_creation, law_aggregation };

static void
add_candidate(const IID *iid)
{
	for (guint i = 0; i < candidates->len; i++)
		if (IsEqualIID(&g_array_index(candidates, IID, i), iid))
			return;
	g_array_append_vals(candidates, iid, 1);
}

static void
collect_candidates(const struct registry *registry)
{
	const GPtrArray *files = registry_files(registry);

	candidates = g_array_new(FALSE, FALSE, sizeof(IID));
	add_candidate(&IID_IUnknown);
	add_candidate(&IID_IDispatch);
	add_candidate(&IID_ISupportErrorInfo);
	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		for (guint j = 0; file->manifest != NULL && j < file->manifest->interfaces->len;
		     j++)
			add_candidate(&((const struct manifest_interface *)g_ptr_array_index(
					    file->manifest->interfaces, j))
					   ->iid);
	}
	for (unsigned i = 0; i < 3; i++) {
		IID random;

		if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
			abort();
		g_array_append_val(candidates, random);
	}
}

/* The registry stays referenced: the subjects point into it. */
static void
collect_subjects(void)
{
	struct registry *registry = registry_get();
	const GPtrArray *classes = registry_classes(registry);

	collect_candidates(registry);
	subjects = g_array_new(FALSE, FALSE, sizeof(struct subject));
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);
		struct subject subject = {
			.clsid = class->info->clsid,
			.name = class->info->name,
			.declared = class->info->interfaces,
			.candidates = candidates,
		};

		if (class->hidden_by == NULL)
			g_array_append_val(subjects, subject);
	}
}

static void
expect_nothing(char *text)
{
	SUITE_EQUAL_STRING(text, NULL);
	g_free(text);
}

static const struct subject *
subject_at(guint i)
{
	return &g_array_index(subjects, struct subject, i);
}

static void
try_all(law rule)
{
	for (guint i = 0; i < subjects->len; i++) {
		const ULONG before = law_live(subject_at(i));

		expect_nothing(rule(subject_at(i)));
		if (law_live(subject_at(i)) != before)
			SUITE_EQUAL_STRING(subject_at(i)->name, "(a class that leaves no object)");
	}
}

static void
registry_is_not_empty(void)
{
	bool counter = false, hermit = false;

	for (guint i = 0; i < subjects->len; i++) {
		counter |= strcmp(subject_at(i)->name, "Counter") == 0;
		hermit |= strcmp(subject_at(i)->name, "Hermit") == 0;
	}
	CU_ASSERT(counter);
	CU_ASSERT(hermit);
}

static void
creation(void)
{
	try_all(law_creation);
}

static void
identity(void)
{
	try_all(law_identity);
}

static void
matrix(void)
{
	try_all(law_matrix);
}

static void
failed_queries(void)
{
	try_all(law_failed_queries);
}

static void
counts(void)
{
	try_all(law_counts);
}

static void
tables(void)
{
	try_all(law_tables);
}

static void
class_object(void)
{
	try_all(law_class_object);
}

static void
failed_creation(void)
{
	try_all(law_failed_creation);
}

static void
aggregation(void)
{
	try_all(law_aggregation);
}

static pthread_barrier_t start;

static void *
obey_all(void *unused)
{
	char *result = NULL;

	(void)unused;
	pthread_barrier_wait(&start);
	for (unsigned round = 0; round < ROUNDS; round++)
		for (guint i = 0; i < subjects->len; i++)
			for (size_t l = 0; l < G_N_ELEMENTS(laws) && result == NULL; l++)
				result = laws[l](subject_at(i));
	return result;
}

static void
on_threads(void *(*run)(void *), void *argument)
{
	pthread_t threads[THREADS];
	void *result;

	if (pthread_barrier_init(&start, NULL, THREADS) != 0)
		abort();
	for (size_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, run, argument) != 0)
			abort();
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &result);
		expect_nothing(result);
	}
	pthread_barrier_destroy(&start);
}

static void
eight_threads(void)
{
	g_autofree ULONG *before = g_new(ULONG, subjects->len);

	for (guint i = 0; i < subjects->len; i++)
		before[i] = law_live(subject_at(i));
	on_threads(obey_all, NULL);
	for (guint i = 0; i < subjects->len; i++)
		SUITE_EQUAL_INT(law_live(subject_at(i)), before[i]);
}

static void *
share(void *shared)
{
	IUnknown *object = shared, *other;
	char *result = NULL;

	pthread_barrier_wait(&start);
	for (unsigned round = 0; round < SHARED_ROUNDS && result == NULL; round++) {
		const IID *iid = &g_array_index(candidates, IID, round % candidates->len);

		object->lpVtbl->AddRef(object);
		if (SUCCEEDED(object->lpVtbl->QueryInterface(object, iid, (void **)&other)))
			other->lpVtbl->Release(other);
		else if (other != NULL)
			result = g_strdup("a failed query does not clear the result");
		object->lpVtbl->Release(object);
	}
	return result;
}

static void
eight_threads_on_one_object(void)
{
	for (guint i = 0; i < subjects->len; i++) {
		IUnknown *object = NULL;

		EXPECT_HRESULT(CoCreateInstance(&subject_at(i)->clsid, NULL, CLSCTX_INPROC_SERVER,
				   &IID_IUnknown, (void **)&object),
		    S_OK);
		if (object == NULL)
			continue;
		on_threads(share, object);
		SUITE_EQUAL_INT(object->lpVtbl->Release(object), 0);
	}
}

static const struct suite_test tests[] = {
	{ "there are classes to try", registry_is_not_empty },
	{ "creation, and the interfaces that manifests promise", creation },
	{ "identity", identity },
	{ "one set of interfaces from everywhere", matrix },
	{ "queries that fail", failed_queries },
	{ "counts balance", counts },
	{ "tables point to code", tables },
	{ "class objects", class_object },
	{ "creation that fails", failed_creation },
	{ "aggregation", aggregation },
	{ "all of it on eight threads", eight_threads },
	{ "eight threads on one object", eight_threads_on_one_object },
};

int
main(void)
{
	int status;

	setenv("TESSERA_RM", "embedded:softcard", 1);
	scratch_use(scratch_built("tests/components"));
	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	collect_subjects();
	status = suite_run("laws of COM", tests, sizeof tests / sizeof tests[0]);
	CoUninitialize();
	return status;
}
