/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card's end of T=0 (ISO 7816-3, 10.3 and 12.2): headers, procedure bytes, what is kept for GET
 * RESPONSE, and long commands that come in ENVELOPEs.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/card.h"

enum {
	HEADER = 5, /* CLA INS P1 P2 P3 */
	NULL_BYTE = 0x60,
	INS_GET_RESPONSE = 0xC0,
	INS_ENVELOPE = 0xC2,
	SW1_MORE_DATA = 0x61,
	SW1_WRONG_LE = 0x6C,
	SW_WRONG_INS = 0x6D00,
	SW_CONDITIONS = 0x6985,
	SW_WRONG_LENGTH = 0x6700,
	SW_OK = 0x9000,
	SHORT_MAX = 256
};

struct t0_card {
	struct emu_card card; /* first */
	struct emu_application application;
	struct emu_t0_options options;
	uint8_t header[HEADER];
	bool in_data;
	uint8_t data[SHORT_MAX];
	size_t data_length;
	size_t envelope_length;
	uint8_t envelope[EMU_COMMAND_MAX + SHORT_MAX];
	size_t held_length, held_given; /* of reply, SW included */
	uint8_t reply[EMU_REPLY_MAX];
};

static struct t0_card *
self_of(struct emu_card *card)
{
	return (struct t0_card *)(void *)card;
}

/* Commands that bring data, and those of them that are answered with data as well. */
static bool
is_one_of(uint8_t ins, const uint8_t *list, size_t count)
{
	return memchr(list, ins, count) != NULL;
}

static bool
brings_data(uint8_t ins)
{
	static const uint8_t list[] = { 0x10, 0x20, 0x24, 0x2A, 0x2C, 0x82, 0x88, 0xA4,
		INS_ENVELOPE, 0xD6, 0xDA };

	return is_one_of(ins, list, sizeof list);
}

static bool
answers_data(uint8_t ins)
{
	static const uint8_t list[] = { 0x10, 0x2A, 0x88, 0xA4 };

	return is_one_of(ins, list, sizeof list);
}

static void
put_byte(struct t0_card *self, uint8_t byte)
{
	emu_card_put(&self->card, &byte, 1);
}

/* False: it will never come, NULLs are for ever. */
static bool
put_nulls(struct t0_card *self)
{
	if (self->options.nulls == EMU_ENDLESS)
		return false;
	for (unsigned i = 0; i < self->options.nulls; i++)
		put_byte(self, NULL_BYTE);
	return true;
}

static void
put_acknowledge(struct t0_card *self, bool single)
{
	uint8_t ins = self->header[1];

	if (self->options.procedure >= 0)
		put_byte(self, (uint8_t)self->options.procedure);
	else
		put_byte(self, single ? ins ^ 0xFF : ins);
}

static void
answer(struct t0_card *self, const uint8_t *data, size_t length, unsigned sw)
{
	if (!put_nulls(self))
		return;
	if (self->options.sw >= 0) {
		length = 0;
		sw = (unsigned)self->options.sw;
	}
	if (length != 0 && !self->options.single) {
		put_acknowledge(self, false);
		emu_card_put(&self->card, data, length);
		for (unsigned i = 0; i < self->options.extra; i++)
			put_byte(self, 0xEE);
	}
	for (size_t i = 0; i < length && self->options.single; i++) {
		put_acknowledge(self, true);
		put_byte(self, data[i]);
	}
	put_byte(self, (uint8_t)(sw >> 8));
	put_byte(self, (uint8_t)sw);
}

/* 61xx or 6Cxx: a number of bytes, of which 256 and more are written 00. */
static unsigned
counted(unsigned sw1, size_t count)
{
	return sw1 << 8 | (count >= SHORT_MAX ? 0u : (unsigned)count);
}

static void
hold(struct t0_card *self, size_t length)
{
	unsigned sw = (unsigned)(self->reply[length - 2] << 8 | self->reply[length - 1]);

	self->held_given = 0;
	self->held_length = length > 2 ? length : 0;
	if (length > 2)
		answer(self, NULL, 0, counted(SW1_MORE_DATA, length - 2));
	else
		answer(self, NULL, 0, sw);
}

static void
get_response(struct t0_card *self)
{
	size_t wanted = self->header[4] != 0 ? self->header[4] : SHORT_MAX;
	size_t left = self->held_length > 2 ? self->held_length - 2 - self->held_given : 0;
	const uint8_t *from = self->reply + self->held_given;
	const uint8_t *sw = self->reply + self->held_length - 2;

	if (self->options.no_get_response) {
		answer(self, NULL, 0, SW_WRONG_INS);
	} else if (left == 0) {
		answer(self, NULL, 0, SW_CONDITIONS);
	} else if (wanted > left) {
		answer(self, NULL, 0, counted(SW1_WRONG_LE, left));
	} else {
		self->held_given += wanted;
		left -= wanted;
		answer(self, from, wanted,
		    left != 0 ? counted(SW1_MORE_DATA, left) : (unsigned)(sw[0] << 8 | sw[1]));
		if (left == 0)
			self->held_length = 0;
	}
}

/* How long the command in the envelope is to be, as far as its own lengths say; 0: unknown yet. */
static size_t
envelope_wants(const struct t0_card *self)
{
	const uint8_t *command = self->envelope;
	size_t lc;

	if (self->envelope_length < 7)
		return 0;
	if (command[4] != 0)
		return self->envelope_length;
	lc = (size_t)(command[5] << 8 | command[6]);
	return 7 + lc;
}

static void
envelope(struct t0_card *self)
{
	size_t wanted;

	if (self->options.no_get_response) {
		answer(self, NULL, 0, SW_WRONG_INS);
		return;
	}
	if (self->envelope_length + self->data_length > sizeof self->envelope) {
		self->envelope_length = 0;
		answer(self, NULL, 0, SW_WRONG_LENGTH);
		return;
	}
	memcpy(self->envelope + self->envelope_length, self->data, self->data_length);
	self->envelope_length += self->data_length;
	wanted = envelope_wants(self);
	/* With Le the command has two bytes more; a piece that is not full is the last one. */
	if (wanted == 0 || self->envelope_length < wanted ||
	    (self->envelope_length < wanted + 2 && self->data_length == SHORT_MAX - 1)) {
		answer(self, NULL, 0, SW_OK);
		return;
	}
	wanted = self->envelope_length;
	self->envelope_length = 0;
	hold(self,
	    self->application.transmit(
		self->application.data, self->envelope, wanted, self->reply));
}

static void
bring(struct t0_card *self)
{
	uint8_t command[HEADER + SHORT_MAX + 1];
	size_t length = 4;

	memcpy(command, self->header, HEADER);
	if (self->data_length != 0) {
		memcpy(command + HEADER, self->data, self->data_length);
		length = HEADER + self->data_length;
		if (answers_data(self->header[1]))
			command[length++] = 0;
	}
	hold(
	    self, self->application.transmit(self->application.data, command, length, self->reply));
}

static void
fetch(struct t0_card *self)
{
	size_t wanted = self->header[4] != 0 ? self->header[4] : SHORT_MAX;
	size_t length =
	    self->application.transmit(self->application.data, self->header, HEADER, self->reply);
	const uint8_t *sw = self->reply + length - 2;

	if (length > 2 && length - 2 != wanted)
		answer(self, NULL, 0, counted(SW1_WRONG_LE, length - 2));
	else
		answer(self, self->reply, length - 2, (unsigned)(sw[0] << 8 | sw[1]));
}

static void
execute(struct t0_card *self)
{
	uint8_t ins = self->header[1];

	self->in_data = false;
	if (ins == INS_GET_RESPONSE) {
		get_response(self);
		return;
	}
	self->held_length = 0;
	if (ins == INS_ENVELOPE) {
		envelope(self);
		return;
	}
	self->envelope_length = 0;
	if (brings_data(ins))
		bring(self);
	else
		fetch(self);
}

static void
t0_bytes(struct emu_card *card, const uint8_t *bytes, size_t length)
{
	struct t0_card *self = self_of(card);

	if (!self->in_data) {
		if (length != HEADER)
			return;
		memcpy(self->header, bytes, HEADER);
		self->data_length = 0;
		if (!brings_data(self->header[1]) || self->header[4] == 0) {
			execute(self);
			return;
		}
		self->in_data = true;
		if (put_nulls(self))
			put_acknowledge(self, self->options.single);
		return;
	}
	if (length > (size_t)(self->header[4] - self->data_length))
		length = (size_t)(self->header[4] - self->data_length);
	memcpy(self->data + self->data_length, bytes, length);
	self->data_length += length;
	if (self->data_length == self->header[4])
		execute(self);
	else if (self->options.single && put_nulls(self))
		put_acknowledge(self, true);
}

static void
t0_more(struct emu_card *card)
{
	if (self_of(card)->options.nulls == EMU_ENDLESS)
		put_byte(self_of(card), NULL_BYTE);
}

static void
t0_reset(struct emu_card *card, bool warm)
{
	struct t0_card *self = self_of(card);

	(void)warm;
	self->in_data = false;
	self->held_length = self->envelope_length = 0;
	self->application.reset(self->application.data);
}

static size_t
t0_apdu(struct emu_card *card, const uint8_t *command, size_t length, uint8_t *reply)
{
	struct t0_card *self = self_of(card);

	return self->application.transmit(self->application.data, command, length, reply);
}

static void
t0_free(struct emu_card *card)
{
	struct t0_card *self = self_of(card);

	self->application.free(self->application.data);
	free(self);
}

struct emu_card *
emu_card_t0(const char *atr, struct emu_application application)
{
	static const struct emu_card_kind kind = {
		.reset = t0_reset,
		.bytes = t0_bytes,
		.more = t0_more,
		.apdu = t0_apdu,
		.free = t0_free,
	};
	struct t0_card *self = calloc(1, sizeof *self);

	if (self == NULL)
		abort();
	emu_card_init(&self->card, &kind, atr);
	self->application = application;
	self->options.procedure = self->options.sw = -1;
	return &self->card;
}

struct emu_t0_options *
emu_card_t0_options(struct emu_card *card)
{
	return &self_of(card)->options;
}
