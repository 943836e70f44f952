/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of the three endpoints, byte by byte. */
#include <stdlib.h>
#include <string.h>

#include "ccid/message.h"
#include "tests/suite.h"
#include "tests/unit/ccid_hex.h"

static void
commands(void)
{
	static const struct {
		enum ccid_command_type type;
		uint8_t slot, sequence, parameters[3];
		const char *data, *message;
	} rows[] = {
		{ CCID_GET_SLOT_STATUS, 0, 7, { 0 }, "", "65 00 00 00 00 00 07 00 00 00" },
		{ CCID_POWER_ON, 0, 8, { 1 }, "", "62 00 00 00 00 00 08 01 00 00" },
		{ CCID_SET_PARAMETERS, 0, 9, { 1 }, "95 10 00 45 00 FE 00",
		    "61 07 00 00 00 00 09 01 00 00 95 10 00 45 00 FE 00" },
		{ CCID_XFR_BLOCK, 0, 0x0A, { 0 }, "FF 11 95 7B",
		    "6F 04 00 00 00 00 0A 00 00 00 FF 11 95 7B" },
		{ CCID_XFR_BLOCK, 0, 0x0B, { 0 }, "00 C1 01 FE 3E",
		    "6F 05 00 00 00 00 0B 00 00 00 00 C1 01 FE 3E" },
		{ CCID_XFR_BLOCK, 0, 0x0E, { 0, 0x10, 0 }, "", "6F 00 00 00 00 00 0E 00 10 00" },
		{ CCID_ABORT, 0, 0x0F, { 0 }, "", "72 00 00 00 00 00 0F 00 00 00" },
		{ CCID_ESCAPE, 15, 255, { 0xA, 0xB, 0xC }, "02",
		    "6B 01 00 00 00 0F FF 0A 0B 0C 02" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ccid_command command = {
			.type = rows[i].type, .slot = rows[i].slot, .sequence = rows[i].sequence
		};
		uint8_t *data = ccid_hex(rows[i].data, &command.length);
		uint8_t out[64];
		size_t length;

		command.data = command.length > 0 ? data : NULL;
		memcpy(command.parameters, rows[i].parameters, 3);
		length = ccid_message_write(&command, out, sizeof out);
		SUITE_EQUAL_BYTES(out, length, rows[i].message);
		free(data);
	}
}

/* The first part of an extended APDU: 300 bytes. */
static void
long_command(void)
{
	uint8_t data[300], out[310];
	struct ccid_command command = { .type = CCID_XFR_BLOCK,
		.sequence = 0x0D,
		.parameters = { 0, 1, 0 },
		.data = data,
		.length = sizeof data };

	memset(data, 0xA5, sizeof data);
	SUITE_EQUAL_INT(ccid_message_write(&command, out, sizeof out), 310);
	SUITE_EQUAL_BYTES(out, 10, "6F 2C 01 00 00 00 0D 00 01 00");
	CU_ASSERT(memcmp(out + 10, data, sizeof data) == 0);
	SUITE_EQUAL_INT(ccid_message_write(&command, out, sizeof out - 1), 0);
	SUITE_EQUAL_INT(ccid_message_write(&command, out, 9), 0);
	SUITE_EQUAL_INT(ccid_message_write(&command, out, 0), 0);
	command.length = SIZE_MAX;
	SUITE_EQUAL_INT(ccid_message_write(&command, out, sizeof out), 0);
	command.length = CCID_MESSAGE_MAX - CCID_HEADER + 1;
	SUITE_EQUAL_INT(ccid_message_write(&command, out, SIZE_MAX), 0);
}

static void
reply_types(void)
{
	static const struct {
		enum ccid_command_type command;
		enum ccid_reply_type reply;
	} rows[] = {
		{ CCID_POWER_ON, CCID_DATA_BLOCK },
		{ CCID_POWER_OFF, CCID_SLOT_STATUS },
		{ CCID_GET_SLOT_STATUS, CCID_SLOT_STATUS },
		{ CCID_XFR_BLOCK, CCID_DATA_BLOCK },
		{ CCID_GET_PARAMETERS, CCID_PARAMETERS },
		{ CCID_RESET_PARAMETERS, CCID_PARAMETERS },
		{ CCID_SET_PARAMETERS, CCID_PARAMETERS },
		{ CCID_ESCAPE, CCID_ESCAPE_REPLY },
		{ CCID_ICC_CLOCK, CCID_SLOT_STATUS },
		{ CCID_T0_APDU, CCID_SLOT_STATUS },
		{ CCID_SECURE, CCID_DATA_BLOCK },
		{ CCID_MECHANICAL, CCID_SLOT_STATUS },
		{ CCID_ABORT, CCID_SLOT_STATUS },
		{ CCID_SET_DATA_RATE, CCID_DATA_RATE },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		SUITE_EQUAL_HEX(ccid_message_reply_type(rows[i].command), rows[i].reply);
}

struct reply_row {
	enum ccid_command_type command;
	uint8_t slot, sequence;
	const char *message;
	enum ccid_check check;
	enum ccid_icc icc;
	enum ccid_status status;
	unsigned error, last;
	const char *data;
};

static void
check_replies(const struct reply_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct ccid_command command = {
			.type = rows[i].command, .slot = rows[i].slot, .sequence = rows[i].sequence
		};
		size_t length;
		uint8_t *message = ccid_hex(rows[i].message, &length);
		struct ccid_reply reply;

		if (!SUITE_EQUAL_INT(
			ccid_message_check(&command, message, length, &reply), rows[i].check))
			CU_FAIL(rows[i].message);
		if (rows[i].check == CCID_CHECK_RIGHT) {
			SUITE_EQUAL_INT(reply.icc, rows[i].icc);
			SUITE_EQUAL_INT(reply.status, rows[i].status);
			if (rows[i].status != CCID_STATUS_DONE)
				SUITE_EQUAL_HEX(reply.error, rows[i].error);
			SUITE_EQUAL_HEX(reply.last, rows[i].last);
			SUITE_EQUAL_BYTES(reply.data, reply.length, rows[i].data);
		} else {
			SUITE_EQUAL_INT(reply.length, 0);
			CU_ASSERT_PTR_NULL(reply.data);
		}
		free(message);
	}
}
#define CHECK_REPLIES(rows) check_replies(rows, sizeof(rows) / sizeof(rows)[0])

static void
replies(void)
{
	static const struct reply_row rows[] = {
		{ CCID_GET_SLOT_STATUS, 0, 7, "81 00 00 00 00 00 07 01 00 00", CCID_CHECK_RIGHT,
		    CCID_ICC_INACTIVE, CCID_STATUS_DONE, 0, 0, "" },
		{ CCID_GET_SLOT_STATUS, 0, 7, "81 00 00 00 00 00 07 02 00 00", CCID_CHECK_RIGHT,
		    CCID_ICC_ABSENT, CCID_STATUS_DONE, 0, 0, "" },
		{ CCID_GET_SLOT_STATUS, 0, 7, "81 00 00 00 00 00 07 42 FE 00", CCID_CHECK_RIGHT,
		    CCID_ICC_ABSENT, CCID_STATUS_FAILED, CCID_ERROR_MUTE, 0, "" },
		{ CCID_POWER_ON, 0, 8,
		    "80 0D 00 00 00 00 08 00 00 00 3B F2 18 00 02 C1 0A 31 FE 58 C8 08 74",
		    CCID_CHECK_RIGHT, CCID_ICC_ACTIVE, CCID_STATUS_DONE, 0, 0,
		    "3B F2 18 00 02 C1 0A 31 FE 58 C8 08 74" },
		{ CCID_SET_PARAMETERS, 0, 9, "82 07 00 00 00 00 09 00 00 01 95 10 00 45 00 FE 00",
		    CCID_CHECK_RIGHT, CCID_ICC_ACTIVE, CCID_STATUS_DONE, 0, 1,
		    "95 10 00 45 00 FE 00" },
		{ CCID_XFR_BLOCK, 0, 0x0B, "80 05 00 00 00 00 0B 00 00 00 00 E1 01 FE 1E",
		    CCID_CHECK_RIGHT, CCID_ICC_ACTIVE, CCID_STATUS_DONE, 0, 0, "00 E1 01 FE 1E" },
		{ CCID_XFR_BLOCK, 0, 0x0C, "80 00 00 00 00 00 0C 80 05 00", CCID_CHECK_RIGHT,
		    CCID_ICC_ACTIVE, CCID_STATUS_EXTENSION, 5, 0, "" },
		{ CCID_XFR_BLOCK, 0, 0x0C, "80 00 00 00 00 00 0C 40 FD 00", CCID_CHECK_RIGHT,
		    CCID_ICC_ACTIVE, CCID_STATUS_FAILED, CCID_ERROR_PARITY, 0, "" },
		{ CCID_XFR_BLOCK, 0, 0x0D, "80 00 00 00 00 00 0D 00 00 10", CCID_CHECK_RIGHT,
		    CCID_ICC_ACTIVE, CCID_STATUS_DONE, 0, CCID_CHAIN_CONTINUE, "" },
		/* Reserved bits of bStatus are ignored. */
		{ CCID_GET_SLOT_STATUS, 3, 9, "81 00 00 00 00 03 09 3D 00 02", CCID_CHECK_RIGHT,
		    CCID_ICC_INACTIVE, CCID_STATUS_DONE, 0, 2, "" },
	};

	CHECK_REPLIES(rows);
}

static void
too_short(void)
{
	static const struct reply_row rows[] = {
		{ .command = CCID_GET_SLOT_STATUS, .message = "81", .check = CCID_CHECK_SHORT },
		{ .command = CCID_GET_SLOT_STATUS,
		    .message = "81 00 00 00 00",
		    .check = CCID_CHECK_SHORT },
		{ .command = CCID_GET_SLOT_STATUS,
		    .message = "81 00 00 00 00 00 00 00 00",
		    .check = CCID_CHECK_SHORT },
	};
	static const struct reply_row none[] = {
		{ .command = CCID_GET_SLOT_STATUS, .message = "", .check = CCID_CHECK_SHORT },
	};

	CHECK_REPLIES(rows);
	CHECK_REPLIES(none);
}

static void
truncated(void)
{
	static const struct reply_row rows[] = {
		{ .command = CCID_XFR_BLOCK,
		    .message = "80 03 00 00 00 00 00 00 00 00 90 00",
		    .check = CCID_CHECK_TRUNCATED },
		{ .command = CCID_XFR_BLOCK,
		    .message = "80 01 00 00 00 00 00 00 00 00",
		    .check = CCID_CHECK_TRUNCATED },
		{ .command = CCID_XFR_BLOCK,
		    .message = "80 FF FF FF FF 00 00 00 00 00 90 00",
		    .check = CCID_CHECK_TRUNCATED },
		{ .command = CCID_POWER_ON,
		    .message = "80 00 FF FF FF 00 00 00 00 00 3B 00",
		    .check = CCID_CHECK_TRUNCATED },
		/* What a failure's length says does not matter, and nothing is copied. */
		{ CCID_XFR_BLOCK, 0, 0, "80 FF FF FF FF 00 00 40 FE 00 90 00", CCID_CHECK_RIGHT,
		    CCID_ICC_ACTIVE, CCID_STATUS_FAILED, CCID_ERROR_MUTE, 0, "" },
		{ CCID_XFR_BLOCK, 0, 0, "80 03 00 00 00 00 00 80 02 00", CCID_CHECK_RIGHT,
		    CCID_ICC_ACTIVE, CCID_STATUS_EXTENSION, 2, 0, "" },
	};

	CHECK_REPLIES(rows);
}

static void
padded(void)
{
	static const struct reply_row rows[] = {
		{ CCID_XFR_BLOCK, 0, 1, "80 02 00 00 00 00 01 00 00 00 90 00 00*4000",
		    CCID_CHECK_RIGHT, CCID_ICC_ACTIVE, CCID_STATUS_DONE, 0, 0, "90 00" },
		{ CCID_GET_SLOT_STATUS, 0, 1, "81 00 00 00 00 00 01 00 00 00 FF", CCID_CHECK_RIGHT,
		    CCID_ICC_ACTIVE, CCID_STATUS_DONE, 0, 0, "" },
	};

	CHECK_REPLIES(rows);
}

static void
strangers(void)
{
	static const struct reply_row rows[] = {
		{ .command = CCID_GET_SLOT_STATUS,
		    .slot = 1,
		    .sequence = 5,
		    .message = "81 00 00 00 00 00 05 00 00 00",
		    .check = CCID_CHECK_STALE },
		{ .command = CCID_GET_SLOT_STATUS,
		    .slot = 0,
		    .sequence = 5,
		    .message = "81 00 00 00 00 C8 05 00 00 00",
		    .check = CCID_CHECK_STALE },
	};
	static const struct reply_row old[] = {
		{ .command = CCID_GET_SLOT_STATUS,
		    .sequence = 5,
		    .message = "81 00 00 00 00 00 04 00 00 00",
		    .check = CCID_CHECK_STALE },
		/* Whatever else is wrong with it. */
		{ .command = CCID_GET_SLOT_STATUS,
		    .sequence = 0,
		    .message = "80 FF FF FF FF 00 FF 40 FE 00",
		    .check = CCID_CHECK_STALE },
	};

	CHECK_REPLIES(rows);
	CHECK_REPLIES(old);
}

static void
wrong_type(void)
{
	static const struct reply_row rows[] = {
		{ .command = CCID_POWER_ON,
		    .message = "81 00 00 00 00 00 00 00 00 00",
		    .check = CCID_CHECK_TYPE },
		{ .command = CCID_GET_SLOT_STATUS,
		    .message = "80 00 00 00 00 00 00 80 01 00",
		    .check = CCID_CHECK_TYPE },
		{ .command = CCID_POWER_ON,
		    .message = "81 00 00 00 00 00 00 C0 00 00",
		    .check = CCID_CHECK_TYPE },
		{ .command = CCID_ESCAPE,
		    .message = "6B 00 00 00 00 00 00 00 00 00",
		    .check = CCID_CHECK_TYPE },
		{ CCID_POWER_ON, 0, 0, "81 00 00 00 00 00 00 41 FE 00", CCID_CHECK_RIGHT,
		    CCID_ICC_INACTIVE, CCID_STATUS_FAILED, CCID_ERROR_MUTE, 0, "" },
	};

	CHECK_REPLIES(rows);
}

static void
reserved_status(void)
{
	static const struct reply_row rows[] = {
		{ CCID_XFR_BLOCK, 0, 0, "80 00 00 00 00 00 00 C0 FE 00", CCID_CHECK_RIGHT,
		    CCID_ICC_ACTIVE, CCID_STATUS_FAILED, CCID_ERROR_HARDWARE, 0, "" },
		{ CCID_GET_SLOT_STATUS, 0, 0, "81 00 00 00 00 00 00 03 00 00", CCID_CHECK_RIGHT,
		    CCID_ICC_ABSENT, CCID_STATUS_DONE, 0, 0, "" },
	};

	CHECK_REPLIES(rows);
}

static void
whole_length(void)
{
	static const struct {
		const char *message;
		uint64_t length;
	} rows[] = {
		{ "", 0 },
		{ "80 05 00 00 00 00 00 00 00", 0 },
		{ "80 00 00 00 00 00 00 00 00 00", 10 },
		{ "80 05 00 00 00 00 00 00 00 00", 15 },
		{ "80 02 01 00 00 00 00 00 00 00 55", 268 },
		{ "80 FF FF FF FF 00 00 00 00 00", 4294967305u },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t length;
		uint8_t *message = ccid_hex(rows[i].message, &length);

		SUITE_EQUAL_INT(ccid_message_length(message, length), rows[i].length);
		free(message);
	}
}

struct notice_row {
	const char *message;
	unsigned slots;
	bool told;
	unsigned present, changed;
};

static void
check_notices(const struct notice_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t length;
		uint8_t *message = ccid_hex(rows[i].message, &length);
		struct ccid_notice notice;

		if (!SUITE_EQUAL_INT(
			ccid_message_notice(message, length, rows[i].slots, &notice), rows[i].told))
			CU_FAIL(rows[i].message);
		SUITE_EQUAL_HEX(notice.present, rows[i].present);
		SUITE_EQUAL_HEX(notice.changed, rows[i].changed);
		CU_ASSERT_FALSE(notice.hardware);
		free(message);
	}
}
#define CHECK_NOTICES(rows) check_notices(rows, sizeof(rows) / sizeof(rows)[0])

static void
movements(void)
{
	static const struct notice_row rows[] = {
		{ "50 03", 1, true, 1, 1 },
		{ "50 02", 1, true, 0, 1 },
		{ "50 0B", 2, true, 1, 3 },
		{ "50 00", 1, true, 0, 0 },
		{ "50 00 03", 5, true, 0x10, 0x10 },
		{ "50 FF FF FF FF", 16, true, 0xFFFF, 0xFFFF },
	};

	CHECK_NOTICES(rows);
}

static void
odd_notices(void)
{
	static const struct notice_row rows[] = {
		{ "", 1, false, 0, 0 },
		{ "50", 1, false, 0, 0 },
		{ "50 03 FF*62", 1, true, 1, 1 },
		{ "50 03", 16, true, 1, 1 }, /* missing bytes: unchanged */
		{ "52 03", 1, false, 0, 0 },
		{ "00", 1, false, 0, 0 },
		{ "FF*64", 16, false, 0, 0 },
	};

	CHECK_NOTICES(rows);
}

static void
no_such_slot(void)
{
	static const struct notice_row rows[] = {
		{ "50 FF", 1, true, 1, 1 },
		{ "50 FF FF", 3, true, 7, 7 },
		{ "50 FF*20", 16, true, 0xFFFF, 0xFFFF },
		{ "50 FF*20", 255, true, 0xFFFF, 0xFFFF },
	};

	CHECK_NOTICES(rows);
}

static void
hardware(void)
{
	static const struct {
		const char *message;
		unsigned slots;
		bool told;
	} rows[] = {
		{ "51 00 12 01", 1, true },
		{ "51 0F 12 01 FF", 16, true },
		{ "51 C8 12 01", 16, false },
		{ "51 01 12 01", 1, false },
		{ "51", 1, false },
		{ "51 00 12", 1, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t length;
		uint8_t *message = ccid_hex(rows[i].message, &length);
		struct ccid_notice notice;

		SUITE_EQUAL_INT(
		    ccid_message_notice(message, length, rows[i].slots, &notice), rows[i].told);
		SUITE_EQUAL_INT(notice.hardware, rows[i].told);
		if (rows[i].told) {
			SUITE_EQUAL_INT(notice.slot, message[1]);
			SUITE_EQUAL_HEX(notice.sequence, 0x12);
			SUITE_EQUAL_HEX(notice.code, 0x01);
		}
		free(message);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "commands", commands },
		{ "a long command, and no room for it", long_command },
		{ "which reply is due", reply_types },
		{ "replies", replies },
		{ "length of the whole", whole_length },
		{ "R21 1 to 9 bytes", too_short },
		{ "R22 dwLength larger than what came", truncated },
		{ "R23 dwLength smaller than what came", padded },
		{ "R24 wrong slot", strangers },
		{ "R26 wrong type", wrong_type },
		{ "R27 reserved states", reserved_status },
		{ "movements", movements },
		{ "R50 notices of 0, 1, 64 bytes, unknown type", odd_notices },
		{ "R52 bits for slots that there are not", no_such_slot },
		{ "R53 hardware error of a slot that there is not", hardware },
	};

	return suite_run("messages", tests, sizeof tests / sizeof tests[0]);
}
