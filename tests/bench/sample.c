/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/bench/sample.h"

#include <stdlib.h>
#include <time.h>

double
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

void
sample_add(struct sample_set *set, double value)
{
	if (set->count == set->room) {
		set->room = set->room == 0 ? 1024 : 2 * set->room;
		if ((set->values = realloc(set->values, set->room * sizeof(double))) == NULL)
			abort();
	}
	set->values[set->count++] = value;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
sample_part(struct sample_set *set, double part)
{
	size_t at = (size_t)((double)set->count * part);

	if (set->count == 0)
		return 0;
	qsort(set->values, set->count, sizeof(double), compare);
	return set->values[at < set->count ? at : set->count - 1];
}

void
sample_clear(struct sample_set *set)
{
	free(set->values);
	*set = (struct sample_set){ 0 };
}
