/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process's session: opened, lost, left behind by fork; its lanes and handles. One lock, which
 * is held across no wait on a socket. A socket is made, noted in its place and closed under the
 * lock: so the child of a fork knows all of its parent's and closes them, and never speaks on one.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <winerror.h>

#include "rm/api/remote.h"

#define SYSTEM_SOCKET "/run/tessera/scardd.sock"
#define USER_SOCKET "tessera/scardd.sock" /* below XDG_RUNTIME_DIR */
#define PATHS_MAX 2u
#define PATH_SIZE 256u /* more than an address holds: what is longer is refused by its length */
#define ADVICE \
	"start scardd, or set TESSERA_RM=embedded to use the readers from within this process"

/*
 * With the control lane these are the 256 that a daemon accepts. Calls that may wait for other
 * clients leave some for those that never do, and for the holder of a transaction: what the others
 * wait for can always be said.
 */
#define LANES_MAX 255u
#define WAITING_MAX 240u
#define IDLE_MAX 8u

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a lane is free; an attempt to open is over */
	unsigned waiters;

	char paths[PATHS_MAX][PATH_SIZE];
	size_t path_count;
	bool named; /* the path is from TESSERA_RM */

	bool opening;
	bool opened;
	uint32_t generation; /* of the session, the last one when none is open */
	uint32_t foreign;    /* generations up to this are those of the process before the fork */
	size_t path;         /* where it was opened */
	uint8_t token[WIRE_TOKEN_SIZE];
	int control;                  /* the control lane; -1: none */
	const struct wire_page *page; /* the daemon's status page; NULL: there is none */

	struct remote_lane lanes[LANES_MAX];
	struct remote_lane *idle[IDLE_MAX];
	size_t idle_count;
	unsigned waiting; /* lanes taken by calls that may wait */

	struct remote_handles handles;
} remote = {
	.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .control = -1
};

LONG
remote_fail(LONG code, char *message, const char *format, ...)
{
	const char *end;
	va_list args;

	va_start(args, format);
	(void)vsnprintf(message, RM_CALLS_MESSAGE_SIZE, format, args);
	va_end(args);
	/* A path need not be UTF-8, and the end may have been cut within a character. */
	while (!g_utf8_validate(message, -1, &end))
		message[end - message] = '?';
	return code;
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static void
close_lane(struct remote_lane *lane)
{
	close_fd(&lane->fd);
	free(lane->buffer);
	lane->buffer = NULL;
}

/* The lock is held, as in all that follows up to the functions of the header. */
static void
close_idle(void)
{
	while (remote.idle_count > 0)
		close_lane(remote.idle[--remote.idle_count]);
}

static void
drop_page(void)
{
	remote_page_unmap(remote.page);
	remote.page = NULL;
}

static void
wait_for_change(void)
{
	remote.waiters++;
	(void)pthread_cond_wait(&remote.changed, &remote.lock);
	remote.waiters--;
}

/*
 * Whoever waits for an answer on another lane is woken: the daemon would see to it when it ended,
 * but perhaps it is the daemon that does not behave.
 */
static void
lose(uint32_t generation)
{
	if (!remote.opened || remote.generation != generation)
		return;
	remote.opened = false;
	close_fd(&remote.control);
	drop_page();
	close_idle();
	for (size_t i = 0; i < LANES_MAX; i++)
		if (remote.lanes[i].taken && remote.lanes[i].fd >= 0)
			(void)shutdown(remote.lanes[i].fd, SHUT_RDWR);
	(void)pthread_cond_broadcast(&remote.changed);
}

static const char *
reason(int error)
{
	return error == -EBADMSG ? "it does not speak the protocol of this library"
				 : strerror(-error);
}

/*
 * Tries one path. 0 with the result, or a negative errno. The lock is given up meanwhile; nobody
 * else touches what is used here, because `opening` is set.
 */
static int
open_at(size_t path, LONG *ret_code, char *message)
{
	uint8_t token[WIRE_TOKEN_SIZE];
	const struct wire_page *page = NULL;
	int error, descriptor, fd = remote_socket_new();

	if (fd < 0)
		return fd;
	remote.control = fd;
	(void)pthread_mutex_unlock(&remote.lock);
	error = remote_socket_connect(fd, remote.paths[path]);
	if (error == 0)
		error = remote_hello(fd, token, &descriptor, ret_code, message);
	if (error == 0) {
		remote_socket_unlimit(fd);
		page = remote_page_map(descriptor);
	}
	(void)pthread_mutex_lock(&remote.lock);
	if (error < 0 || *ret_code != SCARD_S_SUCCESS) {
		close_fd(&remote.control);
		return error;
	}
	memcpy(remote.token, token, sizeof token);
	remote.page = page;
	remote.path = path;
	remote.generation++;
	remote.opened = true;
	return 0;
}

static LONG
nobody(const int errors[static PATHS_MAX], char *message)
{
	if (remote.path_count == 2)
		return remote_fail(SCARD_E_NO_SERVICE, message,
		    "no resource manager: %.107s: %s; %.107s: %s; " ADVICE, remote.paths[0],
		    reason(errors[0]), remote.paths[1], reason(errors[1]));
	if (remote.named)
		return remote_fail(SCARD_E_NO_SERVICE, message,
		    "TESSERA_RM=unix:%.107s: no resource manager: %s; " ADVICE, remote.paths[0],
		    reason(errors[0]));
	return remote_fail(SCARD_E_NO_SERVICE, message,
	    "no resource manager: %.107s: %s; XDG_RUNTIME_DIR is not set; " ADVICE, remote.paths[0],
	    reason(errors[0]));
}

/* A daemon that answers is taken at its word: only where none does, the next path is tried. */
static LONG
open_session(char *message)
{
	LONG code = SCARD_E_NO_SERVICE;
	int errors[PATHS_MAX] = { 0 };
	size_t path;

	while (remote.opening)
		wait_for_change();
	if (remote.opened)
		return SCARD_S_SUCCESS;
	remote.opening = true;
	for (path = 0; path < remote.path_count; path++)
		if ((errors[path] = open_at(path, &code, message)) == 0)
			break;
	remote.opening = false;
	(void)pthread_cond_broadcast(&remote.changed);
	return path < remote.path_count ? code : nobody(errors, message);
}

/*
 * Why a lane could not be opened. A daemon that is not there or knows nothing of the session has
 * lost it; where only means are missing, the session is as good as before.
 */
static LONG
lane_failed(struct remote_call *call, int error, LONG code, char *message)
{
	if (error == 0 && code != ERROR_INVALID_HANDLE && code != SCARD_E_INVALID_HANDLE)
		return code;
	if (error == -EACCES || error == -EPERM || error == -ETIMEDOUT)
		return remote_fail(SCARD_E_NO_SERVICE, message,
		    "one more connection to scardd at %.107s: %s; check its socket's permissions "
		    "and its load",
		    remote.paths[remote.path], reason(error));
	if (error == -ENOMEM || error == -ENOBUFS)
		return remote_fail(SCARD_E_NO_MEMORY, message,
		    "one more connection to scardd at %.107s: %s", remote.paths[remote.path],
		    reason(error));
	call->lost = error != -EBADMSG;
	lose(call->generation);
	return remote_session_stopped(error == 0 ? "it was started anew" : reason(error), message);
}

/* Connects the taken lane of a call. The lock is given up meanwhile. */
static LONG
open_lane(struct remote_call *call, char *message)
{
	struct remote_lane *lane = call->lane;
	uint8_t token[WIRE_TOKEN_SIZE];
	LONG code = SCARD_S_SUCCESS;
	const char *path = remote.paths[remote.path];
	int error;

	lane->serial = 0;
	lane->buffer = malloc(WIRE_MESSAGE_MAX);
	if (lane->buffer == NULL || (lane->fd = remote_socket_new()) < 0) {
		error = lane->buffer == NULL ? ENOMEM : -lane->fd;
		lane->fd = -1;
		return remote_fail(SCARD_E_NO_MEMORY, message,
		    "one more connection to scardd: %s; close files, or raise the limit",
		    strerror(error));
	}
	memcpy(token, remote.token, sizeof token);
	(void)pthread_mutex_unlock(&remote.lock);
	error = remote_socket_connect(lane->fd, path);
	if (error == 0)
		error = remote_join(lane, token, &code, message);
	if (error == 0)
		remote_socket_unlimit(lane->fd);
	(void)pthread_mutex_lock(&remote.lock);
	if (error < 0 || code != SCARD_S_SUCCESS)
		return lane_failed(call, error, code, message);
	if (!remote.opened || remote.generation != call->generation) {
		call->lost = true;
		return remote_session_stopped("it ended", message);
	}
	return SCARD_S_SUCCESS;
}

static void
give_back(struct remote_lane *lane)
{
	if (lane->waits)
		remote.waiting--;
	lane->taken = false;
	if (lane->fd >= 0 && remote.opened && lane->generation == remote.generation &&
	    remote.idle_count < IDLE_MAX)
		remote.idle[remote.idle_count++] = lane;
	else
		close_lane(lane);
	/* They wait for different things. */
	if (remote.waiters > 0)
		(void)pthread_cond_broadcast(&remote.changed);
}

/* Whether a call may have to wait for another client, or for another call of this one. */
static bool
may_wait(uint16_t number, const struct remote_handle *handle)
{
	switch (number) {
	case WIRE_ESTABLISH:
	case WIRE_RELEASE:
	case WIRE_IS_VALID:
	case WIRE_CANCEL:
	case WIRE_LIST_READERS:
	case WIRE_LIST_GROUPS:
	case WIRE_END:
	case WIRE_HOLDERS:
		return false;
	default:
		return handle == NULL || handle->held == 0;
	}
}

/* A lane that nobody uses; NULL: all are in use. */
static struct remote_lane *
free_lane(void)
{
	if (remote.idle_count > 0)
		return remote.idle[--remote.idle_count];
	for (size_t i = 0; i < LANES_MAX; i++)
		if (!remote.lanes[i].taken && remote.lanes[i].fd < 0)
			return &remote.lanes[i];
	return NULL;
}

static LONG
check_handle(
    const struct remote_handle *found, enum remote_kind kind, ULONG_PTR handle, char *message)
{
	const char *what = kind == REMOTE_CARD ? "card handle" : "context";

	if (found == NULL)
		return remote_fail(ERROR_INVALID_HANDLE, message,
		    "%s 0x%zX is not valid: it has ended, or never was", what, (size_t)handle);
	if (remote.opened && found->generation == remote.generation)
		return SCARD_S_SUCCESS;
	if (found->generation <= remote.foreign)
		return remote_fail(SCARD_E_SERVICE_STOPPED, message,
		    "%s 0x%zX belongs to the process that this one was forked from; establish a "
		    "context of its own",
		    what, (size_t)handle);
	return remote_fail(SCARD_E_SERVICE_STOPPED, message,
	    "%s 0x%zX: the scardd that it came from has stopped; release the context and "
	    "establish a new one",
	    what, (size_t)handle);
}

/* Once. Success without a lane: there is none, try again after a change. */
static LONG
take(struct remote_call *call, enum remote_kind kind, ULONG_PTR handle, uint64_t *ret_theirs,
    char *message)
{
	const struct remote_handle *found = NULL;
	bool waits;
	LONG code;

	if (kind != REMOTE_NONE) {
		found = remote_handles_get(&remote.handles, kind, handle);
		if ((code = check_handle(found, kind, handle, message)) != SCARD_S_SUCCESS)
			return code;
		*ret_theirs = found->theirs;
	} else if (!remote.opened && (code = open_session(message)) != SCARD_S_SUCCESS)
		return code;
	waits = may_wait(call->number, found);
	if ((waits && remote.waiting >= WAITING_MAX) || (call->lane = free_lane()) == NULL)
		return SCARD_S_SUCCESS;
	call->generation = remote.generation;
	call->lane->generation = remote.generation;
	call->lane->taken = true;
	if ((call->lane->waits = waits))
		remote.waiting++;
	if (call->lane->fd < 0 && (code = open_lane(call, message)) != SCARD_S_SUCCESS) {
		close_lane(call->lane);
		give_back(call->lane);
		call->lane = NULL;
		return code;
	}
	return SCARD_S_SUCCESS;
}

LONG
remote_session_take(struct remote_call *call, enum remote_kind kind, ULONG_PTR handle,
    uint64_t *ret_theirs, char *message)
{
	LONG code;

	(void)pthread_mutex_lock(&remote.lock);
	while ((code = take(call, kind, handle, ret_theirs, message)) == SCARD_S_SUCCESS &&
	    call->lane == NULL)
		wait_for_change();
	(void)pthread_mutex_unlock(&remote.lock);
	return code;
}

void
remote_session_give_back(struct remote_call *call)
{
	(void)pthread_mutex_lock(&remote.lock);
	give_back(call->lane);
	(void)pthread_mutex_unlock(&remote.lock);
	call->lane = NULL;
}

void
remote_session_lost(struct remote_call *call)
{
	(void)pthread_mutex_lock(&remote.lock);
	lose(call->generation);
	(void)pthread_mutex_unlock(&remote.lock);
}

LONG
remote_session_stopped(const char *why, char *message)
{
	return remote_fail(SCARD_E_SERVICE_STOPPED, message,
	    "the session with scardd was lost: %s; release the context and establish a new one",
	    why);
}

LONG
remote_session_silent(struct remote_call *call, char *message)
{
	LONG code;

	(void)pthread_mutex_lock(&remote.lock);
	lose(call->generation);
	code = remote_fail(call->kind == REMOTE_NONE ? SCARD_E_NO_SERVICE : SCARD_E_SERVICE_STOPPED,
	    message,
	    "scardd at %.107s has not answered for %u seconds; stop and start it, and establish a "
	    "new context",
	    remote.paths[remote.path], (remote_answer_limit_ms + 999) / 1000);
	(void)pthread_mutex_unlock(&remote.lock);
	return code;
}

ULONG_PTR
remote_session_add(
    const struct remote_call *call, enum remote_kind kind, uint64_t theirs, ULONG_PTR context)
{
	ULONG_PTR handle;

	(void)pthread_mutex_lock(&remote.lock);
	handle = remote_handles_add(&remote.handles, kind, call->generation, theirs, context);
	(void)pthread_mutex_unlock(&remote.lock);
	return handle;
}

void
remote_session_remove(ULONG_PTR handle)
{
	(void)pthread_mutex_lock(&remote.lock);
	remote_handles_remove(&remote.handles, handle);
	(void)pthread_mutex_unlock(&remote.lock);
}

void
remote_session_hold(SCARDHANDLE card, bool held)
{
	struct remote_handle *found;

	(void)pthread_mutex_lock(&remote.lock);
	found = remote_handles_get(&remote.handles, REMOTE_CARD, card);
	if (found != NULL && held)
		found->held++;
	else if (found != NULL && found->held > 0)
		found->held--;
	(void)pthread_mutex_unlock(&remote.lock);
}

void
remote_session_set_dialect(SCARDCONTEXT context, uint32_t dialect)
{
	struct remote_handle *found;

	(void)pthread_mutex_lock(&remote.lock);
	if ((found = remote_handles_get(&remote.handles, REMOTE_CONTEXT, context)) != NULL)
		found->dialect = dialect;
	(void)pthread_mutex_unlock(&remote.lock);
}

/* Whether the page is that of a daemon that still has the session. The lock is held. */
static bool
page_holds(SCARDCONTEXT context, uint32_t *ret_dialect)
{
	struct pollfd control = { .fd = remote.control, .events = POLLRDHUP };
	const struct remote_handle *found;

	if (!remote.opened || remote.page == NULL)
		return false;
	if (context != 0) {
		found = remote_handles_get(&remote.handles, REMOTE_CONTEXT, context);
		if (found == NULL || found->generation != remote.generation)
			return false;
		*ret_dialect = found->dialect;
	}
	/* A daemon that was killed has left its page as it was. */
	return poll(&control, 1, 0) == 0;
}

struct wire_page_copy *
remote_session_look(SCARDCONTEXT context, uint32_t *ret_dialect)
{
	struct wire_page_copy *copy = NULL;

	(void)pthread_mutex_lock(&remote.lock);
	if (page_holds(context, ret_dialect))
		copy = wire_page_read(remote.page);
	(void)pthread_mutex_unlock(&remote.lock);
	return copy;
}

/* Which paths are tried from now on. The lock is held. */
static void
choose_paths(const char *path)
{
	const char *runtime = secure_getenv("XDG_RUNTIME_DIR");

	remote.path_count = 1;
	remote.named = path != NULL;
	(void)snprintf(remote.paths[0], PATH_SIZE, "%s", path != NULL ? path : SYSTEM_SOCKET);
	if (path == NULL && runtime != NULL && runtime[0] == '/')
		(void)snprintf(
		    remote.paths[remote.path_count++], PATH_SIZE, "%s/" USER_SOCKET, runtime);
}

const struct rm_calls *
api_remote_open(const char *path, LONG *ret_code, char *message)
{
	(void)pthread_mutex_lock(&remote.lock);
	if (!remote.opened && !remote.opening)
		choose_paths(path);
	*ret_code = remote.opened ? SCARD_S_SUCCESS : open_session(message);
	(void)pthread_mutex_unlock(&remote.lock);
	return *ret_code == SCARD_S_SUCCESS ? &remote_calls : NULL;
}

/*
 * Also when this library is unloaded, or the process ends: then a thread may still be in a call,
 * and keeps its lane.
 */
__attribute__((destructor)) void
api_remote_close(void)
{
	(void)pthread_mutex_lock(&remote.lock);
	close_idle();
	if (!remote.opening)
		close_fd(&remote.control);
	remote.opened = false;
	drop_page();
	remote_handles_clear(&remote.handles);
	(void)pthread_mutex_unlock(&remote.lock);
}

static void
forking(void)
{
	(void)pthread_mutex_lock(&remote.lock);
}

static void
forked_parent(void)
{
	(void)pthread_mutex_unlock(&remote.lock);
}

/* The parent's other threads are not here: what they had taken is free. */
static void
forked_child(void)
{
	close_fd(&remote.control);
	drop_page();
	for (size_t i = 0; i < LANES_MAX; i++) {
		close_lane(&remote.lanes[i]);
		remote.lanes[i].taken = false;
	}
	remote.idle_count = 0;
	remote.waiting = 0;
	remote.waiters = 0;
	remote.opening = false;
	remote.opened = false;
	remote.foreign = remote.generation;
	(void)pthread_cond_init(&remote.changed, NULL);
	(void)pthread_mutex_unlock(&remote.lock);
}

static __attribute__((constructor)) void
prepare(void)
{
	for (size_t i = 0; i < LANES_MAX; i++)
		remote.lanes[i].fd = -1;
	(void)pthread_atfork(forking, forked_parent, forked_child);
}
