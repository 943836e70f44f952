/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clients: their contexts and the handles of their connections. What happens to the cards of a
 * client that goes is in connection.c.
 */
#include <stdlib.h>

#include <winerror.h>

#include "rm/engine/private.h"

#define KIND_CONTEXT 1u
#define KIND_CARD 2u

struct rm_session *
rm_session_new(struct rm_engine *engine, pid_t pid, uid_t uid)
{
	struct rm_session *session = calloc(1, sizeof *session);

	if (session == NULL)
		return NULL;
	session->references = 1;
	session->engine = engine;
	session->pid = pid;
	session->uid = uid;
	(void)pthread_mutex_init(&session->lock, NULL);
	rm_table_init(&session->contexts, KIND_CONTEXT, RM_CONTEXTS_MAX);
	rm_table_init(&session->cards, KIND_CARD, RM_CARDS_MAX);
	g_queue_init(&session->watches);
	return session;
}

struct rm_session *
rm_session_ref(struct rm_session *session)
{
	(void)__atomic_add_fetch(&session->references, 1, __ATOMIC_RELAXED);
	return session;
}

void
rm_session_unref(struct rm_session *session)
{
	if (session == NULL || __atomic_sub_fetch(&session->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	rm_table_done(&session->contexts);
	rm_table_done(&session->cards);
	(void)pthread_mutex_destroy(&session->lock);
	free(session);
}

/* With the session's lock: moves the connections of a context (0: all) to @cards. */
static void
take_cards(struct rm_session *session, SCARDCONTEXT context, GQueue *cards)
{
	uint32_t index = 0;
	uintptr_t handle;
	struct rm_card *card;

	while ((card = rm_table_each(&session->cards, &index, &handle)) != NULL) {
		if (context != 0 && card->context != context)
			continue;
		(void)rm_table_remove(&session->cards, handle);
		card->table_link.data = card;
		g_queue_push_tail_link(cards, &card->table_link);
	}
}

/* No lock is held. */
static void
drop_cards(GQueue *cards, bool client_died)
{
	GList *link;

	while ((link = g_queue_pop_head_link(cards)) != NULL) {
		struct rm_card *card = link->data;

		rm_card_drop(card, client_died);
		rm_card_unref(card);
	}
}

/* With the session's lock: ends the watches of a context (0: all). */
static void
cancel_watches(struct rm_session *session, SCARDCONTEXT context, struct rm_effects *effects)
{
	(void)pthread_mutex_lock(&session->engine->lock);
	rm_watch_cancel(session, context, SCARD_E_CANCELLED, effects);
	(void)pthread_mutex_unlock(&session->engine->lock);
}

void
rm_session_end(struct rm_session *session)
{
	struct rm_effects effects = RM_EFFECTS_NONE;
	GQueue cards = G_QUEUE_INIT;
	uint32_t index = 0;
	uintptr_t handle;

	(void)pthread_mutex_lock(&session->lock);
	session->ended = true;
	take_cards(session, 0, &cards);
	while (rm_table_each(&session->contexts, &index, &handle) != NULL)
		free(rm_table_remove(&session->contexts, handle));
	cancel_watches(session, 0, &effects);
	(void)pthread_mutex_unlock(&session->lock);
	rm_effects_run(&effects);
	drop_cards(&cards, true);
}

void
rm_session_free(struct rm_session *session)
{
	if (session == NULL)
		return;
	rm_session_end(session);
	rm_session_unref(session);
}

LONG
rm_context_new(
    struct rm_session *session, enum rm_dialect dialect, uint32_t scope, SCARDCONTEXT *ret_context)
{
	struct rm_context *context;
	SCARDCONTEXT handle = 0;
	bool ended;

	if (scope > rm_rules(dialect)->last_scope)
		return SCARD_E_INVALID_VALUE;
	if ((context = malloc(sizeof *context)) == NULL)
		return SCARD_E_NO_MEMORY;
	context->rules = rm_rules(dialect);
	(void)pthread_mutex_lock(&session->lock);
	if (!session->ended)
		handle = rm_table_add(&session->contexts, context);
	ended = session->ended;
	(void)pthread_mutex_unlock(&session->lock);
	if (handle == 0) {
		free(context);
		return ended ? SCARD_E_SERVICE_STOPPED : SCARD_E_NO_MEMORY;
	}
	*ret_context = handle;
	return SCARD_S_SUCCESS;
}

LONG
rm_context_release(struct rm_session *session, SCARDCONTEXT handle)
{
	struct rm_effects effects = RM_EFFECTS_NONE;
	GQueue cards = G_QUEUE_INIT;
	struct rm_context *context;

	(void)pthread_mutex_lock(&session->lock);
	context = rm_table_remove(&session->contexts, handle);
	if (context != NULL) {
		take_cards(session, handle, &cards);
		cancel_watches(session, handle, &effects);
	}
	(void)pthread_mutex_unlock(&session->lock);
	if (context == NULL)
		return ERROR_INVALID_HANDLE;
	free(context);
	rm_effects_run(&effects);
	drop_cards(&cards, false);
	return SCARD_S_SUCCESS;
}

LONG
rm_context_check(struct rm_session *session, SCARDCONTEXT handle)
{
	bool known;

	(void)pthread_mutex_lock(&session->lock);
	known = rm_table_get(&session->contexts, handle) != NULL;
	(void)pthread_mutex_unlock(&session->lock);
	return known ? SCARD_S_SUCCESS : ERROR_INVALID_HANDLE;
}

LONG
rm_context_cancel(struct rm_session *session, SCARDCONTEXT handle)
{
	struct rm_effects effects = RM_EFFECTS_NONE;
	bool known;

	(void)pthread_mutex_lock(&session->lock);
	known = rm_table_get(&session->contexts, handle) != NULL;
	if (known)
		cancel_watches(session, handle, &effects);
	(void)pthread_mutex_unlock(&session->lock);
	rm_effects_run(&effects);
	return known ? SCARD_S_SUCCESS : ERROR_INVALID_HANDLE;
}

struct rm_card *
rm_session_card(struct rm_session *session, SCARDHANDLE handle)
{
	struct rm_card *card;

	(void)pthread_mutex_lock(&session->lock);
	card = rm_table_get(&session->cards, handle);
	if (card != NULL)
		(void)__atomic_add_fetch(&card->references, 1, __ATOMIC_RELAXED);
	(void)pthread_mutex_unlock(&session->lock);
	return card;
}

void
rm_session_forget(struct rm_session *session, struct rm_card *card)
{
	bool mine;

	(void)pthread_mutex_lock(&session->lock);
	mine = rm_table_get(&session->cards, card->handle) == card;
	if (mine)
		(void)rm_table_remove(&session->cards, card->handle);
	(void)pthread_mutex_unlock(&session->lock);
	if (mine)
		rm_card_unref(card);
}
