/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which resource manager this process talks to. TESSERA_RM decides, on the first call that needs
 * one; after a success the choice stands for the life of the process, after a failure the next call
 * tries again.
 */
#ifndef RM_API_BACKEND_H
#define RM_API_BACKEND_H

#include <stdbool.h>

#include "rm/api/calls.h"

#define API_SETTING_MAX 4096u /* bytes of TESSERA_RM with NUL */

/* Where the engine lies, from the folder of the library that links this: each library tells. */
extern const char api_engine_module[];

/* The table of calls, loaded when it is not yet. NULL: *ret_code says why, api_message() too. */
const struct rm_calls *api_backend_open(LONG *ret_code);

/*
 * Whether TESSERA_RM names a daemon, whether or not it runs. *ret_path: its socket; NULL: one of
 * the usual ones. False: another kind of resource manager, or nothing that could be one.
 */
bool api_backend_is_daemon(const char **ret_path);

/*
 * The table for a call on a context or on a card handle. NULL when there can be no such context or
 * handle, because it is 0 or nothing was loaded: return ERROR_INVALID_HANDLE; it is explained.
 */
const struct rm_calls *api_backend_for_context(const char *function, SCARDCONTEXT context);
const struct rm_calls *api_backend_for_card(const char *function, SCARDHANDLE card);

/* The table for a call that accepts the context 0: loads it then. NULL as the functions above. */
const struct rm_calls *
api_backend_for_list(const char *function, SCARDCONTEXT context, LONG *ret_code);

/* Replaces the table; NULL: none loaded. For tests. */
void api_backend_install(const struct rm_calls *calls);

#endif
