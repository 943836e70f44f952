/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card's end of T=1 (ISO 7816-3, 11): chains in both directions, supervisory blocks, and what
 * is asked for again.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/card_t1.h"

static struct emu_t1_card *
self_of(struct emu_card *card)
{
	return (struct emu_t1_card *)(void *)card;
}

static void
send_r(struct emu_t1_card *self, uint8_t error)
{
	struct emu_t1_block block = emu_t1_make_block(
	    self, (uint8_t)(T1_PCB_R | (self->nr != 0 ? T1_PCB_NR : 0) | error), NULL, 0);

	emu_t1_send(self, &block);
}

static void
send_piece(struct emu_t1_card *self)
{
	size_t length = self->reply_length - self->reply_sent;
	bool more = length > self->ifsd;
	struct emu_t1_block block;

	if (more)
		length = self->ifsd;
	block = emu_t1_make_block(self,
	    (uint8_t)((self->ns != 0 ? T1_PCB_NS : 0) | (more ? T1_PCB_MORE : 0)),
	    self->reply + self->reply_sent, length);
	self->reply_sent += length;
	self->ns ^= 1;
	emu_t1_send(self, &block);
}

static void
take_i(struct emu_t1_card *self, uint8_t pcb, const uint8_t *inf, size_t length)
{
	if (((pcb & T1_PCB_NS) != 0) != (self->nr != 0) || self->reply_sent < self->reply_length ||
	    length > EMU_COMMAND_MAX - self->command_length || (pcb & 0x1F) != 0) {
		send_r(self, T1_OTHER_ERROR);
		return;
	}
	self->nr ^= 1;
	memcpy(self->command + self->command_length, inf, length);
	self->command_length += length;
	if ((pcb & T1_PCB_MORE) != 0) {
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
take_r(struct emu_t1_card *self, uint8_t pcb)
{
	bool number = (pcb & T1_PCB_NR) != 0;

	if (self->last.length == 0) {
		send_r(self, T1_OTHER_ERROR);
	} else if (!self->last_is_i) {
		struct emu_t1_block again = self->last;

		/* An R of ours that got lost says where we are; a request of ours stands. */
		if ((again.bytes[1] & T1_PCB_KIND) == T1_PCB_R)
			send_r(self, 0);
		else
			emu_t1_send(self, &again);
	} else if (number == (self->last_ns != 0)) {
		struct emu_t1_block again = self->last;

		emu_t1_send(self, &again);
	} else if (self->reply_sent < self->reply_length) {
		send_piece(self);
	} else {
		send_r(self, T1_OTHER_ERROR);
	}
}

static void
start_again(struct emu_t1_card *self)
{
	self->ns = self->nr = 0;
	self->ifsd = T1_SIZE_DEFAULT;
	self->command_length = self->reply_length = self->reply_sent = 0;
	self->owed.length = 0;
	self->aborting = false;
	self->last.length = 0;
	self->last_is_i = false;
}

static void
drop_chain(struct emu_t1_card *self)
{
	self->command_length = 0;
	self->reply_sent = self->reply_length;
	self->owed.length = 0;
}

static void
take_request(struct emu_t1_card *self, uint8_t pcb, const uint8_t *inf, size_t length)
{
	struct emu_t1_block block;

	if (pcb == T1_S_IFS && length == 1 && inf[0] >= 1 && inf[0] <= T1_INF_MAX) {
		self->ifsd = inf[0];
		self->ifsd_requests++;
	} else if (pcb == T1_S_RESYNCH) {
		start_again(self);
	} else if (pcb == T1_S_ABORT) {
		drop_chain(self);
	} else {
		send_r(self, T1_OTHER_ERROR);
		return;
	}
	block = emu_t1_make_block(self, pcb | T1_PCB_RESPONSE, inf, length);
	emu_t1_send(self, &block);
}

/* The reader's answer to a request of ours: what was held back goes out. */
static void
take_response(struct emu_t1_card *self)
{
	struct emu_t1_block owed = self->owed;

	self->owed.length = 0;
	if (self->aborting) {
		self->aborting = false;
		drop_chain(self);
		send_r(self, 0);
	} else if (owed.length == 0) {
		send_r(self, T1_OTHER_ERROR);
	} else {
		self->last = owed;
		self->last_is_i = (owed.bytes[1] & T1_PCB_R) == 0;
		self->last_ns = (owed.bytes[1] & T1_PCB_NS) != 0;
		emu_card_put(&self->card, owed.bytes, owed.length);
	}
}

static void
t1_bytes(struct emu_card *card, const uint8_t *bytes, size_t length)
{
	struct emu_t1_card *self = self_of(card);
	const struct emu_t1_fault *fault = emu_t1_find_fault(self, ++self->received, true);
	size_t inf = length > T1_PROLOGUE ? bytes[2] : 0;
	uint8_t pcb = length > 1 ? bytes[1] : 0;

	if (fault != NULL) {
		send_r(self, fault->argument);
	} else if (length < T1_PROLOGUE + emu_t1_check_size(self) ||
	    length != T1_PROLOGUE + inf + emu_t1_check_size(self) || inf > T1_INF_MAX ||
	    bytes[0] != 0) {
		send_r(self, T1_OTHER_ERROR);
	} else if (!emu_t1_check_right(self, bytes, length)) {
		send_r(self, T1_EDC_ERROR);
	} else if ((pcb & T1_PCB_R) == 0) {
		/* A block larger than we said we take. */
		if (inf > self->ifsc_atr)
			send_r(self, T1_OTHER_ERROR);
		else
			take_i(self, pcb, bytes + T1_PROLOGUE, inf);
	} else if ((pcb & T1_PCB_KIND) == T1_PCB_R) {
		take_r(self, pcb);
	} else if ((pcb & T1_PCB_RESPONSE) != 0) {
		take_response(self);
	} else {
		take_request(self, pcb, bytes + T1_PROLOGUE, inf);
	}
}

/* IFSC and the kind of check: the first TA and TC for T=1 behind the second group. */
static void
read_atr(struct emu_t1_card *self)
{
	const uint8_t *atr = self->card.atr;
	size_t at = 2, n = self->card.atr_length;
	uint8_t y = n > 1 ? atr[1] >> 4 : 0, t = 0;

	self->ifsc_atr = T1_SIZE_DEFAULT;
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
	struct emu_t1_card *self = self_of(card);

	(void)warm;
	read_atr(self);
	start_again(self);
	self->application.reset(self->application.data);
}

static size_t
t1_apdu(struct emu_card *card, const uint8_t *command, size_t length, uint8_t *reply)
{
	struct emu_t1_card *self = self_of(card);

	return self->application.transmit(self->application.data, command, length, reply);
}

static void
t1_free(struct emu_card *card)
{
	struct emu_t1_card *self = self_of(card);

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
	struct emu_t1_card *self = calloc(1, sizeof *self);

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
	struct emu_t1_card *self = self_of(card);

	self->faults = faults;
	self->fault_count = count;
	self->sent = self->received = 0;
}

unsigned
emu_card_t1_ifsd(const struct emu_card *card, unsigned *ret_requests)
{
	const struct emu_t1_card *self = (const struct emu_t1_card *)(const void *)card;

	*ret_requests = self->ifsd_requests;
	return (unsigned)self->ifsd;
}
