/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the preprocessor share. A bool result is false after it reported. */
#ifndef TESSERA_IDL_PREPROCESS_STATE_H
#define TESSERA_IDL_PREPROCESS_STATE_H

#include "idl/preprocess.h"

/* One word in the text of a macro. */
struct idl_macro_token {
	struct idl_token token;
	gint parameter; /* which one it names, or -1 */
	bool joins;     /* it is '##' */
};

struct idl_macro {
	const char *name;
	struct idl_place place;
	const struct idl_macro_token *body;
	guint length; /* of body */
	const char **parameter_names;
	guint parameters;
	bool has_arguments; /* #define NAME(...) */
	bool any_arguments; /* with "...": known, so that its use can be reported */
	bool active;        /* being replaced: its own name in its text stays as it is */
};

/* One file being read, the innermost last. */
struct idl_inclusion {
	struct idl_lexer lexer;
	const struct idl_source *source;
	struct idl_token ahead;
	bool has_ahead;
	guint conditions; /* open ones when it began */
	bool reopened;    /* further out the same file is open, too: it must yield nothing */
};

/* One #if and what belongs to it. */
struct idl_condition {
	struct idl_place place;
	bool outer; /* what stands around it is read */
	bool taken; /* one of its groups was read, or is */
	bool reads; /* this group is read */
	bool in_else;
};

struct idl_preprocessor {
	struct idl_unit *unit;
	struct idl_tokens *out;
	GHashTable *macros;    /* name: struct idl_macro */
	GHashTable *once;      /* paths of files that said #pragma once */
	GPtrArray *inclusions; /* struct idl_inclusion */
	GArray *conditions;    /* struct idl_condition */
	guint steps;           /* words the macro being replaced went through */
	guint doc_first;       /* comments from here on belong to the next token */
	bool stopped;          /* a limit was passed, or a file cannot be read */
	bool failed;           /* something was reported */
};

/* preprocess.c */
void idl_preprocess_error(struct idl_preprocessor *preprocessor, const struct idl_place *place,
    const char *format, ...) G_GNUC_PRINTF(3, 4);
/* An error after which nothing more is read. */
void idl_preprocess_stop(struct idl_preprocessor *preprocessor, const struct idl_place *place,
    const char *format, ...) G_GNUC_PRINTF(3, 4);
struct idl_inclusion *idl_preprocess_inclusion(const struct idl_preprocessor *preprocessor);
/* The next token of the innermost file, IDL_TOKEN_END at its end. */
void idl_preprocess_next(struct idl_preprocessor *preprocessor, struct idl_token *token);
const struct idl_token *idl_preprocess_peek(struct idl_preprocessor *preprocessor);
/* The next token of this line; false at its end. */
bool idl_preprocess_in_line(struct idl_preprocessor *preprocessor, struct idl_token *token);
void idl_preprocess_skip_line(struct idl_preprocessor *preprocessor);
bool idl_preprocess_reads(const struct idl_preprocessor *preprocessor);
/* To the parser. */
void idl_preprocess_emit(struct idl_preprocessor *preprocessor, const struct idl_token *token);
bool idl_token_is(const struct idl_token *token, const char *word);
bool idl_token_is_mark(const struct idl_token *token, int punctuation);

/* preprocess_directive.c: behind the '#' */
void idl_preprocess_directive(struct idl_preprocessor *preprocessor);

/* preprocess_condition.c: behind the word, which is in place */
void idl_preprocess_if(struct idl_preprocessor *preprocessor, const struct idl_place *place);
void idl_preprocess_ifdef(
    struct idl_preprocessor *preprocessor, const struct idl_token *word, bool wanted);
void idl_preprocess_elif(struct idl_preprocessor *preprocessor, const struct idl_place *place);
void idl_preprocess_else(struct idl_preprocessor *preprocessor, const struct idl_place *place);
void idl_preprocess_endif(struct idl_preprocessor *preprocessor, const struct idl_place *place);
/* Report what is open and should have been closed in this file. */
void idl_preprocess_close_conditions(struct idl_preprocessor *preprocessor, guint open);

/* preprocess_macro.c */
struct idl_macro *
idl_preprocess_macro(const struct idl_preprocessor *preprocessor, const struct idl_token *word);
void idl_preprocess_define(struct idl_preprocessor *preprocessor, const struct idl_place *place);
void idl_preprocess_undef(struct idl_preprocessor *preprocessor, const struct idl_place *place);

/* preprocess_expand.c */
typedef void idl_preprocess_sink(void *context, const struct idl_token *token);
/*
 * Give a token to sink, or what a macro of its name becomes. The arguments of a macro stand behind
 * it, on the same line in a directive.
 */
bool idl_preprocess_expand(struct idl_preprocessor *preprocessor, const struct idl_token *token,
    bool in_directive, idl_preprocess_sink *sink, void *context);

/* preprocess_substitute.c */
/* Tokens of one argument, as written, and with its macros replaced. */
struct idl_argument {
	GArray *written;
	GArray *replaced;
};
/* The text of a macro with its arguments put in, appended to out; use is where it stands. */
bool idl_preprocess_substitute(struct idl_preprocessor *preprocessor, const struct idl_macro *macro,
    const struct idl_argument *arguments, const struct idl_token *use,
    const struct idl_expansion *expansion, GArray *out);
/* Count a word that goes through a macro: a text that doubles thirty times would never end. */
bool idl_preprocess_step(struct idl_preprocessor *preprocessor, const struct idl_place *place);

/* preprocess_include.c */
void idl_preprocess_include(struct idl_preprocessor *preprocessor, const struct idl_place *place);
void idl_preprocess_open(struct idl_preprocessor *preprocessor, const struct idl_source *source);
/* The file was open already, further out: a circle, if it yields anything now. */
void idl_preprocess_circle(struct idl_preprocessor *preprocessor);

#endif
