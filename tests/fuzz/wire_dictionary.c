/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints the fuzzer's dictionary of the wire: number and direction of every message of the table,
 * and the lengths, counts and results that mean something.
 */
#include <stdio.h>

#include "rm/wire/wire.h"

static void
print_entry(const char *name, const char *kind, uint32_t value)
{
	printf("%s%s=\"", name, kind);
	for (unsigned i = 0; i < 4; i++)
		printf("\\x%02X", (unsigned)(value >> 8 * i & 0xFF));
	printf("\"\n");
}

int
main(void)
{
	static const struct wire_info rows[] = {
#define MESSAGE(number, name, request, request_names, reply, reply_names) \
	{ number, #name, request, request_names, reply, reply_names },
#include "rm/wire/messages.def"
#undef MESSAGE
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		print_entry(rows[i].name, "_request", rows[i].number);
		print_entry(rows[i].name, "_reply", rows[i].number | 1u << 16);
	}
	print_entry("absent", "", WIRE_ABSENT);
	print_entry("longest_text", "", WIRE_TEXT_MAX - 1);
	print_entry("too_long_text", "", WIRE_TEXT_MAX);
	print_entry("longest_list", "", WIRE_LIST_MAX);
	print_entry("too_long_list", "", WIRE_LIST_MAX + 1);
	print_entry("longest_packet", "", WIRE_MESSAGE_MAX);
	print_entry("insufficient_buffer", "", 0x80100008);
	print_entry("timeout", "", 0x8010000A);
	return 0;
}
