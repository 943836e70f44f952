/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A peer is a program that is asked, round by round, for the nanoseconds that one operation of its
 * own takes: a line "ROW COUNT" in, a line with the number out. So its rounds stand between ours.
 */
#ifndef TESTS_BENCH_RUNTIME_PEER_H
#define TESTS_BENCH_RUNTIME_PEER_H

#include <stdio.h>
#include <string.h>
#include <time.h>

struct peer_row {
	const char *name;
	void (*run)(unsigned count);
};

static inline double
peer_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Answers until its input ends. A row that it does not know is -1. */
static inline int
peer_serve(const struct peer_row *rows, size_t length)
{
	char name[32];
	unsigned count;

	while (scanf("%31s %u", name, &count) == 2) {
		double took = -1;

		for (size_t i = 0; i < length; i++)
			if (strcmp(rows[i].name, name) == 0) {
				double start = peer_now();

				rows[i].run(count);
				took = (peer_now() - start) / count;
			}
		printf("%.3f\n", took);
		(void)fflush(stdout);
	}
	return 0;
}

#endif
