/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers from the daemon's status page instead of a round trip: who the readers are, and what
 * there is to see of them. Only what can be answered as the daemon would is answered; all else,
 * every failure among it, is left to asking.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rm/api/remote.h"
#include "rm/engine/look.h"

/* Without these the memory could be taken away while it is being read. */
static bool
stays(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);
	struct stat status;

	return seals >= 0 && (seals & F_SEAL_SHRINK) != 0 && fstat(fd, &status) == 0 &&
	    status.st_size >= (off_t)sizeof(struct wire_page);
}

const struct wire_page *
remote_page_map(int fd)
{
	const struct wire_page *page = NULL;
	void *mapped;

	if (fd < 0)
		return NULL;
	if (stays(fd)) {
		mapped = mmap(NULL, sizeof *page, PROT_READ, MAP_SHARED, fd, 0);
		page = mapped != MAP_FAILED ? mapped : NULL;
	}
	(void)close(fd);
	return page;
}

void
remote_page_unmap(const struct wire_page *page)
{
	if (page != NULL)
		(void)munmap((void *)(uintptr_t)page, sizeof *page);
}

/* As enum rm_dialect, whose numbers those of the calls are. */
static const struct rm_rules *
rules_of(uint32_t dialect)
{
	return rm_rules((enum rm_dialect)dialect);
}

bool
remote_page_list_readers(
    SCARDCONTEXT context, const char *groups, char **ret_list, size_t *ret_length)
{
	uint32_t dialect = RM_CALLS_WINDOWS;
	struct wire_page_copy *copy = remote_session_look(context, &dialect);
	char *list, *end;

	if (copy == NULL)
		return false;
	list = end = malloc(copy->set.readers * WIRE_PAGE_NAME_SIZE + 1);
	if (list != NULL && rm_look_groups(rules_of(dialect), groups))
		for (uint32_t i = 0; i < copy->set.readers; i++)
			if (copy->readers[i].state.flags & WIRE_PAGE_COUNTED)
				end = stpcpy(end, copy->readers[i].name) + 1;
	free(copy);
	if (end == list) {
		free(list);
		return false;
	}
	*end++ = '\0';
	*ret_list = list;
	*ret_length = (size_t)(end - list);
	return true;
}

static struct rm_view
view_of(const struct wire_page_state *state)
{
	struct rm_view view = {
		.lost = state->flags & WIRE_PAGE_LOST,
		.present = state->flags & WIRE_PAGE_PRESENT,
		.mute = state->flags & WIRE_PAGE_MUTE,
		.powered = state->flags & WIRE_PAGE_POWERED,
		.exclusive = state->flags & WIRE_PAGE_EXCLUSIVE,
		.in_use = state->flags & WIRE_PAGE_IN_USE,
		.counter = (uint16_t)state->counter,
		.atr_length = (uint8_t)state->atr_length,
	};

	memcpy(view.atr, state->atr, sizeof view.atr);
	return view;
}

/* Callers mostly ask in the order of the list, so the search begins at the entry's own place. */
static const struct wire_page_state *
find(const struct wire_page_copy *copy, const char *name, size_t place)
{
	for (size_t i = 0; i < copy->set.readers; i++) {
		const struct wire_page_reader *reader =
		    &copy->readers[(place + i) % copy->set.readers];

		if (strcmp(reader->name, name) == 0)
			return &reader->state;
	}
	return NULL;
}

/* A name that is written otherwise may still be a reader's for the daemon; it shall say. */
static bool
look(const struct wire_page_copy *copy, const struct rm_rules *rules, struct rm_calls_state *state,
    size_t place, bool *changed)
{
	const struct rm_set set = { copy->set.counted, copy->set.events };
	const struct wire_page_state *found = NULL;
	struct rm_view view = { 0 };
	struct rm_sight sight;

	if (!rm_look_is_ignored(state->current) && !rm_look_is_pnp(state->name)) {
		if ((found = find(copy, state->name, place)) == NULL)
			return false;
		view = view_of(found);
	}
	sight = rm_look(rules, state->name, state->current, found != NULL ? &view : NULL, &set,
	    set.reader_events);
	state->event = sight.event;
	state->atr_length = sight.atr_length;
	if (sight.atr_length > 0)
		memcpy(state->atr, sight.atr, sight.atr_length);
	*changed |= sight.changed;
	return true;
}

bool
remote_page_status_change(SCARDCONTEXT context, uint32_t timeout_ms, struct rm_calls_state *states,
    size_t count, LONG *ret_code)
{
	uint32_t dialect = RM_CALLS_WINDOWS;
	struct wire_page_copy *copy = remote_session_look(context, &dialect);
	bool answered = copy != NULL, changed = false, counting = false;

	for (size_t i = 0; i < count && answered; i++) {
		answered = look(copy, rules_of(dialect), &states[i], i, &changed);
		counting |= !rm_look_is_ignored(states[i].current);
	}
	free(copy);
	if (!answered)
		return false;
	*ret_code = changed || !counting ? SCARD_S_SUCCESS : SCARD_E_TIMEOUT;
	/* Where nothing differs, who waits must ask. */
	return *ret_code == SCARD_S_SUCCESS || timeout_ms == 0;
}
