/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers in messages: least significant byte first (USB), read and written byte by byte. */
#ifndef CCID_BYTES_H
#define CCID_BYTES_H

#include <stdint.h>

static inline uint16_t
ccid_get16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] | (unsigned)bytes[1] << 8);
}

static inline uint32_t
ccid_get32(const uint8_t *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	    (uint32_t)bytes[3] << 24;
}

static inline void
ccid_put32(uint8_t *bytes, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
}

#endif
