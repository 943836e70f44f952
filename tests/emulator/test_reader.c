/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The emulated reader by itself, driven by a plain libusb program: its messages, levels, PIN pad.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/client.h"
#include "tests/emulator/reader.h"
#include "tests/suite.h"

#define ATR_T0 "3B 00"
#define ATR_T1 "3B 90 95 81 31 FE 45 8E" /* T=1 at 512/16 if asked; IFSC 254 */

static struct emu_reader *reader;
static struct client client;

static void
start(const struct emu_reader_params *params, struct emu_card *card)
{
	reader = emu_reader_new(params);
	emu_reader_plug(reader, 1, 7);
	if (card != NULL)
		emu_reader_insert(reader, 0, 0, card);
	client_open(&client);
}

static void
end(void)
{
	client_close(&client);
	emu_reader_free(reader);
}

/* Sends a message with data in hex and compares the reply, but for its bSeq. */
#define EXCHANGE(type, bytes_7_8_9, data, expected)                                             \
	do {                                                                                    \
		int length_ = client_exchange_hex(&client, (type), 0, (bytes_7_8_9), (data));   \
		client.reply[6] = 0;                                                            \
		SUITE_EQUAL_BYTES(client.reply, length_ > 0 ? (size_t)length_ : 0, (expected)); \
	} while (0)

static void
test_status(void)
{
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);

	start(&params, NULL);
	EXCHANGE(EMU_GET_SLOT_STATUS, 0, "", "81 00000000 00 00 02 00 00");
	emu_reader_insert(reader, 0, 0, emu_card_t0(ATR_T0, emu_application_echo()));
	EXCHANGE(EMU_GET_SLOT_STATUS, 0, "", "81 00000000 00 00 01 00 00");
	EXCHANGE(EMU_XFR_BLOCK, 0, "00 12 00 00 01", "80 00000000 00 00 41 FE 00");
	EXCHANGE(EMU_POWER_ON, 0, "", "80 02000000 00 00 00 00 00 3B 00");
	CU_ASSERT(emu_reader_is_powered(reader, 0, 0));
	EXCHANGE(EMU_POWER_OFF, 0, "", "81 00000000 00 00 01 00 00");
	EXCHANGE(0x55, 0, "", "81 00000000 00 00 41 00 00");
	EXCHANGE(EMU_GET_SLOT_STATUS, 0, "AA", "81 00000000 00 00 41 01 00");
	SUITE_EQUAL_INT(client_exchange(&client, EMU_GET_SLOT_STATUS, 1, 0, NULL, 0), 10);
	SUITE_EQUAL_HEX(client.reply[8], 5);
	end();
}

static void
test_power(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	struct emu_card *card = emu_card_t0(ATR_T0, emu_application_echo());

	params.function[0].ccid.voltages = EMU_5V | EMU_3V;
	card->voltages = EMU_3V;
	start(&params, card);
	EXCHANGE(EMU_POWER_ON, 0, "", "80 00000000 00 00 41 07 00");
	EXCHANGE(EMU_POWER_ON, 3, "", "80 00000000 00 00 41 07 00");
	EXCHANGE(EMU_POWER_ON, 1, "", "80 00000000 00 00 41 FE 00");
	EXCHANGE(EMU_POWER_ON, 2, "", "80 02000000 00 00 00 00 00 3B 00");
	SUITE_EQUAL_INT(card->warm_resets, 0);
	EXCHANGE(EMU_POWER_ON, 2, "", "80 02000000 00 00 00 00 00 3B 00");
	SUITE_EQUAL_INT(card->warm_resets, 1);
	end();
}

static void
test_parameters(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	params.function[0].strict_rates = true;
	params.function[0].ccid.maximum_data_rate = 130000;
	start(&params, emu_card_t1(ATR_T1, emu_application_echo()));
	EXCHANGE(EMU_POWER_ON, 1, "", "80 08000000 00 00 00 00 00" ATR_T1);
	EXCHANGE(EMU_GET_PARAMETERS, 0, "", "82 05000000 00 00 00 00 00 11 00 00 0A 00");
	EXCHANGE(EMU_SET_PARAMETERS, 2, "11 10 00 45 00 FE 00", "82 00000000 00 00 40 07 00");
	EXCHANGE(EMU_SET_PARAMETERS, 1, "11 10 00 45 00", "82 00000000 00 00 40 01 00");
	EXCHANGE(EMU_SET_PARAMETERS, 1, "96 10 00 45 00 FE 00", "82 00000000 00 00 40 0A 00");
	EXCHANGE(EMU_SET_PARAMETERS, 1, "95 10 00 45 00 FE 00",
	    "82 07000000 00 00 00 00 01 95 10 00 45 00 FE 00");
	/* The card is still at the default rate: it hears nothing. */
	EXCHANGE(EMU_XFR_BLOCK, 0, "00 C1 01 FE 3E", "80 00000000 00 00 40 FE 00");
	EXCHANGE(EMU_RESET_PARAMETERS, 0, "", "82 05000000 00 00 00 00 00 11 00 00 0A 00");
	EXCHANGE(EMU_ICC_CLOCK, 1, "", "81 00000000 00 00 40 00 00");
	EXCHANGE(EMU_MECHANICAL, 2, "", "81 00000000 00 00 40 00 00");
	EXCHANGE(EMU_T0_APDU, 0, "", "81 00000000 00 00 40 00 00");
	EXCHANGE(
	    EMU_SET_RATE, 0, "A00F0000 002A0000", "84 08000000 00 00 00 00 00 A00F0000 002A0000");
	end();
}

/* The whole way of a host at TPDU level: PPS, parameters, IFS, blocks. */
static void
test_tpdu_t1(void)
{
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	start(&params, emu_card_t1(ATR_T1, emu_application_echo()));
	EXCHANGE(EMU_POWER_ON, 1, "", "80 08000000 00 00 00 00 00" ATR_T1);
	EXCHANGE(EMU_XFR_BLOCK, 0, "FF 11 95 7B", "80 04000000 00 00 00 00 00 FF 11 95 7B");
	EXCHANGE(EMU_SET_PARAMETERS, 1, "95 10 00 45 00 FE 00",
	    "82 07000000 00 00 00 00 01 95 10 00 45 00 FE 00");
	EXCHANGE(EMU_XFR_BLOCK, 0, "00 C1 01 FE 3E", "80 05000000 00 00 00 00 00 00 E1 01 FE 1E");
	EXCHANGE(EMU_XFR_BLOCK, 0, "00 00 05 00 12 00 00 01 16",
	    "80 07000000 00 00 00 00 00 00 00 03 00 90 00 93");
	EXCHANGE(EMU_XFR_BLOCK, 1 << 8, "00 40 05 00 12 00 00 01 56", "80 00000000 00 00 40 08 00");
	end();
}

static void
test_tpdu_t0(void)
{
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	struct emu_card *card = emu_card_t0(ATR_T0, emu_application_files());

	emu_card_t0_options(card)->nulls = 1;
	start(&params, card);
	EXCHANGE(EMU_POWER_ON, 1, "", "80 02000000 00 00 00 00 00 3B 00");
	/* Each NULL is a time extension. */
	EXCHANGE(EMU_XFR_BLOCK, 0, "00 A4 00 00", "80 00000000 00 00 80 01 00");
	client_receive(&client, 1000);
	SUITE_EQUAL_BYTES(client.reply + 10, 2, "90 00");
	emu_card_t0_options(card)->nulls = 0;
	EXCHANGE(EMU_XFR_BLOCK, 0, "00 A4 00 00 02 2F 00", "80 02000000 00 00 00 00 00 61 13");
	EXCHANGE(EMU_XFR_BLOCK, 0, "00 B0 00 00 03", "80 05000000 00 00 00 00 00 000102 9000");
	emu_card_t0_options(card)->single = true;
	EXCHANGE(EMU_XFR_BLOCK, 0, "00 B0 00 00 03", "80 05000000 00 00 00 00 00 000102 9000");
	EXCHANGE(EMU_XFR_BLOCK, 0, "00 20 00 01 04 31323334", "80 02000000 00 00 00 00 00 9000");
	emu_card_t0_options(card)->procedure = 0x55;
	EXCHANGE(EMU_XFR_BLOCK, 0, "00 B0 00 00 03", "80 00000000 00 00 40 F4 00");
	emu_card_t0_options(card)->procedure = -1;
	emu_card_t0_options(card)->nulls = EMU_ENDLESS;
	EXCHANGE(EMU_XFR_BLOCK, 0, "00 B0 00 00 03", "80 00000000 00 00 80 01 00");
	for (int i = 0; i < 200; i++)
		SUITE_EQUAL_INT(client_receive(&client, 1000), 10);
	SUITE_EQUAL_HEX(client.reply[7], 0x80);
	end();
}

static void
test_character(void)
{
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_CHARACTER);

	start(&params, emu_card_t0(ATR_T0, emu_application_files()));
	EXCHANGE(EMU_POWER_ON, 1, "", "80 02000000 00 00 00 00 00 3B 00");
	EXCHANGE(EMU_XFR_BLOCK, 1 << 8, "00 A4 00 00 02", "80 01000000 00 00 00 00 00 A4");
	EXCHANGE(EMU_XFR_BLOCK, 1 << 8, "2F 00", "80 01000000 00 00 00 00 00 61");
	EXCHANGE(EMU_XFR_BLOCK, 1 << 8, "", "80 01000000 00 00 00 00 00 13");
	EXCHANGE(EMU_XFR_BLOCK, 1 << 8, "", "80 00000000 00 00 40 FE 00");
	emu_reader_swap(reader, 0, 0, emu_card_t1(ATR_T1, emu_application_echo()));
	EXCHANGE(EMU_POWER_ON, 1, "", "80 08000000 00 00 00 00 00" ATR_T1);
	EXCHANGE(EMU_XFR_BLOCK, 2 << 8, "FF 01 FE", "80 02000000 00 00 00 00 00 FF 01");
	EXCHANGE(EMU_XFR_BLOCK, 1 << 8, "", "80 01000000 00 00 00 00 00 FE");
	EXCHANGE(EMU_SET_PARAMETERS, 1, "11 10 00 45 00 FE 00",
	    "82 07000000 00 00 00 00 01 11 10 00 45 00 FE 00");
	EXCHANGE(EMU_XFR_BLOCK, 3 << 8, "00 00 05 00 12 00 00 01 16",
	    "80 03000000 00 00 00 00 00 00 00 03");
	EXCHANGE(EMU_XFR_BLOCK, 4 << 8, "", "80 04000000 00 00 00 00 00 00 90 00 93");
	end();
}

/* 600 bytes through a reader that takes 200 at a time, and as many back. */
static void
test_extended_chaining(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);
	uint8_t apdu[609] = { 0x00, 0x10, 0x00, 0x00, 0x00, 600 >> 8, 600 & 0xFF };

	params.function[0].ccid.max_message = 210;
	start(&params, emu_card_t1(ATR_T1, emu_application_echo()));
	client_exchange(&client, EMU_POWER_ON, 0, 0, NULL, 0);
	memset(apdu + 7, 0x44, 600);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_XFR_BLOCK, 0, 1 << 8, apdu, 200), 10);
	SUITE_EQUAL_HEX(client.reply[9], 0x10);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_XFR_BLOCK, 0, 3 << 8, apdu + 200, 200), 10);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_XFR_BLOCK, 0, 3 << 8, apdu + 400, 200), 10);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_XFR_BLOCK, 0, 2 << 8, apdu + 600, 9), 210);
	SUITE_EQUAL_HEX(client.reply[9], 1);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_XFR_BLOCK, 0, 0x10 << 8, NULL, 0), 210);
	SUITE_EQUAL_HEX(client.reply[9], 3);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_XFR_BLOCK, 0, 0x10 << 8, NULL, 0), 210);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_XFR_BLOCK, 0, 0x10 << 8, NULL, 0), 12);
	SUITE_EQUAL_HEX(client.reply[9], 2);
	SUITE_EQUAL_BYTES(client.reply + 10, 2, "90 00");
	/* Out of order. */
	EXCHANGE(EMU_XFR_BLOCK, 2 << 8, "00", "80 00000000 00 00 40 08 00");
	EXCHANGE(EMU_XFR_BLOCK, 0x10 << 8, "", "80 00000000 00 00 40 08 00");
	end();
}

/* The longest command and the longest answer. */
static void
test_extended_whole(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);
	static uint8_t apdu[EMU_COMMAND_MAX] = { 0x00, 0x10, 0x00, 0x00, 0x00, 0xFF, 0xFF };

	params.function[0].ccid.max_message = 65556;
	start(&params, emu_card_t1(ATR_T1, emu_application_echo()));
	client_exchange(&client, EMU_POWER_ON, 0, 0, NULL, 0);
	memset(apdu + 7, 0x44, 65535);
	SUITE_EQUAL_INT(
	    client_exchange(&client, EMU_XFR_BLOCK, 0, 0, apdu, sizeof apdu), 10 + 65535 + 2);
	SUITE_EQUAL_BYTES(client.reply + 10 + 65534, 3, "44 90 00");
	EXCHANGE(EMU_SET_PARAMETERS, 1, "95 10 00 45 00 FE 00",
	    "82 07000000 00 00 00 00 01 11 10 00 4D 00 20 00");
	end();
}

static void
test_auto_pps(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	struct emu_card *card = emu_card_t1(ATR_T1, emu_application_echo());
	unsigned requests;

	params.function[0].ccid.features |= EMU_AUTO_PPS | EMU_AUTO_IFSD | EMU_AUTO_VOLTAGE;
	start(&params, card);
	client_exchange(&client, EMU_POWER_ON, 0, 0, NULL, 0);
	EXCHANGE(EMU_SET_PARAMETERS, 1, "95 10 00 45 00 FE 00",
	    "82 07000000 00 00 00 00 01 95 10 00 45 00 FE 00");
	SUITE_EQUAL_INT(card->pps_count, 1);
	SUITE_EQUAL_HEX(card->fidi, 0x95);
	SUITE_EQUAL_INT(emu_card_t1_ifsd(card, &requests), 254);
	card->pps = EMU_PPS_MUTE;
	client_exchange(&client, EMU_POWER_ON, 0, 0, NULL, 0);
	EXCHANGE(EMU_SET_PARAMETERS, 1, "95 10 00 45 00 FE 00", "82 00000000 00 00 40 F6 00");
	end();
}

static void
test_abort(void)
{
	static const struct emu_fault faults[] = { { 1, EMU_XFR_BLOCK, EMU_LATE, 0, NULL } };
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);
	uint8_t setup[8];

	start(&params, emu_card_t0(ATR_T0, emu_application_echo()));
	client_exchange(&client, EMU_POWER_ON, 0, 0, NULL, 0);
	emu_reader_faults(reader, faults, 1);
	client_send(&client, EMU_XFR_BLOCK, 0, 0, (const uint8_t *)"\0\x12\0\0\1", 5);
	CU_ASSERT(emu_reader_wait_late(reader, 1));
	/* The slot is busy, then being aborted. */
	EXCHANGE(EMU_GET_SLOT_STATUS, 0, "", "81 00000000 00 00 40 E0 00");
	SUITE_EQUAL_INT(
	    libusb_control_transfer(client.handle, 0x21, 1, 4 << 8, 0, NULL, 0, CLIENT_TIMEOUT_MS),
	    0);
	SUITE_EQUAL_INT(emu_reader_controls(reader, setup), 1);
	SUITE_EQUAL_BYTES(setup, 8, "21 01 00 04 0000 0000");
	SUITE_EQUAL_INT(client_exchange(&client, EMU_ABORT, 0, 0, NULL, 0), 10);
	SUITE_EQUAL_BYTES(client.reply, 10, "80 00000000 00 02 40 FF 00");
	SUITE_EQUAL_INT(client_receive(&client, 1000), 10);
	SUITE_EQUAL_BYTES(client.reply, 10, "81 00000000 00 04 00 00 00");
	SUITE_EQUAL_INT(emu_reader_release(reader), 0);
	EXCHANGE(EMU_XFR_BLOCK, 0, "00 12 00 00 01", "80 03000000 00 00 00 00 00 00 90 00");
	end();
}

static void
test_tables(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	uint8_t bytes[64];

	params.function[0].ccid.data_rates = 2;
	params.function[0].rates[0] = 10752;
	params.function[0].rates[1] = 0x12345;
	params.function[0].ccid.clocks = 1;
	params.function[0].clocks[0] = 4000;
	start(&params, NULL);
	SUITE_EQUAL_INT(
	    libusb_control_transfer(client.handle, 0xA1, 3, 0, 0, bytes, 8, CLIENT_TIMEOUT_MS), 8);
	SUITE_EQUAL_BYTES(bytes, 8, "002A0000 45230100");
	SUITE_EQUAL_INT(
	    libusb_control_transfer(client.handle, 0xA1, 2, 0, 0, bytes, 64, CLIENT_TIMEOUT_MS), 4);
	SUITE_EQUAL_BYTES(bytes, 4, "A00F0000");
	end();
}

static int
escape(void *data, const uint8_t *request, size_t length, uint8_t *reply, size_t room)
{
	(void)data;
	if (length == 0 || length > room)
		return -0x01;
	memcpy(reply, request, length);
	reply[0]++;
	return (int)length;
}

static void
test_escape(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	params.function[0].escape = escape;
	start(&params, NULL);
	EXCHANGE(EMU_ESCAPE, 0, "1F 01", "83 02000000 00 00 02 00 00 20 01");
	EXCHANGE(EMU_ESCAPE, 0, "", "83 00000000 00 00 42 01 00");
	end();
}

/* 00 20 00 01, ASCII, 4 to 8 digits, no block: the PIN is as long as it is. */
#define VERIFY "00 00 82 00 00 08 04 02 00 0904 00 000000 00200001"
#define MODIFY "01 00 82 00 00 00 04 08 04 03 02 00 0904 00 000000 00100000"

static void
test_pinpad(void)
{
	static const struct emu_user right = { EMU_USER_ENTERS, "1234", "5678", NULL },
				     wrong = { EMU_USER_ENTERS, "9999", NULL, NULL },
				     short_one = { EMU_USER_ENTERS, "12", NULL, NULL },
				     different = { EMU_USER_ENTERS, "1234", "5678", "5679" },
				     cancels = { EMU_USER_CANCELS, NULL, NULL, NULL },
				     waits = { EMU_USER_WAITS_TOO_LONG, NULL, NULL, NULL },
				     thinks = { EMU_USER_THINKS, "1234", NULL, NULL };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_SHORT);

	params.function[0].ccid.pin_support = 3;
	start(&params, emu_card_t1(ATR_T1, emu_application_files()));
	client_exchange(&client, EMU_POWER_ON, 0, 0, NULL, 0);
	emu_reader_user(reader, 0, &wrong);
	EXCHANGE(EMU_SECURE, 0, VERIFY, "80 02000000 00 00 00 00 00 63 C2");
	emu_reader_user(reader, 0, &right);
	EXCHANGE(EMU_SECURE, 0, VERIFY, "80 02000000 00 00 00 00 00 90 00");
	emu_reader_user(reader, 0, &short_one);
	EXCHANGE(EMU_SECURE, 0, VERIFY, "80 02000000 00 00 00 00 00 64 03");
	emu_reader_user(reader, 0, &cancels);
	EXCHANGE(EMU_SECURE, 0, VERIFY, "80 00000000 00 00 40 EF 00");
	emu_reader_user(reader, 0, &waits);
	EXCHANGE(EMU_SECURE, 0, VERIFY, "80 00000000 00 00 40 F0 00");
	emu_reader_user(reader, 0, &different);
	EXCHANGE(EMU_SECURE, 0, MODIFY, "80 02000000 00 00 00 00 00 64 02");
	emu_reader_swap(reader, 0, 0, emu_card_t1(ATR_T1, emu_application_echo()));
	client_exchange(&client, EMU_POWER_ON, 0, 0, NULL, 0);
	emu_reader_user(reader, 0, &right);
	EXCHANGE(EMU_SECURE, 0, MODIFY, "80 0A000000 00 00 00 00 00 31323334 35363738 9000");
	emu_reader_user(reader, 0, &thinks);
	client_send(&client, EMU_SECURE, 0, 0,
	    (const uint8_t *)"\0\0\x82\0\0\x08\4\2\0\x09\4\0\0\0\0\0\x10\0\0", 19);
	CU_ASSERT(emu_reader_wait_late(reader, 1));
	SUITE_EQUAL_INT(emu_reader_release(reader), 1);
	SUITE_EQUAL_INT(client_receive(&client, 1000), 16);
	SUITE_EQUAL_BYTES(client.reply + 10, 6, "31323334 9000");
	end();
}

/* At TPDU level the command goes to the card as a block of its own making. */
static void
test_pinpad_t1(void)
{
	static const struct emu_user right = { EMU_USER_ENTERS, "1234", NULL, NULL };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	params.function[0].ccid.pin_support = 1;
	start(&params, emu_card_t1(ATR_T1, emu_application_files()));
	emu_reader_user(reader, 0, &right);
	client_exchange(&client, EMU_POWER_ON, 0, 1, NULL, 0);
	client_exchange_hex(&client, EMU_SET_PARAMETERS, 0, 1, "11 10 00 45 00 FE 00");
	EXCHANGE(EMU_SECURE, 0, "00 00 82 00 00 08 04 02 00 0904 00 000004 00200001",
	    "80 06000000 00 00 00 00 00 00 00 02 90 00 92");
	EXCHANGE(EMU_SECURE, 0, MODIFY, "80 00000000 00 00 40 00 00");
	end();
}

static void
test_slots(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);
	struct client_transfer interrupt = { .transfer = NULL };

	params.function[0].ccid.max_slot_index = 15;
	start(&params, NULL);
	emu_reader_insert(reader, 0, 15, emu_card_t0(ATR_T0, emu_application_echo()));
	client_submit(&client, &interrupt, 0x83, true, 8);
	CU_ASSERT(client_wait(&client, &interrupt));
	SUITE_EQUAL_BYTES(
	    interrupt.bytes, (size_t)interrupt.transfer->actual_length, "50 00 00 00 C0");
	SUITE_EQUAL_INT(client_exchange(&client, EMU_POWER_ON, 15, 0, NULL, 0), 12);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_GET_SLOT_STATUS, 14, 0, NULL, 0), 10);
	SUITE_EQUAL_HEX(client.reply[7], 2);
	client_transfer_free(&interrupt);
	end();
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "status, power, unknown messages, wrong slot", test_status },
		{ "voltages and the warm reset", test_power },
		{ "parameters, rates, and commands it has not", test_parameters },
		{ "TPDU level, T=1, as a host goes it", test_tpdu_t1 },
		{ "TPDU level, T=0", test_tpdu_t0 },
		{ "character level, T=0 and T=1", test_character },
		{ "extended level in pieces", test_extended_chaining },
		{ "extended level, the longest command", test_extended_whole },
		{ "PPS and IFS by the reader", test_auto_pps },
		{ "busy, abort", test_abort },
		{ "tables of clocks and rates", test_tables },
		{ "Escape", test_escape },
		{ "PIN pad: right, wrong, cancelled, too late, thinking", test_pinpad },
		{ "PIN pad under T=1 at TPDU level", test_pinpad_t1 },
		{ "sixteen slots", test_slots },
	};

	return suite_run("emulator reader", tests, sizeof tests / sizeof tests[0]);
}
