/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of the benchmark. */
#ifndef TESTS_BENCH_TABLE_H
#define TESTS_BENCH_TABLE_H

#include <stdbool.h>

/* A figure that is not there. */
#define TABLE_NONE (-1.0)

struct table_row {
	const char *name;
	double p50, p99;
	double floor50, floor99;
	double ratio; /* median of the rounds' */
	double peer50, peer99;
};

void table_head(const char *peer);
void table_row(const struct table_row *row);
/* A line of another shape: figures in words. */
void table_line(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A target of the row or line before. */
void table_target(bool met, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* How many targets were met; the number of those that were not. */
unsigned table_end(void);

#endif
