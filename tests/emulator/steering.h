/* SPDX-License-Identifier: BSD-2-Clause */
/* The other end of steer.c: a program under the emulator is started and steered from a test. */
#ifndef TESTS_EMULATOR_STEERING_H
#define TESTS_EMULATOR_STEERING_H

#include <stdio.h>

struct steering {
	FILE *lines;
	int theirs; /* the end that the program inherits */
};

/*
 * Sets the environment in which the next program is to be started (LD_PRELOAD, TESSERA_EMULATOR);
 * needs TESSERA_BUILD. Exits on failure.
 */
void steering_begin(struct steering *steering);
/* It was started: the environment is as it was. */
void steering_started(struct steering *steering);
/* One line, and what it is to be answered. */
void steering_say(struct steering *steering, const char *line, const char *expected);
void steering_end(struct steering *steering);

#endif
