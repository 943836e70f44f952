/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/timing.h"

#include "ccid/bytes.h"
#include "ccid/limits.h"

#define FI_DEFAULT 372u
#define DI_DEFAULT 1u
#define FACTORS_DEFAULT 0x11u
#define RATE_TOLERANCE 2u /* bps: readers round in either direction */
#define GUARD_SPECIAL 255u
#define WI_DEFAULT 10u
#define CWI_MAX 15u
#define BWI_MAX 9u
#define WTX_MAX 255u
#define BLOCK_BYTES 260u /* characters of the longest TPDU, about */
#define CHARACTERS_MAX_US (10ull * CCID_SECOND)
#define UNKNOWN_US (60ull * CCID_SECOND) /* without a clock nothing can be computed */

unsigned
ccid_fi(unsigned index)
{
	static const uint16_t values[16] = { 372, 372, 558, 744, 1116, 1488, 1860, 0, 0, 512, 768,
		1024, 1536, 2048, 0, 0 };

	return index < 16 ? values[index] : 0;
}

unsigned
ccid_di(unsigned index)
{
	static const uint8_t values[16] = { 0, 1, 2, 4, 8, 16, 32, 64, 12, 20, 0, 0, 0, 0, 0, 0 };

	return index < 16 ? values[index] : 0;
}

struct factors {
	unsigned f, d;
};

/* A pair counts as a whole: one reserved index, and the defaults take the place of both. */
static struct factors
factors_of(uint8_t ta1)
{
	struct factors factors = { ccid_fi(ta1 >> 4), ccid_di(ta1 & 0x0F) };

	if (factors.f == 0 || factors.d == 0)
		factors = (struct factors){ FI_DEFAULT, DI_DEFAULT };
	return factors;
}

static bool
is_reserved(uint8_t ta1)
{
	return ccid_fi(ta1 >> 4) == 0 || ccid_di(ta1 & 0x0F) == 0;
}

uint64_t
ccid_rate(uint32_t clock_khz, uint8_t ta1)
{
	struct factors factors = factors_of(ta1);

	return (1000ull * clock_khz * factors.d + factors.f / 2) / factors.f;
}

size_t
ccid_rates_read(const uint8_t *bytes, size_t length, size_t asked, uint32_t *table)
{
	size_t count = 0;

	if (length % 4 != 0 || length > asked)
		return 0;
	for (size_t at = 0; at < length; at += 4) {
		uint32_t rate = ccid_get32(bytes + at);

		if (rate != 0)
			table[count++] = rate;
	}
	return count;
}

bool
ccid_rates_usable(const struct ccid_rates *rates, uint8_t ta1)
{
	struct factors factors = factors_of(ta1);
	uint64_t rate = ccid_rate(rates->clock_khz, ta1);

	if (is_reserved(ta1))
		return false;
	/* Every answer to reset is read at this one. */
	if (factors.f == FI_DEFAULT && factors.d == DI_DEFAULT)
		return true;
	if (rate > (uint64_t)rates->maximum + RATE_TOLERANCE)
		return false;
	if (rates->table == NULL || rates->count == 0)
		return true;
	for (size_t i = 0; i < rates->count; i++)
		if (rate + RATE_TOLERANCE >= rates->table[i] &&
		    rate <= (uint64_t)rates->table[i] + RATE_TOLERANCE)
			return true;
	return false;
}

uint8_t
ccid_rates_choose(const struct ccid_rates *rates, uint8_t ta1, unsigned downgrades)
{
	static const uint8_t smaller[] = { 7, 6, 5, 4, 3, 2, 1 };
	const uint64_t lowest = ccid_rate(rates->clock_khz, FACTORS_DEFAULT);
	const unsigned own = ccid_di(ta1 & 0x0F);
	uint8_t candidate = ta1;

	if (is_reserved(ta1))
		return FACTORS_DEFAULT;
	for (size_t i = 0;;) {
		if (ccid_rate(rates->clock_khz, candidate) > lowest &&
		    ccid_rates_usable(rates, candidate) && downgrades-- == 0)
			return candidate;
		while (i < sizeof smaller && ccid_di(smaller[i]) >= own)
			i++;
		if (i == sizeof smaller)
			return FACTORS_DEFAULT;
		candidate = (uint8_t)((ta1 & 0xF0) | smaller[i++]);
	}
}

/* Microseconds that a number of clock cycles take, rounded up. */
static uint64_t
cycles_us(uint32_t clock_khz, uint64_t cycles)
{
	return (cycles * 1000 + clock_khz - 1) / clock_khz;
}

static uint64_t
etus_us(uint32_t clock_khz, struct factors factors, uint64_t etus)
{
	return cycles_us(clock_khz, (etus * factors.f + factors.d - 1) / factors.d);
}

static uint64_t
at_most(uint64_t value, uint64_t maximum)
{
	return value < maximum ? value : maximum;
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

uint64_t
ccid_wait_t0(const struct ccid_timing *timing)
{
	const struct factors factors = factors_of(timing->factors);
	const unsigned guard = timing->guard == GUARD_SPECIAL ? 0 : timing->guard;
	const unsigned wi = timing->wi != 0 ? timing->wi : WI_DEFAULT;
	uint64_t character, waiting, in, out;

	if (timing->clock_khz == 0)
		return UNKNOWN_US;
	character = etus_us(timing->clock_khz, factors, 12u + guard);
	waiting = cycles_us(timing->clock_khz, 960ull * wi * factors_of(timing->ta1).f);
	in = 261 * character + 6 * waiting;
	out = 5 * character + 260 * waiting;
	return at_most(
		   larger(CCID_SHORT_US, larger(in, out)) + timing->extra_us, CCID_WAIT_MAX_US) +
	    CCID_SECOND;
}

uint64_t
ccid_wait_t1(const struct ccid_timing *timing, unsigned wtx)
{
	const struct factors factors = factors_of(timing->factors);
	const uint32_t clock = timing->clock_khz;
	const unsigned guard = timing->guard == GUARD_SPECIAL ? 11u : 12u + timing->guard;
	const unsigned bwi = timing->bwi > BWI_MAX ? BWI_MAX : timing->bwi;
	const unsigned cwi = timing->cwi > CWI_MAX ? CWI_MAX : timing->cwi;
	uint64_t command, block, characters;

	if (clock == 0)
		return UNKNOWN_US;
	if (wtx == 0)
		wtx = 1;
	else if (wtx > WTX_MAX)
		wtx = WTX_MAX;
	command = BLOCK_BYTES * etus_us(clock, factors, guard);
	block = etus_us(clock, factors, 11) + cycles_us(clock, (960ull * FI_DEFAULT) << bwi);
	characters =
	    at_most(BLOCK_BYTES * etus_us(clock, factors, 11u + (1u << cwi)), CHARACTERS_MAX_US);
	return at_most(larger(CCID_SHORT_US, command + wtx * block + characters + CCID_SECOND) +
		timing->extra_us,
	    CCID_WAIT_MAX_US);
}
