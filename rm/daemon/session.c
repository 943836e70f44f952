/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions: a client's lanes, tied together by a token that only it knows, and by who it is.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <winerror.h>

#include "rm/daemon/daemon.h"

struct session *
session_ref(struct session *session)
{
	(void)__atomic_add_fetch(&session->references, 1, __ATOMIC_RELAXED);
	return session;
}

void
session_unref(struct session *session)
{
	if (__atomic_sub_fetch(&session->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	rm_session_free(session->rm);
	(void)pthread_mutex_destroy(&session->lock);
	free(session);
	(void)pthread_mutex_lock(&scardd.lock);
	scardd.session_count--;
	(void)pthread_cond_broadcast(&scardd.quiet);
	(void)pthread_mutex_unlock(&scardd.lock);
}

static struct session *
session_new(pid_t pid, uid_t uid)
{
	struct session *session = calloc(1, sizeof *session);

	if (session == NULL)
		return NULL;
	if (getrandom(session->token, sizeof session->token, 0) != sizeof session->token ||
	    (session->rm = rm_session_new(scardd.engine, pid, uid)) == NULL) {
		free(session);
		return NULL;
	}
	session->references = 1;
	session->pid = pid;
	session->uid = uid;
	session->link.data = session;
	(void)pthread_mutex_init(&session->lock, NULL);
	g_queue_init(&session->lanes);
	return session;
}

/* Reserves a place; the text says why there is none. */
static LONG
count_session(char *message)
{
	unsigned most = scardd.settings.sessions_max;
	LONG result = SCARD_S_SUCCESS;

	(void)pthread_mutex_lock(&scardd.lock);
	if (scardd.closing) {
		result = SCARD_E_SERVICE_STOPPED;
		(void)snprintf(message, RM_MESSAGE_SIZE,
		    "scardd is stopping; establish a context when it runs again");
	} else if (most != 0 && scardd.session_count >= most) {
		result = SCARD_E_NO_MEMORY;
		(void)snprintf(message, RM_MESSAGE_SIZE,
		    "scardd serves %u programs, as many as it may; end one, or raise MaxSessions "
		    "in scardd.conf",
		    most);
	} else
		scardd.session_count++;
	(void)pthread_mutex_unlock(&scardd.lock);
	return result;
}

static void
uncount_session(void)
{
	(void)pthread_mutex_lock(&scardd.lock);
	scardd.session_count--;
	(void)pthread_cond_broadcast(&scardd.quiet);
	(void)pthread_mutex_unlock(&scardd.lock);
}

/* Token hash keys live in their sessions. The tokens are random, so any bytes of them will do. */
static guint
token_hash(gconstpointer token)
{
	guint hash;

	memcpy(&hash, token, sizeof hash);
	return hash;
}

static gboolean
token_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, WIRE_TOKEN_SIZE) == 0;
}

/* Makes it known; false: too late, the daemon stops. */
static bool
publish(struct session *session)
{
	bool open;

	(void)pthread_mutex_lock(&scardd.lock);
	open = !scardd.closing;
	if (open) {
		if (scardd.tokens == NULL)
			scardd.tokens = g_hash_table_new(token_hash, token_equal);
		(void)g_hash_table_insert(scardd.tokens, session->token, session);
		g_queue_push_tail_link(&scardd.sessions, &session->link);
	}
	(void)pthread_mutex_unlock(&scardd.lock);
	return open;
}

LONG
session_open(struct lane *lane, char *message)
{
	struct session *session;
	LONG result;
	pid_t pid;
	uid_t uid;

	if (!socket_peer(lane->source.fd, &pid, &uid)) {
		(void)snprintf(message, RM_MESSAGE_SIZE, "scardd cannot tell who asks");
		return SCARD_E_SERVICE_STOPPED;
	}
	if ((result = count_session(message)) != SCARD_S_SUCCESS)
		return result;
	if ((session = session_new(pid, uid)) == NULL) {
		uncount_session();
		(void)snprintf(message, RM_MESSAGE_SIZE, "scardd has no memory for a session");
		return SCARD_E_NO_MEMORY;
	}
	session->control = lane;
	g_queue_push_tail_link(&session->lanes, &lane->link);
	lane->session = session;
	if (!publish(session))
		session_end(session);
	log_line(LOG_LEVEL_DEBUG, "client %d: session of user %u", (int)pid, (unsigned)uid);
	return SCARD_S_SUCCESS;
}

static struct session *
find(const uint8_t *token)
{
	struct session *session = NULL;

	(void)pthread_mutex_lock(&scardd.lock);
	if (scardd.tokens != NULL)
		session = g_hash_table_lookup(scardd.tokens, token);
	if (session != NULL)
		(void)session_ref(session);
	(void)pthread_mutex_unlock(&scardd.lock);
	return session;
}

/* Puts the lane among the session's, which keeps the reference; NULL, or why not. */
static const char *
join(struct session *session, struct lane *lane)
{
	const char *wrong = NULL;
	pid_t pid;
	uid_t uid;

	if (!socket_peer(lane->source.fd, &pid, &uid) || pid != session->pid || uid != session->uid)
		return "the session belongs to another process or user";
	(void)pthread_mutex_lock(&session->lock);
	if (session->ended)
		wrong = "the session has ended";
	else if (session->lanes.length == DAEMON_LANES_MAX)
		wrong = "the session has 256 lanes, as many as it may";
	else {
		g_queue_push_tail_link(&session->lanes, &lane->link);
		lane->session = session;
	}
	(void)pthread_mutex_unlock(&session->lock);
	return wrong;
}

LONG
session_join(struct lane *lane, const uint8_t *token, uint32_t length, char *message)
{
	const char *wrong = "no session has this token";
	struct session *session = NULL;

	if (length == WIRE_TOKEN_SIZE)
		session = find(token);
	if (session != NULL && (wrong = join(session, lane)) != NULL)
		session_unref(session);
	if (wrong == NULL)
		return SCARD_S_SUCCESS;
	log_line(LOG_LEVEL_INFO, "a lane was refused: %s", wrong);
	(void)snprintf(message, RM_MESSAGE_SIZE, "lane: %s; begin a session of your own", wrong);
	return SCARD_E_INVALID_HANDLE;
}

bool
session_leave(struct lane *lane)
{
	struct session *session = lane->session;

	(void)pthread_mutex_lock(&session->lock);
	g_queue_unlink(&session->lanes, &lane->link);
	(void)pthread_mutex_unlock(&session->lock);
	return session->control == lane;
}

/* With the daemon's lock: nobody finds it any more. */
static void
unpublish(struct session *session)
{
	if (scardd.tokens != NULL && g_hash_table_remove(scardd.tokens, session->token))
		g_queue_unlink(&scardd.sessions, &session->link);
}

void
session_end(struct session *session)
{
	bool first;

	(void)pthread_mutex_lock(&session->lock);
	first = !session->ended;
	session->ended = true;
	/* A lane that is listed has its descriptor. Its end comes as an event. */
	for (GList *link = session->lanes.head; link != NULL && first; link = link->next)
		(void)shutdown(((struct lane *)link->data)->source.fd, SHUT_RDWR);
	(void)pthread_mutex_unlock(&session->lock);
	if (!first)
		return;
	(void)pthread_mutex_lock(&scardd.lock);
	unpublish(session);
	(void)pthread_mutex_unlock(&scardd.lock);
	log_line(LOG_LEVEL_DEBUG, "client %d: session ended", (int)session->pid);
	rm_session_end(session->rm);
}

void
session_end_all(void)
{
	struct session *session;

	do {
		(void)pthread_mutex_lock(&scardd.lock);
		session = g_queue_peek_head(&scardd.sessions);
		if (session != NULL) {
			(void)session_ref(session);
			/* Also one that another thread ends just now: it is not met again. */
			unpublish(session);
		}
		(void)pthread_mutex_unlock(&scardd.lock);
		if (session != NULL) {
			session_end(session);
			session_unref(session);
		}
	} while (session != NULL);
}
