/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/lexer_token.h"

#include <string.h>

#define UUID_LENGTH 36u /* 8-4-4-4-12 digits and the hyphens */

/* What is still to be read. */
struct rest {
	const char *text;
	guint length;
};

static int
peek(const struct rest *rest, guint ahead)
{
	return ahead < rest->length ? (unsigned char)rest->text[ahead] : -1;
}

static bool
is_word_start(int c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(int c)
{
	return is_word_start(c) || is_digit(c);
}

static bool
at_uuid(const struct rest *rest)
{
	for (guint i = 0; i < UUID_LENGTH; i++) {
		int c = peek(rest, i);

		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (c != '-')
				return false;
		} else if (c < 0 || !g_ascii_isxdigit((char)c)) {
			return false;
		}
	}
	return !is_word(peek(rest, UUID_LENGTH)) && peek(rest, UUID_LENGTH) != '-';
}

/* Digits, a point, an exponent, suffixes; whether they make sense is decided by the text. */
static guint
number_length(const struct rest *rest, enum idl_token_kind *ret_kind)
{
	bool hex = peek(rest, 0) == '0' && (peek(rest, 1) == 'x' || peek(rest, 1) == 'X');
	guint length = hex ? 2 : 0, digits = 0;

	*ret_kind = IDL_TOKEN_INTEGER;
	for (;; length++) {
		int c = peek(rest, length);

		if (hex ? (c >= 0 && g_ascii_isxdigit((char)c)) : is_digit(c)) {
			digits++;
			continue;
		}
		if (!hex && *ret_kind == IDL_TOKEN_INTEGER && c == '.') {
			*ret_kind = IDL_TOKEN_FLOAT;
			continue;
		}
		break;
	}
	if (!hex && (peek(rest, length) == 'e' || peek(rest, length) == 'E')) {
		*ret_kind = IDL_TOKEN_FLOAT;
		length++;
		if (peek(rest, length) == '+' || peek(rest, length) == '-')
			length++;
		if (!is_digit(peek(rest, length)))
			digits = 0;
		while (is_digit(peek(rest, length)))
			length++;
	}
	if (*ret_kind == IDL_TOKEN_INTEGER) {
		for (guint i = 0; i < 3; i++) {
			int c = peek(rest, length);

			if (c == 'u' || c == 'U' || c == 'l' || c == 'L')
				length++;
		}
	}
	if (digits == 0 || is_word(peek(rest, length))) {
		*ret_kind = IDL_TOKEN_BAD;
		while (is_word(peek(rest, length)))
			length++;
	}
	return length;
}

/* A literal in quotes; bad when the line ends first. */
static guint
quoted_length(const struct rest *rest, guint prefix, enum idl_token_kind *kind)
{
	int quote = peek(rest, prefix);
	guint length = prefix + 1;

	while (peek(rest, length) != quote) {
		if (peek(rest, length) < 0 || peek(rest, length) == '\n') {
			*kind = IDL_TOKEN_BAD;
			return length;
		}
		length += peek(rest, length) == '\\' && peek(rest, length + 1) != '\n' &&
			peek(rest, length + 1) >= 0
		    ? 2
		    : 1;
	}
	*kind = quote == '"' ? IDL_TOKEN_STRING : IDL_TOKEN_CHARACTER;
	return length + 1;
}

static guint
punctuation_length(const struct rest *rest, int *ret_code)
{
	static const struct {
		char text[3];
		int code;
	} pairs[] = {
		{ "<<", IDL_SHIFT_LEFT },
		{ ">>", IDL_SHIFT_RIGHT },
		{ "<=", IDL_LESS_EQUAL },
		{ ">=", IDL_GREATER_EQUAL },
		{ "==", IDL_EQUAL },
		{ "!=", IDL_NOT_EQUAL },
		{ "&&", IDL_AND },
		{ "||", IDL_OR },
	};

	for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
		if (peek(rest, 0) == pairs[i].text[0] && peek(rest, 1) == pairs[i].text[1]) {
			*ret_code = pairs[i].code;
			return 2;
		}
	}
	*ret_code = peek(rest, 0);
	return 1;
}

guint
idl_token_measure(const char *text, guint text_length, enum idl_token_kind *ret_kind, int *ret_code)
{
	const struct rest all = { text, text_length }, *rest = &all;
	int c = peek(rest, 0);
	enum idl_token_kind kind;
	guint length = 0;

	if (at_uuid(rest)) {
		kind = IDL_TOKEN_UUID;
		length = UUID_LENGTH;
	} else if (c == '"' || c == '\'') {
		length = quoted_length(rest, 0, &kind);
	} else if (c == 'L' && (peek(rest, 1) == '"' || peek(rest, 1) == '\'')) {
		length = quoted_length(rest, 1, &kind);
	} else if (is_word_start(c)) {
		kind = IDL_TOKEN_WORD;
		while (is_word(peek(rest, length)))
			length++;
	} else if (is_digit(c) || (c == '.' && is_digit(peek(rest, 1)))) {
		length = number_length(rest, &kind);
	} else if (strchr("{}[]();:,=*&|^~!<>+-/%?.#", c) != NULL) {
		kind = IDL_TOKEN_PUNCTUATION;
		length = punctuation_length(rest, ret_code);
	} else {
		kind = IDL_TOKEN_BAD;
		length = 1;
		while ((peek(rest, length) & 0xc0) == 0x80 && peek(rest, length) >= 0)
			length++;
	}
	*ret_kind = kind;
	return length;
}
