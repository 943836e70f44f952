/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reader at the APDU levels that cuts answers as it likes. Every answer leads at most to one more
 * message, the parts of a command are the command, and nothing is written beyond the room.
 *
 * The input: flags, room, the largest piece, the command's length in two bytes; then what the
 * reader brings: bChainParameter, a length below 0xF0 and a byte to fill it; or F0 parity, F1
 * overrun, and above silence.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ccid/chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GUARD 0xA5u

struct reader {
	const uint8_t *data;
	size_t size;
	uint8_t bytes[256];
};

static uint8_t
take(struct reader *reader)
{
	if (reader->size == 0)
		return 0xFF;
	reader->size--;
	return *reader->data++;
}

static void
act(struct reader *reader, struct ccid_answer *ret)
{
	uint8_t chain = take(reader), what = take(reader);

	*ret = (struct ccid_answer){ .data = reader->bytes, .chain = chain };
	if (what >= 0xF0) {
		ret->event = what == 0xF0 ? CCID_EVENT_PARITY
		    : what == 0xF1        ? CCID_EVENT_OVERRUN
					  : CCID_EVENT_SILENT;
		return;
	}
	ret->length = what;
	memset(reader->bytes, take(reader), what);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader reader = { .data = data, .size = size };
	uint8_t flags = take(&reader), room = take(&reader), piece = take(&reader), *command;
	uint8_t high = take(&reader);
	size_t length = (size_t)high << 8 | take(&reader), sent = 0;
	struct ccid_room out = { .bytes = malloc(room + 1u), .room = room };
	struct chain chain = { .piece_max = piece, .chained = (flags & 1) != 0 };
	enum ccid_step step;

	command = calloc(1, length + 1);
	out.bytes[room] = GUARD;
	step = chain_begin(&chain, command, length, &out);
	while (step == CCID_STEP_SEND) {
		struct ccid_answer answer;
		size_t before = reader.size;

		assert(chain.block.length <= piece && chain.block.wtx == 1);
		assert((chain.block.length == 0) == (chain.block.level == 0x10));
		if (chain.block.length > 0)
			assert(chain.block.data == command + sent);
		sent += chain.block.length;
		assert(sent <= length);
		act(&reader, &answer);
		step = chain_next(&chain, &answer);
		assert(step != CCID_STEP_SEND || reader.size < before);
	}
	assert((step == CCID_STEP_DONE) == (chain.result == CCID_OK));
	assert(chain.result != CCID_OK || (out.length >= 2 && out.length <= room));
	assert(out.bytes[room] == GUARD);
	free(command);
	free(out.bytes);
	return 0;
}
