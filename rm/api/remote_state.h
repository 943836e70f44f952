/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process's session, for the files that share it: remote_session.c takes and gives back,
 * remote_open.c opens, remote_lanes.c connects, remote_look.c looks, remote_process.c begins and
 * ends.
 *
 * One lock, which is held across no wait on a socket. A socket is made, noted in its place and
 * closed under the lock: so the child of a fork knows all of its parent's and closes them, and
 * never speaks on one.
 */
#ifndef RM_API_REMOTE_STATE_H
#define RM_API_REMOTE_STATE_H

#include <pthread.h>

#include "rm/api/remote.h"

/*
 * With the control lane these are the 256 that a daemon accepts. Calls that may wait for other
 * clients leave some for those that never do, and for the holder of a transaction: what the others
 * wait for can always be said.
 */
#define REMOTE_LANES_MAX 255u
#define REMOTE_WAITING_MAX 240u
#define REMOTE_IDLE_MAX 8u

struct remote_state {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a lane is free; an attempt to open is over */
	unsigned waiters;

	char paths[REMOTE_PATHS_MAX][REMOTE_PATH_SIZE];
	size_t path_count;
	bool named; /* the path is from TESSERA_RM */

	bool opening;
	bool opened;
	uint32_t generation; /* of the session, the last one when none is open */
	uint32_t foreign;    /* generations up to this are those of the process before the fork */
	uint32_t version;    /* that the daemon of the session speaks */
	size_t path;         /* where it was opened */
	uint8_t token[WIRE_TOKEN_SIZE];
	int control;                  /* the control lane; -1: none */
	const struct wire_page *page; /* the daemon's status page; NULL: there is none */

	struct remote_lane lanes[REMOTE_LANES_MAX];
	struct remote_lane *idle[REMOTE_IDLE_MAX];
	size_t idle_count;
	unsigned waiting; /* lanes taken by calls that may wait */

	struct remote_handles handles;
};
extern struct remote_state remote;

/* All that follows with the lock held. */

/* Waits until another thread has changed something that calls wait for. */
void remote_wait(void);
void remote_close_fd(int *fd);

/*
 * A session is of no use any more. Whoever waits for an answer on one of its lanes is woken: the
 * daemon would see to it when it ended, but perhaps it is the daemon that does not behave.
 */
void remote_lose(uint32_t generation);

/* remote_open.c: opens a session, unless there is one; the lock is given up meanwhile. */
LONG remote_open_session(char *message);
/* What a failure on a socket means to people. */
const char *remote_reason(int error);

/* remote_lanes.c */
/* Whether a call may have to wait for another client, or for another call of this one. */
bool remote_may_wait(uint16_t number, const struct remote_handle *handle);
/* A lane that nobody uses; NULL: all are in use. */
struct remote_lane *remote_lane_free(void);
/* Connects the taken lane of a call; the lock is given up meanwhile. */
LONG remote_lane_open(struct remote_call *call, char *message);
void remote_lane_close(struct remote_lane *lane);
void remote_lane_give_back(struct remote_lane *lane);
void remote_lanes_close_idle(void);

/* remote_look.c: the session's page is let go. */
void remote_page_drop(void);

#endif
