/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of faults by itself: a plain libusb program sees of each line what it says.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/client.h"
#include "tests/emulator/reader.h"
#include "tests/suite.h"

enum {
	OUT = 0x01,
	IN = 0x82
};

static struct emu_reader *reader;
static struct client client;

static void
start(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);

	reader = emu_reader_new(&params);
	emu_reader_plug(reader, 1, 7);
	emu_reader_insert(reader, 0, 0, emu_card_t0("3B 00", emu_application_echo()));
	client_open(&client);
}

static void
end(void)
{
	client_close(&client);
	emu_reader_free(reader);
}

/* What one GetSlotStatus is answered under one fault. */
struct spoiled {
	struct emu_fault fault;
	const char *expected[4]; /* transfers, in order; NULL: no more */
};

#define STATUS "81 00000000 00 01 01 00 00"

static void
test_spoiled(void)
{
	static const struct spoiled table[] = {
		{ { 1, 0, EMU_SHORT, 4, NULL }, { "81 000000" } },
		{ { 1, 0, EMU_LONG, 3, NULL }, { STATUS "5A5A5A" } },
		{ { 1, 0, EMU_EMPTY_FIRST, 1, NULL }, { "", STATUS } },
		{ { 1, 0, EMU_EMPTY_AFTER, 2, NULL }, { STATUS, "", "" } },
		{ { 1, 0, EMU_TWICE, 0, NULL }, { STATUS, STATUS } },
		{ { 1, 0, EMU_WRONG_SLOT, 9, NULL }, { "81 00000000 09 01 01 00 00" } },
		{ { 1, 0, EMU_WRONG_SEQ, 2, NULL }, { "81 00000000 00 03 01 00 00" } },
		{ { 1, 0, EMU_STALE, 2, NULL },
		    { "81 00000000 00 81 01 00 00", "81 00000000 00 81 01 00 00", STATUS } },
		{ { 1, 0, EMU_WRONG_TYPE, 0x80, NULL }, { "80 00000000 00 01 01 00 00" } },
		{ { 1, 0, EMU_STATUS, 0xC3, NULL }, { "81 00000000 00 01 C3 00 00" } },
		{ { 1, 0, EMU_ERROR, 0xFB, NULL }, { "81 00000000 00 01 41 FB 00" } },
		{ { 1, 0, EMU_ERROR_AS, 0x80FE, NULL }, { "80 00000000 00 01 41 FE 00" } },
		{ { 1, 0, EMU_PIECE, 0x0203, NULL }, { "81 02000000 00 01 01 00 03 0000" } },
		{ { 1, 0, EMU_BYTE_9, 3, NULL }, { "81 00000000 00 01 01 00 03" } },
		{ { 1, 0, EMU_LENGTH, 0xFFFFFFFF, NULL }, { "81 FFFFFFFF 00 01 01 00 00" } },
		{ { 1, 0, EMU_EXTEND, 2 | 5 << 16, NULL },
		    { "81 00000000 00 01 81 05 00", "81 00000000 00 01 81 05 00", STATUS } },
		{ { 1, 0, EMU_BABBLE, 0, "AABB" }, { STATUS, "AABB" } },
		{ { 1, 0, EMU_REPLACE, 0, "010203" }, { "010203" } },
		{ { 1, 0, EMU_PAYLOAD, 0, "0102" }, { "81 02000000 00 01 01 00 00 0102" } },
		{ { 1, 0, EMU_PAYLOAD_ZEROS, 3, NULL }, { "81 03000000 00 01 01 00 00 000000" } },
		{ { 1, 0, EMU_SPLIT, 4, NULL }, { "81 000000", "00 00 01 01 00 00" } },
		{ { 1, 0, EMU_REMOVE, 0, NULL }, { "81 00000000 00 01 02 00 00" } },
		{ { 2, 0, EMU_SHORT, 4, NULL }, { STATUS } },
		{ { 1, EMU_XFR_BLOCK, EMU_SHORT, 4, NULL }, { STATUS } },
		{ { 0, EMU_GET_SLOT_STATUS, EMU_SHORT, 4, NULL }, { "81 000000" } },
		{ { 1, 0, EMU_LOST, 0, NULL }, { NULL } },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		start();
		emu_reader_faults(reader, &table[i].fault, 1);
		SUITE_EQUAL_INT(client_send(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 0);
		for (size_t j = 0; j < 4 && table[i].expected[j] != NULL; j++) {
			int length = client_receive(&client, CLIENT_TIMEOUT_MS);

			CU_ASSERT(length >= 0);
			SUITE_EQUAL_BYTES(
			    client.reply, length >= 0 ? (size_t)length : 0, table[i].expected[j]);
		}
		SUITE_EQUAL_INT(client_receive(&client, CLIENT_SHORT_MS), LIBUSB_ERROR_TIMEOUT);
		end();
	}
}

static void
test_out(void)
{
	static const struct emu_fault faults[] = {
		{ 1, 0, EMU_STALL_OUT, 0, NULL },
		{ 2, 0, EMU_FAIL_OUT, EPROTO, NULL },
		{ 3, 0, EMU_PARTIAL_OUT, 4, NULL },
		{ 4, 0, EMU_HOLD_OUT, 0, NULL },
	};
	uint8_t message[10] = { EMU_GET_SLOT_STATUS };
	int sent;

	start();
	emu_reader_faults(reader, faults, 4);
	SUITE_EQUAL_INT(
	    client_send(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), LIBUSB_ERROR_PIPE);
	SUITE_EQUAL_INT(
	    client_send(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), LIBUSB_ERROR_PIPE);
	SUITE_EQUAL_INT(libusb_clear_halt(client.handle, OUT), 0);
	SUITE_EQUAL_INT(client_send(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), LIBUSB_ERROR_IO);
	SUITE_EQUAL_INT(libusb_bulk_transfer(client.handle, OUT, message, 10, &sent, 1000), 0);
	SUITE_EQUAL_INT(sent, 4);
	SUITE_EQUAL_INT(
	    libusb_bulk_transfer(client.handle, OUT, message, 10, &sent, CLIENT_SHORT_MS),
	    LIBUSB_ERROR_TIMEOUT);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 10);
	end();
}

static void
test_in(void)
{
	static const struct emu_fault faults[] = {
		{ 1, 0, EMU_STALL_IN, 0, NULL },
		{ 2, 0, EMU_STALL_IN, 1, NULL },
		{ 3, 0, EMU_FAIL_IN, EOVERFLOW, NULL },
		{ 4, 0, EMU_FAIL_IN, EPROTO, NULL },
	};

	start();
	emu_reader_faults(reader, faults, 4);
	for (int i = 0; i < 2; i++) {
		SUITE_EQUAL_INT(client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0),
		    LIBUSB_ERROR_PIPE);
		SUITE_EQUAL_INT(libusb_clear_halt(client.handle, IN), 0);
		SUITE_EQUAL_INT(
		    client_receive(&client, CLIENT_SHORT_MS), i == 0 ? LIBUSB_ERROR_TIMEOUT : 10);
	}
	SUITE_EQUAL_INT(
	    client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), LIBUSB_ERROR_OVERFLOW);
	SUITE_EQUAL_INT(
	    client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), LIBUSB_ERROR_IO);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 10);
	end();
}

static void
test_late(void)
{
	static const struct emu_fault faults[] = { { 1, 0, EMU_LATE, 0, NULL } };

	start();
	emu_reader_faults(reader, faults, 1);
	SUITE_EQUAL_INT(client_send(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 0);
	CU_ASSERT(emu_reader_wait_late(reader, 1));
	SUITE_EQUAL_INT(client_receive(&client, CLIENT_SHORT_MS), LIBUSB_ERROR_TIMEOUT);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 10);
	SUITE_EQUAL_HEX(client.reply[8], 0xE0);
	SUITE_EQUAL_INT(emu_reader_release(reader), 1);
	SUITE_EQUAL_INT(client_receive(&client, CLIENT_TIMEOUT_MS), 10);
	SUITE_EQUAL_BYTES(client.reply, 10, STATUS);
	end();
}

/* As long as somebody asks, and until the next message. */
static void
test_endless(void)
{
	static const struct emu_fault extend = { 1, 0, EMU_EXTEND_ENDLESS, 9, NULL },
				      stale = { 1, 0, EMU_STALE, EMU_ENDLESS, NULL };

	start();
	for (int round = 0; round < 2; round++) {
		emu_reader_faults(reader, round == 0 ? &extend : &stale, 1);
		SUITE_EQUAL_INT(client_send(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 0);
		for (int i = 0; i < 300; i++)
			SUITE_EQUAL_INT(client_receive(&client, CLIENT_TIMEOUT_MS), 10);
		SUITE_EQUAL_HEX(client.reply[7], round == 0 ? 0x81 : 0x01);
		SUITE_EQUAL_INT(client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 10);
		SUITE_EQUAL_HEX(client.reply[6], client.seq);
	}
	end();
}

static void
test_unplug(void)
{
	static const struct emu_fault faults[] = { { 2, 0, EMU_UNPLUG, 0, NULL } };

	start();
	emu_reader_faults(reader, faults, 1);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 10);
	SUITE_EQUAL_INT(client_send(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 0);
	SUITE_EQUAL_INT(client_receive(&client, CLIENT_TIMEOUT_MS), LIBUSB_ERROR_NO_DEVICE);
	end();
}

static void
test_storm(void)
{
	static const struct emu_fault faults[] = { { 1, 0, EMU_STORM, 50, NULL } };
	uint8_t bytes[8];
	int length, count = 0;

	start();
	emu_reader_faults(reader, faults, 1);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 10);
	while (
	    libusb_interrupt_transfer(client.handle, 0x83, bytes, 8, &length, CLIENT_SHORT_MS) == 0)
		count++;
	/* The insertion's own comes first. */
	SUITE_EQUAL_INT(count, 51);
	end();
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "replies are spoiled as the table says", test_spoiled },
		{ "messages: stalled, failed, partial, held", test_out },
		{ "replies: stalled, overflow, protocol error", test_in },
		{ "late until released", test_late },
		{ "endless until the next message", test_endless },
		{ "unplugged between message and reply", test_unplug },
		{ "a storm of interrupts", test_storm },
	};

	return suite_run("emulator faults", tests, sizeof tests / sizeof tests[0]);
}
