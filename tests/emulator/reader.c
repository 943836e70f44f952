/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of an emulated reader, cards in and out, and what arrives from USB.
 */
#include "tests/emulator/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/reader_state.h"

static struct emu_function *
find_out(struct emu_reader *reader, uint8_t endpoint)
{
	for (unsigned i = 0; i < reader->function_count; i++)
		if (emu_endpoint_out(&reader->functions[i]) == endpoint)
			return &reader->functions[i];
	return NULL;
}

/* Counts the message, and finds the fault for it and its reply. */
static int
usb_accept(void *impl, uint8_t endpoint, const uint8_t *data, size_t length)
{
	struct emu_reader *reader = impl;

	emu_record_message(&reader->record, data, length);
	reader->fault = emu_find_fault(reader, length > 0 ? data[0] : 0);
	if (reader->fault == NULL)
		return (int)length;
	switch (reader->fault->action) {
	case EMU_STALL_OUT:
		vusb_stall(reader->usb, endpoint);
		return -EPIPE;
	case EMU_FAIL_OUT:
		return -(int)reader->fault->argument;
	case EMU_HOLD_OUT:
		return VUSB_HELD;
	case EMU_PARTIAL_OUT:
		return reader->fault->argument < length ? (int)reader->fault->argument
							: (int)length;
	default:
		return (int)length;
	}
}

static void
usb_out(void *impl, uint8_t endpoint, const uint8_t *data, size_t length)
{
	struct emu_reader *reader = impl;
	struct emu_function *function = find_out(reader, endpoint);
	enum emu_action action = reader->fault != NULL ? reader->fault->action : EMU_NOTHING;

	if (action == EMU_UNPLUG)
		usbfs_unplug(reader->usb, true);
	else if (function != NULL && action != EMU_PARTIAL_OUT)
		emu_handle(function, data, length);
	reader->fault = NULL;
}

static int
usb_control(void *impl, const uint8_t setup[8], uint8_t *data, size_t length)
{
	return emu_control(impl, setup, data, length);
}

static void
usb_hungry(void *impl, uint8_t endpoint)
{
	struct emu_reader *reader = impl;

	for (unsigned i = 0; i < reader->function_count; i++) {
		struct emu_function *function = &reader->functions[i];

		if (emu_endpoint_in(function) == endpoint && function->endless[0] != 0)
			emu_send(function, function->endless, sizeof function->endless);
	}
}

static int
usb_reset(void *impl)
{
	struct emu_reader *reader = impl;

	emu_drop_late(reader);
	for (unsigned i = 0; i < reader->function_count; i++) {
		reader->functions[i].endless[0] = 0;
		for (unsigned j = 0; j < reader->functions[i].slot_count; j++)
			emu_power_off(&reader->functions[i].slots[j]);
	}
	if (!reader->params.comes_back_as_another)
		return 0;
	usbfs_unplug(reader->usb, true);
	return -ENODEV;
}

static void
usb_step(void *impl, enum vusb_step step, uint8_t endpoint, bool done)
{
	struct emu_reader *reader = impl;

	if (!done)
		emu_record_step(&reader->record, step, endpoint);
	if (reader->unplug_at == 0 || reader->unplug_after != done)
		return;
	reader->unplug_at--;
	if (reader->unplug_at == 0)
		usbfs_unplug(reader->usb, true);
}

void
emu_reader_unplug_at(struct emu_reader *reader, size_t number, bool after)
{
	vusb_lock(reader->usb);
	reader->unplug_at = number;
	reader->unplug_after = after;
	vusb_unlock(reader->usb);
}

static void *
allocate(size_t size)
{
	void *memory = malloc(size);

	if (memory == NULL)
		abort();
	return memory;
}

static void
init_function(struct emu_reader *reader, unsigned number)
{
	struct emu_function *function = &reader->functions[number];

	function->reader = reader;
	function->number = (uint8_t)number;
	function->params = reader->params.function[number];
	function->last_seq = -1;
	function->slot_count = function->params.ccid.max_slot_index + 1u;
	if (function->slot_count > EMU_SLOTS_MAX)
		function->slot_count = EMU_SLOTS_MAX;
	for (unsigned i = 0; i < function->slot_count; i++) {
		struct emu_slot *slot = &function->slots[i];

		slot->abort_control = slot->abort_message = -1;
		slot->command = allocate(EMU_COMMAND_MAX);
		slot->reply = allocate(EMU_REPLY_MAX);
		emu_default_parameters(slot);
	}
}

struct emu_reader *
emu_reader_new(const struct emu_reader_params *params)
{
	static const struct vusb_model model = {
		.accept = usb_accept,
		.out = usb_out,
		.control = usb_control,
		.hungry = usb_hungry,
		.reset = usb_reset,
		.step = usb_step,
	};
	struct emu_reader *reader = calloc(1, sizeof *reader);
	uint8_t made[VUSB_DESCRIPTORS_MAX];
	const uint8_t *descriptors = params->descriptors;
	size_t length = params->descriptors_length;

	if (reader == NULL)
		abort();
	if (descriptors == NULL) {
		length = emu_reader_describe(params, made);
		descriptors = made;
	}
	reader->usb = vusb_new(descriptors, length, &model, reader);
	if (reader->usb == NULL || params->functions > EMU_FUNCTIONS_MAX) {
		fprintf(stderr, "emulator: no such reader\n");
		exit(1);
	}
	reader->params = *params;
	reader->function_count = params->functions;
	reader->late_tail = &reader->late;
	emu_record_init(&reader->record);
	for (unsigned i = 0; i < params->functions; i++)
		init_function(reader, i);
	vusb_set_string(reader->usb, 1, params->vendor);
	vusb_set_string(reader->usb, 2, params->product);
	vusb_set_string(reader->usb, 3, params->serial);
	return reader;
}

void
emu_reader_free(struct emu_reader *reader)
{
	if (reader == NULL)
		return;
	usbfs_unplug(reader->usb, true);
	vusb_forget_model(reader->usb);
	emu_drop_late(reader);
	for (unsigned i = 0; i < reader->function_count; i++)
		for (unsigned j = 0; j < reader->functions[i].slot_count; j++) {
			emu_card_free(reader->functions[i].slots[j].card);
			free(reader->functions[i].slots[j].command);
			free(reader->functions[i].slots[j].reply);
		}
	vusb_unref(reader->usb);
	emu_record_done(&reader->record);
	free(reader);
}

struct vusb *
emu_reader_usb(struct emu_reader *reader)
{
	return reader->usb;
}

void
emu_reader_plug(struct emu_reader *reader, unsigned bus, unsigned address)
{
	const struct usbfs_place place = { .bus = bus, .address = address };

	usbfs_plug(reader->usb, &place, 1);
}

void
emu_reader_unplug(struct emu_reader *reader)
{
	usbfs_unplug(reader->usb, true);
}

static struct emu_slot *
slot_of(struct emu_reader *reader, unsigned function, unsigned slot)
{
	if (function >= reader->function_count || slot >= reader->functions[function].slot_count) {
		fprintf(stderr, "emulator: no slot %u of interface %u\n", slot, function);
		exit(1);
	}
	return &reader->functions[function].slots[slot];
}

void
emu_reader_swap(
    struct emu_reader *reader, unsigned function, unsigned number, struct emu_card *card)
{
	struct emu_slot *slot = slot_of(reader, function, number);

	vusb_lock(reader->usb);
	emu_power_off(slot);
	emu_card_free(slot->card);
	slot->card = card;
	slot->changed = true;
	if (card != NULL &&
	    (reader->functions[function].params.ccid.features & EMU_AUTO_ACTIVATE) != 0)
		emu_activate(&reader->functions[function], slot);
	vusb_unlock(reader->usb);
}

void
emu_reader_insert(
    struct emu_reader *reader, unsigned function, unsigned slot, struct emu_card *card)
{
	vusb_lock(reader->usb);
	emu_reader_swap(reader, function, slot, card);
	emu_notify(&reader->functions[function]);
	vusb_unlock(reader->usb);
}

void
emu_reader_remove(struct emu_reader *reader, unsigned function, unsigned slot)
{
	emu_reader_insert(reader, function, slot, NULL);
}

void
emu_reader_interrupt(
    struct emu_reader *reader, unsigned function, const uint8_t *bytes, size_t length)
{
	vusb_in(reader->usb, emu_endpoint_interrupt(&reader->functions[function]), bytes, length,
	    false);
}

size_t
emu_reader_parameters(struct emu_reader *reader, unsigned function, unsigned number,
    uint8_t *ret_protocol, uint8_t bytes[7])
{
	struct emu_slot *slot = slot_of(reader, function, number);
	size_t length;

	vusb_lock(reader->usb);
	*ret_protocol = slot->protocol;
	length = slot->protocol == 0 ? 5 : 7;
	memcpy(bytes, slot->parameters, 7);
	vusb_unlock(reader->usb);
	return length;
}

bool
emu_reader_is_powered(struct emu_reader *reader, unsigned function, unsigned number)
{
	struct emu_slot *slot = slot_of(reader, function, number);
	bool powered;

	vusb_lock(reader->usb);
	powered = slot->powered;
	vusb_unlock(reader->usb);
	return powered;
}

void
emu_reader_user(struct emu_reader *reader, unsigned function, const struct emu_user *user)
{
	vusb_lock(reader->usb);
	reader->functions[function].user = *user;
	vusb_unlock(reader->usb);
}
