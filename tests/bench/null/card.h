/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The null card: it answers at once, so that what a benchmark measures is the resource manager.
 * The same code answers behind a driver component and behind an IFD handler.
 *
 *	INS 02	P1P2 zero bytes and 90 00
 *	INS 03	90 00 after P1P2 milliseconds
 *	other	90 00
 *
 * The control block is a file that the benchmark and the driver map: it says which slots hold a
 * card. Whoever changes it wakes those who wait for it.
 */
#ifndef TESTS_BENCH_NULL_CARD_H
#define TESTS_BENCH_NULL_CARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NULL_SLOTS_MAX 64u
#define NULL_ATR_LENGTH 5u
#define NULL_READER_NAME "Null %02u"

struct null_block {
	_Atomic uint32_t generation; /* grows with every change of any slot */
	/* Bit 0: a card is there. Above it: the number of changes. */
	_Atomic uint32_t slots[NULL_SLOTS_MAX];
};

extern const uint8_t null_atr[NULL_ATR_LENGTH];

/* Makes the file, every slot with a card. 0 or -errno. */
int null_block_make(const char *path);
/* Maps it; NULL as @path: a block of this process, every slot with a card. NULL with errno. */
struct null_block *null_block_open(const char *path);
void null_block_close(struct null_block *block);
bool null_block_present(struct null_block *block, unsigned slot);
void null_block_set(struct null_block *block, unsigned slot, bool present);
/* Wakes those who wait for the slot or for any, without a change of the card. */
void null_block_touch(struct null_block *block, unsigned slot);

/* Waits while *word is @seen, at most until @deadline (CLOCK_MONOTONIC, ns; 0: for ever). */
void null_wait(_Atomic uint32_t *word, uint32_t seen, uint64_t deadline);
/* Changes *word and ends the waits for it. */
void null_wake(_Atomic uint32_t *word);

enum null_result {
	NULL_ANSWERED,
	NULL_NO_ROOM,
	NULL_CANCELLED
};
/*
 * @cancels: a word that changes to end INS 03 early; the value it has when the exchange begins
 *  counts as unchanged
 * @length: in the room, out the length
 */
enum null_result null_card_answer(const uint8_t *command, size_t command_length,
    _Atomic uint32_t *cancels, uint8_t *reply, size_t *length);

#endif
