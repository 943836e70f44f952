/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/escape.h"

#include <string.h>

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

enum element {
	END,
	BYTE,
	ANY_BYTE,
	ANY_MORE,
	WRONG
};

/* Takes the next element of a pattern. */
static enum element
next(const char **text, uint8_t *ret_byte)
{
	const char *p = *text;
	int high, low;

	while (*p == ' ')
		p++;
	*text = p;
	if (*p == '\0')
		return END;
	if (*p == '*') {
		*text = p + 1;
		return ANY_MORE;
	}
	*text = p + (p[1] != '\0' ? 2 : 1);
	if (p[0] == '.' && p[1] == '.')
		return ANY_BYTE;
	high = digit(p[0]);
	low = digit(p[1]);
	if (high < 0 || low < 0)
		return WRONG;
	*ret_byte = (uint8_t)(high << 4 | low);
	return BYTE;
}

bool
ccid_escape_is_pattern(const char *text)
{
	bool told = false, more = false;
	enum element element;
	uint8_t byte;

	if (strlen(text) >= CCID_ESCAPE_PATTERN_SIZE)
		return false;
	while ((element = next(&text, &byte)) != END) {
		if (element == WRONG || more)
			return false;
		told |= element == BYTE;
		more |= element == ANY_MORE;
	}
	return told;
}

static bool
matches(const char *pattern, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0;; i++) {
		uint8_t byte;

		switch (next(&pattern, &byte)) {
		case END:
			return i == length;
		case ANY_MORE:
			return true;
		case ANY_BYTE:
			if (i == length)
				return false;
			break;
		case BYTE:
			if (i == length || bytes[i] != byte)
				return false;
			break;
		default:
			return false;
		}
	}
}

bool
ccid_escape_allowed(
    const struct ccid_quirks *quirks, bool administrator, const uint8_t *bytes, size_t length)
{
	if (administrator)
		return true;
	for (size_t i = 0; i < CCID_ESCAPES_LISTED_MAX; i++)
		if (ccid_escape_is_pattern(quirks->escapes[i]) &&
		    matches(quirks->escapes[i], bytes, length))
			return true;
	return false;
}
