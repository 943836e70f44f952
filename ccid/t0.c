/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From command APDUs to TPDUs of T=0, and their answers to one response APDU (ISO 7816-3, 12): GET
 * RESPONSE, the right length after 6Cxx, ENVELOPE for what is too long.
 */
#include "ccid/t0.h"

#include <string.h>

#include "ccid/t0_character.h"

#define HEADER 5u
#define INS_GET_RESPONSE 0xC0u
#define INS_ENVELOPE 0xC2u
#define ENVELOPE_MAX 255u
#define DATA_MAX 65536u

static enum ccid_step
end(struct t0 *t0, enum ccid_result result)
{
	t0->phase = T0_IDLE;
	t0->result = result;
	t0->block = (struct ccid_block){ 0 };
	/* Either may hold a PIN. */
	explicit_bzero(t0->tpdu, sizeof t0->tpdu);
	explicit_bzero(t0->buffer, sizeof t0->buffer);
	if (result != CCID_OK && result != CCID_SMALL)
		t0->out->length = 0;
	return result == CCID_OK ? CCID_STEP_DONE : CCID_STEP_END;
}

static enum ccid_step
send(struct t0 *t0)
{
	if (t0->character)
		return t0_character_begin(t0);
	t0->block = (struct ccid_block){
		.data = t0->tpdu,
		.length = t0->tpdu_length,
		.wtx = 1,
	};
	return CCID_STEP_SEND;
}

/*
 * Class bytes of the industry say in which channel a command goes and how it is protected and
 * chained. GET RESPONSE keeps the channel alone, ENVELOPE the protection too; classes that belong
 * to the card's maker are kept whole.
 */
static uint8_t
class_of(uint8_t cla, bool envelope)
{
	if (cla <= 0x1F)
		return cla & (envelope ? 0x0F : 0x03);
	if (cla >= 0x40 && cla <= 0x7F)
		return cla & (envelope ? 0x6F : 0x4F);
	return cla;
}

/* How many bytes a P3 of a command without data stands for. */
static size_t
p3_count(uint8_t p3)
{
	return p3 != 0 ? p3 : 256;
}

/* The TPDU in hand, or its repetition, is to bring data. */
static enum ccid_step
send_reading(struct t0 *t0, uint8_t p3)
{
	t0->tpdu[4] = p3;
	t0->tpdu_length = HEADER;
	t0->expected = p3_count(p3);
	return send(t0);
}

static enum ccid_step
send_writing(struct t0 *t0, const uint8_t *data, size_t length)
{
	t0->tpdu[4] = (uint8_t)length;
	memcpy(t0->tpdu + HEADER, data, length);
	t0->tpdu_length = HEADER + length;
	t0->expected = 0;
	return send(t0);
}

static enum ccid_step
send_command(struct t0 *t0)
{
	t0->phase = T0_COMMAND;
	memcpy(t0->tpdu, t0->command, 4);
	if (t0->shape.lc > 0)
		return send_writing(t0, t0->command + t0->shape.data, t0->shape.lc);
	if (t0->shape.le > 0)
		return send_reading(t0, (uint8_t)(t0->shape.le < 256 ? t0->shape.le : 0));
	/* Case 1: a reader that takes TPDUs adds P3 itself. */
	t0->tpdu_length = 4;
	t0->expected = 0;
	return send(t0);
}

static enum ccid_step
send_envelope(struct t0 *t0)
{
	size_t left = t0->command_length - t0->sent, length = left;
	const uint8_t *piece = t0->command + t0->sent;

	if (length > ENVELOPE_MAX)
		length = ENVELOPE_MAX;
	t0->phase = T0_ENVELOPE;
	t0->sent += length;
	memcpy(
	    t0->tpdu, (const uint8_t[]){ class_of(t0->command[0], true), INS_ENVELOPE, 0, 0 }, 4);
	return send_writing(t0, piece, length);
}

static enum ccid_step
finish(struct t0 *t0, const uint8_t *sw)
{
	ccid_room_add(t0->out, sw, 2);
	return end(t0, t0->out->length > t0->out->room ? CCID_SMALL : CCID_OK);
}

/* The card holds that many bytes of the answer. */
static enum ccid_step
get_response(struct t0 *t0, const uint8_t *sw)
{
	size_t count = p3_count(sw[1]);

	if (t0->wanted == 0 || t0->out->length + 2 > t0->out->room)
		return finish(t0, sw);
	if (t0->rounds == T0_ROUNDS_MAX)
		return end(t0, CCID_LOST);
	t0->rounds++;
	t0->repeated = false;
	t0->phase = T0_RESPONSE;
	if (count > t0->wanted)
		count = t0->wanted;
	memcpy(t0->tpdu,
	    (const uint8_t[]){ class_of(t0->command[0], false), INS_GET_RESPONSE, 0, 0 }, 4);
	return send_reading(t0, (uint8_t)count);
}

/* Whether the statuses that ask for more are for us; otherwise they are the caller's. */
static bool
resolves(const struct t0 *t0)
{
	return t0->mode == T0_APDU ||
	    !(t0->shape.kind == APDU_1 || t0->shape.kind == APDU_2S || t0->shape.kind == APDU_3S);
}

/* Whether the TPDU in hand is one that 6Cxx can name a better length for. */
static bool
may_repeat(const struct t0 *t0)
{
	return !t0->repeated && t0->expected > 0 && resolves(t0);
}

static enum ccid_step
answered(struct t0 *t0, const uint8_t *bytes, size_t length)
{
	const uint8_t *sw = bytes + length - 2;
	size_t data = length - 2;

	if (data > t0->expected)
		return end(t0, CCID_LOST);
	/* A length that the card named may be more than the caller wants. */
	if (data > t0->wanted)
		data = t0->wanted;
	ccid_room_add(t0->out, bytes, data);
	t0->wanted -= data;
	if (t0->phase == T0_ENVELOPE && t0->sent < t0->command_length) {
		if (sw[0] != 0x90 || sw[1] != 0x00)
			return finish(t0, sw);
		return send_envelope(t0);
	}
	if (sw[0] == 0x6C && length == 2 && may_repeat(t0)) {
		t0->repeated = true;
		return send_reading(t0, sw[1]);
	}
	if (sw[0] == 0x61 && resolves(t0))
		return get_response(t0, sw);
	return finish(t0, sw);
}

enum ccid_step
t0_begin(struct t0 *t0, const uint8_t *command, size_t length, struct ccid_room *out)
{
	t0->out = out;
	out->length = 0;
	if (!apdu_shape(command, length, &t0->shape) || command[1] >> 4 == 6 ||
	    command[1] >> 4 == 9)
		return end(t0, CCID_INVALID);
	t0->command = command;
	t0->command_length = length;
	t0->sent = 0;
	t0->rounds = 0;
	t0->repeated = false;
	t0->wanted = t0->shape.le;
	/* A short Le of 00 means everything, and here nobody else asks for the rest. */
	if (t0->mode == T0_APDU && t0->shape.le == 256 &&
	    (t0->shape.kind == APDU_2S || t0->shape.kind == APDU_4S))
		t0->wanted = DATA_MAX;
	if (t0->shape.lc <= ENVELOPE_MAX)
		return send_command(t0);
	if ((command[1] & 0xFE) == INS_ENVELOPE)
		return end(t0, CCID_TOO_LONG);
	return send_envelope(t0);
}

enum ccid_step
t0_next(struct t0 *t0, const struct ccid_answer *answer)
{
	if (t0->phase == T0_IDLE) {
		t0->result = CCID_INVALID;
		return CCID_STEP_END;
	}
	if (answer->event == CCID_EVENT_SILENT ||
	    (answer->event == CCID_EVENT_REPLY && answer->length == 0))
		return end(t0, CCID_SILENT);
	if (answer->event != CCID_EVENT_REPLY)
		return end(t0, CCID_LOST);
	if (t0->character) {
		enum ccid_step step = t0_character_next(t0, answer->data, answer->length);

		if (step == CCID_STEP_DONE)
			return answered(t0, t0->buffer, t0->buffered);
		return step == CCID_STEP_END ? end(t0, t0->result) : step;
	}
	if (answer->length < 2)
		return end(t0, CCID_LOST);
	return answered(t0, answer->data, answer->length);
}
