/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card's end of T=1 (ISO 7816-3, 11): blocks, chains in both directions, supervisory blocks,
 * what is asked for again, and a table of what goes wrong.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/card.h"

enum {
	PROLOGUE = 3, /* NAD PCB LEN */
	INF_MAX = 254,
	BLOCK_MAX = PROLOGUE + INF_MAX + 2,
	SIZE_DEFAULT = 32,

	PCB_R = 0x80,
	PCB_S = 0xC0,
	PCB_KIND = 0xC0,
	PCB_RESPONSE = 0x20, /* of S */
	PCB_NS = 0x40,
	PCB_MORE = 0x20,
	PCB_NR = 0x10,
	S_RESYNCH = 0xC0,
	S_IFS = 0xC1,
	S_ABORT = 0xC2,
	S_WTX = 0xC3,

	EDC_ERROR = 1,
	OTHER_ERROR = 2
};

struct block {
	uint8_t bytes[BLOCK_MAX];
	size_t length;
};

struct t1_card {
	struct emu_card card; /* first */
	struct emu_application application;
	const struct emu_t1_fault *faults;
	size_t fault_count;
	unsigned sent, received;

	bool crc;
	size_t ifsc_atr; /* what the card takes */
	size_t ifsd;     /* what the reader takes */
	unsigned ifsd_requests;
	uint8_t ns; /* of the next I-block of the card */
	uint8_t nr; /* N(S) expected */

	struct block last;
	bool last_is_i;
	uint8_t last_ns;
	struct block
	    owed; /* goes out when the S-request in front of it is answered; length 0: none */
	bool aborting;

	uint8_t command[EMU_COMMAND_MAX];
	size_t command_length;
	uint8_t reply[EMU_REPLY_MAX];
	size_t reply_length, reply_sent; /* equal: nothing left */
};

static struct t1_card *
self_of(struct emu_card *card)
{
	return (struct t1_card *)(void *)card;
}

static uint16_t
crc_of(const uint8_t *bytes, size_t length)
{
	uint16_t crc = 0xFFFF;

	for (size_t i = 0; i < length; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (uint16_t)((crc & 1) != 0 ? crc >> 1 ^ 0x8408 : crc >> 1);
	}
	return crc;
}

static void
append_check(const struct t1_card *self, struct block *block)
{
	uint8_t lrc = 0;
	uint16_t crc;

	if (self->crc) {
		crc = crc_of(block->bytes, block->length);
		block->bytes[block->length++] = (uint8_t)(crc >> 8);
		block->bytes[block->length++] = (uint8_t)crc;
		return;
	}
	for (size_t i = 0; i < block->length; i++)
		lrc ^= block->bytes[i];
	block->bytes[block->length++] = lrc;
}

static size_t
check_size(const struct t1_card *self)
{
	return self->crc ? 2 : 1;
}

static struct block
make_block(const struct t1_card *self, uint8_t pcb, const uint8_t *inf, size_t length)
{
	struct block block = { .bytes = { 0, pcb, (uint8_t)length }, .length = PROLOGUE };

	if (length != 0)
		memcpy(block.bytes + PROLOGUE, inf, length);
	block.length += length;
	append_check(self, &block);
	return block;
}

static const struct emu_t1_fault *
find_fault(const struct t1_card *self, unsigned number, bool arrival)
{
	for (size_t i = 0; i < self->fault_count; i++)
		if ((self->faults[i].at == number || self->faults[i].at == 0) &&
		    (self->faults[i].action == EMU_T1_REFUSE) == arrival)
			return &self->faults[i];
	return NULL;
}

static void
put_block(struct t1_card *self, const struct block *block)
{
	emu_card_put(&self->card, block->bytes, block->length);
}

/* The block with another byte and a check that fits. */
static void
put_changed(struct t1_card *self, const struct block *block, size_t at, uint8_t byte)
{
	struct block changed = *block;

	changed.bytes[at] = byte;
	changed.length -= check_size(self);
	append_check(self, &changed);
	put_block(self, &changed);
}

/* Holds the block back behind a request of the card's own. */
static void
put_request(struct t1_card *self, const struct block *block, uint8_t pcb, const uint8_t *inf)
{
	self->owed = *block;
	self->last = make_block(self, pcb, inf, inf != NULL ? 1 : 0);
	self->last_is_i = false;
	put_block(self, &self->last);
}

static void
put_raw(struct t1_card *self, const char *text)
{
	uint8_t bytes[1024];

	emu_card_put(&self->card, bytes, emu_hex(text, bytes, sizeof bytes));
}

/* Sends a block, or what the table has instead of it. */
static void
send_block(struct t1_card *self, const struct block *block)
{
	const struct emu_t1_fault *fault = find_fault(self, ++self->sent, false);
	uint8_t pcb = block->bytes[1];
	struct block damaged = *block;

	self->last = *block;
	self->last_is_i = (pcb & PCB_R) == 0;
	self->last_ns = (pcb & PCB_NS) != 0;
	if (fault == NULL) {
		put_block(self, block);
		return;
	}
	switch (fault->action) {
	case EMU_T1_MUTE:
	case EMU_T1_REFUSE:
		break;
	case EMU_T1_DAMAGE:
		damaged.bytes[damaged.length - 1] ^= 0xFF;
		put_block(self, &damaged);
		break;
	case EMU_T1_PARITY:
		put_block(self, block);
		self->card.parity = true;
		break;
	case EMU_T1_WRONG_NUMBER:
		put_changed(self, block, 1, pcb ^ ((pcb & PCB_R) == 0 ? PCB_NS : PCB_NR));
		break;
	case EMU_T1_NAD:
		put_changed(self, block, 0, fault->argument);
		break;
	case EMU_T1_PCB:
		put_changed(self, block, 1, fault->argument);
		break;
	case EMU_T1_LENGTH:
		put_changed(self, block, 2, fault->argument);
		break;
	case EMU_T1_RAW:
		put_raw(self, fault->bytes);
		break;
	case EMU_T1_WTX:
		put_request(self, block, S_WTX, &fault->argument);
		break;
	case EMU_T1_IFS:
		put_request(self, block, S_IFS, &fault->argument);
		break;
	case EMU_T1_ABORT:
		self->aborting = true;
		put_request(self, block, S_ABORT, NULL);
		break;
	}
}

static void
send_r(struct t1_card *self, uint8_t error)
{
	struct block block =
	    make_block(self, (uint8_t)(PCB_R | (self->nr != 0 ? PCB_NR : 0) | error), NULL, 0);

	send_block(self, &block);
}

static void
send_piece(struct t1_card *self)
{
	size_t length = self->reply_length - self->reply_sent;
	bool more = length > self->ifsd;
	struct block block;

	if (more)
		length = self->ifsd;
	block = make_block(self, (uint8_t)((self->ns != 0 ? PCB_NS : 0) | (more ? PCB_MORE : 0)),
	    self->reply + self->reply_sent, length);
	self->reply_sent += length;
	self->ns ^= 1;
	send_block(self, &block);
}

static void
take_i(struct t1_card *self, uint8_t pcb, const uint8_t *inf, size_t length)
{
	if (((pcb & PCB_NS) != 0) != (self->nr != 0) || self->reply_sent < self->reply_length ||
	    length > EMU_COMMAND_MAX - self->command_length || (pcb & 0x1F) != 0) {
		send_r(self, OTHER_ERROR);
		return;
	}
	self->nr ^= 1;
	memcpy(self->command + self->command_length, inf, length);
	self->command_length += length;
	if ((pcb & PCB_MORE) != 0) {
		send_r(self, 0);
		return;
	}
	self->reply_length = self->application.transmit(
	    self->application.data, self->command, self->command_length, self->reply);
	self->command_length = 0;
	self->reply_sent = 0;
	send_piece(self);
}

static void
take_r(struct t1_card *self, uint8_t pcb)
{
	bool number = (pcb & PCB_NR) != 0;

	if (self->last.length == 0) {
		send_r(self, OTHER_ERROR);
	} else if (!self->last_is_i) {
		struct block again = self->last;

		/* An R of ours that got lost says where we are; a request of ours stands. */
		if ((again.bytes[1] & PCB_KIND) == PCB_R)
			send_r(self, 0);
		else
			send_block(self, &again);
	} else if (number == (self->last_ns != 0)) {
		struct block again = self->last;

		send_block(self, &again);
	} else if (self->reply_sent < self->reply_length) {
		send_piece(self);
	} else {
		send_r(self, OTHER_ERROR);
	}
}

static void
start_again(struct t1_card *self)
{
	self->ns = self->nr = 0;
	self->ifsd = SIZE_DEFAULT;
	self->command_length = self->reply_length = self->reply_sent = 0;
	self->owed.length = 0;
	self->aborting = false;
	self->last.length = 0;
	self->last_is_i = false;
}

static void
drop_chain(struct t1_card *self)
{
	self->command_length = 0;
	self->reply_sent = self->reply_length;
	self->owed.length = 0;
}

static void
take_request(struct t1_card *self, uint8_t pcb, const uint8_t *inf, size_t length)
{
	struct block block;

	if (pcb == S_IFS && length == 1 && inf[0] >= 1 && inf[0] <= INF_MAX) {
		self->ifsd = inf[0];
		self->ifsd_requests++;
	} else if (pcb == S_RESYNCH) {
		start_again(self);
	} else if (pcb == S_ABORT) {
		drop_chain(self);
	} else {
		send_r(self, OTHER_ERROR);
		return;
	}
	block = make_block(self, pcb | PCB_RESPONSE, inf, length);
	send_block(self, &block);
}

/* The reader's answer to a request of ours: what was held back goes out. */
static void
take_response(struct t1_card *self)
{
	struct block owed = self->owed;

	self->owed.length = 0;
	if (self->aborting) {
		self->aborting = false;
		drop_chain(self);
		send_r(self, 0);
	} else if (owed.length == 0) {
		send_r(self, OTHER_ERROR);
	} else {
		self->last = owed;
		self->last_is_i = (owed.bytes[1] & PCB_R) == 0;
		self->last_ns = (owed.bytes[1] & PCB_NS) != 0;
		put_block(self, &owed);
	}
}

static bool
check_right(const struct t1_card *self, const uint8_t *bytes, size_t length)
{
	uint8_t lrc = 0;
	uint16_t crc;

	if (self->crc) {
		crc = crc_of(bytes, length - 2);
		return bytes[length - 2] == crc >> 8 && bytes[length - 1] == (crc & 0xFF);
	}
	for (size_t i = 0; i < length; i++)
		lrc ^= bytes[i];
	return lrc == 0;
}

static void
t1_bytes(struct emu_card *card, const uint8_t *bytes, size_t length)
{
	struct t1_card *self = self_of(card);
	const struct emu_t1_fault *fault = find_fault(self, ++self->received, true);
	size_t inf = length > PROLOGUE ? bytes[2] : 0;
	uint8_t pcb = length > 1 ? bytes[1] : 0;

	if (fault != NULL) {
		send_r(self, fault->argument);
	} else if (length < PROLOGUE + check_size(self) ||
	    length != PROLOGUE + inf + check_size(self) || inf > INF_MAX || bytes[0] != 0) {
		send_r(self, OTHER_ERROR);
	} else if (!check_right(self, bytes, length)) {
		send_r(self, EDC_ERROR);
	} else if ((pcb & PCB_R) == 0) {
		/* A block larger than we said we take. */
		if (inf > self->ifsc_atr)
			send_r(self, OTHER_ERROR);
		else
			take_i(self, pcb, bytes + PROLOGUE, inf);
	} else if ((pcb & PCB_KIND) == PCB_R) {
		take_r(self, pcb);
	} else if ((pcb & PCB_RESPONSE) != 0) {
		take_response(self);
	} else {
		take_request(self, pcb, bytes + PROLOGUE, inf);
	}
}

/* IFSC and the kind of check: the first TA and TC for T=1 behind the second group. */
static void
read_atr(struct t1_card *self)
{
	const uint8_t *atr = self->card.atr;
	size_t at = 2, n = self->card.atr_length;
	uint8_t y = n > 1 ? atr[1] >> 4 : 0, t = 0;

	self->ifsc_atr = SIZE_DEFAULT;
	self->crc = false;
	for (unsigned group = 1; y != 0 && at < n; group++) {
		bool ours = group > 2 && t == 1;

		if ((y & 1) != 0) {
			if (ours && atr[at] != 0 && atr[at] != 0xFF)
				self->ifsc_atr = atr[at];
			at++;
		}
		at += (y >> 1) & 1;
		if ((y & 4) != 0) {
			if (ours && at < n)
				self->crc = (atr[at] & 1) != 0;
			at++;
		}
		if ((y & 8) == 0 || at >= n || ours)
			return;
		t = atr[at] & 15;
		y = atr[at++] >> 4;
	}
}

static void
t1_reset(struct emu_card *card, bool warm)
{
	struct t1_card *self = self_of(card);

	(void)warm;
	read_atr(self);
	start_again(self);
	self->application.reset(self->application.data);
}

static size_t
t1_apdu(struct emu_card *card, const uint8_t *command, size_t length, uint8_t *reply)
{
	struct t1_card *self = self_of(card);

	return self->application.transmit(self->application.data, command, length, reply);
}

static void
t1_free(struct emu_card *card)
{
	struct t1_card *self = self_of(card);

	self->application.free(self->application.data);
	free(self);
}

struct emu_card *
emu_card_t1(const char *atr, struct emu_application application)
{
	static const struct emu_card_kind kind = {
		.reset = t1_reset,
		.bytes = t1_bytes,
		.apdu = t1_apdu,
		.free = t1_free,
	};
	struct t1_card *self = calloc(1, sizeof *self);

	if (self == NULL)
		abort();
	emu_card_init(&self->card, &kind, atr);
	self->application = application;
	read_atr(self);
	start_again(self);
	return &self->card;
}

void
emu_card_t1_faults(struct emu_card *card, const struct emu_t1_fault *faults, size_t count)
{
	struct t1_card *self = self_of(card);

	self->faults = faults;
	self->fault_count = count;
	self->sent = self->received = 0;
}

unsigned
emu_card_t1_ifsd(const struct emu_card *card, unsigned *ret_requests)
{
	const struct t1_card *self = (const struct t1_card *)(const void *)card;

	*ret_requests = self->ifsd_requests;
	return (unsigned)self->ifsd;
}
