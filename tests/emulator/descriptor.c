/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The descriptors of an emulated reader, as sysfs shows them, from their description.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/reader_state.h"

enum {
	DEVICE_LENGTH = 18,
	CONFIGURATION_LENGTH = 9,
	CLASS_SMART_CARD = 0x0B,
	CCID_LENGTH = 54,
	CCID_TYPE = 0x21,
	ATTRIBUTE_BULK = 2,
	ATTRIBUTE_INTERRUPT = 3,
	DEFAULT_CLOCK = 4000,
	DEFAULT_RATE = 10752,
	MAXIMUM_RATE = 344086,
	MESSAGE_SHORT = 271,
	MESSAGE_EXTENDED = 65554
};

struct writer {
	uint8_t *bytes;
	size_t length;
};

static void
put(struct writer *to, uint32_t value, unsigned count)
{
	if (to->length + count > VUSB_DESCRIPTORS_MAX) {
		fprintf(stderr, "emulator: too many descriptors\n");
		exit(1);
	}
	for (unsigned i = 0; i < count; i++)
		to->bytes[to->length++] = (uint8_t)(value >> 8 * i);
}

static void
put_ccid(struct writer *to, const struct emu_ccid *ccid)
{
	put(to, ccid->length, 1);
	put(to, ccid->type, 1);
	put(to, ccid->version, 2);
	put(to, ccid->max_slot_index, 1);
	put(to, ccid->voltages, 1);
	put(to, ccid->protocols, 4);
	put(to, ccid->default_clock, 4);
	put(to, ccid->maximum_clock, 4);
	put(to, ccid->clocks, 1);
	put(to, ccid->data_rate, 4);
	put(to, ccid->maximum_data_rate, 4);
	put(to, ccid->data_rates, 1);
	put(to, ccid->max_ifsd, 4);
	put(to, ccid->synchronous, 4);
	put(to, ccid->mechanical, 4);
	put(to, ccid->features, 4);
	put(to, ccid->max_message, 4);
	put(to, ccid->class_get_response, 1);
	put(to, ccid->class_envelope, 1);
	put(to, ccid->lcd, 2);
	put(to, ccid->pin_support, 1);
	put(to, ccid->busy_slots, 1);
}

static void
put_extra(struct writer *to, const struct emu_function_params *function, enum emu_placement place)
{
	if (function->placement != place)
		return;
	if (function->extra == NULL)
		put_ccid(to, &function->ccid);
	for (size_t i = 0; function->extra != NULL && i < function->extra_length; i++)
		put(to, function->extra[i], 1);
}

static void
put_endpoint(struct writer *to, unsigned address, unsigned attributes, unsigned packet)
{
	put(to, 7, 1);
	put(to, 5, 1);
	put(to, address, 1);
	put(to, attributes, 1);
	put(to, packet, 2);
	put(to, attributes == ATTRIBUTE_INTERRUPT ? 24 : 0, 1);
}

static void
put_function(struct writer *to, const struct emu_function_params *function, unsigned number)
{
	unsigned endpoints = (function->no_bulk_out ? 0u : 1u) + (function->no_bulk_in ? 0u : 1u) +
	    (function->two_bulk_in ? 1u : 0u) + (function->no_interrupt ? 0u : 1u);
	unsigned base = number * 3;

	put(to, 9, 1);
	put(to, 4, 1);
	put(to, number, 1);
	put(to, 0, 1);
	put(to, endpoints, 1);
	put(to, function->class_code, 1);
	put(to, function->subclass, 1);
	put(to, function->protocol, 1);
	put(to, 0, 1);
	put_extra(to, function, EMU_IN_INTERFACE);
	if (!function->no_bulk_out)
		put_endpoint(to, base + 1, ATTRIBUTE_BULK, function->packet);
	put_extra(to, function, EMU_IN_FIRST_ENDPOINT);
	if (!function->no_bulk_in)
		put_endpoint(to, 0x80 | (base + 2), ATTRIBUTE_BULK, function->packet);
	if (function->two_bulk_in)
		put_endpoint(to, 0x80 | 15, ATTRIBUTE_BULK, function->packet);
	if (!function->no_interrupt)
		put_endpoint(
		    to, 0x80 | (base + 3), ATTRIBUTE_INTERRUPT, function->interrupt_packet);
	put_extra(to, function, EMU_IN_LAST_ENDPOINT);
}

size_t
emu_reader_describe(const struct emu_reader_params *params, uint8_t bytes[VUSB_DESCRIPTORS_MAX])
{
	struct writer to = { bytes, 0 };
	size_t configuration;

	put(&to, DEVICE_LENGTH, 1);
	put(&to, 1, 1);
	put(&to, 0x0200, 2);
	put(&to, 0, 3);
	put(&to, 64, 1);
	put(&to, params->vendor_id, 2);
	put(&to, params->product_id, 2);
	put(&to, params->device_version, 2);
	put(&to, params->vendor != NULL ? 1 : 0, 1);
	put(&to, params->product != NULL ? 2 : 0, 1);
	put(&to, params->serial != NULL ? 3 : 0, 1);
	put(&to, 1, 1);

	configuration = to.length;
	put(&to, CONFIGURATION_LENGTH, 1);
	put(&to, 2, 1);
	put(&to, 0, 2);
	put(&to, params->functions, 1);
	put(&to, 1, 1);
	put(&to, 0, 1);
	put(&to, 0x80, 1);
	put(&to, 50, 1);
	for (unsigned i = 0; i < params->functions; i++)
		put_extra(&to, &params->function[i], EMU_IN_CONFIGURATION);
	for (unsigned i = 0; i < params->functions; i++)
		put_function(&to, &params->function[i], i);
	bytes[configuration + 2] = (uint8_t)(to.length - configuration);
	bytes[configuration + 3] = (uint8_t)((to.length - configuration) >> 8);
	return to.length;
}

struct emu_reader_params
emu_reader_defaults(uint32_t level)
{
	const struct emu_ccid ccid = {
		.length = CCID_LENGTH,
		.type = CCID_TYPE,
		.version = 0x0110,
		.voltages = EMU_ANY_VOLTAGE,
		.protocols = 3,
		.default_clock = DEFAULT_CLOCK,
		.maximum_clock = DEFAULT_CLOCK,
		.data_rate = DEFAULT_RATE,
		.maximum_data_rate = MAXIMUM_RATE,
		.max_ifsd = 254,
		.features = level,
		.max_message = level == EMU_LEVEL_EXTENDED ? MESSAGE_EXTENDED : MESSAGE_SHORT,
		.class_get_response = 0xFF,
		.class_envelope = 0xFF,
		.busy_slots = 1,
	};
	struct emu_reader_params params = {
		.vendor_id = 0x1209,
		.product_id = 0xCC1D,
		.device_version = 0x0100,
		.vendor = "Tessera",
		.product = "Emulated Reader",
		.serial = "0001",
		.functions = 1,
	};

	for (unsigned i = 0; i < EMU_FUNCTIONS_MAX; i++) {
		params.function[i].class_code = CLASS_SMART_CARD;
		params.function[i].ccid = ccid;
		params.function[i].packet = 64;
		params.function[i].interrupt_packet = 8;
		if (level == EMU_LEVEL_SHORT || level == EMU_LEVEL_EXTENDED)
			params.function[i].ccid.features |= EMU_AUTO_CONF_ATR | EMU_AUTO_VOLTAGE |
			    EMU_AUTO_CLOCK | EMU_AUTO_BAUD | EMU_AUTO_PARAM_NEG | EMU_AUTO_IFSD;
	}
	return params;
}
