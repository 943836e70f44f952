/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * New connections. When there is no descriptor left, the reserve is given up to take the connection
 * and close it, so that the client is refused instead of waiting.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rm/daemon/daemon.h"

static int
open_reserve(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void
accept_prepare(struct listener *listener)
{
	listener->reserve = open_reserve();
}

/* accept says that descriptors are missing even when nobody waits, so the second try decides. */
static bool
refuse_one(struct listener *listener)
{
	int fd;

	if (listener->reserve < 0)
		return false;
	(void)close(listener->reserve);
	fd = accept4(listener->source.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0) {
		(void)close(fd);
		log_line(LOG_LEVEL_ERROR,
		    "a client was refused: no descriptor is left; raise LimitNOFILE");
	}
	listener->reserve = open_reserve();
	return fd >= 0;
}

/*
 * Not even the reserve could be had again: the end of a lane goes on. One that ended before it
 * could know that has left a descriptor; then this thread goes on. True: it does.
 */
static bool
starve(struct listener *listener)
{
	int fd;

	__atomic_store_n(&listener->starved, true, __ATOMIC_SEQ_CST);
	if ((fd = open_reserve()) < 0)
		return false;
	if (!__atomic_exchange_n(&listener->starved, false, __ATOMIC_SEQ_CST)) {
		(void)close(fd);
		return false;
	}
	listener->reserve = fd;
	return true;
}

void
accept_ready(struct source *source, uint32_t events)
{
	struct listener *listener =
	    (struct listener *)((char *)source - offsetof(struct listener, source));

	(void)events;
	while (!__atomic_load_n(&scardd.closing, __ATOMIC_ACQUIRE)) {
		int fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0)
			listener->take(fd);
		else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) {
			if (refuse_one(listener))
				continue;
			if (listener->reserve >= 0)
				break;
			if (!starve(listener))
				return;
		} else if (errno != ECONNABORTED && errno != EINTR)
			break;
	}
	if (!__atomic_load_n(&scardd.closing, __ATOMIC_ACQUIRE))
		loop_arm(source);
}

static void
again(struct listener *listener)
{
	if (!__atomic_load_n(&listener->starved, __ATOMIC_SEQ_CST) ||
	    !__atomic_exchange_n(&listener->starved, false, __ATOMIC_SEQ_CST))
		return;
	listener->reserve = open_reserve();
	loop_arm(&listener->source);
}

void
accept_again(void)
{
	for (size_t i = 0; i < LISTENERS; i++)
		again(&scardd.listeners[i]);
}
