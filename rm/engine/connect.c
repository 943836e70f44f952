/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connecting, reconnecting, disconnecting.
 *
 * A protocol stays as long as anyone is connected. When nobody else is, a connection that wants
 * another one resets the card to get it.
 */
#include <winerror.h>

#include "rm/engine/private.h"

/* Powers the card if need be. */
static LONG
make_powered(struct rm_turn *turn)
{
	struct rm_reader *reader = turn->reader;

	if (!reader->present)
		return SCARD_E_NO_SMARTCARD;
	if (reader->powered)
		return SCARD_S_SUCCESS;
	return rm_power(turn, SCARDREADER_COLD_RESET);
}

/* Settles the protocol of a powered card, or finds it settled as wanted. */
static LONG
make_settled(struct rm_turn *turn, uint32_t protocols)
{
	struct rm_reader *reader = turn->reader;

	if (reader->protocol == 0)
		return rm_power_settle(turn, protocols);
	if ((reader->protocol & protocols) == 0)
		return SCARD_E_PROTO_MISMATCH;
	return SCARD_S_SUCCESS;
}

static LONG
make_usable(struct rm_turn *turn, uint32_t protocols)
{
	struct rm_reader *reader = turn->reader;
	LONG result = make_powered(turn);

	if (result == SCARD_W_UNRESPONSIVE_CARD)
		return turn->rules->mute_at_connect;
	if (result == SCARD_S_SUCCESS && reader->protocol != 0 &&
	    (reader->protocol & protocols) == 0 && rm_sharing_alone(reader, turn->card))
		result = rm_power(turn, SCARDREADER_WARM_RESET);
	if (result == SCARD_S_SUCCESS)
		result = make_settled(turn, protocols);
	return result;
}

/* Direct access needs no card; one that is there is made ready where the dialect does so. */
static LONG
make_direct(struct rm_turn *turn, uint32_t protocols)
{
	const uint32_t wanted =
	    protocols & (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1 | SCARD_PROTOCOL_RAW);

	if (turn->rules->direct_negotiates && wanted != 0 && turn->reader->present &&
	    make_usable(turn, wanted) == SCARD_S_SUCCESS)
		turn->card->protocol = turn->reader->protocol;
	else if (turn->rules->direct_sees_protocol)
		turn->card->protocol = turn->reader->protocol;
	if (turn->reader->gone || turn->reader->lost)
		return SCARD_E_READER_UNAVAILABLE;
	return SCARD_S_SUCCESS;
}

LONG
rm_connect_admit(struct rm_request *request, struct rm_effects *effects)
{
	struct rm_card *card = request->own.card;
	struct rm_reader *reader = card->reader;

	(void)effects;
	if (reader->gone || reader->lost)
		return rm_message_code(request->message, reader->name, SCARD_E_READER_UNAVAILABLE);
	/* One who could not come in anyway need not wait for a transaction to end. */
	return rm_sharing_check(
	    reader, card, rm_sharing_claim(card->rules, request->share_mode), request->message);
}

/* A reader that cannot tell by itself is asked before anyone relies on what it said last. */
static LONG
ask_presence(struct rm_turn *turn)
{
	LONG result;

	if (!(turn->reader->info.Flags & SCARDREADER_FLAG_POLLED))
		return SCARD_S_SUCCESS;
	result = rm_power_poll(turn);
	if (turn->reader->work != 0)
		(void)rm_reader_work(turn->reader, 0);
	turn->alarm = rm_now() + rm_poll_interval(turn->reader->engine);
	return result;
}

LONG
rm_connect_run(struct rm_turn *turn)
{
	struct rm_request *request = turn->request;
	struct rm_card *card = turn->card;
	struct rm_reader *reader = turn->reader;
	LONG result;

	if (reader->gone || reader->lost)
		return rm_fail(turn, SCARD_E_READER_UNAVAILABLE);
	card->claim = rm_sharing_claim(turn->rules, request->share_mode);
	result = rm_sharing_check(reader, card, card->claim, request->message);
	if (result != RM_IN_LINE)
		return result;
	if ((result = ask_presence(turn)) != SCARD_S_SUCCESS)
		return rm_fail(turn, result);
	if (card->direct)
		result = make_direct(turn, request->protocols);
	else {
		result = make_usable(turn, request->protocols);
		card->protocol = reader->protocol;
	}
	if (card->stage != RM_CARD_CONNECTING)
		result = SCARD_E_CANCELLED;
	if (result != SCARD_S_SUCCESS)
		return rm_fail(turn, result);
	rm_card_attach(card, &turn->effects);
	request->card = card->handle;
	request->protocols = card->protocol;
	return SCARD_S_SUCCESS;
}

LONG
rm_reconnect_admit(struct rm_request *request, struct rm_effects *effects)
{
	const struct rm_card *card = request->own.card;
	bool direct = request->share_mode == SCARD_SHARE_DIRECT;
	LONG result = SCARD_S_SUCCESS;

	(void)effects;
	if (!direct &&
	    (request->protocols & (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1 | SCARD_PROTOCOL_RAW)) ==
		0)
		result = SCARD_E_PROTO_MISMATCH;
	if (request->disposition > SCARD_UNPOWER_CARD ||
	    request->share_mode < SCARD_SHARE_EXCLUSIVE ||
	    request->share_mode > SCARD_SHARE_DIRECT ||
	    (direct && !card->rules->reconnect_to_direct))
		result = SCARD_E_INVALID_VALUE;
	if (result != SCARD_S_SUCCESS)
		return rm_message_code(request->message, card->reader->name, result);
	return RM_IN_LINE;
}

/* The reset a reconnection asks for. Whoever else is connected has lost what the card knew. */
static LONG
initialise(struct rm_turn *turn, uint32_t initialisation)
{
	struct rm_reader *reader = turn->reader;
	LONG result = SCARD_S_SUCCESS;

	if (!reader->present)
		return SCARD_E_NO_SMARTCARD;
	if (initialisation == SCARD_UNPOWER_CARD && reader->powered)
		result = rm_power(turn, SCARDREADER_POWER_DOWN);
	if (result == SCARD_S_SUCCESS)
		result = rm_power(turn,
		    reader->powered && initialisation == SCARD_RESET_CARD ? SCARDREADER_WARM_RESET
									  : SCARDREADER_COLD_RESET);
	rm_cards_mark_reset(reader, turn->card);
	return result;
}

static LONG
prepare_reconnect(struct rm_turn *turn)
{
	struct rm_request *request = turn->request;
	struct rm_reader *reader = turn->reader;
	LONG result = SCARD_S_SUCCESS;

	if (request->disposition != SCARD_LEAVE_CARD)
		result = initialise(turn, request->disposition);
	if (result != SCARD_S_SUCCESS || request->share_mode == SCARD_SHARE_DIRECT)
		return result;
	if (reader->present && reader->mute)
		return SCARD_W_UNRESPONSIVE_CARD;
	result = make_powered(turn);
	if (result == SCARD_S_SUCCESS)
		result = make_settled(turn, request->protocols);
	return result;
}

LONG
rm_reconnect_run(struct rm_turn *turn)
{
	struct rm_request *request = turn->request;
	struct rm_card *card = turn->card;
	struct rm_reader *reader = turn->reader;
	enum rm_claim claim = rm_sharing_claim(turn->rules, request->share_mode);
	LONG result;

	if (reader->gone || reader->lost)
		return rm_fail(turn, SCARD_E_READER_UNAVAILABLE);
	if ((result = rm_sharing_check(reader, card, claim, request->message)) != RM_IN_LINE)
		return result;
	if ((result = ask_presence(turn)) == SCARD_S_SUCCESS)
		result = prepare_reconnect(turn);
	if (result == SCARD_S_SUCCESS && card->stage != RM_CARD_OPEN)
		result = SCARD_E_CANCELLED;
	if (result != SCARD_S_SUCCESS)
		return rm_fail(turn, result);
	card->mark = RM_MARK_NONE;
	card->direct = request->share_mode == SCARD_SHARE_DIRECT;
	card->claim = claim;
	card->protocol = reader->protocol;
	if (claim == RM_CLAIM_EXCLUSIVE)
		reader->exclusive = card;
	else if (reader->exclusive == card)
		reader->exclusive = NULL;
	if (turn->rules->reconnect_ends_transaction && reader->holder == card)
		rm_transaction_release(reader);
	request->protocols = card->protocol;
	rm_reader_publish(reader, &turn->effects);
	return SCARD_S_SUCCESS;
}

/* The connection ends: with it whatever other threads of its client still wait for. */
static LONG
end_connection(struct rm_card *card, struct rm_effects *effects)
{
	rm_line_withdraw(card->reader->line, card, card->rules->bad_handle, effects);
	rm_card_detach(card, effects);
	return SCARD_S_SUCCESS;
}

LONG
rm_disconnect_admit(struct rm_request *request, struct rm_effects *effects)
{
	struct rm_card *card = request->own.card;
	const struct rm_reader *reader = card->reader;

	if (request->disposition > SCARD_EJECT_CARD)
		return rm_message_code(request->message, reader->name, SCARD_E_INVALID_VALUE);
	/* Nothing is done to the card, so nobody is waited for. */
	if (request->disposition == SCARD_LEAVE_CARD || reader->gone || reader->lost ||
	    !reader->present || card->mark == RM_MARK_REMOVED)
		return end_connection(card, effects);
	return RM_IN_LINE;
}

LONG
rm_disconnect_run(struct rm_turn *turn)
{
	(void)rm_power_dispose(turn, turn->request->disposition, false);
	return end_connection(turn->card, &turn->effects);
}
