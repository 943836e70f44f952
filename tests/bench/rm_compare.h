/* SPDX-License-Identifier: BSD-2-Clause */
/* A manager beside its peer: loads that run against both, and the rows of the table. */
#ifndef TESTS_BENCH_RM_COMPARE_H
#define TESTS_BENCH_RM_COMPARE_H

#include "tests/bench/rm_daemon.h"

#define PEERS 2
#define FIGURES 6
#define PATIENCE_MS 30000

struct run {
	struct daemon *daemons[PEERS]; /* ours and the peer */
	bool there[PEERS];
	bool quick;
	unsigned failures;
};

/* For a full run, or a quick one. */
int pick(const struct run *run, int full, int quick);
/* Says so. What the peer cannot do is a figure; what we cannot is a failure. */
void failed(struct run *run, const struct daemon *daemon, const char *what, const char *why);
/* Reads a line of figures; those that are not there become TABLE_NONE. */
bool hear_figures(struct run *run, const struct daemon *daemon, const struct process *load,
    const char *what, double *figures);

/* One client, one call after another; a name in front of each row. @all: else only what a route
 * changes */
void compare_single(struct run *run, const char *prefix, bool all);
/* A load that tells two times, p50 and p99. The word BLOCK stands for the daemon's control block.
 */
void compare_times(struct run *run, const char *title, double ours[FIGURES], double peer[FIGURES],
    const char *const *words);
/* @readers: "all" or a number; @kind: "transmit" or "transaction" */
void compare_many(
    struct run *run, const char *title, const char *readers, const char *kind, bool fairness);
/* A load that runs once and tells its figures. */
void compare_once(struct run *run, int peer, double *figures, const char *const *words);

#endif
