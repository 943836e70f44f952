/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replies that are held back until a test releases them, or the client aborts their command.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/reader_state.h"

void
emu_keep_late(const struct emu_message *message, const struct emu_bytes *reply)
{
	struct emu_reader *reader = message->function->reader;
	struct emu_late *late = malloc(sizeof *late + reply->length);

	if (late == NULL)
		abort();
	*late = (struct emu_late){ .function = message->function->number,
		.slot = message->header[EMU_AT_SLOT],
		.seq = message->header[EMU_AT_SEQ],
		.type = reply->bytes[EMU_AT_TYPE],
		.length = reply->length };
	memcpy(late->bytes, reply->bytes, reply->length);
	*reader->late_tail = late;
	reader->late_tail = &late->next;
	if (message->slot != NULL)
		message->slot->busy = true;
	emu_record_late(&reader->record, 1);
}

static void
unlink_late(struct emu_reader *reader, struct emu_late **link)
{
	struct emu_late *late = *link;

	*link = late->next;
	if (reader->late_tail == &late->next)
		reader->late_tail = link;
	emu_record_late(&reader->record, -1);
	free(late);
}

static void
send_aborted(struct emu_function *function, uint8_t type, unsigned slot, uint8_t seq)
{
	uint8_t bytes[EMU_HEADER] = { 0 };

	bytes[EMU_AT_TYPE] = type;
	bytes[EMU_AT_SLOT] = (uint8_t)slot;
	bytes[EMU_AT_SEQ] = seq;
	bytes[EMU_AT_STATUS] = EMU_STATUS_FAILED | emu_icc_status(&function->slots[slot]);
	bytes[EMU_AT_ERROR] = EMU_ERROR_ABORTED;
	emu_send(function, bytes, sizeof bytes);
}

void
emu_abort_slot(struct emu_function *function, unsigned slot)
{
	struct emu_reader *reader = function->reader;
	struct emu_late **link = &reader->late;

	while (*link != NULL) {
		if ((*link)->function != function->number || (*link)->slot != slot) {
			link = &(*link)->next;
			continue;
		}
		send_aborted(function, (*link)->type, slot, (*link)->seq);
		unlink_late(reader, link);
	}
	if (function->endless[EMU_AT_TYPE] != 0 && function->endless[EMU_AT_SLOT] == slot) {
		send_aborted(
		    function, function->endless[EMU_AT_TYPE], slot, function->endless[EMU_AT_SEQ]);
		function->endless[EMU_AT_TYPE] = 0;
	}
	function->slots[slot].busy = false;
}

void
emu_drop_late(struct emu_reader *reader)
{
	while (reader->late != NULL)
		unlink_late(reader, &reader->late);
}

unsigned
emu_reader_release(struct emu_reader *reader)
{
	unsigned count = 0;

	vusb_lock(reader->usb);
	while (reader->late != NULL) {
		struct emu_late *late = reader->late;
		struct emu_function *function = &reader->functions[late->function];

		if (late->slot < function->slot_count)
			function->slots[late->slot].busy = false;
		emu_send(function, late->bytes, late->length);
		unlink_late(reader, &reader->late);
		count++;
	}
	vusb_unlock(reader->usb);
	return count;
}
