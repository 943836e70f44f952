/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the engine share: an engine with the test driver, and a host without threads.
 * Requests run on the thread of the test; what the engine asks for "soon" waits until
 * fixture_settle, which every call of this file does at its end. So a test decides the order of all
 * that happens.
 */
#ifndef TESTS_UNIT_ENGINE_FIXTURE_H
#define TESTS_UNIT_ENGINE_FIXTURE_H

#define COBJMACROS

#include <pthread.h>

#include "rm/engine/engine.h"

#include <winerror.h>

#include "testdriver.h"
#include "tests/suite.h"

/* The engine under test and the hand on its driver; between fixture_begin and fixture_end. */
extern struct rm_engine *engine;
extern ITestDriverControl *control;

/* Makes the test driver's components known to this thread's process. */
void fixture_prepare(void);
/* main: prepares components and runs the tests. */
int fixture_main(const char *name, const struct suite_test *tests, size_t count);

/* Activates the control alone. */
ITestDriverControl *fixture_control(void);
/* An engine with the test driver. */
void fixture_begin(void);
/* Frees it and asserts that nothing is left and no exchanges overlapped. */
void fixture_end(void);
/* Runs what the engine has asked for, until there is no more. */
void fixture_settle(void);
/* The deadline that the engine has set last; 0: none since it was asked for. */
uint64_t fixture_alarm(void);
/* Rings the alarm as the host would when its time has come. */
void fixture_ring(void);
/* A deadline that is reached only when something is broken. */
uint64_t fixture_patience(void);

/* 3B 81 00 11: an ATR without historical bytes worth a name; "3B 00" when short. */
extern const BYTE fixture_atr[4];
#define FIXTURE_ATR_TEXT "3B 81 00 11"

/* A reader with a card that speaks T=0 and T=1, with a card that does not answer, without one. */
ULONG fixture_reader_with_card(const char *name);
ULONG fixture_reader_with_mute_card(const char *name);
ULONG fixture_reader_empty(const char *name);
void fixture_insert(ULONG reader);
void fixture_remove(ULONG reader);

/* A client: a session and a context. */
struct client {
	struct rm_session *session;
	SCARDCONTEXT context;
	enum rm_dialect dialect;
};
struct client client_new(enum rm_dialect dialect);
void client_free(struct client *client);

/* A request that may have to wait. */
struct call {
	struct rm_request request;
	unsigned done; /* how often it was reported */
	LONG result;
};
/* Submits it, and leaves what is to be run to the caller. */
struct rm_request *call_submit(struct client *client, struct call *call);
/* Submits it. True: it is finished. */
bool call_start(struct client *client, struct call *call);
/* Submits it and asserts that it is finished. Returns its result. */
LONG call_run(struct client *client, struct call *call);

/*
 * The same on another thread, where a call may block in the driver. With call NULL: what the engine
 * has asked for.
 */
struct elsewhere {
	pthread_t thread;
	struct client *client;
	struct call *call;
};
void elsewhere_start(struct elsewhere *elsewhere, struct client *client, struct call *call);
void elsewhere_join(struct elsewhere *elsewhere);
/* Waits until a call on the reader has blocked. */
void fixture_wait_blocked(ULONG reader);

/* The operations, each a call_run. */
LONG do_connect(struct client *client, const char *reader, uint32_t share_mode, uint32_t protocols,
    SCARDHANDLE *ret_card, uint32_t *ret_active);
/* Shared, any protocol; asserts success. */
SCARDHANDLE do_connect_shared(struct client *client, const char *reader);
LONG do_reconnect(struct client *client, SCARDHANDLE card, uint32_t share_mode, uint32_t protocols,
    uint32_t initialisation, uint32_t *ret_active);
LONG do_disconnect(struct client *client, SCARDHANDLE card, uint32_t disposition);
LONG do_begin(struct client *client, SCARDHANDLE card);
LONG do_end(struct client *client, SCARDHANDLE card, uint32_t disposition);
LONG do_status(struct client *client, SCARDHANDLE card, struct call *ret_call);
/* Sends 00 A4 00 00 with room for 256 bytes; the reply is not looked at. */
LONG do_transmit(struct client *client, SCARDHANDLE card);
LONG do_control(struct client *client, SCARDHANDLE card, uint32_t code, const void *in,
    size_t in_length, void *out, size_t *out_length);
LONG
do_get_attribute(struct client *client, SCARDHANDLE card, uint32_t id, void *value, size_t *length);

/* Prepares requests for call_start. */
void call_begin(struct call *call, SCARDHANDLE card);
void call_transmit(struct call *call, SCARDHANDLE card);
void
call_connect(struct call *call, struct client *client, const char *reader, uint32_t share_mode);

/*
 * The state of one reader, without waiting: event in *ret_event, ATR in *ret_state. Asserts that a
 * host that was shown all changes would say the same.
 */
LONG look(
    struct client *client, const char *reader, uint32_t current, struct rm_reader_state *ret_state);

/* Compares codes by name. */
#define CODE(actual, expected) code_equal((actual), (expected), #actual, __FILE__, __LINE__)
bool code_equal(LONG actual, LONG expected, const char *text, const char *file, unsigned line);
/* A text for people: it has all of these parts (NULL ends them). */
#define SAYS(message, ...) \
	says((message), (const char *const[]){ __VA_ARGS__, NULL }, __FILE__, __LINE__)
void says(const char *message, const char *const *parts, const char *file, unsigned line);

#endif
