/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The answer to reset (ISO 7816-3, 8.2): whether it is well formed, which protocols the card
 * offers, and what its interface bytes say about time and electricity, for readers with wires.
 * Pure.
 */
#ifndef RM_DRIVERS_ATR_H
#define RM_DRIVERS_ATR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATR_LENGTH_MAX 33u
#define ATR_GROUPS_MAX 8u /* of interface bytes; a longer chain is not well formed */

/* TAi to TDi. A byte that is not there is 0. */
#define ATR_TA 0x1u
#define ATR_TB 0x2u
#define ATR_TC 0x4u
#define ATR_TD 0x8u
struct atr_group {
	unsigned present; /* ATR_TA to ATR_TD */
	uint8_t ta, tb, tc, td;
};

struct atr {
	uint16_t offered;  /* bit n: T=n is offered, n 0 to 14 */
	int specific;      /* the protocol that TA2 fixes; -1: TA2 absent, may be negotiated */
	size_t historical; /* place of the historical bytes */
	size_t historical_length;
	size_t length;    /* of the answer itself; bytes behind it are not looked at */
	bool tck_present; /* false: not due, or due and missing */
	bool tck_due;
	bool tck_right;

	struct atr_group groups[ATR_GROUPS_MAX]; /* [0] is TA1 to TD1 */
	unsigned group_count;                    /* at least 1; the first may be empty */
	uint8_t order[ATR_GROUPS_MAX];           /* T of TD1, TD2 ... as they come, 15 included */
	unsigned order_count;
	unsigned first; /* the protocol that runs before any negotiation, where it is negotiable */

	/* What the bytes mean; the standard's values where they are absent or reserved. */
	bool inverse;       /* convention */
	bool implicit;      /* TA2: the factors are not those of TA1 and not told */
	bool may_change;    /* TA2: another reset may bring negotiable mode */
	uint8_t ta1;        /* Fi and Di; 0x11 */
	uint8_t guard;      /* TC1, N; 0 */
	uint8_t wi;         /* TC2; 10 */
	uint8_t ifsc;       /* T=1; 1 to 254; 32 */
	uint8_t bwi, cwi;   /* T=1; 0 to 9 and 0 to 15; 4 and 13 */
	bool crc;           /* T=1; false: LRC */
	uint8_t clock_stop; /* 0 no, 1 low, 2 high, 3 either */
	uint8_t classes;    /* bit 0: 5 V, bit 1: 3 V, bit 2: 1.8 V; never 0; 5 V */
	bool classes_told;  /* `classes` is the card's own word */
};

/*
 * An answer in inverse convention that the reader did not decode begins with 03. Decodes such bytes
 * in place, so that they begin with 3F; others stay as they are. Before atr_parse.
 */
void atr_decode(uint8_t *bytes, size_t length);

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
