/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/quirks_keys.h"

#include <string.h>

#include "ccid/descriptor.h"
#include "ccid/escape.h"
#include "ccid/limits.h"

enum kind {
	FLAG,         /* bool */
	NUMBER,       /* 32 bits without sign */
	MILLISECONDS, /* the same, kept as microseconds */
	LEVEL,
	RATES,
	ESCAPES
};

G_STATIC_ASSERT(sizeof(unsigned) == sizeof(uint32_t));

#define MEMBER(type, member) offsetof(struct type, member), sizeof(((struct type *)NULL)->member)
#define IS_FLAG(name, member)                                 \
	{                                                     \
		name, FLAG, MEMBER(ccid_quirks, member), 0, 0 \
	}
#define IS_NUMBER(name, member, minimum, maximum)                           \
	{                                                                   \
		name, NUMBER, MEMBER(ccid_quirks, member), minimum, maximum \
	}
#define IS_TIME(name, member, maximum)                                      \
	{                                                                   \
		name, MILLISECONDS, MEMBER(ccid_quirks, member), 0, maximum \
	}

const struct quirk_key ccid_quirk_keys[] = {
	IS_FLAG("VendorClass", vendor_class),
	IS_FLAG("NoPinPad", no_pin_pad),
	{ "Level", LEVEL, MEMBER(ccid_quirks, level), 0, 0 },
	IS_NUMBER("MessageMax", message_max, 0, CCID_MESSAGE_MAX),
	IS_NUMBER("Ifsd", ifsd, 0, T1_INF_MAX),
	IS_NUMBER("RateMax", rate_max, 0, 100000000),
	{ "Rates", RATES, MEMBER(ccid_quirks, rates), 9600, 100000000 },
	IS_NUMBER("Slots", slots, 0, CCID_SLOTS_MAX),
	IS_FLAG("NoPps", no_pps),
	IS_FLAG("NoIfsd", no_ifsd),
	IS_FLAG("SplitReads", split_reads),
	IS_FLAG("ZeroPacket", zero_packet),
	IS_FLAG("PresenceByPower", presence_by_power),
	IS_FLAG("PresenceOfFirst", presence_of_first),
	IS_FLAG("OffBeforeOn", off_before_on),
	IS_FLAG("DeviceLock", device_lock),
	IS_FLAG("ParametersByReset", parameters_by_reset),
	IS_FLAG("AnswerInStatus", answer_in_status),
	IS_FLAG("Broken", broken),
	IS_NUMBER("Slow", slow, 0, 20),
	IS_TIME("OpenWait", open_wait_us, 10000),
	IS_TIME("ExtraWait", extra_wait_us, CCID_WAIT_MAX_US / 1000),
	IS_FLAG("NoAutosuspend", no_autosuspend),
	IS_FLAG("EmvEscape", emv_escape),
	IS_FLAG("PinKeyOnly", pin_key_only),
	IS_FLAG("PinThreeIndexes", pin_three_indexes),
	IS_FLAG("PinNoMessage", pin_no_message),
	IS_FLAG("PinModifyNoMessage", pin_modify_no_message),
	IS_FLAG("PinMessageDefault", pin_message_default),
	IS_FLAG("PinSwapDigits", pin_swap_digits),
	IS_FLAG("PinTemplateEscape", pin_template_escape),
	IS_TIME("PinWait", pin_wait_us, 10000),
	IS_NUMBER("PinMinimum", pin_minimum, 0, 255),
	IS_NUMBER("PinMaximum", pin_maximum, 0, 255),
	IS_FLAG("Mct", mct),
	{ "Escapes", ESCAPES, MEMBER(ccid_quirks, escapes), 0, 0 },
};
const size_t ccid_quirk_key_count = G_N_ELEMENTS(ccid_quirk_keys);
G_STATIC_ASSERT(G_N_ELEMENTS(ccid_quirk_keys) <= QUIRK_KEYS_MAX);

const struct quirk_key ccid_card_quirk_keys[] = {
	{ "Bwi", NUMBER, MEMBER(ccid_card_quirks, bwi), 0, 9 },
	{ "ExtraWait", MILLISECONDS, MEMBER(ccid_card_quirks, extra_wait_us), 0,
	    CCID_WAIT_MAX_US / 1000 },
};
const size_t ccid_card_quirk_key_count = G_N_ELEMENTS(ccid_card_quirk_keys);

int
ccid_quirk_key_find(const struct quirk_key *keys, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(keys[i].name, name) == 0)
			return (int)i;
	return -1;
}

static char *
set_flag(const char *text, bool *ret)
{
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return g_strdup("expected true or false");
	*ret = text[0] == 't';
	return NULL;
}

static char *
set_number(const struct quirk_key *key, const char *text, uint32_t *ret)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(text, 10, key->minimum, key->maximum, &number, NULL))
		return g_strdup_printf(
		    "expected a number from %u to %u", key->minimum, key->maximum);
	*ret = (uint32_t)number;
	return NULL;
}

static char *
set_level(const char *text, int *ret)
{
	static const char *const names[] = {
		[CCID_CHARACTER] = "character",
		[CCID_TPDU] = "tpdu",
		[CCID_SHORT_APDU] = "short",
		[CCID_EXTENDED_APDU] = "extended",
	};

	if (strcmp(text, "announced") == 0) {
		*ret = 0;
		return NULL;
	}
	for (int i = 0; i < (int)G_N_ELEMENTS(names); i++)
		if (strcmp(text, names[i]) == 0) {
			*ret = i + 1;
			return NULL;
		}
	return g_strdup("expected announced, character, tpdu, short or extended");
}

/* Items with a semicolon between them, and perhaps behind the last. */
static char **
split(const char *text)
{
	char **items = g_strsplit(text, ";", 0);
	guint count = g_strv_length(items);

	if (count > 0 && g_strstrip(items[count - 1])[0] == '\0')
		g_clear_pointer(&items[count - 1], g_free);
	return items;
}

static char *
set_rates(const struct quirk_key *key, const char *text, uint32_t *ret)
{
	g_auto(GStrv) items = split(text);
	uint32_t rates[CCID_RATES_LISTED_MAX] = { 0 };

	if (g_strv_length(items) > CCID_RATES_LISTED_MAX)
		return g_strdup_printf("more than %u rates", CCID_RATES_LISTED_MAX);
	for (size_t i = 0; items[i] != NULL; i++) {
		char *problem = set_number(key, g_strstrip(items[i]), &rates[i]);

		if (problem != NULL)
			return problem;
	}
	memcpy(ret, rates, sizeof rates);
	return NULL;
}

static char *
set_escapes(const char *text, char (*ret)[CCID_ESCAPE_PATTERN_SIZE])
{
	g_auto(GStrv) items = split(text);
	char patterns[CCID_ESCAPES_LISTED_MAX][CCID_ESCAPE_PATTERN_SIZE] = { "" };

	if (g_strv_length(items) > CCID_ESCAPES_LISTED_MAX)
		return g_strdup_printf("more than %u patterns", CCID_ESCAPES_LISTED_MAX);
	for (size_t i = 0; items[i] != NULL; i++) {
		g_strstrip(items[i]);
		if (!ccid_escape_is_pattern(items[i]))
			return g_strdup_printf(
			    "expected bytes in hexadecimal, .. for any byte, and "
			    "* at the end for any more; at most %u characters",
			    CCID_ESCAPE_PATTERN_SIZE - 1);
		g_strlcpy(patterns[i], items[i], sizeof patterns[i]);
	}
	memcpy(ret, patterns, sizeof patterns);
	return NULL;
}

char *
ccid_quirk_key_set(const struct quirk_key *key, const char *text, void *values)
{
	void *member = (char *)values + key->offset;
	char *problem;

	switch (key->kind) {
	case FLAG:
		return set_flag(text, member);
	case NUMBER:
		return set_number(key, text, member);
	case MILLISECONDS:
		problem = set_number(key, text, member);
		if (problem == NULL)
			*(uint32_t *)member *= 1000;
		return problem;
	case LEVEL:
		return set_level(text, member);
	case RATES:
		return set_rates(key, text, member);
	default:
		return set_escapes(text, member);
	}
}
