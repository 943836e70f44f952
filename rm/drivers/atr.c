/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/atr.h"

#include <errno.h>

#define TS_DIRECT 0x3B
#define TS_INVERSE 0x3F
#define TS_INVERSE_RAW 0x03
#define T_GLOBAL 15u /* not a protocol: qualifies interface bytes of both */
#define BWI_MAX 9u

/* Reads the interface bytes of one group. @td: T0 or TDi, whose high nibble announces them. */
static int
read_group(const uint8_t *bytes, size_t length, size_t *position, uint8_t td, struct atr_group *ret)
{
	uint8_t *const places[] = { &ret->ta, &ret->tb, &ret->tc, &ret->td };

	ret->present = td >> 4;
	for (unsigned i = 0; i < 4; i++) {
		if ((ret->present >> i & 1) == 0)
			continue;
		if (*position >= length)
			return -EBADMSG;
		*places[i] = bytes[(*position)++];
	}
	return 0;
}

/* Reads all groups, beginning behind T0. */
static int
read_groups(const uint8_t *bytes, size_t length, size_t *position, struct atr *atr)
{
	uint8_t td = bytes[1];

	for (;;) {
		struct atr_group *group;
		unsigned t;

		if (atr->group_count == ATR_GROUPS_MAX)
			return -EBADMSG;
		group = &atr->groups[atr->group_count++];
		if (read_group(bytes, length, position, td, group) < 0)
			return -EBADMSG;
		if ((group->present & ATR_TD) == 0)
			return 0;
		td = group->td;
		t = td & 0x0Fu;
		atr->order[atr->order_count++] = (uint8_t)t;
		if (t != T_GLOBAL)
			atr->offered = (uint16_t)(atr->offered | 1u << t);
		if (t != 0)
			atr->tck_due = true;
	}
}

/* T0 is byte 1; TCK makes everything from there 0. */
static void
check_tck(const uint8_t *bytes, size_t length, size_t *position, struct atr *atr)
{
	uint8_t check = 0;

	if (!atr->tck_due)
		return;
	if (*position >= length) {
		atr->tck_right = false;
		return;
	}
	atr->tck_present = true;
	for (size_t i = 1; i <= *position; i++)
		check ^= bytes[i];
	atr->tck_right = check == 0;
	(*position)++;
}

/*
 * The first group that qualifies T=t: the third or a later one, since the first two hold what is
 * global or T=0's. NULL: none.
 */
static const struct atr_group *
group_of(const struct atr *atr, unsigned t)
{
	for (unsigned i = 2; i < atr->group_count; i++)
		if (atr->order[i - 1] == t)
			return &atr->groups[i];
	return NULL;
}

static void
interpret_global(struct atr *atr)
{
	const struct atr_group *first = &atr->groups[0], *second = &atr->groups[1], *electric;

	for (unsigned i = atr->order_count; i > 0; i--)
		if (atr->order[i - 1] != T_GLOBAL)
			atr->first = atr->order[i - 1];
	if ((first->present & ATR_TA) != 0)
		atr->ta1 = first->ta;
	if ((first->present & ATR_TC) != 0)
		atr->guard = first->tc;
	if ((second->present & ATR_TA) != 0) {
		atr->specific = second->ta & 0x0F;
		atr->implicit = (second->ta & 0x10) != 0;
		atr->may_change = (second->ta & 0x80) == 0;
	}
	if ((second->present & ATR_TC) != 0 && second->tc != 0)
		atr->wi = second->tc;
	electric = group_of(atr, T_GLOBAL);
	if (electric == NULL || (electric->present & ATR_TA) == 0)
		return;
	atr->clock_stop = electric->ta >> 6;
	if ((electric->ta & 0x07) != 0) {
		atr->classes = electric->ta & 0x07;
		atr->classes_told = true;
	}
}

static void
interpret_t1(struct atr *atr)
{
	const struct atr_group *group = group_of(atr, 1);

	if (group == NULL)
		return;
	if ((group->present & ATR_TA) != 0 && group->ta != 0x00 && group->ta != 0xFF)
		atr->ifsc = group->ta;
	if ((group->present & ATR_TB) != 0) {
		atr->bwi = group->tb >> 4;
		if (atr->bwi > BWI_MAX)
			atr->bwi = BWI_MAX;
		atr->cwi = group->tb & 0x0F;
	}
	if ((group->present & ATR_TC) != 0)
		atr->crc = (group->tc & 0x01) != 0;
}

int
atr_parse(const uint8_t *bytes, size_t length, struct atr *ret)
{
	struct atr atr = {
		.specific = -1,
		.tck_right = true,
		.ta1 = 0x11,
		.wi = 10,
		.ifsc = 32,
		.bwi = 4,
		.cwi = 13,
		.classes = 0x01,
	};
	size_t position = 2;

	if (length < 2 || (bytes[0] != TS_DIRECT && bytes[0] != TS_INVERSE))
		return -EBADMSG;
	if (length > ATR_LENGTH_MAX)
		length = ATR_LENGTH_MAX;
	atr.inverse = bytes[0] == TS_INVERSE;
	if (read_groups(bytes, length, &position, &atr) < 0)
		return -EBADMSG;
	/* No TD1, or one that names no protocol: the card speaks T=0. */
	if (atr.offered == 0)
		atr.offered = 1;
	atr.historical = position;
	atr.historical_length = bytes[1] & 0x0F;
	if (atr.historical_length > length - position)
		return -EBADMSG;
	position += atr.historical_length;
	check_tck(bytes, length, &position, &atr);
	atr.length = position;
	interpret_global(&atr);
	interpret_t1(&atr);
	*ret = atr;
	return 0;
}

static uint8_t
decode(uint8_t byte)
{
	uint8_t out = 0;

	for (unsigned bit = 0; bit < 8; bit++)
		if ((byte >> bit & 1) == 0)
			out = (uint8_t)(out | 0x80u >> bit);
	return out;
}

void
atr_decode(uint8_t *bytes, size_t length)
{
	if (length == 0 || bytes[0] != TS_INVERSE_RAW)
		return;
	for (size_t i = 0; i < length; i++)
		bytes[i] = decode(bytes[i]);
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
