/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The socket on which a slot waits for its card.
 */
#ifndef VPCD_LISTENER_H
#define VPCD_LISTENER_H

#include <sys/stat.h>

#include "rm/drivers/vpcd/settings.h"

struct vpcd_listener {
	int fd; /* -1: closed */
	enum vpcd_transport transport;
	/* What we put at the path, so that only that is taken away again. */
	char path[VPCD_PATH_SIZE];
	dev_t device;
	ino_t inode;
};

/*
 * Listens for a slot, on the loopback interface or at a path that only the user may connect to. A
 * socket that is left over at the path, and on which nobody listens, is replaced.
 * @message: VPCD_MESSAGE_SIZE bytes; on failure names address, cause and what to do
 * Returns 0 or a negative errno.
 */
int vpcd_listener_open(struct vpcd_listener *listener, const struct vpcd_settings *settings,
    unsigned slot, char *message);

/* Takes the next connection: a descriptor that does not block, or a negative errno. */
int vpcd_listener_accept(const struct vpcd_listener *listener);

void vpcd_listener_close(struct vpcd_listener *listener);

#endif
