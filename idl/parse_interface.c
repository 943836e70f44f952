/* SPDX-License-Identifier: BSD-2-Clause */
/* Interfaces: the heading, the members, the parameters of methods. */
#include "idl/parser_state.h"

#include <string.h>

static struct idl_parameter *
parse_parameter(struct idl_parser *parser)
{
	struct idl_parameter *parameter = idl_arena_new(parser->arena, struct idl_parameter);

	if (!idl_parse_attributes(parser, &parameter->attributes))
		return NULL;
	parameter->type = idl_parse_type(parser);
	if (parameter->type == NULL)
		return NULL;
	parameter->declarator = idl_parse_declarator(parser, true, "the name of the parameter");
	return parameter->declarator != NULL ? parameter : NULL;
}

/* Macros and checks call every parameter by a name. */
static void
name_parameter(struct idl_parser *parser, struct idl_parameter *parameter, guint number)
{
	g_autofree char *name = g_strdup_printf("parameter%u", number);

	idl_warning(parser->diagnostics, &parameter->declarator->place,
	    "parameter without a name, which is called '%s' now", name);
	parameter->declarator->name = idl_arena_string(parser->arena, name, strlen(name));
}

GPtrArray *
idl_parse_parameters(struct idl_parser *parser, bool allow_abstract)
{
	GPtrArray *parameters = idl_arena_array(parser->arena);

	idl_next(parser);
	if (idl_at_word(parser, "void") && idl_token_at(parser, 1)->kind == IDL_TOKEN_PUNCTUATION &&
	    idl_token_at(parser, 1)->code == ')')
		idl_next(parser);
	if (idl_accept(parser, ')'))
		return parameters;
	do {
		struct idl_parameter *parameter = parse_parameter(parser);

		if (parameter == NULL)
			return NULL;
		if (parameter->declarator->name == NULL && !allow_abstract)
			name_parameter(parser, parameter, parameters->len + 1);
		if (parameters->len >= IDL_PARAMETERS_MAX) {
			idl_error(parser->diagnostics, &parameter->declarator->place,
			    "too many parameters, expected at most %u", IDL_PARAMETERS_MAX);
			return NULL;
		}
		g_ptr_array_add(parameters, parameter);
	} while (idl_accept(parser, ','));
	return idl_expect(parser, ')', "',' or ')' after the parameter") ? parameters : NULL;
}

static bool
parse_method(struct idl_parser *parser, struct idl_interface *interface, struct idl_method *method)
{
	bool remote = idl_attribute_find(method->attributes, IDL_CALL_AS) != NULL;
	GPtrArray *methods = remote ? interface->remote : interface->methods;
	struct idl_place place = method->place;

	method->parameters = idl_parse_parameters(parser, false);
	if (method->parameters == NULL || !idl_expect(parser, ';', "';' after the method"))
		return false;
	method->doc.after = idl_doc_after(parser);
	if (methods->len >= IDL_METHODS_MAX) {
		idl_error(parser->diagnostics, &place, "too many methods, expected at most %u",
		    IDL_METHODS_MAX);
		return false;
	}
	g_ptr_array_add(methods, method);
	return true;
}

/*
 * A method, a constant or a type on its own: they open alike, and what follows the declarator
 * tells.
 */
static bool
parse_method_or_declaration(struct idl_parser *parser, struct idl_interface *interface)
{
	struct idl_method *method = idl_arena_new(parser->arena, struct idl_method);
	struct idl_place start = idl_place_here(parser);
	struct idl_declaration *declaration;
	bool opens_constant;

	method->doc.before = idl_doc_before(parser);
	if (!idl_parse_attributes(parser, &method->attributes))
		return false;
	opens_constant = idl_at_word(parser, "const");
	method->type = idl_parse_type(parser);
	if (method->type == NULL)
		return false;
	if ((method->type->kind == IDL_TYPE_RECORD || method->type->kind == IDL_TYPE_ENUM) &&
	    idl_at(parser, ';')) {
		declaration = idl_declaration_new(parser, IDL_TYPE, &start);
		declaration->doc = method->doc;
		declaration->as.type = method->type;
		method->type->attributes = method->attributes;
		g_ptr_array_add(interface->declarations, declaration);
		return idl_expect(parser, ';', "';'");
	}
	method->declarator = idl_parse_declarator(parser, false, "the name of a method");
	if (method->declarator == NULL)
		return false;
	method->place = method->declarator->place;
	method->name = method->declarator->name;
	if (idl_at(parser, '('))
		return parse_method(parser, interface, method);
	if (opens_constant) {
		declaration = idl_declaration_new(parser, IDL_CONSTANT, &start);
		declaration->doc = method->doc;
		if (!idl_parse_constant(parser, declaration, method->type, method->declarator))
			return false;
		g_ptr_array_add(interface->declarations, declaration);
		return true;
	}
	idl_unexpected(parser, "'(' and the parameters of the method");
	return false;
}

static bool
parse_member(struct idl_parser *parser, struct idl_interface *interface)
{
	struct idl_place place = idl_place_here(parser);
	struct idl_declaration *declaration;
	bool ok;

	if (idl_at_word(parser, "midl_pragma"))
		return idl_skip_pragma(parser);
	if (!idl_at_word(parser, "typedef") && !idl_at_word(parser, "cpp_quote"))
		return parse_method_or_declaration(parser, interface);
	declaration = idl_declaration_new(parser, IDL_TYPEDEF, &place);
	declaration->doc.before = idl_doc_before(parser);
	if (idl_at_word(parser, "typedef")) {
		ok = idl_parse_typedef(parser, NULL, declaration);
	} else {
		declaration->kind = IDL_CPP_QUOTE;
		ok = idl_parse_cpp_quote(parser, declaration);
	}
	if (ok)
		g_ptr_array_add(interface->declarations, declaration);
	return ok;
}

static bool
parse_body(struct idl_parser *parser, struct idl_interface *interface)
{
	idl_next(parser);
	while (!idl_at(parser, '}') && !idl_at_end(parser)) {
		if (idl_accept(parser, ';'))
			continue;
		if (!parse_member(parser, interface))
			idl_resynchronise(parser);
	}
	if (!idl_expect(parser, '}', "'}' at the end of the interface"))
		return false;
	idl_accept(parser, ';');
	return true;
}

/* "interface X;": what is known of it is its name. */
bool
idl_parse_forward(struct idl_parser *parser, const struct idl_interface *interface,
    struct idl_declaration *declaration)
{
	declaration->kind = IDL_FORWARD;
	declaration->place = interface->place;
	declaration->text = interface->name;
	idl_next(parser);
	if (interface->attributes != NULL)
		idl_error(parser->diagnostics, &interface->place,
		    "forward declaration with attributes, expected them where the interface is "
		    "defined");
	return true;
}

struct idl_interface *
idl_interface_new(
    struct idl_parser *parser, GPtrArray *attributes, const struct idl_declaration *declaration)
{
	struct idl_interface *interface = idl_arena_new(parser->arena, struct idl_interface);

	interface->doc = declaration->doc;
	interface->place = idl_place_here(parser);
	interface->attributes = attributes;
	interface->declarations = idl_arena_array(parser->arena);
	interface->methods = idl_arena_array(parser->arena);
	interface->remote = idl_arena_array(parser->arena);
	return interface;
}

bool
idl_parse_interface(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration)
{
	struct idl_interface *interface;

	idl_next(parser);
	interface = idl_interface_new(parser, attributes, declaration);
	interface->name = idl_expect_name(parser, "the name of the interface");
	if (interface->name == NULL)
		return false;
	if (idl_at(parser, ';'))
		return idl_parse_forward(parser, interface, declaration);
	if (idl_accept(parser, ':')) {
		interface->base_place = idl_place_here(parser);
		interface->base_name = idl_expect_name(parser, "the name of the base interface");
		if (interface->base_name == NULL)
			return false;
		if (idl_at(parser, ',')) {
			idl_unexpected(parser, "'{' (an interface has one base)");
			return false;
		}
	}
	if (!idl_at(parser, '{')) {
		idl_unexpected(parser, "':' and the base interface, '{' or ';'");
		return false;
	}
	declaration->kind = IDL_INTERFACE;
	declaration->place = interface->place;
	declaration->as.interface = interface;
	return parse_body(parser, interface);
}
