/* SPDX-License-Identifier: BSD-2-Clause */
/* What is no table of functions: dispinterfaces and modules. */
#include "idl/parser_state.h"

/* "interface Y;" inside a dispinterface: it has the members of Y. */
static bool
parse_dispatch_of(struct idl_parser *parser, struct idl_interface *interface)
{
	idl_next(parser);
	interface->base_place = idl_place_here(parser);
	interface->dispatch_of = idl_expect_name(parser, "the name of an interface");
	return interface->dispatch_of != NULL &&
	    idl_expect(parser, ';', "';' after the interface of the dispinterface");
}

static bool
parse_dispatch_member(struct idl_parser *parser, struct idl_interface *interface, bool is_property)
{
	struct idl_method *member = idl_arena_new(parser->arena, struct idl_method);

	member->doc.before = idl_doc_before(parser);
	if (!idl_parse_attributes(parser, &member->attributes))
		return false;
	member->type = idl_parse_type(parser);
	if (member->type == NULL)
		return false;
	member->declarator = idl_parse_declarator(
	    parser, false, is_property ? "the name of a property" : "the name of a method");
	if (member->declarator == NULL)
		return false;
	member->place = member->declarator->place;
	member->name = member->declarator->name;
	if (!is_property && !idl_at(parser, '(')) {
		idl_unexpected(parser, "'(' and the parameters of the method");
		return false;
	}
	if (!is_property && (member->parameters = idl_parse_parameters(parser, false)) == NULL)
		return false;
	if (!idl_expect(parser, ';', "';' after the member"))
		return false;
	if (interface->members->len >= IDL_METHODS_MAX) {
		idl_error(parser->diagnostics, &member->place,
		    "too many members, expected at most %u", IDL_METHODS_MAX);
		return false;
	}
	g_ptr_array_add(interface->members, member);
	return true;
}

static void
parse_dispatch_body(struct idl_parser *parser, struct idl_interface *interface)
{
	bool is_property = false, labelled = false;

	while (!idl_at(parser, '}') && !idl_at_end(parser)) {
		bool properties = idl_at_word(parser, "properties");
		bool ok;

		if (idl_accept(parser, ';'))
			continue;
		if (properties || idl_at_word(parser, "methods")) {
			idl_next(parser);
			is_property = properties;
			labelled = true;
			ok = idl_expect(parser, ':', "':' after properties or methods");
		} else if (idl_at_word(parser, "interface") && !labelled) {
			ok = parse_dispatch_of(parser, interface);
		} else if (!labelled) {
			idl_unexpected(parser, "properties:, methods: or interface");
			ok = false;
		} else {
			ok = parse_dispatch_member(parser, interface, is_property);
		}
		if (!ok)
			idl_resynchronise(parser);
	}
}

bool
idl_parse_dispatch(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration)
{
	struct idl_interface *interface;

	idl_next(parser);
	interface = idl_interface_new(parser, attributes, declaration);
	interface->is_dispatch = true;
	interface->base_name = "IDispatch";
	interface->base_place = interface->place;
	interface->members = idl_arena_array(parser->arena);
	interface->name = idl_expect_name(parser, "the name of the dispinterface");
	if (interface->name == NULL)
		return false;
	if (idl_at(parser, ';'))
		return idl_parse_forward(parser, interface, declaration);
	if (!idl_expect(parser, '{', "'{' or ';' after the name of the dispinterface"))
		return false;
	declaration->kind = IDL_INTERFACE;
	declaration->place = interface->place;
	declaration->as.interface = interface;
	parse_dispatch_body(parser, interface);
	if (!idl_expect(parser, '}', "'}' at the end of the dispinterface"))
		return false;
	idl_accept(parser, ';');
	return true;
}

/* "[entry(1)] long F(long a);" and constants */
static bool
parse_module_member(struct idl_parser *parser, struct idl_module *module)
{
	struct idl_place place = idl_place_here(parser);
	struct idl_declaration *declaration = idl_declaration_new(parser, IDL_FUNCTION, &place);
	GPtrArray *attributes;

	declaration->doc.before = idl_doc_before(parser);
	if (!idl_parse_attributes(parser, &attributes))
		return false;
	if (idl_at_word(parser, "const")) {
		declaration->kind = IDL_CONSTANT;
		if (!idl_parse_const(parser, declaration))
			return false;
	} else if (!idl_parse_function(parser, attributes, declaration)) {
		return false;
	}
	g_ptr_array_add(module->declarations, declaration);
	return true;
}

bool
idl_parse_module(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration)
{
	struct idl_module *module = idl_arena_new(parser->arena, struct idl_module);

	idl_next(parser);
	declaration->kind = IDL_MODULE;
	declaration->as.module = module;
	module->doc = declaration->doc;
	module->place = declaration->place = idl_place_here(parser);
	module->attributes = attributes;
	module->declarations = idl_arena_array(parser->arena);
	module->name = idl_expect_name(parser, "the name of the module");
	if (module->name == NULL || !idl_expect(parser, '{', "'{' after the name of the module"))
		return false;
	while (!idl_at(parser, '}') && !idl_at_end(parser)) {
		if (!idl_accept(parser, ';') && !parse_module_member(parser, module))
			idl_resynchronise(parser);
	}
	if (!idl_expect(parser, '}', "'}' at the end of the module"))
		return false;
	idl_accept(parser, ';');
	return true;
}

bool
idl_parse_function(
    struct idl_parser *parser, GPtrArray *attributes, struct idl_declaration *declaration)
{
	struct idl_method *function = idl_arena_new(parser->arena, struct idl_method);

	declaration->kind = IDL_FUNCTION;
	declaration->as.function = function;
	function->doc = declaration->doc;
	function->attributes = attributes;
	function->type = idl_parse_type(parser);
	if (function->type == NULL)
		return false;
	function->declarator = idl_parse_declarator(parser, false, "the name of the function");
	if (function->declarator == NULL)
		return false;
	declaration->place = function->place = function->declarator->place;
	function->name = function->slot_name = function->declarator->name;
	if (!idl_at(parser, '(')) {
		idl_unexpected(parser, "'(' and the parameters of the function");
		return false;
	}
	function->parameters = idl_parse_parameters(parser, false);
	return function->parameters != NULL && idl_expect(parser, ';', "';' after the function");
}
