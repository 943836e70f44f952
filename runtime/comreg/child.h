/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Code of a component is run in a child process with a time limit: a crash or a hang is a result to
 * report. The child says what it found through a pipe; what the module itself prints is caught.
 */
#ifndef TESSERA_RUNTIME_COMREG_CHILD_H
#define TESSERA_RUNTIME_COMREG_CHILD_H

#include <stdbool.h>

#include <glib.h>

#define CHILD_LIMIT_MS 10000            /* unless the user says otherwise */
#define CHILD_REPORT_MAX (256u * 1024u) /* bytes kept, the rest is read and dropped */
#define CHILD_OUTPUT_MAX 4096u

struct child {
	int error;      /* errno: it could not be started; 0: it was */
	bool timed_out; /* and was killed */
	int signal;     /* that ended it; 0: it ended by itself */
	int status;     /* then its exit status */
	GString *report;
	GString *output; /* what was printed on standard output and standard error */
};

/*
 * In the child: returns its exit status. Reports with child_say; stdin is /dev/null. What it starts
 * is killed with it.
 */
typedef int (*child_work)(int report, void *data);

/* Runs @work and waits for its end, at most @limit_ms. Ended by child_done. */
void child_run(struct child *child, int limit_ms, child_work work, void *data);
void child_done(struct child *child);

/* In the child: one field of the report, ended with NUL, written at once. */
void child_say(int report, const char *text);

/* The report's next field, moving *cursor (0 at first); NULL: no more. */
const char *child_field(const struct child *child, size_t *cursor);

/* (transfer full): how it ended, when not by itself with status 0; NULL: well. */
char *child_problem(const struct child *child, int limit_ms);

#endif
