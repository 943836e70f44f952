/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card that speaks T=0 as it likes, behind readers that handle procedure bytes and those that do
 * not. Every answer of the card leads at most to one more message; nothing is written beyond the
 * room.
 *
 * The input: flags, room, the command's length in two bytes and its first eight bytes; then what
 * the reader brings: a length below 0xE0 and bytes; E0 to EF as much as was asked for, or a whole
 * answer, filled with the next byte and ended by SW1 SW2 of two more; F0 parity, F1 overrun, and
 * above silence.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ccid/t0.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GUARD 0xA5u

struct card {
	const uint8_t *data;
	size_t size;
	uint8_t bytes[300];
};

static uint8_t
take(struct card *card)
{
	if (card->size == 0)
		return 0xFF;
	card->size--;
	return *card->data++;
}

static void
act(struct card *card, const struct t0 *t0, struct ccid_answer *ret)
{
	uint8_t what = take(card);

	*ret = (struct ccid_answer){ .data = card->bytes };
	if (what >= 0xF0) {
		ret->event = what == 0xF0 ? CCID_EVENT_PARITY
		    : what == 0xF1        ? CCID_EVENT_OVERRUN
					  : CCID_EVENT_SILENT;
		return;
	}
	if (what < 0xE0) {
		ret->length = what < card->size ? what : card->size;
		memcpy(card->bytes, card->data, ret->length);
		card->data += ret->length;
		card->size -= ret->length;
		return;
	}
	memset(card->bytes, take(card), sizeof card->bytes);
	if (t0->character) {
		ret->length = t0->block.level;
		return;
	}
	ret->length = t0->expected + 2;
	card->bytes[ret->length - 2] = take(card);
	card->bytes[ret->length - 1] = take(card);
}

static void
check_sent(const struct t0 *t0)
{
	const struct ccid_block *block = &t0->block;

	assert(block->wtx == 1 && block->bwi == 0 && block->length <= 260);
	if (t0->character) {
		assert(block->level >= 1 && block->level <= 256);
		assert(!t0->split_reads || block->level <= 53);
		return;
	}
	assert(block->level == 0);
	assert(block->length == 4 || block->length == 5 ||
	    block->length == (size_t)block->data[4] + 5);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct card card = { .data = data, .size = size };
	uint8_t flags = take(&card), room = take(&card), high = take(&card), *command;
	size_t length = (size_t)high << 8 | take(&card);
	struct ccid_room out = { .bytes = malloc(room + 1u), .room = room };
	struct t0 t0 = {
		.character = (flags & 1) != 0,
		.mode = (flags & 2) != 0 ? T0_APDU : T0_TRANSPARENT,
		.split_reads = (flags & 4) != 0,
	};
	enum ccid_step step;

	command = calloc(1, length + 1);
	for (size_t i = 0; i < 8 && i < length; i++)
		command[i] = take(&card);
	out.bytes[room] = GUARD;
	step = t0_begin(&t0, command, length, &out);
	while (step == CCID_STEP_SEND) {
		struct ccid_answer answer;
		size_t before = card.size;

		check_sent(&t0);
		act(&card, &t0, &answer);
		step = t0_next(&t0, &answer);
		assert(step != CCID_STEP_SEND || card.size < before);
	}
	assert((step == CCID_STEP_DONE) == (t0.result == CCID_OK));
	assert(t0.result != CCID_OK || (out.length >= 2 && out.length <= room));
	assert(out.bytes[room] == GUARD);
	free(command);
	free(out.bytes);
	return 0;
}
