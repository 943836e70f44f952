/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver that hosts an IFD handler: starts its process, announces what it tells, and when the
 * process is lost lets the readers go and starts it again, a bounded number of times.
 *
 * One thread does all that, and it alone tells the sink, so movements keep their order. Exchanges
 * run on their callers' threads and do not pass by here.
 */
#define COBJMACROS
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <scarderr.h>
#include <scardreader.h>
#include <tessera_class.h>

#include "ifdhandler.h"
#include "rm/drivers/ifdhandler/process.h"
#include "rm/drivers/ifdhandler/reader.h"

#define SOURCE "SCardReaderDriver.ifdhandler"
/* From the process's start until it says what it has. */
#define START_LIMIT_MS 15000u
/* Closing the device; after that the process is killed. */
#define END_LIMIT_MS 2000
/* Starts after the first, each twice as long after its failure as the one before. */
#define RESTARTS_MAX 5u
#define RESTART_DELAY_MS 100u
/* A process that has run so long has its restarts back. */
#define STEADY_MS 60000u

enum state {
	STATE_WAITING,  /* for the time of the next start */
	STATE_STARTING, /* for the process to say what it has */
	STATE_RUNNING,
	STATE_GIVEN_UP
};

struct driver {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReaderDriver) driver;
	TESSERA_INTERFACE(ISupportErrorInfo) support;
	pthread_mutex_t lock; /* between Start and Stop */
	bool started, running;
	struct ifd_settings settings;
	ISCardReaderSink *sink;
	int wake_fd;
	bool stopping; /* atomic */
	pthread_t thread;

	/* How the first start went, which Start waits for. */
	pthread_mutex_t outcome_lock;
	pthread_cond_t outcome_known;
	bool known;
	HRESULT outcome;
	char message[IFD_MESSAGE_SIZE];

	/* The thread's while it runs. */
	enum state state;
	uint64_t until, since; /* ms: when the state ends by itself (0: never), when it began */
	unsigned restarts;
	struct ifd_process process;
	ISCardReader *readers[IFD_SLOTS_MAX];
	unsigned reader_count;
};

static uint64_t
now_ms(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static void
enter(struct driver *self, enum state state, uint64_t limit_ms)
{
	self->state = state;
	self->since = now_ms();
	self->until = limit_ms > 0 ? self->since + limit_ms : 0;
}

static void
say_outcome(struct driver *self, HRESULT hr)
{
	(void)pthread_mutex_lock(&self->outcome_lock);
	self->known = true;
	self->outcome = hr;
	(void)pthread_cond_signal(&self->outcome_known);
	(void)pthread_mutex_unlock(&self->outcome_lock);
}

static void
drop_readers(struct driver *self, bool tell)
{
	for (unsigned i = 0; i < self->reader_count; i++) {
		ifd_link_shut(ifd_reader_link(self->readers[i]));
		if (tell)
			(void)ISCardReaderSink_ReaderGone(self->sink, self->readers[i]);
		(void)ISCardReader_Release(self->readers[i]);
	}
	self->reader_count = 0;
}

static void
lose(struct driver *self, const char *reason)
{
	bool first = !self->known;
	unsigned delay;

	ifd_process_end(&self->process, 0);
	drop_readers(self, true);
	if (first) {
		(void)snprintf(self->message, sizeof self->message, "ifdhandler: %.120s: %.320s",
		    self->settings.library, reason);
		enter(self, STATE_GIVEN_UP, 0);
		say_outcome(self, SCARD_E_READER_UNAVAILABLE);
		return;
	}
	if (self->state == STATE_RUNNING && now_ms() - self->since >= STEADY_MS)
		self->restarts = 0;
	if (self->restarts == RESTARTS_MAX) {
		(void)fprintf(stderr,
		    "tessera: ifdhandler: %s: %s; it was started again %u times, and is given up\n",
		    self->settings.library, reason, RESTARTS_MAX);
		enter(self, STATE_GIVEN_UP, 0);
		return;
	}
	delay = RESTART_DELAY_MS << self->restarts++;
	(void)fprintf(stderr, "tessera: ifdhandler: %s: %s; it is started again in %u ms\n",
	    self->settings.library, reason, delay);
	enter(self, STATE_WAITING, delay);
}

static void
start_process(struct driver *self)
{
	int r = ifd_process_start(&self->process, &self->settings);
	char reason[128];

	if (r < 0) {
		(void)snprintf(reason, sizeof reason, "the program ifdhost cannot be started: %s",
		    g_strerror(-r));
		lose(self, reason);
		return;
	}
	enter(self, STATE_STARTING, START_LIMIT_MS);
}

static HRESULT
announce(struct driver *self, ISCardReader *reader, bool present)
{
	HRESULT hr;

	if (present)
		ifd_link_set_present(ifd_reader_link(reader), true);
	hr = ISCardReaderSink_ReaderArrived(self->sink, reader);
	if (SUCCEEDED(hr) && present)
		hr = ISCardReaderSink_CardInserted(self->sink, reader);
	return hr;
}

static void
close_all(const int fds[IFD_SLOT_FDS])
{
	for (unsigned i = 0; i < IFD_SLOT_FDS; i++)
		(void)close(fds[i]);
}

static void
take_ready(struct driver *self, const struct ifd_event *ready, const int *fds)
{
	HRESULT hr = S_OK;

	enter(self, STATE_RUNNING, 0);
	for (unsigned i = 0; i < ready->value; i++) {
		ISCardReader *reader;

		if (FAILED(hr)) {
			close_all(&fds[i * IFD_SLOT_FDS]);
			continue;
		}
		hr = ifd_reader_new(
		    &self->settings, ready, i, &fds[i * IFD_SLOT_FDS], self->wake_fd, &reader);
		if (FAILED(hr))
			continue;
		self->readers[self->reader_count++] = reader;
		hr = announce(self, reader, ready->present[i] != 0);
	}
	if (FAILED(hr))
		lose(self, "no memory or descriptors are left");
	else if (!self->known)
		say_outcome(self, S_OK);
}

static void
take_presence(struct driver *self, const struct ifd_event *event)
{
	ISCardReader *reader = self->readers[event->slot];
	HRESULT hr;

	ifd_link_set_present(ifd_reader_link(reader), event->value != 0);
	hr = event->value != 0 ? ISCardReaderSink_CardInserted(self->sink, reader)
			       : ISCardReaderSink_CardRemoved(self->sink, reader);
	if (FAILED(hr))
		lose(self, "no memory is left");
}

static void
take_events(struct driver *self)
{
	while (self->process.pid_fd >= 0) {
		int fds[IFD_FDS_MAX];
		struct ifd_event event;
		int r = ifd_process_event(&self->process,
		    self->state == STATE_RUNNING ? self->reader_count : 0, &event, fds);

		if (r == -EAGAIN)
			return;
		if (r < 0)
			lose(self,
			    r == -ENODEV ? "the handler's process has ended"
					 : "the handler's process does not keep to the protocol");
		else if (event.kind == IFD_EVENT_READY)
			take_ready(self, &event, fds);
		else if (event.kind == IFD_EVENT_FAILED)
			lose(self, event.reason);
		else if (event.kind == IFD_EVENT_GONE)
			lose(self, "the device is gone");
		else
			take_presence(self, &event);
	}
}

/* Exchanges that found the process dead or hanging. */
static void
check_links(struct driver *self)
{
	for (unsigned i = 0; i < self->reader_count; i++) {
		const char *failure = ifd_link_failure(ifd_reader_link(self->readers[i]));

		if (failure != NULL) {
			lose(self, failure);
			return;
		}
	}
}

static void
check_time(struct driver *self)
{
	if (self->until == 0 || now_ms() < self->until)
		return;
	if (self->state == STATE_WAITING)
		start_process(self);
	else if (self->state == STATE_STARTING)
		lose(self, "the handler does not open its device in time");
}

static int
time_left(const struct driver *self)
{
	uint64_t time = now_ms();

	if (self->until == 0)
		return -1;
	return self->until > time ? (int)(self->until - time) : 0;
}

static void *
run(void *data)
{
	struct driver *self = data;

	start_process(self);
	while (!__atomic_load_n(&self->stopping, __ATOMIC_ACQUIRE)) {
		struct pollfd fds[] = { { .fd = self->wake_fd, .events = POLLIN },
			{ .fd = self->process.events_fd, .events = POLLIN } };
		eventfd_t count;

		if (poll(fds, 2, time_left(self)) > 0 && fds[0].revents != 0)
			(void)eventfd_read(self->wake_fd, &count);
		take_events(self);
		check_links(self);
		check_time(self);
	}
	drop_readers(self, false);
	/* What has not opened its device yet has nothing to close. */
	ifd_process_end(&self->process, self->state == STATE_RUNNING ? END_LIMIT_MS : 0);
	return NULL;
}

static HRESULT
fail(HRESULT hr, const char *message)
{
	return tessera_error(hr, &IID_ISCardReaderDriver, SOURCE, "%s", message);
}

/* A library's thread takes no signal that is meant for the program. */
static int
begin_thread(struct driver *self)
{
	sigset_t all, before;
	int r;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&self->thread, NULL, run, self);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r;
}

static void
end_thread(struct driver *self)
{
	__atomic_store_n(&self->stopping, true, __ATOMIC_RELEASE);
	(void)eventfd_write(self->wake_fd, 1);
	(void)pthread_join(self->thread, NULL);
	(void)close(self->wake_fd);
	self->wake_fd = -1;
}

/* The thread's own limit comes, if the caller's does not come before. */
static HRESULT
wait_for_outcome(struct driver *self, uint64_t deadline)
{
	struct timespec until = { .tv_sec = (time_t)(deadline / 1000000000u),
		.tv_nsec = (long)(deadline % 1000000000u) };
	HRESULT hr = SCARD_E_TIMEOUT;
	int r = 0;

	(void)pthread_mutex_lock(&self->outcome_lock);
	while (!self->known && r == 0)
		r = deadline != 0
		    ? pthread_cond_timedwait(&self->outcome_known, &self->outcome_lock, &until)
		    : pthread_cond_wait(&self->outcome_known, &self->outcome_lock);
	if (self->known)
		hr = self->outcome;
	(void)pthread_mutex_unlock(&self->outcome_lock);
	return hr;
}

static HRESULT
start(struct driver *self, const char *settings, ISCardReaderSink *sink, uint64_t deadline)
{
	HRESULT hr;

	if (ifd_settings_parse(settings, &self->settings, self->message) < 0)
		return fail(SCARD_E_INVALID_PARAMETER, self->message);
	self->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (self->wake_fd < 0)
		return fail(SCARD_E_READER_UNAVAILABLE,
		    "ifdhandler: no descriptors are left; end programs, or raise the limit (ulimit "
		    "-n)");
	self->sink = sink;
	if (begin_thread(self) != 0) {
		(void)close(self->wake_fd);
		self->wake_fd = -1;
		return E_OUTOFMEMORY;
	}
	hr = wait_for_outcome(self, deadline);
	if (FAILED(hr)) {
		end_thread(self);
		self->sink = NULL;
		return hr == SCARD_E_TIMEOUT
		    ? fail(SCARD_E_READER_UNAVAILABLE,
			  "ifdhandler: the handler does not open its device in time")
		    : fail(hr, self->message);
	}
	(void)ISCardReaderSink_AddRef(sink);
	self->running = true;
	return S_OK;
}

static void
stop(struct driver *self)
{
	if (!self->running)
		return;
	end_thread(self);
	(void)ISCardReaderSink_Release(self->sink);
	self->sink = NULL;
	self->running = false;
}

static HRESULT
driver_Start(ISCardReaderDriver *iface, LPCSTR Settings, ISCardReaderSink *Sink, ULONGLONG Deadline)
{
	struct driver *self = TESSERA_SELF(struct driver, iface);
	HRESULT hr = E_UNEXPECTED;

	if (Sink == NULL)
		return E_POINTER;
	(void)pthread_mutex_lock(&self->lock);
	if (!self->started) {
		self->started = true;
		hr = start(self, Settings, Sink, Deadline);
	}
	(void)pthread_mutex_unlock(&self->lock);
	return hr;
}

static HRESULT
driver_Stop(ISCardReaderDriver *iface)
{
	struct driver *self = TESSERA_SELF(struct driver, iface);

	(void)pthread_mutex_lock(&self->lock);
	stop(self);
	(void)pthread_mutex_unlock(&self->lock);
	return S_OK;
}

static HRESULT
construct(struct tessera_object *object)
{
	struct driver *self = (struct driver *)(void *)object;
	pthread_condattr_t attributes;

	self->wake_fd = self->process.pid_fd = self->process.events_fd = -1;
	(void)pthread_mutex_init(&self->lock, NULL);
	(void)pthread_mutex_init(&self->outcome_lock, NULL);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&self->outcome_known, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	return S_OK;
}

static void
destruct(struct tessera_object *object)
{
	struct driver *self = (struct driver *)(void *)object;

	stop(self);
	(void)pthread_cond_destroy(&self->outcome_known);
	(void)pthread_mutex_destroy(&self->outcome_lock);
	(void)pthread_mutex_destroy(&self->lock);
}

static const ISCardReaderDriverVtbl driver_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ISCardReaderDriver),
	.Start = driver_Start,
	.Stop = driver_Stop,
};
static const struct tessera_interface driver_interfaces[] = {
	{ &IID_ISCardReaderDriver, offsetof(struct driver, driver), &driver_vtbl },
	{ &IID_ISupportErrorInfo, offsetof(struct driver, support),
	    &tessera_support_error_info_vtbl },
};
static struct tessera_census driver_census;
static const struct tessera_class driver_class = {
	.clsid = &CLSID_IfdHandlerDriver,
	.name = "IfdHandlerDriver",
	.size = sizeof(struct driver),
	.interfaces = driver_interfaces,
	.interface_count = sizeof driver_interfaces / sizeof driver_interfaces[0],
	.construct = construct,
	.destruct = destruct,
	.flags = TESSERA_CLASS_SERVICE,
	.census = &driver_census,
};
TESSERA_MODULE(&driver_class, &ifd_reader_class);
