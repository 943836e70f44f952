/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The test driver's hand for programs that include pcsc-lite's headers, which cannot meet ours:
 * plain types only. Names of readers are not used twice.
 */
#ifndef TESTS_CONFORMANCE_STEER_H
#define TESTS_CONFORMANCE_STEER_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/suite.h"

/* As suite_run, with the test driver. */
int steer_run(const char *name, const struct suite_test *tests, size_t count);

/* Plugs in a reader; its number. */
unsigned steer_reader(const char *name);
/* With a card: T=0 and T=1, ATR 3B 81 00 11, answers 90 00. */
unsigned steer_reader_with_card(const char *name);
/* With a card that does not answer its reset. */
unsigned steer_reader_with_mute(const char *name);
void steer_remove(unsigned reader, const char *name);
void steer_insert(unsigned reader, const char *name);
/* Unplugs it and waits until it is gone. */
void steer_unplug(unsigned reader, const char *name);

/* Whether the card loses its power within that time; it has it, and nobody is connected. */
bool steer_loses_power(const char *name, unsigned milliseconds);
/* Lets time pass in which nothing happens to the reader, which is no operation on its card. */
void steer_let_pass(const char *name, unsigned milliseconds);

/* A control code that the driver echoes, and one that it does not know, as functions. */
#define STEER_CONTROL_ECHO 2048u
#define STEER_CONTROL_UNKNOWN 99u

#endif
