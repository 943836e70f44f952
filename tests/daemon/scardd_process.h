/* SPDX-License-Identifier: BSD-2-Clause */
/* A scardd of a test's own: started, ready, ended by its process id. */
#ifndef TESTS_DAEMON_SCARDD_PROCESS_H
#define TESTS_DAEMON_SCARDD_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct scardd_process {
	pid_t pid;
	char socket[100]; /* its path; in the working folder */
};

/*
 * Starts $TESSERA_BUILD/bin/scardd with a socket in the working folder and these drivers (NULL at
 * the end), waits until it says that it is ready, and sets TESSERA_RM for this process. False: told
 * on stdout, nothing runs.
 */
bool scardd_start(struct scardd_process *scardd, const char *const *drivers);

/* Ends it with SIGTERM and waits. True: it ended by itself with status 0. */
bool scardd_stop(struct scardd_process *scardd);

#endif
