/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens once a process, or once a build: first object, first lookup, comidl. */
#ifndef TESTS_BENCH_RUNTIME_COLD_H
#define TESTS_BENCH_RUNTIME_COLD_H

#include <stdbool.h>

void cold_measure(const char *build, const char *folder, bool quick);

/* Removes the folder with all that is in it. */
void cold_remove(const char *folder);

#endif
