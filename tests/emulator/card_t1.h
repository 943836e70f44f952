/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two parts of the card's end of T=1 share. */
#ifndef TESTS_EMULATOR_CARD_T1_H
#define TESTS_EMULATOR_CARD_T1_H

#include "tests/emulator/card.h"

enum {
	T1_PROLOGUE = 3, /* NAD PCB LEN */
	T1_INF_MAX = 254,
	T1_BLOCK_MAX = T1_PROLOGUE + T1_INF_MAX + 2,
	T1_SIZE_DEFAULT = 32,

	T1_PCB_R = 0x80,
	T1_PCB_S = 0xC0,
	T1_PCB_KIND = 0xC0,
	T1_PCB_RESPONSE = 0x20, /* of S */
	T1_PCB_NS = 0x40,
	T1_PCB_MORE = 0x20,
	T1_PCB_NR = 0x10,
	T1_S_RESYNCH = 0xC0,
	T1_S_IFS = 0xC1,
	T1_S_ABORT = 0xC2,
	T1_S_WTX = 0xC3,

	T1_EDC_ERROR = 1,
	T1_OTHER_ERROR = 2
};

struct emu_t1_block {
	uint8_t bytes[T1_BLOCK_MAX];
	size_t length;
};

struct emu_t1_card {
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

	struct emu_t1_block last;
	bool last_is_i;
	uint8_t last_ns;
	struct emu_t1_block
	    owed; /* goes out when the S-request in front of it is answered; length 0: none */
	bool aborting;

	uint8_t command[EMU_COMMAND_MAX];
	size_t command_length;
	uint8_t reply[EMU_REPLY_MAX];
	size_t reply_length, reply_sent; /* equal: nothing left */
};

/* A block of the card's, with its check. */
struct emu_t1_block
emu_t1_make_block(const struct emu_t1_card *self, uint8_t pcb, const uint8_t *inf, size_t length);
size_t emu_t1_check_size(const struct emu_t1_card *self);
bool emu_t1_check_right(const struct emu_t1_card *self, const uint8_t *bytes, size_t length);
/* What the table has for a block; NULL: nothing. @arrival: of the reader's */
const struct emu_t1_fault *
emu_t1_find_fault(const struct emu_t1_card *self, unsigned number, bool arrival);
/* Sends a block, or what the table has instead of it. */
void emu_t1_send(struct emu_t1_card *self, const struct emu_t1_block *block);

#endif
