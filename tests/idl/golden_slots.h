/* SPDX-License-Identifier: BSD-2-Clause */
/* Between golden_slots.c and golden_calls.cc. */
#ifndef TESTS_GOLDEN_SLOTS_H
#define TESTS_GOLDEN_SLOTS_H

#include <small.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Calls every method of greeter; *arrived is the slot that was called last. 0 when all fit. */
int golden_calls(IGreeter *greeter, const int *arrived);

/* Calls a method without the argument that has a default. */
int golden_default_call(IGreeter *greeter);

#ifdef __cplusplus
}
#endif

#endif
