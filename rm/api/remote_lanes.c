/* SPDX-License-Identifier: BSD-2-Clause */
/* Lanes: connected when a call needs one more, kept for the next ones. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <winerror.h>

#include "rm/api/remote_state.h"

void
remote_lane_close(struct remote_lane *lane)
{
	remote_close_fd(&lane->fd);
	free(lane->buffer);
	lane->buffer = NULL;
}

void
remote_lanes_close_idle(void)
{
	while (remote.idle_count > 0)
		remote_lane_close(remote.idle[--remote.idle_count]);
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
		    remote.paths[remote.path], remote_reason(error));
	if (error == -ENOMEM || error == -ENOBUFS)
		return remote_fail(SCARD_E_NO_MEMORY, message,
		    "one more connection to scardd at %.107s: %s", remote.paths[remote.path],
		    remote_reason(error));
	call->lost = error != -EBADMSG;
	remote_lose(call->generation);
	return remote_session_stopped(
	    error == 0 ? "it was started anew" : remote_reason(error), message);
}

LONG
remote_lane_open(struct remote_call *call, char *message)
{
	struct remote_lane *lane = call->lane;
	uint8_t token[WIRE_TOKEN_SIZE];
	LONG code = SCARD_S_SUCCESS;
	const char *path = remote.paths[remote.path];
	int error;

	lane->serial = 0;
	lane->spent = false;
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

void
remote_lane_give_back(struct remote_lane *lane)
{
	if (lane->waits)
		remote.waiting--;
	lane->taken = false;
	if (lane->fd >= 0 && !lane->spent && remote.opened &&
	    lane->generation == remote.generation && remote.idle_count < REMOTE_IDLE_MAX)
		remote.idle[remote.idle_count++] = lane;
	else
		remote_lane_close(lane);
	/* They wait for different things. */
	if (remote.waiters > 0)
		(void)pthread_cond_broadcast(&remote.changed);
}

bool
remote_may_wait(uint16_t number, const struct remote_handle *handle)
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
	case WIRE_READ_CACHE:
	case WIRE_WRITE_CACHE:
	case WIRE_AUDIT:
	case WIRE_DEVICE:
	case WIRE_LIST_DEVICE:
	case WIRE_TRACE:
		return false;
	default:
		return handle == NULL || handle->held == 0;
	}
}

struct remote_lane *
remote_lane_free(void)
{
	if (remote.idle_count > 0)
		return remote.idle[--remote.idle_count];
	for (size_t i = 0; i < REMOTE_LANES_MAX; i++)
		if (!remote.lanes[i].taken && remote.lanes[i].fd < 0)
			return &remote.lanes[i];
	return NULL;
}
