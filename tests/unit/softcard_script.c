/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/softcard_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

#define COMMAND_MAX 70000

static int
counting_random(void *data, uint8_t *out, size_t length)
{
	(void)data;
	for (size_t i = 0; i < length; i++)
		out[i] = (uint8_t)(i + 1);
	return 0;
}

static int
add(int number)
{
	if (number < 0) {
		fprintf(stderr, "the test's card: error %d\n", number);
		exit(1);
	}
	return number;
}

/*
 * 3F00 MF
 *   2F00       8 bytes, short id 30, always, never
 *   5000 DF "A0 01 02 03"
 *     5001     10 bytes, short id 1, always, update after PIN 01
 *     5002     4 bytes, both after PIN 01
 *     5003     300 bytes 00 01 .. FF 00 .., update always
 *     5004     never, never
 *     5100 DF "A0 01 02 04"
 *       5101   after local PIN 81
 *   6000 DF "A0 01"
 *     5001     2 bytes
 * PIN 01 "1234", three tries; PIN 81 of 5100 "abcdef", two tries.
 */
struct softcard_card *
softcard_script_card(void)
{
	const struct softcard_access always = { .rule = SOFTCARD_ALWAYS };
	const struct softcard_access never = { .rule = SOFTCARD_NEVER };
	const struct softcard_access pin = { .rule = SOFTCARD_AFTER_PIN, .pin = 0x01 };
	const struct softcard_access local = { .rule = SOFTCARD_AFTER_PIN, .pin = 0x81 };
	struct softcard_card *card = softcard_card_new();
	uint8_t counted[300];
	int df, inner, other, file;

	for (size_t i = 0; i < sizeof counted; i++)
		counted[i] = (uint8_t)i;
	softcard_card_set_random(card, counting_random, NULL);
	file = add(softcard_card_add_file(card, SOFTCARD_MF, 0x2F00, 30, 8, always, never));
	add(softcard_card_fill(card, file, (const uint8_t *)"EF.DIR..", 8));

	df = add(softcard_card_add_directory(
	    card, SOFTCARD_MF, 0x5000, (const uint8_t *)"\xA0\x01\x02\x03", 4));
	add(softcard_card_add_pin(card, 0x01, SOFTCARD_MF, (const uint8_t *)"1234", 4, 3));
	file = add(softcard_card_add_file(card, df, 0x5001, 1, 10, always, pin));
	add(softcard_card_fill(card, file, (const uint8_t *)"0123456789", 10));
	file = add(softcard_card_add_file(card, df, 0x5002, 2, 4, pin, pin));
	add(softcard_card_fill(card, file, (const uint8_t *)"\xCA\xFE\xBA\xBE", 4));
	file = add(softcard_card_add_file(card, df, 0x5003, 0, 300, always, always));
	add(softcard_card_fill(card, file, counted, sizeof counted));
	add(softcard_card_add_file(card, df, 0x5004, 0, 1, never, never));

	inner = add(
	    softcard_card_add_directory(card, df, 0x5100, (const uint8_t *)"\xA0\x01\x02\x04", 4));
	add(softcard_card_add_pin(card, 0x81, inner, (const uint8_t *)"abcdef", 6, 2));
	file = add(softcard_card_add_file(card, inner, 0x5101, 0, 2, local, local));
	add(softcard_card_fill(card, file, (const uint8_t *)"\x51\x01", 2));

	other = add(
	    softcard_card_add_directory(card, SOFTCARD_MF, 0x6000, (const uint8_t *)"\xA0\x01", 2));
	file = add(softcard_card_add_file(card, other, 0x5001, 0, 2, always, never));
	add(softcard_card_fill(card, file, (const uint8_t *)"\x60\x01", 2));
	softcard_card_reset(card);
	return card;
}

static int
digit(char c)
{
	return c <= '9' ? c - '0' : c - 'A' + 10;
}

static size_t
from_hex(const char *text, uint8_t *out)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		if (*text != ' ') {
			out[n++] = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
			text++;
		}
	return n;
}

void
softcard_script_run(struct softcard_card *card, struct softcard_tpdu *tpdu,
    const struct softcard_line *lines, size_t count)
{
	uint8_t *reply = malloc(SOFTCARD_REPLY_MAX);

	for (size_t i = 0; i < count; i++) {
		/* Of the exact size, so that an address sanitizer sees a byte too many read. */
		size_t length;
		uint8_t *command;

		if (lines[i].command == NULL) {
			softcard_card_reset(card);
			if (tpdu != NULL)
				softcard_tpdu_reset(tpdu);
			continue;
		}
		command = malloc(strlen(lines[i].command) + 1);
		length = from_hex(lines[i].command, command);
		command = realloc(command, length > 0 ? length : 1);
		length = tpdu != NULL ? softcard_tpdu_transmit(tpdu, card, command, length, reply)
				      : softcard_card_transmit(card, command, length, reply);
		if (!suite_equal_bytes(
			reply, length, lines[i].reply, lines[i].command, __FILE__, __LINE__))
			printf("# line %zu of the table\n", i + 1);
		free(command);
	}
	free(reply);
}
