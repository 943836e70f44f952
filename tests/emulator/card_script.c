/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card that answers line by line, whatever the protocol, for exact bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/card.h"

struct script_card {
	struct emu_card card; /* first */
	const struct emu_script_line *lines;
	size_t count, used;
	bool repeat, mismatch;
	uint8_t bytes[EMU_COMMAND_MAX + EMU_REPLY_MAX];
};

static struct script_card *
self_of(struct emu_card *card)
{
	return (struct script_card *)(void *)card;
}

/* Returns the length of the answer, which is then in bytes; 0: none. */
static size_t
next(struct script_card *self, const uint8_t *bytes, size_t length)
{
	const struct emu_script_line *line;
	size_t expected;

	if (self->used == self->count && !self->repeat) {
		self->mismatch = true;
		return 0;
	}
	line = &self->lines[self->used < self->count ? self->used : self->count - 1];
	if (self->used < self->count)
		self->used++;
	if (line->expected != NULL) {
		expected = emu_hex(line->expected, self->bytes, sizeof self->bytes);
		if (expected != length || memcmp(self->bytes, bytes, length) != 0)
			self->mismatch = true;
	}
	return line->answer != NULL ? emu_hex(line->answer, self->bytes, sizeof self->bytes) : 0;
}

static void
script_bytes(struct emu_card *card, const uint8_t *bytes, size_t length)
{
	struct script_card *self = self_of(card);
	size_t answer = next(self, bytes, length);

	emu_card_put(card, self->bytes, answer);
}

static size_t
script_apdu(struct emu_card *card, const uint8_t *command, size_t length, uint8_t *reply)
{
	struct script_card *self = self_of(card);
	size_t answer = next(self, command, length);

	if (answer > EMU_REPLY_MAX)
		answer = EMU_REPLY_MAX;
	memcpy(reply, self->bytes, answer);
	return answer;
}

static void
script_free(struct emu_card *card)
{
	free(self_of(card));
}

struct emu_card *
emu_card_script(const char *atr, const struct emu_script_line *lines, size_t count, bool repeat)
{
	static const struct emu_card_kind kind = {
		.bytes = script_bytes,
		.apdu = script_apdu,
		.free = script_free,
	};
	struct script_card *self = calloc(1, sizeof *self);

	if (self == NULL)
		abort();
	emu_card_init(&self->card, &kind, atr);
	self->lines = lines;
	self->count = count;
	self->repeat = repeat && count > 0;
	return &self->card;
}

size_t
emu_card_script_used(const struct emu_card *card, bool *ret_matched)
{
	const struct script_card *self = (const struct script_card *)(const void *)card;

	*ret_matched = !self->mismatch;
	return self->used;
}
