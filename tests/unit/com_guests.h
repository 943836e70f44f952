/* SPDX-License-Identifier: BSD-2-Clause */
/* Copies of the module tests/components/guest.c, each a module of its own with classes of its own.
 */
#ifndef TESTS_UNIT_COM_GUESTS_H
#define TESTS_UNIT_COM_GUESTS_H

#include <objbase.h>
#include <stdbool.h>

/* Copies the module guest.so as folder/guest-N.so. Returns its path, which is never freed. */
const char *guests_copy(const char *folder, unsigned number);

/* The same, with a manifest for Guest and Host; `more`: lines for its group [Component]. */
const char *guests_install(const char *folder, unsigned number, const char *more);

/* The classes of that copy. */
CLSID guests_class(unsigned number);
CLSID guests_host_class(unsigned number);

/* Is the file mapped into this process? */
bool guests_is_mapped(const char *path);

/*
 * guests_load: `threads` threads make, use and release objects of `modules` installed copies, while
 * one more frees unused libraries without a grace time, until `enough` or half a minute is over.
 * Returns how many times something went wrong.
 */
unsigned guests_load(unsigned modules, unsigned threads, bool (*enough)(void));

#endif
