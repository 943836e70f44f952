/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks classes up among those of runtime_cold.c, in a fresh process: prints the microseconds of
 * the first lookup, opening included, and the nanoseconds of one of many after it. Arguments: the
 * number of classes, and how many.
 */
#include <stdio.h>
#include <stdlib.h>

#include <objbase.h>

#include "runtime/lookup.h"
#include "tests/bench/sample.h"

static void
look_up(unsigned number)
{
	CLSID clsid = { number, 0x0000, 0x4000,
		{ 0x80, 0x00, 0x01, 0x23, 0x45, 0x67, 0x89, 0xAB } };
	struct lookup_class class;
	char *cause;

	if (SUCCEEDED(lookup_class(&clsid, &class, &cause))) {
		lookup_class_clear(&class);
		return;
	}
	fprintf(stderr, "class %u: %s\n", number, cause);
	exit(1);
}

int
main(int argc, char **argv)
{
	unsigned classes = argc == 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0, many, at;
	double start, first;

	many = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	if (classes < 2 || many == 0)
		return 2;
	start = now_us();
	look_up(classes / 2);
	first = now_us() - start;
	at = 12345;
	start = now_us();
	for (unsigned i = 0; i < many; i++) {
		at = at * 1664525u + 1013904223u;
		look_up(1 + (at >> 8) % (classes - 1));
	}
	printf("%.2f %.2f\n", first, (now_us() - start) * 1e3 / many);
	return 0;
}
