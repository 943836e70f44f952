/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scardd: the engine behind a Unix socket. What its parts share.
 *
 * Threads. All wait in one epoll for one event each, one-shot. Who is woken receives the request,
 * does the work, answers, and arms the lane again; nobody hands anything over unless the reader is
 * busy. Before work that may block in a driver a thread makes sure that another one waits.
 *
 * Lifetimes. Whoever gets an event of a lane owns the lane until it is armed again, with a
 * reference that was epoll's. So a lane ends on the thread that has its event and nowhere else:
 * others shut its socket down, and epoll delivers that. A request in flight holds its lane, a lane
 * its session.
 *
 * The end. Every lane that is not freed is one of these, and so comes to its end by itself once its
 * socket is shut down: armed, and the hang-up comes; owned by the thread that has its event, which
 * arms or ends it; or owned by a request that runs, whose answer arms it. `turn` keeps the one who
 * left a request behind from arming a lane that has gone on since; `ending`, set in the step that
 * takes the event, keeps the one who answers from arming a lane that its owner is about to close:
 * the reference that such an arming takes is given back by no event. `armed` is set before the
 * answer is sent without the lock, so between the two nobody else arms. A lane or session that
 * comes after `closing` is set is refused under the lock that sets it; one that came before is
 * listed. tests/unit/scardd_lane.c and scardd_stop.c go through the orders.
 *
 * Locks. A session's, or the daemon's; a lane's; none while the engine is called. Only a lane's own
 * lock is held while something is sent on it (and that of what a stream tells, in pcsclite/), and
 * sending never blocks.
 */
#ifndef RM_DAEMON_DAEMON_H
#define RM_DAEMON_DAEMON_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <glib.h>

#include "rm/engine/engine.h"
#include "rm/wire/wire.h"

#define DAEMON_LANES_MAX 256u /* of one session */
#define DAEMON_BACKLOG 4096
#define DAEMON_SPARE_THREADS 2u
#define DAEMON_THREAD_IDLE_MS 10000
#define DAEMON_THREAD_STACK (128u * 1024u)

/* What epoll knows: events of a descriptor, and who takes them. One-shot. */
struct source {
	int fd;
	void (*ready)(struct source *source, uint32_t events);
};

struct session;
struct pending;
struct lane;

/* What comes over a lane, and who takes it. */
struct lane_manner {
	bool stream; /* bytes, not packets; the client may be told something that is no answer */
	void (*receive)(struct lane *lane); /* by its owner; no request is in flight */
	void (*ended)(struct lane *lane);   /* it has been closed; NULL: nobody wants to know */
	void (*free)(struct lane *lane);    /* what is the manner's; NULL: nothing */
};

/* A connection of a client. */
struct lane {
	struct source source; /* fd: -1 when it has ended; the lock's */
	unsigned references;  /* changed atomically */
	const struct lane_manner *manner;
	void *client;            /* the manner's; set once by the lane's owner */
	struct session *session; /* NULL before HELLO or LANE; set once by the lane's owner */
	GList link;              /* the session's */
	GList open_link;         /* the daemon's */
	pthread_mutex_t lock;
	bool armed;              /* epoll has it, and a reference */
	bool ending;             /* its owner is about to end it: not to be armed */
	bool broken;             /* it could not be written: it ends with its next event */
	unsigned turn;           /* counts the events */
	struct pending *pending; /* the request in flight */
};

/* A client. */
struct session {
	unsigned references; /* changed atomically */
	struct rm_session *rm;
	pid_t pid;
	uid_t uid;
	uint8_t token[WIRE_TOKEN_SIZE];
	struct lane *control; /* to compare with only */
	pthread_mutex_t lock;
	bool ended;
	GQueue lanes;
	GList link; /* the daemon's */
};

/* A request that the engine has, whatever it is. */
struct pending {
	unsigned references; /* changed atomically: the engine's, and those who look at it */
	void (*free)(struct pending *pending);
	void (*cancel)(struct pending *pending); /* when it waits */
	struct lane *lane;                       /* with a reference */
	uint32_t serial;
	uint16_t number;
};

/* A message that is being served, with room for it and for the answer. */
struct call {
	struct pending pending;
	struct rm_request request;
	char name[WIRE_TEXT_MAX];
	struct wire_writer answer;
	bool last;      /* the lane ends with the answer */
	int descriptor; /* goes with the answer; -1: none */
	size_t received;
	uint8_t packet[WIRE_MESSAGE_MAX];
	uint8_t reply[WIRE_MESSAGE_MAX];
};

enum {
	LISTENER_OWN,      /* for the messages of PROTOCOL */
	LISTENER_PCSCLITE, /* for those of pcsc-lite's library */
	LISTENERS
};

/* Where clients come in. */
struct listener {
	struct source source; /* fd: -1: there is none */
	int reserve;          /* a descriptor to give up when there is none left */
	bool starved;         /* it waits for a descriptor; atomically */
	bool is_ours;         /* made here */
	void (*take)(int fd);
};

struct settings {
	char *path;             /* of the socket */
	char *pcsclite_path;    /* of the one for pcsc-lite's library; NULL: there is none */
	bool path_is_named;     /* by the command line */
	unsigned mode;          /* of the sockets */
	unsigned sessions_max;  /* 0: as many as there are descriptors */
	bool drivers_are_named; /* by configuration or command line, even if as none */
	GPtrArray *drivers;     /* of char *: NAME[=SETTINGS] */
};

struct daemon {
	struct settings settings;
	struct rm_engine *engine;
	int epoll;
	int page; /* the status page; -1: none */
	struct listener listeners[LISTENERS];
	struct source alarm, clock, soon, stop;

	pthread_mutex_t lock; /* a leaf */
	pthread_cond_t quiet; /* a session, a thread or a piece of work is less */
	GHashTable *tokens;   /* token -> session */
	GQueue sessions;
	GQueue lanes;           /* all that have not ended */
	unsigned session_count; /* until they are freed */
	GQueue requests;        /* that the engine wants to have run, by own.link */
	unsigned running;       /* of them, and alarms */
	unsigned threads;       /* changed atomically as well */
	bool closing;           /* no new sessions */

	unsigned waiting; /* threads in epoll; changed atomically */
	unsigned inside;  /* threads in work that may block; changed atomically */
	bool stopping;    /* threads end; atomically */
};
extern struct daemon scardd;

/* log.c: one line an event, to standard error. */
enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};
/* Reads TESSERA_LOG. */
void log_begin(void);
bool log_wants(enum log_level level);
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A message that came or went, at debug. Never what may be a secret. */
void log_message(const struct lane *lane, const char *direction, const uint8_t *data, size_t size);

/* settings.c. False: a text was logged. */
bool settings_read(struct settings *settings, const char *config_path);
void settings_clear(struct settings *settings);
/* The socket's path when nobody says one; NULL: there is no place for it, a text was logged. */
char *settings_default_path(void);

/* socket.c */
/*
 * The listening sockets, given by the service manager or made, without one for pcsc-lite's library
 * when nobody wants it. False: a text was logged.
 */
bool socket_listen(struct settings *settings, struct listener listeners[LISTENERS]);
/* Where the one lies that a service manager gives; NULL: it gives none. (transfer full) */
char *socket_given_path(void);
/* Where a listening socket lies; "" when it has no place among the files. (transfer full) */
char *socket_path(int fd);
/* The pid and user at the other end. */
bool socket_peer(int fd, pid_t *ret_pid, uid_t *ret_uid);
/* Tells the service manager. */
void socket_notify(const char *state);

/* system.c */
/*
 * @path: of the socket
 * @named: the command line or the service manager says where it is, not the configuration
 * @uid: whose daemon it is
 */
bool system_is(const char *path, bool named, uid_t uid);
/* Forgets what the environment says of components and configuration. There is one thread. */
void system_begin(void);

/* loop.c */
bool loop_begin(void);
/* Adds a source that waits for input; arms one whose event has been taken. */
bool loop_add(struct source *source);
void loop_arm(struct source *source);
/*
 * Around work that may block. Makes sure that there is a thread that is not inside: one such waits
 * for events, or will in a moment. To leave when not inside does nothing.
 */
void loop_enter(void);
void loop_leave(void);
/* Ends the threads and waits for them. */
void loop_end(void);
/* A message for this thread to fill. NULL: no memory. */
struct call *loop_call_get(void);
void loop_call_put(struct call *call);

/* work.c: what the engine asks for. */
bool work_begin(void);
void work_end(void);
/* Runs a request whose turn has come, and those whose turn comes by that. */
void work_run(struct rm_request *request);
/* Waits until no lane and no session is left and nothing to be done. False: not before the
 * deadline. */
bool work_settle(uint64_t deadline);

/* accept.c */
/* Puts a descriptor by. */
void accept_prepare(struct listener *listener);
void accept_ready(struct source *source, uint32_t events);
/* A descriptor is free again. */
void accept_again(void);

/* lane.c */
/* Take over the descriptor. */
void lane_new(int fd);
void lane_new_of(int fd, const struct lane_manner *manner);
/* All lanes end, also those that have no session yet. */
void lane_end_all(void);
struct lane *lane_ref(struct lane *lane);
void lane_unref(struct lane *lane);
/* Arms a lane whose request waits, if it is still that one. */
void lane_wait(struct lane *lane, unsigned turn);
/* The lane has a request in flight from now on. Returns the turn for lane_wait. */
unsigned lane_pend(struct lane *lane, struct pending *pending);
/*
 * Sends the answer, with a descriptor or -1, unless the lane has ended, and arms the lane. @last:
 * then the lane ends.
 */
void lane_reply(struct lane *lane, const uint8_t *data, size_t size, int descriptor, bool last);
/* Sends on a stream what is no answer, unless it has ended. */
void lane_tell(struct lane *lane, const uint8_t *data, size_t size);
/* Ends a lane that this thread owns; with it the session when it is the control lane. */
void lane_end(struct lane *lane);

/* session.c */
/* HELLO and LANE on a lane that has no session yet; the text for people in @message. */
LONG session_open(struct lane *lane, char *message);
LONG session_join(struct lane *lane, const uint8_t *token, uint32_t length, char *message);
struct session *session_ref(struct session *session);
void session_unref(struct session *session);
/* All its lanes end. */
void session_end(struct session *session);
/* Takes a lane out; true: it was the control lane. */
bool session_leave(struct lane *lane);
void session_end_all(void);

/* serve.c */
/* Serves the message that was received into @call, on a lane that this thread owns. False: it is
 * not a message, and the call is still the caller's. */
bool serve(struct lane *lane, struct call *call);
/* Begins the answer in call->answer: fields follow on success, else the text. */
void serve_begin(struct call *call, LONG result, uint32_t needed, const char *message);
/* Ends it, sends it, and gives the call back. */
void serve_finish(struct call *call);

/* card.c: the messages that need a turn in a reader. False: not a message. */
bool card_serve(struct lane *lane, struct call *call, struct wire_reader *reader);

/* change.c: STATUS_CHANGE. */
bool change_serve(struct lane *lane, struct call *call, struct wire_reader *reader);
/* The clock of time limits. */
bool change_begin(void);
void change_end(void);

struct pending *pending_ref(struct pending *pending);
void pending_unref(struct pending *pending);

/* page.c */
/* Makes the status page, if it can be made; before the engine. */
void page_begin(void);
/* It says nothing any more. */
void page_close(void);
void page_end(void);
/* What the engine calls. */
void
page_show_list(void *data, const struct rm_set *set, const struct rm_shown *readers, size_t count);
void page_show_reader(void *data, size_t place, const struct rm_view *view);

/* cache.c, audit.c, device.c: their messages. False: not a message. */
bool cache_serve(struct lane *lane, struct call *call, struct wire_reader *reader);
bool audit_serve(struct lane *lane, struct call *call, struct wire_reader *reader);
bool device_serve(struct lane *lane, struct call *call, struct wire_reader *reader);

/* pcsclite/: clients that speak the protocol of pcsc-lite's library. */
void lite_new(int fd);
/* trace.c: TRACE, and what happens in readers that are traced. */
bool trace_serve(struct lane *lane, struct call *call, struct wire_reader *reader);
/* What the engine calls. */
void trace_show(void *data, const struct rm_traced *traced);
/* All traces end; the threads have ended. */
void trace_end(void);

/* holders.c */
/* The name of a process; "" when it cannot be told. */
void holders_program(pid_t pid, char *name, size_t size);
void holders_serve(struct lane *lane, struct call *call);

#endif
