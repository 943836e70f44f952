/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom a group of a quirks file is about. */
#include <string.h>

#include "ccid/quirks_table.h"

#define CARD_PREFIX "ATR:"
#define NUMBER_DIGITS_MAX 9u /* behind `#` */

/* Exactly four digits. */
static bool
take_id(const char **text, uint16_t *ret)
{
	unsigned value = 0;

	for (unsigned i = 0; i < 4; i++) {
		int digit = g_ascii_xdigit_value((*text)[i]);

		if (digit < 0)
			return false;
		value = value << 4 | (unsigned)digit;
	}
	*text += 4;
	*ret = (uint16_t)value;
	return true;
}

/* A number in decimal below `end`, without needless zeros. */
static bool
take_number(const char **text, unsigned end, unsigned *ret)
{
	size_t digits = strspn(*text, "0123456789");
	unsigned value = 0;

	if (digits == 0 || digits > NUMBER_DIGITS_MAX || (digits > 1 && (*text)[0] == '0'))
		return false;
	for (size_t i = 0; i < digits; i++)
		value = value * 10 + (unsigned)((*text)[i] - '0');
	*text += digits;
	*ret = value;
	return value < end;
}

bool
ccid_quirk_rule_name(struct quirk_rule *rule, const char *group)
{
	uint16_t product;
	unsigned number;

	rule->product = rule->slot = QUIRK_ANY;
	rule->low = 0;
	rule->high = 0xFFFF;
	if (!take_id(&group, &rule->vendor) || *group++ != ':')
		return false;
	if (*group == '*') {
		group++;
	} else {
		if (!take_id(&group, &product))
			return false;
		rule->product = product;
		if (*group == ':') {
			group++;
			if (!take_number(&group, CCID_SLOTS_MAX, &number))
				return false;
			rule->slot = (int)number;
		}
	}
	if (*group == '#') {
		group++;
		if (!take_number(&group, G_MAXUINT, &number))
			return false;
	}
	return *group == '\0';
}

bool
ccid_quirk_rule_releases(struct quirk_rule *rule, const char *text)
{
	if (!take_id(&text, &rule->low))
		return false;
	rule->high = rule->low;
	if (*text == '-') {
		text++;
		if (!take_id(&text, &rule->high))
			return false;
	}
	return *text == '\0' && rule->low <= rule->high;
}

bool
ccid_card_rule_name(struct card_rule *rule, const char *group)
{
	if (!g_str_has_prefix(group, CARD_PREFIX))
		return false;
	group += strlen(CARD_PREFIX);
	while (rule->length < ATR_LENGTH_MAX && g_ascii_isxdigit(group[0]) &&
	    g_ascii_isxdigit(group[1])) {
		rule->atr[rule->length++] =
		    (uint8_t)(g_ascii_xdigit_value(group[0]) << 4 | g_ascii_xdigit_value(group[1]));
		group += 2;
	}
	rule->begins = *group == '*';
	if (rule->begins)
		group++;
	return *group == '\0' && rule->length >= 2;
}
