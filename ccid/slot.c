/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/slot.h"

#include <string.h>

#define SEQUENCE_WAIT_US 50000u

void
ccid_slot_init(struct ccid_slot *slot, struct ccid_link *link, uint8_t number,
    const struct ccid_descriptor *descriptor, const struct ccid_quirks *quirks,
    const struct ccid_options *options)
{
	memset(slot, 0, sizeof *slot);
	slot->link = link;
	slot->number = number;
	slot->descriptor = descriptor;
	slot->quirks = *quirks;
	slot->options = *options;
	ccid_slot_forget(slot);
}

void
ccid_slot_forget(struct ccid_slot *slot)
{
	slot->powered = slot->dead = slot->proven = false;
	slot->protocol = CCID_NO_PROTOCOL;
	slot->atr_length = 0;
}

/* A ladder that was climbed for another slot's sake may have cost this one its card's state. */
static void
heed_disturbance(struct ccid_slot *slot)
{
	const uint16_t mine = (uint16_t)(1u << slot->number);

	if ((slot->link->disturbed & mine) == 0)
		return;
	slot->link->disturbed &= (uint16_t)~mine;
	slot->dead = true;
}

enum ccid_result
ccid_slot_command(struct ccid_slot *slot, enum ccid_command_type type, const uint8_t parameters[3],
    const uint8_t *data, size_t length, const struct ccid_patience *patience, uint64_t deadline,
    struct ccid_reply *ret)
{
	struct ccid_command command = {
		.type = type, .slot = slot->number, .data = data, .length = length
	};
	enum ccid_result r;

	if (parameters != NULL)
		memcpy(command.parameters, parameters, sizeof command.parameters);
	r = ccid_command_run(slot->link, &command, patience, deadline, ret);
	heed_disturbance(slot);
	if (r == CCID_OK && ret->icc == CCID_ICC_ABSENT)
		ccid_slot_forget(slot);
	return r;
}

static struct ccid_patience
patience_of(const struct ccid_slot *slot, const struct ccid_block *block)
{
	struct ccid_patience patience = { 0, CCID_TOTAL_MAX_US, true };

	patience.wait_us = slot->protocol == 1 ? ccid_wait_t1(&slot->timing, block->wtx)
					       : ccid_wait_t0(&slot->timing);
	return patience;
}

bool
ccid_slot_event(const struct ccid_reply *reply, enum ccid_event *ret)
{
	if (reply->icc == CCID_ICC_ABSENT)
		return false;
	switch (reply->error) {
	case CCID_ERROR_MUTE:
		*ret = CCID_EVENT_SILENT;
		return true;
	case CCID_ERROR_PARITY:
		*ret = CCID_EVENT_PARITY;
		return true;
	case CCID_ERROR_OVERRUN:
		*ret = CCID_EVENT_OVERRUN;
		return true;
	default:
		return false;
	}
}

enum ccid_result
ccid_slot_block(struct ccid_slot *slot, const struct ccid_block *block, uint64_t deadline,
    struct ccid_answer *ret)
{
	const uint8_t parameters[3] = { block->bwi, (uint8_t)block->level,
		(uint8_t)(block->level >> 8) };
	const struct ccid_patience patience = patience_of(slot, block);
	struct ccid_reply reply;
	enum ccid_result r = CCID_BUSY;

	/* Some readers are still at a sequence of their own after power-up. */
	for (unsigned waited = 0; r == CCID_BUSY && waited <= CCID_SHORT_US;
	     waited += SEQUENCE_WAIT_US) {
		if (waited > 0) {
			r = slot->link->transport->ops->rest(
			    slot->link->transport, SEQUENCE_WAIT_US);
			if (r != CCID_OK)
				return r;
		}
		r = ccid_slot_command(slot, CCID_XFR_BLOCK, parameters, block->data, block->length,
		    &patience, deadline, &reply);
		if (r != CCID_OK)
			return r;
		if (reply.status == CCID_STATUS_DONE) {
			*ret = (struct ccid_answer){ CCID_EVENT_REPLY, reply.data, reply.length,
				reply.last };
			return CCID_OK;
		}
		*ret = (struct ccid_answer){ CCID_EVENT_SILENT, NULL, 0, 0 };
		if (ccid_slot_event(&reply, &ret->event))
			return CCID_OK;
		r = ccid_command_failure(&reply);
		if (reply.error == CCID_ERROR_SLOT_BUSY)
			break;
	}
	if (r == CCID_DEAD)
		slot->dead = true;
	return r;
}

enum ccid_result
ccid_slot_run_t1(struct ccid_slot *slot, enum ccid_step step, uint64_t deadline)
{
	while (step == CCID_STEP_SEND) {
		struct ccid_answer answer;
		enum ccid_result r = ccid_slot_block(slot, &slot->t1.block, deadline, &answer);

		if (r != CCID_OK) {
			/* The card may be in the middle of anything. */
			slot->t1.dead = true;
			return r;
		}
		step = t1_next(&slot->t1, &answer);
	}
	if (slot->t1.dead)
		slot->dead = true;
	return step == CCID_STEP_DONE ? CCID_OK : slot->t1.result;
}
