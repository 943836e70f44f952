/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine's own work: powering a card that came and one that is not used any more down,
 * resetting one whose client is gone or idles in a transaction, asking a reader that cannot tell by
 * itself. It goes through the line like any request, but ahead of the others.
 */
#include <winerror.h>

#include "rm/engine/private.h"

static uint64_t
poll_deadline(const struct rm_reader *reader)
{
	return reader->polled_at + rm_poll_interval(reader->engine);
}

/* When the transaction on a reader has idled long enough; 0: none is watched. */
static uint64_t
idle_deadline(const struct rm_reader *reader)
{
	if (reader->holder == NULL || !reader->holder->rules->idle_limit)
		return 0;
	return reader->active_at + rm_idle_limit(reader->engine);
}

static void
end_idle_transaction(struct rm_turn *turn)
{
	struct rm_reader *reader = turn->reader;
	uint64_t deadline = idle_deadline(reader);

	if (deadline == 0 || rm_now() < deadline)
		return;
	if (reader->powered)
		(void)rm_power(turn, SCARDREADER_WARM_RESET);
	rm_cards_mark_reset(reader, NULL);
	rm_transaction_release(reader);
}

/* When a card that nobody is connected to loses its power; 0: it keeps it. */
static uint64_t
unused_deadline(const struct rm_reader *reader)
{
	if (reader->unused_at == 0 || !reader->powered || reader->connections.head != NULL)
		return 0;
	return reader->unused_at + rm_idle_limit(reader->engine);
}

static void
power_down_unused(struct rm_turn *turn)
{
	uint64_t deadline = unused_deadline(turn->reader);

	if (deadline == 0 || rm_now() < deadline)
		return;
	turn->reader->unused_at = 0;
	(void)rm_power(turn, SCARDREADER_POWER_DOWN);
}

/* A client has gone that held a transaction on this card or might have left it logged in. */
static void
reset_and_drop(struct rm_turn *turn)
{
	struct rm_reader *reader = turn->reader;
	struct rm_card *card = turn->card;

	if (card->stage == RM_CARD_CLOSING && reader->present && reader->powered &&
	    card->mark == RM_MARK_NONE && !reader->gone && !reader->lost) {
		(void)rm_power(turn, SCARDREADER_WARM_RESET);
		rm_cards_mark_reset(reader, card);
	}
	rm_card_detach(card, &turn->effects);
}

void
rm_own_run(struct rm_turn *turn)
{
	struct rm_reader *reader = turn->reader;

	if (turn->card != NULL) {
		reset_and_drop(turn);
		return;
	}
	while (reader->work != 0 && !reader->gone && !reader->lost) {
		uint32_t work = reader->work;

		reader->work = 0;
		if (work & RM_WORK_WATCHDOG)
			end_idle_transaction(turn);
		if (work & RM_WORK_UNUSED)
			power_down_unused(turn);
		if (work & RM_WORK_POLL)
			(void)rm_power_poll(turn);
		/* Also when it came, went and came again: the last card is the one that counts. */
		if ((work & RM_WORK_POWER) && reader->present && reader->settling)
			(void)rm_power(turn, SCARDREADER_COLD_RESET);
	}
	if (rm_own_poll_wanted(reader))
		turn->alarm = poll_deadline(reader);
	reader->own_queued = false;
}

void
rm_own_finish(struct rm_reader *reader, struct rm_card *card)
{
	if (card != NULL)
		rm_card_unref(card);
	else
		rm_reader_unref(reader);
}

bool
rm_own_poll_wanted(struct rm_reader *reader)
{
	bool wanted;

	if (!(reader->info.Flags & SCARDREADER_FLAG_POLLED) || reader->gone || reader->lost)
		return false;
	if (!g_queue_is_empty(&reader->connections))
		return true;
	(void)pthread_mutex_lock(&reader->engine->lock);
	wanted = !g_queue_is_empty(&reader->interests);
	(void)pthread_mutex_unlock(&reader->engine->lock);
	return wanted;
}

/* @work when the time has come; else the alarm is due then, if not earlier. */
static uint32_t
work_at(uint64_t deadline, uint64_t now, uint32_t work, uint64_t *next)
{
	if (deadline != 0 && deadline <= now)
		return work;
	if (deadline != 0 && (*next == 0 || deadline < *next))
		*next = deadline;
	return 0;
}

struct rm_request *
rm_own_alarm(struct rm_reader *reader, uint64_t *ret_next)
{
	uint64_t now = rm_now();
	struct rm_request *turn = NULL;
	uint32_t work = 0;

	*ret_next = 0;
	(void)pthread_mutex_lock(&reader->line->lock);
	/* A call in progress is no idleness, however long it takes. */
	if (reader->holder != NULL && reader->line->running != NULL &&
	    reader->line->running->own.card == reader->holder)
		reader->active_at = now;
	work |= work_at(idle_deadline(reader), now, RM_WORK_WATCHDOG, ret_next);
	work |= work_at(unused_deadline(reader), now, RM_WORK_UNUSED, ret_next);
	if (rm_own_poll_wanted(reader))
		work |= work_at(poll_deadline(reader), now, RM_WORK_POLL, ret_next);
	if (work != 0)
		turn = rm_reader_work(reader, work);
	(void)pthread_mutex_unlock(&reader->line->lock);
	return turn;
}
