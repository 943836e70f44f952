/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of the seven cases a command APDU is (ISO 7816-4, 5.1; ISO 7816-3, 12.1). */
#include "ccid/t0.h"

#define HEADER 4u

static unsigned
big_endian(const uint8_t *bytes)
{
	return (unsigned)bytes[0] << 8 | bytes[1];
}

static bool
shape_short(const uint8_t *command, size_t length, struct apdu_shape *ret)
{
	size_t lc = command[HEADER];

	if (length == HEADER + 1) {
		ret->kind = APDU_2S;
		ret->le = lc != 0 ? lc : 256;
		return true;
	}
	if (lc == 0 || (length != HEADER + 1 + lc && length != HEADER + 1 + lc + 1))
		return false;
	ret->kind = length == HEADER + 1 + lc ? APDU_3S : APDU_4S;
	ret->lc = lc;
	ret->data = HEADER + 1;
	if (ret->kind == APDU_4S)
		ret->le = command[length - 1] != 0 ? command[length - 1] : 256;
	return true;
}

static bool
shape_extended(const uint8_t *command, size_t length, struct apdu_shape *ret)
{
	size_t value = big_endian(command + HEADER + 1), le;

	if (length == HEADER + 3) {
		ret->kind = APDU_2E;
		ret->le = value != 0 ? value : 65536;
		return true;
	}
	if (value == 0 || (length != HEADER + 3 + value && length != HEADER + 3 + value + 2))
		return false;
	ret->kind = length == HEADER + 3 + value ? APDU_3E : APDU_4E;
	ret->lc = value;
	ret->data = HEADER + 3;
	le = big_endian(command + length - 2);
	if (ret->kind == APDU_4E)
		ret->le = le != 0 ? le : 65536;
	return true;
}

bool
apdu_shape(const uint8_t *command, size_t length, struct apdu_shape *ret)
{
	*ret = (struct apdu_shape){ .kind = APDU_INVALID };
	if (length < HEADER || length > CCID_COMMAND_MAX)
		return false;
	if (length == HEADER) {
		ret->kind = APDU_1;
		return true;
	}
	if (command[HEADER] == 0 && length >= HEADER + 3)
		return shape_extended(command, length, ret);
	return shape_short(command, length, ret);
}
