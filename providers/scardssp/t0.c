/* SPDX-License-Identifier: BSD-2-Clause */
/* Command APDUs over T=0: see t0.h. */
#include "providers/scardssp/t0.h"

#include <string.h>

#define SW1_MORE 0x61u         /* SW2 more bytes wait for GET RESPONSE; 00: 256 or more */
#define SW1_WRONG_LENGTH 0x6Cu /* SW2 is the right length; 00: 256 */
#define SW1_BAD_INSTRUCTION 0x6Du
#define SW1_BAD_CLASS 0x6Eu

/* A command on its way: what came back so far, and the last status. */
struct exchange {
	const struct t0_link *link;
	const struct apdu *apdu;
	uint8_t *data; /* the caller's reply buffer */
	size_t have;
	uint8_t sw1;
	uint8_t sw2;
};

static uint32_t
wanted(const struct exchange *x)
{
	return x->apdu->expected - (uint32_t)x->have;
}

static uint32_t
short_length(uint8_t sw2)
{
	return sw2 != 0 ? sw2 : APDU_SHORT_EXPECTED_MAX;
}

static uint32_t
smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint8_t
generated_class(const struct exchange *x)
{
	return x->link->alternate_class != T0_NO_ALTERNATE_CLASS ? (uint8_t)x->link->alternate_class
								 : x->apdu->header[0];
}

/*
 * Sends one command, keeps its status, and adds to the data no more than is still wanted.
 * @ret_count: data bytes the card sent
 */
static int32_t
send_tpdu(struct exchange *x, const uint8_t header[APDU_HEADER_SIZE], uint8_t p3,
    const uint8_t *body, size_t body_size, size_t *ret_count)
{
	uint8_t command[T0_COMMAND_MAX], reply[APDU_SHORT_REPLY_MAX];
	size_t size = 0;
	int32_t r;

	memcpy(command, header, APDU_HEADER_SIZE);
	command[APDU_HEADER_SIZE] = p3;
	if (body_size != 0)
		memcpy(command + APDU_HEADER_SIZE + 1, body, body_size);
	r = x->link->transmit(x->link->context, command, APDU_HEADER_SIZE + 1 + body_size, reply,
	    sizeof reply, &size);
	if (r == 0 && (size < APDU_STATUS_SIZE || size > sizeof reply))
		r = T0_BAD_REPLY;
	if (r == 0) {
		size_t count = size - APDU_STATUS_SIZE;
		size_t kept = count < wanted(x) ? count : wanted(x);

		memcpy(x->data + x->have, reply, kept);
		x->have += kept;
		x->sw1 = reply[size - 2];
		x->sw2 = reply[size - 1];
		*ret_count = count;
	}
	explicit_bzero(command, sizeof command);
	explicit_bzero(reply, sizeof reply);
	return r;
}

/* Asks for `length` bytes, and once more when the card names another length. */
static int32_t
send_reading(
    struct exchange *x, const uint8_t header[APDU_HEADER_SIZE], uint32_t length, size_t *ret_count)
{
	int32_t r = send_tpdu(x, header, (uint8_t)length, NULL, 0, ret_count);

	if (r == 0 && x->sw1 == SW1_WRONG_LENGTH && *ret_count == 0)
		r = send_tpdu(x, header, x->sw2, NULL, 0, ret_count);
	return r;
}

static int32_t
send_get_response(struct exchange *x, uint32_t length, size_t *ret_count)
{
	const uint8_t header[APDU_HEADER_SIZE] = { generated_class(x), APDU_INS_GET_RESPONSE, 0,
		0 };

	return send_reading(x, header, length, ret_count);
}

/* Fetches what waits, as long as the card has more, more is wanted, and something comes. */
static int32_t
fetch_rest(struct exchange *x)
{
	while (x->sw1 == SW1_MORE && wanted(x) != 0) {
		size_t count;
		int32_t r = send_get_response(x, smaller(wanted(x), short_length(x->sw2)), &count);

		if (r != 0)
			return r;
		if (count == 0)
			break;
	}
	return 0;
}

/* Case 2: header and length; more than 256 bytes can be asked for only bit by bit. */
static int32_t
read_data(struct exchange *x)
{
	size_t count;
	int32_t r = send_reading(
	    x, x->apdu->header, smaller(x->apdu->expected, APDU_SHORT_EXPECTED_MAX), &count);

	return r == 0 ? fetch_rest(x) : r;
}

/*
 * The reply of case 4, once its data are with the card. A card that says 9000 although data are
 * expected may have some: it is asked, and if it refuses, 9000 without data was its answer.
 */
static int32_t
fetch_reply(struct exchange *x, size_t count)
{
	int32_t r;

	if (x->sw1 == 0x90 && x->sw2 == 0x00 && count == 0) {
		r = send_get_response(
		    x, smaller(x->apdu->expected, APDU_SHORT_EXPECTED_MAX), &count);
		if (r != 0)
			return r;
		if (count == 0 && x->sw1 != SW1_MORE) {
			x->sw1 = 0x90;
			x->sw2 = 0x00;
		}
	}
	return fetch_rest(x);
}

/*
 * The whole command, in pieces inside ENVELOPE. The card finds the end by the length in the first
 * piece. Anything but 9000 before the last piece ends it.
 */
static int32_t
send_envelopes(struct exchange *x, const uint8_t *bytes, size_t size, size_t *ret_count)
{
	const uint8_t header[APDU_HEADER_SIZE] = { generated_class(x), APDU_INS_ENVELOPE, 0, 0 };

	for (size_t at = 0; at < size;) {
		size_t piece =
		    size - at < APDU_SHORT_DATA_MAX ? size - at : (size_t)APDU_SHORT_DATA_MAX;
		int32_t r = send_tpdu(x, header, (uint8_t)piece, bytes + at, piece, ret_count);

		if (r != 0)
			return r;
		if (at == 0 && (x->sw1 == SW1_BAD_INSTRUCTION || x->sw1 == SW1_BAD_CLASS))
			return T0_NO_ENVELOPE;
		at += piece;
		if (at < size && (x->sw1 != 0x90 || x->sw2 != 0x00))
			break;
	}
	return 0;
}

/* Cases 3 and 4: the data, and in case 4 the reply. */
static int32_t
write_data(struct exchange *x, const uint8_t *bytes, size_t size)
{
	size_t count = 0;
	int32_t r;

	if (x->apdu->data_size > APDU_SHORT_DATA_MAX)
		r = send_envelopes(x, bytes, size, &count);
	else
		r = send_tpdu(x, x->apdu->header, (uint8_t)x->apdu->data_size, x->apdu->data,
		    x->apdu->data_size, &count);
	if (r != 0 || x->apdu->kind != APDU_CASE_4)
		return r;
	return fetch_reply(x, count);
}

bool
t0_needs_several(const struct apdu *apdu)
{
	return apdu->kind == APDU_CASE_2 || apdu->kind == APDU_CASE_4 ||
	    (apdu->kind == APDU_CASE_3 && apdu->data_size > APDU_SHORT_DATA_MAX);
}

int32_t
t0_transceive(const struct t0_link *link, const uint8_t *bytes, size_t size,
    const struct apdu *apdu, uint8_t *reply, size_t capacity, size_t *ret_size)
{
	struct exchange x = { .link = link, .apdu = apdu, .data = reply };
	size_t count = 0;
	int32_t r;

	switch (apdu->kind) {
	case APDU_CASE_1:
		r = send_tpdu(&x, apdu->header, 0, NULL, 0, &count);
		break;
	case APDU_CASE_2:
		r = read_data(&x);
		break;
	case APDU_CASE_3:
	case APDU_CASE_4:
		r = write_data(&x, bytes, size);
		break;
	case APDU_OPAQUE:
	default:
		r = link->transmit(link->context, bytes, size, reply, capacity, &count);
		if (r == 0 && (count < APDU_STATUS_SIZE || count > capacity))
			r = T0_BAD_REPLY;
		if (r == 0)
			*ret_size = count;
		return r;
	}
	if (r != 0)
		return r;
	reply[x.have] = x.sw1;
	reply[x.have + 1] = x.sw2;
	*ret_size = x.have + APDU_STATUS_SIZE;
	return 0;
}
