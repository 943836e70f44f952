/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/parser.h"

#include "idl/parser_state.h"

struct idl_declaration *
idl_declaration_new(
    struct idl_parser *parser, enum idl_declaration_kind kind, const struct idl_place *place)
{
	struct idl_declaration *declaration = idl_arena_new(parser->arena, struct idl_declaration);

	declaration->kind = kind;
	declaration->place = *place;
	return declaration;
}

/* import "a.idl", "b.idl"; is one declaration a file. */
static bool
parse_imports(struct idl_parser *parser, GPtrArray *declarations)
{
	const char *doc = idl_doc_before(parser);

	idl_next(parser);
	do {
		struct idl_place place = idl_place_here(parser);
		struct idl_declaration *declaration =
		    idl_declaration_new(parser, IDL_IMPORT, &place);

		declaration->doc.before = doc;
		doc = NULL;
		if (idl_token_at(parser, 0)->kind != IDL_TOKEN_STRING) {
			idl_unexpected(parser, "the name of an IDL file in quotes");
			return false;
		}
		declaration->text = idl_literal_text(parser, idl_token_at(parser, 0));
		idl_next(parser);
		g_ptr_array_add(declarations, declaration);
	} while (idl_accept(parser, ','));
	return idl_expect(parser, ';', "',' or ';' after the import");
}

static bool
parse_quoted(struct idl_parser *parser, struct idl_declaration *declaration)
{
	idl_next(parser);
	if (!idl_expect(parser, '(', "'('"))
		return false;
	declaration->text = idl_expect_string(parser, "a string in quotes");
	return declaration->text != NULL && idl_expect(parser, ')', "')' after the string");
}

bool
idl_parse_cpp_quote(struct idl_parser *parser, struct idl_declaration *declaration)
{
	if (!parse_quoted(parser, declaration))
		return false;
	idl_accept(parser, ';');
	return true;
}

static bool
parse_importlib(struct idl_parser *parser, struct idl_declaration *declaration)
{
	return parse_quoted(parser, declaration) && idl_expect(parser, ';', "';' after importlib");
}

bool
idl_parse_constant(struct idl_parser *parser, struct idl_declaration *declaration,
    struct idl_type *type, struct idl_declarator *declarator)
{
	struct idl_constant *constant = idl_arena_new(parser->arena, struct idl_constant);

	constant->type = type;
	constant->declarator = declarator;
	declaration->as.constant = constant;
	if (!idl_expect(parser, '=', "'=' and the value of the constant"))
		return false;
	constant->expression = idl_parse_expression(parser);
	return constant->expression != NULL && idl_expect(parser, ';', "';' after the constant");
}

bool
idl_parse_const(struct idl_parser *parser, struct idl_declaration *declaration)
{
	struct idl_type *type = idl_parse_type(parser);
	struct idl_declarator *declarator;

	if (type == NULL)
		return false;
	declarator = idl_parse_declarator(parser, false, "the name of the constant");
	return declarator != NULL && idl_parse_constant(parser, declaration, type, declarator);
}

bool
idl_parse_typedef(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration)
{
	struct idl_typedef *definition = idl_arena_new(parser->arena, struct idl_typedef);

	declaration->as.alias = definition;
	definition->aliases = idl_arena_array(parser->arena);
	idl_next(parser);
	definition->attributes = attributes;
	if (idl_at(parser, '[') && !idl_parse_attributes(parser, &definition->attributes))
		return false;
	definition->type = idl_parse_type(parser);
	if (definition->type == NULL)
		return false;
	do {
		struct idl_alias *alias = idl_arena_new(parser->arena, struct idl_alias);

		alias->type = definition->type;
		alias->declarator = idl_parse_declarator(parser, false, "the name of the type");
		if (alias->declarator == NULL)
			return false;
		g_ptr_array_add(definition->aliases, alias);
	} while (idl_accept(parser, ','));
	if (!idl_expect(parser, ';', "',' or ';' after the typedef"))
		return false;
	declaration->doc.after = idl_doc_after(parser);
	return true;
}

static bool
parse_type_declaration(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration)
{
	declaration->as.type = idl_parse_type(parser);
	if (declaration->as.type == NULL)
		return false;
	declaration->as.type->attributes = attributes;
	return idl_expect(parser, ';', "';' after the declaration");
}

/* midl_pragma warning(disable: 2466) speaks to another compiler. */
bool
idl_skip_pragma(struct idl_parser *parser)
{
	idl_next(parser);
	while (!idl_at_end(parser) && !idl_at(parser, ')'))
		idl_next(parser);
	return idl_expect(parser, ')', "')' after midl_pragma");
}

/* "extern const GUID NAME;" promises the C compiler what another file defines. */
static bool
parse_variable(struct idl_parser *parser, struct idl_declaration *declaration)
{
	struct idl_constant *variable = idl_arena_new(parser->arena, struct idl_constant);

	idl_next(parser);
	declaration->as.constant = variable;
	variable->type = idl_parse_type(parser);
	if (variable->type == NULL)
		return false;
	variable->declarator = idl_parse_declarator(parser, false, "the name of the variable");
	return variable->declarator != NULL && idl_expect(parser, ';', "';' after the variable");
}

/* declare_guid(NAME, uuid); */
static bool
parse_guid(struct idl_parser *parser, struct idl_declaration *declaration)
{
	declaration->kind = IDL_GUID;
	idl_next(parser);
	if (!idl_expect(parser, '(', "'(' after declare_guid"))
		return false;
	declaration->place = idl_place_here(parser);
	declaration->text = idl_expect_name(parser, "the name of the identifier");
	if (declaration->text == NULL || !idl_expect(parser, ',', "',' and the uuid"))
		return false;
	declaration->uuid = idl_parse_uuid(parser);
	if (declaration->uuid == NULL || !idl_expect(parser, ')', "')' after the uuid"))
		return false;
	idl_accept(parser, ';');
	return true;
}

/* Words that open what only the Windows Runtime has. */
static bool
at_winrt(struct idl_parser *parser)
{
	static const char *const words[] = { "namespace", "runtimeclass", "apicontract", "declare",
		"delegate", "attribute" };

	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (idl_at_word(parser, words[i]))
			return true;
	}
	return false;
}

/* What may follow an attribute list at file level. */
static bool
parse_attributed(struct idl_parser *parser, struct idl_declaration *declaration)
{
	GPtrArray *attributes = NULL;
	struct idl_place place;

	if (!idl_parse_attributes(parser, &attributes))
		return false;
	if (idl_at_word(parser, "interface"))
		return idl_parse_interface(parser, attributes, declaration);
	if (idl_at_word(parser, "dispinterface"))
		return idl_parse_dispatch(parser, attributes, declaration);
	if (idl_at_word(parser, "module"))
		return idl_parse_module(parser, attributes, declaration);
	if (idl_at_word(parser, "coclass"))
		return idl_parse_coclass(parser, attributes, declaration);
	if (idl_at_word(parser, "library"))
		return idl_parse_library(parser, attributes, declaration);
	if (idl_at_word(parser, "typedef")) {
		declaration->kind = IDL_TYPEDEF;
		return idl_parse_typedef(parser, attributes, declaration);
	}
	if (idl_at_word(parser, "struct") || idl_at_word(parser, "union") ||
	    idl_at_word(parser, "enum")) {
		declaration->kind = IDL_TYPE;
		return parse_type_declaration(parser, attributes, declaration);
	}
	if (at_winrt(parser)) {
		place = idl_place_here(parser);
		idl_error(parser->diagnostics, &place,
		    "'%s' is of the Windows Runtime, which there is not here; expected interface, "
		    "coclass or library",
		    idl_token_text(parser, idl_token_at(parser, 0)));
		parser->is_foreign = true;
		return false;
	}
	if (attributes != NULL && idl_token_at(parser, 0)->kind == IDL_TOKEN_WORD)
		return idl_parse_function(parser, attributes, declaration);
	idl_unexpected(parser,
	    "import, cpp_quote, const, typedef, struct, union, enum, interface, dispinterface, "
	    "module, coclass or library");
	return false;
}

static bool
parse_declaration(struct idl_parser *parser, struct idl_declaration *declaration)
{
	if (idl_at_word(parser, "cpp_quote")) {
		declaration->kind = IDL_CPP_QUOTE;
		return idl_parse_cpp_quote(parser, declaration);
	}
	if (idl_at_word(parser, "importlib")) {
		declaration->kind = IDL_IMPORTLIB;
		return parse_importlib(parser, declaration);
	}
	if (idl_at_word(parser, "const")) {
		declaration->kind = IDL_CONSTANT;
		return idl_parse_const(parser, declaration);
	}
	if (idl_at_word(parser, "typedef")) {
		declaration->kind = IDL_TYPEDEF;
		return idl_parse_typedef(parser, NULL, declaration);
	}
	if (idl_at_word(parser, "extern")) {
		declaration->kind = IDL_VARIABLE;
		return parse_variable(parser, declaration);
	}
	if (idl_at_word(parser, "declare_guid"))
		return parse_guid(parser, declaration);
	return parse_attributed(parser, declaration);
}

void
idl_parse_declarations(struct idl_parser *parser, GPtrArray *declarations, bool in_library)
{
	while (!idl_at_end(parser) && !parser->is_foreign && !(in_library && idl_at(parser, '}'))) {
		struct idl_place place = idl_place_here(parser);
		struct idl_declaration *declaration;
		bool ok;

		if (idl_accept(parser, ';'))
			continue;
		if (idl_at_word(parser, "midl_pragma")) {
			ok = idl_skip_pragma(parser);
		} else if (idl_at_word(parser, "import")) {
			ok = parse_imports(parser, declarations);
		} else {
			declaration = idl_declaration_new(parser, IDL_TYPE, &place);
			declaration->doc.before = idl_doc_before(parser);
			ok = parse_declaration(parser, declaration);
			if (ok)
				g_ptr_array_add(declarations, declaration);
		}
		if (!ok) {
			idl_resynchronise(parser);
			if (!in_library)
				idl_accept(parser, '}');
		}
	}
}

struct idl_file *
idl_parse(struct idl_arena *arena, struct idl_diagnostics *diagnostics,
    const struct idl_source *source, const struct idl_tokens *tokens)
{
	struct idl_file *file = idl_arena_new(arena, struct idl_file);
	struct idl_parser parser = {
		.arena = arena,
		.diagnostics = diagnostics,
		.tokens = tokens,
	};

	file->source = source;
	file->declarations = idl_arena_array(arena);
	idl_parse_declarations(&parser, file->declarations, false);
	return file;
}
