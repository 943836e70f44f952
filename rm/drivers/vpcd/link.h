/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Talking over one connection: messages out and in, with a deadline and a way to be stopped. The
 * connection's descriptor does not block; one thread at a time talks.
 */
#ifndef VPCD_LINK_H
#define VPCD_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vpcd_link {
	int fd;
	int cancel_fd;     /* readable: give up */
	uint64_t deadline; /* nanoseconds of CLOCK_MONOTONIC; 0: none */
};

/*
 * All return 0, or
 *   -ENODEV     the card closed the connection
 *   -ETIMEDOUT  the deadline passed
 *   -ECANCELED  the cancel descriptor is readable
 *   -EPROTO     the card said something unasked
 *   another errno of the socket
 * After a failure the stream is out of step, and the connection only fit to be closed.
 */

/* Nothing has come that nobody asked for, and the card is still there. */
int vpcd_link_check(const struct vpcd_link *link);

/* Sends one message; length and payload leave in one write. */
int vpcd_link_send(const struct vpcd_link *link, const uint8_t *payload, size_t length);

/*
 * Receives one message.
 * @ret_length: its length, which may be more than `room`; the rest was dropped then
 */
int vpcd_link_receive(const struct vpcd_link *link, uint8_t *out, size_t room, size_t *ret_length);

/* The deadline has passed. */
bool vpcd_link_is_late(uint64_t deadline);

/* The other side has hung up, or the connection is broken. */
bool vpcd_link_is_dead(int fd);

#endif
