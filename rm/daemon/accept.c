/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * New connections. When there is no descriptor left, the reserve is given up to take the connection
 * and close it, so that the client is refused instead of waiting.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rm/daemon/daemon.h"

/* accept says that descriptors are missing even when nobody waits, so the second try decides. */
static bool
refuse_one(void)
{
	int fd;

	if (scardd.reserve < 0)
		return false;
	(void)close(scardd.reserve);
	fd = accept4(scardd.listener.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0) {
		(void)close(fd);
		log_line(LOG_LEVEL_ERROR,
		    "a client was refused: no descriptor is left; raise LimitNOFILE");
	}
	scardd.reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return fd >= 0;
}

/*
 * Not even the reserve could be had again: the end of a lane goes on. One that ended before it
 * could know that has left a descriptor; then this thread goes on. True: it does.
 */
static bool
starve(void)
{
	int fd;

	__atomic_store_n(&scardd.starved, true, __ATOMIC_SEQ_CST);
	if ((fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0)
		return false;
	if (!__atomic_exchange_n(&scardd.starved, false, __ATOMIC_SEQ_CST)) {
		(void)close(fd);
		return false;
	}
	scardd.reserve = fd;
	return true;
}

void
accept_ready(struct source *source, uint32_t events)
{
	(void)events;
	while (!__atomic_load_n(&scardd.closing, __ATOMIC_ACQUIRE)) {
		int fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0)
			lane_new(fd);
		else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) {
			if (refuse_one())
				continue;
			if (scardd.reserve >= 0)
				break;
			if (!starve())
				return;
		} else if (errno != ECONNABORTED && errno != EINTR)
			break;
	}
	if (!__atomic_load_n(&scardd.closing, __ATOMIC_ACQUIRE))
		loop_arm(source);
}

void
accept_again(void)
{
	if (!__atomic_load_n(&scardd.starved, __ATOMIC_SEQ_CST) ||
	    !__atomic_exchange_n(&scardd.starved, false, __ATOMIC_SEQ_CST))
		return;
	scardd.reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
	loop_arm(&scardd.listener);
}
