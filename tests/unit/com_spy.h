/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A spy on the task allocator that counts, makes allocation fail on demand, and puts something in
 * front of each block that it sees being made, so that a block which bypasses it is noticed.
 */
#ifndef TESTS_UNIT_COM_SPY_H
#define TESTS_UNIT_COM_SPY_H

#include <objbase.h>
#include <stdbool.h>

struct spy {
	IMallocSpy iface;
	unsigned references;
	bool refuse;       /* PreAlloc and PreRealloc make the call fail */
	bool allocates;    /* the spy itself uses the allocator */
	unsigned inside;   /* between Pre and Post; never more than 1 */
	unsigned overlaps; /* how often it was */
	unsigned allocs, frees, foreign_frees, reallocs, sizes, asks, trims;
	SIZE_T last_request;
};

/* One reference. */
struct spy spy_new(void);
/* The same, but it does not answer IMallocSpy. */
struct spy spy_impostor(void);

#endif
