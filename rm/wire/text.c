/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/wire/text.h"

#include <string.h>

#include <glib.h>

#define UTF8_LENGTH_MAX 6 /* bytes that g_unichar_to_utf8 may write */
#define REPLACEMENT ((gunichar)0xFFFD)

static bool
is_control(gunichar c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool
wire_is_text(const char *text, size_t length)
{
	const char *end = text + length;

	if (!g_utf8_validate_len(text, length, NULL))
		return false;
	for (const char *p = text; p < end; p = g_utf8_next_char(p))
		if (is_control(g_utf8_get_char(p)))
			return false;
	return true;
}

size_t
wire_make_text(const char *text, char *made, size_t size)
{
	const char *end = text + strlen(text);
	size_t used = 0;

	while (text < end) {
		gunichar c = g_utf8_get_char_validated(text, end - text);
		bool valid = c != (gunichar)-1 && c != (gunichar)-2;
		char bytes[UTF8_LENGTH_MAX];
		size_t n;

		text = valid ? g_utf8_next_char(text) : text + 1;
		n = (size_t)g_unichar_to_utf8(!valid || is_control(c) ? REPLACEMENT : c, bytes);
		if (n > size - used)
			break;
		memcpy(made + used, bytes, n);
		used += n;
	}
	return used;
}
