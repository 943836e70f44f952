/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A wait for changes of readers that the database can end, too: by giving a name to a reader. It is
 * several waits of the resource manager, one after another; SCardCancel ends them all, also when it
 * comes between two.
 */
#ifndef RM_API_DATABASE_WAIT_H
#define RM_API_DATABASE_WAIT_H

#include <stdbool.h>

#include <glib.h>
#include <winscard.h>

struct api_database_wait {
	SCARDCONTEXT context;
	int ends;      /* readable when one of these two is; -1 each: there is none */
	int changes;   /* of the database */
	int cancelled; /* SCardCancel was called */
	GList link;
};

/* End it in any case. False: no descriptors are left, so nobody but the resource manager ends it.
 */
bool api_database_wait_begin(struct api_database_wait *wait, SCARDCONTEXT context);
void api_database_wait_end(struct api_database_wait *wait);
/* From now on changes count. */
void api_database_wait_renew(struct api_database_wait *wait);
bool api_database_wait_changed(const struct api_database_wait *wait);
bool api_database_wait_cancelled(const struct api_database_wait *wait);

/* For SCardCancel: ends the waits of a context. */
void api_database_wait_cancel(SCARDCONTEXT context);

#endif
