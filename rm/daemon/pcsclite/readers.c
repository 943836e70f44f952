/* SPDX-License-Identifier: BSD-2-Clause */
/* The array that shows all readers: the library has no other way to know of one. */
#include <string.h>

#include "rm/daemon/pcsclite/client.h"

#define STATE_BITS 0xFFFFu /* the counter is a field of its own */

static void
write_reader(const struct rm_seen *seen, struct lite_reader *reader)
{
	const struct rm_view *view = &seen->view;

	memcpy(reader->name, seen->name, MIN(sizeof reader->name, sizeof seen->name));
	reader->name[sizeof reader->name - 1] = '\0';
	reader->counter = view->counter;
	reader->state = seen->status & STATE_BITS;
	reader->sharing = view->exclusive ? LITE_SHARING_EXCLUSIVE
	    : view->in_use                ? LITE_SHARING_SOME
					  : LITE_SHARING_NONE;
	if (!view->present)
		return;
	reader->atr_length = view->atr_length;
	memcpy(reader->atr, view->atr, view->atr_length);
	reader->protocol = (uint32_t)lp64_protocol_out(view->protocol);
}

size_t
lite_readers_write(
    uint8_t *out, size_t entries, struct rm_seen *seen, size_t *ret_count, struct rm_set *ret_set)
{
	*ret_count = rm_look_around(scardd.engine, RM_DIALECT_PCSCLITE, seen, entries, ret_set);
	for (size_t i = 0; i < entries; i++) {
		struct lite_reader reader = { 0 };

		if (i < *ret_count)
			write_reader(&seen[i], &reader);
		memcpy(out + i * sizeof reader, &reader, sizeof reader);
	}
	return entries * sizeof(struct lite_reader);
}
