/* SPDX-License-Identifier: BSD-2-Clause */
#define COBJMACROS
#include "tests/unit/driver_sink.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <objbase.h>
#include <tessera_class.h>
#include <tessera_com.h>

#include "tests/suite.h"

#define EVENTS_MAX 4096
/* What should come at once is waited for this long before the test has failed. */
#define PATIENCE_MS 20000
#define NEVER ((size_t)-1)

struct sink {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReaderSink) sink;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct {
		enum sink_event event;
		ISCardReader *reader;
	} events[EVENTS_MAX];
	size_t count, fail_at;
};

static struct sink *
self_of(ISCardReaderSink *iface)
{
	return TESSERA_SELF(struct sink, iface);
}

static HRESULT
note(ISCardReaderSink *iface, enum sink_event event, ISCardReader *reader)
{
	struct sink *self = self_of(iface);
	HRESULT hr = S_OK;

	pthread_mutex_lock(&self->lock);
	if (self->count < EVENTS_MAX) {
		ISCardReader_AddRef(reader);
		self->events[self->count].event = event;
		self->events[self->count].reader = reader;
		if (self->count == self->fail_at)
			hr = E_OUTOFMEMORY;
		self->count++;
	}
	pthread_cond_broadcast(&self->more);
	pthread_mutex_unlock(&self->lock);
	return hr;
}

static HRESULT
sink_ReaderArrived(ISCardReaderSink *iface, ISCardReader *Reader)
{
	return note(iface, SINK_ARRIVED, Reader);
}

static HRESULT
sink_ReaderGone(ISCardReaderSink *iface, ISCardReader *Reader)
{
	return note(iface, SINK_GONE, Reader);
}

static HRESULT
sink_CardInserted(ISCardReaderSink *iface, ISCardReader *Reader)
{
	return note(iface, SINK_INSERTED, Reader);
}

static HRESULT
sink_CardRemoved(ISCardReaderSink *iface, ISCardReader *Reader)
{
	return note(iface, SINK_REMOVED, Reader);
}

static HRESULT
construct(struct tessera_object *object)
{
	struct sink *self = (struct sink *)(void *)object;
	pthread_condattr_t attributes;

	self->fail_at = NEVER;
	pthread_mutex_init(&self->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&self->more, &attributes);
	pthread_condattr_destroy(&attributes);
	return S_OK;
}

static void
destruct(struct tessera_object *object)
{
	struct sink *self = (struct sink *)(void *)object;

	for (size_t i = 0; i < self->count; i++)
		ISCardReader_Release(self->events[i].reader);
	pthread_cond_destroy(&self->more);
	pthread_mutex_destroy(&self->lock);
}

static const ISCardReaderSinkVtbl sink_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ISCardReaderSink),
	.ReaderArrived = sink_ReaderArrived,
	.ReaderGone = sink_ReaderGone,
	.CardInserted = sink_CardInserted,
	.CardRemoved = sink_CardRemoved,
};
static const struct tessera_interface sink_interfaces[] = {
	{ &IID_ISCardReaderSink, offsetof(struct sink, sink), &sink_vtbl },
};
static struct tessera_census sink_census;
static const struct tessera_class sink_class = {
	.name = "TestSink",
	.size = sizeof(struct sink),
	.interfaces = sink_interfaces,
	.interface_count = 1,
	.construct = construct,
	.destruct = destruct,
	.census = &sink_census,
};
TESSERA_CLASSES(&sink_class);

ISCardReaderSink *
sink_new(void)
{
	ISCardReaderSink *sink;

	if (FAILED(
		tessera_object_create(&sink_class, NULL, &IID_ISCardReaderSink, (void **)&sink))) {
		fprintf(stderr, "no memory for the test's sink\n");
		exit(1);
	}
	return sink;
}

void
sink_fail_at(ISCardReaderSink *sink, size_t count)
{
	struct sink *self = self_of(sink);

	pthread_mutex_lock(&self->lock);
	self->fail_at = count;
	pthread_mutex_unlock(&self->lock);
}

uint64_t
driver_deadline(unsigned from_now_ms)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec +
	    (uint64_t)from_now_ms * 1000000u;
}

bool
sink_wait(ISCardReaderSink *sink, size_t count)
{
	struct sink *self = self_of(sink);
	uint64_t deadline = driver_deadline(PATIENCE_MS);
	struct timespec until = { .tv_sec = (time_t)(deadline / 1000000000u),
		.tv_nsec = (long)(deadline % 1000000000u) };
	bool there;

	pthread_mutex_lock(&self->lock);
	while (self->count < count && pthread_cond_timedwait(&self->more, &self->lock, &until) == 0)
		;
	there = self->count >= count;
	pthread_mutex_unlock(&self->lock);
	return there;
}

size_t
sink_count(ISCardReaderSink *sink)
{
	struct sink *self = self_of(sink);
	size_t count;

	pthread_mutex_lock(&self->lock);
	count = self->count;
	pthread_mutex_unlock(&self->lock);
	return count;
}

enum sink_event
sink_event(ISCardReaderSink *sink, size_t i, ISCardReader **ret_reader)
{
	struct sink *self = self_of(sink);
	enum sink_event event = SINK_NOTHING;

	pthread_mutex_lock(&self->lock);
	if (i < self->count) {
		event = self->events[i].event;
		if (ret_reader != NULL)
			*ret_reader = self->events[i].reader;
	}
	pthread_mutex_unlock(&self->lock);
	return event;
}

ISCardReaderDriver *
driver_new(const char *name)
{
	ISCardReaderDriver *driver;
	OLECHAR progid[64];
	char text[64];
	size_t length;
	CLSID clsid;
	HRESULT hr;

	length = (size_t)snprintf(text, sizeof text, "SCardReaderDriver.%s", name);
	for (size_t i = 0; i <= length; i++)
		progid[i] = (OLECHAR)text[i];
	hr = CLSIDFromProgID(progid, &clsid);
	if (SUCCEEDED(hr))
		hr = CoCreateInstance(
		    &clsid, NULL, CLSCTX_ALL, &IID_ISCardReaderDriver, (void **)&driver);
	if (FAILED(hr)) {
		char *why = tessera_error_text();

		fprintf(
		    stderr, "%s: %s: %s\n", text, tessera_hresult_name(hr), why != NULL ? why : "");
		exit(1);
	}
	return driver;
}

static void
print_class(const char *class_name, ULONG count, void *data)
{
	(void)data;
	printf("# %u of %s are left\n", count, class_name);
}

void
driver_check_no_objects(void)
{
	SUITE_EQUAL_INT(tessera_live_objects(print_class, NULL), 0);
	SUITE_EQUAL_INT(tessera_live_services(print_class, NULL), 0);
}

void
driver_check_text(const char *expected)
{
	char *text = tessera_error_text();

	SUITE_EQUAL_STRING(text, expected);
	CoTaskMemFree(text);
}
