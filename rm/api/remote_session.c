/* SPDX-License-Identifier: BSD-2-Clause */
/* The process's session as calls see it: taken, given back, lost; and what it has given out. */
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <winerror.h>

#include "rm/api/remote_state.h"

struct remote_state remote = {
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

void
remote_close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

void
remote_wait(void)
{
	remote.waiters++;
	(void)pthread_cond_wait(&remote.changed, &remote.lock);
	remote.waiters--;
}

void
remote_lose(uint32_t generation)
{
	if (!remote.opened || remote.generation != generation)
		return;
	remote.opened = false;
	remote_close_fd(&remote.control);
	remote_page_drop();
	remote_lanes_close_idle();
	for (size_t i = 0; i < REMOTE_LANES_MAX; i++)
		if (remote.lanes[i].taken && remote.lanes[i].fd >= 0)
			(void)shutdown(remote.lanes[i].fd, SHUT_RDWR);
	(void)pthread_cond_broadcast(&remote.changed);
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
	} else if (!remote.opened && (code = remote_open_session(message)) != SCARD_S_SUCCESS)
		return code;
	waits = remote_may_wait(call->number, found);
	if ((waits && remote.waiting >= REMOTE_WAITING_MAX) ||
	    (call->lane = remote_lane_free()) == NULL)
		return SCARD_S_SUCCESS;
	call->generation = remote.generation;
	call->lane->generation = remote.generation;
	call->lane->taken = true;
	if ((call->lane->waits = waits))
		remote.waiting++;
	if (call->lane->fd < 0 && (code = remote_lane_open(call, message)) != SCARD_S_SUCCESS) {
		remote_lane_close(call->lane);
		remote_lane_give_back(call->lane);
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
		remote_wait();
	call->version = remote.version;
	(void)pthread_mutex_unlock(&remote.lock);
	return code;
}

void
remote_session_give_back(struct remote_call *call)
{
	(void)pthread_mutex_lock(&remote.lock);
	remote_lane_give_back(call->lane);
	(void)pthread_mutex_unlock(&remote.lock);
	call->lane = NULL;
}

void
remote_session_lost(struct remote_call *call)
{
	(void)pthread_mutex_lock(&remote.lock);
	remote_lose(call->generation);
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
	remote_lose(call->generation);
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
