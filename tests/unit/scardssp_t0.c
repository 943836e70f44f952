/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The T=0 transport of APDUs against a card that follows a script: each row of a script is a
 * command the card must get, and what it answers. A wrong, missing or further command fails the
 * test.
 */
#include "providers/scardssp/t0.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

#define STEPS_MAX 5
#define CODE_GONE (-2146435052) /* any code of a transport */

struct step {
	const char *command; /* hex; "..." at the end: any further bytes */
	const char *reply;   /* hex; NULL: the transport fails with CODE_GONE */
};

struct script {
	const char *name;
	const char *command;
	int alternate_class;
	struct step steps[STEPS_MAX];
	const char *reply; /* hex; NULL: `result` is not 0 */
	int32_t result;
};

struct card {
	const struct script *script;
	size_t step;
};

/* Reads hex; "NNxBB" stands for NN (decimal) bytes BB. Returns the count. */
static size_t
bytes_of(const char *text, uint8_t *bytes, size_t room)
{
	size_t n = 0;

	for (const char *p = text; *p != '\0';) {
		unsigned value, count;
		int used = 0;

		if (*p == ' ') {
			p++;
			continue;
		}
		if (sscanf(p, "%ux%2x%n", &count, &value, &used) != 2 || used == 0 ||
		    strchr(p, 'x') == NULL) {
			count = 1;
			if (sscanf(p, "%2x%n", &value, &used) != 1)
				abort();
		}
		while (count-- > 0) {
			if (n == room)
				abort();
			bytes[n++] = (uint8_t)value;
		}
		p += used;
	}
	return n;
}

static int32_t
card_transmit(void *context, const uint8_t *command, size_t size, uint8_t *reply, size_t capacity,
    size_t *ret_size)
{
	struct card *card = context;
	const struct step *step = &card->script->steps[card->step];
	uint8_t expected[70000];
	char text[1024], label[128];
	const char *dots;

	snprintf(label, sizeof label, "%s, exchange %zu", card->script->name, card->step + 1);
	if (card->step == STEPS_MAX || step->command == NULL) {
		suite_equal_bytes(command, size, "", label, __FILE__, __LINE__);
		return CODE_GONE;
	}
	card->step++;
	snprintf(text, sizeof text, "%s", step->command);
	if ((dots = strstr(text, "...")) != NULL)
		text[dots - text] = '\0';
	size_t count = bytes_of(text, expected, sizeof expected);
	CU_assertImplementation(
	    dots != NULL ? size >= count : size == count, __LINE__, label, __FILE__, "", CU_FALSE);
	CU_assertImplementation(size >= count && memcmp(command, expected, count) == 0, __LINE__,
	    label, __FILE__, "", CU_FALSE);
	if (step->reply == NULL)
		return CODE_GONE;
	*ret_size = bytes_of(step->reply, reply, capacity);
	return 0;
}

static void
play(const struct script *scripts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct script *script = &scripts[i];
		struct card card = { script, 0 };
		struct t0_link link = { card_transmit, &card, script->alternate_class };
		uint8_t command[70000], expected[70000];
		size_t command_size = bytes_of(script->command, command, sizeof command);
		size_t capacity, size = 0;
		struct apdu apdu;
		uint8_t *reply;
		int32_t result;

		CU_ASSERT_FATAL(apdu_decode(command, command_size, &apdu));
		capacity = apdu.expected + 2 > 258 ? apdu.expected + 2 : 258;
		reply = malloc(capacity);
		result = t0_transceive(&link, command, command_size, &apdu, reply, capacity, &size);

		suite_equal_int(
		    result, script->result, script->name, "the result", __FILE__, __LINE__);
		CU_assertImplementation(
		    card.step == STEPS_MAX || script->steps[card.step].command == NULL, __LINE__,
		    script->name, __FILE__, "", CU_FALSE);
		if (script->reply != NULL) {
			size_t n = bytes_of(script->reply, expected, sizeof expected);

			suite_equal_int((long long)size, (long long)n, script->name,
			    "bytes of the reply", __FILE__, __LINE__);
			CU_assertImplementation(size == n && memcmp(reply, expected, n) == 0,
			    __LINE__, script->name, __FILE__, "", CU_FALSE);
		}
		free(reply);
	}
}

#define PLAY(scripts) play(scripts, sizeof scripts / sizeof scripts[0])
#define NONE T0_NO_ALTERNATE_CLASS

static void
case_1(void)
{
	static const struct script scripts[] = {
		{ "P3 is 00", "80 10 01 02", NONE, { { "80 10 01 02 00", "9000" } }, "9000", 0 },
		{ "an error", "80 10 01 02", NONE, { { "80 10 01 02 00", "6A82" } }, "6A82", 0 },
		{ "61xx comes back as it is", "80 10 01 02", NONE, { { "80 10 01 02 00", "6108" } },
		    "6108", 0 },
		{ "6Cxx too", "80 10 01 02", NONE, { { "80 10 01 02 00", "6C08" } }, "6C08", 0 },
		{ "data nobody asked for are dropped", "80 10 01 02", NONE,
		    { { "80 10 01 02 00", "AABB9000" } }, "9000", 0 },
	};

	PLAY(scripts);
}

static void
case_2_short(void)
{
	static const struct script scripts[] = {
		{ "P3 is Le", "00B0000004", NONE, { { "00B0000004", "010203049000" } },
		    "010203049000", 0 },
		{ "Le 00", "00B0000000", NONE, { { "00B0000000", "256x5A 9000" } }, "256x5A 9000",
		    0 },
		{ "fewer bytes than asked for", "00B0000004", NONE, { { "00B0000004", "016282" } },
		    "016282", 0 },
		{ "6Cxx, less there than wanted", "00B0000008", NONE,
		    { { "00B0000008", "6C03" }, { "00B0000003", "0102039000" } }, "0102039000", 0 },
		{ "6Cxx, more there than wanted", "00B0000002", NONE,
		    { { "00B0000002", "6C05" }, { "00B0000005", "01020304059000" } }, "01029000",
		    0 },
		{ "6C00 is 256", "00B0000002", NONE,
		    { { "00B0000002", "6C00" }, { "00B0000000", "256x77 9000" } }, "77779000", 0 },
		{ "6Cxx is followed once", "00B0000008", NONE,
		    { { "00B0000008", "6C03" }, { "00B0000003", "6C02" } }, "6C02", 0 },
		{ "6Cxx keeps the class, also with an alternate one", "84B0000008", 0xA0,
		    { { "84B0000008", "6C01" }, { "84B0000001", "EE9000" } }, "EE9000", 0 },
		{ "61xx", "00CA000008", NONE,
		    { { "00CA000008", "6103" }, { "00C0000003", "0102039000" } }, "0102039000", 0 },
		{ "61xx, more there than wanted", "00CA000002", NONE,
		    { { "00CA000002", "6108" }, { "00C0000002", "01029000" } }, "01029000", 0 },
		{ "61xx in two steps", "00CA000000", NONE,
		    { { "00CA000000", "6110" }, { "00C0000010", "16x11 6102" },
			{ "00C0000002", "2222 9000" } },
		    "16x11 2222 9000", 0 },
		{ "61xx after 6Cxx", "00CA000005", NONE,
		    { { "00CA000005", "6C02" }, { "00CA000002", "6102" },
			{ "00C0000002", "AABB9000" } },
		    "AABB9000", 0 },
		{ "61xx with data", "00CA000004", NONE,
		    { { "00CA000004", "AABB6109" }, { "00C0000002", "CCDD9000" } }, "AABBCCDD9000",
		    0 },
		{ "61xx, nothing more wanted", "00CA000002", NONE, { { "00CA000002", "AABB6109" } },
		    "AABB6109", 0 },
		{ "6Cxx on GET RESPONSE", "00CA000008", NONE,
		    { { "00CA000008", "6104" }, { "00C0000004", "6C02" },
			{ "00C0000002", "AABB9000" } },
		    "AABB9000", 0 },
		{ "an error on GET RESPONSE", "00CA000008", NONE,
		    { { "00CA000008", "6104" }, { "00C0000004", "6F00" } }, "6F00", 0 },
		{ "61xx without end and without data", "00CA000008", NONE,
		    { { "00CA000008", "6104" }, { "00C0000004", "6104" } }, "6104", 0 },
		{ "9Fxx is no 61xx", "00CA000008", NONE, { { "00CA000008", "9F04" } }, "9F04", 0 },
	};

	PLAY(scripts);
}

static void
case_3_short(void)
{
	static const struct script scripts[] = {
		{ "P3 is Lc", "00D6000003AABBCC", NONE, { { "00D6000003AABBCC", "9000" } }, "9000",
		    0 },
		{ "255 bytes", "00D60000FF 255x31", NONE, { { "00D60000FF 255x31", "9000" } },
		    "9000", 0 },
		{ "61xx is the caller's", "00A40000023F00", NONE, { { "00A40000023F00", "6115" } },
		    "6115", 0 },
		{ "9Fxx is the caller's", "A0A40000023F00", NONE, { { "A0A40000023F00", "9F16" } },
		    "9F16", 0 },
		{ "6Cxx too", "00D6000001AA", NONE, { { "00D6000001AA", "6C01" } }, "6C01", 0 },
	};

	PLAY(scripts);
}

static void
case_4_short(void)
{
	static const struct script scripts[] = {
		{ "61xx", "0088000002AABB08", NONE,
		    { { "0088000002AABB", "6108" }, { "00C0000008", "8x55 9000" } }, "8x55 9000",
		    0 },
		{ "61xx, less there than wanted", "0088000002AABB08", NONE,
		    { { "0088000002AABB", "6103" }, { "00C0000003", "3x55 9000" } }, "3x55 9000",
		    0 },
		{ "61xx, more there than wanted", "0088000002AABB02", NONE,
		    { { "0088000002AABB", "6108" }, { "00C0000002", "2x55 6106" } }, "2x55 6106",
		    0 },
		{ "6100 is 256", "0088000002AABB00", NONE,
		    { { "0088000002AABB", "6100" }, { "00C0000000", "256x55 9000" } },
		    "256x55 9000", 0 },
		{ "61xx again and again", "0088000002AABB00", NONE,
		    { { "0088000002AABB", "6110" }, { "00C0000010", "16x11 6110" },
			{ "00C0000010", "16x22 6101" }, { "00C0000001", "33 6282" } },
		    "16x11 16x22 33 6282", 0 },
		{ "a warning at the end", "0088000002AABB08", NONE,
		    { { "0088000002AABB", "6102" }, { "00C0000002", "1122 6281" } }, "1122 6281",
		    0 },
		{ "6Cxx on GET RESPONSE", "0088000002AABB08", NONE,
		    { { "0088000002AABB", "6108" }, { "00C0000008", "6C04" },
			{ "00C0000004", "4x66 9000" } },
		    "4x66 9000", 0 },
		{ "9000, data there", "0088000002AABB08", NONE,
		    { { "0088000002AABB", "9000" }, { "00C0000008", "8x77 9000" } }, "8x77 9000",
		    0 },
		{ "9000, other length", "0088000002AABB08", NONE,
		    { { "0088000002AABB", "9000" }, { "00C0000008", "6C03" },
			{ "00C0000003", "3x77 9000" } },
		    "3x77 9000", 0 },
		{ "9000, more after 61xx", "0088000002AABB08", NONE,
		    { { "0088000002AABB", "9000" }, { "00C0000008", "6102" },
			{ "00C0000002", "2x77 9000" } },
		    "2x77 9000", 0 },
		{ "9000, GET RESPONSE refused", "0088000002AABB08", NONE,
		    { { "0088000002AABB", "9000" }, { "00C0000008", "6D00" } }, "9000", 0 },
		{ "9000, no data", "0088000002AABB08", NONE,
		    { { "0088000002AABB", "9000" }, { "00C0000008", "9000" } }, "9000", 0 },
		{ "a reader that fetched them itself", "0088000002AABB08", NONE,
		    { { "0088000002AABB", "8x77 9000" } }, "8x77 9000", 0 },
		{ "any other status", "0088000002AABB08", NONE, { { "0088000002AABB", "6982" } },
		    "6982", 0 },
		{ "6Cxx to the command", "0088000002AABB08", NONE, { { "0088000002AABB", "6C08" } },
		    "6C08", 0 },
		{ "the command's class", "0488000002AABB08", NONE,
		    { { "0488000002AABB", "6101" }, { "04C0000001", "11 9000" } }, "11 9000", 0 },
		{ "the alternate class", "0488000002AABB08", 0xA0,
		    { { "0488000002AABB", "6101" }, { "A0C0000001", "11 9000" } }, "11 9000", 0 },
		{ "an alternate class of 00", "8488000002AABB08", 0x00,
		    { { "8488000002AABB", "6101" }, { "00C0000001", "11 9000" } }, "11 9000", 0 },
	};

	PLAY(scripts);
}

/* ISO/IEC 7816-3:2006, 12.2.6 to 12.2.8. */
static void
extended(void)
{
	static const struct script scripts[] = {
		{ "2E, up to 256 bytes: as short", "00B00000 00 0100", NONE,
		    { { "00B0000000", "256x01 9000" } }, "256x01 9000", 0 },
		{ "2E, small", "00B00000 00 0005", NONE, { { "00B0000005", "5x01 9000" } },
		    "5x01 9000", 0 },
		{ "2E, more: P3 00, then 61xx", "00B00000 00 0110", NONE,
		    { { "00B0000000", "256x01 6140" }, { "00C0000010", "16x02 9000" } },
		    "256x01 16x02 9000", 0 },
		{ "2E, more than there is", "00B00000 00 0000", NONE,
		    { { "00B0000000", "6C05" }, { "00B0000005", "5x01 9000" } }, "5x01 9000", 0 },
		{ "2E, refused", "00B00000 00 0000", NONE, { { "00B0000000", "6700" } }, "6700",
		    0 },
		{ "3E, up to 255 bytes: as short", "00D60000 00 0002 AABB", NONE,
		    { { "00D6000002AABB", "9000" } }, "9000", 0 },
		{ "4E, up to 255 bytes: as short", "00880000 00 0002 AABB 0101", NONE,
		    { { "0088000002AABB", "6100" }, { "00C0000000", "256x09 6101" },
			{ "00C0000001", "0A 9000" } },
		    "256x09 0A 9000", 0 },
		{ "3E: ENVELOPE", "00D60000 00 0100 256x44", NONE,
		    { { "00C20000FF 00D60000 00 0100 248x44", "9000" },
			{ "00C2000008 8x44", "9000" } },
		    "9000", 0 },
		{ "3E: three pieces, alternate class", "80D60000 00 01FE 510x44", 0xA0,
		    { { "A0C20000FF 80D60000 00 01FE 248x44", "9000" },
			{ "A0C20000FF 255x44", "9000" }, { "A0C2000007 7x44", "6A84" } },
		    "6A84", 0 },
		{ "3E: ends in the middle", "00D60000 00 0100 256x44", NONE,
		    { { "00C20000FF ...", "6982" } }, "6982", 0 },
		{ "3E: no ENVELOPE", "00D60000 00 0100 256x44", NONE,
		    { { "00C20000FF ...", "6D00" } }, NULL, T0_NO_ENVELOPE },
		{ "3E: no such class", "00D60000 00 0100 256x44", NONE,
		    { { "00C20000FF ...", "6E00" } }, NULL, T0_NO_ENVELOPE },
		{ "3E: 6D00 later is the command's", "00D60000 00 0100 256x44", NONE,
		    { { "00C20000FF ...", "9000" }, { "00C2000008 8x44", "6D00" } }, "6D00", 0 },
		{ "4E: ENVELOPE, then 61xx", "00880000 00 0100 256x44 0003", NONE,
		    { { "00C20000FF ...", "9000" }, { "00C200000A 8x44 0003", "6103" },
			{ "00C0000003", "3x99 9000" } },
		    "3x99 9000", 0 },
		{ "4E: ENVELOPE, then 9000", "00880000 00 0100 256x44 0003", NONE,
		    { { "00C20000FF ...", "9000" }, { "00C200000A 8x44 0003", "9000" },
			{ "00C0000003", "3x99 9000" } },
		    "3x99 9000", 0 },
	};

	PLAY(scripts);
}

static void
opaque_goes_as_it_is(void)
{
	static const struct script scripts[] = {
		{ "Lc without data", "00D6000009AA", NONE, { { "00D6000009AA", "6700" } }, "6700",
		    0 },
		{ "61xx too", "00D6000009AA", NONE, { { "00D6000009AA", "6105" } }, "6105", 0 },
		{ "data too", "00D6000009AA", NONE, { { "00D6000009AA", "0102 9000" } },
		    "0102 9000", 0 },
		{ "bad reply", "00D6000009AA", NONE, { { "00D6000009AA", "90" } }, NULL,
		    T0_BAD_REPLY },
	};

	PLAY(scripts);
}

static void
failures(void)
{
	static const struct script scripts[] = {
		{ "the first exchange", "00B0000004", NONE, { { "00B0000004", NULL } }, NULL,
		    CODE_GONE },
		{ "after 6Cxx", "00B0000004", NONE,
		    { { "00B0000004", "6C02" }, { "00B0000002", NULL } }, NULL, CODE_GONE },
		{ "GET RESPONSE", "0088000002AABB08", NONE,
		    { { "0088000002AABB", "6108" }, { "00C0000008", NULL } }, NULL, CODE_GONE },
		{ "GET RESPONSE after 9000", "0088000002AABB08", NONE,
		    { { "0088000002AABB", "9000" }, { "00C0000008", NULL } }, NULL, CODE_GONE },
		{ "second ENVELOPE", "00D60000 00 0100 256x44", NONE,
		    { { "00C20000FF ...", "9000" }, { "00C2000008 8x44", NULL } }, NULL,
		    CODE_GONE },
		{ "no bytes", "00B0000004", NONE, { { "00B0000004", "" } }, NULL, T0_BAD_REPLY },
		{ "one byte", "00B0000004", NONE, { { "00B0000004", "90" } }, NULL, T0_BAD_REPLY },
	};

	PLAY(scripts);
}

/* A card that gives one byte and promises more, for ever: it ends when all wanted bytes are there.
 */
static int32_t
drip(void *context, const uint8_t *command, size_t size, uint8_t *reply, size_t capacity,
    size_t *ret_size)
{
	(void)command;
	(void)size;
	(void)capacity;
	++*(unsigned *)context;
	memcpy(reply, "\x42\x61\x01", 3);
	*ret_size = 3;
	return 0;
}

static void
ends_always(void)
{
	static const uint8_t command[] = { 0x00, 0xCA, 0, 0, 0 };
	unsigned exchanges = 0;
	struct t0_link link = { drip, &exchanges, NONE };
	uint8_t reply[258];
	size_t size = 0;
	struct apdu apdu;

	CU_ASSERT_FATAL(apdu_decode(command, sizeof command, &apdu));
	SUITE_EQUAL_INT(
	    t0_transceive(&link, command, sizeof command, &apdu, reply, sizeof reply, &size), 0);
	SUITE_EQUAL_INT(exchanges, 256);
	SUITE_EQUAL_INT(size, 258);
	SUITE_EQUAL_HEX(reply[256] << 8 | reply[257], 0x6101);
}

static void
needs_several(void)
{
	static const struct {
		struct apdu apdu;
		int several;
	} rows[] = {
		{ { .kind = APDU_CASE_1 }, 0 },
		{ { .kind = APDU_CASE_2, .expected = 1 }, 1 },
		{ { .kind = APDU_CASE_3, .data_size = 255 }, 0 },
		{ { .kind = APDU_CASE_3, .data_size = 256 }, 1 },
		{ { .kind = APDU_CASE_4, .data_size = 1, .expected = 1 }, 1 },
		{ { .kind = APDU_OPAQUE, .data_size = 300 }, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		SUITE_EQUAL_INT(t0_needs_several(&rows[i].apdu), rows[i].several);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "case 1", case_1 },
		{ "case 2, short", case_2_short },
		{ "case 3, short", case_3_short },
		{ "case 4, short", case_4_short },
		{ "extended", extended },
		{ "a command of no case", opaque_goes_as_it_is },
		{ "failing exchanges", failures },
		{ "an endless card", ends_always },
		{ "which commands need several exchanges", needs_several },
	};

	return suite_run("scardssp t0", tests, sizeof tests / sizeof tests[0]);
}
