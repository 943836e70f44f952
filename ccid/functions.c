/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/functions.h"

#include <stdio.h>
#include <string.h>

#include "ccid/attributes.h"
#include "ccid/escape.h"
#include "ccid/pin.h"

#define PATH_SIZE 64u
/* Commands of multifunctional card terminals (MCT): CLA 20, INS 70 to 74, no data. */
#define MCT_CLA 0x20u
#define MCT_FIRST 0x70u
#define MCT_LAST 0x74u

static const uint8_t case_1_template[] = { 0x80, 0x02, 0x00 };

static enum ccid_result
copy(struct ccid_room *out, const void *bytes, size_t length)
{
	out->length = length;
	if (length > out->room)
		return CCID_SMALL;
	if (length > 0)
		memcpy(out->bytes, bytes, length);
	return CCID_OK;
}

/* What the vendor's code does to cards is not told: so they are looked at. */
static enum ccid_result
escape_and_look(struct ccid_device *device, struct ccid_slot *slot, const uint8_t *in,
    size_t length, uint64_t deadline, struct ccid_room *out)
{
	bool present;
	enum ccid_result r = ccid_slot_escape(slot, in, length, deadline, out);

	if (r == CCID_OK)
		ccid_device_look(device, slot->number, deadline, &present);
	return r;
}

static enum ccid_result
send_mct(struct ccid_slot *slot, const uint8_t *in, size_t length, uint64_t deadline,
    struct ccid_room *out)
{
	if (length < 5 || in[0] != MCT_CLA || in[1] < MCT_FIRST || in[1] > MCT_LAST || in[4] != 0)
		return CCID_INVALID;
	return ccid_slot_escape(slot, in, length, deadline, out);
}

static enum ccid_result
before_pin(struct ccid_slot *slot, const struct ccid_pin *pin, uint64_t deadline)
{
	struct ccid_transport *transport = slot->link->transport;
	uint8_t ignored[16];
	struct ccid_room room = { ignored, sizeof ignored, 0 };
	enum ccid_result r = CCID_OK;

	if (pin->rest_us != 0)
		r = transport->ops->rest(transport, pin->rest_us);
	if (r == CCID_OK && pin->template_escape)
		r = ccid_slot_escape(
		    slot, case_1_template, sizeof case_1_template, deadline, &room);
	return r;
}

static enum ccid_result
enter_pin(struct ccid_slot *slot, enum ccid_pin_operation operation, const uint8_t *in,
    size_t length, uint64_t deadline, struct ccid_room *out)
{
	struct ccid_pin pin;
	uint8_t prologue[3];
	enum ccid_result r;

	r = ccid_pin_prepare(&pin, operation, in, length, slot->descriptor, &slot->quirks);
	if (r != CCID_OK)
		return r;
	if (slot->protocol == 1 && slot->descriptor->level <= CCID_TPDU) {
		t1_prologue(&slot->t1, pin.template_length, prologue);
		ccid_pin_set_prologue(&pin, prologue);
	}
	r = before_pin(slot, &pin, deadline);
	if (r == CCID_OK)
		r = ccid_slot_secure(slot, pin.payload, pin.length, pin.wait_us, deadline, out);
	ccid_pin_wipe(&pin);
	return r;
}

/* Where in USB the reader is: `bus-port.port:configuration.interface`, with its NUL. */
static enum ccid_result
tell_path(const struct ccid_about *about, struct ccid_room *out)
{
	char place[PATH_SIZE], text[PATH_SIZE + 16];

	usb_place_text(&about->place, place, sizeof place);
	snprintf(
	    text, sizeof text, "%s:%u.%u", place, about->configuration, about->place.interface);
	return copy(out, text, strlen(text) + 1);
}

static enum ccid_result
run_feature(struct ccid_device *device, struct ccid_slot *slot,
    const struct ccid_functions *functions, enum ccid_feature feature, const uint8_t *in,
    size_t length, uint64_t deadline, struct ccid_room *out)
{
	if (!ccid_feature_has(functions, feature))
		return CCID_UNSUPPORTED;
	switch (feature) {
	case CCID_FEATURE_VERIFY:
		return enter_pin(slot, CCID_PIN_VERIFY, in, length, deadline, out);
	case CCID_FEATURE_MODIFY:
		return enter_pin(slot, CCID_PIN_MODIFY, in, length, deadline, out);
	case CCID_FEATURE_MCT:
		return send_mct(slot, in, length, deadline, out);
	case CCID_FEATURE_PIN_PROPERTIES:
		return ccid_features_pin(functions, out->bytes, out->room, &out->length);
	case CCID_FEATURE_TLV_PROPERTIES:
		return ccid_features_tlv(functions, out->bytes, out->room, &out->length);
	case CCID_FEATURE_ESCAPE:
		return escape_and_look(device, slot, in, length, deadline, out);
	default:
		return CCID_UNSUPPORTED;
	}
}

enum ccid_result
ccid_device_control(struct ccid_device *device, struct ccid_slot *slot, bool escape, uint32_t code,
    enum ccid_codes codes, const uint8_t *in, size_t length, uint64_t deadline,
    struct ccid_room *out)
{
	const struct ccid_about *about = ccid_device_about(device);
	const struct ccid_functions functions = {
		.descriptor = slot->descriptor,
		.quirks = &slot->quirks,
		.vendor = about->vendor,
		.product = about->product,
		.escape = escape,
	};
	enum ccid_feature feature;

	out->length = 0;
	switch (ccid_control_of(code, &feature)) {
	case CCID_CONTROL_LIST:
		return ccid_features_list(&functions, codes, out->bytes, out->room, &out->length);
	case CCID_CONTROL_ESCAPE:
		if (!ccid_escape_allowed(&slot->quirks, escape, in, length))
			return CCID_UNSUPPORTED;
		return escape_and_look(device, slot, in, length, deadline, out);
	case CCID_CONTROL_PATH:
		return tell_path(about, out);
	case CCID_CONTROL_FEATURE:
		return run_feature(device, slot, &functions, feature, in, length, deadline, out);
	default:
		return CCID_UNSUPPORTED;
	}
}

static void
describe_card(const struct ccid_slot *slot, bool present, struct ccid_card_facts *ret)
{
	ret->present = present;
	ret->powered = slot->powered;
	ret->protocol = -1;
	if (!slot->powered)
		return;
	memcpy(ret->atr, slot->atr_bytes, slot->atr_length);
	ret->atr_length = slot->atr_length;
	if (slot->protocol == 0 || slot->protocol == 1)
		ret->protocol = slot->protocol;
	ret->factors = slot->timing.factors;
	ret->guard = slot->timing.guard;
	ret->wi = slot->timing.wi;
	ret->bwi = slot->timing.bwi;
	ret->cwi = slot->timing.cwi;
	ret->crc = slot->parameters.crc;
	ret->ifsc = slot->protocol == 1 ? slot->t1.ifsc : slot->atr.ifsc;
	ret->ifsd = slot->protocol == 1 ? slot->t1.ifsd : slot->descriptor->ifsd;
}

enum ccid_result
ccid_device_attribute(struct ccid_device *device, struct ccid_slot *slot, uint32_t id,
    uint8_t *value, size_t room, size_t *ret_length)
{
	const struct ccid_about *about = ccid_device_about(device);
	struct ccid_facts facts = {
		.descriptor = slot->descriptor,
		.vendor_name = about->vendor_name,
		.product_name = about->product_name,
		.serial = about->serial,
		.release = about->release,
		.bus = about->place.bus,
		.address = about->address,
	};

	describe_card(slot, ccid_device_has_card(device, slot->number), &facts.card);
	return ccid_attribute_read(&facts, id, value, room, ret_length);
}
