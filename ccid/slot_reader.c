/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions of the reader itself (USB CCID 1.1, 6.1.8 to 6.1.13). */
#include <string.h>

#include "ccid/slot.h"

static enum ccid_result
simple(struct ccid_slot *slot, enum ccid_command_type type, uint8_t function, uint64_t deadline)
{
	const uint8_t parameters[3] = { function, 0, 0 };
	struct ccid_reply reply;
	enum ccid_result r = ccid_slot_command(
	    slot, type, parameters, NULL, 0, &ccid_patience_short, deadline, &reply);

	if (r == CCID_OK && reply.status == CCID_STATUS_FAILED)
		r = ccid_command_failure(&reply);
	return r;
}

enum ccid_result
ccid_slot_escape(struct ccid_slot *slot, const uint8_t *data, size_t length, uint64_t deadline,
    struct ccid_room *out)
{
	static const struct ccid_patience patience = { CCID_ESCAPE_US, CCID_TOTAL_SHORT_US, true };
	struct ccid_reply reply;
	enum ccid_result r;

	out->length = 0;
	r = ccid_slot_command(slot, CCID_ESCAPE, NULL, data, length, &patience, deadline, &reply);
	if (r == CCID_OK && reply.status == CCID_STATUS_FAILED)
		r = reply.error == CCID_ERROR_COMMAND ? CCID_UNSUPPORTED : CCID_LOST;
	if (r != CCID_OK)
		return r;
	out->length = reply.length;
	if (reply.length > out->room)
		return CCID_SMALL;
	if (reply.length > 0)
		memcpy(out->bytes, reply.data, reply.length);
	return CCID_OK;
}

enum ccid_result
ccid_slot_move(struct ccid_slot *slot, unsigned function, uint64_t deadline)
{
	if (slot->descriptor->mechanical == 0)
		return CCID_UNSUPPORTED;
	return simple(slot, CCID_MECHANICAL, (uint8_t)function, deadline);
}

enum ccid_result
ccid_slot_clock(struct ccid_slot *slot, bool stop, uint64_t deadline)
{
	if ((slot->descriptor->features & CCID_CLOCK_STOP) == 0 ||
	    (stop && slot->parameters.clock_stop == 0))
		return CCID_UNSUPPORTED;
	return simple(slot, CCID_ICC_CLOCK, stop ? 1 : 0, deadline);
}
