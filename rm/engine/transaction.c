/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transactions. Beginning one is waiting in line for one's turn: while it lasts, nobody else's turn
 * comes. They nest, in both dialects.
 */
#include <winerror.h>

#include "rm/engine/private.h"

void
rm_transaction_release(struct rm_reader *reader)
{
	reader->holder = NULL;
	reader->depth = 0;
}

void
rm_transaction_touch(struct rm_turn *turn)
{
	struct rm_reader *reader = turn->reader;

	if (reader->holder != NULL && reader->holder->rules->idle_limit)
		reader->active_at = rm_now();
}

LONG
rm_begin_run(struct rm_turn *turn)
{
	struct rm_reader *reader = turn->reader;
	LONG result;

	if (reader->gone || reader->lost)
		return rm_fail(turn, SCARD_E_READER_UNAVAILABLE);
	if ((result = rm_card_mark_result(turn->card)) != SCARD_S_SUCCESS)
		return rm_fail(turn, result);
	reader->holder = turn->card;
	reader->depth++;
	if (turn->rules->idle_limit && reader->depth == 1)
		turn->alarm = rm_now() + rm_idle_limit(reader->engine);
	return SCARD_S_SUCCESS;
}

static LONG
not_transacted(char *message, const struct rm_reader *reader)
{
	rm_message(message,
	    "reader '%s': this handle has no transaction to end; SCardBeginTransaction begins one",
	    reader->name);
	return SCARD_E_NOT_TRANSACTED;
}

LONG
rm_end_admit(struct rm_request *request, struct rm_effects *effects)
{
	const struct rm_card *card = request->own.card;
	const struct rm_reader *reader = card->reader;
	LONG result;

	(void)effects;
	if (request->disposition > SCARD_EJECT_CARD)
		return rm_message_code(request->message, reader->name, SCARD_E_INVALID_VALUE);
	if (reader->holder == card)
		return RM_IN_LINE;
	/* Who has no transaction need not wait for anyone to be told so. */
	if (reader->gone || reader->lost)
		return rm_message_code(request->message, reader->name, SCARD_E_READER_UNAVAILABLE);
	if ((result = rm_card_mark_result(card)) != SCARD_S_SUCCESS)
		return rm_message_code(request->message, reader->name, result);
	if (reader->holder == NULL)
		return not_transacted(request->message, reader);
	if (card->rules->end_of_another == SCARD_E_SHARING_VIOLATION)
		return rm_sharing_busy(reader, request->message);
	return not_transacted(request->message, reader);
}

LONG
rm_end_run(struct rm_turn *turn)
{
	struct rm_reader *reader = turn->reader;
	struct rm_card *card = turn->card;
	uint32_t disposition = turn->request->disposition;
	LONG result;

	if (reader->gone || reader->lost)
		return rm_fail(turn, SCARD_E_READER_UNAVAILABLE);
	if ((result = rm_card_mark_result(card)) != SCARD_S_SUCCESS) {
		if (turn->rules->end_releases_marked && reader->holder == card)
			rm_transaction_release(reader);
		return rm_fail(turn, result);
	}
	if (reader->holder != card)
		return not_transacted(turn->request->message, reader);
	result = rm_power_dispose(turn, disposition, turn->rules->end_unpower_powers_up);
	if (turn->rules->end_marks_self &&
	    (disposition == SCARD_RESET_CARD || disposition == SCARD_UNPOWER_CARD))
		rm_card_mark_reset(card);
	if (reader->holder == card && --reader->depth == 0)
		rm_transaction_release(reader);
	return result == SCARD_S_SUCCESS ? result : rm_fail(turn, result);
}
