/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What happens in a reader, told to the host while somebody traces that reader. Whoever works in a
 * reader that nobody traces pays one relaxed load.
 *
 * Nothing is copied: the host sees the caller's command and reply. What a request did is told while
 * it still has its turn, so in order, and without a lock.
 */
#include <winerror.h>

#include "rm/engine/private.h"

#define NOBODY ((uid_t)-1)

static const enum rm_traced_what whats[] = {
	[RM_CONNECT] = RM_TRACED_CONNECT,
	[RM_RECONNECT] = RM_TRACED_RECONNECT,
	[RM_DISCONNECT] = RM_TRACED_DISCONNECT,
	[RM_BEGIN] = RM_TRACED_BEGIN,
	[RM_END] = RM_TRACED_END,
	[RM_TRANSMIT] = RM_TRACED_TRANSMIT,
	[RM_CONTROL] = RM_TRACED_CONTROL,
	[RM_GET_ATTRIBUTE] = RM_TRACED_GET_ATTRIBUTE,
	[RM_SET_ATTRIBUTE] = RM_TRACED_SET_ATTRIBUTE,
};

static const struct rm_rules *
rules_for(struct rm_session *session, SCARDCONTEXT handle)
{
	const struct rm_context *context;
	const struct rm_rules *rules = NULL;

	(void)pthread_mutex_lock(&session->lock);
	if ((context = rm_table_get(&session->contexts, handle)) != NULL)
		rules = context->rules;
	(void)pthread_mutex_unlock(&session->lock);
	return rules;
}

LONG
rm_trace_begin(struct rm_session *session, SCARDCONTEXT context, const char *name,
    struct rm_reader **ret_reader, char *message)
{
	const struct rm_rules *rules = rules_for(session, context);
	struct rm_reader *reader;

	if (session->engine->host.trace == NULL)
		return rm_message_code(message, name, SCARD_E_UNSUPPORTED_FEATURE);
	if (rules == NULL)
		return rm_message_code(message, NULL, ERROR_INVALID_HANDLE);
	if ((reader = rm_reader_find(session->engine, rules, name)) == NULL)
		return rm_message_code(message, name, SCARD_E_UNKNOWN_READER);
	(void)__atomic_add_fetch(&reader->traced, 1, __ATOMIC_RELAXED);
	*ret_reader = reader;
	return SCARD_S_SUCCESS;
}

void
rm_trace_end(struct rm_reader *reader)
{
	(void)__atomic_sub_fetch(&reader->traced, 1, __ATOMIC_RELAXED);
	rm_reader_unref(reader);
}

static void
tell(const struct rm_reader *reader, struct rm_traced *traced)
{
	traced->reader = reader;
	traced->ended = rm_now();
	if (traced->began == 0)
		traced->began = traced->ended;
	reader->engine->host.trace(reader->engine->host.data, traced);
}

void
rm_trace_request(const struct rm_request *request, uint64_t began, LONG result)
{
	const struct rm_card *card = request->own.card;
	struct rm_traced traced = {
		.pid = card->pid,
		.uid = card->uid,
		.card = card->handle,
		.began = began,
		.share_mode = request->share_mode,
		.protocol = request->protocols,
		.result = result,
	};

	if (request->operation >= G_N_ELEMENTS(whats) || whats[request->operation] == 0)
		return;
	traced.what = whats[request->operation];
	switch (request->operation) {
	case RM_RECONNECT:
	case RM_DISCONNECT:
	case RM_END:
		traced.code = request->disposition;
		break;
	case RM_CONTROL:
	case RM_GET_ATTRIBUTE:
	case RM_SET_ATTRIBUTE:
		traced.code = request->code;
		break;
	default:
		break;
	}
	if (request->operation == RM_TRANSMIT || request->operation == RM_CONTROL ||
	    request->operation == RM_SET_ATTRIBUTE) {
		traced.in = request->in;
		traced.in_length = request->in_length;
	}
	if (result == SCARD_S_SUCCESS && request->operation >= RM_TRANSMIT &&
	    request->operation != RM_SET_ATTRIBUTE) {
		traced.out = request->out;
		traced.out_length = request->out_length;
	}
	tell(card->reader, &traced);
}

void
rm_trace_driver(const struct rm_turn *turn, enum rm_traced_what what, uint64_t began, uint32_t code,
    uint32_t protocol, HRESULT hr, const uint8_t *atr, size_t atr_length)
{
	const struct rm_card *card = turn->card;
	struct rm_traced traced = {
		.what = what,
		.pid = card != NULL ? card->pid : 0,
		.uid = card != NULL ? card->uid : NOBODY,
		.card = card != NULL ? card->handle : 0,
		.began = began,
		.code = code,
		.protocol = protocol,
		.result = (LONG)hr,
		.out = atr,
		.out_length = atr_length,
	};

	tell(turn->reader, &traced);
}

void
rm_trace_movement(const struct rm_reader *reader, enum rm_traced_what what)
{
	struct rm_traced traced = { .what = what, .uid = NOBODY };

	tell(reader, &traced);
}

void
rm_trace_drop(const struct rm_card *card)
{
	struct rm_traced traced = {
		.what = RM_TRACED_DROPPED, .pid = card->pid, .uid = card->uid, .card = card->handle
	};

	tell(card->reader, &traced);
}
