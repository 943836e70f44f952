/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/bundle/watch.h"

#include "ccid/thread.h"

static uint16_t
bit(unsigned slot)
{
	return (uint16_t)(1u << slot);
}

void
watch_init(struct watch *watch)
{
	*watch = (struct watch){ .ended = false };
	pthread_mutex_init(&watch->lock, NULL);
	ccid_cond_init(&watch->stir);
}

void
watch_done(struct watch *watch)
{
	pthread_cond_destroy(&watch->stir);
	pthread_mutex_destroy(&watch->lock);
}

void
watch_card(struct watch *watch, unsigned slot, bool present)
{
	pthread_mutex_lock(&watch->lock);
	watch->moved |= bit(slot);
	if (!present)
		watch->removed |= bit(slot);
	pthread_cond_broadcast(&watch->stir);
	pthread_mutex_unlock(&watch->lock);
}

void
watch_end(struct watch *watch)
{
	pthread_mutex_lock(&watch->lock);
	watch->ended = true;
	pthread_cond_broadcast(&watch->stir);
	pthread_mutex_unlock(&watch->lock);
}

bool
watch_is_over(struct watch *watch)
{
	bool ended;

	pthread_mutex_lock(&watch->lock);
	ended = watch->ended;
	pthread_mutex_unlock(&watch->lock);
	return ended;
}

enum ccid_result
watch_wait(struct watch *watch, unsigned slot, unsigned milliseconds)
{
	const uint64_t until = ccid_now() + milliseconds * 1000000ull;
	enum ccid_result result = CCID_OK;
	bool in_time = true;

	pthread_mutex_lock(&watch->lock);
	while (in_time && !watch->ended && ((watch->moved | watch->woken) & bit(slot)) == 0)
		in_time = ccid_cond_wait(&watch->stir, &watch->lock, until);
	if (watch->ended)
		result = CCID_GONE;
	else if (((watch->moved | watch->woken) & bit(slot)) == 0)
		result = CCID_DEADLINE;
	watch->moved &= (uint16_t)~bit(slot);
	watch->woken &= (uint16_t)~bit(slot);
	pthread_mutex_unlock(&watch->lock);
	return result;
}

void
watch_wake(struct watch *watch, unsigned slot)
{
	pthread_mutex_lock(&watch->lock);
	watch->woken |= bit(slot);
	pthread_cond_broadcast(&watch->stir);
	pthread_mutex_unlock(&watch->lock);
}

bool
watch_take_removal(struct watch *watch, unsigned slot)
{
	bool removed;

	pthread_mutex_lock(&watch->lock);
	removed = (watch->removed & bit(slot)) != 0;
	watch->removed &= (uint16_t)~bit(slot);
	pthread_mutex_unlock(&watch->lock);
	return removed;
}
