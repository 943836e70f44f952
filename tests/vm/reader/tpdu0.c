/* SPDX-License-Identifier: BSD-2-Clause */
/* The card's side of T=0 as a reader passes it on: headers, GET RESPONSE and ENVELOPE. */
#include <string.h>

#include "tests/vm/reader/reader.h"

#define INS_GET_RESPONSE 0xC0
#define INS_ENVELOPE 0xC2
#define DATA_MAX 255u

/* With 61xx: so much is there; xx 0 is 256 and more. */
static size_t
more(const struct slot *slot, uint8_t *reply)
{
	size_t left = slot->response.length - 2 - slot->sent;

	reply[0] = 0x61;
	reply[1] = (uint8_t)(left > DATA_MAX ? 0 : left);
	return 2;
}

static size_t
get_response(struct slot *slot, const uint8_t *command, size_t length, uint8_t *reply)
{
	size_t wanted = length > 4 && command[4] != 0 ? command[4] : 256;
	size_t left = slot->response.length > 2 ? slot->response.length - 2 - slot->sent : 0;

	if (left == 0) {
		reply[0] = 0x69;
		reply[1] = 0x85;
		return 2;
	}
	if (wanted > left) {
		reply[0] = 0x6C;
		reply[1] = (uint8_t)left;
		return 2;
	}
	memcpy(reply, slot->response.data + slot->sent, wanted);
	slot->sent += wanted;
	if (wanted < left)
		return wanted + more(slot, reply + wanted);
	memcpy(reply + wanted, slot->response.data + slot->response.length - 2, 2);
	return wanted + 2;
}

/* Is the enclosed APDU, an extended one, all there? */
static bool
enclosed(const struct bytes *apdu)
{
	size_t lc;

	if (apdu->length < 7)
		return false;
	if (apdu->length == 7)
		return true;
	lc = (size_t)apdu->data[5] << 8 | apdu->data[6];
	return apdu->length == 7 + lc || apdu->length == 9 + lc;
}

/* The response waits for GET RESPONSE, unless it is a status word alone. */
static size_t
answer(struct slot *slot, uint8_t *reply)
{
	slot->sent = 0;
	if (slot->response.length > 2)
		return more(slot, reply);
	memcpy(reply, slot->response.data, 2);
	return 2;
}

static size_t
envelope(struct slot *slot, const uint8_t *command, size_t length, uint8_t *reply)
{
	struct bytes *apdu = &slot->command;
	bool last = length <= 5;

	if (!last && apdu->length + length - 5 <= sizeof apdu->data) {
		memcpy(apdu->data + apdu->length, command + 5, length - 5);
		apdu->length += length - 5;
		last = command[4] < DATA_MAX && enclosed(apdu);
	}
	if (!last) {
		reply[0] = 0x90;
		reply[1] = 0x00;
		return 2;
	}
	(void)card_command(apdu->data, apdu->length, &slot->response);
	apdu->length = 0;
	return answer(slot, reply);
}

size_t
tpdu0(struct slot *slot, const uint8_t *command, size_t length, uint8_t *reply)
{
	if (length < 4)
		return 0;
	if (command[1] == INS_GET_RESPONSE)
		return get_response(slot, command, length, reply);
	if (command[1] == INS_ENVELOPE)
		return envelope(slot, command, length, reply);
	(void)card_command(command, length, &slot->response);
	if (length > 5)
		return answer(slot, reply);
	/* A case 2 command: the data come in the same exchange. */
	slot->sent = slot->response.length - 2;
	memcpy(reply, slot->response.data, slot->response.length);
	return slot->response.length;
}
