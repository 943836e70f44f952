/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text to tokens. The lexer knows no keywords: a word is a word. It keeps the place of each
 * token and the documentation comments that stand directly before it.
 *
 * What cannot be a token becomes IDL_TOKEN_BAD and is reported by the parser when it gets there,
 * because inside uuid() the same characters deserve another message.
 */
#ifndef TESSERA_IDL_LEXER_H
#define TESSERA_IDL_LEXER_H

#include "idl/diagnostics.h"

enum idl_token_kind {
	IDL_TOKEN_END,
	IDL_TOKEN_WORD,
	IDL_TOKEN_INTEGER,
	IDL_TOKEN_FLOAT,
	IDL_TOKEN_UUID,
	IDL_TOKEN_STRING,
	IDL_TOKEN_CHARACTER,
	IDL_TOKEN_PUNCTUATION,
	IDL_TOKEN_BAD,
};

/* Punctuation of two characters; the others are their own ASCII code. */
enum idl_operator {
	IDL_SHIFT_LEFT = 256,
	IDL_SHIFT_RIGHT,
	IDL_LESS_EQUAL,
	IDL_GREATER_EQUAL,
	IDL_EQUAL,
	IDL_NOT_EQUAL,
	IDL_AND,
	IDL_OR,
};

struct idl_token {
	enum idl_token_kind kind;
	int code; /* punctuation: the character or idl_operator */
	guint offset;
	guint length;
	guint line;
	guint column;
	guint doc_first; /* comments [doc_first, doc_end) stand before it */
	guint doc_end;
};

struct idl_comment {
	char *text;    /* without the indentation of its first line */
	bool trailing; /* opens with slash, two stars and '<': belongs to what stands before it */
};

struct idl_tokens {
	GArray *tokens;   /* struct idl_token; the last one is IDL_TOKEN_END */
	GArray *comments; /* struct idl_comment */
};

/* Always yields at least the end token; reports what makes the whole file unusable. */
void idl_tokens_init(struct idl_tokens *tokens, const struct idl_source *source,
    struct idl_diagnostics *diagnostics);
void idl_tokens_done(struct idl_tokens *tokens);

#endif
