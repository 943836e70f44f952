/* SPDX-License-Identifier: BSD-2-Clause */
/* What becomes a manifest: classes, and the library that holds them. */
#include "idl/parser_state.h"

static bool
parse_member(struct idl_parser *parser, struct idl_coclass *coclass)
{
	struct idl_coclass_member *member = idl_arena_new(parser->arena, struct idl_coclass_member);

	if (!idl_parse_attributes(parser, &member->attributes))
		return false;
	if (!idl_accept_word(parser, "interface") && !idl_accept_word(parser, "dispinterface")) {
		idl_unexpected(parser, "interface or dispinterface and its name, or '}'");
		return false;
	}
	member->place = idl_place_here(parser);
	member->name = idl_expect_name(parser, "the name of an interface");
	if (member->name == NULL ||
	    !idl_expect(parser, ';', "';' after the interface of the coclass"))
		return false;
	g_ptr_array_add(coclass->members, member);
	return true;
}

bool
idl_parse_coclass(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration)
{
	struct idl_coclass *coclass = idl_arena_new(parser->arena, struct idl_coclass);

	idl_next(parser);
	declaration->kind = IDL_COCLASS;
	declaration->as.coclass = coclass;
	coclass->doc = declaration->doc;
	coclass->place = declaration->place = idl_place_here(parser);
	coclass->attributes = attributes;
	coclass->members = idl_arena_array(parser->arena);
	coclass->name = idl_expect_name(parser, "the name of the coclass");
	if (coclass->name == NULL)
		return false;
	if (attributes == NULL && idl_accept(parser, ';')) {
		declaration->kind = IDL_FORWARD_COCLASS;
		declaration->text = coclass->name;
		return true;
	}
	if (!idl_expect(parser, '{', "'{' after the name of the coclass"))
		return false;
	while (!idl_at(parser, '}') && !idl_at_end(parser)) {
		if (!parse_member(parser, coclass))
			idl_resynchronise(parser);
	}
	if (!idl_expect(parser, '}', "'}' at the end of the coclass"))
		return false;
	idl_accept(parser, ';');
	return true;
}

bool
idl_parse_library(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration)
{
	struct idl_library *library = idl_arena_new(parser->arena, struct idl_library);
	bool ok;

	idl_next(parser);
	declaration->kind = IDL_LIBRARY;
	declaration->as.library = library;
	library->doc = declaration->doc;
	library->place = declaration->place = idl_place_here(parser);
	library->attributes = attributes;
	library->declarations = idl_arena_array(parser->arena);
	library->name = idl_expect_name(parser, "the name of the library");
	if (library->name == NULL ||
	    !idl_expect(parser, '{', "'{' after the name of the library") || !idl_enter(parser))
		return false;
	idl_parse_declarations(parser, library->declarations, true);
	idl_leave(parser);
	ok = idl_expect(parser, '}', "'}' at the end of the library");
	idl_accept(parser, ';');
	return ok;
}
