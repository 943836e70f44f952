/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A command APDU over T=0, whose own unit is smaller: header, one length, data in one direction
 * (ISO/IEC 7816-3:2006, 12.2). What a card cannot say in one exchange it says in several: 61xx and
 * GET RESPONSE, 6Cxx and once more with the right length, ENVELOPE for more than 255 bytes of data.
 *
 * Pure: the exchanges themselves are the caller's function, and so is keeping others away
 * meanwhile.
 */
#ifndef PROVIDERS_SCARDSSP_T0_H
#define PROVIDERS_SCARDSSP_T0_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/scardssp/apdu.h"

#define T0_COMMAND_MAX (APDU_HEADER_SIZE + 1u + APDU_SHORT_DATA_MAX) /* 260 */
#define T0_NO_ALTERNATE_CLASS (-1)

/* Results besides those of `transmit`; outside the range of its codes, which are negative or small.
 */
#define T0_BAD_REPLY 0x7F000001   /* fewer than two bytes came, or more than there was room for */
#define T0_NO_ENVELOPE 0x7F000002 /* the command needs ENVELOPE and the card does not know it */

struct t0_link {
	/*
	 * One exchange: CLA INS P1 P2 P3 and data, at most T0_COMMAND_MAX bytes (an opaque command
	 * goes as it is, whatever its size).
	 * @reply: room for `capacity` bytes, at least APDU_SHORT_REPLY_MAX
	 * Returns 0 and the bytes received, or a code that ends the whole.
	 */
	int32_t (*transmit)(void *context, const uint8_t *command, size_t size, uint8_t *reply,
	    size_t capacity, size_t *ret_size);
	void *context;
	/* Class byte of GET RESPONSE and ENVELOPE; T0_NO_ALTERNATE_CLASS: that of the command. */
	int alternate_class;
};

/* May the command take more than one exchange? */
bool t0_needs_several(const struct apdu *apdu);

/*
 * t0_transceive: sends a command and puts its whole reply together: data, at most as many bytes as
 * were expected, SW1, SW2.
 * @apdu: `bytes`, decoded
 * @reply: room for `capacity` bytes, at least APDU_SHORT_REPLY_MAX and apdu->expected + 2
 *
 * Returns 0; T0_BAD_REPLY; T0_NO_ENVELOPE; or what `transmit` returned. *ret_size is set with 0
 * only. Ends whatever the card answers: each further exchange brings at least one byte.
 */
int32_t t0_transceive(const struct t0_link *link, const uint8_t *bytes, size_t size,
    const struct apdu *apdu, uint8_t *reply, size_t capacity, size_t *ret_size);

#endif
