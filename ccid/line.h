/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may talk to a device: one at a time, waiting no longer than they want to. Usually an
 * interface has a line of its own; firmware that gets confused by two at once has one for the whole
 * device.
 */
#ifndef CCID_LINE_H
#define CCID_LINE_H

#include <stdbool.h>
#include <stdint.h>

struct ccid_line;

struct ccid_line *ccid_line_new(void);
struct ccid_line *ccid_line_ref(struct ccid_line *line);
void ccid_line_unref(struct ccid_line *line);

/* @deadline: nanoseconds of CLOCK_MONOTONIC; 0: none. Returns false: it passed. */
bool ccid_line_enter(struct ccid_line *line, uint64_t deadline);
/* Returns false: somebody is inside. */
bool ccid_line_try(struct ccid_line *line);
void ccid_line_leave(struct ccid_line *line);

#endif
