/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a caller is told about readers, from what there is to be seen of them. Pure: no lock, no
 * reader, so that the client of a daemon that shows it all comes to the same answer by itself.
 */
#ifndef RM_ENGINE_LOOK_H
#define RM_ENGINE_LOOK_H

#include "rm/engine/dialect.h"

/* The answer to one entry of SCardGetStatusChange. */
struct rm_sight {
	uint32_t event;
	const uint8_t *atr; /* the view's */
	size_t atr_length;
	bool changed; /* the caller is to be told */
};

bool rm_look_is_ignored(uint32_t current);
/* The name that stands for the set of readers. */
bool rm_look_is_pnp(const char *name);

/*
 * @view: of the reader that is named; NULL: there is none
 * @begun: the comings and goings when the caller began to wait
 */
struct rm_sight rm_look(const struct rm_rules *rules, const char *name, uint32_t current,
    const struct rm_view *view, const struct rm_set *set, uint32_t begun);

/* Whether SCardListReaders with these groups (a multi-string; NULL: none) is about the readers. */
bool rm_look_groups(const struct rm_rules *rules, const char *groups);

#endif
