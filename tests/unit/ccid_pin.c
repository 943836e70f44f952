/* SPDX-License-Identifier: BSD-2-Clause */
/* PIN entry at the reader: structures of clients, and the payload that the reader gets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ccid/limits.h"
#include "ccid/message.h"
#include "ccid/pin.h"
#include "tests/suite.h"
#include "tests/unit/ccid_hex.h"

#define V CCID_PIN_VERIFY
#define M CCID_PIN_MODIFY

/* bTimeOut 1E, bTimeOut2 0F, format 82 04 01, digits 08 04, key, one message, 0409, index 0 */
#define VERIFY "1E 0F 82 04 01 08 04 02 01 09 04 00 00 00 00 0D 00 00 00 "
#define TEMPLATE "00 20 00 81 08 20 FF FF FF FF FF FF FF"
#define VERIFY_OUT "00 1E 82 04 01 08 04 02 01 09 04 00 00 00 00 " TEMPLATE

/* Old at 01, new at 09; digits 0C 06; confirm 03; key; N messages; 0409; indexes A1 A2 A3 */
#define MODIFY(n) "00 00 82 04 01 01 09 0C 06 03 02 " n " 09 04 A1 A2 A3 00 00 00 05 00 00 00 "
#define CHANGE "00 24 00 81 00"
#define MODIFY_OUT(n, indexes) \
	"01 00 82 04 01 01 09 0C 06 03 02 " n " 09 04 " indexes " 00 00 00 " CHANGE

static const struct ccid_descriptor usual = { .pin_support = 3, .message_max = 271 };
static const struct ccid_quirks none;

static enum ccid_result
prepare(struct ccid_pin *pin, enum ccid_pin_operation operation, const char *structure,
    const struct ccid_descriptor *reader, const struct ccid_quirks *quirks)
{
	size_t length;
	uint8_t *bytes = ccid_hex(structure, &length);
	enum ccid_result result;

	memset(pin, 0xA5, sizeof *pin);
	result = ccid_pin_prepare(pin, operation, bytes, length, reader, quirks);
	free(bytes);
	return result;
}

struct row {
	enum ccid_pin_operation operation;
	const char *structure, *payload;
	struct ccid_quirks quirks;
};

static void
check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct ccid_pin pin;

		if (!SUITE_EQUAL_INT(prepare(&pin, rows[i].operation, rows[i].structure, &usual,
					 &rows[i].quirks),
			CCID_OK)) {
			CU_FAIL(rows[i].structure);
			continue;
		}
		SUITE_EQUAL_BYTES(pin.payload, pin.length, rows[i].payload);
		ccid_pin_wipe(&pin);
	}
}
#define CHECK(rows) check(rows, sizeof(rows) / sizeof(rows)[0])

static void
mapping(void)
{
	static const struct row rows[] = {
		{ V, VERIFY TEMPLATE, VERIFY_OUT, { 0 } },
		{ M, MODIFY("00") CHANGE, MODIFY_OUT("00", "A1"), { 0 } },
		{ M, MODIFY("01") CHANGE, MODIFY_OUT("01", "A1 A2"), { 0 } },
		{ M, MODIFY("02") CHANGE, MODIFY_OUT("02", "A1 A2"), { 0 } },
		{ M, MODIFY("03") CHANGE, MODIFY_OUT("03", "A1 A2 A3"), { 0 } },
		{ M, MODIFY("FF") CHANGE, MODIFY_OUT("FF", "A1 A2 A3"), { 0 } },
		/* What the client wrote into bTeoPrologue does not matter. */
		{ V, "00 00 00 00 00 08 04 02 00 09 04 00 00 40 05 04 00 00 00 00 20 00 81",
		    "00 00 00 00 00 08 04 02 00 09 04 00 00 00 00 00 20 00 81", { 0 } },
	};

	CHECK(rows);
}

static void
conditions(void)
{
	static const struct {
		const char *given, *sent;
	} values[] = { { "00", "02" }, { "01", "01" }, { "07", "07" }, { "08", "02" },
		{ "FF", "02" } };

	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		char structure[128], payload[128];
		const struct row row = { V, structure, payload, { 0 } };

		snprintf(structure, sizeof structure,
		    "00 00 00 00 00 08 04 %s 01 09 04 00 00 00 00 04 00 00 00 00 20 00 81",
		    values[i].given);
		snprintf(payload, sizeof payload,
		    "00 00 00 00 00 08 04 %s 01 09 04 00 00 00 00 00 20 00 81", values[i].sent);
		check(&row, 1);
	}
}

/* The three numbers of more than one byte, higher byte first. */
static void
other_byte_order(void)
{
	static const struct row rows[] = {
		{ V, "1E 0F 82 04 01 04 08 02 01 04 09 00 00 00 00 00 00 00 0D " TEMPLATE,
		    VERIFY_OUT, { 0 } },
		{ M,
		    "00 00 82 04 01 01 09 06 0C 03 02 03 04 09 A1 A2 A3 00 00 00 00 00 00 "
		    "05 " CHANGE,
		    MODIFY_OUT("03", "A1 A2 A3"), { 0 } },
	};

	CHECK(rows);
}

static void
rewriting(void)
{
	static const struct row rows[] = {
		{ V, "00 00 00 00 00 0C 03 07 00 09 04 00 00 00 00 04 00 00 00 00 20 00 81",
		    "00 00 00 00 00 08 04 02 01 09 04 00 00 00 00 00 20 00 81",
		    { .pin_key_only = true, .pin_minimum = 4, .pin_maximum = 8 } },
		/* no largest size */
		{ V, "00 00 00 00 00 00 05 07 00 09 04 00 00 00 00 04 00 00 00 00 20 00 81",
		    "00 00 00 00 00 08 05 07 00 09 04 00 00 00 00 00 20 00 81",
		    { .pin_minimum = 4, .pin_maximum = 8 } },
		{ V, VERIFY TEMPLATE, "00 1E 82 04 01 04 08 02 00 09 04 00 00 00 00 " TEMPLATE,
		    { .pin_no_message = true, .pin_swap_digits = true } },
		{ V, VERIFY TEMPLATE, VERIFY_OUT,
		    { .pin_modify_no_message = true,
			.pin_message_default = true,
			.pin_three_indexes = true } },
		/* three indexes, and the count stays */
		{ M, MODIFY("01") CHANGE, MODIFY_OUT("01", "A1 A2 A3"),
		    { .pin_three_indexes = true } },
		{ M, MODIFY("03") CHANGE, MODIFY_OUT("00", "A1 A2 A3"),
		    { .pin_three_indexes = true, .pin_modify_no_message = true } },
		{ M, MODIFY("03") CHANGE, MODIFY_OUT("00", "A1"), { .pin_no_message = true } },
		{ M, MODIFY("00") CHANGE, MODIFY_OUT("FF", "A1 A2 A3"),
		    { .pin_message_default = true } },
		{ M, MODIFY("01") CHANGE, MODIFY_OUT("01", "A1 A2"),
		    { .pin_message_default = true } },
	};

	CHECK(rows);
}

static void
zeroed(const struct ccid_pin *pin)
{
	static const struct ccid_pin zero;

	CU_ASSERT(memcmp(pin, &zero, sizeof zero) == 0);
}

static void
inconsistent(void)
{
	static const struct {
		enum ccid_pin_operation operation;
		const char *structure;
		enum ccid_result expected;
	} rows[] = {
		{ V, "", CCID_INVALID },
		{ V, "00*18", CCID_INVALID },
		{ V, "00*19", CCID_INVALID },
		{ V, "00*15 03 00 00 00 00 20 00", CCID_INVALID }, /* three bytes are no command */
		{ V, "00*15 05 00 00 00 00 20 00 81", CCID_INVALID },
		{ V, "00*15 03 00 00 00 00 20 00 81", CCID_INVALID },
		{ V, "00*15 00 00 00 00 00 20 00 81", CCID_INVALID },
		{ V, "00*15 FF FF FF FF 00 20 00 81", CCID_INVALID },
		{ V, "00*15 00 04 00 00 00 20 00 81", CCID_INVALID },
		{ V, "00*15 05 01 00 00 00*261", CCID_OK },
		{ V, "00*15 06 01 00 00 00*262", CCID_TOO_LONG },
		{ V, "00*15 FF FF 00 00 00*65535", CCID_TOO_LONG },
		{ M, "00*20 04 00 00 00", CCID_INVALID },
		{ M, "00*20 03 00 00 00 00 24 00", CCID_INVALID },
		{ M, "00*20 04 00 00 00 00 24 00 81", CCID_OK },
		{ M, "00*20 05 00 00 00 00 24 00 81", CCID_INVALID },
		{ M, "00*11 04 00*8 04 00 00 00 00 24 00 81", CCID_INVALID },
		{ M, "00*11 FE 00*8 04 00 00 00 00 24 00 81", CCID_INVALID },
		{ M, "00*11 FF 00*8 04 00 00 00 00 24 00 81", CCID_OK },
	};
	const struct ccid_descriptor large = { .pin_support = 3, .message_max = 65556 };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ccid_pin pin;

		if (!SUITE_EQUAL_INT(
			prepare(&pin, rows[i].operation, rows[i].structure, &large, &none),
			rows[i].expected))
			CU_FAIL(rows[i].structure);
		if (rows[i].expected != CCID_OK)
			zeroed(&pin);
	}
}

static void
reader_limits(void)
{
	const struct ccid_descriptor exact = { .pin_support = 1, .message_max = 10 + 28 };
	const struct ccid_descriptor less = { .pin_support = 1, .message_max = 10 + 27 };
	const struct ccid_descriptor modify = { .pin_support = 2, .message_max = 271 };
	struct ccid_pin pin;

	SUITE_EQUAL_INT(prepare(&pin, V, VERIFY TEMPLATE, &exact, &none), CCID_OK);
	SUITE_EQUAL_INT(pin.length, 28);
	SUITE_EQUAL_INT(prepare(&pin, V, VERIFY TEMPLATE, &less, &none), CCID_TOO_LONG);
	zeroed(&pin);
	SUITE_EQUAL_INT(prepare(&pin, M, MODIFY("01") CHANGE, &exact, &none), CCID_UNSUPPORTED);
	SUITE_EQUAL_INT(prepare(&pin, V, VERIFY TEMPLATE, &modify, &none), CCID_UNSUPPORTED);
	zeroed(&pin);
	SUITE_EQUAL_INT(prepare(&pin, M, MODIFY("01") CHANGE, &modify, &none), CCID_OK);
}

static void
waits(void)
{
	const struct ccid_quirks quirks = { .pin_wait_us = 250000, .pin_template_escape = true };
	struct ccid_pin pin;

	prepare(&pin, V, VERIFY TEMPLATE, &usual, &none);
	SUITE_EQUAL_INT(pin.wait_us, 90 * CCID_SECOND);
	SUITE_EQUAL_INT(pin.rest_us, 0);
	CU_ASSERT_FALSE(pin.template_escape);
	prepare(&pin, V, "FF 00*14 04 00 00 00 00 20 00 81", &usual, &quirks);
	SUITE_EQUAL_INT(pin.wait_us, 265ull * CCID_SECOND);
	SUITE_EQUAL_INT(pin.rest_us, 250000);
	CU_ASSERT_TRUE(pin.template_escape);
	prepare(&pin, V, "50 00*14 05 00 00 00 00 20 00 81 00", &usual, &quirks);
	SUITE_EQUAL_INT(pin.wait_us, 90 * CCID_SECOND);
	CU_ASSERT_FALSE(pin.template_escape);
	prepare(&pin, V, "51 00*14 05 00 00 00 00 20 00 81 00", &usual, &none);
	SUITE_EQUAL_INT(pin.wait_us, 91 * CCID_SECOND);
}

static void
prologue(void)
{
	static const uint8_t block[] = { 0x00, 0x40, 0x05 };
	struct ccid_pin pin;

	prepare(&pin, M, MODIFY("02") CHANGE, &usual, &none);
	SUITE_EQUAL_INT(pin.template_length, 5);
	ccid_pin_set_prologue(&pin, block);
	SUITE_EQUAL_BYTES(pin.payload, pin.length,
	    "01 00 82 04 01 01 09 0C 06 03 02 02 09 04 A1 A2 00 40 05 " CHANGE);
	ccid_pin_wipe(&pin);
	zeroed(&pin);
}

static void
status(void)
{
	uint8_t sw[2] = { 0 };

	CU_ASSERT_TRUE(ccid_pin_status(CCID_ERROR_PIN_CANCELLED, sw));
	SUITE_EQUAL_BYTES(sw, 2, "64 01");
	CU_ASSERT_TRUE(ccid_pin_status(CCID_ERROR_PIN_TIMEOUT, sw));
	SUITE_EQUAL_BYTES(sw, 2, "64 00");
	CU_ASSERT_FALSE(ccid_pin_status(CCID_ERROR_MUTE, sw));
	CU_ASSERT_FALSE(ccid_pin_status(0, sw));
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "structures become payloads", mapping },
		{ "conditions of the end", conditions },
		{ "numbers with the higher byte first", other_byte_order },
		{ "rewritten for a model", rewriting },
		{ "R84 PIN structures with inconsistent lengths", inconsistent },
		{ "what the reader can carry", reader_limits },
		{ "waits, and an escape before", waits },
		{ "prologue of a block", prologue },
		{ "status words of an entry without end", status },
	};

	return suite_run("PIN entry", tests, sizeof tests / sizeof tests[0]);
}
