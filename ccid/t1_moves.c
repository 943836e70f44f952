/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the engine of T=1 does in its turn: the host's blocks, and the way back when no sense can be
 * made of the card's.
 */
#include "ccid/t1_moves.h"

#include <string.h>

#define IFS_DEFAULT 32u

enum ccid_step
t1_end(struct t1 *t1, enum ccid_result result)
{
	t1->mode = T1_MODE_IDLE;
	t1->result = result;
	t1->block = (struct ccid_block){ 0 };
	/* Either may hold a PIN. */
	explicit_bzero(t1->last, sizeof t1->last);
	explicit_bzero(t1->partial, sizeof t1->partial);
	t1->last_length = t1->partial_length = 0;
	if (t1->out != NULL && result != CCID_OK && result != CCID_SMALL)
		t1->out->length = 0;
	return result == CCID_OK ? CCID_STEP_DONE : CCID_STEP_END;
}

static enum ccid_step
die(struct t1 *t1)
{
	t1->dead = true;
	return t1_end(t1, CCID_DEAD);
}

enum ccid_step
t1_send_last(struct t1 *t1, unsigned wtx)
{
	t1->partial_length = 0;
	t1->block = (struct ccid_block){
		.data = t1->last,
		.length = t1->last_length,
		.level = t1->character ? T1_PROLOGUE : 0,
		.bwi = (uint8_t)(wtx > 1 ? wtx : 0),
		.wtx = wtx > 1 ? wtx : 1,
	};
	return CCID_STEP_SEND;
}

enum ccid_step
t1_send_r(struct t1 *t1, enum t1_fault code)
{
	t1->last_kind = T1_R;
	t1->last_length = t1_block_write(t1->crc,
	    T1_PCB_R | (t1->nr != 0 ? T1_PCB_R_NUMBER : 0) | (unsigned)code, NULL, 0, t1->last);
	return t1_send_last(t1, 1);
}

enum ccid_step
t1_send_request(struct t1 *t1, enum t1_service service, const uint8_t *inf, size_t length)
{
	t1->last_kind = T1_REQUEST;
	t1->last_service = service;
	t1->last_length =
	    t1_block_write(t1->crc, T1_PCB_REQUEST | (unsigned)service, inf, length, t1->last);
	return t1_send_last(t1, 1);
}

enum ccid_step
t1_send_piece(struct t1 *t1)
{
	bool more = t1->sent + t1->piece < t1->command_length;

	if (!more)
		t1->cmd_complete = true;
	t1->last_kind = T1_I;
	t1->last_length =
	    t1_block_write(t1->crc, (t1->ns != 0 ? T1_PCB_NUMBER : 0) | (more ? T1_PCB_MORE : 0),
		t1->command + t1->sent, t1->piece, t1->last);
	return t1_send_last(t1, 1);
}

static size_t
piece_max(const struct t1 *t1)
{
	size_t around = T1_PROLOGUE + t1_edc_size(t1->crc), most = t1->ifsc;

	if (t1->block_max > around && most > t1->block_max - around)
		most = t1->block_max - around;
	return most;
}

enum ccid_step
t1_send_next_piece(struct t1 *t1)
{
	size_t left = t1->command_length - t1->sent, most = piece_max(t1);

	t1->piece = left < most ? left : most;
	return t1_send_piece(t1);
}

enum ccid_step
t1_start(struct t1 *t1)
{
	t1->mode = T1_MODE_SENDING;
	t1->sent = 0;
	t1->repeats = 0;
	t1->cmd_complete = false;
	t1->out->length = 0;
	t1->empty_pieces = 0;
	t1->chained = t1->command_length > piece_max(t1);
	return t1_send_next_piece(t1);
}

enum ccid_step
t1_resynchronize(struct t1 *t1)
{
	if (t1->resyncs == T1_RESYNCHS_MAX)
		return die(t1);
	t1->resyncs++;
	t1->resynch_sends = 1;
	t1->mode = T1_MODE_RESYNCH;
	return t1_send_request(t1, T1_RESYNCH, NULL, 0);
}

void
t1_forget_sequence(struct t1 *t1)
{
	t1->ns = t1->nr = 0;
	t1->ifsc = t1->ifsc_atr >= 1 && t1->ifsc_atr <= T1_INF_MAX ? t1->ifsc_atr : IFS_DEFAULT;
	t1->ifsd = IFS_DEFAULT;
	t1->err = 0;
}

/*
 * A command that the card may have executed is not sent again unasked: a PIN would be tried twice,
 * a counter moved twice.
 */
enum ccid_step
t1_resynchronized(struct t1 *t1)
{
	t1_forget_sequence(t1);
	if (t1->reason != CCID_OK)
		return t1_end(t1, t1->reason);
	if (t1->secure || (!t1->replay && (t1->cmd_complete || t1->replayed)))
		return t1_end(t1, CCID_LOST);
	t1->replayed = true;
	return t1_start(t1);
}

/* No valid block came. */
enum ccid_step
t1_failed(struct t1 *t1, enum t1_fault code)
{
	if (t1->mode == T1_MODE_RESYNCH) {
		if (t1->resynch_sends == T1_ATTEMPTS)
			return die(t1);
		t1->resynch_sends++;
		return t1_send_last(t1, 1);
	}
	t1->err++;
	if (t1->err >= T1_ATTEMPTS)
		return t1->fresh || t1->mode == T1_MODE_IFSD ? die(t1) : t1_resynchronize(t1);
	if (t1->last_kind == T1_R || t1->last_kind == T1_REQUEST)
		return t1_send_last(t1, 1);
	return t1_send_r(t1, code);
}

void
t1_succeeded(struct t1 *t1)
{
	t1->err = 0;
	t1->fresh = false;
}

/* The card wants what it has had already; it gets it, but not for ever. */
bool
t1_too_many_repeats(struct t1 *t1)
{
	return ++t1->repeats > T1_ATTEMPTS;
}
