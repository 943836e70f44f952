/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card: SELECT (A4) is answered with 9000, 10 gives its data back, 40 does the same but takes
 * its time, B0 gives as many bytes as P1 and P2 say, counted up from 0, as far as Le allows.
 * Anything else is 6D00.
 */
#include <string.h>

#include "tests/vm/reader/reader.h"

#define INS_ECHO 0x10
#define INS_SLOW_ECHO 0x40
#define INS_SELECT 0xA4
#define INS_READ 0xB0

struct parsed {
	const uint8_t *data;
	size_t lc, le;
};

static size_t
two(const uint8_t *bytes)
{
	return (size_t)bytes[0] << 8 | bytes[1];
}

/* ISO 7816-3 12.1.3. */
static bool
parse(const uint8_t *c, size_t length, struct parsed *out)
{
	*out = (struct parsed){ 0 };
	if (length <= 4)
		return length == 4;
	if (length == 5) {
		out->le = c[4] != 0 ? c[4] : 256;
		return true;
	}
	if (c[4] != 0) {
		out->lc = c[4];
		out->data = c + 5;
		if (length == 6 + out->lc)
			out->le = c[length - 1] != 0 ? c[length - 1] : 256;
		return length == 5 + out->lc || length == 6 + out->lc;
	}
	if (length < 7)
		return false;
	if (length == 7) {
		out->le = two(c + 5) != 0 ? two(c + 5) : 65536;
		return true;
	}
	out->lc = two(c + 5);
	out->data = c + 7;
	if (length == 9 + out->lc)
		out->le = two(c + length - 2) != 0 ? two(c + length - 2) : 65536;
	return length == 7 + out->lc || length == 9 + out->lc;
}

bool
card_command(const uint8_t *command, size_t length, struct bytes *response)
{
	struct parsed apdu;
	uint16_t status = 0x6D00;

	response->length = 0;
	if (!parse(command, length, &apdu))
		status = 0x6700;
	else if (command[1] == INS_SELECT)
		status = 0x9000;
	else if (command[1] == INS_ECHO || command[1] == INS_SLOW_ECHO) {
		if (apdu.lc > 0)
			memcpy(response->data, apdu.data, apdu.lc);
		response->length = apdu.lc;
		status = 0x9000;
	} else if (command[1] == INS_READ) {
		response->length = MIN(two(command + 2), apdu.le);
		for (size_t i = 0; i < response->length; i++)
			response->data[i] = (uint8_t)i;
		status = 0x9000;
	}
	response->data[response->length++] = (uint8_t)(status >> 8);
	response->data[response->length++] = (uint8_t)status;
	return length < 2 || command[1] != INS_SLOW_ECHO;
}
