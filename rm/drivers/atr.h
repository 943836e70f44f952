/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The answer to reset (ISO 7816-3, 8.2), as far as a driver needs it: which protocols the card
 * offers, and whether the bytes are well formed. Pure. Electrical parameters are not looked at:
 * the cards of these drivers have no wires.
 */
#ifndef RM_DRIVERS_ATR_H
#define RM_DRIVERS_ATR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATR_LENGTH_MAX 33u

struct atr {
	uint16_t offered;  /* bit n: T=n is offered, n 0 to 14 */
	int specific;      /* the protocol that TA2 fixes; -1: TA2 absent, may be negotiated */
	size_t historical; /* place of the historical bytes */
	size_t historical_length;
	size_t length;    /* of the answer itself; bytes behind it are not looked at */
	bool tck_present; /* false: not due, or due and missing */
	bool tck_due;
	bool tck_right;
};

/* Returns 0, or -EBADMSG: no well formed answer; *ret is then untouched. */
int atr_parse(const uint8_t *bytes, size_t length, struct atr *ret);

/*
 * The protocol for a card with this answer: the best of those that the card offers and the caller
 * allows, T=1 before T=0; in specific mode only the card's own.
 * @allowed: bit 0: T=0, bit 1: T=1
 * Returns 0 or 1, or -EPROTO: nothing in common.
 */
int atr_choose_protocol(const struct atr *atr, unsigned allowed);

#endif
