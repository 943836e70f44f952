/* SPDX-License-Identifier: BSD-2-Clause */
/* What the runtime keeps for each thread: its start-up count, its error object, where it is. */
#ifndef TESSERA_RUNTIME_THREAD_STATE_H
#define TESSERA_RUNTIME_THREAD_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include <oleauto.h>

struct activity_marker;

struct thread_state {
	ULONG init_count;      /* CoInitializeEx calls not yet matched */
	DWORD init_model;      /* COINIT_APARTMENTTHREADED or 0; valid while init_count is not 0 */
	IErrorInfo *error;     /* the thread's error object, one reference; or NULL */
	bool ends_with_thread; /* thread_state_end will run */
	bool helper_asked;     /* as the next */
	int64_t own_class_objects;      /* see unload.c: what a module's answer leaves out */
	struct activity_marker *marker; /* see activity.h; NULL: never was inside */
};

extern _Thread_local struct thread_state thread_state
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* To be called before a field is set that must be cleared at the thread's end; false: no memory. */
bool thread_state_keep(void);

#endif
