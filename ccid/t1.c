/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine of T=1: what each block of the card means at the point where it comes. The rules are
 * those of ISO 7816-3, 11.6; where the standard lets a card go on for ever, a count from limits.h
 * ends it.
 */
#include "ccid/t1.h"

#include <string.h>

#include "ccid/t1_moves.h"

/* Our own S-request is outstanding: nothing but its response will do. */
static enum ccid_step
receive_response(struct t1 *t1, const struct t1_view *view)
{
	if (view->kind != T1_RESPONSE || view->service != t1->last_service ||
	    (view->service == T1_IFS && view->inf[0] != t1->ifsd_wanted))
		return t1_failed(t1, T1_OTHER);
	t1_succeeded(t1);
	switch (t1->mode) {
	case T1_MODE_RESYNCH:
		return t1_resynchronized(t1);
	case T1_MODE_IFSD:
		t1->ifsd = t1->ifsd_wanted;
		return t1_end(t1, CCID_OK);
	default:
		return t1_end(t1, t1->reason);
	}
}

static bool
may_abort(const struct t1 *t1)
{
	return t1->mode == T1_MODE_RECEIVING || t1->mode == T1_MODE_ABORTED ||
	    (t1->mode == T1_MODE_SENDING && t1->chained);
}

static enum ccid_step
receive_request(struct t1 *t1, const struct t1_view *view)
{
	unsigned wtx = 1;

	switch (view->service) {
	case T1_WTX:
		wtx = view->inf[0];
		break;
	case T1_IFS:
		if (t1->ifs_requests == T1_IFS_MAX)
			return t1_failed(t1, T1_OTHER);
		t1->ifs_requests++;
		t1->ifsc = view->inf[0];
		break;
	case T1_ABORT:
		if (!may_abort(t1))
			return t1_failed(t1, T1_OTHER);
		if (t1->mode == T1_MODE_ABORTED && t1_too_many_repeats(t1))
			return t1_resynchronize(t1);
		if (t1->mode != T1_MODE_ABORTED)
			t1->repeats = 0;
		t1->mode = T1_MODE_ABORTED;
		t1->reason = CCID_LOST;
		break;
	case T1_RESYNCH:
		return t1_failed(t1, T1_OTHER);
	}
	t1_succeeded(t1);
	t1->last_kind = T1_RESPONSE;
	t1->last_length = t1_block_write(
	    t1->crc, T1_PCB_RESPONSE | (unsigned)view->service, view->inf, view->length, t1->last);
	return t1_send_last(t1, wtx);
}

static enum ccid_step
receive_r(struct t1 *t1, const struct t1_view *view)
{
	if (t1->mode == T1_MODE_ABORTED) {
		t1_succeeded(t1);
		t1->ns = view->number;
		return t1_end(t1, t1->reason);
	}
	if (t1->mode != T1_MODE_SENDING)
		return t1_failed(t1, T1_OTHER);
	if (view->number == t1->ns) {
		t1_succeeded(t1);
		/* The reader alone has the block; the card has not had it, and the turn is ours. */
		if (t1->secure)
			return t1_end(t1, CCID_LOST);
		return t1_too_many_repeats(t1) ? t1_resynchronize(t1) : t1_send_piece(t1);
	}
	if (t1->sent + t1->piece == t1->command_length)
		return t1_failed(t1, T1_OTHER);
	t1_succeeded(t1);
	t1->repeats = 0;
	t1->ns ^= 1;
	t1->sent += t1->piece;
	return t1_send_next_piece(t1);
}

static bool
too_long(const struct ccid_room *out)
{
	return out->length > out->room || out->length > CCID_REPLY_MAX;
}

static enum ccid_step
answered(struct t1 *t1)
{
	if (too_long(t1->out))
		return t1_end(t1, CCID_SMALL);
	return t1_end(t1, t1->out->length >= 2 ? CCID_OK : CCID_LOST);
}

static enum ccid_step
receive_i(struct t1 *t1, const struct t1_view *view)
{
	if ((t1->mode != T1_MODE_SENDING && t1->mode != T1_MODE_RECEIVING) ||
	    view->number != t1->nr)
		return t1_failed(t1, T1_OTHER);
	if (t1->mode == T1_MODE_SENDING && !t1->early_answer &&
	    t1->sent + t1->piece < t1->command_length)
		return t1_failed(t1, T1_OTHER);
	t1_succeeded(t1);
	t1->repeats = 0;
	if (t1->mode == T1_MODE_SENDING)
		t1->ns ^= 1;
	t1->nr ^= 1;
	t1->mode = T1_MODE_RECEIVING;
	ccid_room_add(t1->out, view->inf, view->length);
	if (!view->more)
		return answered(t1);
	if (view->length == 0)
		t1->empty_pieces++;
	if (too_long(t1->out) || t1->empty_pieces > CCID_PIECES_MAX) {
		t1->reason = CCID_SMALL;
		t1->mode = T1_MODE_ABORTING;
		return t1_send_request(t1, T1_ABORT, NULL, 0);
	}
	return t1_send_r(t1, T1_FINE);
}

static enum ccid_step
receive(struct t1 *t1, const uint8_t *bytes, size_t length)
{
	struct t1_view view;
	enum t1_fault fault = t1_block_read(t1->crc, bytes, length, &view);

	if (fault != T1_FINE)
		return t1_failed(t1, fault);
	if (t1->last_kind == T1_REQUEST)
		return receive_response(t1, &view);
	switch (view.kind) {
	case T1_I:
		return receive_i(t1, &view);
	case T1_R:
		return receive_r(t1, &view);
	case T1_REQUEST:
		return receive_request(t1, &view);
	case T1_RESPONSE:
		break;
	}
	return t1_failed(t1, T1_OTHER);
}

/* Character level: the prologue says how much is still to be read. */
static enum ccid_step
receive_part(struct t1 *t1, const struct ccid_answer *answer)
{
	size_t room = sizeof t1->partial - t1->partial_length, whole;
	bool first = t1->partial_length == 0;

	if (answer->length > room || (first && answer->length < T1_PROLOGUE))
		return t1_failed(t1, T1_OTHER);
	if (answer->length > 0)
		memcpy(t1->partial + t1->partial_length, answer->data, answer->length);
	t1->partial_length += answer->length;
	if (t1->partial[2] > T1_INF_MAX)
		return t1_failed(t1, T1_OTHER);
	whole = T1_PROLOGUE + t1->partial[2] + t1_edc_size(t1->crc);
	if (t1->partial_length >= whole)
		return receive(t1, t1->partial, t1->partial_length);
	if (!first)
		return t1_failed(t1, T1_OTHER);
	t1->block = (struct ccid_block){
		.level = (uint16_t)(whole - t1->partial_length),
		.wtx = 1,
	};
	return CCID_STEP_SEND;
}

/*
 * The reader's own word about a PIN entry (6400, 6401, ...) is no block of the card's: none was
 * exchanged.
 */
static bool
is_status_of_reader(const struct t1 *t1, const struct ccid_answer *answer)
{
	return t1->secure && t1->last_length == 0 && answer->length == 2 && answer->data[0] == 0x64;
}

enum ccid_step
t1_next(struct t1 *t1, const struct ccid_answer *answer)
{
	if (t1->mode == T1_MODE_IDLE) {
		t1->result = CCID_INVALID;
		return CCID_STEP_END;
	}
	switch (answer->event) {
	case CCID_EVENT_PARITY:
		return t1_failed(t1, T1_DAMAGED);
	case CCID_EVENT_OVERRUN:
	case CCID_EVENT_SILENT:
		return t1_failed(t1, T1_OTHER);
	case CCID_EVENT_REPLY:
		break;
	}
	if (is_status_of_reader(t1, answer)) {
		ccid_room_add(t1->out, answer->data, answer->length);
		return answered(t1);
	}
	return t1->character ? receive_part(t1, answer) : receive(t1, answer->data, answer->length);
}

void
t1_reset(struct t1 *t1)
{
	t1_end(t1, CCID_OK);
	t1_forget_sequence(t1);
	t1->out = NULL;
	t1->dead = false;
	t1->fresh = true;
}

/* Returns CCID_OK, or why no exchange can begin. */
static enum ccid_result
prepare(struct t1 *t1, struct ccid_room *out)
{
	if (t1->mode != T1_MODE_IDLE)
		t1->dead = true;
	t1->out = out;
	if (out != NULL)
		out->length = 0;
	if (t1->dead)
		return CCID_DEAD;
	t1->reason = CCID_OK;
	t1->replayed = t1->secure = t1->chained = false;
	t1->err = t1->repeats = t1->resyncs = t1->ifs_requests = t1->empty_pieces = 0;
	return CCID_OK;
}

enum ccid_step
t1_begin_ifsd(struct t1 *t1, unsigned size)
{
	enum ccid_result result = prepare(t1, NULL);
	uint8_t inf = (uint8_t)size;

	if (result == CCID_OK && (size < 1 || size > T1_INF_MAX))
		result = CCID_INVALID;
	if (result != CCID_OK)
		return t1_end(t1, result);
	t1->mode = T1_MODE_IFSD;
	t1->ifsd_wanted = size;
	return t1_send_request(t1, T1_IFS, &inf, 1);
}

enum ccid_step
t1_begin(struct t1 *t1, const uint8_t *command, size_t length, struct ccid_room *out)
{
	enum ccid_result result = prepare(t1, out);

	if (result == CCID_OK && length == 0)
		result = CCID_INVALID;
	if (result == CCID_OK && length > CCID_COMMAND_MAX)
		result = CCID_TOO_LONG;
	if (result != CCID_OK)
		return t1_end(t1, result);
	t1->command = command;
	t1->command_length = length;
	return t1_start(t1);
}

void
t1_prologue(const struct t1 *t1, size_t length, uint8_t out[3])
{
	out[0] = 0;
	out[1] = (uint8_t)(t1->ns != 0 ? T1_PCB_NUMBER : 0);
	out[2] = (uint8_t)length;
}

enum ccid_step
t1_begin_secure(struct t1 *t1, struct ccid_room *out)
{
	enum ccid_result result = prepare(t1, out);

	if (result != CCID_OK)
		return t1_end(t1, result);
	t1->mode = T1_MODE_SENDING;
	t1->secure = t1->cmd_complete = true;
	t1->command = NULL;
	t1->command_length = t1->sent = t1->piece = 0;
	t1->last_kind = T1_I;
	t1->last_length = 0;
	t1->block = (struct ccid_block){ .wtx = 1 };
	return CCID_STEP_SEND;
}

enum ccid_step
t1_give_up(struct t1 *t1)
{
	t1->dead = true;
	return t1_end(t1, CCID_LOST);
}
