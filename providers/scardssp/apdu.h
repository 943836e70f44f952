/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command APDUs (ISO/IEC 7816-3:2006, 12.1; ISO/IEC 7816-4): taking apart and putting together, all
 * four cases, short and extended. Pure: no component, no card, no allocation.
 *
 *	case 1  CLA INS P1 P2
 *	case 2  CLA INS P1 P2 Le            extended  ... 00 Le Le
 *	case 3  CLA INS P1 P2 Lc data       extended  ... 00 Lc Lc data
 *	case 4  CLA INS P1 P2 Lc data Le    extended  ... 00 Lc Lc data Le Le
 *
 * An Le that is all zero asks for the most its form can ask for: 256 bytes, or 65536.
 */
#ifndef PROVIDERS_SCARDSSP_APDU_H
#define PROVIDERS_SCARDSSP_APDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define APDU_HEADER_SIZE 4u
#define APDU_SHORT_DATA_MAX 255u
#define APDU_SHORT_EXPECTED_MAX 256u
#define APDU_DATA_MAX 65535u
#define APDU_EXPECTED_MAX 65536u
#define APDU_COMMAND_MAX (APDU_HEADER_SIZE + 3u + APDU_DATA_MAX + 2u) /* 65544 */
#define APDU_STATUS_SIZE 2u
#define APDU_REPLY_MAX (APDU_EXPECTED_MAX + APDU_STATUS_SIZE)             /* 65538 */
#define APDU_SHORT_REPLY_MAX (APDU_SHORT_EXPECTED_MAX + APDU_STATUS_SIZE) /* 258 */

#define APDU_INS_GET_RESPONSE 0xC0u
#define APDU_INS_ENVELOPE 0xC2u

/* The numbers are those of the standard. */
enum apdu_case {
	APDU_OPAQUE = 0, /* the bytes follow none of the four patterns */
	APDU_CASE_1 = 1,
	APDU_CASE_2 = 2,
	APDU_CASE_3 = 3,
	APDU_CASE_4 = 4
};

struct apdu {
	enum apdu_case kind;
	bool extended;
	uint8_t header[APDU_HEADER_SIZE]; /* CLA INS P1 P2 */
	const uint8_t *data;              /* within the bytes decoded; NULL without a data field */
	size_t data_size;                 /* opaque: all bytes from the sixth on */
	uint32_t expected;                /* bytes asked for; 0 without Le */
};

/*
 * apdu_decode: takes a command apart. What fits no case is APDU_OPAQUE, which is no failure.
 * @ret: its data points into `bytes`
 *
 * Returns false, and leaves *ret alone, when there are fewer than APDU_HEADER_SIZE bytes.
 */
bool apdu_decode(const uint8_t *bytes, size_t size, struct apdu *ret);

/*
 * apdu_encoded_size: bytes of the command that apdu_encode writes; 0 when the data are more than
 * APDU_DATA_MAX or the bytes expected more than APDU_EXPECTED_MAX.
 * @expected: 0 for no Le
 */
size_t apdu_encoded_size(size_t data_size, uint32_t expected);

/*
 * apdu_encode: puts a command together in the shortest form: extended only when there are more than
 * 255 bytes of data or more than 256 expected.
 * @data: may be NULL when data_size is 0; may not overlap `out`
 * @out: has room for apdu_encoded_size(data_size, expected) bytes, which is not 0
 *
 * Returns the bytes written.
 */
size_t apdu_encode(const uint8_t header[APDU_HEADER_SIZE], const uint8_t *data, size_t data_size,
    uint32_t expected, uint8_t *out);

/*
 * apdu_envelope_expected: bytes to expect from an ENVELOPE that carries `inner`: what the inner
 * command expects; without an inner Le all that the carrier's form can ask for.
 * @inner_size: bytes of the whole inner command
 */
uint32_t apdu_envelope_expected(const struct apdu *inner, size_t inner_size);

#endif
