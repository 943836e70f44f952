/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The receipt of a message, cut into pieces in every way.
 */
#include "rm/drivers/vpcd/message.h"

#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

#define ROOM 8

/*
 * Feeds `stream` in pieces of at most `piece` bytes, and never more than the receipt wants, as a
 * socket does. Returns what came of it; *ret_used: how much was taken.
 */
static enum vpcd_progress
feed(struct vpcd_receipt *receipt, const uint8_t *stream, size_t length, size_t piece,
    size_t *ret_used)
{
	enum vpcd_progress progress = VPCD_MORE;

	*ret_used = 0;
	while (progress == VPCD_MORE && *ret_used < length) {
		struct iovec vectors[2];
		int count = vpcd_receipt_want(receipt, vectors);
		size_t left = piece < length - *ret_used ? piece : length - *ret_used, taken = 0;

		CU_ASSERT_FATAL(count >= 1 && count <= 2);
		for (int i = 0; i < count && left > 0; i++) {
			size_t n = left < vectors[i].iov_len ? left : vectors[i].iov_len;

			memcpy(vectors[i].iov_base, stream + *ret_used, n);
			*ret_used += n;
			taken += n;
			left -= n;
		}
		CU_ASSERT_FATAL(taken > 0);
		progress = vpcd_receipt_take(receipt, taken);
	}
	return progress;
}

static void
pieces(void)
{
	static const struct {
		const char *stream;
		size_t length;
		enum vpcd_progress whole;  /* when all comes at once */
		enum vpcd_progress single; /* byte by byte */
		size_t announced;
		const char *out;
	} rows[] = {
		{ "\0\0", 2, VPCD_WHOLE, VPCD_WHOLE, 0, "" },
		{ "\0\1A", 3, VPCD_WHOLE, VPCD_WHOLE, 1, "A" },
		{ "\0\10ABCDEFGH", 10, VPCD_WHOLE, VPCD_WHOLE, 8, "ABCDEFGH" },
		{ "\0\11ABCDEFGHI", 11, VPCD_WHOLE, VPCD_WHOLE, 9, "ABCDEFGH" },
		{ "\0\2AB", 1, VPCD_MORE, VPCD_MORE, 0, "" },
		{ "\0\2AB", 3, VPCD_MORE, VPCD_MORE, 2, "A" },
		{ "\1\0AB", 4, VPCD_MORE, VPCD_MORE, 256, "AB" },
		/* More than the message: seen when it comes along, else left for the next check. */
		{ "\0\1AB", 4, VPCD_EXCESS, VPCD_WHOLE, 1, "A" },
		{ "\0\0A", 3, VPCD_EXCESS, VPCD_WHOLE, 0, "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (size_t piece = 1; piece <= rows[i].length; piece++) {
			struct vpcd_receipt receipt = { .head = { 0, 0 } };
			uint8_t *out = calloc(1, ROOM);
			enum vpcd_progress progress;
			size_t used;

			vpcd_receipt_begin(&receipt, out, ROOM);
			progress = feed(&receipt, (const uint8_t *)rows[i].stream, rows[i].length,
			    piece, &used);
			if (piece == rows[i].length)
				SUITE_EQUAL_INT(progress, rows[i].whole);
			if (piece == 1)
				SUITE_EQUAL_INT(progress, rows[i].single);
			SUITE_EQUAL_INT(vpcd_receipt_length(&receipt), rows[i].announced);
			SUITE_EQUAL_INT(memcmp(out, rows[i].out, strlen(rows[i].out)), 0);
			free(out);
		}
}

static void
no_room(void)
{
	struct vpcd_receipt receipt;
	uint8_t stream[2 + 65535] = { 0xFF, 0xFF };
	size_t used;

	vpcd_receipt_begin(&receipt, NULL, 0);
	SUITE_EQUAL_INT(feed(&receipt, stream, sizeof stream, 5000, &used), VPCD_WHOLE);
	SUITE_EQUAL_INT(used, sizeof stream);
	SUITE_EQUAL_INT(vpcd_receipt_length(&receipt), 65535);
}

static void
heads(void)
{
	static const struct {
		size_t length;
		const char *head;
	} rows[] = { { 0, "0000" }, { 1, "0001" }, { 255, "00FF" }, { 256, "0100" },
		{ 65535, "FFFF" } };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t head[VPCD_HEAD];

		vpcd_message_head(head, rows[i].length);
		SUITE_EQUAL_BYTES(head, sizeof head, rows[i].head);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "heads", heads },
		{ "messages in pieces", pieces },
		{ "a message without room for it", no_room },
	};

	return suite_run("messages of vpcd", tests, sizeof tests / sizeof tests[0]);
}
