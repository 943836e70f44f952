/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads of the driver's own, and waiting by the monotonic clock. */
#ifndef CCID_THREAD_H
#define CCID_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Nanoseconds of CLOCK_MONOTONIC, as all deadlines are. */
uint64_t ccid_now(void);

/* A condition whose waits end by that clock. */
void ccid_cond_init(pthread_cond_t *cond);
/*
 * Waits once, with the lock.
 * @deadline: 0: none
 * Returns false: it passed.
 */
bool ccid_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, uint64_t deadline);

/* Begins a thread that takes no signal meant for the program. Returns false: none can be had. */
bool ccid_thread_begin(pthread_t *ret, void *(*run)(void *data), void *data);

#endif
