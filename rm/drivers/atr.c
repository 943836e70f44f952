/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/atr.h"

#include <errno.h>

#define TS_DIRECT 0x3B
#define TS_INVERSE 0x3F
#define T_GLOBAL 15u /* not a protocol: qualifies interface bytes of both */

/* Skips the interface bytes of one group. @td: T0 or TDi, whose high nibble announces them. */
static int
skip_group(const uint8_t *bytes, size_t length, size_t *position, uint8_t td, uint8_t *ret_ta,
    uint8_t *ret_next)
{
	for (unsigned bit = 4; bit < 8; bit++) {
		if ((td >> bit & 1) == 0)
			continue;
		if (*position >= length)
			return -EBADMSG;
		if (bit == 4)
			*ret_ta = bytes[*position];
		if (bit == 7)
			*ret_next = bytes[*position];
		(*position)++;
	}
	return 0;
}

int
atr_parse(const uint8_t *bytes, size_t length, struct atr *ret)
{
	struct atr atr = { .specific = -1, .tck_right = true };
	uint8_t td, check = 0;
	size_t position = 2;

	if (length < 2 || (bytes[0] != TS_DIRECT && bytes[0] != TS_INVERSE))
		return -EBADMSG;
	if (length > ATR_LENGTH_MAX)
		length = ATR_LENGTH_MAX;

	td = bytes[1];
	for (unsigned group = 1;; group++) {
		uint8_t ta = 0, next = 0;

		if (skip_group(bytes, length, &position, td, &ta, &next) < 0)
			return -EBADMSG;
		if (group == 2 && (td & 0x10) != 0)
			atr.specific = ta & 0x0F;
		if ((td & 0x80) == 0)
			break;
		if ((next & 0x0F) != T_GLOBAL)
			atr.offered = (uint16_t)(atr.offered | 1u << (next & 0x0F));
		if ((next & 0x0F) != 0)
			atr.tck_due = true;
		td = next;
	}
	/* No TD1, or one that names no protocol: the card speaks T=0. */
	if (atr.offered == 0)
		atr.offered = 1;

	atr.historical = position;
	atr.historical_length = bytes[1] & 0x0F;
	if (atr.historical_length > length - position)
		return -EBADMSG;
	position += atr.historical_length;

	if (atr.tck_due && position < length) {
		atr.tck_present = true;
		for (size_t i = 1; i <= position; i++)
			check ^= bytes[i];
		atr.tck_right = check == 0;
		position++;
	}
	if (atr.tck_due && !atr.tck_present)
		atr.tck_right = false;
	atr.length = position;
	*ret = atr;
	return 0;
}

int
atr_choose_protocol(const struct atr *atr, unsigned allowed)
{
	unsigned possible = atr->offered & allowed;

	if (atr->specific >= 0)
		possible = allowed & 1u << atr->specific;
	if ((possible & 2) != 0)
		return 1;
	if ((possible & 1) != 0)
		return 0;
	return -EPROTO;
}
