/* SPDX-License-Identifier: BSD-2-Clause */
/* What scardctl makes of bytes: hexadecimal digits, and the words for a status word. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "rm/scardctl/hex.h"
#include "rm/scardctl/status_word.h"
#include "tests/suite.h"

#define ROOM 6u

static void
hex_good(void)
{
	static const struct {
		const char *text, *bytes;
	} good[] = {
		{ "00", "00" },
		{ "00A40400", "00 A4 04 00" },
		{ "00a4 04:00", "00 A4 04 00" },
		{ " \t00 A4\r\n", "00 A4" },
		{ "010203040506", "01 02 03 04 05 06" },
	};
	uint8_t data[ROOM];
	size_t length;

	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		length = 0;
		CU_ASSERT_TRUE(hex_parse(good[i].text, data, sizeof data, &length));
		SUITE_EQUAL_BYTES(data, length, good[i].bytes);
	}
}

static void
hex_bad(void)
{
	static const char *const bad[] = { "", "  ", "0", "000", "0 0", "0:0", "0x00", "00,00",
		"G0", "0G", "01020304050607", "00 \xC3\xA4" };
	uint8_t data[ROOM];
	size_t length = 42;

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		if (hex_parse(bad[i], data, sizeof data, &length))
			SUITE_EQUAL_STRING(bad[i], "refused");
	SUITE_EQUAL_INT(length, 42);
}

static void
hex_back(void)
{
	static const uint8_t data[] = { 0x00, 0x0F, 0xA5, 0xFF };
	char *text = hex_text(data, sizeof data);

	SUITE_EQUAL_STRING(text, "000FA5FF");
	g_free(text);
	text = hex_text(data, 0);
	SUITE_EQUAL_STRING(text, "");
	g_free(text);
}

static void
status_words(void)
{
	static const struct {
		uint16_t word;
		enum status_kind kind;
		const char *text;
	} words[] = {
		{ 0x9000, STATUS_GOOD, "success" },
		{ 0x6110, STATUS_GOOD, "success: 16 more bytes wait for GET RESPONSE" },
		{ 0x6100, STATUS_GOOD, "success: 256 more bytes wait for GET RESPONSE" },
		{ 0x6C05, STATUS_BAD, "wrong Le: 5 bytes are there" },
		{ 0x63C2, STATUS_WARNING, "warning: counter is 2 (for a PIN: tries left)" },
		{ 0x6300, STATUS_WARNING, "warning: memory has changed" },
		{ 0x6282, STATUS_WARNING, "warning: end of file or record before that many bytes" },
		{ 0x6201, STATUS_WARNING, "warning: memory is unchanged" },
		{ 0x6700, STATUS_BAD, "wrong length" },
		{ 0x6982, STATUS_BAD, "security status not satisfied" },
		{ 0x69FF, STATUS_BAD, "command not allowed" },
		{ 0x6A82, STATUS_BAD, "file or application not found" },
		{ 0x6D00, STATUS_BAD, "instruction not known" },
		{ 0x9100, STATUS_BAD, "defined by the card's application" },
		{ 0x0000, STATUS_BAD, "unknown" },
	};
	char text[STATUS_TEXT_SIZE];

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		SUITE_EQUAL_STRING(status_word_text(words[i].word, text), words[i].text);
		SUITE_EQUAL_INT(status_word_kind(words[i].word), words[i].kind);
	}
	/* Whatever comes has a text that fits. */
	for (unsigned word = 0; word <= 0xFFFF; word++) {
		size_t length = strlen(status_word_text((uint16_t)word, text));

		if (length == 0 || length >= STATUS_TEXT_SIZE - 1)
			SUITE_EQUAL_HEX(word, 0);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "hexadecimal digits", hex_good },
		{ "what are none", hex_bad },
		{ "bytes as digits", hex_back },
		{ "status words", status_words },
	};

	return suite_run("scardctl_text", tests, G_N_ELEMENTS(tests));
}
