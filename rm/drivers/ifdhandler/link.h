/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A slot's exchanges with the hosting process, on their callers' threads, one at a time. The
 * driver's thread opens and closes the channel; while an exchange is in progress it stays open.
 */
#ifndef IFDHANDLER_LINK_H
#define IFDHANDLER_LINK_H

#include <pthread.h>
#include <stdbool.h>

#include "rm/drivers/ifdhandler/channel.h"

struct ifd_link {
	struct ifd_channel channel;
	int wake_fd; /* the driver's event; raised: the link has failed */

	pthread_mutex_t lock;
	pthread_cond_t idle; /* busy has become false */
	bool gone;           /* for good */
	const char *failure; /* how it was lost, or NULL */
	bool busy;
	bool cancelled; /* atomic; with the reply's event: the exchange in progress shall end */
	bool present;
	uint32_t cards; /* counts those that were put in */

	/* Of the exchange in progress. */
	uint32_t number; /* of the last request */
	bool awaited;    /* its reply has not come: the memory is the host's */
};

struct ifd_exchange {
	enum ifd_operation operation;
	uint32_t value;
	const uint8_t *in;
	size_t in_length;
	uint8_t *out;
	size_t room;
	/* Results. */
	int32_t code;
	size_t length; /* more than the room: the answer was dropped */
};

/* Without a channel yet. */
void ifd_link_init(struct ifd_link *link);
void ifd_link_done(struct ifd_link *link);

/*
 * Sends the request and waits for the reply. Returns 0, and `code` is what the handler says;
 *   -ESHUTDOWN  the reader is gone
 *   -ETIMEDOUT  the deadline passed. When it was too late to begin, that is all; else the process
 *               hangs, and the reader is gone from now on
 *   -ECANCELED  ifd_link_cancel. The handler goes on; the next request waits for it
 */
int ifd_link_exchange(struct ifd_link *link, struct ifd_exchange *exchange, uint64_t deadline);

/* Ends the exchange in progress. None: nothing happens, now or later. */
void ifd_link_cancel(struct ifd_link *link);

/* 0; -ENODEV: no card; -ESHUTDOWN. @ret_card: which one, counted */
int ifd_link_state(struct ifd_link *link, uint32_t *ret_card);

/* For the driver's thread. */

void ifd_link_set_present(struct ifd_link *link, bool present);

/* How it was lost, or NULL. */
const char *ifd_link_failure(struct ifd_link *link);

/* The reader is gone from now on. Ends the exchange in progress, waits for that, and closes. */
void ifd_link_shut(struct ifd_link *link);

#endif
