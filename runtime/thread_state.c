/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state lies in the thread's static storage: the fast path of activation reads it without a
 * call, and leak checkers see what it holds. A pthread key exists only for its destructor.
 */
#include "runtime/thread_state.h"

#include <pthread.h>

#include "runtime/activity.h"
#include "runtime/apartment.h"

_Thread_local struct thread_state thread_state;

static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool have_key;

static void
thread_state_end(void *own)
{
	struct thread_state *state = own;
	IErrorInfo *error = state->error;
	struct activity_marker *marker = state->marker;

	/* Foreign destructors that run after this one may begin anew. */
	state->ends_with_thread = false;
	state->error = NULL;
	if (state->init_count != 0)
		apartment_leave();
	state->init_count = 0;
	state->marker = NULL;
	if (marker != NULL)
		activity_part(marker);
	if (error != NULL)
		error->lpVtbl->Release(error);
}

static void
make_key(void)
{
	have_key = pthread_key_create(&key, thread_state_end) == 0;
}

bool
thread_state_keep(void)
{
	if (thread_state.ends_with_thread)
		return true;
	pthread_once(&key_once, make_key);
	thread_state.ends_with_thread = have_key && pthread_setspecific(key, &thread_state) == 0;
	return thread_state.ends_with_thread;
}
