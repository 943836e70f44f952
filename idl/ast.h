/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tree between parser and emitters. The parser fills what the source says; the checks fill
 * the members marked "checked", and the emitters only read. All of it lives in the arena of the
 * unit.
 */
#ifndef TESSERA_IDL_AST_H
#define TESSERA_IDL_AST_H

#include <stdint.h>

#include "idl/arena.h"
#include "idl/attribute.h"
#include "idl/builtin.h"
#include "idl/diagnostics.h"
#include "idl/limits.h"

/* Documentation comments in front of a declaration, and the one that follows it on its line. */
struct idl_doc {
	const char *before; /* several are joined by a newline; NULL for none */
	const char *after;
};

enum idl_expression_kind {
	IDL_EXPRESSION_INTEGER,
	IDL_EXPRESSION_FLOAT,
	IDL_EXPRESSION_CHARACTER,
	IDL_EXPRESSION_STRING,
	IDL_EXPRESSION_NAME,
	IDL_EXPRESSION_PARENTHESES,
	IDL_EXPRESSION_UNARY,
	IDL_EXPRESSION_BINARY,
	IDL_EXPRESSION_CONDITIONAL,
	IDL_EXPRESSION_CAST,
	IDL_EXPRESSION_SIZEOF,
};

struct idl_expression {
	enum idl_expression_kind kind;
	struct idl_place place;
	const char *text; /* as written; of strings the content, escapes undone */
	bool wide;        /* L"" */
	int operation;    /* a character or enum idl_operator; unary '*' is a dereference */
	struct idl_expression *operands[3];
	struct idl_type *type; /* of a cast or sizeof */
	guint pointers;        /* after that type */
};

enum idl_type_kind {
	IDL_TYPE_KEYWORD, /* unsigned long: builtin is set by the parser */
	IDL_TYPE_NAME,
	IDL_TYPE_RECORD, /* struct or union */
	IDL_TYPE_ENUM,
	IDL_TYPE_SAFEARRAY, /* SAFEARRAY(element) */
};

enum idl_value_kind {
	IDL_VALUE_INTEGER,
	IDL_VALUE_STRING,
	IDL_VALUE_OPAQUE, /* right, but only the C compiler knows it: sizeof, floating point */
	IDL_VALUE_WRONG,  /* reported */
};

/* 64 bits, read as signed or, when they hold more than that can, as unsigned. */
struct idl_value {
	enum idl_value_kind kind;
	bool is_unsigned;
	uint64_t bits;
};

struct idl_type {
	enum idl_type_kind kind;
	struct idl_place place;
	bool is_const;
	bool is_union;
	GPtrArray *attributes;             /* of a struct, union or enum on its own; else NULL */
	const char *name;                  /* a name, or the tag of struct and enum, or NULL */
	const struct idl_builtin *builtin; /* keyword; checked: a predefined name */
	struct idl_record *record;         /* NULL where only the tag is written */
	struct idl_enum *enumeration;      /* likewise */
	struct idl_type *element;
	struct idl_declarator *element_declarator;
	const struct idl_alias *alias; /* checked: what a name stands for */
	bool is_interface;             /* checked */
};

struct idl_declarator {
	struct idl_place place;
	const char *name; /* NULL when absent, where that is allowed */
	guint pointers;
	bool pointer_const[IDL_POINTERS_MAX];
	guint dimensions;
	struct idl_expression *bounds[IDL_DIMENSIONS_MAX]; /* NULL for [] and [*] */
	struct idl_expression *bits;                       /* of a bit-field; else NULL */
	GPtrArray
	    *parameters; /* of a pointer to a function; else NULL. The stars are the result's */
	guint function_stars;
};

/* One name of a typedef. */
struct idl_alias {
	const struct idl_type *type;
	const struct idl_declarator *declarator;
	guint depth;        /* checked: aliases behind this one */
	bool is_identified; /* has a uuid */
	bool is_handle;     /* crosses a border in its own way, though it is a void pointer */
	bool is_repeated;   /* checked: says again what wtypes.h or another file says */
};

/* Without declarators: the members of its struct or union belong to the one around it. */
struct idl_field {
	struct idl_doc doc;
	GPtrArray *attributes;
	struct idl_type *type;
	GPtrArray *declarators;
};

struct idl_record {
	struct idl_place place;
	GPtrArray *fields;
	bool is_union;
	bool complete; /* checked: behind its closing brace */
};

struct idl_enum_value {
	struct idl_doc doc;
	struct idl_place place;
	const char *name;
	struct idl_expression *expression; /* NULL: one more than the one before */
	int32_t value;                     /* checked */
	bool needs_cast; /* checked: written without a sign, though its bits have one */
};

struct idl_enum {
	struct idl_place place;
	GPtrArray *values;
};

struct idl_parameter {
	GPtrArray *attributes;
	struct idl_type *type;
	struct idl_declarator *declarator;
};

struct idl_method {
	struct idl_doc doc;
	struct idl_place place;
	GPtrArray *attributes;
	struct idl_type *type;
	struct idl_declarator *declarator;
	const char *name;      /* as written */
	const char *slot_name; /* with get_, put_ or putref_ */
	bool returns_record;   /* checked: through a pointer, as Windows has it */
	const char *cpp_name;  /* checked: where C++ calls it otherwise; else NULL */
	GPtrArray *parameters;
};

struct idl_interface {
	struct idl_doc doc;
	struct idl_place place;
	GPtrArray *attributes;
	const char *name;
	const char *base_name; /* NULL without one */
	struct idl_place base_place;
	GPtrArray *declarations; /* everything inside that is no method */
	GPtrArray *methods;      /* those of the table */
	GPtrArray *remote; /* call_as: stand for another method on the wire, and in no table */
	bool is_dispatch;  /* dispinterface: its members are reached through Invoke alone */
	GPtrArray
	    *members; /* of a dispinterface: struct idl_method, properties without parameters */
	const char *dispatch_of;          /* dispinterface X { interface Y; }: Y */
	const struct idl_interface *base; /* checked */
	const char *uuid;                 /* checked: upper case without braces; or NULL */
	bool is_object;                   /* checked: has a table of functions */
};

/* Functions of a module, and its constants. */
struct idl_module {
	struct idl_doc doc;
	struct idl_place place;
	GPtrArray *attributes;
	const char *name;
	GPtrArray *declarations;
};

struct idl_coclass_member {
	struct idl_place place;
	GPtrArray *attributes;
	const char *name;
	const struct idl_interface *interface; /* checked */
};

struct idl_coclass {
	struct idl_doc doc;
	struct idl_place place;
	GPtrArray *attributes;
	const char *name;
	GPtrArray *members;
	const char *uuid; /* checked */
};

struct idl_library {
	struct idl_doc doc;
	struct idl_place place;
	GPtrArray *attributes;
	const char *name;
	GPtrArray *declarations;
	const char *uuid; /* checked */
};

struct idl_constant {
	struct idl_type *type;
	struct idl_declarator *declarator;
	struct idl_expression *expression;
	struct idl_value value; /* checked */
	bool needs_cast;        /* checked: the bare text would have another type in C */
};

struct idl_typedef {
	GPtrArray *attributes;
	struct idl_type *type;
	GPtrArray *aliases; /* struct idl_alias */
};

enum idl_declaration_kind {
	IDL_IMPORT,
	IDL_IMPORTLIB,
	IDL_CPP_QUOTE,
	IDL_CONSTANT,
	IDL_TYPEDEF,
	IDL_TYPE,            /* struct or enum on its own */
	IDL_FORWARD,         /* interface X; */
	IDL_FORWARD_COCLASS, /* coclass X; */
	IDL_INTERFACE,
	IDL_FUNCTION,
	IDL_VARIABLE, /* extern: a constant without a value */
	IDL_MODULE,
	IDL_GUID, /* declare_guid: text is the name, uuid its value */
	IDL_COCLASS,
	IDL_LIBRARY,
};

struct idl_declaration {
	enum idl_declaration_kind kind;
	struct idl_place place;
	struct idl_doc doc;
	const char *text; /* import, importlib, cpp_quote: the string; forward: the name */
	const char *uuid; /* of declare_guid */
	union {
		struct idl_constant *constant;
		struct idl_typedef *alias;
		struct idl_type *type;
		struct idl_interface *interface;
		struct idl_coclass *coclass;
		struct idl_library *library;
		struct idl_method *function;
		struct idl_module *module;
	} as;
};

struct idl_file {
	const struct idl_source *source;
	GPtrArray *declarations;
};

#endif
