/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of a connection, from its request to whatever ends it. connect.c does the work. */
#include <stdlib.h>

#include <winerror.h>

#include "rm/engine/private.h"

void
rm_card_unref(struct rm_card *card)
{
	if (card == NULL || __atomic_sub_fetch(&card->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	rm_reader_unref(card->reader);
	free(card);
}

static const struct rm_rules *
context_rules(struct rm_session *session, SCARDCONTEXT handle)
{
	const struct rm_context *context;
	const struct rm_rules *rules = NULL;

	(void)pthread_mutex_lock(&session->lock);
	if ((context = rm_table_get(&session->contexts, handle)) != NULL)
		rules = context->rules;
	(void)pthread_mutex_unlock(&session->lock);
	return rules;
}

/* What can be said before looking at the reader. */
static LONG
check_connect(const struct rm_rules *rules, const struct rm_request *request)
{
	const uint32_t protocols = SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1 | SCARD_PROTOCOL_RAW;

	if (request->share_mode != SCARD_SHARE_DIRECT && (request->protocols & protocols) == 0)
		return SCARD_E_PROTO_MISMATCH;
	if (request->share_mode < SCARD_SHARE_EXCLUSIVE || request->share_mode > SCARD_SHARE_DIRECT)
		return SCARD_E_INVALID_VALUE;
	if (request->reader_name == NULL || request->reader_name[0] == '\0')
		return rules->no_name;
	return SCARD_S_SUCCESS;
}

/* The connection takes over the reference to the reader. References: the table's, the request's. */
static struct rm_card *
card_new(struct rm_reader *reader, const struct rm_rules *rules, const struct rm_session *session,
    const struct rm_request *request)
{
	struct rm_card *card = calloc(1, sizeof *card);

	if (card == NULL)
		return NULL;
	card->references = 2;
	card->reader = reader;
	card->rules = rules;
	card->context = request->context;
	card->pid = session->pid;
	card->uid = session->uid;
	card->stage = RM_CARD_CONNECTING;
	card->direct = request->share_mode == SCARD_SHARE_DIRECT;
	card->link.data = card;
	card->own.operation = RM_OWN;
	card->own.own.reader = reader;
	card->own.own.card = card;
	return card;
}

/* Gives the connection its handle, unless the context has gone. */
static LONG
enter_table(struct rm_session *session, struct rm_card *card)
{
	LONG result = SCARD_E_NO_MEMORY;

	(void)pthread_mutex_lock(&session->lock);
	if (rm_table_get(&session->contexts, card->context) == NULL)
		result = card->rules->bad_handle;
	else if ((card->handle = rm_table_add(&session->cards, card)) != 0)
		result = SCARD_S_SUCCESS;
	(void)pthread_mutex_unlock(&session->lock);
	return result;
}

static bool
refuse(struct rm_request *request, const char *name, LONG code)
{
	rm_request_finish(request, rm_message_code(request->message, name, code));
	return false;
}

bool
rm_connection_begin(struct rm_session *session, struct rm_request *request)
{
	const struct rm_rules *rules = context_rules(session, request->context);
	struct rm_reader *reader;
	struct rm_card *card;
	LONG result;

	if (rules == NULL)
		return refuse(request, NULL, ERROR_INVALID_HANDLE);
	if ((result = check_connect(rules, request)) != SCARD_S_SUCCESS)
		return refuse(request, request->reader_name, result);
	reader = rm_reader_find(session->engine, rules, request->reader_name);
	if (reader == NULL)
		return refuse(request, request->reader_name, SCARD_E_UNKNOWN_READER);
	if ((card = card_new(reader, rules, session, request)) == NULL) {
		rm_reader_unref(reader);
		return refuse(request, request->reader_name, SCARD_E_NO_MEMORY);
	}
	if ((result = enter_table(session, card)) != SCARD_S_SUCCESS) {
		card->references = 1;
		rm_card_unref(card);
		return refuse(request, request->reader_name, result);
	}
	request->own.card = card;
	request->own.reader = reader;
	return true;
}

void
rm_card_attach(struct rm_card *card, struct rm_effects *effects)
{
	struct rm_reader *reader = card->reader;

	(void)__atomic_add_fetch(&card->references, 1, __ATOMIC_RELAXED);
	card->stage = RM_CARD_OPEN;
	card->since = rm_now();
	if (card->claim == RM_CLAIM_EXCLUSIVE)
		reader->exclusive = card;
	g_queue_push_tail_link(&reader->connections, &card->link);
	reader->unused_at = 0;
	rm_reader_publish(reader, effects);
}

/* The last one leaves: where its dialect has it so, the card does not stay powered for nobody. */
static void
leave_unused(struct rm_reader *reader, const struct rm_rules *rules, struct rm_effects *effects)
{
	if (!rules->unused_loses_power || !g_queue_is_empty(&reader->connections) ||
	    !reader->powered || reader->gone || reader->lost)
		return;
	reader->unused_at = rm_now();
	if (effects->unused == NULL)
		effects->unused = rm_reader_ref(reader);
}

void
rm_card_detach(struct rm_card *card, struct rm_effects *effects)
{
	struct rm_reader *reader = card->reader;

	if (card->stage != RM_CARD_OPEN && card->stage != RM_CARD_CLOSING)
		return;
	card->stage = RM_CARD_CLOSED;
	g_queue_unlink(&reader->connections, &card->link);
	if (reader->exclusive == card)
		reader->exclusive = NULL;
	if (reader->holder == card)
		rm_transaction_release(reader);
	leave_unused(reader, card->rules, effects);
	rm_reader_publish(reader, effects);
	rm_reader_leave(reader);
	/* The reference of being attached; whoever calls has another. */
	(void)__atomic_sub_fetch(&card->references, 1, __ATOMIC_RELEASE);
}

LONG
rm_card_mark_result(const struct rm_card *card)
{
	switch (card->mark) {
	case RM_MARK_RESET:
		return SCARD_W_RESET_CARD;
	case RM_MARK_REMOVED:
		return SCARD_W_REMOVED_CARD;
	default:
		return SCARD_S_SUCCESS;
	}
}

void
rm_card_mark_reset(struct rm_card *card)
{
	if (card->mark != RM_MARK_REMOVED || card->rules->reset_hides_removal)
		card->mark = RM_MARK_RESET;
}

void
rm_cards_mark_reset(struct rm_reader *reader, const struct rm_card *except)
{
	for (GList *link = reader->connections.head; link != NULL; link = link->next)
		if (link->data != except)
			rm_card_mark_reset(link->data);
}

/* Whether the card is not to be left as the client had it. */
static bool
needs_reset(const struct rm_card *card, bool client_died)
{
	const struct rm_reader *reader = card->reader;

	if (reader->gone || reader->lost || !reader->present || !reader->powered ||
	    card->mark != RM_MARK_NONE)
		return false;
	return reader->holder == card || (client_died && card->rules->death_resets_card);
}

void
rm_card_drop(struct rm_card *card, bool client_died)
{
	struct rm_reader *reader = card->reader;
	struct rm_effects effects = RM_EFFECTS_NONE;
	struct rm_request *turn = NULL;
	bool open;

	(void)pthread_mutex_lock(&reader->line->lock);
	open = card->stage == RM_CARD_OPEN;
	rm_line_withdraw(reader->line, card, SCARD_E_CANCELLED, &effects);
	if (card->stage == RM_CARD_OPEN && needs_reset(card, client_died)) {
		card->stage = RM_CARD_CLOSING;
		(void)__atomic_add_fetch(&card->references, 1, __ATOMIC_RELAXED);
		if (rm_line_take(reader->line, &card->own))
			turn = &card->own;
	} else if (card->stage == RM_CARD_OPEN) {
		rm_card_detach(card, &effects);
		turn = rm_line_next(reader->line);
	} else if (card->stage == RM_CARD_CONNECTING)
		card->stage = RM_CARD_CLOSED;
	(void)pthread_mutex_unlock(&reader->line->lock);
	if (open && rm_reader_traced(reader))
		rm_trace_drop(card);
	if (turn != NULL)
		rm_engine_run_soon(reader->engine, turn);
	rm_effects_run(&effects);
}
