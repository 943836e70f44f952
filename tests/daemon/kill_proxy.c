/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/daemon/kill_proxy.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "rm/wire/wire.h"

#define LANES_MAX 16
#define LIMIT_S 20
#define NUMBER_AT 8 /* of the message, in a header */

struct lane {
	int client; /* -1: it has ended, and the daemon has been told */
	int daemon; /* -1: no lane */
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t idle;
	pthread_t thread;
	const char *path;
	struct sockaddr_un daemon; /* a copy: the daemon is started anew meanwhile */
	int listener, stop;
	struct lane lanes[LANES_MAX];
	unsigned lane_count; /* the lock's, as what follows */
	unsigned count, number;
	uint64_t numbers;
	void (*act)(void);
} proxy = { .lock = PTHREAD_MUTEX_INITIALIZER, .idle = PTHREAD_COND_INITIALIZER };

static uint8_t packet[WIRE_MESSAGE_MAX]; /* the thread's */

static struct sockaddr_un
address_of(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)strncpy(address.sun_path, path, sizeof address.sun_path - 1);
	return address;
}

static int
connect_daemon(void)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&proxy.daemon, sizeof proxy.daemon) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

static struct lane *
free_lane(void)
{
	for (size_t i = 0; i < LANES_MAX; i++)
		if (proxy.lanes[i].daemon < 0)
			return &proxy.lanes[i];
	return NULL;
}

static void
count_lanes(int change)
{
	(void)pthread_mutex_lock(&proxy.lock);
	proxy.lane_count += (unsigned)change;
	(void)pthread_cond_broadcast(&proxy.idle);
	(void)pthread_mutex_unlock(&proxy.lock);
}

static void
accept_lane(void)
{
	int client = accept4(proxy.listener, NULL, NULL, SOCK_CLOEXEC);
	struct lane *lane = free_lane();
	int daemon = client >= 0 && lane != NULL ? connect_daemon() : -1;

	if (daemon < 0) {
		if (client >= 0)
			(void)close(client);
		return;
	}
	lane->client = client;
	lane->daemon = daemon;
	count_lanes(1);
}

/* The client has ended. The daemon's end stays until the daemon closes its own. */
static void
end_client(struct lane *lane)
{
	(void)close(lane->client);
	lane->client = -1;
	(void)shutdown(lane->daemon, SHUT_WR);
}

static void
end_lane(struct lane *lane)
{
	if (lane->client >= 0)
		(void)close(lane->client);
	(void)close(lane->daemon);
	lane->client = lane->daemon = -1;
	count_lanes(-1);
}

static void
count_request(void)
{
	void (*act)(void) = NULL;

	(void)pthread_mutex_lock(&proxy.lock);
	proxy.numbers |= UINT64_C(1) << (packet[NUMBER_AT] & 63);
	if (++proxy.count == proxy.number)
		act = proxy.act;
	(void)pthread_mutex_unlock(&proxy.lock);
	if (act != NULL)
		act();
}

static void
from_client(struct lane *lane)
{
	ssize_t length = recv(lane->client, packet, sizeof packet, 0);

	if (length <= 0) {
		end_client(lane);
		return;
	}
	if ((size_t)length > NUMBER_AT)
		count_request();
	if (send(lane->daemon, packet, (size_t)length, MSG_NOSIGNAL) != length)
		end_lane(lane);
}

static void
from_daemon(struct lane *lane)
{
	ssize_t length = recv(lane->daemon, packet, sizeof packet, 0);

	if (length <= 0)
		end_lane(lane);
	else if (lane->client >= 0)
		(void)send(lane->client, packet, (size_t)length, MSG_NOSIGNAL);
}

static void *
pass(void *data)
{
	struct pollfd polled[2 + 2 * LANES_MAX];

	(void)data;
	for (;;) {
		polled[0] = (struct pollfd){ .fd = proxy.stop, .events = POLLIN };
		polled[1] = (struct pollfd){ .fd = proxy.listener, .events = POLLIN };
		for (size_t i = 0; i < LANES_MAX; i++) {
			polled[2 + 2 * i] =
			    (struct pollfd){ .fd = proxy.lanes[i].client, .events = POLLIN };
			polled[3 + 2 * i] =
			    (struct pollfd){ .fd = proxy.lanes[i].daemon, .events = POLLIN };
		}
		if (poll(polled, 2 + 2 * LANES_MAX, -1) < 0 && errno != EINTR)
			abort();
		if (polled[0].revents != 0)
			return NULL;
		for (size_t i = 0; i < LANES_MAX; i++) {
			struct lane *lane = &proxy.lanes[i];

			if (polled[3 + 2 * i].revents != 0)
				from_daemon(lane);
			if (polled[2 + 2 * i].revents != 0 && lane->client >= 0)
				from_client(lane);
		}
		if (polled[1].revents != 0)
			accept_lane();
	}
}

bool
kill_proxy_start(const char *path, const char *daemon)
{
	const struct sockaddr_un address = address_of(path);

	proxy.path = path;
	proxy.daemon = address_of(daemon);
	for (size_t i = 0; i < LANES_MAX; i++)
		proxy.lanes[i] = (struct lane){ -1, -1 };
	proxy.stop = eventfd(0, EFD_CLOEXEC);
	proxy.listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	(void)unlink(path);
	return proxy.stop >= 0 && proxy.listener >= 0 &&
	    bind(proxy.listener, (const struct sockaddr *)&address, sizeof address) == 0 &&
	    listen(proxy.listener, LANES_MAX) == 0 &&
	    pthread_create(&proxy.thread, NULL, pass, NULL) == 0;
}

void
kill_proxy_stop(void)
{
	const uint64_t one = 1;

	if (write(proxy.stop, &one, sizeof one) != sizeof one)
		abort();
	(void)pthread_join(proxy.thread, NULL);
	for (size_t i = 0; i < LANES_MAX; i++)
		if (proxy.lanes[i].daemon >= 0)
			end_lane(&proxy.lanes[i]);
	(void)close(proxy.listener);
	(void)close(proxy.stop);
}

void
kill_proxy_arm(unsigned number, void (*act)(void))
{
	(void)pthread_mutex_lock(&proxy.lock);
	proxy.count = 0;
	proxy.numbers = 0;
	proxy.number = number;
	proxy.act = act;
	(void)pthread_mutex_unlock(&proxy.lock);
}

unsigned
kill_proxy_count(uint64_t *ret_numbers)
{
	unsigned count;

	(void)pthread_mutex_lock(&proxy.lock);
	count = proxy.count;
	*ret_numbers = proxy.numbers;
	(void)pthread_mutex_unlock(&proxy.lock);
	return count;
}

bool
kill_proxy_wait_idle(void)
{
	struct timespec deadline;
	bool idle;

	(void)clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += LIMIT_S;
	(void)pthread_mutex_lock(&proxy.lock);
	while (proxy.lane_count != 0 &&
	    pthread_cond_timedwait(&proxy.idle, &proxy.lock, &deadline) != ETIMEDOUT)
		;
	idle = proxy.lane_count == 0;
	(void)pthread_mutex_unlock(&proxy.lock);
	return idle;
}
