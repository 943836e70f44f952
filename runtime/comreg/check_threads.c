/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Use from several threads. These find what goes wrong now; a race that goes well most of the time
 * is found by running the same under the author's own race detector.
 */
#include <pthread.h>
#include <strings.h>

#include "runtime/comreg/check_trial.h"

#define STORM_THREADS 4u
#define STORM_MILLISECONDS                                                                    \
	300                /* long enough that threads interrupt each other on a busy machine \
			    */
#define STORM_ROUNDS 2000u /* of each thread of one storm */

#define FACES_MAX 64u

struct guest {
	struct trial *trial;
	IUnknown *object;
	IUnknown *found;
	HRESULT hr;
};

/* False after trial_skip. */
static bool
on_thread(struct trial *trial, void *(*work)(void *), struct guest *guest)
{
	pthread_t thread;

	guest->trial = trial;
	if (pthread_create(&thread, NULL, work, guest) != 0) {
		trial_skip(trial, "no thread can be started");
		return false;
	}
	(void)pthread_join(thread, NULL);
	return true;
}

static void *
ask(void *data)
{
	struct guest *guest = data;

	guest->hr = guest->object->lpVtbl->QueryInterface(
	    guest->object, &IID_IUnknown, (void **)&guest->found);
	return NULL;
}

static void
run_transfer(struct trial *trial)
{
	IUnknown *object = trial_object(trial);
	struct guest guest, here;

	for (guint i = 0; object != NULL && i < trial->answered->len; i++) {
		const IID *iid = &g_array_index(trial->answered, IID, i);

		here = (struct guest){ .object = trial_face(trial, object, iid) };
		guest = here;
		if (here.object == NULL)
			return;
		(void)ask(&here);
		if (!on_thread(trial, ask, &guest))
			return;
		if (FAILED(guest.hr) || guest.found == NULL)
			trial_fail(trial, "%s, asked for IUnknown on a second thread, gives %s",
			    trial_iid_name(trial, iid), tessera_hresult_name(guest.hr));
		else if (guest.found != here.found)
			trial_fail(trial, "%s has another identity on a second thread",
			    trial_iid_name(trial, iid));
	}
}

static void *
give_back(void *data)
{
	struct guest *guest = data;

	guest->object->lpVtbl->Release(guest->object);
	return NULL;
}

static void
run_release(struct trial *trial)
{
	struct guest guest = { .object = trial_object(trial) };

	if (guest.object == NULL)
		return;
	trial_step(trial, "the last Release, on a second thread");
	if (on_thread(trial, give_back, &guest))
		trial_expect_idle(trial, "the last Release on a second thread");
}

/* All that the object answers, and itself. */
struct stormed {
	IUnknown *faces[FACES_MAX];
	unsigned count;
	pthread_mutex_t gate;    /* open when all threads are there */
	_Atomic unsigned failed; /* queries, after one that did not; see threads.transfer */
};

static void *
storm(void *data)
{
	struct stormed *stormed = data;
	bool worked[FACES_MAX] = { false };

	pthread_mutex_lock(&stormed->gate);
	pthread_mutex_unlock(&stormed->gate);
	for (unsigned i = 0; i < STORM_ROUNDS; i++) {
		const unsigned number = i % stormed->count;
		IUnknown *face = stormed->faces[number], *unknown = NULL;

		face->lpVtbl->AddRef(face);
		if (SUCCEEDED(
			face->lpVtbl->QueryInterface(face, &IID_IUnknown, (void **)&unknown))) {
			unknown->lpVtbl->Release(unknown);
			worked[number] = true;
		} else if (worked[number]) {
			stormed->failed++;
		}
		face->lpVtbl->Release(face);
	}
	return NULL;
}

/* False after trial_skip or trial_fail. */
static bool
take_faces(struct trial *trial, struct stormed *stormed)
{
	stormed->faces[0] = trial_object(trial);
	if (stormed->faces[0] == NULL)
		return false;
	stormed->count = 1;
	for (guint i = 0; i < trial->answered->len && stormed->count < FACES_MAX; i++) {
		IUnknown *face =
		    trial_face(trial, stormed->faces[0], &g_array_index(trial->answered, IID, i));

		if (face == NULL)
			return false;
		stormed->faces[stormed->count++] = face;
	}
	return true;
}

/* False after trial_skip. */
static bool
raise_storm(struct trial *trial, struct stormed *stormed)
{
	pthread_t threads[STORM_THREADS];
	unsigned started = 0;

	pthread_mutex_lock(&stormed->gate);
	while (
	    started < STORM_THREADS && pthread_create(&threads[started], NULL, storm, stormed) == 0)
		started++;
	pthread_mutex_unlock(&stormed->gate);
	for (unsigned i = 0; i < started; i++)
		(void)pthread_join(threads[i], NULL);
	if (started < STORM_THREADS)
		trial_skip(trial, "no threads can be started");
	return started == STORM_THREADS;
}

static void
compare_counts(struct trial *trial, const struct stormed *stormed, const ULONG *before)
{
	for (unsigned i = 0; i < stormed->count && !trial->has_failed; i++) {
		const IID *iid =
		    i == 0 ? &IID_IUnknown : &g_array_index(trial->answered, IID, i - 1);
		ULONG after = trial_count(stormed->faces[i]);

		if (after != before[i])
			trial_fail(trial,
			    "as many references taken as given on %u threads change the count "
			    "of %s from %u to %u",
			    STORM_THREADS, trial_iid_name(trial, iid), before[i], after);
	}
}

/* Storm after storm, because what is lost in a long one may be found again by its end. */
static void
run_storm(struct trial *trial)
{
	struct stormed stormed = { .gate = PTHREAD_MUTEX_INITIALIZER };
	const gint64 end = g_get_monotonic_time() + STORM_MILLISECONDS * 1000;
	ULONG before[FACES_MAX] = { 0 };

	if (!take_faces(trial, &stormed))
		return;
	for (unsigned i = 0; i < stormed.count; i++)
		before[i] = trial_count(stormed.faces[i]);
	trial_step(trial, "AddRef, QueryInterface and Release of %u interfaces on %u threads",
	    stormed.count, STORM_THREADS);
	do {
		if (!raise_storm(trial, &stormed))
			return;
		compare_counts(trial, &stormed, before);
		if (stormed.failed > 0)
			trial_fail(trial, "asked for IUnknown on %u threads, it fails %u times",
			    STORM_THREADS, stormed.failed);
	} while (!trial->has_failed && g_get_monotonic_time() < end);
}

static bool
is_free(const char *model)
{
	return model != NULL &&
	    (strcasecmp(model, "Both") == 0 || strcasecmp(model, "Free") == 0 ||
		strcasecmp(model, "Neutral") == 0);
}

static void
run_model(struct trial *trial)
{
	const struct manifest *manifest = trial->target->manifest;
	const char *first = NULL;

	if (manifest == NULL) {
		trial_skip(trial, "no manifest gives a threading model");
		return;
	}
	for (guint i = 0; i < manifest->classes->len; i++) {
		const struct manifest_class *class = g_ptr_array_index(manifest->classes, i);
		const char *model = class->threading_model;

		if (!is_free(model))
			trial_fail(trial,
			    "class %s: ThreadingModel %s; classes must be usable "
			    "from any thread: Both, Free or Neutral",
			    class->name, model != NULL ? model : "is not given");
		else if (first == NULL)
			first = model;
		else if (strcasecmp(model, first) != 0)
			trial_note(trial, "class %s: ThreadingModel %s, another has %s",
			    class->name, model, first);
	}
}

#define MODELS "Processes, Threads, and Apartments"

static const struct check checks[] = {
	{ "threads.model", run_model, "every class says that it may be used from any thread",
	    "ThreadingModel in comreg(1)", CHECK_MODULE, CHECK_LOADS_ITSELF },
	{ "threads.transfer", run_transfer,
	    "an object made on one thread works, and is the same, on another", MODELS, CHECK_CLASS,
	    0 },
	{ "threads.release", run_release, "the last Release may come from another thread", MODELS,
	    CHECK_CLASS, 0 },
	{ "threads.storm", run_storm,
	    "references of all interfaces are counted right on many threads at once",
	    "IUnknown::AddRef", CHECK_CLASS, 0 },
};
const struct check_group check_threads = CHECK_GROUP(checks);
