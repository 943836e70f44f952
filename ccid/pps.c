/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/pps.h"

#include <string.h>

#define PPSS 0xFFu
#define PPS1_PRESENT 0x10u
#define FACTORS_DEFAULT 0x11u
#define SHORTEST 3u /* PPSS PPS0 PCK */

static uint8_t
check_byte(const uint8_t *bytes, size_t length)
{
	uint8_t check = 0;

	for (size_t i = 0; i < length; i++)
		check ^= bytes[i];
	return check;
}

size_t
ccid_pps_request(unsigned protocol, uint8_t pps1, uint8_t out[CCID_PPS_MAX])
{
	size_t length = 0;

	out[length++] = PPSS;
	out[length++] = protocol & 0x0F;
	if (pps1 != FACTORS_DEFAULT) {
		out[1] |= PPS1_PRESENT;
		out[length++] = pps1;
	}
	out[length] = check_byte(out, length);
	return length + 1;
}

enum ccid_pps
ccid_pps_check(
    const uint8_t *request, size_t request_length, const uint8_t *answer, size_t answer_length)
{
	if (request_length < SHORTEST)
		return CCID_PPS_FAILED;
	if (answer_length == request_length && memcmp(answer, request, request_length) == 0)
		return CCID_PPS_AGREED;
	/* The only other answer that is no failure: the same without PPS1. */
	if (answer_length == SHORTEST && answer[0] == PPSS && answer[1] == (request[1] & 0x0F) &&
	    check_byte(answer, answer_length) == 0)
		return CCID_PPS_DEFAULTS;
	return CCID_PPS_FAILED;
}
