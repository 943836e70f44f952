/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between the client of this process and scardd: a thread that passes packets on and writes down
 * each request with its answer, as tests/wire has them. What differs from run to run (token, pids,
 * users, times) is written as something that does not.
 */
#ifndef TESTS_WIRE_RECORD_H
#define TESTS_WIRE_RECORD_H

/*
 * Takes the daemon's socket from TESSERA_RM, and puts its own there. Descriptors are not passed on,
 * so what the status page would have answered is asked.
 */
void record_start(void);
/* From here on: to another file, with this comment. */
void record_to(const char *path, const char *comment);
void record_stop(void);

#endif
