/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/guid_text.h"

#include <stdio.h>

char *
guid_to_text(REFGUID guid, char buffer[static GUID_TEXT_LENGTH + 1])
{
	const uint8_t *tail = guid->Data4;

	snprintf(buffer, GUID_TEXT_LENGTH + 1, "{%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}",
	    (unsigned)guid->Data1, guid->Data2, guid->Data3, tail[0], tail[1], tail[2], tail[3],
	    tail[4], tail[5], tail[6], tail[7]);
	return buffer;
}

static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Where the bytes stand in the text, in the order in which it prints them. */
static bool
read_bytes(const char *text, uint8_t bytes[static 16])
{
	static const char form[] = "{########-####-####-####-############}";
	unsigned digits = 0;

	for (size_t i = 0; i < GUID_TEXT_LENGTH; i++) {
		int value;

		if (form[i] != '#') {
			if (text[i] != form[i])
				return false;
			continue;
		}
		value = digit_value(text[i]);
		if (value < 0)
			return false;
		bytes[digits / 2] = (uint8_t)(bytes[digits / 2] << 4 | value);
		digits++;
	}
	return true;
}

bool
guid_from_text(const char *text, size_t length, GUID *ret_guid)
{
	uint8_t b[16] = { 0 };

	if (length != GUID_TEXT_LENGTH || !read_bytes(text, b))
		return false;
	ret_guid->Data1 = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
	ret_guid->Data2 = (uint16_t)(b[4] << 8 | b[5]);
	ret_guid->Data3 = (uint16_t)(b[6] << 8 | b[7]);
	memcpy(ret_guid->Data4, b + 8, sizeof ret_guid->Data4);
	return true;
}
