/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client of scardd: the second implementation of the table of calls, for any number of threads
 * and without one of its own. rm/wire/PROTOCOL says what is spoken.
 *
 * A process has one session, opened by the first call, and as many lanes (connections) as calls are
 * under way at once. A session that was lost is followed by another when a context is established;
 * what the first one gave out stays known, and dead, until it is released.
 */
#ifndef RM_API_REMOTE_H
#define RM_API_REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "rm/api/calls.h"
#include "rm/wire/page.h"
#include "rm/wire/wire.h"

/*
 * The table, once a daemon has answered. @path: its socket; NULL: the system's, else the user's.
 * NULL, with the code and a text in @message (RM_CALLS_MESSAGE_SIZE): SCARD_E_NO_SERVICE, nobody
 * serves there; SCARD_E_SERVICE_STOPPED, the daemon speaks another version; SCARD_E_NO_MEMORY.
 */
const struct rm_calls *api_remote_open(const char *path, LONG *ret_code, char *message);

#define REMOTE_PATHS_MAX 2u
#define REMOTE_PATH_SIZE 256u /* more than an address holds: its length refuses what is longer */

/* Where a daemon is looked for, in that order; how many places. @path: NULL: the usual ones. */
size_t remote_paths(const char *path, char ret_paths[static REMOTE_PATHS_MAX][REMOTE_PATH_SIZE]);

/* Ends the session, as far as no call is under way, and forgets all handles. */
void api_remote_close(void);

/* What the parts share. */

/* Writes a text of at most RM_CALLS_MESSAGE_SIZE bytes, valid UTF-8; the value is the code. */
LONG remote_fail(LONG code, char *message, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sockets. Results are 0 or a negative errno; signals interrupt nothing. */
int remote_socket_new(void);
/* Connects. From now on no wait on the socket is longer than some time that is not short. */
int remote_socket_connect(int fd, const char *path);
/* From now on a wait is as long as it takes. */
void remote_socket_unlimit(int fd);
/* Waits for a packet, or the other side's end; -ETIMEDOUT: there was none in that time. */
int remote_socket_await(int fd, unsigned limit_ms);
/* Waits for a packet, its end, or the other descriptor. True: only that one is readable. */
bool remote_socket_wakes(int fd, int wake);
/* @message: finished */
int remote_socket_send(int fd, const struct wire_writer *message);
/* The length of a packet; -ECONNRESET: the other side has ended. */
ssize_t remote_socket_receive(int fd, void *data, size_t size);
/* The same for a packet with which a descriptor may come; -1: none came. */
ssize_t remote_socket_receive_descriptor(int fd, void *data, size_t size, int *ret_descriptor);

/*
 * Handles. Those of the daemon begin anew with each session, so the caller gets ours, which are not
 * used again. The owner locks.
 */
enum remote_kind {
	REMOTE_NONE, /* calls on no handle */
	REMOTE_CONTEXT,
	REMOTE_CARD
};

struct remote_handle {
	enum remote_kind kind;
	uint32_t generation; /* of the session */
	uint64_t theirs;
	unsigned cards;    /* a context's */
	uint32_t dialect;  /* a context's: RM_CALLS_WINDOWS, ... */
	ULONG_PTR context; /* a card's */
	unsigned held;     /* a card's transactions */
};

struct remote_handles {
	GHashTable *table; /* ULONG_PTR -> struct remote_handle; NULL: empty */
	uint32_t count;    /* given out */
};

/* A new handle. @context: a card's; 0, and nothing is kept, when it has ended meanwhile. */
ULONG_PTR remote_handles_add(struct remote_handles *handles, enum remote_kind kind,
    uint32_t generation, uint64_t theirs, ULONG_PTR context);
/* NULL: there is none of this kind. */
struct remote_handle *
remote_handles_get(const struct remote_handles *handles, enum remote_kind kind, ULONG_PTR handle);
/* Forgets a handle, and a context's cards. */
void remote_handles_remove(struct remote_handles *handles, ULONG_PTR handle);
void remote_handles_clear(struct remote_handles *handles);

/* Lanes. */
struct remote_lane {
	int fd; /* -1: not connected */
	bool taken;
	bool waits;          /* taken by a call that may wait for other clients */
	uint32_t generation; /* of the session */
	uint32_t serial;
	uint8_t *buffer; /* WIRE_MESSAGE_MAX bytes; what is not used needs no memory */
	bool spent;      /* an answer may still come that nobody wants: it is not used again */
};

/*
 * The first words on a connected socket. 0 with the daemon's result, its text in @message when that
 * is a failure; or a negative errno, -EBADMSG: it does not speak the protocol.
 * @ret_version: on success what is spoken
 * @ret_page: on success the descriptor of the status page, the caller's; -1: there is none
 */
int remote_hello(int fd, uint8_t token[static WIRE_TOKEN_SIZE], uint32_t *ret_version,
    int *ret_page, LONG *ret_code, char *message);
int remote_join(struct remote_lane *lane, const uint8_t token[static WIRE_TOKEN_SIZE],
    LONG *ret_code, char *message);

/*
 * A daemon has this long to answer a call that waits for no reader and no other client; one that
 * does not is taken for dead. The variable is for tests.
 */
#define REMOTE_ANSWER_LIMIT_MS 60000u
extern unsigned remote_answer_limit_ms;

/* A call under way, on the caller's stack. */
struct remote_call {
	uint16_t number;
	enum remote_kind kind;
	bool lost; /* the session was lost before an answer came */
	bool answered;
	int descriptor; /* that came with the reply to TRACE, the caller's; -1: none */
	int wake;       /* a descriptor that ends the wait for an answer, and the lane; -1: none */
	struct remote_lane *lane;
	uint32_t generation;
	uint32_t version; /* that the daemon speaks */
	struct wire_writer request;
	struct wire_reader reply;
	struct wire_header header; /* of the reply */
};

/*
 * Finds the handle (none, with REMOTE_NONE: then a session is opened if there is none) and takes a
 * lane, which may wait. On success the lane is the call's, and the daemon's handle in *ret_theirs.
 */
LONG remote_session_take(struct remote_call *call, enum remote_kind kind, ULONG_PTR handle,
    uint64_t *ret_theirs, char *message);
void remote_session_give_back(struct remote_call *call);
/* The session of a call is of no use any more. */
void remote_session_lost(struct remote_call *call);
/* Text about a session that is lost. @why: of the loss */
LONG remote_session_stopped(const char *why, char *message);
/* The session of a call is lost because no answer came: the code, and the text. */
LONG remote_session_silent(struct remote_call *call, char *message);

/* What a call changes in the handles. */
ULONG_PTR remote_session_add(
    const struct remote_call *call, enum remote_kind kind, uint64_t theirs, ULONG_PTR context);
void remote_session_remove(ULONG_PTR handle);
void remote_session_hold(SCARDHANDLE card, bool held);
void remote_session_set_dialect(SCARDCONTEXT context, uint32_t dialect);

/*
 * What the status page says now, with the dialect of the context (0: none, *ret_dialect stays).
 * Freed with free(). NULL: the daemon must be asked; so it is with a context that is none.
 */
struct wire_page_copy *remote_session_look(SCARDCONTEXT context, uint32_t *ret_dialect);

/* remote_page.c */
/* Takes the descriptor over. NULL: there is none, or it cannot be relied on. */
const struct wire_page *remote_page_map(int fd);
void remote_page_unmap(const struct wire_page *page);
/* Calls of the table that the status page answers; false: it does not, ask. */
bool remote_page_list_readers(
    SCARDCONTEXT context, const char *groups, char **ret_list, size_t *ret_length);
bool remote_page_status_change(SCARDCONTEXT context, uint32_t timeout_ms,
    struct rm_calls_state *states, size_t count, LONG *ret_code);

/*
 * Exchanges: begin, put the fields behind the handle, perform, get the fields, end; all of it also
 * after a failure of begin, which the others pass on.
 */
LONG remote_call_begin(struct remote_call *call, uint16_t number, enum remote_kind kind,
    ULONG_PTR handle, char *message);
/* Sends and receives; @code: so far. The result; a failure's text is in @message. */
LONG remote_call_perform(struct remote_call *call, LONG code, char *message);
/*
 * Gives the lane back. A reply that the gets have found wrong ends the session: then the code is
 * SCARD_E_SERVICE_STOPPED instead.
 */
LONG remote_call_end(struct remote_call *call, LONG code, char *message);

/* A whole exchange: a call on a handle with one number or none, and no answer but its code. */
LONG remote_call_plain(uint16_t number, enum remote_kind kind, ULONG_PTR handle,
    const uint32_t *argument, char *message);
/* A reply's ATR into a field of @size bytes; the length. */
size_t remote_take_atr(struct remote_call *call, uint8_t *atr, size_t size);

/* Copies a multi-string out of a reply, for free(); NULL when it is none, or without memory. */
char *remote_take_list(struct remote_call *call, size_t *ret_length);
/*
 * The last field of a reply, into the caller's room of @room bytes; the length. When the room was
 * too small, the length is in the header.
 */
void remote_take_data(
    struct remote_call *call, LONG code, uint8_t *out, size_t room, size_t *ret_length);

extern const struct rm_calls remote_calls;

/* remote_cache.c, remote_device.c: slots of the table. */
LONG remote_cache_read(SCARDCONTEXT context, const struct rm_calls_cache_key *key, uint8_t *data,
    size_t *length, char *message);
LONG remote_cache_write(SCARDCONTEXT context, const struct rm_calls_cache_key *key,
    const uint8_t *data, size_t length, char *message);
LONG remote_audit(SCARDCONTEXT context, uint32_t event, char *message);
LONG remote_device(
    SCARDCONTEXT context, const char *reader, struct rm_calls_device *ret_device, char *message);
LONG remote_list_device(
    SCARDCONTEXT context, const char *device, char **ret_list, size_t *ret_length, char *message);

/* remote_trace.c: the slot of the table. */
LONG remote_trace(SCARDCONTEXT context, const char *reader, int *ret_fd, char *message);

/* remote_holders.c: the slot of the table. */
LONG remote_holders(struct rm_calls_holder **ret_holders, size_t *ret_count, char *message);

#endif
