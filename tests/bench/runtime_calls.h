/* SPDX-License-Identifier: BSD-2-Clause */
/* The runtime's calls that cost nanoseconds, each beside a floor: the least that could do the job.
 */
#ifndef TESTS_BENCH_RUNTIME_CALLS_H
#define TESTS_BENCH_RUNTIME_CALLS_H

/* Makes the objects that are measured; ends the program when it cannot. */
void calls_prepare(void);

void calls_reference(unsigned count);
void calls_reference_floor(unsigned count);
void calls_query_hit(unsigned count);
void calls_query_miss(unsigned count);
void calls_query_floor(unsigned count);
void calls_activation(unsigned count);
void calls_activation_floor(unsigned count);

/*
 * Activations a microsecond by @threads threads, at most 2, each on a CPU of its own, all at once.
 * 0: there are fewer CPUs.
 */
double calls_activations_together(unsigned threads, unsigned count);

#endif
