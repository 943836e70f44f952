/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Turn-taking. One request of a line has its turn; the others wait in the order they came. Whoever
 * waits for a transaction of another connection keeps its place and is passed by.
 *
 * All of this is called with the line's lock. A line that is free has no request in its queue that
 * could have the turn, so a new one need not look at the queue.
 */
#include <stdlib.h>

#include "rm/engine/private.h"

struct rm_line *
rm_line_new(uint32_t group)
{
	struct rm_line *line = calloc(1, sizeof *line);

	if (line == NULL)
		return NULL;
	(void)pthread_mutex_init(&line->lock, NULL);
	g_queue_init(&line->queue);
	line->group = group;
	line->link.data = line;
	return line;
}

void
rm_line_free(struct rm_line *line)
{
	if (line == NULL)
		return;
	(void)pthread_mutex_destroy(&line->lock);
	free(line);
}

/*
 * Work in the reader passes a transaction: it is about the card, whoever holds it. What a client
 * that is gone leaves to be done waits for the transactions of others. One that is impatient has
 * its turn to be told that it would wait.
 */
static bool
may_have_turn(const struct rm_request *request)
{
	const struct rm_card *holder = request->own.reader->holder;

	return holder == NULL || holder == request->own.card || request->own.card == NULL ||
	    request->impatient;
}

static void
set_stage(struct rm_request *request, enum rm_stage stage)
{
	__atomic_store_n(&request->own.stage, stage, __ATOMIC_RELEASE);
}

/* False: rm_request_cancel has it, and will take it out of the queue. */
static bool
claim_waiting(struct rm_request *request, enum rm_stage stage)
{
	uint32_t waiting = RM_STAGE_WAITING;

	return __atomic_compare_exchange_n(&request->own.stage, &waiting, (uint32_t)stage, false,
	    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

static void
queue_remove(struct rm_line *line, struct rm_request *request)
{
	g_queue_unlink(&line->queue, &request->own.link);
	if (request->impatient)
		line->impatient--;
	if (request->operation == RM_OWN)
		line->urgent--;
	else
		request->own.card->waiting--;
}

bool
rm_line_take(struct rm_line *line, struct rm_request *request)
{
	request->own.link = (GList){ .data = request };
	if (line->running == NULL && may_have_turn(request)) {
		line->running = request;
		set_stage(request, RM_STAGE_RUNNING);
		return true;
	}
	set_stage(request, RM_STAGE_WAITING);
	if (request->impatient)
		line->impatient++;
	if (request->operation == RM_OWN) {
		line->urgent++;
		g_queue_push_head_link(&line->queue, &request->own.link);
	} else {
		request->own.card->waiting++;
		g_queue_push_tail_link(&line->queue, &request->own.link);
	}
	return false;
}

/*
 * Many may wait for one transaction: then its holder's own requests need not look at them all. Only
 * a line of one reader can tell so cheaply.
 */
static bool
nobody_may(const struct rm_line *line)
{
	const struct rm_request *first;
	const struct rm_card *holder;

	if (g_queue_is_empty((GQueue *)&line->queue))
		return true;
	if (line->urgent != 0 || line->impatient != 0 || line->group != 0)
		return false;
	first = line->queue.head->data;
	holder = first->own.reader->holder;
	return holder != NULL && holder->waiting == 0;
}

struct rm_request *
rm_line_next(struct rm_line *line)
{
	if (line->running != NULL || nobody_may(line))
		return NULL;
	for (GList *link = line->queue.head; link != NULL; link = link->next) {
		struct rm_request *request = link->data;

		if (!may_have_turn(request) || !claim_waiting(request, RM_STAGE_RUNNING))
			continue;
		queue_remove(line, request);
		line->running = request;
		return request;
	}
	return NULL;
}

struct rm_request *
rm_line_release(struct rm_line *line)
{
	line->running = NULL;
	return rm_line_next(line);
}

void
rm_line_withdraw(
    struct rm_line *line, struct rm_card *card, LONG result, struct rm_effects *effects)
{
	GList *next;

	effects->withdrawn_result = result;
	for (GList *link = line->queue.head; link != NULL && card->waiting != 0; link = next) {
		struct rm_request *request = link->data;

		next = link->next;
		if (request->own.card != card || request->operation == RM_OWN ||
		    !claim_waiting(request, RM_STAGE_DONE))
			continue;
		queue_remove(line, request);
		g_queue_push_tail_link(&effects->withdrawn, &request->own.link);
	}
}

bool
rm_request_cancel(struct rm_request *request, LONG result)
{
	struct rm_line *line;

	if (!claim_waiting(request, RM_STAGE_DONE))
		return false;
	line = request->own.reader->line;
	(void)pthread_mutex_lock(&line->lock);
	queue_remove(line, request);
	(void)pthread_mutex_unlock(&line->lock);
	(void)rm_message_code(request->message, request->own.reader->name, result);
	rm_request_finish(request, result);
	return true;
}
