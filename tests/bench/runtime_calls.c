/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/bench/runtime_calls.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COBJMACROS
#include <oleauto.h>
#include <tessera_com.h>

#include "counter.h"
#include "tests/bench/sample.h"

#define THREADS_MAX 2u

static ICounter *object;

void
calls_prepare(void)
{
	HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

	if (SUCCEEDED(hr))
		hr = CoCreateInstance(
		    &CLSID_Hermit, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter, (void **)&object);
	if (SUCCEEDED(hr))
		return;
	fprintf(stderr, "the test component: %s\n", tessera_error_text());
	exit(1);
}

void
calls_reference(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		ICounter_AddRef(object);
		ICounter_Release(object);
	}
}

/* The floors' object: calls through a table, C11 atomics, one identifier to compare with. */
struct plain {
	const struct plain_vtbl *vtbl;
	atomic_uint references;
};
struct plain_vtbl {
	HRESULT (*query)(struct plain *, const IID *, void **);
	unsigned (*take)(struct plain *);
	unsigned (*give)(struct plain *);
};

static unsigned
plain_take(struct plain *plain)
{
	return atomic_fetch_add_explicit(&plain->references, 1, memory_order_relaxed) + 1;
}

static unsigned
plain_give(struct plain *plain)
{
	return atomic_fetch_sub_explicit(&plain->references, 1, memory_order_release) - 1;
}

static HRESULT
plain_query(struct plain *plain, const IID *iid, void **ret)
{
	if (memcmp(iid, &IID_ICounter, sizeof *iid) != 0)
		return E_NOINTERFACE;
	plain_take(plain);
	*ret = plain;
	return S_OK;
}

static const struct plain_vtbl plain_vtbl = { plain_query, plain_take, plain_give };
static struct plain plain_object = { &plain_vtbl, 1 };
static struct plain *volatile plain_pointer = &plain_object;

void
calls_reference_floor(unsigned count)
{
	struct plain *plain = plain_pointer;

	for (unsigned i = 0; i < count; i++) {
		plain->vtbl->take(plain);
		plain->vtbl->give(plain);
	}
}

void
calls_query_hit(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		ICounter *same;

		if (FAILED(ICounter_QueryInterface(object, &IID_ICounter, (void **)&same)))
			abort();
		ICounter_Release(same);
	}
}

void
calls_query_miss(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		void *none;

		if (ICounter_QueryInterface(object, &IID_IStream, &none) != E_NOINTERFACE)
			abort();
	}
}

void
calls_query_floor(unsigned count)
{
	struct plain *plain = plain_pointer;

	for (unsigned i = 0; i < count; i++) {
		void *same;

		if (FAILED(plain->vtbl->query(plain, &IID_ICounter, &same)))
			abort();
		plain->vtbl->give(plain);
	}
}

void
calls_activation(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		ICounter *made;

		if (FAILED(CoCreateInstance(
			&CLSID_Hermit, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter, (void **)&made)))
			abort();
		ICounter_Release(made);
	}
}

/* A constructor at a known address, and malloc. */
static struct plain *
make(size_t size)
{
	struct plain *plain = calloc(1, size);

	if (plain == NULL)
		abort();
	plain->vtbl = &plain_vtbl;
	atomic_init(&plain->references, 1);
	return plain;
}
static struct plain *(*volatile cached_maker)(size_t) = make;

void
calls_activation_floor(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct plain *plain = cached_maker(96);

		if (plain->vtbl->give(plain) == 0)
			free(plain);
	}
}

struct worker {
	pthread_t thread;
	pthread_barrier_t *start;
	unsigned cpu, count;
	double begin, end;
};

static void *
work(void *data)
{
	struct worker *worker = data;
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(worker->cpu, &one);
	(void)sched_setaffinity(0, sizeof one, &one);
	(void)pthread_barrier_wait(worker->start);
	worker->begin = now_us();
	calls_activation(worker->count);
	worker->end = now_us();
	return NULL;
}

double
calls_activations_together(unsigned threads, unsigned count)
{
	struct worker workers[THREADS_MAX];
	pthread_barrier_t start;
	double begin, end;

	if (threads > THREADS_MAX || (long)threads > sysconf(_SC_NPROCESSORS_ONLN))
		return 0;
	(void)pthread_barrier_init(&start, NULL, threads);
	for (unsigned i = 0; i < threads; i++) {
		workers[i] = (struct worker){ .start = &start, .cpu = i, .count = count };
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
			abort();
	}
	for (unsigned i = 0; i < threads; i++)
		(void)pthread_join(workers[i].thread, NULL);
	(void)pthread_barrier_destroy(&start);
	begin = workers[0].begin;
	end = workers[0].end;
	for (unsigned i = 1; i < threads; i++) {
		begin = workers[i].begin < begin ? workers[i].begin : begin;
		end = workers[i].end > end ? workers[i].end : end;
	}
	return threads * (double)count / (end - begin);
}
