/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual reader as a driver: listens for cards that speak the vpcd protocol, one slot an
 * address, and announces them.
 *
 * One thread waits for connections that come and connections that end, and it alone tells the sink,
 * so movements keep their order. Exchanges run on their callers' threads and do not pass by here.
 */
#define COBJMACROS
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <scarderr.h>
#include <scardreader.h>
#include <tessera_class.h>

#include "rm/drivers/vpcd/event.h"
#include "rm/drivers/vpcd/link.h"
#include "rm/drivers/vpcd/listener.h"
#include "rm/drivers/vpcd/reader.h"
#include "vpcd.h"

#define SOURCE "SCardReaderDriver.vpcd"
#define NONE (-1)
/* After a connection could not be taken for want of memory or descriptors: when to try again. */
#define RETRY_MS 1000

#define NO_DESCRIPTORS \
	"vpcd: no descriptors are left to wait with; end programs, or raise the limit (ulimit -n)"

struct vpcd_slot {
	ISCardReader *reader;
	struct vpcd_connection *connection; /* the reader's */
	struct vpcd_listener listener;
	int next;   /* a card that came while a dead one was still in use by an exchange; or NONE */
	bool muted; /* the listener is not waited for until RETRY_MS have passed */
};

struct vpcd_driver {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReaderDriver) driver;
	TESSERA_INTERFACE(ISupportErrorInfo) support;
	pthread_mutex_t lock; /* between Start and Stop */
	bool started, running;
	struct vpcd_settings settings;
	ISCardReaderSink *sink;
	int epoll_fd, wake_fd;
	bool stopping; /* atomic */
	pthread_t thread;
	/* The thread's while it runs. */
	struct vpcd_slot slots[VPCD_SLOTS_MAX];
	unsigned slot_count;
};

/* What an event of epoll means, and of which slot. */
enum source {
	SOURCE_WAKE,
	SOURCE_LISTENER,
	SOURCE_CARD
};

static uint64_t
tag(enum source source, unsigned slot)
{
	return (uint64_t)source << 32 | slot;
}

static int
watch(struct vpcd_driver *self, int operation, int fd, uint32_t events, uint64_t data)
{
	struct epoll_event event = { .events = events, .data = { .u64 = data } };

	return epoll_ctl(self->epoll_fd, operation, fd, &event) < 0 ? -errno : 0;
}

/* A connection becomes the slot's card, or is closed when that cannot be told to anyone. */
static void
insert(struct vpcd_driver *self, unsigned number, int fd)
{
	struct vpcd_slot *slot = &self->slots[number];

	/* Only the end is waited for, and reported once: what the card says is for the exchanges.
	 */
	if (watch(self, EPOLL_CTL_ADD, fd, EPOLLRDHUP | EPOLLET, tag(SOURCE_CARD, number)) < 0) {
		close(fd);
		return;
	}
	vpcd_connection_insert(slot->connection, fd);
	if (FAILED(ISCardReaderSink_CardInserted(self->sink, slot->reader))) {
		vpcd_connection_hang_up(slot->connection);
		fd = vpcd_connection_clear(slot->connection);
		if (fd >= 0)
			close(fd);
	}
}

/* Takes a dead card out and puts in the one that waits for its place. */
static void
clear(struct vpcd_driver *self, unsigned number)
{
	struct vpcd_slot *slot = &self->slots[number];
	int fd = vpcd_connection_clear(slot->connection);

	if (fd < 0)
		return;
	close(fd);
	ISCardReaderSink_CardRemoved(self->sink, slot->reader);
	if (slot->next != NONE) {
		fd = slot->next;
		slot->next = NONE;
		insert(self, number, fd);
	}
}

/* A new connection. The one that is there may have ended, which has not been looked at yet. */
static void
take(struct vpcd_driver *self, unsigned number, int fd)
{
	struct vpcd_slot *slot = &self->slots[number];
	int present = vpcd_connection_card(slot->connection);

	if (present != NONE && vpcd_link_is_dead(present)) {
		vpcd_connection_hang_up(slot->connection);
		clear(self, number);
		present = vpcd_connection_card(slot->connection);
		if (present != NONE && slot->next == NONE && vpcd_link_is_dead(present)) {
			slot->next = fd;
			return;
		}
	}
	if (present == NONE)
		insert(self, number, fd);
	else
		close(fd);
}

static void
accept_cards(struct vpcd_driver *self, unsigned number)
{
	struct vpcd_slot *slot = &self->slots[number];

	for (;;) {
		int fd = vpcd_listener_accept(&slot->listener);

		if (fd >= 0) {
			take(self, number, fd);
			continue;
		}
		/* Those concern one connection, which is gone already. */
		if (fd == -ECONNABORTED || fd == -EINTR || fd == -EPROTO)
			continue;
		/* Left in line it would be reported again at once, without end. */
		if (fd != -EAGAIN &&
		    watch(self, EPOLL_CTL_MOD, slot->listener.fd, 0,
			tag(SOURCE_LISTENER, number)) == 0)
			slot->muted = true;
		return;
	}
}

/* Returns how long to wait for events: until muted listeners get their next chance, or for ever. */
static int
unmute(struct vpcd_driver *self, bool time_is_up)
{
	int timeout = -1;

	for (unsigned i = 0; i < self->slot_count; i++) {
		struct vpcd_slot *slot = &self->slots[i];

		if (slot->muted && time_is_up)
			slot->muted = watch(self, EPOLL_CTL_MOD, slot->listener.fd, EPOLLIN,
					  tag(SOURCE_LISTENER, i)) != 0;
		if (slot->muted)
			timeout = RETRY_MS;
	}
	return timeout;
}

/*
 * One round. Ends come before beginnings: a card that was pulled and put in again leaves a hang-up
 * and a connection at once, and in that order they are told.
 */
static void
handle(struct vpcd_driver *self, const struct epoll_event *events, int count)
{
	for (int i = 0; i < count; i++) {
		unsigned number = (unsigned)(events[i].data.u64 & UINT32_MAX);

		if (events[i].data.u64 >> 32 == SOURCE_WAKE)
			vpcd_event_clear(self->wake_fd);
		if (events[i].data.u64 >> 32 == SOURCE_CARD)
			vpcd_connection_hang_up(self->slots[number].connection);
	}
	for (unsigned i = 0; i < self->slot_count; i++)
		clear(self, i);
	for (int i = 0; i < count; i++)
		if (events[i].data.u64 >> 32 == SOURCE_LISTENER)
			accept_cards(self, (unsigned)(events[i].data.u64 & UINT32_MAX));
}

static void *
run(void *data)
{
	struct vpcd_driver *self = data;
	struct epoll_event events[2 * VPCD_SLOTS_MAX + 1];
	int timeout = -1;

	for (;;) {
		int n =
		    epoll_wait(self->epoll_fd, events, sizeof events / sizeof events[0], timeout);

		if (__atomic_load_n(&self->stopping, __ATOMIC_ACQUIRE))
			return NULL;
		if (n > 0)
			handle(self, events, n);
		timeout = unmute(self, n == 0);
	}
}

static HRESULT
fail(HRESULT hr, const char *message)
{
	return tessera_error(hr, &IID_ISCardReaderDriver, SOURCE, "%s", message);
}

/* Descriptors, readers, listeners; cleaned up by close_all. */
static HRESULT
open_all(struct vpcd_driver *self)
{
	char message[VPCD_MESSAGE_SIZE];

	self->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	self->wake_fd = vpcd_event_new();
	if (self->epoll_fd < 0 || self->wake_fd < 0 ||
	    watch(self, EPOLL_CTL_ADD, self->wake_fd, EPOLLIN, tag(SOURCE_WAKE, 0)) < 0)
		return fail(SCARD_E_READER_UNAVAILABLE, NO_DESCRIPTORS);
	for (unsigned i = 0; i < self->settings.slots; i++) {
		struct vpcd_slot *slot = &self->slots[i];
		HRESULT hr;

		hr = vpcd_reader_new(&self->settings, i, self->wake_fd, &slot->reader);
		if (FAILED(hr))
			return hr == SCARD_E_READER_UNAVAILABLE ? fail(hr, NO_DESCRIPTORS) : hr;
		slot->connection = vpcd_reader_connection(slot->reader);
		slot->next = NONE;
		slot->muted = false;
		slot->listener.fd = -1;
		self->slot_count++;
		if (vpcd_listener_open(&slot->listener, &self->settings, i, message) < 0)
			return fail(SCARD_E_READER_UNAVAILABLE, message);
		if (watch(self, EPOLL_CTL_ADD, slot->listener.fd, EPOLLIN,
			tag(SOURCE_LISTENER, i)) < 0)
			return E_OUTOFMEMORY;
	}
	return S_OK;
}

/* After the thread has ended, or before it began. */
static void
close_all(struct vpcd_driver *self)
{
	for (unsigned i = 0; i < self->slot_count; i++) {
		struct vpcd_slot *slot = &self->slots[i];
		int fd = vpcd_connection_shut(slot->connection);

		if (fd >= 0)
			close(fd);
		if (slot->next != NONE)
			close(slot->next);
		vpcd_listener_close(&slot->listener);
		ISCardReader_Release(slot->reader);
	}
	self->slot_count = 0;
	if (self->epoll_fd >= 0)
		close(self->epoll_fd);
	if (self->wake_fd >= 0)
		close(self->wake_fd);
	self->epoll_fd = self->wake_fd = -1;
}

/* A library's thread takes no signal that is meant for the program. */
static int
begin_thread(struct vpcd_driver *self)
{
	sigset_t all, before;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&self->thread, NULL, run, self);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r;
}

/* Readers first, then the thread that tells of their cards. */
static HRESULT
announce(struct vpcd_driver *self)
{
	unsigned announced;
	HRESULT hr = S_OK;

	for (announced = 0; announced < self->slot_count && SUCCEEDED(hr);) {
		hr = ISCardReaderSink_ReaderArrived(self->sink, self->slots[announced].reader);
		if (SUCCEEDED(hr))
			announced++;
	}
	if (SUCCEEDED(hr) && begin_thread(self) != 0)
		hr = E_OUTOFMEMORY;
	if (SUCCEEDED(hr))
		return S_OK;
	while (announced-- > 0)
		ISCardReaderSink_ReaderGone(self->sink, self->slots[announced].reader);
	return hr;
}

static HRESULT
start(struct vpcd_driver *self, const char *settings, ISCardReaderSink *sink)
{
	char message[VPCD_MESSAGE_SIZE];
	HRESULT hr;

	if (vpcd_settings_parse(settings, &self->settings, message) < 0)
		return fail(SCARD_E_INVALID_PARAMETER, message);
	self->sink = sink;
	hr = open_all(self);
	if (SUCCEEDED(hr))
		hr = announce(self);
	if (FAILED(hr)) {
		close_all(self);
		self->sink = NULL;
		return hr;
	}
	ISCardReaderSink_AddRef(sink);
	self->running = true;
	return S_OK;
}

static void
stop(struct vpcd_driver *self)
{
	if (!self->running)
		return;
	__atomic_store_n(&self->stopping, true, __ATOMIC_RELEASE);
	vpcd_event_raise(self->wake_fd);
	pthread_join(self->thread, NULL);
	close_all(self);
	ISCardReaderSink_Release(self->sink);
	self->sink = NULL;
	self->running = false;
}

static HRESULT
driver_Start(ISCardReaderDriver *iface, LPCSTR Settings, ISCardReaderSink *Sink, ULONGLONG Deadline)
{
	struct vpcd_driver *self = TESSERA_SELF(struct vpcd_driver, iface);
	HRESULT hr = E_UNEXPECTED;

	(void)Deadline;
	if (Sink == NULL)
		return E_POINTER;
	pthread_mutex_lock(&self->lock);
	if (!self->started) {
		self->started = true;
		hr = start(self, Settings, Sink);
	}
	pthread_mutex_unlock(&self->lock);
	return hr;
}

static HRESULT
driver_Stop(ISCardReaderDriver *iface)
{
	struct vpcd_driver *self = TESSERA_SELF(struct vpcd_driver, iface);

	pthread_mutex_lock(&self->lock);
	stop(self);
	pthread_mutex_unlock(&self->lock);
	return S_OK;
}

static HRESULT
construct(struct tessera_object *object)
{
	struct vpcd_driver *self = (struct vpcd_driver *)(void *)object;

	self->epoll_fd = self->wake_fd = -1;
	pthread_mutex_init(&self->lock, NULL);
	return S_OK;
}

static void
destruct(struct tessera_object *object)
{
	struct vpcd_driver *self = (struct vpcd_driver *)(void *)object;

	stop(self);
	pthread_mutex_destroy(&self->lock);
}

static const ISCardReaderDriverVtbl driver_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ISCardReaderDriver),
	.Start = driver_Start,
	.Stop = driver_Stop,
};
static const struct tessera_interface driver_interfaces[] = {
	{ &IID_ISCardReaderDriver, offsetof(struct vpcd_driver, driver), &driver_vtbl },
	{ &IID_ISupportErrorInfo, offsetof(struct vpcd_driver, support),
	    &tessera_support_error_info_vtbl },
};
static struct tessera_census driver_census;
static const struct tessera_class driver_class = {
	.clsid = &CLSID_VpcdDriver,
	.name = "VpcdDriver",
	.size = sizeof(struct vpcd_driver),
	.interfaces = driver_interfaces,
	.interface_count = sizeof driver_interfaces / sizeof driver_interfaces[0],
	.construct = construct,
	.destruct = destruct,
	.flags = TESSERA_CLASS_SERVICE,
	.census = &driver_census,
};
TESSERA_MODULE(&driver_class, &vpcd_reader_class);
