/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Comparison of the tables of abi_table.h, with the name of the row in each report.
 */
#include "tests/unit/abi_table.h"

#include <stdio.h>
#include <string.h>

#include "tests/suite.h"

void
abi_check_facts(const struct abi_fact *facts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		suite_equal_int((long long)facts[i].actual, (long long)facts[i].expected,
		    facts[i].text, "the table", __FILE__, __LINE__);
}

void
abi_check_constants(const struct abi_constant *constants, size_t count)
{
	char size[128];

	for (size_t i = 0; i < count; i++) {
		suite_equal_hex(constants[i].actual, constants[i].expected, constants[i].name,
		    "the table", __FILE__, __LINE__);
		snprintf(size, sizeof size, "sizeof(%s)", constants[i].name);
		suite_equal_int(
		    (long long)constants[i].size, 4, size, "32 bits", __FILE__, __LINE__);
	}
}

void
abi_check_slots(const struct abi_slot *slots, size_t count, size_t table_size)
{
	char text[128];

	for (size_t i = 0; i < count; i++) {
		suite_equal_int(slots[i].slot, (long long)i, slots[i].name, "next row of the table",
		    __FILE__, __LINE__);
		suite_equal_int((long long)slots[i].offset, slots[i].slot * 8LL, slots[i].name,
		    "slot * 8", __FILE__, __LINE__);
		snprintf(text, sizeof text, "signature of %s", slots[i].name);
		suite_equal_int(slots[i].same_signature, 1, text, "the table", __FILE__, __LINE__);
	}
	suite_equal_int((long long)table_size, (long long)count * 8, "size of the function table",
	    "slots * 8", __FILE__, __LINE__);
}

static unsigned
nibble(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *p = c == '\0' ? NULL : strchr(digits, c);

	return p == NULL ? 16 : (unsigned)(p - digits);
}

/* Text as the specification prints it, without braces; Data1 to Data3 are little-endian in memory.
 */
static int
identifier_bytes(const char *text, uint8_t bytes[16])
{
	static const int place[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

	if (strlen(text) != 36)
		return 0;
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			if (*text++ != '-')
				return 0;
		if (nibble(text[0]) > 15 || nibble(text[1]) > 15)
			return 0;
		bytes[place[i]] = (uint8_t)(nibble(text[0]) << 4 | nibble(text[1]));
		text += 2;
	}
	return 1;
}

void
abi_check_identifiers(const struct abi_identifier *identifiers, size_t count)
{
	uint8_t expected[16];
	char hex[33];

	for (size_t i = 0; i < count; i++) {
		if (!identifier_bytes(identifiers[i].text, expected)) {
			suite_equal_string(identifiers[i].text, "8-4-4-4-12 upper-case hex digits",
			    identifiers[i].name, __FILE__, __LINE__);
			continue;
		}
		for (int b = 0; b < 16; b++)
			snprintf(hex + 2 * b, 3, "%02X", expected[b]);
		suite_equal_bytes(identifiers[i].actual, sizeof(GUID), hex, identifiers[i].name,
		    __FILE__, __LINE__);
	}
}
