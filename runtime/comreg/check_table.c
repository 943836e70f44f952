/* SPDX-License-Identifier: BSD-2-Clause */
/* All checks, by group, in the order of the report. */
#include <string.h>

#include "runtime/comreg/check.h"

static const struct check_group *const groups[] = {
	&check_module,
	&check_registration,
	&check_factory,
	&check_unknown,
	&check_threads,
	&check_aggregation,
	&check_memory,
	&check_strings,
	&check_errors,
	&check_dispatch,
	&check_invoke,
	&check_enumerator,
	&check_connection,
	&check_stream,
};

const struct check *
check_at(size_t index)
{
	for (size_t g = 0; g < G_N_ELEMENTS(groups); g++) {
		if (index < groups[g]->count)
			return &groups[g]->checks[index];
		index -= groups[g]->count;
	}
	return NULL;
}

const IID *
check_needs(size_t index)
{
	for (size_t g = 0; g < G_N_ELEMENTS(groups); g++) {
		if (index < groups[g]->count)
			return groups[g]->needs;
		index -= groups[g]->count;
	}
	return NULL;
}

const struct check *
check_find(const char *name)
{
	const struct check *check;

	for (size_t i = 0; (check = check_at(i)) != NULL; i++)
		if (strcmp(check->name, name) == 0)
			return check;
	return NULL;
}
