/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine of T=1: what is sent next after each answer. Its rules are those of ISO 7816-3,
 * 11.6; where the standard lets a card go on for ever, a count from limits.h ends it.
 */
#include "ccid/t1.h"

#include <string.h>

#define IFS_DEFAULT 32u

static enum ccid_step
end(struct t1 *t1, enum ccid_result result)
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
	return end(t1, CCID_DEAD);
}

static enum ccid_step
send_last(struct t1 *t1, unsigned wtx)
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

static enum ccid_step
send_r(struct t1 *t1, enum t1_fault code)
{
	t1->last_kind = T1_R;
	t1->last_length = t1_block_write(t1->crc,
	    T1_PCB_R | (t1->nr != 0 ? T1_PCB_R_NUMBER : 0) | (unsigned)code, NULL, 0, t1->last);
	return send_last(t1, 1);
}

static enum ccid_step
send_request(struct t1 *t1, enum t1_service service, const uint8_t *inf, size_t length)
{
	t1->last_kind = T1_REQUEST;
	t1->last_service = service;
	t1->last_length =
	    t1_block_write(t1->crc, T1_PCB_REQUEST | (unsigned)service, inf, length, t1->last);
	return send_last(t1, 1);
}

/* The I-block with the piece in hand; every repetition is the same bytes. */
static enum ccid_step
send_piece(struct t1 *t1)
{
	bool more = t1->sent + t1->piece < t1->command_length;

	if (!more)
		t1->cmd_complete = true;
	t1->last_kind = T1_I;
	t1->last_length =
	    t1_block_write(t1->crc, (t1->ns != 0 ? T1_PCB_NUMBER : 0) | (more ? T1_PCB_MORE : 0),
		t1->command + t1->sent, t1->piece, t1->last);
	return send_last(t1, 1);
}

static size_t
piece_max(const struct t1 *t1)
{
	size_t around = T1_PROLOGUE + t1_edc_size(t1->crc), most = t1->ifsc;

	if (t1->block_max > around && most > t1->block_max - around)
		most = t1->block_max - around;
	return most;
}

static enum ccid_step
next_piece(struct t1 *t1)
{
	size_t left = t1->command_length - t1->sent, most = piece_max(t1);

	t1->piece = left < most ? left : most;
	return send_piece(t1);
}

static enum ccid_step
start(struct t1 *t1)
{
	t1->mode = T1_MODE_SENDING;
	t1->sent = 0;
	t1->repeats = 0;
	t1->cmd_complete = false;
	t1->out->length = 0;
	t1->empty_pieces = 0;
	t1->chained = t1->command_length > piece_max(t1);
	return next_piece(t1);
}

static enum ccid_step
resynch(struct t1 *t1)
{
	if (t1->resyncs == T1_RESYNCHS_MAX)
		return die(t1);
	t1->resyncs++;
	t1->resynch_sends = 1;
	t1->mode = T1_MODE_RESYNCH;
	return send_request(t1, T1_RESYNCH, NULL, 0);
}

static void
forget_sequence(struct t1 *t1)
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
static enum ccid_step
resynched(struct t1 *t1)
{
	forget_sequence(t1);
	if (t1->reason != CCID_OK)
		return end(t1, t1->reason);
	if (t1->secure || (!t1->replay && (t1->cmd_complete || t1->replayed)))
		return end(t1, CCID_LOST);
	t1->replayed = true;
	return start(t1);
}

/* No valid block came. */
static enum ccid_step
failed(struct t1 *t1, enum t1_fault code)
{
	if (t1->mode == T1_MODE_RESYNCH) {
		if (t1->resynch_sends == T1_ATTEMPTS)
			return die(t1);
		t1->resynch_sends++;
		return send_last(t1, 1);
	}
	t1->err++;
	if (t1->err >= T1_ATTEMPTS)
		return t1->fresh || t1->mode == T1_MODE_IFSD ? die(t1) : resynch(t1);
	if (t1->last_kind == T1_R || t1->last_kind == T1_REQUEST)
		return send_last(t1, 1);
	return send_r(t1, code);
}

static void
succeeded(struct t1 *t1)
{
	t1->err = 0;
	t1->fresh = false;
}

/* The card wants what it has had already; it gets it, but not for ever. */
static bool
too_many_repeats(struct t1 *t1)
{
	return ++t1->repeats > T1_ATTEMPTS;
}

/* Our own S-request is outstanding: nothing but its response will do. */
static enum ccid_step
receive_response(struct t1 *t1, const struct t1_view *view)
{
	if (view->kind != T1_RESPONSE || view->service != t1->last_service ||
	    (view->service == T1_IFS && view->inf[0] != t1->ifsd_wanted))
		return failed(t1, T1_OTHER);
	succeeded(t1);
	switch (t1->mode) {
	case T1_MODE_RESYNCH:
		return resynched(t1);
	case T1_MODE_IFSD:
		t1->ifsd = t1->ifsd_wanted;
		return end(t1, CCID_OK);
	default:
		return end(t1, t1->reason);
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
			return failed(t1, T1_OTHER);
		t1->ifs_requests++;
		t1->ifsc = view->inf[0];
		break;
	case T1_ABORT:
		if (!may_abort(t1))
			return failed(t1, T1_OTHER);
		if (t1->mode == T1_MODE_ABORTED && too_many_repeats(t1))
			return resynch(t1);
		if (t1->mode != T1_MODE_ABORTED)
			t1->repeats = 0;
		t1->mode = T1_MODE_ABORTED;
		t1->reason = CCID_LOST;
		break;
	case T1_RESYNCH:
		return failed(t1, T1_OTHER);
	}
	succeeded(t1);
	t1->last_kind = T1_RESPONSE;
	t1->last_length = t1_block_write(
	    t1->crc, T1_PCB_RESPONSE | (unsigned)view->service, view->inf, view->length, t1->last);
	return send_last(t1, wtx);
}

static enum ccid_step
receive_r(struct t1 *t1, const struct t1_view *view)
{
	if (t1->mode == T1_MODE_ABORTED) {
		succeeded(t1);
		t1->ns = view->number;
		return end(t1, t1->reason);
	}
	if (t1->mode != T1_MODE_SENDING)
		return failed(t1, T1_OTHER);
	if (view->number == t1->ns) {
		succeeded(t1);
		/* The reader alone has the block; the card has not had it, and the turn is ours. */
		if (t1->secure)
			return end(t1, CCID_LOST);
		return too_many_repeats(t1) ? resynch(t1) : send_piece(t1);
	}
	if (t1->secure || t1->sent + t1->piece == t1->command_length)
		return failed(t1, T1_OTHER);
	succeeded(t1);
	t1->repeats = 0;
	t1->ns ^= 1;
	t1->sent += t1->piece;
	return next_piece(t1);
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
		return end(t1, CCID_SMALL);
	return end(t1, t1->out->length >= 2 ? CCID_OK : CCID_LOST);
}

static enum ccid_step
receive_i(struct t1 *t1, const struct t1_view *view)
{
	if ((t1->mode != T1_MODE_SENDING && t1->mode != T1_MODE_RECEIVING) ||
	    view->number != t1->nr)
		return failed(t1, T1_OTHER);
	if (t1->mode == T1_MODE_SENDING && !t1->early_answer &&
	    t1->sent + t1->piece < t1->command_length)
		return failed(t1, T1_OTHER);
	succeeded(t1);
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
		return send_request(t1, T1_ABORT, NULL, 0);
	}
	return send_r(t1, T1_FINE);
}

static enum ccid_step
receive(struct t1 *t1, const uint8_t *bytes, size_t length)
{
	struct t1_view view;
	enum t1_fault fault = t1_block_read(t1->crc, bytes, length, &view);

	if (fault != T1_FINE)
		return failed(t1, fault);
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
	return failed(t1, T1_OTHER);
}

/* Character level: the prologue says how much is still to be read. */
static enum ccid_step
receive_part(struct t1 *t1, const struct ccid_answer *answer)
{
	size_t room = sizeof t1->partial - t1->partial_length, whole;
	bool first = t1->partial_length == 0;

	if (answer->length > room || (first && answer->length < T1_PROLOGUE))
		return failed(t1, T1_OTHER);
	if (answer->length > 0)
		memcpy(t1->partial + t1->partial_length, answer->data, answer->length);
	t1->partial_length += answer->length;
	if (t1->partial[2] > T1_INF_MAX)
		return failed(t1, T1_OTHER);
	whole = T1_PROLOGUE + t1->partial[2] + t1_edc_size(t1->crc);
	if (t1->partial_length >= whole)
		return receive(t1, t1->partial, t1->partial_length);
	if (!first)
		return failed(t1, T1_OTHER);
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
		return failed(t1, T1_DAMAGED);
	case CCID_EVENT_OVERRUN:
	case CCID_EVENT_SILENT:
		return failed(t1, T1_OTHER);
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
	end(t1, CCID_OK);
	forget_sequence(t1);
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
		return end(t1, result);
	t1->mode = T1_MODE_IFSD;
	t1->ifsd_wanted = size;
	return send_request(t1, T1_IFS, &inf, 1);
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
		return end(t1, result);
	t1->command = command;
	t1->command_length = length;
	return start(t1);
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
		return end(t1, result);
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
	return end(t1, CCID_LOST);
}
