/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine of the resource manager: contexts, readers, cards, sharing, transactions, events.
 *
 * It knows no socket, no USB and no client library. A host puts it to work: the daemon for many
 * processes, the embedded host for one. It has no thread of its own.
 *
 * How work flows. What needs a reader is a request. rm_submit puts it in line: when it returns a
 * request, that request's turn has come and the caller must see that rm_request_run is called on
 * it, here or on another thread that may block. rm_request_run does the work, frees the reader,
 * reports through request->done, and returns the request whose turn has come by that, or NULL. So
 *
 *	for (r = rm_submit(session, request); r != NULL; r = rm_request_run(r))
 *		;
 *
 * is a whole host: whoever finishes runs the next. A host with a thread per caller wakes the owner
 * of the returned request instead. A turn that comes by something else (a card was pulled out, a
 * session ended) is announced with host->run_soon.
 *
 * Lines. Each reader has one: first come, first served, except that while a connection holds a
 * transaction only its requests are taken, the others keep their places. Readers of one SerialGroup
 * share one line.
 *
 * Locks. Session, then reader, then the engine's registry leaf. None is held while a driver, a
 * sink, `done` or a host function is called.
 *
 * Results are the codes of the resource manager API (scarderr.h and ERROR_*), as the dialect of the
 * context has them. On failure a text for people stands in `message`.
 */
#ifndef RM_ENGINE_H
#define RM_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <glib.h>

#include <scardreader.h>
#include <winscard.h>

/* A context's manners where Windows and pcsc-lite differ; what clients see, never what readers do.
 */
enum rm_dialect {
	RM_DIALECT_WINDOWS,
	RM_DIALECT_PCSCLITE,
	RM_DIALECT_PCSCLITE_IMPATIENT /* never waits for another's transaction but to begin one */
};

#define RM_MESSAGE_SIZE 384u /* of explaining texts, bytes of UTF-8 with NUL */
#define RM_NAME_SIZE SCARDREADER_NAME_SIZE
#define RM_ATR_MAX SCARDREADER_ATR_MAX
#define RM_TRANSMIT_MAX SCARDREADER_APDU_MAX /* bytes each way */
#define RM_CONTROL_MAX 65548u                /* bytes each way */
#define RM_ATTRIBUTE_MAX 264u                /* bytes of a value */
#define RM_CACHE_IDENTIFIER_SIZE 16u         /* bytes of a card's identifier */
#define RM_CACHE_ITEM_MAX 65536u             /* bytes of an item of the cache */
#define RM_CACHE_ITEMS_MAX 4096u             /* items; beyond them those used longest ago go */
#define RM_CACHE_BYTES_MAX (8u << 20)        /* of all items */
#define RM_STATES_MAX 1024u                  /* readers in one watch */
#define RM_CONTEXTS_MAX 4096u                /* contexts of one session */
#define RM_CARDS_MAX 4096u                   /* connections of one session */
#define RM_POWER_LIMIT_MS 30000u             /* deadline of power, protocol, presence, movement */
#define RM_EXCHANGE_LIMIT_MS 300000u         /* deadline of transmit and control */
/* Windows dialect: a transaction that idles ends by a reset of the card; pcsc-lite dialect: a card
 * that nobody is connected to any more loses its power. */
#define RM_IDLE_TRANSACTION_MS 5000u

struct rm_engine;
struct rm_session;
struct rm_request;

/* What of a reader watches see. */
struct rm_view {
	bool lost; /* it cannot be used any more and is about to go */
	bool present;
	bool mute;
	bool powered;
	bool exclusive;
	bool in_use;
	uint16_t counter;  /* movements of cards */
	uint32_t protocol; /* the active one; 0: none */
	uint8_t atr_length;
	uint8_t atr[RM_ATR_MAX];
};

/* What they see of the set of readers. */
struct rm_set {
	uint32_t reader_count;  /* that SCardListReaders names */
	uint32_t reader_events; /* comings and goings, from 1 */
};

/* A reader that can be named, as it is shown to the host. */
struct rm_shown {
	const char *name; /* shorter than RM_NAME_SIZE */
	const struct rm_view *view;
	bool counted; /* SCardListReaders names it */
};

/* What may happen in a reader. The numbers are those of the wire. */
enum rm_traced_what {
	RM_TRACED_CONNECT = 1,
	RM_TRACED_RECONNECT,
	RM_TRACED_DISCONNECT,
	RM_TRACED_BEGIN,
	RM_TRACED_END,
	RM_TRACED_TRANSMIT,
	RM_TRACED_CONTROL,
	RM_TRACED_GET_ATTRIBUTE,
	RM_TRACED_SET_ATTRIBUTE,
	RM_TRACED_POWER,    /* code: SCARDREADER_POWER; out: the ATR */
	RM_TRACED_PROTOCOL, /* code: wanted; protocol: settled */
	RM_TRACED_INSERTED,
	RM_TRACED_REMOVED,
	RM_TRACED_GONE,   /* the reader; nothing follows */
	RM_TRACED_DROPPED /* a connection whose context was released or whose client has gone */
};

/* One thing that has happened in a reader that is traced. */
struct rm_traced {
	enum rm_traced_what what;
	const struct rm_reader *reader;
	pid_t pid; /* who did it; 0 and uid -1: nobody, or the engine itself */
	uid_t uid;
	SCARDHANDLE card;
	uint64_t began, ended; /* CLOCK_MONOTONIC, ns */
	uint32_t share_mode, protocol, code;
	LONG result;
	const uint8_t *in, *out; /* may hold a PIN */
	size_t in_length, out_length;
};

/* What the engine asks of its host. Called without a lock, from any thread, but for the last two.
 */
struct rm_host {
	/*
	 * A request has its turn: the engine's own (a card came, an idle transaction), or one that
	 * waited until a card, a reader or another session was gone. Call rm_request_run on it
	 * soon, on another thread that may block. Must not block or run it itself: it may be called
	 * from a driver's thread. Until it runs, request->own.link is the host's to queue it with.
	 */
	void (*run_soon)(void *data, struct rm_request *request);
	/* Call rm_engine_alarm at or soon after `deadline` (CLOCK_MONOTONIC, ns); replaces the
	 * earlier one. */
	void (*set_alarm)(void *data, uint64_t deadline);
	/*
	 * For a host that shows its clients what there is to see; NULL: it does not. All readers,
	 * in the order they came, when the list has changed, and at the start; the view of the one
	 * at @place of that list. Called with the registry's lock, so in the order of the changes
	 * and before anybody can have heard of them: the host copies, and calls nothing.
	 */
	void (*show_list)(
	    void *data, const struct rm_set *set, const struct rm_shown *readers, size_t count);
	void (*show_reader)(void *data, size_t place, const struct rm_view *view);
	/*
	 * What has happened in a reader that rm_trace_begin named; NULL: it cannot be traced. The
	 * one who did it waits meanwhile: the host copies what it wants, and waits for nothing.
	 */
	void (*trace)(void *data, const struct rm_traced *traced);
	void *data;
};

/* Milliseconds from now as a deadline in nanoseconds of CLOCK_MONOTONIC. */
uint64_t rm_deadline(uint32_t from_now_ms);

/* An engine without drivers. @host is copied; host->data lives as long as the engine. NULL: no
 * memory. */
struct rm_engine *rm_engine_new(const struct rm_host *host);

/*
 * Loads and starts a driver. Blocks for as long as the driver's Start takes, and until the readers
 * it announced are listed and their cards have been powered, so that the first look sees them.
 * @name: a driver's name (ProgID SCardReaderDriver.NAME), a ProgID (it has a dot) or a CLSID in
 * braces
 * @settings: handed to the driver; NULL: none
 * @message: RM_MESSAGE_SIZE bytes; on failure says which driver, why, and what to do
 *
 * Returns SCARD_S_SUCCESS; SCARD_E_READER_UNSUPPORTED: no such driver, or its module cannot be
 * used; or what Start returned.
 */
LONG rm_engine_start_driver(
    struct rm_engine *engine, const char *name, const char *settings, char *message);

/*
 * Stops all drivers: exchanges in progress are cancelled, requests come back, every reader is gone.
 * Blocks for as long as the drivers' Stop takes. For a host whose threads are still at work.
 */
void rm_engine_stop(struct rm_engine *engine);

/* Stops drivers and frees all. Sessions are gone, and no request is in line, has its turn or runs.
 * NULL is fine. */
void rm_engine_free(struct rm_engine *engine);

/* The time given to set_alarm has come. Returns a request whose turn has come, or NULL. */
struct rm_request *rm_engine_alarm(struct rm_engine *engine);

/* A client: its contexts and connections, which no other session can name. NULL: no memory. */
struct rm_session *rm_session_new(struct rm_engine *engine, pid_t pid, uid_t uid);

/*
 * Ends a session whose client is gone: its watches and waiting requests end with SCARD_E_CANCELLED,
 * its connections are dropped; a card with which it held a transaction (Windows dialect: a card it
 * was connected to) is reset first, when no other client has a transaction on it. The work for that
 * goes through host->run_soon. Requests that are running go on and report as ever. The session
 * knows no context and takes no new one, until rm_session_free frees it. A second call does
 * nothing.
 */
void rm_session_end(struct rm_session *session);

/* Ends a session and frees it. NULL is fine. */
void rm_session_free(struct rm_session *session);

/*
 * SCardEstablishContext. @scope: SCARD_SCOPE_*; SCARD_E_INVALID_VALUE; SCARD_E_NO_MEMORY;
 * SCARD_E_SERVICE_STOPPED: the session has ended.
 */
LONG rm_context_new(
    struct rm_session *session, enum rm_dialect dialect, uint32_t scope, SCARDCONTEXT *ret_context);
/*
 * SCardReleaseContext: ends its watches and waiting requests with SCARD_E_CANCELLED and drops its
 * connections (LEAVE; a card with which it holds a transaction is reset, through host->run_soon).
 */
LONG rm_context_release(struct rm_session *session, SCARDCONTEXT context);
/* SCardIsValidContext: success, or the dialect's code for a bad handle (unknown: Windows's, 6). */
LONG rm_context_check(struct rm_session *session, SCARDCONTEXT context);
/* SCardCancel: ends the context's watches with SCARD_E_CANCELLED. Nothing waiting: success. */
LONG rm_context_cancel(struct rm_session *session, SCARDCONTEXT context);

/*
 * SCardListReaders and SCardListReaderGroups. @context may be 0: Windows's manners then. @groups:
 * multi-string, NULL or an empty one for all.
 * @ret_list: a multi-string, freed with free(); @ret_length: its bytes with all NULs
 */
LONG rm_list_readers(struct rm_session *session, SCARDCONTEXT context, const char *groups,
    char **ret_list, size_t *ret_length, char *message);
LONG rm_list_groups(struct rm_session *session, SCARDCONTEXT context, char **ret_list,
    size_t *ret_length, char *message);

/* What a reader is. */
struct rm_device {
	uint32_t type;                  /* SCARD_READER_TYPE_* */
	char id[SCARDREADER_TEXT_SIZE]; /* of its device: what the driver says, else its name */
};
/* SCARD_E_UNKNOWN_READER; ERROR_INVALID_HANDLE. */
LONG rm_reader_device(struct rm_session *session, SCARDCONTEXT context, const char *reader,
    struct rm_device *ret_device, char *message);
/* As rm_list_readers, those whose device has this id. */
LONG rm_list_device_readers(struct rm_session *session, SCARDCONTEXT context, const char *device,
    char **ret_list, size_t *ret_length, char *message);

/* What names an item of the cache. */
struct rm_cache_key {
	const uint8_t *identifier; /* of the card, RM_CACHE_IDENTIFIER_SIZE bytes */
	uint32_t freshness;
	const char *name;
};
/*
 * SCardWriteCache: keeps a copy, in place of an older one. It goes with the card that the context
 * is connected to, when there is one. SCARD_W_CACHE_ITEM_TOO_BIG; SCARD_E_NO_MEMORY;
 * ERROR_INVALID_HANDLE.
 */
LONG rm_cache_write(struct rm_session *session, SCARDCONTEXT context,
    const struct rm_cache_key *key, const uint8_t *data, size_t length);
/*
 * SCardReadCache. @length: in: room; out: the item's, also with SCARD_E_INSUFFICIENT_BUFFER.
 * SCARD_W_CACHE_ITEM_NOT_FOUND; SCARD_W_CACHE_ITEM_STALE: of another freshness; an older one is
 * dropped.
 */
LONG rm_cache_read(struct rm_session *session, SCARDCONTEXT context, const struct rm_cache_key *key,
    uint8_t *data, size_t *length);

/* A reader that SCardListReaders names, with what a dialect makes of it. */
struct rm_seen {
	char name[RM_NAME_SIZE];
	struct rm_view view;
	uint32_t status; /* the state that SCardStatus gives */
	uint32_t event;  /* the one that SCardGetStatusChange gives */
};
/*
 * All that there is to be seen, at one moment, in the order the readers came.
 * @seen: room for @room; @ret_set: of all readers, also of those without room
 *
 * Returns how many were filled in.
 */
size_t rm_look_around(struct rm_engine *engine, enum rm_dialect dialect, struct rm_seen *seen,
    size_t room, struct rm_set *ret_set);

/* A connection, for people who want to know who has a reader. */
struct rm_holder {
	char reader[RM_NAME_SIZE];
	pid_t pid;
	uid_t uid;
	uint32_t share_mode; /* SCARD_SHARE_* */
	bool in_transaction;
	uint64_t since; /* when it connected, milliseconds of CLOCK_MONOTONIC */
};
/*
 * All connections of all clients, reader by reader in the order they came.
 * @ret_holders: freed with free(); NULL when there are none
 *
 * SCARD_E_NO_MEMORY.
 */
LONG rm_list_holders(struct rm_engine *engine, struct rm_holder **ret_holders, size_t *ret_count);

/*
 * host->trace hears of what happens in this reader from now on; rm_trace_end ends that, once for
 * each beginning. *ret_reader is good to compare with, also when the reader is gone.
 *
 * SCARD_E_UNKNOWN_READER; ERROR_INVALID_HANDLE; SCARD_E_UNSUPPORTED_FEATURE: the host has no trace.
 */
LONG rm_trace_begin(struct rm_session *session, SCARDCONTEXT context, const char *name,
    struct rm_reader **ret_reader, char *message);
void rm_trace_end(struct rm_reader *reader);

enum rm_operation {
	RM_CONNECT,
	RM_RECONNECT,
	RM_DISCONNECT,
	RM_BEGIN,
	RM_END,
	RM_STATUS,
	RM_TRANSMIT,
	RM_CONTROL,
	RM_GET_ATTRIBUTE,
	RM_SET_ATTRIBUTE,
	RM_OWN /* the engine's own */
};

/*
 * A request. Belongs to the caller, who keeps it and all it points to until `done` was called, and
 * changes nothing meanwhile. What an operation does not use is not looked at. The driver reads `in`
 * and writes `out` directly, no copy is made: they do not overlap, and bytes of `out` beyond its
 * resulting length are undefined.
 */
struct rm_request {
	enum rm_operation operation;
	SCARDCONTEXT context;    /* CONNECT */
	const char *reader_name; /* CONNECT */
	SCARDHANDLE card;        /* CONNECT: out; else in */
	uint32_t share_mode;     /* CONNECT, RECONNECT */
	uint32_t protocols;      /* CONNECT, RECONNECT: in preferred, out active; TRANSMIT: in, 0 =
				    active one, out active */
	uint32_t disposition;    /* RECONNECT (initialisation), DISCONNECT, END */
	uint32_t code;           /* CONTROL: Windows coding; ATTRIBUTE: id */
	bool impatient;    /* all: while another handle has a transaction, not to wait for its end
			      but to be told SCARD_E_SHARING_VIOLATION; set by the engine as well,
			      where the dialect wants it */
	const uint8_t *in; /* TRANSMIT, CONTROL, SET_ATTRIBUTE */
	size_t in_length;
	uint8_t *out;      /* TRANSMIT, CONTROL, GET_ATTRIBUTE */
	size_t out_length; /* in: room; out: length, also with SCARD_E_INSUFFICIENT_BUFFER */
	struct {           /* STATUS */
		char name[RM_NAME_SIZE];
		uint32_t
		    state; /* Windows: SCARD_ABSENT..SPECIFIC; pcsc-lite: mask | counter << 16 */
		uint32_t protocol;
		uint8_t atr[RM_ATR_MAX];
		size_t atr_length;
	} status;
	char message[RM_MESSAGE_SIZE];

	/*
	 * Called exactly once when the request is finished, from rm_request_run, rm_submit (when
	 * nothing is to be waited for), rm_request_cancel, or the end of its connection, context or
	 * session; on any thread.
	 */
	void (*done)(struct rm_request *request, LONG result);
	void *owner; /* the host's */

	/* The engine's. */
	struct {
		struct rm_session *session;
		struct rm_reader *reader;
		struct rm_card *card;
		GList link;
		uint32_t stage; /* changed atomically */
	} own;
};

/*
 * Puts a request in line. Returns a request whose turn has come, or NULL: this one; another one
 * when this was finished at once and freed the card (a disconnection that leaves the card waits for
 * nobody). After NULL this request waits, or is finished already.
 */
struct rm_request *rm_submit(struct rm_session *session, struct rm_request *request);

/* Does the work of a request whose turn has come. Returns the one whose turn has come by that, or
 * NULL. */
struct rm_request *rm_request_run(struct rm_request *request);

/* Takes a request that still waits out of line and finishes it with `result`. False: too late, it
 * runs or ran. */
bool rm_request_cancel(struct rm_request *request, LONG result);

/* One row of SCardGetStatusChange. States are SCARD_STATE_*, counter in the high word. */
struct rm_reader_state {
	const char *name;
	uint32_t current;
	uint32_t event;          /* out */
	uint8_t atr[RM_ATR_MAX]; /* out */
	size_t atr_length;       /* out */
	struct {
		struct rm_watch *watch;
		struct rm_reader *reader;
		GList link;
	} own;
};

/*
 * SCardGetStatusChange without its clock. Belongs to the caller until `done` was called or
 * rm_watch_begin returned something other than RM_WATCH_PENDING.
 */
struct rm_watch {
	SCARDCONTEXT context;
	struct rm_reader_state *states;
	size_t count;
	char message[RM_MESSAGE_SIZE];
	void (*done)(struct rm_watch *watch, LONG result);
	void *owner;
	struct {
		struct rm_engine *engine;
		struct rm_session *session;
		const struct rm_rules *rules;
		uint32_t reader_events;
		bool pending;
		LONG result;
		GList link;
	} own;
};
#define RM_WATCH_PENDING 1

/*
 * Compares and, when nothing has changed, waits for a change.
 * @wait: false: report SCARD_E_TIMEOUT instead of waiting
 *
 * Returns a result (states filled, `done` not called), or RM_WATCH_PENDING.
 */
LONG rm_watch_begin(struct rm_session *session, struct rm_watch *watch, bool wait);
/*
 * Ends a pending watch with `result`: its states are filled, `done` is called. False: too late, it
 * has ended and `done` was called or is about to be.
 */
bool rm_watch_end(struct rm_watch *watch, LONG result);

#endif
