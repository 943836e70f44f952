/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replies on their way to the client, as the table of faults has them.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/reader_state.h"

enum {
	STALE_BY = 0x80 /* an old bSeq: far from the right one */
};

static void *
allocate(size_t size)
{
	void *memory = malloc(size);

	if (memory == NULL)
		abort();
	return memory;
}

const struct emu_fault *
emu_find_fault(struct emu_reader *reader, uint8_t type)
{
	const struct emu_fault *found = NULL;

	for (size_t i = 0; i < reader->fault_count; i++) {
		const struct emu_fault *fault = &reader->faults[i];

		if (fault->type != 0 && fault->type != type)
			continue;
		reader->fault_seen[i]++;
		if (found == NULL && (fault->at == 0 || fault->at == reader->fault_seen[i]))
			found = fault;
	}
	return found;
}

static void
write_length(uint8_t *bytes, size_t length)
{
	for (unsigned i = 0; i < 4; i++)
		bytes[EMU_AT_LENGTH + i] = (uint8_t)(length >> 8 * i);
}

uint8_t
emu_icc_status(const struct emu_slot *slot)
{
	if (slot == NULL || slot->card == NULL)
		return 2;
	return slot->powered ? 0 : 1;
}

static struct emu_bytes
make_reply(const struct emu_message *message, uint8_t type, uint8_t byte_9, const uint8_t *data,
    size_t length)
{
	size_t padding = message->function->params.padding;
	struct emu_bytes reply = { allocate(EMU_HEADER + length + padding),
		EMU_HEADER + length + padding };

	memset(reply.bytes, 0, reply.length);
	reply.bytes[EMU_AT_TYPE] = type;
	write_length(reply.bytes, length);
	reply.bytes[EMU_AT_SLOT] = message->header[EMU_AT_SLOT];
	reply.bytes[EMU_AT_SEQ] = message->header[EMU_AT_SEQ];
	reply.bytes[EMU_AT_STATUS] = emu_icc_status(message->slot);
	reply.bytes[EMU_AT_BYTE_9] = byte_9;
	if (length != 0)
		memcpy(reply.bytes + EMU_HEADER, data, length);
	return reply;
}

void
emu_send(struct emu_function *function, const uint8_t *bytes, size_t length)
{
	vusb_in(function->reader->usb, emu_endpoint_in(function), bytes, length,
	    function->params.zero_packets);
}

/* In place of the reply: new data under its header. */
static void
replace_data(struct emu_bytes *reply, const uint8_t *data, size_t length)
{
	uint8_t *bytes = allocate(EMU_HEADER + length);

	memcpy(bytes, reply->bytes, EMU_HEADER);
	write_length(bytes, length);
	if (length != 0)
		memcpy(bytes + EMU_HEADER, data, length);
	free(reply->bytes);
	reply->bytes = bytes;
	reply->length = EMU_HEADER + length;
}

static void
replace_zeros(struct emu_bytes *reply, size_t length)
{
	uint8_t *zeros = calloc(1, length + 1);

	if (zeros == NULL)
		abort();
	replace_data(reply, zeros, length);
	free(zeros);
}

static void
resize(struct emu_bytes *reply, size_t length)
{
	uint8_t *bytes = realloc(reply->bytes, length + 1);

	if (bytes == NULL)
		abort();
	for (size_t i = reply->length; i < length; i++)
		bytes[i] = 0x5A;
	reply->bytes = bytes;
	reply->length = length;
}

static void
replace_hex(struct emu_bytes *reply, const char *text, bool data_only)
{
	size_t room = strlen(text) / 2 + 1;
	uint8_t *bytes = allocate(room);
	size_t length = emu_hex(text, bytes, room);

	if (data_only) {
		replace_data(reply, bytes, length);
	} else {
		resize(reply, length);
		memcpy(reply->bytes, bytes, length);
	}
	free(bytes);
}

/* Faults of the bytes. */
static void
spoil(struct emu_bytes *reply, const struct emu_fault *fault)
{
	uint8_t argument = (uint8_t)fault->argument;

	switch (fault->action) {
	case EMU_SHORT:
		if (fault->argument < reply->length)
			reply->length = fault->argument;
		break;
	case EMU_LONG:
		resize(reply, reply->length + fault->argument);
		break;
	case EMU_WRONG_SLOT:
		reply->bytes[EMU_AT_SLOT] = argument;
		break;
	case EMU_WRONG_SEQ:
		reply->bytes[EMU_AT_SEQ] = (uint8_t)(reply->bytes[EMU_AT_SEQ] + argument);
		break;
	case EMU_WRONG_TYPE:
		reply->bytes[EMU_AT_TYPE] = argument;
		break;
	case EMU_STATUS:
		reply->bytes[EMU_AT_STATUS] = argument;
		break;
	case EMU_ERROR:
		replace_data(reply, NULL, 0);
		reply->bytes[EMU_AT_STATUS] |= EMU_STATUS_FAILED;
		reply->bytes[EMU_AT_ERROR] = argument;
		break;
	case EMU_ERROR_AS:
		replace_data(reply, NULL, 0);
		reply->bytes[EMU_AT_TYPE] = (uint8_t)(fault->argument >> 8);
		reply->bytes[EMU_AT_STATUS] |= EMU_STATUS_FAILED;
		reply->bytes[EMU_AT_ERROR] = argument;
		break;
	case EMU_PIECE:
		replace_zeros(reply, fault->argument >> 8);
		reply->bytes[EMU_AT_STATUS] &= EMU_STATUS_ICC;
		reply->bytes[EMU_AT_ERROR] = 0;
		reply->bytes[EMU_AT_BYTE_9] = argument;
		break;
	case EMU_BYTE_9:
		reply->bytes[EMU_AT_BYTE_9] = argument;
		break;
	case EMU_LENGTH:
		for (unsigned i = 0; i < 4; i++)
			reply->bytes[EMU_AT_LENGTH + i] = (uint8_t)(fault->argument >> 8 * i);
		break;
	case EMU_REPLACE:
		replace_hex(reply, fault->bytes, false);
		break;
	case EMU_PAYLOAD:
		replace_hex(reply, fault->bytes, true);
		break;
	case EMU_PAYLOAD_ZEROS:
		replace_zeros(reply, fault->argument);
		break;
	default:
		break;
	}
}

void
emu_send_endless(const struct emu_message *message, const uint8_t reply[EMU_HEADER])
{
	memcpy(message->function->endless, reply, EMU_HEADER);
	emu_send(message->function, reply, EMU_HEADER);
}

static void
make_extension(
    const struct emu_message *message, uint8_t type, uint8_t multiplier, uint8_t bytes[EMU_HEADER])
{
	memset(bytes, 0, EMU_HEADER);
	bytes[EMU_AT_TYPE] = type;
	bytes[EMU_AT_SLOT] = message->header[EMU_AT_SLOT];
	bytes[EMU_AT_SEQ] = message->header[EMU_AT_SEQ];
	bytes[EMU_AT_STATUS] = EMU_STATUS_TIME_EXTENSION | emu_icc_status(message->slot);
	bytes[EMU_AT_ERROR] = multiplier;
}

void
emu_reply_extension(const struct emu_message *message, uint8_t multiplier)
{
	uint8_t bytes[EMU_HEADER];

	make_extension(message, EMU_DATA_BLOCK, multiplier, bytes);
	emu_send(message->function, bytes, sizeof bytes);
}

static void
send_stale(const struct emu_message *message, const struct emu_bytes *reply, uint32_t count)
{
	uint8_t stale[EMU_HEADER] = { EMU_SLOT_STATUS };

	stale[EMU_AT_SLOT] = reply->bytes[EMU_AT_SLOT];
	stale[EMU_AT_SEQ] = reply->bytes[EMU_AT_SEQ] ^ STALE_BY;
	stale[EMU_AT_STATUS] = reply->bytes[EMU_AT_STATUS];
	if (count == EMU_ENDLESS) {
		emu_send_endless(message, stale);
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		emu_send(message->function, stale, sizeof stale);
	emu_send(message->function, reply->bytes, reply->length);
}

static void
send_babble(const struct emu_message *message, const char *text)
{
	uint8_t bytes[512];

	emu_send(message->function, bytes, emu_hex(text, bytes, sizeof bytes));
}

/* Faults of the way; those that leave the way alone end in the last line. */
static void
deliver(const struct emu_message *message, struct emu_bytes *reply, const struct emu_fault *fault)
{
	struct emu_function *function = message->function;
	struct vusb *usb = function->reader->usb;
	uint8_t endpoint = emu_endpoint_in(function), extension[EMU_HEADER];

	switch (fault->action) {
	case EMU_EMPTY_FIRST:
		for (uint32_t i = 0; i < fault->argument; i++)
			vusb_in(usb, endpoint, NULL, 0, true);
		break;
	case EMU_STALL_IN:
		vusb_stall(usb, endpoint);
		if (fault->argument == 0)
			return;
		break;
	case EMU_LATE:
		emu_keep_late(message, reply);
		return;
	case EMU_LOST:
		return;
	case EMU_TWICE:
		emu_send(function, reply->bytes, reply->length);
		break;
	case EMU_STALE:
		send_stale(message, reply, fault->argument);
		return;
	case EMU_EXTEND:
		make_extension(message, reply->bytes[EMU_AT_TYPE], (uint8_t)(fault->argument >> 16),
		    extension);
		for (uint32_t i = 0; i < (fault->argument & 0xFFFF); i++)
			emu_send(function, extension, sizeof extension);
		break;
	case EMU_EXTEND_ENDLESS:
		make_extension(
		    message, reply->bytes[EMU_AT_TYPE], (uint8_t)fault->argument, extension);
		emu_send_endless(message, extension);
		return;
	case EMU_FAIL_IN:
		vusb_fail_in(usb, endpoint, -(int)fault->argument);
		return;
	case EMU_SPLIT:
		if (fault->argument < reply->length) {
			vusb_in(usb, endpoint, reply->bytes, fault->argument, false);
			emu_send(function, reply->bytes + fault->argument,
			    reply->length - fault->argument);
			return;
		}
		break;
	case EMU_STORM:
		for (uint32_t i = 0; i < fault->argument; i++)
			vusb_in(usb, emu_endpoint_interrupt(function),
			    (const uint8_t[]){ 0x50, 0x03 }, 2, false);
		break;
	default:
		break;
	}
	emu_send(function, reply->bytes, reply->length);
	if (fault->action == EMU_BABBLE)
		send_babble(message, fault->bytes);
	for (uint32_t i = 0; fault->action == EMU_EMPTY_AFTER && i < fault->argument; i++)
		vusb_in(usb, endpoint, NULL, 0, true);
}

static void
finish_reply(const struct emu_message *message, struct emu_bytes *reply)
{
	const struct emu_fault *fault = message->function->reader->fault;

	if (fault == NULL) {
		emu_send(message->function, reply->bytes, reply->length);
	} else {
		spoil(reply, fault);
		deliver(message, reply, fault);
	}
	free(reply->bytes);
}

void
emu_reply(const struct emu_message *message, uint8_t type, uint8_t byte_9, const uint8_t *data,
    size_t length)
{
	struct emu_bytes reply = make_reply(message, type, byte_9, data, length);

	finish_reply(message, &reply);
}

void
emu_reply_failed(const struct emu_message *message, uint8_t type, uint8_t error)
{
	struct emu_bytes reply = make_reply(message, type, 0, NULL, 0);

	reply.bytes[EMU_AT_STATUS] |= EMU_STATUS_FAILED;
	reply.bytes[EMU_AT_ERROR] = error;
	finish_reply(message, &reply);
}

void
emu_reader_faults(struct emu_reader *reader, const struct emu_fault *faults, size_t count)
{
	vusb_lock(reader->usb);
	if (count > sizeof reader->fault_seen / sizeof reader->fault_seen[0])
		abort();
	reader->faults = faults;
	reader->fault_count = count;
	memset(reader->fault_seen, 0, sizeof reader->fault_seen);
	vusb_unlock(reader->usb);
}
