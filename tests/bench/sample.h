/* SPDX-License-Identifier: BSD-2-Clause */
/* Times of single operations, in microseconds, and what is said about them. */
#ifndef TESTS_BENCH_SAMPLE_H
#define TESTS_BENCH_SAMPLE_H

#include <stddef.h>

struct sample_set {
	double *values;
	size_t count, room;
};

/* CLOCK_MONOTONIC. */
double now_us(void);
/* Ends the program when there is no memory. */
void sample_add(struct sample_set *set, double value);
/* @part 0.5: the median. 0 when the set is empty. Sorts the set. */
double sample_part(struct sample_set *set, double part);
void sample_clear(struct sample_set *set);

#endif
