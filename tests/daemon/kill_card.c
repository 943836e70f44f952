/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/daemon/kill_card.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_S 20
#define GET_ATR 4
#define INS_SELECT 0xA4
#define INS_GET_CHALLENGE 0x84

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	bool started; /* the thread is to be joined */
	int fd;       /* -1: out */
	bool fails;
	unsigned users; /* a bit for each that has sent a command since somebody began to wait */
} card = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .fd = -1 };

static bool
receive(int fd, uint8_t *data, size_t length)
{
	return length == 0 || recv(fd, data, length, MSG_WAITALL) == (ssize_t)length;
}

static bool
answer(int fd, const uint8_t *data, size_t length)
{
	uint8_t message[64] = { (uint8_t)(length >> 8), (uint8_t)length };

	memcpy(message + 2, data, length);
	return send(fd, message, length + 2, MSG_NOSIGNAL) == (ssize_t)length + 2;
}

/* Notes who sends; true: this is the command to fail at. */
static bool
note(const uint8_t *command)
{
	bool fails;

	(void)pthread_mutex_lock(&card.lock);
	fails = card.fails;
	card.fails = false;
	if (command[1] == INS_SELECT && command[3] < KILL_CARD_USERS)
		card.users |= 1u << command[3];
	(void)pthread_cond_broadcast(&card.changed);
	(void)pthread_mutex_unlock(&card.lock);
	return fails;
}

static bool
serve_one(int fd)
{
	static const uint8_t atr[] = { 0x3B, 0x80, 0x80, 0x01, 0x01 };
	static const uint8_t fine[] = { 1, 2, 3, 4, 5, 6, 7, 8, 0x90, 0x00 };
	uint8_t head[2], command[65536];
	size_t length, extra;

	if (!receive(fd, head, sizeof head))
		return false;
	length = (size_t)head[0] << 8 | head[1];
	if (!receive(fd, command, length))
		return false;
	if (length == 1)
		return command[0] != GET_ATR || answer(fd, atr, sizeof atr);
	if (length < 4)
		return false;
	if (note(command))
		return answer(fd, fine, 1);
	extra = command[1] == INS_GET_CHALLENGE ? 8 : 0;
	return answer(fd, fine + 8 - extra, 2 + extra);
}

static void *
serve(void *data)
{
	int fd = *(int *)data;

	while (serve_one(fd))
		;
	(void)pthread_mutex_lock(&card.lock);
	(void)close(fd);
	card.fd = -1;
	card.fails = false;
	(void)pthread_cond_broadcast(&card.changed);
	(void)pthread_mutex_unlock(&card.lock);
	return NULL;
}

static void
join(void)
{
	if (card.started)
		(void)pthread_join(card.thread, NULL);
	card.started = false;
}

bool
kill_card_insert(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	static int given;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	join();
	(void)strncpy(address.sun_path, path, sizeof address.sun_path - 1);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	given = card.fd = fd;
	card.started = pthread_create(&card.thread, NULL, serve, &given) == 0;
	return card.started;
}

void
kill_card_pull(void)
{
	(void)pthread_mutex_lock(&card.lock);
	if (card.fd >= 0)
		(void)shutdown(card.fd, SHUT_RDWR);
	(void)pthread_mutex_unlock(&card.lock);
}

void
kill_card_fail_next(void)
{
	(void)pthread_mutex_lock(&card.lock);
	card.fails = true;
	(void)pthread_mutex_unlock(&card.lock);
}

/* With the lock: false at the deadline. */
static bool
wait_until(const struct timespec *deadline)
{
	return pthread_cond_timedwait(&card.changed, &card.lock, deadline) != ETIMEDOUT;
}

static struct timespec
limit(void)
{
	struct timespec deadline;

	(void)clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += LIMIT_S;
	return deadline;
}

bool
kill_card_wait_out(void)
{
	const struct timespec deadline = limit();
	bool out;

	(void)pthread_mutex_lock(&card.lock);
	while (card.fd >= 0 && wait_until(&deadline))
		;
	out = card.fd < 0;
	(void)pthread_mutex_unlock(&card.lock);
	if (out)
		join();
	return out;
}

bool
kill_card_wait_users(void)
{
	const unsigned all = (1u << KILL_CARD_USERS) - 1;
	const struct timespec deadline = limit();
	bool seen;

	(void)pthread_mutex_lock(&card.lock);
	card.users = 0;
	while (card.users != all && wait_until(&deadline))
		;
	seen = card.users == all;
	(void)pthread_mutex_unlock(&card.lock);
	return seen;
}
