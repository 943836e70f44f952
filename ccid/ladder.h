/* SPDX-License-Identifier: BSD-2-Clause */
/* Bringing reader and host in step again after a command that did not end as it should. */
#ifndef CCID_LADDER_H
#define CCID_LADDER_H

#include <stdbool.h>

#include "ccid/command.h"

/* A command ended without its answer: `slot` is disturbed, and the next climb begins at the bottom.
 */
void ccid_ladder_fall(struct ccid_link *link, unsigned slot);
/* Answers made no sense, but the reader has ended the command: as above, past the abort. */
void ccid_ladder_stumble(struct ccid_link *link, unsigned slot);

/*
 * Climbs from rung to rung until the reader answers as it should: abort, drain, clear halt, ask
 * again, power off, port reset. Each rung that is tried is noted once. Where nothing is out of
 * step, nothing is done.
 * @deadline: nanoseconds; no rung is begun after it, and the next climb goes on where this one
 *  stopped; 0: none
 * CCID_OK; CCID_DEADLINE; CCID_GONE: the device is gone, or no rung helped: link->failed.
 */
enum ccid_result ccid_ladder_climb(struct ccid_link *link, uint64_t deadline);
/* The abort alone, at once, for a caller who does not wait. The rest comes with the next climb. */
enum ccid_result ccid_ladder_abort(struct ccid_link *link);

#endif
