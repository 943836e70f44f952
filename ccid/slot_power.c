/* SPDX-License-Identifier: BSD-2-Clause */
/* Power and the answer to reset (USB CCID 1.1, 6.1.1 and 6.1.2; ISO 7816-3, 6 and 8). */
#include <string.h>

#include "ccid/slot.h"

#define OFF_TIME_US 10000u /* a card that was off for less may not have noticed */
#define NEXT_VOLTAGE_US 20000u
#define ESCAPE_LEAVE_EMV "\x1F\x01"
#define ERROR_EMV_MODE 0xBBu

static const struct ccid_patience patience_power = { CCID_POWER_US, CCID_TOTAL_SHORT_US, true };

static enum ccid_result
rest(struct ccid_slot *slot, uint64_t microseconds)
{
	return slot->link->transport->ops->rest(slot->link->transport, microseconds);
}

static enum ccid_result
ask_state(struct ccid_slot *slot, uint64_t deadline, struct ccid_reply *ret)
{
	enum ccid_result r = ccid_slot_command(
	    slot, CCID_GET_SLOT_STATUS, NULL, NULL, 0, &ccid_patience_short, deadline, ret);

	/* A failure that says "absent" or "mute" is an answer all the same. */
	if (r == CCID_OK && ret->status == CCID_STATUS_FAILED && ret->icc != CCID_ICC_ABSENT &&
	    ret->error == CCID_ERROR_SLOT)
		return CCID_GONE;
	return r;
}

enum ccid_result
ccid_slot_look(struct ccid_slot *slot, uint64_t deadline, enum ccid_sight *ret)
{
	bool was_powered = slot->powered;
	struct ccid_reply reply;
	enum ccid_result r = ask_state(slot, deadline, &reply);

	if (r != CCID_OK)
		return r;
	if (reply.icc == CCID_ICC_ABSENT) {
		slot->downgrades = 0;
		*ret = CCID_SEES_NONE;
	} else if (was_powered && reply.icc == CCID_ICC_INACTIVE) {
		ccid_slot_forget(slot);
		slot->downgrades = 0;
		*ret = CCID_SEES_OTHER;
	} else {
		*ret = CCID_SEES_CARD;
	}
	return CCID_OK;
}

enum ccid_result
ccid_slot_power_down(struct ccid_slot *slot, uint64_t deadline)
{
	struct ccid_reply reply;
	enum ccid_result r = ccid_slot_command(
	    slot, CCID_POWER_OFF, NULL, NULL, 0, &ccid_patience_short, deadline, &reply);

	ccid_slot_forget(slot);
	if (r == CCID_OK && reply.status == CCID_STATUS_FAILED)
		r = ccid_command_failure(&reply);
	return r;
}

/* Values of bPowerSelect to try, in order. */
struct voltages {
	uint8_t select[4];
	unsigned count;
};

static void
list_voltages(const struct ccid_slot *slot, struct voltages *ret)
{
	static const uint8_t orders[][3] = {
		[CCID_5V_FIRST] = { 1, 3, 2 }, [CCID_RISING] = { 3, 2, 1 }
	};
	const struct ccid_descriptor *descriptor = slot->descriptor;

	ret->count = 0;
	if ((descriptor->features & (CCID_AUTO_VOLTAGE | CCID_AUTO_ACTIVATE)) != 0 ||
	    descriptor->voltages == 0)
		ret->select[ret->count++] = 0;
	if ((descriptor->features & (CCID_AUTO_VOLTAGE | CCID_AUTO_ACTIVATE)) != 0)
		return;
	for (unsigned i = 0; i < 3; i++) {
		uint8_t select = orders[slot->options.voltages][i];

		if (descriptor->voltages == 0 || (descriptor->voltages & 1u << (select - 1)) != 0)
			ret->select[ret->count++] = select;
	}
}

/* Whether a card that says which classes it is made for (ISO 7816-3, 8.3) may run at it. */
static bool
class_allows(const struct atr *atr, uint8_t select)
{
	return select == 0 || !atr->classes_told || (atr->classes & 1u << (select - 1)) != 0;
}

/* One IccPowerOn. CCID_OK: an answer to reset that can be read is in the slot. */
static enum ccid_result
power_on(struct ccid_slot *slot, uint8_t select, uint64_t deadline, uint8_t *ret_error)
{
	const uint8_t parameters[3] = { select, 0, 0 };
	struct ccid_reply reply;
	enum ccid_result r = ccid_slot_command(
	    slot, CCID_POWER_ON, parameters, NULL, 0, &patience_power, deadline, &reply);

	*ret_error = 0;
	if (r != CCID_OK)
		return r;
	if (reply.status == CCID_STATUS_FAILED) {
		*ret_error = reply.error;
		r = ccid_command_failure(&reply);
		return r == CCID_ABSENT || r == CCID_GONE ? r : CCID_MUTE;
	}
	if (reply.icc == CCID_ICC_ABSENT)
		return CCID_ABSENT;
	if (reply.length > ATR_LENGTH_MAX)
		reply.length = ATR_LENGTH_MAX;
	memcpy(slot->atr_bytes, reply.data, reply.length);
	atr_decode(slot->atr_bytes, reply.length);
	if (atr_parse(slot->atr_bytes, reply.length, &slot->atr) < 0)
		return CCID_MUTE;
	slot->atr_length = slot->atr.length;
	return CCID_OK;
}

/* Some readers refuse cards that break EMV's rules, until they are told not to. */
static void
leave_emv_mode(struct ccid_slot *slot, uint64_t deadline)
{
	uint8_t ignored[16];
	struct ccid_room room = { ignored, sizeof ignored, 0 };

	ccid_slot_escape(slot, (const uint8_t *)ESCAPE_LEAVE_EMV, 2, deadline, &room);
}

/* At one voltage: twice, the second time from cold. */
static enum ccid_result
power_at(struct ccid_slot *slot, uint8_t select, uint64_t deadline)
{
	uint8_t error;
	enum ccid_result r = power_on(slot, select, deadline, &error);

	if (r != CCID_MUTE)
		return r;
	if (slot->quirks.emv_escape && error == ERROR_EMV_MODE)
		leave_emv_mode(slot, deadline);
	else if (error == CCID_ERROR_CLASS)
		return r;
	ccid_slot_power_down(slot, deadline);
	r = rest(slot, NEXT_VOLTAGE_US);
	return r == CCID_OK ? power_on(slot, select, deadline, &error) : r;
}

static enum ccid_result
try_voltages(struct ccid_slot *slot, uint64_t deadline)
{
	struct voltages voltages;
	struct atr excluded = { 0 };
	enum ccid_result r = CCID_MUTE;

	list_voltages(slot, &voltages);
	for (unsigned i = 0; i < voltages.count; i++) {
		uint8_t select = voltages.select[i];

		if (!class_allows(&excluded, select))
			continue;
		r = power_at(slot, select, deadline);
		if (r == CCID_OK && !class_allows(&slot->atr, select) && !excluded.classes_told) {
			excluded = slot->atr;
			r = CCID_MUTE;
		}
		if (r != CCID_MUTE)
			break;
		ccid_slot_power_down(slot, deadline);
		r = rest(slot, NEXT_VOLTAGE_US);
		if (r != CCID_OK)
			break;
		r = CCID_MUTE;
	}
	return r;
}

/* What is in force right after the answer to reset. */
static void
set_defaults(struct ccid_slot *slot)
{
	const struct atr *atr = &slot->atr;
	bool specific = atr->specific >= 0 && !atr->implicit;
	struct ccid_card_quirks card = { 0 };

	if (slot->cards != NULL)
		ccid_quirks_find_card(slot->cards, slot->atr_bytes, slot->atr_length, &card);

	slot->timing = (struct ccid_timing){
		.clock_khz = slot->descriptor->default_clock,
		.factors = specific ? atr->ta1 : 0x11,
		.ta1 = atr->ta1,
		.guard = atr->guard,
		.wi = atr->wi,
		.bwi = card.bwi != 0 ? (uint8_t)card.bwi : atr->bwi,
		.cwi = atr->cwi,
		.extra_us = slot->quirks.extra_wait_us + card.extra_wait_us,
	};
	slot->parameters = (struct ccid_parameters){
		.factors = slot->timing.factors,
		.inverse = atr->inverse,
		.crc = atr->crc,
		.guard = atr->guard,
		.wi = atr->wi,
		.bwi = slot->timing.bwi,
		.cwi = atr->cwi,
		.clock_stop = atr->clock_stop,
		.ifsc = atr->ifsc,
	};
	slot->powered = true;
	slot->dead = slot->proven = false;
	slot->protocol = CCID_NO_PROTOCOL;
	slot->link->disturbed &= (uint16_t) ~(1u << slot->number);
}

enum ccid_result
ccid_slot_power_up(struct ccid_slot *slot, bool warm, uint64_t deadline)
{
	struct ccid_reply reply;
	enum ccid_result r = CCID_OK;

	if (!slot->quirks.presence_by_power) {
		r = ask_state(slot, deadline, &reply);
		if (r != CCID_OK)
			return r;
		if (reply.icc == CCID_ICC_ABSENT)
			return CCID_ABSENT;
		if ((!warm || slot->quirks.off_before_on) && reply.icc == CCID_ICC_ACTIVE) {
			ccid_slot_power_down(slot, deadline);
			r = rest(slot, OFF_TIME_US);
		}
	}
	ccid_slot_forget(slot);
	if (r == CCID_OK)
		r = try_voltages(slot, deadline);
	if (r == CCID_OK)
		set_defaults(slot);
	else if (r != CCID_GONE)
		ccid_slot_power_down(slot, deadline);
	return r;
}
