/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks classes up among those of runtime_cold.c, in a fresh process. Prints the microseconds of
 * the first lookup from the opening of the cache on; the nanoseconds of one of many after it, each
 * of which asks the file system whether anything has changed; and the nanoseconds of
 * CoGetClassObject for a class that the process has found before. Arguments: the number of classes,
 * and how many.
 */
#define COBJMACROS
#include <stdio.h>
#include <stdlib.h>

#include <objbase.h>

#include "counter.h"
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

static void
get_class_object(void)
{
	IClassFactory *factory;

	if (FAILED(CoGetClassObject(
		&CLSID_Hermit, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory, (void **)&factory)))
		exit(1);
	IClassFactory_Release(factory);
}

/* Microseconds. */
static double
time_many(unsigned classes, unsigned many)
{
	double start = now_us();
	unsigned at = 12345;

	for (unsigned i = 0; i < many; i++) {
		at = at * 1664525u + 1013904223u;
		look_up(1 + (at >> 8) % (classes - 1));
	}
	return now_us() - start;
}

static double
time_found(unsigned many)
{
	double start;

	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		exit(1);
	get_class_object();
	start = now_us();
	for (unsigned i = 0; i < many; i++)
		get_class_object();
	return now_us() - start;
}

int
main(int argc, char **argv)
{
	unsigned classes = argc == 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	unsigned many = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	double start, first;

	if (classes < 2 || many == 0)
		return 2;
	/* Where the folders are is known from here on. */
	g_ptr_array_unref(layers_folders());
	start = now_us();
	look_up(classes / 2);
	first = now_us() - start;
	printf("%.2f %.2f %.2f\n", first, time_many(classes, many) * 1e3 / many,
	    time_found(many) * 1e3 / many);
	return 0;
}
