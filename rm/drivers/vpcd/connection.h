/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose the card's connection is. The driver's thread opens and closes its descriptor; an exchange,
 * on its caller's thread, borrows it, and while one is in progress the descriptor stays open,
 * however dead it is. Any thread, except where noted.
 */
#ifndef VPCD_CONNECTION_H
#define VPCD_CONNECTION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "rm/drivers/vpcd/link.h"

#define VPCD_NO_CARD (-1)

struct vpcd_connection {
	int cancel_fd; /* an event; raised: the exchange in progress shall end */
	int wake_fd;   /* the driver's event; raised: there is something to clear away */

	pthread_mutex_t lock;
	pthread_cond_t idle; /* busy has become false */
	bool gone;           /* for good */
	int card_fd;
	uint32_t card_number; /* counts those that were put in */
	bool dead;            /* the card has hung up, or its stream is out of step */
	bool busy;            /* an exchange has the descriptor */
	bool cancelled;       /* it was told to end */
};

/* Returns 0 or a negative errno: no descriptor is left. vpcd_connection_done is to follow always.
 */
int vpcd_connection_init(struct vpcd_connection *connection);
void vpcd_connection_done(struct vpcd_connection *connection);

/*
 * Is there a card? Returns 0; -ENODEV: no; -ESHUTDOWN: the reader is gone.
 * @ret_number: which one, counted; may be NULL
 */
int vpcd_connection_state(struct vpcd_connection *connection, uint32_t *ret_number);

/*
 * Borrows the connection for an exchange; one at a time.
 * Returns 0, and vpcd_connection_end must follow; as vpcd_connection_state; -ETIMEDOUT: it is too
 * late to begin.
 */
int vpcd_connection_begin(struct vpcd_connection *connection, uint64_t deadline,
    struct vpcd_link *ret_link, uint32_t *ret_number);

/*
 * Gives it back.
 * @error: 0, or how the stream was lost: then the card is taken out
 * Returns `error`, or -ESHUTDOWN in its place when the reader has gone meanwhile.
 */
int vpcd_connection_end(struct vpcd_connection *connection, int error);

/* Ends the exchange in progress with -ECANCELED. None: nothing happens, now or later. */
void vpcd_connection_cancel(struct vpcd_connection *connection);

/* For the driver's thread. */

/* The descriptor of the card that is there, or VPCD_NO_CARD. */
int vpcd_connection_card(struct vpcd_connection *connection);

/* Puts a card in; there is none. */
void vpcd_connection_insert(struct vpcd_connection *connection, int fd);

/* The card has been found dead: no exchange begins any more. */
void vpcd_connection_hang_up(struct vpcd_connection *connection);

/*
 * Takes out a dead card, unless an exchange has it still; wake_fd is raised when that is over.
 * Returns the descriptor to be closed, or VPCD_NO_CARD.
 */
int vpcd_connection_clear(struct vpcd_connection *connection);

/*
 * The reader is gone from now on. Ends the exchange in progress and waits for that; takes out the
 * card. Afterwards wake_fd is not used any more.
 * Returns the descriptor to be closed, or VPCD_NO_CARD.
 */
int vpcd_connection_shut(struct vpcd_connection *connection);

#endif
