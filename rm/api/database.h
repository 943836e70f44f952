/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card database as the functions of the API see it: opened when it is first needed, in the
 * scope of a context.
 */
#ifndef RM_API_DATABASE_H
#define RM_API_DATABASE_H

#include <winscard.h>

#include "rm/database/database.h"

/*
 * The database as it is now (transfer full), for a context that may be 0 or must not.
 * ERROR_INVALID_HANDLE and the codes of SCardIsValidContext; explained.
 */
LONG api_database_look(
    const char *function, SCARDCONTEXT context, struct database_picture **ret_picture);
LONG api_database_look_any(
    const char *function, SCARDCONTEXT context, struct database_picture **ret_picture);

/* The same without a context's check or scope, for those that have had theirs. */
struct database_picture *api_database_seen(SCARDCONTEXT context);

/*
 * The resource manager's name of a reader that was introduced by another; false: the name is no
 * such one. To be asked when the resource manager does not know a name, so that its own names cost
 * nothing.
 */
bool api_database_device(
    SCARDCONTEXT context, const char *name, char ret_device[DATABASE_READER_NAME_MAX + 1]);

/*
 * (transfer full) The names under which SCardListReaders shows these readers of the resource
 * manager; multi-strings. What other processes change is in it a tenth of a second later at most.
 */
GString *api_database_names(SCARDCONTEXT context, const char *attached);

/* A descriptor that becomes readable when the database that the context sees may have changed, -1:
 * there can be none. The caller closes it, and looks then. */
int api_database_watch(SCARDCONTEXT context);

/*
 * A change in the layer of a context's scope, and the work between its begin and end: @work returns
 * a code of the API. Contexts that are 0 have the scope of the system.
 */
typedef LONG (*api_database_work)(const char *function, struct database_edit *edit, void *data);
LONG api_database_change(const char *function, SCARDCONTEXT context, enum database_kind kind,
    api_database_work work, void *data);

/* The code for the result of a put or a removal; explains, and frees *cause. A
 * pointer to it, so that the call that fills it may stand among the arguments. */
LONG
api_database_result(const char *function, enum database_result result, LONG absent, char **cause);

/* SCARD_E_UNKNOWN_CARD, explained, when there is no card type of that name. */
LONG api_database_card(const char *function, const struct database_picture *picture,
    const char *name, const struct database_card **ret_card);

#endif
