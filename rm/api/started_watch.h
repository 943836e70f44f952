/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watches for a daemon: a descriptor is readable while one serves. What happens to the socket's
 * folder is an event, and so is the daemon's end, by a connection that is kept for that; a thread
 * turns the two into one, because a descriptor alone cannot.
 */
#ifndef RM_API_STARTED_WATCH_H
#define RM_API_STARTED_WATCH_H

#include "rm/api/remote.h"

struct started_watch;

/*
 * @event: an eventfd without a wait, empty; readable while there is a daemon at one of the paths
 * 0, or a negative errno.
 */
int started_watch_begin(struct started_watch **ret_watch, int event,
    char paths[static REMOTE_PATHS_MAX][REMOTE_PATH_SIZE], size_t count);
/* Ends the thread. NULL is fine. */
void started_watch_end(struct started_watch *watch);

#endif
