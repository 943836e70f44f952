/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way of a request: found its connection, put in line, run in turn, finished.
 *
 * The common exchange takes the session's lock once and the line's three times, allocates nothing
 * and looks at nothing that other readers share.
 */
#include <winerror.h>

#include "rm/engine/private.h"

static const struct {
	LONG (*admit)(struct rm_request *request, struct rm_effects *effects);
	LONG (*run)(struct rm_turn *turn);
} operations[] = {
	[RM_CONNECT] = { rm_connect_admit, rm_connect_run },
	[RM_RECONNECT] = { rm_reconnect_admit, rm_reconnect_run },
	[RM_DISCONNECT] = { rm_disconnect_admit, rm_disconnect_run },
	[RM_BEGIN] = { NULL, rm_begin_run },
	[RM_END] = { rm_end_admit, rm_end_run },
	[RM_STATUS] = { NULL, rm_status_run },
	[RM_TRANSMIT] = { NULL, rm_transmit_run },
	[RM_CONTROL] = { NULL, rm_control_run },
	[RM_GET_ATTRIBUTE] = { NULL, rm_get_attribute_run },
	[RM_SET_ATTRIBUTE] = { NULL, rm_set_attribute_run },
};

void
rm_request_finish(struct rm_request *request, LONG result)
{
	struct rm_session *session = request->own.session;
	struct rm_card *card = request->own.card;
	bool closes = (request->operation == RM_CONNECT && result != SCARD_S_SUCCESS) ||
	    (request->operation == RM_DISCONNECT && result == SCARD_S_SUCCESS);

	if (card != NULL && closes)
		rm_session_forget(session, card);
	__atomic_store_n(&request->own.stage, RM_STAGE_DONE, __ATOMIC_RELEASE);
	rm_card_unref(card);
	rm_session_unref(session);
	request->done(request, result);
}

void
rm_effects_run(struct rm_effects *effects)
{
	GList *link;

	while ((link = g_queue_pop_head_link(&effects->withdrawn)) != NULL) {
		struct rm_request *request = link->data;

		rm_request_finish(request,
		    rm_message_code(
			request->message, request->own.reader->name, effects->withdrawn_result));
	}
	rm_watch_tell(&effects->watches);
	if (effects->unused != NULL) {
		rm_alarm_want(effects->unused, rm_now() + rm_idle_limit(effects->unused->engine));
		rm_reader_unref(effects->unused);
	}
}

/* Finds the connection a request is for, or begins one; finishes the request on failure (false). */
static bool
find_card(struct rm_session *session, struct rm_request *request)
{
	bool needs_session =
	    request->operation == RM_CONNECT || request->operation == RM_DISCONNECT;

	request->message[0] = '\0';
	request->own.session = NULL;
	request->own.reader = NULL;
	request->own.card = NULL;
	if (request->operation >= sizeof operations / sizeof operations[0]) {
		rm_request_finish(
		    request, rm_message_code(request->message, NULL, SCARD_E_INVALID_PARAMETER));
		return false;
	}
	if (needs_session)
		request->own.session = rm_session_ref(session);
	if (request->operation == RM_CONNECT)
		return rm_connection_begin(session, request);
	request->own.card = rm_session_card(session, request->card);
	if (request->own.card == NULL) {
		rm_request_finish(
		    request, rm_message_code(request->message, NULL, ERROR_INVALID_HANDLE));
		return false;
	}
	request->own.reader = request->own.card->reader;
	return true;
}

/* Whether the dialect lets a request wait for the end of another's transaction. */
static bool
may_wait(const struct rm_request *request)
{
	const struct rm_rules *rules = request->own.card->rules;

	switch (request->operation) {
	case RM_CONTROL:
	case RM_GET_ATTRIBUTE:
	case RM_SET_ATTRIBUTE:
		return rules->direct_access_waits;
	case RM_RECONNECT:
	case RM_STATUS:
	case RM_TRANSMIT:
		return rules->card_access_waits;
	default:
		return true;
	}
}

static LONG
admit(struct rm_request *request, struct rm_effects *effects)
{
	const struct rm_card *card = request->own.card;
	LONG result = RM_IN_LINE;

	if (request->operation != RM_CONNECT && card->stage != RM_CARD_OPEN)
		return rm_message_code(
		    request->message, request->own.reader->name, card->rules->bad_handle);
	if (operations[request->operation].admit != NULL)
		result = operations[request->operation].admit(request, effects);
	return result == RM_IN_LINE ? rm_sharing_admit(request) : result;
}

struct rm_request *
rm_submit(struct rm_session *session, struct rm_request *request)
{
	struct rm_effects effects = RM_EFFECTS_NONE;
	struct rm_request *turn = NULL;
	struct rm_line *line;
	LONG result;

	if (!find_card(session, request))
		return NULL;
	request->impatient = request->impatient || !may_wait(request);
	line = request->own.reader->line;
	(void)pthread_mutex_lock(&line->lock);
	if ((result = admit(request, &effects)) != RM_IN_LINE)
		turn = rm_line_next(line);
	else if (rm_line_take(line, request))
		turn = request;
	(void)pthread_mutex_unlock(&line->lock);
	/* When it waits, it may be finished and gone by now. */
	if (result != RM_IN_LINE) {
		if (rm_reader_traced(request->own.reader))
			rm_trace_request(request, 0, result);
		rm_request_finish(request, result);
		rm_effects_run(&effects);
	}
	return turn;
}

/* It still has its turn, so this is told before whatever comes next. The line's lock is held. */
static void
trace(struct rm_turn *turn, uint64_t began, LONG result)
{
	rm_turn_leave(turn);
	rm_trace_request(turn->request, began, result);
	rm_turn_return(turn);
}

/* The result of a request in turn. The line's lock is held. */
static LONG
perform(struct rm_turn *turn)
{
	LONG result;

	if (turn->request->operation == RM_CONNECT) {
		if (turn->card->stage != RM_CARD_CONNECTING)
			return rm_fail(turn, SCARD_E_CANCELLED);
	} else if (turn->card->stage != RM_CARD_OPEN)
		return rm_fail(turn, turn->rules->bad_handle);
	/* A transaction may have begun while it was in line. */
	if ((result = rm_sharing_admit(turn->request)) != RM_IN_LINE)
		return result;
	result = operations[turn->request->operation].run(turn);
	rm_transaction_touch(turn);
	return result;
}

struct rm_request *
rm_request_run(struct rm_request *request)
{
	struct rm_reader *reader = request->own.reader;
	struct rm_turn turn = {
		.request = request,
		.reader = reader,
		.line = reader->line,
		.card = request->own.card,
		.effects = RM_EFFECTS_NONE,
	};
	/* One of the engine's own may be in line again as soon as the lock is free. */
	bool own = request->operation == RM_OWN;
	bool traced = rm_reader_traced(reader);
	uint64_t began = traced ? rm_now() : 0;
	struct rm_request *next;
	LONG result = SCARD_S_SUCCESS;

	if (__atomic_load_n(&request->own.stage, __ATOMIC_ACQUIRE) == RM_STAGE_ARRIVE)
		return rm_reader_arrive(reader);
	if (!own)
		turn.rules = turn.card->rules;
	(void)pthread_mutex_lock(&turn.line->lock);
	if (own)
		rm_own_run(&turn);
	else
		result = perform(&turn);
	if (traced && !own)
		trace(&turn, began, result);
	next = rm_line_release(turn.line);
	(void)pthread_mutex_unlock(&turn.line->lock);

	if (turn.alarm != 0)
		rm_alarm_want(reader, turn.alarm);
	if (own)
		rm_own_finish(reader, turn.card);
	else
		rm_request_finish(request, result);
	rm_effects_run(&turn.effects);
	return next;
}
