/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a reader's slots have to tell a manager that waits for it in threads of its own, one a slot.
 * All of it is kept until it is asked for: a thread that comes late is told at once.
 */
#ifndef CCID_BUNDLE_WATCH_H
#define CCID_BUNDLE_WATCH_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "ccid/result.h"

struct watch {
	pthread_mutex_t lock; /* a leaf */
	pthread_cond_t stir;
	uint16_t moved, woken, removed; /* a bit a slot */
	bool ended;
};

void watch_init(struct watch *watch);
void watch_done(struct watch *watch);

/* A card came or left. */
void watch_card(struct watch *watch, unsigned slot, bool present);
/* The reader cannot be used any more. */
void watch_end(struct watch *watch);
bool watch_is_over(struct watch *watch);

/*
 * Waits for a movement in a slot, watch_wake or the time.
 * CCID_OK: something happened; CCID_DEADLINE; CCID_GONE: the reader cannot be used any more.
 */
enum ccid_result watch_wait(struct watch *watch, unsigned slot, unsigned milliseconds);
/* Ends the wait for a slot that is in progress, or else the next one. */
void watch_wake(struct watch *watch, unsigned slot);

/* A card left the slot since this was last asked: who looks too late for that must know. */
bool watch_take_removal(struct watch *watch, unsigned slot);

#endif
