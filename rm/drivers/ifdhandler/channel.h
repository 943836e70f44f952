/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A slot's way between the driver and the process that hosts the handler: memory of both, sealed
 * against shrinking, and an event each way. A command and its answer are written once and read in
 * place; no packet is made of them. The event says "look": what is true stands in the memory.
 */
#ifndef IFDHANDLER_CHANNEL_H
#define IFDHANDLER_CHANNEL_H

#include "rm/drivers/ifdhandler/message.h"

struct ifd_channel {
	struct ifd_shared *shared; /* NULL: there is none */
	int request_fd;            /* blocks who reads it: the host's thread */
	int reply_fd;              /* does not block */
};

/*
 * The hosting process makes it.
 * @ret_memory_fd: to be sent with the two of the channel, and closed
 * 0 or a negative errno.
 */
int ifd_channel_make(struct ifd_channel *channel, int *ret_memory_fd);

/*
 * The driver takes it.
 * @fds: memory, request, reply; they are the channel's from now on, and closed on failure
 * 0; -EBADMSG: not what the hosting process should send; or another negative errno.
 */
int ifd_channel_take(struct ifd_channel *channel, const int fds[IFD_SLOT_FDS]);

/* Wipes the memory, and closes. */
void ifd_channel_close(struct ifd_channel *channel);

#endif
