/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card that speaks T=1 as it likes. Whatever it sends, every block of the host is well formed,
 * the exchange ends soon after the card falls silent, and nothing is written beyond the room.
 *
 * The input: five bytes of settings, then what the card does, one after another: a number below
 * 0xF0 is a protocol control byte, followed by a length and a byte to fill it, sent as a sealed
 * block; F0 is a length and raw bytes; F1 parity, F2 overrun, F3 and above silence.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ccid/t1.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GUARD 0xA5u
/* Silence is answered so often, in every round of RESYNCH that is allowed, before the end. */
#define SILENT_STEPS_MAX 40u

struct card {
	const uint8_t *data;
	size_t size;
	uint8_t bytes[300];
	size_t length, given;
};

static uint8_t
take(struct card *card)
{
	if (card->size == 0)
		return 0xFF;
	card->size--;
	return *card->data++;
}

static enum ccid_event
act(struct card *card, bool crc)
{
	uint8_t what = take(card), count, inf[T1_INF_MAX];

	card->given = 0;
	if (what > 0xF0)
		return what == 0xF1 ? CCID_EVENT_PARITY
		    : what == 0xF2  ? CCID_EVENT_OVERRUN
				    : CCID_EVENT_SILENT;
	count = take(card);
	if (what == 0xF0) {
		card->length = count < card->size ? count : card->size;
		memcpy(card->bytes, card->data, card->length);
		card->data += card->length;
		card->size -= card->length;
		return CCID_EVENT_REPLY;
	}
	memset(inf, take(card), sizeof inf);
	card->length =
	    t1_block_write(crc, what, inf, count <= T1_INF_MAX ? count : T1_INF_MAX, card->bytes);
	card->bytes[2] = count;
	return CCID_EVENT_REPLY;
}

static void
check_sent(const struct t1 *t1)
{
	struct t1_view view;

	assert(t1->block.wtx >= 1 && t1->block.wtx <= 255);
	assert(t1->block.bwi == (t1->block.wtx > 1 ? t1->block.wtx : 0));
	if (t1->block.length == 0) {
		assert(t1->character || t1->secure);
		assert(!t1->character || t1->block.level <= T1_BLOCK_MAX);
		return;
	}
	assert(t1->block.length <= T1_BLOCK_MAX);
	assert(t1->block.level == (t1->character ? 3 : 0));
	assert(t1_block_read(t1->crc, t1->block.data, t1->block.length, &view) == T1_FINE);
	assert(t1->block.length == 3 + view.length + t1_edc_size(t1->crc));
	assert(view.kind != T1_I || view.length <= 254);
}

/* What the reader hands over for a block of the card: at character level as much as was asked. */
static enum ccid_step
answer(struct t1 *t1, struct card *card, unsigned *silent)
{
	struct ccid_answer answer = { .data = card->bytes };

	if (card->given == card->length) {
		if (card->size == 0)
			++*silent;
		card->length = 0;
		answer.event = act(card, t1->crc);
	}
	answer.data = card->bytes + card->given;
	answer.length = card->length - card->given;
	if (t1->block.level > 0 && answer.length > t1->block.level)
		answer.length = t1->block.level;
	card->given += answer.length;
	/* What was not asked for is lost with the next block. */
	if (t1->block.level != 3)
		card->given = card->length;
	return t1_next(t1, &answer);
}

static void
exchange(struct t1 *t1, struct card *card, enum ccid_step step)
{
	unsigned silent = 0;

	card->length = card->given = 0;
	while (step == CCID_STEP_SEND) {
		check_sent(t1);
		step = answer(t1, card, &silent);
		assert(silent <= SILENT_STEPS_MAX);
	}
	assert((step == CCID_STEP_DONE) == (t1->result == CCID_OK));
	assert(t1->ns <= 1 && t1->nr <= 1 && t1->ifsc >= 1 && t1->ifsc <= 254);
	assert(t1->result != CCID_DEAD || t1->dead);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct card card = { .data = data, .size = size };
	uint8_t flags = take(&card), room = take(&card), block_max, length;
	struct t1 t1 = { .ifsc_atr = take(&card) };
	struct ccid_room out = { .room = room };
	static uint8_t command[4 * 255];

	block_max = take(&card);
	length = take(&card);
	t1.block_max = block_max;
	t1.crc = (flags & 1) != 0;
	t1.character = (flags & 2) != 0;
	t1.replay = (flags & 4) != 0;
	t1.early_answer = (flags & 8) != 0;
	t1_reset(&t1);
	if ((flags & 16) != 0)
		exchange(&t1, &card, t1_begin_ifsd(&t1, 254));
	out.bytes = malloc(room + 1u);
	out.bytes[room] = GUARD;
	for (unsigned i = 0; i < 2; i++) {
		bool dead = t1.dead;

		exchange(&t1, &card,
		    (flags & 32) != 0 ? t1_begin_secure(&t1, &out)
				      : t1_begin(&t1, command, 4u * length, &out));
		assert(!dead || t1.result == CCID_DEAD);
		assert(t1.result != CCID_OK || (out.length >= 2 && out.length <= room));
		assert(out.bytes[room] == GUARD);
	}
	free(out.bytes);
	return 0;
}
