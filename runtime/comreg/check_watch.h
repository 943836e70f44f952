/* SPDX-License-Identifier: BSD-2-Clause */
/* The watching allocator as the checks use it; only under CHECK_WATCHES_MEMORY. */
#ifndef TESSERA_RUNTIME_COMREG_CHECK_WATCH_H
#define TESSERA_RUNTIME_COMREG_CHECK_WATCH_H

#include "runtime/comreg/alloc/watch.h"
#include "runtime/comreg/check_trial.h"

/* Watches what the module does, and fills what is freed, from now on. */
void check_watch_begin(const struct trial *trial);
/* See alloc/watch.h. */
unsigned check_watch_fail(unsigned number);
const char *check_watch_finding(void);
enum alloc_origin check_watch_origin(const void *block);

#endif
