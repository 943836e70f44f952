/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/wire/fields.h"

int
wire_check(const uint8_t *data, size_t size)
{
	struct wire_reader reader;
	struct wire_header header;
	int r;

	if ((r = wire_open(&reader, data, size, &header)) < 0)
		return r;
	return wire_walk(&reader, &header, NULL, NULL);
}
