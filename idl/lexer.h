/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text to tokens, one at a time. The lexer knows no keywords: a word is a word. It keeps the place
 * of each token and the documentation comments that stand directly before it. A line that ends in
 * a backslash goes on in the next one.
 *
 * What cannot be a token becomes IDL_TOKEN_BAD and is reported by the parser when it gets there,
 * because inside uuid() the same characters deserve another message.
 */
#ifndef TESSERA_IDL_LEXER_H
#define TESSERA_IDL_LEXER_H

#include "idl/arena.h"
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
	int code;         /* punctuation: the character or idl_operator */
	const char *text; /* not terminated; lives as long as source and arena */
	guint length;
	struct idl_place place;
	guint doc_first; /* comments [doc_first, doc_end) stand before it */
	guint doc_end;
	bool opens_line; /* the first of its line */
	bool spaced;     /* something blank stands before it */
	bool is_final;   /* the name of a macro that must not be replaced any more */
};

struct idl_comment {
	char *text;    /* without the indentation of its first line */
	bool trailing; /* opens with slash, two stars and '<': belongs to what stands before it */
};

struct idl_tokens {
	GArray *tokens;   /* struct idl_token; the last one is IDL_TOKEN_END */
	GArray *comments; /* struct idl_comment */
};

struct idl_lexer {
	const struct idl_source *source;
	struct idl_diagnostics *diagnostics;
	GArray *comments;   /* struct idl_comment; not owned */
	const char *text;   /* of the source, continued lines joined */
	const guint *joins; /* offsets in text where lines were joined, with the bytes left out */
	guint joins_left;   /* of those that are still ahead */
	guint length;       /* of text */
	guint offset;       /* in text */
	guint left_out;     /* bytes of the source that are not in text, up to here */
	guint line;
	guint column;
	guint doc_first;
	bool opens_line;
	bool failed; /* the rest cannot be read, which is reported */
};

void idl_tokens_init(struct idl_tokens *tokens);
void idl_tokens_done(struct idl_tokens *tokens);

/* Reports what makes the whole file unusable. */
void idl_lexer_init(struct idl_lexer *lexer, struct idl_arena *arena,
    const struct idl_source *source, GArray *comments, struct idl_diagnostics *diagnostics);

/* The next token; IDL_TOKEN_END at the end and behind whatever made the lexer fail. */
void idl_lexer_next(struct idl_lexer *lexer, struct idl_token *token);

/*
 * A file name in angle brackets as one token of kind IDL_TOKEN_STRING, if one is next on this line.
 * The text is what stands between the brackets.
 */
bool idl_lexer_bracketed(struct idl_lexer *lexer, struct idl_token *token);

#endif
