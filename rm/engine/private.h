/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the engine share: its objects, which lock guards which field, who holds what.
 *
 * Ownership. The registry's list holds a reference to each reader; a connection holds its reader, a
 * request its connection, a session's table its connections. The last reference to a reader lets go
 * of the driver's object, so references are given back when no lock is held.
 */
#ifndef RM_ENGINE_PRIVATE_H
#define RM_ENGINE_PRIVATE_H

#define COBJMACROS

#include <pthread.h>

#include "rm/engine/dialect.h"
#include "rm/engine/engine.h"
#include "rm/engine/look.h"

/* No result of the API: the request takes its place in line. */
#define RM_IN_LINE ((LONG)0x7FFFFFFF)

/* What a request is doing: own.stage. Who takes it out of WAITING owns it. */
enum rm_stage {
	RM_STAGE_NEW,
	RM_STAGE_WAITING,
	RM_STAGE_RUNNING, /* it has its turn */
	RM_STAGE_DONE,
	RM_STAGE_ARRIVE /* the engine's own, for a reader that is not listed yet and has no line */
};

/* One exchange at a time: the line of a reader, or of the readers of one SerialGroup. */
struct rm_line {
	pthread_mutex_t lock; /* guards this and the readers' parts so marked */
	GQueue queue;         /* requests that wait, by own.link */
	struct rm_request *running;
	uint32_t urgent;    /* requests of the engine's own in the queue, all at its head */
	uint32_t impatient; /* requests in the queue that wait for no transaction */
	uint32_t readers;   /* the registry's: how many share this line */
	uint32_t group;     /* SerialGroup, constant */
	GList link;         /* the registry's: in its driver's list */
};

/* What has happened to the card since the connection last looked; it stays until Reconnect. */
enum rm_mark {
	RM_MARK_NONE,
	RM_MARK_RESET,
	RM_MARK_REMOVED
};

/* What a connection keeps others from. */
enum rm_claim {
	RM_CLAIM_SHARED,
	RM_CLAIM_EXCLUSIVE
};

enum rm_card_stage {
	RM_CARD_CONNECTING, /* its RM_CONNECT waits or runs */
	RM_CARD_OPEN,
	RM_CARD_CLOSING, /* its client is gone; the card is to be reset first */
	RM_CARD_CLOSED
};

/* A connection. All but the constants belong to the line's lock. */
struct rm_card {
	uint32_t references; /* changed atomically */
	struct rm_reader *reader;
	const struct rm_rules *rules;
	SCARDCONTEXT context;
	SCARDHANDLE handle;
	pid_t pid;
	uid_t uid;

	enum rm_card_stage stage;
	enum rm_claim claim;
	enum rm_mark mark;
	bool direct;
	uint32_t protocol; /* the one the client was told */
	uint32_t waiting;  /* requests of this connection in line */
	uint64_t since;    /* when it was attached, rm_now() */
	GList link;        /* in reader->connections while OPEN or CLOSING */
	GList table_link;  /* for whoever took it out of its session's table */
	struct rm_request own;
};

/* Work the engine has to do itself in a reader. */
#define RM_WORK_POWER 0x1u    /* a card came */
#define RM_WORK_WATCHDOG 0x2u /* a transaction may have idled too long */
#define RM_WORK_POLL 0x4u     /* ask whether there is a card */
#define RM_WORK_UNUSED 0x8u   /* a card may have been left unused too long */
#define RM_POLL_INTERVAL_MS 1000u

#define RM_READER_EVENTS_MAX                                                \
	0x7FFFu /* comings and goings are counted from 1 to this, and again \
		 */

struct rm_reader {
	uint32_t references; /* changed atomically */
	struct rm_engine *engine;
	struct rm_driver *driver;
	ISCardReader *object;
	uint32_t traced; /* by how many; changed and read atomically */

	/* Constant once it is listed. */
	struct rm_line *line;
	SCARDREADER_INFO info;
	char name[RM_NAME_SIZE];
	char *fold; /* the name as it is compared without case */
	uint32_t unit;

	/* The registry's. */
	bool arriving; /* announced; not yet asked what it is; then `link` is in driver->arriving */
	bool listed;   /* in the engine's list; changed with the line's lock as well */
	bool left;     /* gone; listed still while someone is connected, so that its name stays */
	size_t place;  /* in the list that was shown last */
	GList link;
	struct {
		bool present;
		bool gone;
		uint16_t movements;
	} note;              /* what the driver said while it was arriving */
	struct rm_view view; /* only a copy is looked at */
	GQueue interests;    /* entries of watches, by own.link */
	bool counted;        /* among engine->reader_count */
	bool timed;          /* on engine->timed, which holds a reference */
	GList timed_link;

	/* The line's. */
	bool gone;
	bool lost; /* the driver says "gone" but has not announced it yet */
	bool present;
	bool settling; /* the card has just come: watches hear of it when it has been powered */
	bool powered;
	bool mute;
	uint16_t counter;
	uint32_t generation; /* changes with every movement */
	uint8_t atr[RM_ATR_MAX];
	uint8_t atr_length;
	uint32_t protocol;
	GQueue connections;
	struct rm_card *exclusive;
	struct rm_card *holder; /* of the transaction */
	uint32_t depth;
	uint64_t active_at; /* last use while a transaction is watched */
	uint64_t polled_at;
	uint64_t unused_at; /* when a card was left that then loses its power; 0: it keeps it */
	uint32_t transmissions;
	uint32_t work;   /* RM_WORK_* */
	bool own_queued; /* `own` is in line or runs, and holds a reference */
	struct rm_request own;
};

struct rm_driver {
	struct rm_engine *engine;
	char name[RM_NAME_SIZE];
	ISCardReaderDriver *object;
	ISCardReaderSink *sink;
	/* The registry's. */
	bool starting; /* the thread that starts it lists the readers itself */
	bool stopped;  /* no reader is listed any more */
	GQueue arriving;
	GQueue lines;
};

struct rm_context {
	const struct rm_rules *rules;
};

/* Handles of one kind: table.c. */
struct rm_slot {
	void *object; /* NULL: free */
	uint32_t generation;
	uint32_t next_free;
};
struct rm_table {
	struct rm_slot *slots;
	uint32_t count, limit, kind;
	uint32_t first_free, last_free;
};

struct rm_session {
	uint32_t references; /* changed atomically */
	struct rm_engine *engine;
	pid_t pid;
	uid_t uid;
	pthread_mutex_t lock;
	bool ended;
	struct rm_table contexts, cards;
	GQueue watches; /* the registry's */
};

/* cache.c */
struct rm_cache {
	pthread_mutex_t lock; /* a leaf */
	GHashTable *items;    /* by identifier and name */
	GQueue used;          /* the same, the one used last first */
	size_t bytes;
};

struct rm_engine {
	struct rm_host host;
	struct rm_cache cache;
	uint32_t idle_limit_ms;    /* of transactions and cards; atomically, as a test changes it */
	uint32_t poll_interval_ms; /* of readers that must be asked; the same */
	pthread_mutex_t lock;      /* the registry: a leaf */
	GQueue readers;            /* in the order they came */
	GHashTable *by_name;       /* fold -> reader */
	GHashTable *by_object;     /* ISCardReader -> reader */
	GPtrArray *drivers;
	uint32_t reader_count;  /* of listed readers that work */
	uint32_t reader_events; /* 1 to 0x7FFF */
	GQueue unresolved;      /* entries of watches that wait for a reader to come or go */
	GQueue timed;
	uint64_t alarm; /* 0: none; read without the lock as a hint */
};

/* What a change led to and is done when no lock is held any more. */
struct rm_effects {
	GQueue watches;   /* that ended */
	GQueue withdrawn; /* requests taken out of line, which end with withdrawn_result */
	LONG withdrawn_result;
	struct rm_reader *unused; /* the last has left it; a reference */
};
#define RM_EFFECTS_NONE                                           \
	{                                                         \
		G_QUEUE_INIT, G_QUEUE_INIT, SCARD_S_SUCCESS, NULL \
	}

/* A request that has its turn, while it runs. */
struct rm_turn {
	struct rm_request *request;
	struct rm_reader *reader;
	struct rm_line *line;
	struct rm_card *card;         /* NULL: work in the reader */
	const struct rm_rules *rules; /* NULL: the engine's own */
	struct rm_effects effects;
	uint64_t alarm; /* when the reader wants to be looked at; 0: never */
};

/* engine.c */
uint64_t rm_now(void);
/* How long a transaction or an unused card may idle, how often a reader is asked, in nanoseconds.
 */
uint64_t rm_idle_limit(const struct rm_engine *engine);
uint64_t rm_poll_interval(const struct rm_engine *engine);
/* Wants rm_engine_alarm for this reader at @deadline. No lock is held. */
void rm_alarm_want(struct rm_reader *reader, uint64_t deadline);
void rm_engine_run_soon(struct rm_engine *engine, struct rm_request *request);

/* cache.c */
void rm_cache_init(struct rm_cache *cache);
void rm_cache_done(struct rm_cache *cache);
/* The card of a reader has gone. */
void rm_cache_forget(struct rm_reader *reader);

/* drivers.c */
void rm_drivers_stop(struct rm_engine *engine);
void rm_drivers_free(struct rm_engine *engine);

/* sink.c */
HRESULT rm_sink_new(struct rm_driver *driver, ISCardReaderSink **ret_sink);
/* Later calls find nothing. */
void rm_sink_detach(ISCardReaderSink *sink);

/* reader.c */
struct rm_reader *rm_reader_ref(struct rm_reader *reader);
/* No lock is held. NULL is fine. */
void rm_reader_unref(struct rm_reader *reader);
/* The listed reader of that name, with a reference; NULL. */
struct rm_reader *
rm_reader_find(struct rm_engine *engine, const struct rm_rules *rules, const char *name);
/* The same for callers that hold the registry: without a reference. */
struct rm_reader *
rm_reader_lookup(struct rm_engine *engine, const struct rm_rules *rules, const char *name);

/* show.c: with the registry's lock, before watches hear of the change. */
void rm_show_list(struct rm_engine *engine);
/* The view of one has changed. */
void rm_show_reader(const struct rm_reader *reader);

/* arrival.c */
/* A driver has announced a reader: makes a note of it. Returns S_OK or E_OUTOFMEMORY. */
HRESULT rm_reader_announced(struct rm_driver *driver, ISCardReader *object);
/* Asks an announced reader what it is and lists it. Returns a request whose turn has come. */
struct rm_request *rm_reader_arrive(struct rm_reader *reader);
/* One that cannot be listed; takes the list's reference. */
void rm_reader_forget(struct rm_reader *reader);

/* The rest of reader.c: the line's lock is held. */
/* And the registry's: the reader is one that works, or no longer. */
void rm_reader_count(struct rm_reader *reader, bool counted, struct rm_effects *effects);
/* Shows watches what has changed. */
void rm_reader_publish(struct rm_reader *reader, struct rm_effects *effects);
void rm_reader_insert(struct rm_reader *reader);
void rm_reader_remove(struct rm_reader *reader, struct rm_effects *effects);
void rm_reader_gone(struct rm_reader *reader, struct rm_effects *effects);
void rm_reader_lost(struct rm_reader *reader, struct rm_effects *effects);
/* Takes a reader that is gone off the list when nobody is connected. */
void rm_reader_leave(struct rm_reader *reader);
/* Puts @work in line. Returns the reader's own request when its turn has come at once. */
struct rm_request *rm_reader_work(struct rm_reader *reader, uint32_t work);

/* own.c: the engine's own work, in turn; the line's lock is held. */
void rm_own_run(struct rm_turn *turn);
/* Gives back what the engine's own request held. No lock is held. */
void rm_own_finish(struct rm_reader *reader, struct rm_card *card);
/* What the alarm means for a reader. Returns a request whose turn has come by it, or NULL. */
struct rm_request *rm_own_alarm(struct rm_reader *reader, uint64_t *ret_next);
/* Whether anyone wants to know about the card of a reader that must be asked. */
bool rm_own_poll_wanted(struct rm_reader *reader);

/* power.c: with the line's lock, which is given up while the driver works. */
LONG rm_power(struct rm_turn *turn, SCARDREADER_POWER action);
LONG rm_power_settle(struct rm_turn *turn, uint32_t protocols);
LONG rm_power_move(struct rm_turn *turn, SCARDREADER_MOVEMENT movement);
LONG rm_power_poll(struct rm_turn *turn);
/* Does to the card what a disposition says; marks the other connections. */
LONG rm_power_dispose(struct rm_turn *turn, uint32_t disposition, bool power_up);
/* The line's lock around a call into the driver. */
void rm_turn_leave(struct rm_turn *turn);
void rm_turn_return(struct rm_turn *turn);
/* A driver's result as a code of the API, a vanished reader or card noticed. */
LONG rm_turn_result(struct rm_turn *turn, HRESULT result, uint32_t generation);

/* line.c: with the line's lock. */
/* True: the request has its turn; false: it waits. */
bool rm_line_take(struct rm_line *line, struct rm_request *request);
/* For a line that is free: gives the turn to the first request that may have it, or NULL. */
struct rm_request *rm_line_next(struct rm_line *line);
/* The running request is finished; as rm_line_next. */
struct rm_request *rm_line_release(struct rm_line *line);
/* Takes the waiting requests of a connection out of line; they will end with @result. */
void rm_line_withdraw(
    struct rm_line *line, struct rm_card *card, LONG result, struct rm_effects *effects);
struct rm_line *rm_line_new(uint32_t group);
void rm_line_free(struct rm_line *line);

/* request.c */
void rm_request_finish(struct rm_request *request, LONG result);
/* No lock is held. */
void rm_effects_run(struct rm_effects *effects);

/* session.c */
struct rm_session *rm_session_ref(struct rm_session *session);
void rm_session_unref(struct rm_session *session);
/* The connection behind a handle with a reference, or NULL. */
struct rm_card *rm_session_card(struct rm_session *session, SCARDHANDLE handle);
/* Takes a connection out of the table, if it is there. */
void rm_session_forget(struct rm_session *session, struct rm_card *card);

/* table.c */
void rm_table_init(struct rm_table *table, uint32_t kind, uint32_t limit);
void rm_table_done(struct rm_table *table);
/* 0: full or no memory. */
uintptr_t rm_table_add(struct rm_table *table, void *object);
void *rm_table_get(const struct rm_table *table, uintptr_t handle);
/* Removes and returns the object; NULL: no such handle. */
void *rm_table_remove(struct rm_table *table, uintptr_t handle);
/* The object at or after *index, and its handle; *index goes past it. NULL: no more. */
void *rm_table_each(const struct rm_table *table, uint32_t *index, uintptr_t *ret_handle);

/* connection.c */
void rm_card_unref(struct rm_card *card);
/* Checks a RM_CONNECT and makes what it will connect; finishes it on failure (false). */
bool rm_connection_begin(struct rm_session *session, struct rm_request *request);
/* The line's lock is held. */
void rm_card_detach(struct rm_card *card, struct rm_effects *effects);
void rm_card_attach(struct rm_card *card, struct rm_effects *effects);
/* What the mark of a connection makes of its next operation; success: nothing has happened. */
LONG rm_card_mark_result(const struct rm_card *card);
void rm_card_mark_reset(struct rm_card *card);
/* @except: the one that did it; NULL: none */
void rm_cards_mark_reset(struct rm_reader *reader, const struct rm_card *except);
/* Drops a connection whose context or client is gone. No lock is held. */
void rm_card_drop(struct rm_card *card, bool client_died);

/* sharing.c: the line's lock is held. */
enum rm_claim rm_sharing_claim(const struct rm_rules *rules, uint32_t share_mode);
/* Nobody but @self is connected. */
bool rm_sharing_alone(const struct rm_reader *reader, const struct rm_card *self);
/* RM_IN_LINE, or the violation: an impatient request, and another has a transaction. */
LONG rm_sharing_admit(struct rm_request *request);
/* The violation of coming in while another handle has a transaction. */
LONG rm_sharing_busy(const struct rm_reader *reader, char *message);
/* RM_IN_LINE, or the violation. */
LONG rm_sharing_check(
    struct rm_reader *reader, const struct rm_card *self, enum rm_claim claim, char *message);

/*
 * The operations. `admit` is asked when the request arrives, `run` does the work in turn; both with
 * the line's lock, `run` may give it up meanwhile. `admit` returns RM_IN_LINE, or a result that
 * needs no turn.
 */
LONG rm_connect_admit(struct rm_request *request, struct rm_effects *effects);
LONG rm_connect_run(struct rm_turn *turn);
LONG rm_reconnect_admit(struct rm_request *request, struct rm_effects *effects);
LONG rm_reconnect_run(struct rm_turn *turn);
LONG rm_disconnect_admit(struct rm_request *request, struct rm_effects *effects);
LONG rm_disconnect_run(struct rm_turn *turn);
LONG rm_begin_run(struct rm_turn *turn);
LONG rm_end_admit(struct rm_request *request, struct rm_effects *effects);
LONG rm_end_run(struct rm_turn *turn);
LONG rm_status_run(struct rm_turn *turn);
LONG rm_transmit_run(struct rm_turn *turn);
LONG rm_control_run(struct rm_turn *turn);
LONG rm_get_attribute_run(struct rm_turn *turn);
LONG rm_set_attribute_run(struct rm_turn *turn);

/* transaction.c: the line's lock is held. */
void rm_transaction_release(struct rm_reader *reader);
void rm_transaction_touch(struct rm_turn *turn);

/* exchange.c */
LONG rm_exchange(struct rm_turn *turn, uint32_t protocol, const uint8_t *command, size_t length,
    uint8_t *reply, size_t *reply_length);

/* attribute.c */
LONG rm_attribute_get(struct rm_turn *turn, uint32_t id, uint8_t *value, size_t *length);
LONG rm_attribute_set(struct rm_turn *turn, uint32_t id, const uint8_t *value, size_t length);

/* control.c */
/* Gives @length bytes as the whole output of a request. */
LONG rm_answer(uint8_t *out, size_t *out_length, const void *data, size_t length);

/* status.c: the state of a card as Windows counts it, SCARD_ABSENT to SCARD_SPECIFIC. */
uint32_t rm_status_state(const struct rm_reader *reader);

/* watch.c: with the registry's lock. */
/* The view of a reader has changed. */
void rm_watch_reader_changed(struct rm_reader *reader, struct rm_effects *effects);
/* No reader of that name any more. */
void rm_watch_reader_left(struct rm_reader *reader, struct rm_effects *effects);
/* The set of readers has changed. */
void rm_watch_readers_changed(struct rm_engine *engine, struct rm_effects *effects);
/* Ends all watches of a session, or of one context (not 0). */
void rm_watch_cancel(
    struct rm_session *session, SCARDCONTEXT context, LONG result, struct rm_effects *effects);
/* Calls `done`. No lock is held. */
void rm_watch_tell(GQueue *watches);

/* trace.c: without a lock; only when the reader is traced. */
static inline bool
rm_reader_traced(const struct rm_reader *reader)
{
	return __atomic_load_n(&reader->traced, __ATOMIC_RELAXED) != 0;
}
/* @began: rm_now() when its work began; 0: now */
void rm_trace_request(const struct rm_request *request, uint64_t began, LONG result);
/* A call of the driver that changed the card's state. */
void rm_trace_driver(const struct rm_turn *turn, enum rm_traced_what what, uint64_t began,
    uint32_t code, uint32_t protocol, HRESULT hr, const uint8_t *atr, size_t atr_length);
void rm_trace_movement(const struct rm_reader *reader, enum rm_traced_what what);
void rm_trace_drop(const struct rm_card *card);

/* message.c */
/* Writes a text; the last part of it is cut when it is too long. */
void rm_message(char *message, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "reader 'NAME': cause; next step" for a code; returns it. NULL name: no reader is meant. */
LONG rm_message_code(char *message, const char *name, LONG code);
/* The same for a turn. */
LONG rm_fail(struct rm_turn *turn, LONG code);

/* For tests: how long a transaction may idle, how often a reader is asked. */
void
rm_engine_set_times(struct rm_engine *engine, uint32_t idle_limit_ms, uint32_t poll_interval_ms);

#endif
