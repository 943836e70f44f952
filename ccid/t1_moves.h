/* SPDX-License-Identifier: BSD-2-Clause */
/* The moves of the T=1 engine, for the part of it that reads the card's blocks (t1.c). */
#ifndef CCID_T1_MOVES_H
#define CCID_T1_MOVES_H

#include "ccid/t1.h"

/* Ends the exchange; CCID_OK: well. */
enum ccid_step t1_end(struct t1 *t1, enum ccid_result result);

/* The block in t1->last. @wtx: multiplier of the card's waiting time, 0 and 1: none */
enum ccid_step t1_send_last(struct t1 *t1, unsigned wtx);
enum ccid_step t1_send_r(struct t1 *t1, enum t1_fault code);
enum ccid_step
t1_send_request(struct t1 *t1, enum t1_service service, const uint8_t *inf, size_t length);
/* The I-block with the piece in hand; every repetition is the same bytes. */
enum ccid_step t1_send_piece(struct t1 *t1);
/* The piece behind t1->sent. */
enum ccid_step t1_send_next_piece(struct t1 *t1);
/* The command from its first byte. */
enum ccid_step t1_start(struct t1 *t1);

/* No valid block came: asks again, resynchronizes, or gives up. */
enum ccid_step t1_failed(struct t1 *t1, enum t1_fault code);
/* A valid one did. */
void t1_succeeded(struct t1 *t1);
/* Counts what the card wants again although it has had it: not for ever. */
bool t1_too_many_repeats(struct t1 *t1);
enum ccid_step t1_resynchronize(struct t1 *t1);
/* The card has agreed to begin anew. */
enum ccid_step t1_resynchronized(struct t1 *t1);
/* Sequence numbers and sizes as after a reset. */
void t1_forget_sequence(struct t1 *t1);

#endif
