/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A client that speaks pcsc-lite's protocol: what its parts share. Each connection is a lane with a
 * session of its own; pcsc-lite's library makes one for each context.
 *
 * The client's lock guards the numbers and the wait; a lane's is taken inside it, to tell that
 * something has happened in the order in which it did. Everything else belongs to the lane's owner.
 */
#ifndef RM_DAEMON_PCSCLITE_CLIENT_H
#define RM_DAEMON_PCSCLITE_CLIENT_H

#include "rm/daemon/daemon.h"
#include "rm/daemon/pcsclite/message.h"

#define LITE_CONTEXTS_MAX 16u /* of one connection; the library has one */
#define LITE_CARDS_MAX 256u

/*
 * A handle as the client knows it. The library keeps those of all its connections in one place, so
 * no two of them may have the same number, nor those of a daemon that was here before.
 */
struct lite_number {
	uint32_t number;
	uint32_t context; /* of a card; 0: this is a context */
	uintptr_t handle; /* the engine's; 0: not known yet */
	uint32_t depth;   /* transactions that the client has begun and not ended */
};

struct lite_wait;

struct lite_client {
	uint32_t minor;      /* of the version spoken */
	struct call *part;   /* a message that is not whole yet */
	SCARDCONTEXT looker; /* of the waits */

	pthread_mutex_t lock;
	GArray *numbers;        /* of struct lite_number */
	bool ended;             /* no more numbers */
	bool expects_array;     /* it waits as soon as it has been shown the array */
	struct lite_wait *wait; /* holds a reference; NULL: it does not wait */
};

static inline struct lite_client *
lite_of(const struct lane *lane)
{
	return lane->client;
}

/* client.c */
/* The lane has a session; false: @result and a logged text say why not. */
bool lite_open(struct lane *lane, LONG *result);
/* Sends the answer in call->reply and gives the call back. */
void lite_answer(struct lane *lane, struct call *call, size_t size);

/* serve.c */
/* Serves a whole message on a lane that this thread owns. False: it is none, and the call is still
 * the caller's. */
bool lite_serve(struct lane *lane, struct call *call);

/* card.c: what needs a turn in a reader. */
bool lite_card_serve(struct lane *lane, struct call *call);

/* numbers.c */
/* A new number, without a handle; 0: none is left, or the client has ended. @context: of a card; 0:
 * it is a context's. */
uint32_t lite_number_new(struct lane *lane, uint32_t context);
void lite_number_set(struct lite_client *client, uint32_t number, uintptr_t handle);
/* The engine's handle; 0, which is none: unknown. */
uintptr_t lite_context_handle(struct lite_client *client, uint32_t number);
uintptr_t lite_card_handle(struct lite_client *client, uint32_t number);
/* Forgets a number; with a context its cards. */
void lite_number_drop(struct lite_client *client, uint32_t number);
/* A transaction was begun (1), ended (-1), or there is none (0). */
void lite_number_transact(struct lite_client *client, uint32_t number, int change);
/* Whether another card than this (0: any) has a transaction. */
bool lite_transacts(struct lite_client *client, uint32_t number);
/* All are forgotten. */
void lite_numbers_end(struct lite_client *client);
/* The lane that has this context, with a reference; NULL. */
struct lane *lite_context_lane(uint32_t number);

/* readers.c */
/* Writes the array of readers; its size. @seen: those that are in it, LITE_READERS_LATER */
size_t lite_readers_write(
    uint8_t *out, size_t entries, struct rm_seen *seen, size_t *ret_count, struct rm_set *ret_set);

/* wait.c */
/* WAIT, READERS_STATE and ARRAY; the lane is armed afterwards. */
void lite_wait_serve(struct lane *lane, struct call *call, uint32_t command);
/* The client does not wait any more; whether it did. Told @result if that is not success. */
bool lite_wait_stop(struct lane *lane, LONG result);

#endif
