/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts a thread when it is loaded, which outlives it. */
#include "tests/conformance/broken/thing.h"

#include <pthread.h>
#include <unistd.h>

static void *
wait_for_ever(void *data)
{
	for (;;)
		(void)pause();
	return data;
}

__attribute__((constructor)) static void
start_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, wait_for_ever, NULL) == 0)
		(void)pthread_detach(thread);
}

#include "tests/conformance/broken/thing_module.h"
