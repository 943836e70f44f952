/* SPDX-License-Identifier: BSD-2-Clause */
/* Features and properties of readers, and the control codes that ask for them. */
#include <stdlib.h>
#include <string.h>

#include <winsmcrd.h>

#include "ccid/features.h"
#include "tests/suite.h"

static const struct ccid_quirks none;

static void
codes(void)
{
	static const struct {
		uint32_t code;
		enum ccid_control control;
		unsigned feature;
	} rows[] = {
		{ 0x42000D48, CCID_CONTROL_LIST, 0 },
		{ 0x00313520, CCID_CONTROL_LIST, 0 },
		{ 0x42000001, CCID_CONTROL_ESCAPE, 0 },
		{ 0x00310004, CCID_CONTROL_ESCAPE, 0 },
		{ 0x42000DAC, CCID_CONTROL_ESCAPE, 0 },
		{ 0x003136B0, CCID_CONTROL_ESCAPE, 0 },
		{ 0x42330013, CCID_CONTROL_ESCAPE, 0 },
		{ 0x42000E11, CCID_CONTROL_PATH, 0 },
		{ 0x00313844, CCID_CONTROL_PATH, 0 },
		{ 0x42330006, CCID_CONTROL_FEATURE, CCID_FEATURE_VERIFY },
		{ 0x42330012, CCID_CONTROL_FEATURE, CCID_FEATURE_TLV_PROPERTIES },
		{ 0x423300FF, CCID_CONTROL_FEATURE, 0xFF },
		{ 0x42330000, CCID_CONTROL_UNKNOWN, 0 },
		{ 0x42330100, CCID_CONTROL_UNKNOWN, 0 },
		{ 0x42000000, CCID_CONTROL_UNKNOWN, 0 },
		{ 0x00310005, CCID_CONTROL_UNKNOWN, 0 },
		{ 0x00314004, CCID_CONTROL_UNKNOWN, 0 },
		{ 0, CCID_CONTROL_UNKNOWN, 0 },
		{ 0xFFFFFFFF, CCID_CONTROL_UNKNOWN, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum ccid_feature feature;

		if (!SUITE_EQUAL_INT(ccid_control_of(rows[i].code, &feature), rows[i].control))
			SUITE_EQUAL_HEX(rows[i].code, 0);
		SUITE_EQUAL_HEX(feature, rows[i].feature);
	}
	SUITE_EQUAL_HEX(CM_IOCTL_GET_FEATURE_REQUEST, 0x00313520);
}

static void
both_ways(void)
{
	static const enum ccid_feature all[] = { CCID_FEATURE_VERIFY, CCID_FEATURE_MODIFY,
		CCID_FEATURE_MCT, CCID_FEATURE_PIN_PROPERTIES, CCID_FEATURE_TLV_PROPERTIES };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		for (int c = 0; c < 2; c++) {
			uint32_t code = ccid_feature_code(all[i], (enum ccid_codes)c);
			enum ccid_feature feature;

			SUITE_EQUAL_INT(ccid_control_of(code, &feature), CCID_CONTROL_FEATURE);
			SUITE_EQUAL_HEX(feature, all[i]);
		}
	SUITE_EQUAL_HEX(ccid_feature_code(CCID_FEATURE_VERIFY, CCID_CODES_PCSCLITE), 0x42330006);
	SUITE_EQUAL_HEX(
	    ccid_feature_code(CCID_FEATURE_VERIFY, CCID_CODES_WINDOWS), SCARD_CTL_CODE(0x906));
}

typedef enum ccid_result (*query)(
    const struct ccid_functions *functions, uint8_t *out, size_t room, size_t *ret_length);

static enum ccid_result
list(const struct ccid_functions *functions, uint8_t *out, size_t room, size_t *ret_length)
{
	return ccid_features_list(functions, CCID_CODES_PCSCLITE, out, room, ret_length);
}

/* The answer is this; with any smaller room nothing is written beyond it. */
static void
check(query ask, const struct ccid_functions *functions, const char *expected)
{
	uint8_t whole[512], *exact;
	size_t length, needed;

	SUITE_EQUAL_INT(ask(functions, whole, sizeof whole, &length), CCID_OK);
	SUITE_EQUAL_BYTES(whole, length, expected);
	for (size_t room = 0; room < length; room++) {
		exact = malloc(room > 0 ? room : 1);
		SUITE_EQUAL_INT(ask(functions, exact, room, &needed), CCID_SMALL);
		SUITE_EQUAL_INT(needed, length);
		free(exact);
	}
	exact = malloc(length);
	SUITE_EQUAL_INT(ask(functions, exact, length, &needed), CCID_OK);
	CU_ASSERT(memcmp(exact, whole, length) == 0);
	free(exact);
}

static void
lists(void)
{
	static const struct ccid_quirks mct = { .mct = true };
	struct ccid_descriptor descriptor = { .pin_support = 3 };
	struct ccid_functions functions = { .descriptor = &descriptor, .quirks = &none };

	check(list, &functions,
	    "06 04 42 33 00 06 07 04 42 33 00 07 0A 04 42 33 00 0A 12 04 42 33 00 12");
	descriptor.pin_support = 1;
	check(list, &functions, "06 04 42 33 00 06 0A 04 42 33 00 0A 12 04 42 33 00 12");
	descriptor.pin_support = 2;
	check(list, &functions, "07 04 42 33 00 07 0A 04 42 33 00 0A 12 04 42 33 00 12");
	descriptor.pin_support = 0;
	check(list, &functions, "12 04 42 33 00 12");
	functions.escape = true;
	functions.quirks = &mct;
	check(list, &functions, "08 04 42 33 00 08 12 04 42 33 00 12 13 04 42 33 00 13");
	CU_ASSERT_FALSE(ccid_feature_has(&functions, CCID_FEATURE_VERIFY));
	CU_ASSERT_FALSE(ccid_feature_has(&functions, CCID_FEATURE_NONE));
	CU_ASSERT_FALSE(ccid_feature_has(&functions, (enum ccid_feature)0x20));
}

static void
windows_list(void)
{
	const struct ccid_descriptor descriptor = { 0 };
	const struct ccid_functions functions = { .descriptor = &descriptor, .quirks = &none };
	uint8_t out[6];
	size_t length;

	SUITE_EQUAL_INT(
	    ccid_features_list(&functions, CCID_CODES_WINDOWS, out, sizeof out, &length), CCID_OK);
	SUITE_EQUAL_BYTES(out, length, "12 04 00 31 24 48");
}

static void
properties(void)
{
	static const struct ccid_quirks pad = {
		.pin_key_only = true, .pin_minimum = 4, .pin_maximum = 8
	};
	struct ccid_descriptor descriptor = { .level = CCID_TPDU };
	struct ccid_functions functions = {
		.descriptor = &descriptor, .quirks = &none, .vendor = 0x08E6, .product = 0x3437
	};

	check(ccid_features_tlv, &functions,
	    "01 02 00 00 03 01 00 09 01 00 0A 04 00 00 01 00 0B 02 E6 08 0C 02 37 34");
	descriptor.level = CCID_SHORT_APDU;
	descriptor.lcd_layout = 0x0210;
	functions.quirks = &pad;
	functions.firmware = "GemTwRC2";
	functions.escape = true;
	functions.ppdu = true;
	check(ccid_features_tlv, &functions,
	    "01 02 10 02 02 01 02 03 01 00 04 02 10 00 05 02 02 00 06 01 04 07 01 08 "
	    "08 08 47 65 6D 54 77 52 43 32 09 01 03 0A 04 00 00 00 00 0B 02 E6 08 0C 02 37 34");
	descriptor.level = CCID_EXTENDED_APDU;
	functions.firmware = "";
	functions.ppdu = false;
	check(ccid_features_tlv, &functions,
	    "01 02 10 02 02 01 02 03 01 00 04 02 10 00 05 02 02 00 06 01 04 07 01 08 "
	    "08 00 09 01 01 0A 04 00 00 01 00 0B 02 E6 08 0C 02 37 34");
}

static void
long_firmware(void)
{
	const struct ccid_descriptor descriptor = { .level = CCID_TPDU };
	struct ccid_functions functions = { .descriptor = &descriptor, .quirks = &none };
	char text[300];
	uint8_t out[512];
	size_t without, with;

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	ccid_features_tlv(&functions, out, sizeof out, &without);
	functions.firmware = text;
	SUITE_EQUAL_INT(ccid_features_tlv(&functions, out, sizeof out, &with), CCID_OK);
	SUITE_EQUAL_INT(with, without + 2 + 255);
}

static void
pin_properties(void)
{
	static const struct ccid_quirks pad = { .pin_key_only = true };
	const struct ccid_descriptor descriptor = { .pin_support = 3, .lcd_layout = 0x0210 };
	struct ccid_functions functions = { .descriptor = &descriptor, .quirks = &none };

	check(ccid_features_pin, &functions, "10 02 07 00");
	functions.quirks = &pad;
	check(ccid_features_pin, &functions, "10 02 02 00");
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "R83 known and unknown control codes", codes },
		{ "codes of features", both_ways },
		{ "R85 lists, and too little room for them", lists },
		{ "a list in Windows's coding", windows_list },
		{ "R85 properties, and too little room for them", properties },
		{ "a firmware with a long name", long_firmware },
		{ "properties of the PIN pad", pin_properties },
	};

	return suite_run("features", tests, sizeof tests / sizeof tests[0]);
}
