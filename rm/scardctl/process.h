/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes that are started, watched and ended by descriptor, so that one wait sees all: their
 * ends, signals, and whatever else is a descriptor.
 */
#ifndef RM_SCARDCTL_PROCESS_H
#define RM_SCARDCTL_PROCESS_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct process {
	pid_t pid; /* 0: none, or ended and waited for */
	int fd;    /* readable when it has ended */
	int status;
};
#define PROCESS_NONE ((struct process){ .fd = -1 })

#define PROCESS_VARIABLES_MAX 4u

struct process_variable {
	const char *name;  /* NULL: no more */
	const char *value; /* NULL: it shall not have it */
};

struct process_setup {
	const char *const *arguments; /* NULL at the end */
	struct process_variable variables[PROCESS_VARIABLES_MAX];
	bool background;      /* a group of its own, no input, ends with this process */
	const sigset_t *mask; /* signals it has blocked */
};

/*
 * Starts a program, found as execvp does. 0, or a negative errno that says why it cannot be run;
 * then nothing is left of it.
 */
int process_start(struct process *process, const struct process_setup *setup);
/* Whether it has ended; then `status` is that of waitpid. Does not wait. */
bool process_ended(struct process *process);
/* Ends it: asks, and kills when it has not gone by then. None: fine. */
void process_end(struct process *process, int limit_ms);
/* As exit status: its own, or 128 and the signal. */
int process_exit_status(const struct process *process);

#endif
