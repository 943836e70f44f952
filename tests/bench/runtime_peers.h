/* SPDX-License-Identifier: BSD-2-Clause */
/* The peers that were built (runtime.mk builds those whose packages are there). */
#ifndef TESTS_BENCH_RUNTIME_PEERS_H
#define TESTS_BENCH_RUNTIME_PEERS_H

#include <stdbool.h>

#include "tests/bench/process.h"
#include "tests/bench/sample.h"

#define PEERS_MAX 3u

struct peers {
	struct {
		const char *name;
		struct process process;
		struct sample_set times; /* of the row that is measured */
		bool answers;            /* knows the row */
	} peer[PEERS_MAX];
	unsigned count;
	char folder[256];
};

void peers_start(struct peers *peers, const char *build, const char *folder, bool quick);
void peers_end(struct peers *peers);

void peers_begin_row(struct peers *peers);
/* One round of the row in each. */
void peers_ask(struct peers *peers, const char *row, unsigned count);
void peers_print_head(const struct peers *peers);
void peers_print_row(struct peers *peers);

#endif
