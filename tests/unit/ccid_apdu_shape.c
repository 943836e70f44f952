/* SPDX-License-Identifier: BSD-2-Clause */
/* Cases of command APDUs, by their lengths. */
#include "ccid/t0.h"

#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

struct shape {
	size_t length;   /* of the whole */
	uint8_t body[3]; /* bytes 4 to 6 */
	uint8_t end[2];  /* the last two */
	enum apdu_case kind;
	size_t lc, data, le;
};

static const struct shape shapes[] = {
	{ 4, { 0 }, { 0 }, APDU_1, 0, 0, 0 },
	{ 5, { 0x01 }, { 0 }, APDU_2S, 0, 0, 1 },
	{ 5, { 0xFF }, { 0 }, APDU_2S, 0, 0, 255 },
	{ 5, { 0x00 }, { 0 }, APDU_2S, 0, 0, 256 },
	{ 6, { 0x01, 0xAA }, { 0 }, APDU_3S, 1, 5, 0 },
	{ 7, { 0x02, 0xAA, 0xBB }, { 0 }, APDU_3S, 2, 5, 0 },
	{ 7, { 0x01, 0xAA, 0x10 }, { 0 }, APDU_4S, 1, 5, 16 },
	{ 260, { 0xFF }, { 0 }, APDU_3S, 255, 5, 0 },
	{ 261, { 0xFF }, { 0, 0x80 }, APDU_4S, 255, 5, 128 },
	{ 261, { 0xFF }, { 0, 0x00 }, APDU_4S, 255, 5, 256 },
	{ 7, { 0x00, 0x00, 0x01 }, { 0 }, APDU_2E, 0, 0, 1 },
	{ 7, { 0x00, 0x01, 0x00 }, { 0 }, APDU_2E, 0, 0, 256 },
	{ 7, { 0x00, 0xFF, 0xFF }, { 0 }, APDU_2E, 0, 0, 65535 },
	{ 7, { 0x00, 0x00, 0x00 }, { 0 }, APDU_2E, 0, 0, 65536 },
	{ 8, { 0x00, 0x00, 0x01 }, { 0 }, APDU_3E, 1, 7, 0 },
	{ 10, { 0x00, 0x00, 0x01 }, { 0x01, 0x02 }, APDU_4E, 1, 7, 0x102 },
	{ 10, { 0x00, 0x00, 0x01 }, { 0x00, 0x00 }, APDU_4E, 1, 7, 65536 },
	{ 307, { 0x00, 0x01, 0x2C }, { 0 }, APDU_3E, 300, 7, 0 },
	{ 65542, { 0x00, 0xFF, 0xFF }, { 0 }, APDU_3E, 65535, 7, 0 },
	{ 65544, { 0x00, 0xFF, 0xFF }, { 0x12, 0x34 }, APDU_4E, 65535, 7, 0x1234 },
	/* None of them. */
	{ 0, { 0 }, { 0 }, APDU_INVALID, 0, 0, 0 },
	{ 3, { 0 }, { 0 }, APDU_INVALID, 0, 0, 0 },
	{ 6, { 0x00, 0x01 }, { 0 }, APDU_INVALID, 0, 0, 0 },
	{ 6, { 0x02, 0xAA }, { 0 }, APDU_INVALID, 0, 0, 0 },
	{ 8, { 0x01, 0xAA, 0x10 }, { 0 }, APDU_INVALID, 0, 0, 0 },
	{ 262, { 0xFF }, { 0 }, APDU_INVALID, 0, 0, 0 },
	{ 8, { 0x00, 0x00, 0x00 }, { 0 }, APDU_INVALID, 0, 0, 0 },
	{ 9, { 0x00, 0x00, 0x00 }, { 0 }, APDU_INVALID, 0, 0, 0 },
	{ 9, { 0x00, 0x00, 0x01 }, { 0 }, APDU_INVALID, 0, 0, 0 },
	{ 11, { 0x00, 0x00, 0x01 }, { 0 }, APDU_INVALID, 0, 0, 0 },
	{ 65545, { 0x00, 0xFF, 0xFF }, { 0 }, APDU_INVALID, 0, 0, 0 },
};

/* From memory of exactly that length: nothing may be read behind it. */
static void
cases(void)
{
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		const struct shape *s = &shapes[i];
		uint8_t *command = calloc(1, s->length > 0 ? s->length : 1);
		struct apdu_shape shape;

		for (size_t k = 0; k < 3 && 4 + k < s->length; k++)
			command[4 + k] = s->body[k];
		if (s->length > 8)
			memcpy(command + s->length - 2, s->end, 2);
		SUITE_EQUAL_INT(apdu_shape(command, s->length, &shape), s->kind != APDU_INVALID);
		SUITE_EQUAL_INT(shape.kind, s->kind);
		SUITE_EQUAL_INT(shape.lc, s->lc);
		SUITE_EQUAL_INT(shape.data, s->data);
		SUITE_EQUAL_INT(shape.le, s->le);
		free(command);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "every case, and what is none", cases },
	};

	return suite_run("APDU cases", tests, sizeof tests / sizeof tests[0]);
}
