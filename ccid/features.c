/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/features.h"

#include <string.h>

#include "ccid/bytes.h"

#define PCSCLITE_BASE 0x42000000u
#define PCSCLITE_FEATURES 0x330000u
#define WINDOWS_BASE 0x00310000u /* FILE_DEVICE_SMARTCARD << 16 */
#define WINDOWS_END 0x00314000u  /* functions have 12 bits, shifted by 2 */
#define WINDOWS_FEATURES 0x900u  /* of those that Windows leaves to drivers */
#define FUNCTION_ESCAPE 1u
#define FUNCTION_LIST 3400u
#define FUNCTION_ESCAPE_OTHER 3500u
#define FUNCTION_PATH 3601u
#define TAG_MAX 0xFFu

#define TEXT_MAX 255u /* one byte of length */
#define APDU_DATA_MAX 0x10000u

/* Properties (PC/SC part 10, 2.6.14). */
enum property {
	LCD_LAYOUT = 1,
	ENTRY_VALIDATION = 2,
	TIMEOUT_2 = 3,
	LCD_CHARACTERS = 4,
	LCD_LINES = 5,
	PIN_MINIMUM = 6,
	PIN_MAXIMUM = 7,
	FIRMWARE = 8,
	PPDU = 9,
	APDU_DATA = 10,
	VENDOR = 11,
	PRODUCT = 12
};

#define CONDITION_ANY 0x07u
#define CONDITION_KEY 0x02u

enum ccid_control
ccid_control_of(uint32_t code, enum ccid_feature *ret_feature)
{
	uint32_t function, features = PCSCLITE_FEATURES;

	*ret_feature = CCID_FEATURE_NONE;
	if (code >= WINDOWS_BASE && code < WINDOWS_END && code % 4 == 0) {
		function = (code - WINDOWS_BASE) >> 2;
		features = WINDOWS_FEATURES;
	} else if (code >= PCSCLITE_BASE) {
		function = code - PCSCLITE_BASE;
	} else {
		return CCID_CONTROL_UNKNOWN;
	}
	if (function == FUNCTION_LIST)
		return CCID_CONTROL_LIST;
	if (function == FUNCTION_ESCAPE || function == FUNCTION_ESCAPE_OTHER ||
	    function == features + CCID_FEATURE_ESCAPE)
		return CCID_CONTROL_ESCAPE;
	if (function == FUNCTION_PATH)
		return CCID_CONTROL_PATH;
	if (function <= features || function > features + TAG_MAX)
		return CCID_CONTROL_UNKNOWN;
	*ret_feature = (enum ccid_feature)(function - features);
	return CCID_CONTROL_FEATURE;
}

uint32_t
ccid_feature_code(enum ccid_feature feature, enum ccid_codes codes)
{
	if (codes == CCID_CODES_WINDOWS)
		return WINDOWS_BASE + ((WINDOWS_FEATURES + feature) << 2);
	return PCSCLITE_BASE + PCSCLITE_FEATURES + feature;
}

bool
ccid_feature_has(const struct ccid_functions *functions, enum ccid_feature feature)
{
	const unsigned pin = functions->descriptor->pin_support;

	switch (feature) {
	case CCID_FEATURE_VERIFY:
		return (pin & 1) != 0;
	case CCID_FEATURE_MODIFY:
		return (pin & 2) != 0;
	case CCID_FEATURE_MCT:
		return functions->quirks->mct;
	case CCID_FEATURE_PIN_PROPERTIES:
		return pin != 0;
	case CCID_FEATURE_TLV_PROPERTIES:
		return true;
	case CCID_FEATURE_ESCAPE:
		return functions->escape;
	default:
		return false;
	}
}

/* An answer that grows; what does not fit is only counted. */
struct answer {
	uint8_t *out;
	size_t room, length;
};

static void
add(struct answer *answer, const void *bytes, size_t length)
{
	if (answer->length <= answer->room && length <= answer->room - answer->length)
		memcpy(answer->out + answer->length, bytes, length);
	answer->length += length;
}

static enum ccid_result
end(const struct answer *answer, size_t *ret_length)
{
	*ret_length = answer->length;
	return answer->length <= answer->room ? CCID_OK : CCID_SMALL;
}

enum ccid_result
ccid_features_list(const struct ccid_functions *functions, enum ccid_codes codes, uint8_t *out,
    size_t room, size_t *ret_length)
{
	static const uint8_t all[] = { CCID_FEATURE_VERIFY, CCID_FEATURE_MODIFY, CCID_FEATURE_MCT,
		CCID_FEATURE_PIN_PROPERTIES, CCID_FEATURE_TLV_PROPERTIES, CCID_FEATURE_ESCAPE };
	struct answer answer = { out, room, 0 };

	for (size_t i = 0; i < sizeof all; i++) {
		uint32_t code = ccid_feature_code((enum ccid_feature)all[i], codes);
		/* The code has the highest byte first, unlike everything else. */
		const uint8_t record[] = { all[i], 4, (uint8_t)(code >> 24), (uint8_t)(code >> 16),
			(uint8_t)(code >> 8), (uint8_t)code };

		if (ccid_feature_has(functions, (enum ccid_feature)all[i]))
			add(&answer, record, sizeof record);
	}
	return end(&answer, ret_length);
}

static void
add_number(struct answer *answer, enum property tag, uint32_t value, uint8_t size)
{
	uint8_t record[2 + 4] = { (uint8_t)tag, size };

	ccid_put32(record + 2, value);
	add(answer, record, 2u + size);
}

static void
add_text(struct answer *answer, enum property tag, const char *text)
{
	size_t length = strnlen(text, TEXT_MAX);
	const uint8_t head[] = { (uint8_t)tag, (uint8_t)length };

	add(answer, head, sizeof head);
	add(answer, text, length);
}

enum ccid_result
ccid_features_tlv(
    const struct ccid_functions *functions, uint8_t *out, size_t room, size_t *ret_length)
{
	const struct ccid_descriptor *descriptor = functions->descriptor;
	const struct ccid_quirks *quirks = functions->quirks;
	struct answer answer = { out, room, 0 };

	add_number(&answer, LCD_LAYOUT, descriptor->lcd_layout, 2);
	if (quirks->pin_key_only)
		add_number(&answer, ENTRY_VALIDATION, CONDITION_KEY, 1);
	add_number(&answer, TIMEOUT_2, 0, 1);
	if (descriptor->lcd_layout != 0) {
		add_number(&answer, LCD_CHARACTERS, descriptor->lcd_layout & 0xFF, 2);
		add_number(&answer, LCD_LINES, descriptor->lcd_layout >> 8, 2);
	}
	if (quirks->pin_minimum != 0)
		add_number(&answer, PIN_MINIMUM, quirks->pin_minimum, 1);
	if (quirks->pin_maximum != 0)
		add_number(&answer, PIN_MAXIMUM, quirks->pin_maximum, 1);
	if (functions->firmware != NULL)
		add_text(&answer, FIRMWARE, functions->firmware);
	add_number(&answer, PPDU, (functions->escape ? 1u : 0u) | (functions->ppdu ? 2u : 0u), 1);
	add_number(&answer, APDU_DATA, descriptor->level == CCID_SHORT_APDU ? 0 : APDU_DATA_MAX, 4);
	add_number(&answer, VENDOR, functions->vendor, 2);
	add_number(&answer, PRODUCT, functions->product, 2);
	return end(&answer, ret_length);
}

enum ccid_result
ccid_features_pin(
    const struct ccid_functions *functions, uint8_t *out, size_t room, size_t *ret_length)
{
	const uint16_t layout = functions->descriptor->lcd_layout;
	const uint8_t bytes[] = { (uint8_t)layout, (uint8_t)(layout >> 8),
		functions->quirks->pin_key_only ? CONDITION_KEY : CONDITION_ANY, 0 };
	struct answer answer = { out, room, 0 };

	add(&answer, bytes, sizeof bytes);
	return end(&answer, ret_length);
}
