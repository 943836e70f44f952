/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the parser share: the cursor, and one entry point for each part of the
 * grammar. A function that returns a pointer or bool returns NULL or false after it reported.
 */
#ifndef TESSERA_IDL_PARSER_STATE_H
#define TESSERA_IDL_PARSER_STATE_H

#include "idl/ast.h"
#include "idl/lexer.h"

struct idl_parser {
	struct idl_arena *arena;
	struct idl_diagnostics *diagnostics;
	const struct idl_tokens *tokens;
	const char *end; /* what the end of the tokens is called; NULL for that of a file */
	guint position;
	bool is_foreign;       /* another language: what follows would only make noise */
	guint depth;           /* of whatever nests */
	guint expression_size; /* nodes of the expression being read */
};

/* parser_state.c: the cursor */
const struct idl_token *idl_token_at(const struct idl_parser *parser, guint ahead);
struct idl_place idl_place_here(const struct idl_parser *parser);
void idl_next(struct idl_parser *parser);
bool idl_at(const struct idl_parser *parser, int punctuation);
bool idl_at_word(const struct idl_parser *parser, const char *word);
bool idl_at_end(const struct idl_parser *parser);
bool idl_accept(struct idl_parser *parser, int punctuation);
bool idl_accept_word(struct idl_parser *parser, const char *word);

/* "found X, expected EXPECTED" at the current token. */
void idl_unexpected(struct idl_parser *parser, const char *expected);
bool idl_expect(struct idl_parser *parser, int punctuation, const char *expected);

/* A name of the user's own, which must be none of C or C++. */
const char *idl_expect_name(struct idl_parser *parser, const char *expected);

/* The same for a parameter or member: one that is a word of C++ alone gets an underscore. */
const char *idl_expect_member_name(struct idl_parser *parser, const char *expected);

/* One or more adjacent string literals, escapes undone. */
const char *idl_expect_string(struct idl_parser *parser, const char *expected);

/* The text of a token of the source, in the arena. */
const char *idl_token_text(struct idl_parser *parser, const struct idl_token *token);

/* The content of a string or character literal, escapes undone. */
const char *idl_literal_text(struct idl_parser *parser, const struct idl_token *token);

/* Comments in front of the current token; and one that follows, when it is a trailing one. */
const char *idl_doc_before(struct idl_parser *parser);
const char *idl_doc_after(struct idl_parser *parser);

/* Go on behind the next ';', or in front of the '}' that closes what we are in. */
void idl_resynchronise(struct idl_parser *parser);

/* Guard of everything recursive; leave only after a successful enter. */
bool idl_enter(struct idl_parser *parser);
void idl_leave(struct idl_parser *parser);

/* parse_expression.c */
struct idl_expression *idl_parse_expression(struct idl_parser *parser);

/* parse_type.c */
struct idl_type *idl_parse_type(struct idl_parser *parser);
bool idl_at_type_keyword(const struct idl_parser *parser, guint ahead);

/* parse_record.c: at the brace; a union with a switch at that word, which yields a struct */
struct idl_record *idl_parse_record_body(struct idl_parser *parser, bool is_union);
struct idl_record *idl_parse_switch_body(struct idl_parser *parser);
struct idl_enum *idl_parse_enum_body(struct idl_parser *parser);

/* parse_declarator.c; allow_abstract: the name may be missing. */
struct idl_declarator *
idl_parse_declarator(struct idl_parser *parser, bool allow_abstract, const char *expected);
void idl_skip_convention(struct idl_parser *parser);

/* parse_attribute.c: "[...]" if there is one; *ret is NULL when there is none. */
bool idl_parse_attributes(struct idl_parser *parser, GPtrArray **ret);
/* Upper case; NULL after it was reported. */
const char *idl_parse_uuid(struct idl_parser *parser);

/* parser.c: inside interface and library too */
struct idl_declaration *idl_declaration_new(
    struct idl_parser *parser, enum idl_declaration_kind kind, const struct idl_place *place);
bool idl_parse_typedef(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration);
bool idl_parse_cpp_quote(struct idl_parser *parser, struct idl_declaration *declaration);
bool idl_skip_pragma(struct idl_parser *parser);
bool idl_parse_const(struct idl_parser *parser, struct idl_declaration *declaration);
bool idl_parse_constant(struct idl_parser *parser, struct idl_declaration *declaration,
    struct idl_type *type, struct idl_declarator *declarator);
void idl_parse_declarations(struct idl_parser *parser, GPtrArray *declarations, bool in_library);

/* parse_interface.c, parse_dispatch.c, parse_coclass.c: behind the attributes, at the keyword */
bool idl_parse_interface(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration);
bool idl_parse_dispatch(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration);
bool idl_parse_module(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration);
bool idl_parse_coclass(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration);
bool idl_parse_library(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration);

bool idl_parse_function(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration);

/* parse_interface.c: an empty one, "X;" behind the keyword, "(...)". */
struct idl_interface *idl_interface_new(
    struct idl_parser *parser, GPtrArray *attributes, const struct idl_declaration *declaration);
bool idl_parse_forward(struct idl_parser *parser, const struct idl_interface *interface,
    struct idl_declaration *declaration);
GPtrArray *idl_parse_parameters(struct idl_parser *parser, bool allow_abstract);

#endif
