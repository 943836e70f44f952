/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CCID driver against descriptors, tables and strings that make no sense: the reader is
 * refused, or it is used with values that do.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <objbase.h>

#include "tests/emulator/session.h"

#define MESSAGE_HEADER 10u
#define DEVICE_CONFIGURATIONS 17u /* bNumConfigurations */
#define CONFIGURATION 18u         /* where its descriptor begins */
#define ALTERNATE (CONFIGURATION + 9u + 3u)
#define MANY 100u

static struct session s;

static struct emu_card *
card_of(uint32_t level)
{
	return level == EMU_LEVEL_CHARACTER
	    ? emu_card_t0(SESSION_ATR_T0, emu_application_echo())
	    : emu_card_t1(SESSION_ATR_T1_FAST, emu_application_echo());
}

/* Found, and good for an exchange. */
static void
check_used(const struct emu_reader_params *params)
{
	session_start(
	    &s, params, card_of(params->function[0].ccid.features & EMU_LEVEL_MASK), NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s.reader);
	SUITE_EQUAL_HEX(session_connect(&s), S_OK);
	session_check_works(&s);
}

static void
check_good(const struct emu_reader_params *params)
{
	check_used(params);
	session_stop(&s);
}

/* Not found, and nobody is told of it. */
static void
check_refused(const struct emu_reader_params *params)
{
	session_start(&s, params, NULL, NULL);
	CU_ASSERT_PTR_NULL(s.reader);
	SUITE_EQUAL_INT(sink_count(s.sink), 0);
	session_stop(&s);
}

static void
r1(void)
{
	static const struct {
		uint8_t bytes[8];
		size_t length;
	} table[] = {
		{ { 0x36 }, 1 },
		{ { 0x00 }, 1 },
		{ { 0x00, 0x21 }, 2 },
		{ { 0x01, 0x21 }, 2 },
		{ { 0x36, 0x21, 0x10, 0x01 }, 4 },
		{ { 0x03, 0x0B, 0x00, 0x36, 0x21 }, 5 },
		{ { 0x08, 0x21, 0, 0, 0, 0, 0, 0 }, 8 },
		{ { 0xFF, 0x21, 0x10 }, 3 },
	};
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		params.function[0].extra = table[i].bytes;
		params.function[0].extra_length = table[i].length;
		check_refused(&params);
	}
}

static void
r2(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	params.function[0].placement = EMU_NOWHERE;
	check_refused(&params);
	/* In the wrong place it is there all the same. */
	for (int place = EMU_IN_FIRST_ENDPOINT; place <= EMU_IN_CONFIGURATION; place++) {
		params.function[0].placement = (enum emu_placement)place;
		check_good(&params);
	}
}

static void
r3(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	uint8_t bytes[VUSB_DESCRIPTORS_MAX];

	params.function[0].no_bulk_in = true;
	check_refused(&params);
	params.function[0].no_bulk_in = false;
	params.function[0].no_bulk_out = true;
	check_refused(&params);
	params.function[0].no_bulk_out = false;
	params.function[0].two_bulk_in = true;
	check_good(&params);
	/* The second one with the number of the first. */
	params.descriptors_length = emu_reader_describe(&params, bytes);
	params.descriptors = bytes;
	for (size_t i = 0; i + 2 < params.descriptors_length; i++)
		if (bytes[i] == 7 && bytes[i + 1] == 5 && bytes[i + 2] == 0x8F)
			bytes[i + 2] = 0x82;
	check_good(&params);
}

static void
r4(void)
{
	static const uint16_t packets[] = { 0, 1, 8, 65535 };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
		params.function[0].packet = packets[i];
		check_good(&params);
	}
	params.function[0].packet = 64;
	params.function[0].interrupt_packet = 0;
	check_good(&params);
}

static void
r5(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	params.function[0].ccid.max_slot_index = 255;
	check_used(&params);
	SUITE_EQUAL_INT(sink_event(s.sink, 15, NULL), SINK_ARRIVED);
	CU_ASSERT(sink_event(s.sink, 16, NULL) != SINK_ARRIVED);
	session_stop(&s);
}

static void
r6(void)
{
	static const uint8_t busy[] = { 0, 2, 255 };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	params.function[0].ccid.max_slot_index = 1;
	for (size_t i = 0; i < sizeof busy; i++) {
		params.function[0].ccid.busy_slots = busy[i];
		check_good(&params);
	}
}

/* The longest message that the driver sent. */
static size_t
longest_message(void)
{
	size_t longest = 0;
	uint8_t head[MESSAGE_HEADER];

	for (size_t i = 0; i < emu_reader_messages(s.emulated); i++) {
		size_t length = emu_reader_message(s.emulated, i, head, sizeof head);

		if (length > longest)
			longest = length;
	}
	return longest;
}

static void
r7(void)
{
	static const uint32_t sizes[] = { 0, 9, 10, 63, 0xFFFFFFFF };
	static BYTE command[309] = { 0x00, 0x10, 0x00, 0x00, 0x00, 300 >> 8, 300 & 0xFF };
	struct emu_reader_params params;

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		params = emu_reader_defaults(EMU_LEVEL_EXTENDED);
		params.function[0].real_message = 65556;
		params.function[0].ccid.max_message = sizes[i];
		check_used(&params);
		SUITE_EQUAL_HEX(session_transmit_within(&s, command, sizeof command,
				    SESSION_REPLY_MAX, SESSION_PATIENCE_MS),
		    S_OK);
		SUITE_EQUAL_INT(s.reply_length, 302);
		SUITE_EQUAL_INT(
		    longest_message(), sizes[i] < 64 ? 64 : sizeof command + MESSAGE_HEADER);
		session_stop(&s);
		params = emu_reader_defaults(EMU_LEVEL_TPDU);
		params.function[0].real_message = 65556;
		params.function[0].ccid.max_message = sizes[i];
		check_used(&params);
		SUITE_EQUAL_HEX(session_transmit_within(&s, command, sizeof command,
				    SESSION_REPLY_MAX, SESSION_PATIENCE_MS),
		    S_OK);
		/* Whole blocks of the card's size. */
		SUITE_EQUAL_INT(longest_message(), MESSAGE_HEADER + 258);
		session_stop(&s);
	}
}

static void
r8(void)
{
	static const struct {
		uint32_t announced;
		unsigned used;
	} table[] = { { 0, 32 }, { 1, 1 }, { 253, 253 }, { 254, 254 }, { 255, 254 },
		{ 0x7FFFFFFF, 254 }, { 0xFFFFFFFF, 254 } };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	struct emu_card *card;
	unsigned requests;

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		params.function[0].ccid.max_ifsd = table[i].announced;
		card = emu_card_t1(SESSION_ATR_T1, emu_application_echo());
		session_start(&s, &params, card, NULL);
		SUITE_EQUAL_HEX(session_connect(&s), S_OK);
		session_check_works(&s);
		SUITE_EQUAL_INT(emu_card_t1_ifsd(card, &requests), table[i].used);
		session_stop(&s);
	}
}

static void
r9(void)
{
	static const uint32_t clocks[] = { 0, 1, 0x7FFFFFFF, 0xFFFFFFFF };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
		params.function[0].ccid.default_clock = clocks[i];
		params.function[0].ccid.maximum_clock = 0;
		check_good(&params);
	}
}

/* A rate that the card offers is not used when the reader has none so high. */
static void
r10(void)
{
	static const uint32_t rates[] = { 0, 9599 };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	struct emu_card *card;

	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
		params.function[0].ccid.maximum_data_rate = rates[i];
		card = emu_card_t1(SESSION_ATR_T1_FAST, emu_application_echo());
		session_start(&s, &params, card, NULL);
		SUITE_EQUAL_HEX(session_connect(&s), S_OK);
		session_check_works(&s);
		SUITE_EQUAL_HEX(card->fidi, EMU_FIDI_DEFAULT);
		session_stop(&s);
	}
}

static void
r11(void)
{
	static const uint8_t masks[] = { 0x00, 0xF8 };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	struct emu_card *card;

	for (size_t i = 0; i < sizeof masks; i++) {
		params.function[0].ccid.voltages = masks[i];
		card = emu_card_t1(SESSION_ATR_T1, emu_application_echo());
		card->voltages = EMU_1_8V;
		session_start(&s, &params, card, NULL);
		SUITE_EQUAL_HEX(session_connect(&s), S_OK);
		/* And a card that answers nothing ends the search. */
		card->voltages = 0;
		SUITE_EQUAL_HEX(session_power(&s), SCARD_W_UNRESPONSIVE_CARD);
		CU_ASSERT(emu_reader_count(s.emulated, EMU_POWER_ON) <= 16);
		session_stop(&s);
	}
}

static void
r12(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);

	params.function[0].ccid.features = 0xFFFFFFFF;
	check_good(&params);
	params.function[0].ccid.features = 0;
	check_good(&params);
}

static bool
has_feature(BYTE tag)
{
	BYTE list[128];
	ULONG length = sizeof list;
	HRESULT hr = s.reader->lpVtbl->Control(s.reader, SCARD_CTL_CODE(3400), NULL, 0,
	    driver_deadline(SESSION_PATIENCE_MS), list, &length);

	SUITE_EQUAL_HEX(hr, S_OK);
	for (ULONG at = 0; SUCCEEDED(hr) && at + 6 <= length; at += 6)
		if (list[at] == tag)
			return true;
	return false;
}

static void
r13(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	params.function[0].ccid.pin_support = 0xFF;
	check_used(&params);
	CU_ASSERT(has_feature(6));
	CU_ASSERT(has_feature(7));
	session_stop(&s);
	params.function[0].ccid.pin_support = 0xFC;
	check_used(&params);
	CU_ASSERT(!has_feature(6));
	CU_ASSERT(!has_feature(7));
	session_stop(&s);
}

/* With the table the card's own rate, 125000, is to be taken or not. */
static void
check_rates(const struct emu_reader_params *params, uint8_t expected)
{
	struct emu_card *card = emu_card_t1(SESSION_ATR_T1_FAST, emu_application_echo());

	session_start(&s, params, card, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s.reader);
	SUITE_EQUAL_HEX(session_connect(&s), S_OK);
	session_check_works(&s);
	SUITE_EQUAL_HEX(card->fidi, expected);
	session_stop(&s);
}

static void
r14(void)
{
	static const uint8_t three[3] = { 0x00, 0x2A, 0x00 };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	struct emu_function_params *function = &params.function[0];

	function->ccid.data_rates = 2;
	function->rates[0] = 10752;
	function->rates[1] = 0;
	check_rates(&params, EMU_FIDI_DEFAULT);
	function->rates[1] = 125000;
	check_rates(&params, 0x95);
	function->rates[0] = function->rates[1] = 0;
	check_rates(&params, 0x95);
	function->rates_bytes = three;
	function->rates_bytes_length = sizeof three;
	check_rates(&params, 0x95);
	function->rates_bytes_length = 0;
	check_rates(&params, 0x95);
	function->rates_bytes = NULL;
	function->tables_stall = true;
	check_rates(&params, 0x95);
	/* More announced than there is. */
	function->tables_stall = false;
	function->ccid.data_rates = 255;
	check_rates(&params, 0x95);
}

static void
check_text(const CHAR *text)
{
	CU_ASSERT(memchr(text, '\0', SCARDREADER_TEXT_SIZE) != NULL);
	for (; *text != '\0'; text++)
		CU_ASSERT(isprint((unsigned char)*text));
}

static void
check_strings(struct emu_reader *emulated)
{
	SCARDREADER_INFO info = { .cbSize = sizeof info };

	emu_reader_plug(emulated, 1, 2);
	session_start_driver(&s, emulated, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s.reader);
	SUITE_EQUAL_HEX(s.reader->lpVtbl->GetInfo(s.reader, &info), S_OK);
	CU_ASSERT(info.Name[0] != '\0');
	check_text(info.Name);
	check_text(info.Vendor);
	check_text(info.Model);
	check_text(info.Serial);
	check_text(info.DeviceId);
	session_stop(&s);
}

static void
r15(void)
{
	static const uint8_t empty[] = { 2, 3 }, short_one[] = { 1 },
			     wrong_type[] = { 4, 9, 65, 0 }, odd[] = { 5, 3, 65, 0, 66 },
			     surrogates[] = { 10, 3, 0x00, 0xD8, 0x00, 0xD8, 0xFF, 0xFF, 0, 0 };
	static const struct {
		const uint8_t *bytes;
		size_t length;
	} table[] = { { NULL, 0 }, { empty, sizeof empty }, { short_one, sizeof short_one },
		{ wrong_type, sizeof wrong_type }, { odd, sizeof odd },
		{ surrogates, sizeof surrogates } };
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	uint8_t full[255] = { 255, 3 };
	struct emu_reader *emulated;

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		emulated = emu_reader_new(&params);
		for (unsigned index = 1; index <= 3; index++)
			vusb_set_string_bytes(
			    emu_reader_usb(emulated), index, table[i].bytes, table[i].length);
		check_strings(emulated);
	}
	/* As long as can be, of control characters. */
	for (size_t i = 2; i < sizeof full; i++)
		full[i] = i % 2 == 0 ? (uint8_t)(i % 32) : 0;
	emulated = emu_reader_new(&params);
	for (unsigned index = 0; index <= 3; index++)
		vusb_set_string_bytes(emu_reader_usb(emulated), index, full, sizeof full);
	check_strings(emulated);
}

static void
r16(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	uint8_t bytes[VUSB_DESCRIPTORS_MAX];
	size_t whole = emu_reader_describe(&params, bytes);

	params.descriptors = bytes;
	params.descriptors_length = whole;
	bytes[DEVICE_CONFIGURATIONS] = 0;
	check_refused(&params);
	bytes[DEVICE_CONFIGURATIONS] = 1;
	/* Cut anywhere. */
	for (size_t length = 0; length < whole - 7; length += 5) {
		params.descriptors_length = length;
		check_refused(&params);
	}
	params.descriptors_length = whole;
	bytes[CONFIGURATION] = 0;
	check_refused(&params);
}

/* Comes and goes: each time it works, and nobody asks it without pause. */
static void
r17(void)
{
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	struct emu_reader *readers[10];
	bool settled = false;
	size_t events = 0;

	session_start_driver(&s, NULL, NULL);
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		readers[i] = emu_reader_new(&params);
		emu_reader_plug(readers[i], 1, (unsigned)(10 + i));
		emu_reader_unplug(readers[i]);
	}
	/* The last one stays; what is told of it is told last. */
	s.emulated = emu_reader_new(&params);
	emu_reader_plug(s.emulated, 1, 99);
	while (!settled && sink_wait(s.sink, events + 1))
		settled = sink_event(s.sink, events++, NULL) == SINK_ARRIVED &&
		    emu_reader_messages(s.emulated) > 0;
	CU_ASSERT(settled);
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
		emu_reader_free(readers[i]);
	session_stop(&s);
}

static void
r18(void)
{
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	static struct emu_reader *readers[MANY];

	for (unsigned i = 0; i < MANY; i++) {
		readers[i] = emu_reader_new(&params);
		emu_reader_plug(readers[i], 1 + i / 50, 1 + i % 50);
	}
	session_start_driver(&s, NULL, NULL);
	SUITE_EQUAL_INT(sink_count(s.sink), MANY);
	for (unsigned i = 0; i < MANY; i++)
		emu_reader_free(readers[i]);
	CU_ASSERT(sink_wait(s.sink, 2 * (size_t)MANY));
	session_stop(&s);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "R1 class descriptors cut short", r1 },
		{ "R2 no class descriptor, or in another place", r2 },
		{ "R3 endpoints missing or twice", r3 },
		{ "R4 packet sizes", r4 },
		{ "R5 256 slots announced", r5 },
		{ "R6 busy slots", r6 },
		{ "R7 message sizes", r7 },
		{ "R8 IFSD", r8 },
		{ "R9 clocks", r9 },
		{ "R10 data rate 0", r10 },
		{ "R11 no voltage known", r11 },
		{ "R12 all features, and none", r12 },
		{ "R13 bits of PIN support", r13 },
		{ "R14 tables of data rates", r14 },
		{ "R15 strings", r15 },
		{ "R16 configurations", r16 },
		{ "R17 a device that comes and goes", r17 },
		{ "R18 a hundred readers at once", r18 },
	};
	int failed;

	CoInitializeEx(NULL, COINIT_MULTITHREADED);
	failed = suite_run("ccid descriptor", tests, sizeof tests / sizeof tests[0]);
	CoUninitialize();
	return failed;
}
