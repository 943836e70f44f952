/* SPDX-License-Identifier: BSD-2-Clause */
/* Declarators: stars, a name, brackets, bits; and pointers to functions. */
#include "idl/parser_state.h"

#include <string.h>

/* There is one calling convention here; files written for Windows name theirs. */
void
idl_skip_convention(struct idl_parser *parser)
{
	static const char *const words[] = { "__stdcall", "_stdcall", "__cdecl", "_cdecl",
		"STDMETHODCALLTYPE", "STDMETHODVCALLTYPE", "WINAPI", "CALLBACK", "APIENTRY",
		"__RPC_FAR", "FAR" };

	for (guint i = 0; i < G_N_ELEMENTS(words);) {
		if (idl_accept_word(parser, words[i]))
			i = 0;
		else
			i++;
	}
}

static bool
parse_bound(struct idl_parser *parser, struct idl_declarator *declarator)
{
	struct idl_expression *bound = NULL;
	bool open;

	if (declarator->dimensions >= IDL_DIMENSIONS_MAX) {
		idl_unexpected(parser, "at most 8 dimensions");
		return false;
	}
	idl_next(parser);
	open = idl_at(parser, ']');
	if (idl_at(parser, '*') && idl_token_at(parser, 1)->kind == IDL_TOKEN_PUNCTUATION &&
	    idl_token_at(parser, 1)->code == ']') {
		idl_next(parser);
		open = true;
	}
	if (!open && (bound = idl_parse_expression(parser)) == NULL)
		return false;
	declarator->bounds[declarator->dimensions++] = bound;
	return idl_expect(parser, ']', "']' after the array bound");
}

static bool
parse_stars(struct idl_parser *parser, struct idl_declarator *declarator)
{
	idl_skip_convention(parser);
	while (idl_at(parser, '*')) {
		if (declarator->pointers >= IDL_POINTERS_MAX) {
			idl_unexpected(parser, "at most 8 stars");
			return false;
		}
		idl_next(parser);
		if (idl_accept_word(parser, "const"))
			declarator->pointer_const[declarator->pointers] = true;
		declarator->pointers++;
		idl_skip_convention(parser);
	}
	return true;
}

/* "(*name)(parameters)" behind the type of the result. */
static struct idl_declarator *
parse_function_pointer(
    struct idl_parser *parser, struct idl_declarator *declarator, bool allow_abstract)
{
	idl_next(parser);
	idl_skip_convention(parser);
	while (idl_accept(parser, '*')) {
		if (++declarator->function_stars > IDL_POINTERS_MAX) {
			idl_unexpected(parser, "at most 8 stars");
			return NULL;
		}
	}
	if (declarator->function_stars == 0) {
		idl_unexpected(parser, "'*' of a pointer to a function");
		return NULL;
	}
	declarator->place = idl_place_here(parser);
	if (!allow_abstract || idl_token_at(parser, 0)->kind == IDL_TOKEN_WORD) {
		declarator->name = idl_expect_name(parser, "the name of a pointer to a function");
		if (declarator->name == NULL)
			return NULL;
	}
	if (!idl_expect(parser, ')', "')' after the name of a pointer to a function"))
		return NULL;
	if (!idl_at(parser, '(')) {
		idl_unexpected(parser, "'(' and the parameters of the function");
		return NULL;
	}
	if (!idl_enter(parser))
		return NULL;
	declarator->parameters = idl_parse_parameters(parser, true);
	idl_leave(parser);
	return declarator->parameters != NULL ? declarator : NULL;
}

struct idl_declarator *
idl_parse_declarator(struct idl_parser *parser, bool allow_abstract, const char *expected)
{
	struct idl_declarator *declarator = idl_arena_new(parser->arena, struct idl_declarator);

	if (!parse_stars(parser, declarator))
		return NULL;
	declarator->place = idl_place_here(parser);
	if (idl_at(parser, '('))
		return parse_function_pointer(parser, declarator, allow_abstract);
	if (!allow_abstract || idl_token_at(parser, 0)->kind == IDL_TOKEN_WORD) {
		declarator->name = idl_expect_member_name(parser, expected);
		if (declarator->name == NULL)
			return NULL;
	}
	while (idl_at(parser, '[')) {
		if (!parse_bound(parser, declarator))
			return NULL;
	}
	return declarator;
}
