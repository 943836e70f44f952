/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocks of the card's end of T=1: their form, their check, and a table of what goes wrong with
 * them.
 */
#include <string.h>

#include "tests/emulator/card_t1.h"

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
append_check(const struct emu_t1_card *self, struct emu_t1_block *block)
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

size_t
emu_t1_check_size(const struct emu_t1_card *self)
{
	return self->crc ? 2 : 1;
}

struct emu_t1_block
emu_t1_make_block(const struct emu_t1_card *self, uint8_t pcb, const uint8_t *inf, size_t length)
{
	struct emu_t1_block block = { .bytes = { 0, pcb, (uint8_t)length }, .length = T1_PROLOGUE };

	if (length != 0)
		memcpy(block.bytes + T1_PROLOGUE, inf, length);
	block.length += length;
	append_check(self, &block);
	return block;
}

const struct emu_t1_fault *
emu_t1_find_fault(const struct emu_t1_card *self, unsigned number, bool arrival)
{
	for (size_t i = 0; i < self->fault_count; i++)
		if ((self->faults[i].at == number || self->faults[i].at == 0) &&
		    (self->faults[i].action == EMU_T1_REFUSE) == arrival)
			return &self->faults[i];
	return NULL;
}

static void
put_block(struct emu_t1_card *self, const struct emu_t1_block *block)
{
	emu_card_put(&self->card, block->bytes, block->length);
}

/* The block with another byte and a check that fits. */
static void
put_changed(struct emu_t1_card *self, const struct emu_t1_block *block, size_t at, uint8_t byte)
{
	struct emu_t1_block changed = *block;

	changed.bytes[at] = byte;
	changed.length -= emu_t1_check_size(self);
	append_check(self, &changed);
	put_block(self, &changed);
}

/* Holds the block back behind a request of the card's own. */
static void
put_request(
    struct emu_t1_card *self, const struct emu_t1_block *block, uint8_t pcb, const uint8_t *inf)
{
	self->owed = *block;
	self->last = emu_t1_make_block(self, pcb, inf, inf != NULL ? 1 : 0);
	self->last_is_i = false;
	put_block(self, &self->last);
}

static void
put_raw(struct emu_t1_card *self, const char *text)
{
	uint8_t bytes[1024];

	emu_card_put(&self->card, bytes, emu_hex(text, bytes, sizeof bytes));
}

/* Sends a block, or what the table has instead of it. */
void
emu_t1_send(struct emu_t1_card *self, const struct emu_t1_block *block)
{
	const struct emu_t1_fault *fault = emu_t1_find_fault(self, ++self->sent, false);
	uint8_t pcb = block->bytes[1];
	struct emu_t1_block damaged = *block;

	self->last = *block;
	self->last_is_i = (pcb & T1_PCB_R) == 0;
	self->last_ns = (pcb & T1_PCB_NS) != 0;
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
		put_changed(self, block, 1, pcb ^ ((pcb & T1_PCB_R) == 0 ? T1_PCB_NS : T1_PCB_NR));
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
		put_request(self, block, T1_S_WTX, &fault->argument);
		break;
	case EMU_T1_IFS:
		put_request(self, block, T1_S_IFS, &fault->argument);
		break;
	case EMU_T1_ABORT:
		self->aborting = true;
		put_request(self, block, T1_S_ABORT, NULL);
		break;
	}
}

bool
emu_t1_check_right(const struct emu_t1_card *self, const uint8_t *bytes, size_t length)
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
