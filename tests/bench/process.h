/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs that the benchmark starts, talks with in lines, and ends by their process id. */
#ifndef TESTS_BENCH_PROCESS_H
#define TESTS_BENCH_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process {
	pid_t pid; /* 0: none */
	int pidfd, in, out;
};

/*
 * @environment: NAME=VALUE, added to this program's; ends with NULL
 * @listener: a listening socket that becomes descriptor 3 as in systemd's socket activation; -1
 * @log: a file that standard error, and a daemon's output, is added to
 * It is killed when this program dies.
 */
int process_start(struct process *process, const char *const *argv, const char *const *environment,
    int listener, const char *log);
/* Sends a line. */
bool process_tell(const struct process *process, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The next line without its end; false: none came in time. */
bool process_hear(const struct process *process, char *line, size_t size, int patience_ms);
/* Closes its input. */
void process_close(struct process *process);
/* Waits for its end after @signal (0: none); kills it when it takes longer. Ended by itself? */
bool process_end(struct process *process, int signal, int patience_ms);

#endif
