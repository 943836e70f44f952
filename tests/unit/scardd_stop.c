/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions that end on two threads at once, and the listener without a descriptor: what another
 * thread does is done by a function that is called in the middle.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <winerror.h>

#include "rm/daemon/daemon.h"
#include "tests/suite.h"

struct daemon scardd = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.quiet = PTHREAD_COND_INITIALIZER,
	.listeners = { { .source = { -1, accept_ready }, .take = lane_new },
	    { .source = { -1, accept_ready } } } };
static struct listener *const listener = &scardd.listeners[LISTENER_OWN];

static unsigned engine_sessions, engine_ended, armed, taken;
static void (*ending)(void);   /* in the engine's end of a session */
static int (*accepting)(void); /* instead of accept4 */
static struct lane control, other;

/* What the two files ask of the others. */

struct rm_session *
rm_session_new(struct rm_engine *engine, pid_t pid, uid_t uid)
{
	(void)engine;
	(void)pid;
	(void)uid;
	engine_sessions++;
	return (struct rm_session *)&engine_sessions;
}

void
rm_session_end(struct rm_session *session)
{
	void (*now)(void) = ending;

	(void)session;
	engine_ended++;
	ending = NULL;
	if (now != NULL)
		now();
}

void
rm_session_free(struct rm_session *session)
{
	(void)session;
	engine_sessions--;
}

bool
socket_peer(int fd, pid_t *ret_pid, uid_t *ret_uid)
{
	(void)fd;
	*ret_pid = getpid();
	*ret_uid = getuid();
	return true;
}

void
log_line(enum log_level level, const char *format, ...)
{
	(void)level;
	(void)format;
}

void
loop_arm(struct source *source)
{
	CU_ASSERT_PTR_EQUAL(source, &listener->source);
	armed++;
}

void
lane_new(int fd)
{
	taken++;
	(void)close(fd);
}

/* In place of the C library's. */
int
accept4(int fd, __SOCKADDR_ARG address, socklen_t *restrict length, int flags)
{
	(void)fd;
	(void)address;
	(void)length;
	(void)flags;
	return accepting();
}

static struct session *
open_session(void)
{
	char message[RM_MESSAGE_SIZE];

	control = (struct lane){ .source.fd = -1, .link.data = &control };
	other = (struct lane){ .source.fd = -1, .link.data = &other };
	engine_ended = 0;
	scardd.closing = false;
	SUITE_EQUAL_HEX(session_open(&control, message), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(session_join(&other, control.session->token, WIRE_TOKEN_SIZE, message),
	    SCARD_S_SUCCESS);
	return control.session;
}

/* Both lanes give the session back. */
static void
close_session(void)
{
	(void)session_leave(&control);
	(void)session_leave(&other);
	session_unref(control.session);
	session_unref(other.session);
	SUITE_EQUAL_INT(engine_sessions, 0);
	SUITE_EQUAL_INT(scardd.session_count, 0);
	CU_ASSERT_TRUE(g_queue_is_empty(&scardd.sessions));
	SUITE_EQUAL_INT(g_hash_table_size(scardd.tokens), 0);
}

static void
all_end(void)
{
	(void)open_session();
	session_end_all();
	SUITE_EQUAL_INT(engine_ended, 1);
	close_session();
}

/* Another thread has begun to end it, and is not through: it is not waited for, nor met for ever.
 */
static void
ends_elsewhere(void)
{
	struct session *session = open_session();

	session->ended = true;
	session_end_all();
	SUITE_EQUAL_INT(engine_ended, 0);
	close_session();
}

static void
ends_while_it_ends(void)
{
	struct session *session = open_session();

	ending = session_end_all;
	session_end(session);
	SUITE_EQUAL_INT(engine_ended, 1);
	close_session();
}

static void
joined_too_late(void)
{
	struct session *session = open_session();
	struct lane late = { .source.fd = -1, .link.data = &late };
	uint8_t token[WIRE_TOKEN_SIZE];
	char message[RM_MESSAGE_SIZE];

	memcpy(token, session->token, sizeof token);
	session_end(session);
	SUITE_EQUAL_HEX(
	    session_join(&late, token, WIRE_TOKEN_SIZE, message), SCARD_E_INVALID_HANDLE);
	scardd.closing = true;
	SUITE_EQUAL_HEX(session_open(&late, message), SCARD_E_SERVICE_STOPPED);
	CU_ASSERT_PTR_NULL(late.session);
	close_session();
}

static int
no_descriptor(void)
{
	errno = EMFILE;
	return -1;
}

/* The last lane ends after accept has failed and before the listener says that it waits. */
static int
too_late(void)
{
	static unsigned times;

	errno = EAGAIN;
	if (times++ == 0) {
		accept_again();
		errno = EMFILE;
	}
	return -1;
}

static void
descriptor_comes_back(void)
{
	armed = 0;
	scardd.closing = false;
	listener->reserve = -1;
	accepting = too_late;
	accept_ready(&listener->source, 0);
	SUITE_EQUAL_INT(armed, 1);
	CU_ASSERT_FALSE(listener->starved);
	CU_ASSERT(listener->reserve >= 0);
	(void)close(listener->reserve);
}

/* There is none: the listener rests until a lane ends, which arms it once. */
static void
no_descriptor_comes_back(void)
{
	int held[1024], count = 0;

	armed = 0;
	listener->reserve = -1;
	accepting = no_descriptor;
	while (count < 1024 && (held[count] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
		count++;
	accept_ready(&listener->source, 0);
	CU_ASSERT_TRUE(listener->starved);
	SUITE_EQUAL_INT(armed, 0);
	(void)close(held[--count]);
	accept_again();
	accept_again();
	SUITE_EQUAL_INT(armed, 1);
	CU_ASSERT(listener->reserve >= 0);
	(void)close(listener->reserve);
	while (count > 0)
		(void)close(held[--count]);
	SUITE_EQUAL_INT(taken, 0);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "all sessions end", all_end },
		{ "a session that another thread ends", ends_elsewhere },
		{ "all end while one ends", ends_while_it_ends },
		{ "who comes too late", joined_too_late },
		{ "a descriptor comes back at the last moment", descriptor_comes_back },
		{ "no descriptor comes back", no_descriptor_comes_back },
	};
	const struct rlimit few = { 256, 256 };
	int status;

	(void)setrlimit(RLIMIT_NOFILE, &few);
	status = suite_run("scardd", tests, sizeof tests / sizeof tests[0]);
	if (scardd.tokens != NULL)
		g_hash_table_destroy(scardd.tokens);
	return status;
}
