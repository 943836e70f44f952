/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/usb_loop.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <glib.h>

#include "ccid/thread.h"

#define NANOSECONDS 1000000000ull
#define ROUND_SECONDS 60 /* longest wait inside libusb; then it is looked at again */

struct usb_loop {
	libusb_context *context;
	/*
	 * Two levels: `inner` has libusb's descriptors, `outer` has `inner` and `wake`. The thread
	 * waits on `outer`. While somebody else handles events, `outer` is told not to look at
	 * `inner`: or each event would wake two.
	 */
	int outer, inner, wake;
	pthread_t thread;
	bool running;
	bool stopping; /* atomic */

	pthread_mutex_t lock; /* a leaf */
	unsigned working;     /* threads in usb_loop_wait */
	GQueue reports;       /* of struct report: devices that came or went */

	pthread_mutex_t telling; /* held while the watcher is told */
	struct usb_watcher watcher;
	bool watching;
	libusb_hotplug_callback_handle hotplug;
	GHashTable *known; /* the devices that arrived and have not left */
};

struct report {
	libusb_device *device; /* with a reference */
	bool left;
};

libusb_context *
usb_loop_context(struct usb_loop *loop)
{
	return loop->context;
}

static void
raise_wake(struct usb_loop *loop)
{
	const uint64_t one = 1;

	if (write(loop->wake, &one, sizeof one) < 0)
		return; /* it is readable already */
}

static void LIBUSB_CALL
pollfd_added(int fd, short events, void *data)
{
	struct usb_loop *loop = data;
	struct epoll_event event = { .data.fd = fd };

	event.events =
	    ((events & POLLIN) != 0 ? EPOLLIN : 0u) | ((events & POLLOUT) != 0 ? EPOLLOUT : 0u);
	(void)epoll_ctl(loop->inner, EPOLL_CTL_ADD, fd, &event);
}

static void LIBUSB_CALL
pollfd_removed(int fd, void *data)
{
	struct usb_loop *loop = data;

	(void)epoll_ctl(loop->inner, EPOLL_CTL_DEL, fd, NULL);
}

/* Whoever handles events runs this: it makes a note, and the loop's thread does the rest. */
static int LIBUSB_CALL
hotplug(libusb_context *context, libusb_device *device, libusb_hotplug_event event, void *data)
{
	struct usb_loop *loop = data;
	struct report *report = g_new(struct report, 1);

	(void)context;
	report->device = libusb_ref_device(device);
	report->left = event == LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;
	pthread_mutex_lock(&loop->lock);
	g_queue_push_tail(&loop->reports, report);
	pthread_mutex_unlock(&loop->lock);
	raise_wake(loop);
	return 0;
}

static struct report *
next_report(struct usb_loop *loop)
{
	struct report *report;

	pthread_mutex_lock(&loop->lock);
	report = g_queue_pop_head(&loop->reports);
	pthread_mutex_unlock(&loop->lock);
	return report;
}

/* libusb reports a device twice that comes while it enumerates. */
static void
tell(struct usb_loop *loop)
{
	struct report *report;

	pthread_mutex_lock(&loop->telling);
	while ((report = next_report(loop)) != NULL) {
		libusb_device *device = report->device;

		if (report->left) {
			if (g_hash_table_contains(loop->known, device)) {
				loop->watcher.left(loop->watcher.data, device);
				g_hash_table_remove(loop->known, device);
			}
		} else if (g_hash_table_add(loop->known, libusb_ref_device(device))) {
			loop->watcher.arrived(loop->watcher.data, device);
		}
		libusb_unref_device(device);
		g_free(report);
	}
	pthread_mutex_unlock(&loop->telling);
}

static void
forget_device(gpointer device)
{
	libusb_unref_device(device);
}

static void *
run(void *data)
{
	struct usb_loop *loop = data;
	struct timeval none = { 0, 0 };
	struct epoll_event event;
	uint64_t count;

	while (!__atomic_load_n(&loop->stopping, __ATOMIC_ACQUIRE)) {
		int n = epoll_wait(loop->outer, &event, 1, -1);

		if (n == 1 && event.data.fd == loop->inner)
			libusb_handle_events_timeout_completed(loop->context, &none, NULL);
		else if (n == 1 && read(loop->wake, &count, sizeof count) < 0 && errno != EAGAIN)
			break;
		tell(loop);
	}
	return NULL;
}

/* With the lock. */
static void
listen_to_inner(struct usb_loop *loop, bool listen)
{
	struct epoll_event event = { .events = listen ? EPOLLIN : 0u, .data.fd = loop->inner };

	(void)epoll_ctl(loop->outer, EPOLL_CTL_MOD, loop->inner, &event);
}

static void
begin_work(struct usb_loop *loop)
{
	pthread_mutex_lock(&loop->lock);
	if (loop->working++ == 0)
		listen_to_inner(loop, false);
	pthread_mutex_unlock(&loop->lock);
}

static void
end_work(struct usb_loop *loop)
{
	pthread_mutex_lock(&loop->lock);
	if (--loop->working == 0)
		listen_to_inner(loop, true);
	pthread_mutex_unlock(&loop->lock);
}

bool
usb_loop_wait(struct usb_loop *loop, int *done, uint64_t deadline)
{
	begin_work(loop);
	while (!__atomic_load_n(done, __ATOMIC_ACQUIRE)) {
		struct timeval wait = { ROUND_SECONDS, 0 };
		uint64_t now = ccid_now();

		if (deadline != 0 && now >= deadline)
			break;
		if (deadline != 0 && deadline - now < ROUND_SECONDS * NANOSECONDS) {
			/* Rounded up: or the last part of a microsecond would be spun away. */
			uint64_t left = (deadline - now) / 1000 + 1;

			wait.tv_sec = (time_t)(left / 1000000);
			wait.tv_usec = (suseconds_t)(left % 1000000);
		}
		libusb_handle_events_timeout_completed(loop->context, &wait, done);
	}
	end_work(loop);
	return __atomic_load_n(done, __ATOMIC_ACQUIRE) != 0;
}

static bool
open_descriptors(struct usb_loop *loop)
{
	struct epoll_event inner = { .events = EPOLLIN }, wake = { .events = EPOLLIN };
	const struct libusb_pollfd **fds;

	loop->outer = epoll_create1(EPOLL_CLOEXEC);
	loop->inner = epoll_create1(EPOLL_CLOEXEC);
	loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	inner.data.fd = loop->inner;
	wake.data.fd = loop->wake;
	if (loop->outer < 0 || loop->inner < 0 || loop->wake < 0 ||
	    epoll_ctl(loop->outer, EPOLL_CTL_ADD, loop->inner, &inner) < 0 ||
	    epoll_ctl(loop->outer, EPOLL_CTL_ADD, loop->wake, &wake) < 0)
		return false;
	fds = libusb_get_pollfds(loop->context);
	if (fds == NULL)
		return false;
	for (size_t i = 0; fds[i] != NULL; i++)
		pollfd_added(fds[i]->fd, fds[i]->events, loop);
	libusb_free_pollfds(fds);
	libusb_set_pollfd_notifiers(loop->context, pollfd_added, pollfd_removed, loop);
	return true;
}

enum ccid_result
usb_loop_new(struct usb_loop **ret)
{
	struct usb_loop *loop = g_new0(struct usb_loop, 1);
	enum ccid_result r = CCID_OK;

	loop->outer = loop->inner = loop->wake = -1;
	pthread_mutex_init(&loop->lock, NULL);
	pthread_mutex_init(&loop->telling, NULL);
	g_queue_init(&loop->reports);
	loop->known = g_hash_table_new_full(NULL, NULL, forget_device, NULL);
	if (libusb_init(&loop->context) != LIBUSB_SUCCESS) {
		loop->context = NULL;
		r = CCID_UNSUPPORTED;
	} else if (!open_descriptors(loop) || !ccid_thread_begin(&loop->thread, run, loop)) {
		r = CCID_NO_MEMORY;
	} else {
		loop->running = true;
	}
	if (r != CCID_OK) {
		usb_loop_free(loop);
		return r;
	}
	*ret = loop;
	return CCID_OK;
}

enum ccid_result
usb_loop_watch(struct usb_loop *loop, const struct usb_watcher *watcher)
{
	const int events = LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;

	pthread_mutex_lock(&loop->telling);
	loop->watcher = *watcher;
	loop->watching = libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG) &&
	    libusb_hotplug_register_callback(loop->context, events, LIBUSB_HOTPLUG_ENUMERATE,
		LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
		hotplug, loop, &loop->hotplug) == LIBUSB_SUCCESS;
	pthread_mutex_unlock(&loop->telling);
	if (!loop->watching)
		return CCID_UNSUPPORTED;
	tell(loop);
	return CCID_OK;
}

static void
drop_reports(struct usb_loop *loop)
{
	struct report *report;

	while ((report = next_report(loop)) != NULL) {
		libusb_unref_device(report->device);
		g_free(report);
	}
}

void
usb_loop_deafen(struct usb_loop *loop)
{
	if (loop->watching)
		libusb_hotplug_deregister_callback(loop->context, loop->hotplug);
	loop->watching = false;
	if (loop->running) {
		__atomic_store_n(&loop->stopping, true, __ATOMIC_RELEASE);
		raise_wake(loop);
		pthread_join(loop->thread, NULL);
		loop->running = false;
	}
	drop_reports(loop);
}

void
usb_loop_free(struct usb_loop *loop)
{
	usb_loop_deafen(loop);
	g_hash_table_destroy(loop->known);
	if (loop->context != NULL) {
		libusb_set_pollfd_notifiers(loop->context, NULL, NULL, NULL);
		libusb_exit(loop->context);
	}
	if (loop->outer >= 0)
		close(loop->outer);
	if (loop->inner >= 0)
		close(loop->inner);
	if (loop->wake >= 0)
		close(loop->wake);
	pthread_mutex_destroy(&loop->telling);
	pthread_mutex_destroy(&loop->lock);
	g_free(loop);
}
