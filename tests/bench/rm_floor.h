/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The floor: messages to and fro on a bare SOCK_SEQPACKET socket between this process and a child,
 * of the sizes that the measured call has on the wire.
 */
#ifndef TESTS_BENCH_RM_FLOOR_H
#define TESTS_BENCH_RM_FLOOR_H

#include <stddef.h>

/* Starts the child, which ends with this process. Ends the program on failure. */
void floor_start(void);
/* One round trip: @out bytes there, @in bytes back; both at least 4, at most 128 KiB. */
void floor_trip(size_t out, size_t in);

#endif
