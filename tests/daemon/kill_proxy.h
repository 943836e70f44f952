/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between one client and scardd: a thread that passes packets on, counts the requests, and lets
 * something happen before a certain one goes to the daemon.
 */
#ifndef TESTS_DAEMON_KILL_PROXY_H
#define TESTS_DAEMON_KILL_PROXY_H

#include <stdbool.h>
#include <stdint.h>

/* Listens on @path, connects to @daemon. The texts stay the caller's, and there. */
bool kill_proxy_start(const char *path, const char *daemon);
void kill_proxy_stop(void);

/*
 * Counts anew. When request @number (from 1; 0: none) has come, the proxy's thread calls @act, and
 * then passes the request on.
 */
void kill_proxy_arm(unsigned number, void (*act)(void));
/* Requests so far, and the numbers of their messages, a bit each. */
unsigned kill_proxy_count(uint64_t *ret_numbers);
/*
 * Waits until no lane is left: for each the client's end is closed, and so is the daemon's, which
 * therefore has seen it. False: not before the deadline.
 */
bool kill_proxy_wait_idle(void);

#endif
