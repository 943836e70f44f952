/* SPDX-License-Identifier: BSD-2-Clause */
/* Procedure bytes of T=0: each says what is transferred next. */
#include "ccid/t0_character.h"

#include <string.h>

#define NUL 0x60u
#define HEADER 5u

/* Some readers lose messages of whole packets, 64 bytes: header and 53 are fewer. */
#define SPLIT 53u

/* Sends bytes, or none, and asks for that many. */
static enum ccid_step
exchange(struct t0 *t0, const uint8_t *bytes, size_t length, size_t asked)
{
	t0->asked = asked;
	t0->block = (struct ccid_block){
		.data = bytes,
		.length = length,
		.level = (uint16_t)asked,
		.wtx = 1,
	};
	return CCID_STEP_SEND;
}

static enum ccid_step
fail(struct t0 *t0)
{
	t0->result = CCID_LOST;
	return CCID_STEP_END;
}

enum ccid_step
t0_character_begin(struct t0 *t0)
{
	/* A command of case 1 has no fifth byte before it comes here. */
	if (t0->tpdu_length < HEADER) {
		t0->tpdu[HEADER - 1] = 0;
		t0->tpdu_length = HEADER;
	}
	t0->byte_phase = T0_PROCEDURE;
	t0->data_sent = 0;
	t0->nulls = 0;
	t0->buffered = 0;
	return exchange(t0, t0->tpdu, HEADER, 1);
}

static enum ccid_step
read_data(struct t0 *t0, size_t count)
{
	t0->byte_phase = T0_DATA;
	return exchange(t0, NULL, 0, t0->split_reads && count > SPLIT ? SPLIT : count);
}

/* The card is ready for data, one byte or all: in whichever direction there are any left. */
static enum ccid_step
transfer(struct t0 *t0, bool all)
{
	size_t to_card = t0->tpdu_length - HEADER - t0->data_sent;
	size_t from_card = t0->expected - t0->buffered;
	const uint8_t *bytes = t0->tpdu + HEADER + t0->data_sent;

	if (to_card > 0) {
		if (!all)
			to_card = 1;
		t0->data_sent += to_card;
		return exchange(t0, bytes, to_card, 1);
	}
	if (from_card == 0)
		return fail(t0);
	/* An answer in several parts goes on without further procedure bytes. */
	t0->burst = all;
	return read_data(t0, all ? from_card : 1);
}

static enum ccid_step
procedure(struct t0 *t0, uint8_t byte)
{
	uint8_t ins = t0->tpdu[1];

	if (byte == NUL) {
		if (++t0->nulls > T0_NULLS_MAX)
			return fail(t0);
		return exchange(t0, NULL, 0, 1);
	}
	t0->nulls = 0;
	/* With the last bit turned a programming voltage was asked for as well. */
	if ((byte ^ ins) <= 1)
		return transfer(t0, true);
	if ((byte ^ ins) >= 0xFE)
		return transfer(t0, false);
	if (byte >> 4 != 6 && byte >> 4 != 9)
		return fail(t0);
	t0->buffer[t0->buffered++] = byte;
	t0->byte_phase = T0_SW2;
	return exchange(t0, NULL, 0, 1);
}

enum ccid_step
t0_character_next(struct t0 *t0, const uint8_t *bytes, size_t length)
{
	if (length != t0->asked)
		return fail(t0);
	switch (t0->byte_phase) {
	case T0_PROCEDURE:
		return procedure(t0, bytes[0]);
	case T0_DATA:
		memcpy(t0->buffer + t0->buffered, bytes, length);
		t0->buffered += length;
		if (t0->burst && t0->buffered < t0->expected)
			return read_data(t0, t0->expected - t0->buffered);
		t0->byte_phase = T0_PROCEDURE;
		return exchange(t0, NULL, 0, 1);
	case T0_SW2:
		break;
	}
	t0->buffer[t0->buffered++] = bytes[0];
	return CCID_STEP_DONE;
}
