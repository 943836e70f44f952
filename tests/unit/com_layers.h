/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Layers of a test's own, in place of runtime/layers.c: one folder each of the four kinds, so that
 * what only administrators and packages may do can be tested.
 */
#ifndef TESTS_UNIT_COM_LAYERS_H
#define TESTS_UNIT_COM_LAYERS_H

#include "runtime/layers.h"

/* Four new empty folders from now on. */
void test_layers_begin(void);

/* Of the current ones. */
const char *test_layers_folder(enum layer_kind kind);

/* Compiles those three that may have a cache, or takes their caches away. */
void test_layers_cache(void);
void test_layers_remove_caches(void);

#endif
