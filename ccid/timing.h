/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transmission factors, data rates and waiting times (ISO 7816-3, 8.3, 10.2, 11.4). Pure; 64-bit
 * microseconds.
 */
#ifndef CCID_TIMING_H
#define CCID_TIMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rm/drivers/atr.h"

/* Value of an index; 0: reserved. */
unsigned ccid_fi(unsigned index);
unsigned ccid_di(unsigned index);

/* bps at this clock; the defaults 372 and 1 take the place of reserved indexes. */
uint64_t ccid_rate(uint32_t clock_khz, uint8_t ta1);

struct ccid_rates {
	uint32_t clock_khz;
	uint32_t maximum;      /* bps */
	const uint32_t *table; /* NULL: any rate up to the maximum */
	size_t count;
};

/*
 * Reads the answer to GET_DATA_RATES (or GET_CLOCK_FREQUENCIES); zeros are left out.
 * @asked: bytes that were asked for
 * @table: room for asked / 4 entries
 * Returns how many there are; 0: no table, also when the answer makes no sense.
 */
size_t ccid_rates_read(const uint8_t *bytes, size_t length, size_t asked, uint32_t *table);

/*
 * Chooses Fi and Di for a card: the one that TA1 names, or the same Fi with a smaller Di, the
 * fastest that the reader can do. Behind TA1's own come powers of two: 12 and 20 are only for cards
 * that name them.
 * @downgrades: so many usable ones are passed over
 * Returns TA1's coding; 0x11: nothing better than the default.
 */
uint8_t ccid_rates_choose(const struct ccid_rates *rates, uint8_t ta1, unsigned downgrades);
/* Whether the reader can do exactly this. */
bool ccid_rates_usable(const struct ccid_rates *rates, uint8_t ta1);

/* What the waiting times depend on. */
struct ccid_timing {
	uint32_t clock_khz;
	uint8_t factors;   /* Fi and Di in use, coded as TA1 */
	uint8_t ta1;       /* the card's own: T=0 waits by it */
	uint8_t guard;     /* TC1 */
	uint8_t wi;        /* T=0 */
	uint8_t bwi, cwi;  /* T=1 */
	uint32_t extra_us; /* a quirk's */
};

/* The wait for one TPDU of T=0 at the reader. */
uint64_t ccid_wait_t0(const struct ccid_timing *timing);
/* The wait for one block of T=1, with the multiplier of S(WTX request); 0 and 1: none. */
uint64_t ccid_wait_t1(const struct ccid_timing *timing, unsigned wtx);

#endif
