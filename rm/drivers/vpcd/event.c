/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/vpcd/event.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int
vpcd_event_new(void)
{
	return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

/* The only other failure is EAGAIN: it is as full as can be, and readable. */
void
vpcd_event_raise(int fd)
{
	const uint64_t one = 1;

	while (write(fd, &one, sizeof one) < 0 && errno == EINTR)
		;
}

void
vpcd_event_clear(int fd)
{
	uint64_t count;

	while (read(fd, &count, sizeof count) < 0 && errno == EINTR)
		;
}
