/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/bench/table.h"

#include <stdarg.h>
#include <stdio.h>

static unsigned met_count, missed_count;

static void
number(double value, int digits)
{
	if (value < 0)
		printf(" %9s", "-");
	else
		printf(" %9.*f", value >= 1000 ? 0 : digits, value);
}

void
table_head(const char *peer)
{
	char ahead[16];

	(void)snprintf(ahead, sizeof ahead, "x %.10s", peer);
	printf("%-34s %9s %9s %9s %9s %9s %9s %9s %9s\n", "microseconds, one CPU", "p50", "p99",
	    "floor p50", "floor p99", "x floor", peer, "its p99", ahead);
}

void
table_row(const struct table_row *row)
{
	printf("%-34s", row->name);
	number(row->p50, 1);
	number(row->p99, 1);
	number(row->floor50, 1);
	number(row->floor99, 1);
	number(row->ratio, 2);
	number(row->peer50, 1);
	number(row->peer99, 1);
	number(row->peer50 > 0 && row->p50 > 0 ? row->peer50 / row->p50 : TABLE_NONE, 2);
	printf("\n");
	(void)fflush(stdout);
}

void
table_line(const char *name, const char *format, ...)
{
	va_list arguments;

	printf("%-34s  ", name);
	va_start(arguments, format);
	(void)vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	(void)fflush(stdout);
}

void
table_target(bool met, const char *format, ...)
{
	va_list arguments;

	printf("    %-4s", met ? "yes" : "NO");
	va_start(arguments, format);
	(void)vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	if (met)
		met_count++;
	else
		missed_count++;
}

unsigned
table_end(void)
{
	printf("targets: %u reached, %u not\n", met_count, missed_count);
	return missed_count;
}
