/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A lane between two threads, one after another: what the second does is done by a function that
 * the first calls in the middle of its own. A lane that is armed by nobody is never heard again,
 * one that is armed twice keeps a reference; either way scardd does not come to its end.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rm/daemon/daemon.h"
#include "tests/suite.h"

struct daemon scardd = { .lock = PTHREAD_MUTEX_INITIALIZER, .quiet = PTHREAD_COND_INITIALIZER };

static struct lane *lane; /* NULL: it has been freed */
static int client;        /* the other end of its socket */
static struct session session;
static struct call *message; /* of the thread */
static struct pending request;
static unsigned armed, cancelled, sessions_ended;
static bool waits; /* serving leaves the request with the engine */

/* The other thread's part, where it comes in; once. */
static struct seams {
	void (*leaving)(void);   /* an event has been taken, the lane is about to end */
	void (*answering)(void); /* an answer is about to be sent */
	void (*served)(void);    /* a request waits, its lane is not armed yet */
} seam;

static void
pass(void (**function)(void))
{
	void (*now)(void) = *function;

	*function = NULL;
	if (now != NULL)
		now();
}

/* What lane.c asks of the others. */

bool
loop_add(struct source *source)
{
	lane = (struct lane *)((char *)source - offsetof(struct lane, source));
	return true;
}

void
loop_arm(struct source *source)
{
	(void)source;
	armed++;
}

void
loop_leave(void)
{
}

struct call *
loop_call_get(void)
{
	return message;
}

void
loop_call_put(struct call *call)
{
	(void)call;
}

void
log_line(enum log_level level, const char *format, ...)
{
	(void)level;
	(void)format;
}

void
log_message(const struct lane *on, const char *direction, const uint8_t *data, size_t size)
{
	(void)on;
	(void)data;
	(void)size;
	if (direction[0] == '<')
		pass(&seam.answering);
}

void
accept_again(void)
{
}

bool
session_leave(struct lane *left)
{
	(void)left;
	pass(&seam.leaving);
	return true;
}

void
session_end(struct session *ended)
{
	(void)ended;
	sessions_ended++;
}

void
session_unref(struct session *with)
{
	(void)with;
	lane = NULL; /* a lane gives its session back when it is freed */
}

static void
cancel(struct pending *pending)
{
	(void)pending;
	cancelled++;
}

struct pending *
pending_ref(struct pending *pending)
{
	return pending;
}

void
pending_unref(struct pending *pending)
{
	(void)pending;
}

static void
answer(void)
{
	lane_reply(lane, (const uint8_t *)"answer", 6, -1, false);
}

bool
serve(struct lane *on, struct call *call)
{
	unsigned turn;

	(void)call;
	turn = lane_pend(on, &request);
	pass(&seam.served);
	if (waits)
		lane_wait(on, turn);
	else
		answer();
	return true;
}

/* An event for whoever waits. */
static void
happens(uint32_t events)
{
	lane->source.ready(&lane->source, events);
}

static void
client_asks(void)
{
	CU_ASSERT_EQUAL(send(client, "request", 7, 0), 7);
	happens(EPOLLIN);
}

static void
client_leaves(void)
{
	(void)shutdown(client, SHUT_RDWR);
	happens(EPOLLIN | EPOLLRDHUP | EPOLLHUP);
}

static void
stop(void)
{
	lane_end_all();
}

static void
begin(void)
{
	int ends[2];

	CU_ASSERT_EQUAL_FATAL(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
	if (message == NULL)
		message = calloc(1, sizeof *message);
	request = (struct pending){ .references = 1, .cancel = cancel };
	seam = (struct seams){ 0 };
	armed = cancelled = sessions_ended = 0;
	waits = true;
	client = ends[1];
	lane_new(ends[0]);
	lane->session = &session;
}

/* The lane has ended, and nothing holds it any more. */
static void
is_over(void)
{
	CU_ASSERT_PTR_NULL(lane);
	CU_ASSERT_TRUE(g_queue_is_empty(&scardd.lanes));
	(void)close(client);
}

/* The client has exactly that many answers. */
static void
has_answers(unsigned count)
{
	char text[16];

	for (unsigned i = 0; i < count; i++)
		CU_ASSERT_EQUAL(recv(client, text, sizeof text, MSG_DONTWAIT), 6);
	CU_ASSERT(recv(client, text, sizeof text, MSG_DONTWAIT) <= 0);
}

static void
answered_at_once(void)
{
	begin();
	waits = false;
	client_asks();
	has_answers(1);
	SUITE_EQUAL_INT(armed, 1);
	client_leaves();
	SUITE_EQUAL_INT(armed, 1);
	is_over();
}

/* It is armed by whoever answers, and not again by who left the request behind. */
static void
answered_before_the_wait(void)
{
	begin();
	seam.served = answer;
	client_asks();
	has_answers(1);
	SUITE_EQUAL_INT(armed, 1);
	client_leaves();
	is_over();
}

/* The same, and the next request has come and waits: the first thread must not arm for it. */
static void
asked_again_before_the_wait(void)
{
	begin();
	seam.served = NULL;
	client_asks();
	SUITE_EQUAL_INT(armed, 1);
	answer(); /* armed for a hang-up, so it stays as it is */
	SUITE_EQUAL_INT(armed, 1);
	has_answers(1);
	client_asks();
	SUITE_EQUAL_INT(armed, 2);
	lane_wait(lane, 1);
	SUITE_EQUAL_INT(armed, 2);
	client_leaves();
	SUITE_EQUAL_INT(cancelled, 1);
	is_over();
}

/* Whoever answers must not arm a lane whose end is under way: epoll would never give it back. */
static void
answered_while_it_ends(void)
{
	begin();
	client_asks();
	SUITE_EQUAL_INT(armed, 1);
	seam.leaving = answer;
	client_leaves();
	SUITE_EQUAL_INT(armed, 1);
	SUITE_EQUAL_INT(cancelled, 0);
	SUITE_EQUAL_INT(sessions_ended, 1);
	is_over();
}

static void
answered_while_refused(void)
{
	begin();
	client_asks();
	seam.leaving = answer;
	client_asks(); /* before the answer */
	SUITE_EQUAL_INT(armed, 1);
	is_over();
}

static void
answered_after_the_end(void)
{
	begin();
	client_asks();
	(void)lane_ref(lane); /* the request's */
	client_leaves();
	SUITE_EQUAL_INT(cancelled, 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(lane);
	answer();
	SUITE_EQUAL_INT(armed, 1);
	lane_unref(lane);
	is_over();
}

/* The daemon stops while a thread answers without the lane's lock; its event comes all the same. */
static void
stopped_while_answered(void)
{
	begin();
	waits = false;
	seam.answering = stop;
	client_asks();
	has_answers(0);
	SUITE_EQUAL_INT(armed, 1);
	happens(EPOLLIN | EPOLLRDHUP | EPOLLHUP);
	is_over();
}

static void
stopped_before_the_wait(void)
{
	begin();
	seam.served = stop;
	client_asks();
	SUITE_EQUAL_INT(armed, 1);
	happens(EPOLLIN | EPOLLRDHUP | EPOLLHUP);
	SUITE_EQUAL_INT(cancelled, 1);
	is_over();
}

/* An event without anything to read, and a half-closed client. */
static void
nothing_to_read(void)
{
	begin();
	happens(EPOLLIN);
	SUITE_EQUAL_INT(armed, 1);
	(void)shutdown(client, SHUT_WR);
	happens(EPOLLIN | EPOLLRDHUP);
	SUITE_EQUAL_INT(armed, 1);
	is_over();
}

static void
refused_at_the_end(void)
{
	int ends[2];
	char byte;

	scardd.closing = true;
	lane = NULL;
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	lane_new(ends[0]);
	CU_ASSERT_PTR_NULL(lane);
	CU_ASSERT_EQUAL(recv(ends[1], &byte, 1, MSG_DONTWAIT), 0);
	(void)close(ends[1]);
	scardd.closing = false;
	free(message);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "a request answered at once", answered_at_once },
		{ "answered before its thread arms the lane", answered_before_the_wait },
		{ "and the next request is there", asked_again_before_the_wait },
		{ "answered while the lane ends", answered_while_it_ends },
		{ "answered while a second request ends it", answered_while_refused },
		{ "answered after the lane has ended", answered_after_the_end },
		{ "the daemon stops while an answer is sent", stopped_while_answered },
		{ "the daemon stops before the lane is armed", stopped_before_the_wait },
		{ "events without a message", nothing_to_read },
		{ "a connection that comes too late", refused_at_the_end },
	};

	return suite_run("scardd", tests, sizeof tests / sizeof tests[0]);
}
