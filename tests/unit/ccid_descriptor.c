/* SPDX-License-Identifier: BSD-2-Clause */
/* The class descriptor: found, read, brought into limits. */
#include <stdlib.h>
#include <string.h>

#include "ccid/bytes.h"
#include "ccid/descriptor.h"
#include "ccid/limits.h"
#include "tests/suite.h"
#include "tests/unit/ccid_hex.h"

/* A usual reader: one slot, TPDU level, automatic parameters, 271 bytes a message. */
#define SAMPLE                                 \
	"36 21 10 01 00 07 03 00 00 00 "       \
	"A0 0F 00 00 A0 0F 00 00 00 "          \
	"01 2A 00 00 90 D0 03 00 00 "          \
	"FE 00 00 00 00 00 00 00 00 00 00 00 " \
	"BA 04 01 00 0F 01 00 00 FF FF 00 00 00 01"

struct field {
	size_t offset, size;
	uint32_t value;
};

static unsigned notes;

static void
count_note(void *data, const char *line)
{
	CU_ASSERT_PTR_EQUAL(data, &notes);
	CU_ASSERT(strlen(line) > 0 && strchr(line, '\n') == NULL);
	notes++;
}

/* The sample with some fields changed. */
static struct ccid_descriptor
read_with(const struct field *fields, size_t count, const struct ccid_quirks *quirks)
{
	static const struct ccid_quirks none;
	struct ccid_descriptor descriptor;
	size_t length;
	uint8_t *bytes = ccid_hex(SAMPLE, &length);

	SUITE_EQUAL_INT(length, CCID_DESCRIPTOR_SIZE);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < fields[i].size; j++)
			bytes[fields[i].offset + j] = (uint8_t)(fields[i].value >> 8 * j);
	notes = 0;
	memset(&descriptor, 0xA5, sizeof descriptor);
	ccid_descriptor_read(
	    &descriptor, bytes, quirks != NULL ? quirks : &none, count_note, &notes);
	free(bytes);
	return descriptor;
}

static struct ccid_descriptor
read_one(size_t offset, size_t size, uint32_t value)
{
	const struct field field = { offset, size, value };

	return read_with(&field, 1, NULL);
}

#define SLOT_INDEX 4, 1
#define VOLTAGES 5, 1
#define PROTOCOLS 6, 4
#define CLOCK 10, 4
#define CLOCK_MAXIMUM 14, 4
#define RATE_MAXIMUM 23, 4
#define IFSD 28, 4
#define FEATURES 40, 4
#define MESSAGE 44, 4
#define PIN 52, 1
#define BUSY 53, 1

static void
usual(void)
{
	struct ccid_descriptor descriptor = read_with(NULL, 0, NULL);

	SUITE_EQUAL_HEX(descriptor.version, 0x0110);
	SUITE_EQUAL_INT(descriptor.slots, 1);
	SUITE_EQUAL_INT(descriptor.busy_slots, 1);
	SUITE_EQUAL_HEX(descriptor.voltages, 7);
	SUITE_EQUAL_HEX(descriptor.protocols, 3);
	SUITE_EQUAL_INT(descriptor.default_clock, 4000);
	SUITE_EQUAL_INT(descriptor.maximum_clock, 4000);
	SUITE_EQUAL_INT(descriptor.clock_count, 0);
	SUITE_EQUAL_INT(descriptor.data_rate, 10753);
	SUITE_EQUAL_INT(descriptor.maximum_rate, 250000);
	SUITE_EQUAL_INT(descriptor.rate_count, 0);
	SUITE_EQUAL_INT(descriptor.ifsd, 254);
	SUITE_EQUAL_HEX(descriptor.synchronous, 0);
	SUITE_EQUAL_HEX(descriptor.mechanical, 0);
	SUITE_EQUAL_HEX(descriptor.features, 0x0001043A | CCID_AUTO_PPS);
	SUITE_EQUAL_INT(descriptor.level, CCID_TPDU);
	SUITE_EQUAL_INT(descriptor.message_max, 271);
	SUITE_EQUAL_HEX(descriptor.class_get_response, 0xFF);
	SUITE_EQUAL_HEX(descriptor.class_envelope, 0xFF);
	SUITE_EQUAL_HEX(descriptor.lcd_layout, 0);
	SUITE_EQUAL_INT(descriptor.pin_support, 0);
	SUITE_EQUAL_INT(notes, 0);
}

/* Each byte stands at its own place: all different. */
static void
places(void)
{
	static const struct field fields[] = { { 2, 2, 0x0200 }, { 4, 1, 3 }, { 5, 1, 5 },
		{ 6, 4, 1 }, { 10, 4, 3580 }, { 14, 4, 14320 }, { 18, 1, 9 }, { 19, 4, 9624 },
		{ 23, 4, 344100 }, { 27, 1, 53 }, { 28, 4, 128 }, { 32, 4, 0x01020304 },
		{ 36, 4, 0x0A }, { 40, 4, 0x000406BE }, { 44, 4, 1034 }, { 48, 1, 0xC0 },
		{ 49, 1, 0xC2 }, { 50, 2, 0x0210 }, { 52, 1, 3 }, { 53, 1, 2 } };
	struct ccid_descriptor descriptor =
	    read_with(fields, sizeof fields / sizeof fields[0], NULL);

	SUITE_EQUAL_HEX(descriptor.version, 0x0200);
	SUITE_EQUAL_INT(descriptor.slots, 4);
	SUITE_EQUAL_INT(descriptor.busy_slots, 2);
	SUITE_EQUAL_HEX(descriptor.voltages, 5);
	SUITE_EQUAL_HEX(descriptor.protocols, 1);
	SUITE_EQUAL_INT(descriptor.default_clock, 3580);
	SUITE_EQUAL_INT(descriptor.maximum_clock, 14320);
	SUITE_EQUAL_INT(descriptor.clock_count, 9);
	SUITE_EQUAL_INT(descriptor.data_rate, 9624);
	SUITE_EQUAL_INT(descriptor.maximum_rate, 344100);
	SUITE_EQUAL_INT(descriptor.rate_count, 53);
	SUITE_EQUAL_INT(descriptor.ifsd, 128);
	SUITE_EQUAL_HEX(descriptor.synchronous, 0x01020304);
	SUITE_EQUAL_HEX(descriptor.mechanical, 0x0A);
	SUITE_EQUAL_HEX(descriptor.features, 0x000406BE);
	SUITE_EQUAL_INT(descriptor.level, CCID_EXTENDED_APDU);
	SUITE_EQUAL_INT(descriptor.message_max, 1034);
	SUITE_EQUAL_HEX(descriptor.class_get_response, 0xC0);
	SUITE_EQUAL_HEX(descriptor.class_envelope, 0xC2);
	SUITE_EQUAL_HEX(descriptor.lcd_layout, 0x0210);
	SUITE_EQUAL_INT(descriptor.pin_support, 3);
	SUITE_EQUAL_INT(notes, 0);
}

static void
check_find(const char *text, long expected)
{
	size_t length;
	uint8_t *bytes = ccid_hex(text, &length);
	const uint8_t *found = ccid_descriptor_find(bytes, length);

	if (!SUITE_EQUAL_INT(found != NULL ? found - bytes : -1, expected))
		CU_FAIL(text);
	free(bytes);
}

static void
broken_chain(void)
{
	check_find("", -1);
	check_find("36", -1);
	check_find("36 21", -1);
	check_find("36 21 00*51", -1); /* a byte too short */
	check_find("00 21 " SAMPLE, -1);
	check_find("01 " SAMPLE, -1);
	check_find("09 21 00*7 01 21 " SAMPLE, -1);
	check_find("FF 21 " SAMPLE, -1);
	check_find("FF*200", -1);
	check_find("00*200", -1);
}

static void
missing(void)
{
	check_find("09 21 11 01 00 01 22 3F 00", -1); /* HID */
	check_find("36 22 00*52", -1);
	check_find("37 21 00*53", -1);
	check_find("35 21 00*51", -1);
	check_find("02 FF 02 FF 02 FF", -1);
}

static void
found(void)
{
	check_find(SAMPLE, 0);
	check_find(SAMPLE " 05 24 00 00 00", 0);
	check_find("09 21 11 01 00 01 22 3F 00 " SAMPLE, 9);
	check_find("36 FF 00*52", 0);
	check_find("02 FF " SAMPLE, 2);
	check_find("FE 21 00*252 " SAMPLE, 254);
	check_find("36 24 00*52 " SAMPLE " " SAMPLE, 54); /* the first that is one */
}

static void
slot_index(void)
{
	SUITE_EQUAL_INT(read_one(SLOT_INDEX, 255).slots, 16);
	SUITE_EQUAL_INT(notes, 1);
	SUITE_EQUAL_INT(read_one(SLOT_INDEX, 16).slots, 16);
	SUITE_EQUAL_INT(read_one(SLOT_INDEX, 15).slots, 16);
	SUITE_EQUAL_INT(notes, 0);
	SUITE_EQUAL_INT(read_one(SLOT_INDEX, 7).slots, 8);
}

static void
busy_slots(void)
{
	static const struct {
		unsigned index, busy, expected, notes;
	} rows[] = {
		{ 0, 0, 1, 1 },
		{ 0, 255, 1, 1 },
		{ 3, 255, 4, 1 },
		{ 3, 0, 1, 1 },
		{ 3, 4, 4, 0 },
		{ 3, 2, 2, 0 },
		{ 255, 255, 16, 1 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct field fields[] = { { SLOT_INDEX, rows[i].index },
			{ BUSY, rows[i].busy } };

		SUITE_EQUAL_INT(read_with(fields, 2, NULL).busy_slots, rows[i].expected);
		SUITE_EQUAL_INT(notes, rows[i].notes);
	}
}

static void
message_length(void)
{
	static const struct {
		uint32_t announced, features, ifsd, expected;
	} rows[] = {
		{ 0, 0x10000, 254, 271 },
		{ 9, 0x10000, 254, 271 },
		{ 10, 0x10000, 254, 271 },
		{ 63, 0x20000, 254, 271 },
		{ 63, 0, 254, 271 },
		{ 0, 0x40000, 254, 64 },
		{ 9, 0x40000, 254, 64 },
		{ 10, 0x40000, 254, 64 },
		{ 64, 0x40000, 254, 64 },
		{ 64, 0x10000, 254, 271 },
		{ 64, 0x10000, 50, 64 },
		{ 65, 0x10000, 254, 65 },
		{ 261, 0x10000, 254, 261 },
		{ 263, 0x20000, 254, 263 },
		{ 271, 0x20000, 254, 271 },
		{ 65556, 0x40000, 254, 65556 },
		{ 65557, 0x40000, 254, 65556 },
		{ 524288, 0x40000, 254, 65556 },
		{ 0xFFFFFFFF, 0x40000, 254, 65556 },
		{ 0xFFFFFFFF, 0x10000, 254, 65556 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct field fields[] = { { MESSAGE, rows[i].announced },
			{ FEATURES, rows[i].features }, { IFSD, rows[i].ifsd } };

		if (!SUITE_EQUAL_INT(read_with(fields, 3, NULL).message_max, rows[i].expected))
			SUITE_EQUAL_INT(rows[i].announced, -1);
		SUITE_EQUAL_INT(notes, rows[i].announced != rows[i].expected);
	}
}

static void
ifsd(void)
{
	SUITE_EQUAL_INT(read_one(IFSD, 0).ifsd, 32);
	SUITE_EQUAL_INT(notes, 1);
	SUITE_EQUAL_INT(read_one(IFSD, 0x7FFFFFFF).ifsd, 254);
	SUITE_EQUAL_INT(read_one(IFSD, 0xFFFFFFFF).ifsd, 254);
	SUITE_EQUAL_INT(read_one(IFSD, 255).ifsd, 254);
	SUITE_EQUAL_INT(notes, 0);
	SUITE_EQUAL_INT(read_one(IFSD, 1).ifsd, 1);
}

static void
clocks(void)
{
	static const struct {
		uint32_t clock, maximum, expected, expected_maximum;
	} rows[] = {
		{ 0, 0, 4000, 4000 },
		{ 0xFFFFFFFF, 0xFFFFFFFF, 4000, 0xFFFFFFFF },
		{ 40001, 0, 4000, 4000 },
		{ 40000, 0, 40000, 40000 },
		{ 1, 0, 1, 1 },
		{ 3580, 3579, 3580, 3580 },
		{ 3580, 8000, 3580, 8000 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct field fields[] = { { CLOCK, rows[i].clock },
			{ CLOCK_MAXIMUM, rows[i].maximum } };
		struct ccid_descriptor descriptor = read_with(fields, 2, NULL);

		SUITE_EQUAL_INT(descriptor.default_clock, rows[i].expected);
		SUITE_EQUAL_INT(descriptor.maximum_clock, rows[i].expected_maximum);
	}
}

static void
data_rate(void)
{
	SUITE_EQUAL_INT(read_one(RATE_MAXIMUM, 0).maximum_rate, 9600);
	SUITE_EQUAL_INT(notes, 1);
	SUITE_EQUAL_INT(read_one(RATE_MAXIMUM, 9599).maximum_rate, 9600);
	SUITE_EQUAL_INT(read_one(RATE_MAXIMUM, 9600).maximum_rate, 9600);
	SUITE_EQUAL_INT(notes, 0);
	SUITE_EQUAL_INT(read_one(RATE_MAXIMUM, 0xFFFFFFFF).maximum_rate, 0xFFFFFFFF);
}

static void
voltages(void)
{
	SUITE_EQUAL_INT(read_one(VOLTAGES, 0).voltages, 0);
	SUITE_EQUAL_INT(notes, 1);
	SUITE_EQUAL_INT(read_one(VOLTAGES, 0xF8).voltages, 0);
	SUITE_EQUAL_INT(notes, 1);
	SUITE_EQUAL_INT(read_one(VOLTAGES, 0xFF).voltages, 7);
	SUITE_EQUAL_INT(notes, 0);
}

static void
features(void)
{
	static const struct {
		uint32_t announced, expected;
		enum ccid_level level;
	} rows[] = {
		{ 0xFFFFFFFF, 0xFFFCFF7F, CCID_EXTENDED_APDU },
		{ 0, 0, CCID_CHARACTER },
		{ 0x00030000, 0x00020000, CCID_SHORT_APDU },
		{ 0x00050000, 0x00040000, CCID_EXTENDED_APDU },
		{ 0x000100C0, 0x00010040, CCID_TPDU },
		{ 0x00010080, 0x00010080, CCID_TPDU },
		{ 0x00020000, 0x00020000, CCID_SHORT_APDU },
		{ 0x000104FE, 0x0001047E, CCID_TPDU },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ccid_descriptor descriptor = read_one(FEATURES, rows[i].announced);

		SUITE_EQUAL_HEX(descriptor.features, rows[i].expected);
		SUITE_EQUAL_INT(descriptor.level, rows[i].level);
	}
}

static void
protocols(void)
{
	SUITE_EQUAL_HEX(read_one(PROTOCOLS, 0x0300).protocols, 3);
	SUITE_EQUAL_INT(notes, 1);
	SUITE_EQUAL_HEX(read_one(PROTOCOLS, 0).protocols, 3);
	SUITE_EQUAL_HEX(read_one(PROTOCOLS, 0xFFFFFFFE).protocols, 2);
	SUITE_EQUAL_INT(notes, 0);
}

static void
pin_support(void)
{
	const struct ccid_quirks none = { .no_pin_pad = true };
	const struct field field = { PIN, 3 };

	SUITE_EQUAL_INT(read_one(PIN, 0xFF).pin_support, 3);
	SUITE_EQUAL_INT(read_one(PIN, 1).pin_support, 1);
	SUITE_EQUAL_INT(read_with(&field, 1, &none).pin_support, 0);
}

static void
quirks(void)
{
	static const struct field four = { SLOT_INDEX, 3 }, busy = { BUSY, 4 };
	const struct field slots[] = { four, busy };
	const struct field small = { MESSAGE, 263 }, no_ifsd = { IFSD, 0 };
	const struct field both = { FEATURES, 0x000204FE };
	struct ccid_descriptor descriptor;

	descriptor = read_with(&both, 1, &(struct ccid_quirks){ .level = CCID_EXTENDED_APDU + 1 });
	SUITE_EQUAL_INT(descriptor.level, CCID_EXTENDED_APDU);
	SUITE_EQUAL_HEX(descriptor.features, 0x0004047E);
	descriptor = read_with(&both, 1, &(struct ccid_quirks){ .level = CCID_CHARACTER + 1 });
	SUITE_EQUAL_INT(descriptor.level, CCID_CHARACTER);
	SUITE_EQUAL_HEX(descriptor.features, 0x0000047E);
	descriptor = read_with(&both, 1, &(struct ccid_quirks){ .level = 99 });
	SUITE_EQUAL_INT(descriptor.level, CCID_SHORT_APDU);
	SUITE_EQUAL_INT(
	    read_with(&small, 1, &(struct ccid_quirks){ .message_max = 271 }).message_max, 271);
	SUITE_EQUAL_INT(
	    read_with(NULL, 0, &(struct ccid_quirks){ .message_max = 1 }).message_max, 271);
	SUITE_EQUAL_INT(read_with(&no_ifsd, 1, &(struct ccid_quirks){ .ifsd = 254 }).ifsd, 254);
	SUITE_EQUAL_INT(notes, 0);
	SUITE_EQUAL_INT(read_with(NULL, 0, &(struct ccid_quirks){ .ifsd = 9999 }).ifsd, 254);
	SUITE_EQUAL_INT(
	    read_with(NULL, 0, &(struct ccid_quirks){ .rate_max = 200000 }).maximum_rate, 200000);
	SUITE_EQUAL_INT(
	    read_with(NULL, 0, &(struct ccid_quirks){ .rate_max = 900000 }).maximum_rate, 250000);
	SUITE_EQUAL_INT(
	    read_with(NULL, 0, &(struct ccid_quirks){ .rate_max = 1 }).maximum_rate, 9600);
	descriptor = read_with(slots, 2, &(struct ccid_quirks){ .slots = 1 });
	SUITE_EQUAL_INT(descriptor.slots, 1);
	SUITE_EQUAL_INT(descriptor.busy_slots, 1);
	SUITE_EQUAL_INT(notes, 0);
	SUITE_EQUAL_INT(read_with(slots, 2, &(struct ccid_quirks){ .slots = 9 }).slots, 4);
}

static void
without_notes(void)
{
	static const struct ccid_quirks none;
	struct ccid_descriptor descriptor;
	uint8_t bytes[CCID_DESCRIPTOR_SIZE];

	memset(bytes, 0xFF, sizeof bytes);
	ccid_descriptor_read(&descriptor, bytes, &none, NULL, NULL);
	SUITE_EQUAL_INT(descriptor.slots, CCID_SLOTS_MAX);
	SUITE_EQUAL_INT(descriptor.message_max, CCID_MESSAGE_MAX);
}

static void
numbers(void)
{
	static const uint8_t bytes[] = { 0xF4, 0xF3, 0xF2, 0xF1 };
	uint8_t out[4];

	SUITE_EQUAL_HEX(ccid_get16(bytes), 0xF3F4);
	SUITE_EQUAL_HEX(ccid_get32(bytes), 0xF1F2F3F4);
	ccid_put32(out, 0xF1F2F3F4);
	SUITE_EQUAL_BYTES(out, 4, "F4 F3 F2 F1");
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "numbers", numbers },
		{ "a usual one", usual },
		{ "every field at its place", places },
		{ "found among others", found },
		{ "R1 broken chain of descriptors", broken_chain },
		{ "R2 none there", missing },
		{ "R5 bMaxSlotIndex 255", slot_index },
		{ "R6 bMaxCCIDBusySlots 0 or 255", busy_slots },
		{ "R7 dwMaxCCIDMessageLength 0, 9, 10, 0xFFFFFFFF", message_length },
		{ "R8 dwMaxIFSD 0, 0x7FFFFFFF, 0xFFFFFFFF", ifsd },
		{ "R9 dwDefaultClock 0, 0xFFFFFFFF", clocks },
		{ "R10 dwMaxDataRate 0", data_rate },
		{ "R11 bVoltageSupport 0 or 0xF8", voltages },
		{ "R12 dwFeatures all ones or zero", features },
		{ "dwProtocols without T=0 and T=1", protocols },
		{ "R13 bPINSupport 0xFF", pin_support },
		{ "what is known of the model", quirks },
		{ "nobody listens", without_notes },
	};

	return suite_run("class descriptor", tests, sizeof tests / sizeof tests[0]);
}
