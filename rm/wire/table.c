/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of messages.def, found by number.
 */
#include "rm/wire/wire.h"

/* The number is the index; a number that is not used has no name. */
static const struct wire_info rows[] = {
#define MESSAGE(number, name, request, request_names, reply, reply_names) \
	[number] = { number, #name, request, request_names, reply, reply_names },
#include "rm/wire/messages.def"
#undef MESSAGE
};

const struct wire_info *
wire_info(uint16_t number)
{
	if (number >= sizeof rows / sizeof rows[0] || rows[number].name == NULL)
		return NULL;
	return &rows[number];
}
