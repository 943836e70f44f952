/* SPDX-License-Identifier: BSD-2-Clause */
/* Command APDUs: see apdu.h. */
#include "providers/scardssp/apdu.h"

#include <string.h>

static uint32_t
number16(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 8 | bytes[1];
}

/* The body of a command with a short Lc: at least one byte after it. */
static bool
decode_short(const uint8_t *bytes, size_t size, struct apdu *ret)
{
	size_t lc = bytes[4];

	if (size != 5 + lc && size != 6 + lc)
		return false;
	ret->data = bytes + 5;
	ret->data_size = lc;
	ret->kind = APDU_CASE_3;
	if (size == 6 + lc) {
		ret->kind = APDU_CASE_4;
		ret->expected = bytes[5 + lc] != 0 ? bytes[5 + lc] : APDU_SHORT_EXPECTED_MAX;
	}
	return true;
}

/* The body of a command whose fifth byte is 00, with at least one more byte. */
static bool
decode_extended(const uint8_t *bytes, size_t size, struct apdu *ret)
{
	uint32_t field;

	if (size < 7)
		return false;
	field = number16(bytes + 5);
	if (size == 7) {
		ret->kind = APDU_CASE_2;
		ret->expected = field != 0 ? field : APDU_EXPECTED_MAX;
	} else if (field != 0 && (size == 7u + field || size == 9u + field)) {
		ret->kind = APDU_CASE_3;
		ret->data = bytes + 7;
		ret->data_size = field;
		if (size == 9u + field) {
			uint32_t le = number16(bytes + 7 + field);

			ret->kind = APDU_CASE_4;
			ret->expected = le != 0 ? le : APDU_EXPECTED_MAX;
		}
	} else {
		return false;
	}
	ret->extended = true;
	return true;
}

bool
apdu_decode(const uint8_t *bytes, size_t size, struct apdu *ret)
{
	struct apdu apdu = { .kind = APDU_OPAQUE };
	bool known;

	if (size < APDU_HEADER_SIZE)
		return false;
	memcpy(apdu.header, bytes, APDU_HEADER_SIZE);
	if (size == 4) {
		apdu.kind = APDU_CASE_1;
		known = true;
	} else if (size == 5) {
		apdu.kind = APDU_CASE_2;
		apdu.expected = bytes[4] != 0 ? bytes[4] : APDU_SHORT_EXPECTED_MAX;
		known = true;
	} else if (bytes[4] != 0) {
		known = decode_short(bytes, size, &apdu);
	} else {
		known = decode_extended(bytes, size, &apdu);
	}
	if (!known) {
		apdu.data = bytes + 5;
		apdu.data_size = size - 5;
	}
	*ret = apdu;
	return true;
}

static bool
needs_extended(size_t data_size, uint32_t expected)
{
	return data_size > APDU_SHORT_DATA_MAX || expected > APDU_SHORT_EXPECTED_MAX;
}

size_t
apdu_encoded_size(size_t data_size, uint32_t expected)
{
	size_t size = APDU_HEADER_SIZE + data_size;

	if (data_size > APDU_DATA_MAX || expected > APDU_EXPECTED_MAX)
		return 0;
	if (!needs_extended(data_size, expected))
		return size + (data_size != 0) + (expected != 0);
	/* The byte 00 stands once, before Lc or, without data, before Le. */
	return size + 1 + (data_size != 0 ? 2u : 0u) + (expected != 0 ? 2u : 0u);
}

size_t
apdu_encode(const uint8_t header[APDU_HEADER_SIZE], const uint8_t *data, size_t data_size,
    uint32_t expected, uint8_t *out)
{
	bool extended = needs_extended(data_size, expected);
	uint8_t *p = out;

	memcpy(p, header, APDU_HEADER_SIZE);
	p += APDU_HEADER_SIZE;
	if (extended)
		*p++ = 0;
	if (data_size != 0) {
		if (extended)
			*p++ = (uint8_t)(data_size >> 8);
		*p++ = (uint8_t)data_size;
		memcpy(p, data, data_size);
		p += data_size;
	}
	if (expected != 0) {
		/* 256 and 65536 lose their high bit here: the all-zero field means just them. */
		if (extended)
			*p++ = (uint8_t)(expected >> 8);
		*p++ = (uint8_t)expected;
	}
	return (size_t)(p - out);
}

uint32_t
apdu_envelope_expected(const struct apdu *inner, size_t inner_size)
{
	if (inner->expected != 0)
		return inner->expected;
	return inner_size > APDU_SHORT_DATA_MAX ? APDU_EXPECTED_MAX : APDU_SHORT_EXPECTED_MAX;
}
