/* SPDX-License-Identifier: BSD-2-Clause */
/* The historical bytes of an answer to reset, in words (ISO 7816-4, 12.1.1; PC/SC part 3). */
#include <string.h>

#include "rm/scardctl/atr_explain.h"

#define STATUS_LENGTH 3u /* bytes at the end with category indicator 00 */

/* (transfer full): bytes as characters, a period for what is none. */
static char *
characters(const uint8_t *data, size_t length)
{
	char *text = g_malloc(length + 1);

	for (size_t i = 0; i < length; i++)
		text[i] = g_ascii_isprint((char)data[i]) ? (char)data[i] : '.';
	text[length] = '\0';
	return text;
}

static void
append(GString *text, bool wanted, const char *what)
{
	if (wanted)
		g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", what);
}

/* (transfer full) */
static char *
service_data(uint8_t byte)
{
	static const char *const access[] = { "READ RECORD", "?", "GET DATA", "?", "READ BINARY",
		"?", "?", "?" };
	GString *text = g_string_new(NULL);

	append(text, (byte & 0x80) != 0, "selection by full DF name");
	append(text, (byte & 0x40) != 0, "by partial DF name");
	append(text, (byte & 0x20) != 0, "data objects in EF.DIR");
	append(text, (byte & 0x10) != 0, "in EF.ATR");
	g_string_append_printf(
	    text, "%sread by %s", text->len > 0 ? ", " : "", access[byte >> 1 & 7]);
	append(text, true, (byte & 1) != 0 ? "no master file" : "with a master file");
	return g_string_free(text, FALSE);
}

/* (transfer full). The three software function tables, as far as they are there. */
static char *
capabilities(const uint8_t *value, size_t length)
{
	GString *text = g_string_new(NULL);

	if (length > 0) {
		append(text, (value[0] & 0x80) != 0, "selection by full DF name");
		append(text, (value[0] & 0x40) != 0, "by partial DF name");
		append(text, (value[0] & 0x20) != 0, "by path");
		append(text, (value[0] & 0x10) != 0, "by file identifier");
		append(text, (value[0] & 0x08) != 0, "implicit");
		append(text, (value[0] & 0x04) != 0, "short file identifiers");
		append(text, (value[0] & 0x02) != 0, "record numbers");
		append(text, (value[0] & 0x01) != 0, "record identifiers");
	}
	if (length > 1)
		g_string_append_printf(text, "%sdata units of %u half byte%s",
		    text->len > 0 ? ", " : "", 1u << (value[1] & 0xF),
		    (value[1] & 0xF) == 0 ? "" : "s");
	if (length > 2) {
		append(text, (value[2] & 0x80) != 0, "command chaining");
		append(text, (value[2] & 0x40) != 0, "extended lengths");
		append(text, (value[2] & 0x18) != 0, "logical channels");
	}
	return g_string_free(text, FALSE);
}

static void
status_line(struct atr_explanation *explanation, size_t at, size_t first, size_t length)
{
	const uint8_t *value = &explanation->bytes[first];

	if (length == 1)
		atr_line(explanation, at, first + length - at, "", "  status: life cycle %02X",
		    value[0]);
	else if (length == 2)
		atr_line(explanation, at, first + length - at, "", "  status: %02X%02X", value[0],
		    value[1]);
	else
		atr_line(explanation, at, first + length - at, "",
		    "  status: life cycle %02X, %02X%02X", value[0], value[1], value[2]);
}

/* One data object: a byte of tag and length, and its value. */
static void
object_line(struct atr_explanation *explanation, size_t at)
{
	static const char *const names[16] = { [1] = "country code and national data",
		[2] = "issuer identification number",
		[4] = "initial access data",
		[5] = "card issuer's data",
		[6] = "pre-issuing data",
		[15] = "application identifier" };
	const uint8_t *value = &explanation->bytes[at + 1];
	unsigned tag = explanation->bytes[at] >> 4;
	size_t length = explanation->bytes[at] & 0xF;
	char *text = characters(value, length);
	g_autofree char *more = NULL;

	if (tag == 3 && length == 1) {
		more = service_data(value[0]);
		atr_line(explanation, at, 2, "", "  card service data: %s", more);
	} else if (tag == 7 && length >= 1 && length <= 3) {
		more = capabilities(value, length);
		atr_line(explanation, at, 1 + length, "", "  card capabilities: %s", more);
	} else if (tag == 8 && length >= 1 && length <= 3)
		status_line(explanation, at, at + 1, length);
	else if (names[tag] != NULL)
		atr_line(explanation, at, 1 + length, "", "  %s: \"%s\"", names[tag], text);
	else
		atr_line(explanation, at, 1 + length, "", "  object %X of %zu bytes: \"%s\"", tag,
		    length, text);
	g_free(text);
}

/* Objects from @at up to @end, one after the other. */
static void
compact_tlv(struct atr_explanation *explanation, size_t at, size_t end)
{
	while (at < end) {
		size_t length = explanation->bytes[at] & 0xF;

		if (length > end - at - 1) {
			atr_line(explanation, at, end - at, "",
			    "  object %X says %zu bytes, and there are %zu",
			    explanation->bytes[at] >> 4, length, end - at - 1);
			return;
		}
		object_line(explanation, at);
		at += 1 + length;
	}
}

/* PC/SC part 3: what a reader makes up for a storage card without contacts. */
static bool
storage_card(struct atr_explanation *explanation, size_t at, size_t length)
{
	static const uint8_t begin[] = { 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06 };
	static const struct {
		uint16_t number;
		const char *name;
	} cards[] = { { 0x0001, "MIFARE Standard 1K" }, { 0x0002, "MIFARE Standard 4K" },
		{ 0x0003, "MIFARE Ultralight" }, { 0x0026, "MIFARE Mini" }, { 0xF004, "Topaz" },
		{ 0xF011, "FeliCa 212K" }, { 0xF012, "FeliCa 424K" } };
	const uint8_t *bytes = &explanation->bytes[at];
	const char *name = "of a kind not known here";
	unsigned number;

	if (length < sizeof begin + 3 || memcmp(bytes, begin, sizeof begin) != 0)
		return false;
	number = (unsigned)bytes[9] << 8 | bytes[10];
	for (size_t i = 0; i < G_N_ELEMENTS(cards); i++)
		if (cards[i].number == number)
			name = cards[i].name;
	atr_line(explanation, at, length, "",
	    "historical bytes: made up by the reader for a storage card without contacts, standard "
	    "%02X, card %04X: %s",
	    bytes[8], number, name);
	return true;
}

void
atr_explain_history(struct atr_explanation *explanation, size_t at, size_t length)
{
	uint8_t category;
	char *text;

	if (length == 0 || storage_card(explanation, at, length))
		return;
	category = explanation->bytes[at];
	text = characters(&explanation->bytes[at], length);
	if (category == 0x00 && length > STATUS_LENGTH) {
		atr_line(
		    explanation, at, 1, "", "historical bytes: objects, and a status behind them");
		compact_tlv(explanation, at + 1, at + length - STATUS_LENGTH);
		status_line(explanation, at + length - STATUS_LENGTH, at + length - STATUS_LENGTH,
		    STATUS_LENGTH);
	} else if (category == 0x80) {
		atr_line(explanation, at, 1, "", "historical bytes: objects");
		compact_tlv(explanation, at + 1, at + length);
	} else if (category == 0x10 && length == 2)
		atr_line(explanation, at, length, "", "historical bytes: DIR data reference %02X",
		    explanation->bytes[at + 1]);
	else
		atr_line(explanation, at, length, "", "historical bytes, %s: \"%s\"",
		    category > 0x80 && category <= 0x8F ? "of a reserved form"
							: "of the maker's own form",
		    text);
	g_free(text);
}
