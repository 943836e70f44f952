/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/com_guests.h"

#include <glib.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "counter.h"
#include "tests/unit/com_scratch.h"

#define THREADS_MAX 16
#define LOAD_SECONDS_MAX 30

struct worker {
	pthread_t thread;
	unsigned number, modules, failures;
};

static bool done;

const char *
guests_copy(const char *folder, unsigned number)
{
	g_autofree char *contents = NULL;
	g_autofree char *name = g_strdup_printf("guest-%u.so", number);
	gsize size;

	if (!g_file_get_contents(scratch_built("tests/modules/guest.so"), &contents, &size, NULL))
		abort();
	return scratch_write_bytes(folder, name, contents, size);
}

static CLSID
class_of(unsigned number, unsigned which)
{
	CLSID clsid = scratch_guid("{6E570000-4A10-4C22-8D01-5B1F20773101}");

	clsid.Data1 |= number << 8 | which;
	return clsid;
}

CLSID
guests_class(unsigned number)
{
	return class_of(number, 1);
}

CLSID
guests_host_class(unsigned number)
{
	return class_of(number, 2);
}

const char *
guests_install(const char *folder, unsigned number, const char *more)
{
	const char *module = guests_copy(folder, number);
	g_autofree char *name = g_strdup_printf("guest-%u.component", number);
	g_autofree char *text = g_strdup_printf("[Component]\nModule=%s\n%s\n"
						"[Class {6E57%02X01-4A10-4C22-8D01-5B1F20773101}]\n"
						"Name=Guest\nThreadingModel=Both\n"
						"[Class {6E57%02X02-4A10-4C22-8D01-5B1F20773101}]\n"
						"Name=Host\nThreadingModel=Both\n",
	    module, more, number, number);

	scratch_write(folder, name, text);
	return module;
}

bool
guests_is_mapped(const char *path)
{
	g_autofree char *maps = NULL;

	if (!g_file_get_contents("/proc/self/maps", &maps, NULL, NULL))
		abort();
	return strstr(maps, path) != NULL;
}

static unsigned
use_object(const CLSID *clsid)
{
	ICounter *counter = NULL;
	LONG value = -1;
	unsigned failures;

	if (CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter, (void **)&counter) !=
	    S_OK)
		return 1;
	failures = counter->lpVtbl->Next(counter, &value) != S_OK || value != 0;
	return failures + (counter->lpVtbl->Release(counter) != 0);
}

static unsigned
use_class_object(const CLSID *clsid)
{
	IClassFactory *factory = NULL;
	ICounter *counter = NULL;
	unsigned failures;

	if (CoGetClassObject(
		clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory, (void **)&factory) != S_OK)
		return 1;
	failures = factory->lpVtbl->CreateInstance(
		       factory, NULL, &IID_ICounter, (void **)&counter) != S_OK;
	factory->lpVtbl->Release(factory);
	if (counter != NULL)
		counter->lpVtbl->Release(counter);
	return failures;
}

static void *
work(void *data)
{
	struct worker *worker = data;

	for (unsigned i = 0; !__atomic_load_n(&done, __ATOMIC_ACQUIRE); i++) {
		const CLSID guest = guests_class((worker->number + i) % worker->modules);
		const CLSID host = guests_host_class((worker->number + i / 3) % worker->modules);

		worker->failures += use_object(&guest);
		worker->failures += i % 4 == 0 ? use_class_object(&guest) : use_object(&host);
		/* On few processors a thread would else always lose its turn while it is inside. */
		sched_yield();
	}
	return NULL;
}

unsigned
guests_load(unsigned modules, unsigned threads, bool (*enough)(void))
{
	const gint64 end = g_get_monotonic_time() + LOAD_SECONDS_MAX * G_USEC_PER_SEC;
	struct worker workers[THREADS_MAX];
	unsigned failures = 0;

	__atomic_store_n(&done, false, __ATOMIC_RELEASE);
	if (threads > THREADS_MAX)
		abort();
	for (unsigned i = 0; i < threads; i++) {
		workers[i] = (struct worker){ .number = i, .modules = modules };
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
			abort();
	}
	while (!enough() && g_get_monotonic_time() < end)
		CoFreeUnusedLibrariesEx(0, 0);
	__atomic_store_n(&done, true, __ATOMIC_RELEASE);
	for (unsigned i = 0; i < threads; i++) {
		pthread_join(workers[i].thread, NULL);
		failures += workers[i].failures;
	}
	return failures;
}
