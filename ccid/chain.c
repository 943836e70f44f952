/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands and answers in pieces, and what to make of readers that lose count of them. */
#include "ccid/chain.h"

#include <string.h>

static enum ccid_step
end(struct chain *chain, enum ccid_result result)
{
	chain->phase = CHAIN_IDLE;
	chain->result = result;
	chain->block = (struct ccid_block){ 0 };
	if (result != CCID_OK && result != CCID_SMALL)
		chain->out->length = 0;
	return result == CCID_OK ? CCID_STEP_DONE : CCID_STEP_END;
}

static enum ccid_step
send_piece(struct chain *chain)
{
	size_t left = chain->command_length - chain->sent, length = left;
	bool first = chain->sent == 0, last = left <= chain->piece_max;
	unsigned level;

	if (!last)
		length = chain->piece_max;
	if (first)
		level = last ? CHAIN_WHOLE : CHAIN_BEGINS;
	else
		level = last ? CHAIN_ENDS : CHAIN_CONTINUES;
	chain->block = (struct ccid_block){
		.data = chain->command + chain->sent,
		.length = length,
		.level = (uint16_t)level,
		.wtx = 1,
	};
	chain->sent += length;
	chain->phase = last ? CHAIN_ANSWERING : CHAIN_SENDING;
	return CCID_STEP_SEND;
}

static enum ccid_step
ask(struct chain *chain)
{
	chain->block = (struct ccid_block){ .level = CHAIN_ASK, .wtx = 1 };
	return CCID_STEP_SEND;
}

static bool
more_follows(unsigned parameter)
{
	return parameter == CHAIN_BEGINS || parameter == CHAIN_CONTINUES;
}

/* The exchange has failed; what the reader still holds of it is fetched first. */
static enum ccid_step
drain(struct chain *chain, enum ccid_result reason, unsigned parameter)
{
	if (!more_follows(parameter) || chain->drained == CCID_PIECES_MAX)
		return end(chain, reason);
	chain->drained++;
	chain->phase = CHAIN_DRAINING;
	chain->reason = reason;
	return ask(chain);
}

static enum ccid_step
answered(struct chain *chain)
{
	const struct ccid_room *out = chain->out;

	if (out->length > out->room)
		return end(chain, CCID_SMALL);
	/* Readers that have nothing from the card say so with an empty answer. */
	if (out->length == 0 && !chain->began)
		return end(chain, CCID_SILENT);
	return end(chain, out->length >= 2 ? CCID_OK : CCID_LOST);
}

static enum ccid_step
receive(struct chain *chain, const struct ccid_answer *answer)
{
	unsigned parameter = answer->chain;
	bool more = more_follows(parameter);

	if (parameter != (chain->began ? CHAIN_CONTINUES : CHAIN_BEGINS) &&
	    parameter != (chain->began ? CHAIN_ENDS : CHAIN_WHOLE))
		return drain(chain, CCID_LOST, parameter);
	ccid_room_add(chain->out, answer->data, answer->length);
	/* What does not fit is fetched and dropped; no answer is longer than this. */
	if (chain->out->length > CCID_REPLY_MAX)
		return drain(chain, CCID_SMALL, parameter);
	if (!more)
		return answered(chain);
	if (answer->length == 0 && ++chain->empty > CCID_PIECES_MAX)
		return end(chain, CCID_LOST);
	chain->began = true;
	return ask(chain);
}

/* After a piece that is not the last. */
static enum ccid_step
acknowledged(struct chain *chain, const struct ccid_answer *answer)
{
	if (answer->length == 0 && answer->chain == CHAIN_NEXT_WANTED)
		return send_piece(chain);
	/* A card that refuses a command early: the whole answer, and nobody wants the rest. */
	if (answer->length > 0 && answer->chain == CHAIN_WHOLE)
		return receive(chain, answer);
	return drain(chain, CCID_LOST, answer->chain);
}

static enum ccid_step
unchained(struct chain *chain, const struct ccid_answer *answer)
{
	ccid_room_add(chain->out, answer->data, answer->length);
	return answered(chain);
}

enum ccid_step
chain_begin(struct chain *chain, const uint8_t *command, size_t length, struct ccid_room *out)
{
	chain->out = out;
	out->length = 0;
	if (length == 0)
		return end(chain, CCID_INVALID);
	if (length > CCID_COMMAND_MAX || chain->piece_max == 0 ||
	    (!chain->chained && length > chain->piece_max))
		return end(chain, CCID_TOO_LONG);
	chain->command = command;
	chain->command_length = length;
	chain->sent = 0;
	chain->began = false;
	chain->empty = chain->drained = 0;
	return send_piece(chain);
}

enum ccid_step
chain_next(struct chain *chain, const struct ccid_answer *answer)
{
	enum chain_phase phase = chain->phase;

	if (phase == CHAIN_IDLE) {
		chain->result = CCID_INVALID;
		return CCID_STEP_END;
	}
	if (phase == CHAIN_DRAINING && answer->event != CCID_EVENT_REPLY)
		return end(chain, chain->reason);
	if (answer->event == CCID_EVENT_SILENT)
		return end(chain, CCID_SILENT);
	if (answer->event != CCID_EVENT_REPLY)
		return end(chain, CCID_LOST);
	if (phase == CHAIN_DRAINING)
		return drain(chain, chain->reason, answer->chain);
	if (!chain->chained)
		return unchained(chain, answer);
	return phase == CHAIN_SENDING ? acknowledged(chain, answer) : receive(chain, answer);
}
