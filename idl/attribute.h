/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which attributes there are, where each may stand and what it takes in parentheses: one table
 * for the parser, the checks and the texts of their errors.
 */
#ifndef TESSERA_IDL_ATTRIBUTE_H
#define TESSERA_IDL_ATTRIBUTE_H

#include "idl/diagnostics.h"

enum idl_attribute_id {
	IDL_AGGREGATABLE,
	IDL_ANNOTATION,
	IDL_APPOBJECT,
	IDL_ASYNC_UUID,
	IDL_BINDABLE,
	IDL_CALL_AS,
	IDL_CASE,
	IDL_CATEGORY,
	IDL_CONTROL,
	IDL_CUSTOM,
	IDL_DEFAULT,
	IDL_DEFAULTBIND,
	IDL_DEFAULTCOLLELEM,
	IDL_DEFAULTVALUE,
	IDL_DEFAULTVTABLE,
	IDL_DISPLAYBIND,
	IDL_DLLNAME,
	IDL_DUAL,
	IDL_ENTRY,
	IDL_FIRST_IS,
	IDL_HELPCONTEXT,
	IDL_HELPFILE,
	IDL_HELPSTRING,
	IDL_HELPSTRINGCONTEXT,
	IDL_HELPSTRINGDLL,
	IDL_HIDDEN,
	IDL_ID,
	IDL_IID_IS,
	IDL_IMMEDIATEBIND,
	IDL_IN,
	IDL_LAST_IS,
	IDL_LCID,
	IDL_LENGTH_IS,
	IDL_LICENSED,
	IDL_LOCAL,
	IDL_MAX_IS,
	IDL_MIN_IS,
	IDL_MS_UNION,
	IDL_NONBROWSABLE,
	IDL_NONCREATABLE,
	IDL_NONEXTENSIBLE,
	IDL_OBJECT,
	IDL_ODL,
	IDL_OLEAUTOMATION,
	IDL_OPTIONAL,
	IDL_OUT,
	IDL_POINTER_DEFAULT,
	IDL_PREDECLID,
	IDL_PROGID,
	IDL_PROPGET,
	IDL_PROPPUT,
	IDL_PROPPUTREF,
	IDL_PROXY,
	IDL_PTR,
	IDL_PUBLIC,
	IDL_RANGE,
	IDL_READONLY,
	IDL_REF,
	IDL_REPLACEABLE,
	IDL_REPRESENT_AS,
	IDL_REQUESTEDIT,
	IDL_RESIDENT,
	IDL_RESTRICTED,
	IDL_RETVAL,
	IDL_RPC, /* any of those the language of remote procedure calls has in addition */
	IDL_SIZE_IS,
	IDL_SOURCE,
	IDL_STRING,
	IDL_SWITCH_IS,
	IDL_SWITCH_TYPE,
	IDL_THREADING,
	IDL_TRANSMIT_AS,
	IDL_UIDEFAULT,
	IDL_UNIQUE,
	IDL_USER_MARSHAL,
	IDL_USESGETLASTERROR,
	IDL_UUID,
	IDL_V1_ENUM,
	IDL_VARARG,
	IDL_VERSION,
	IDL_VI_PROGID,
	IDL_WINRT, /* likewise of the Windows Runtime */
	IDL_WIRE_MARSHAL,
};

/* Places where an attribute may stand; a bit each. */
enum idl_attribute_place {
	IDL_ON_INTERFACE = 1 << 0,
	IDL_ON_METHOD = 1 << 1,
	IDL_ON_PARAMETER = 1 << 2,
	IDL_ON_COCLASS = 1 << 3,
	IDL_ON_COCLASS_MEMBER = 1 << 4,
	IDL_ON_LIBRARY = 1 << 5,
	IDL_ON_TYPE = 1 << 6,
	IDL_ON_FIELD = 1 << 7,
	IDL_ON_MODULE = 1 << 8,
	IDL_ON_FUNCTION = 1 << 9,
};

enum idl_attribute_argument {
	IDL_ARGUMENT_NONE,
	IDL_ARGUMENT_UUID,
	IDL_ARGUMENT_STRING,
	IDL_ARGUMENT_WORD, /* one of the words of the rule */
	IDL_ARGUMENT_EXPRESSION,
	IDL_ARGUMENT_EXPRESSIONS, /* separated by commas, some may be empty */
	IDL_ARGUMENT_VERSION,     /* 1 or 1.0 */
	IDL_ARGUMENT_TYPE,
	IDL_ARGUMENT_ANY, /* kept as it stands, for nobody here */
};

/* The language it is of; what is not of COM is refused with that reason. */
enum idl_attribute_language {
	IDL_OF_COM,
	IDL_OF_RPC,
	IDL_OF_WINRT,
};

struct idl_attribute_rule {
	const char *name;
	enum idl_attribute_id id;
	guint places;
	enum idl_attribute_argument argument;
	bool argument_optional;
	bool repeatable;
	bool refers; /* names in its argument are parameters or members beside it */
	enum idl_attribute_language foreign;
	const char *words; /* for IDL_ARGUMENT_WORD: "one two three" */
};

struct idl_attribute {
	const struct idl_attribute_rule *rule;
	struct idl_place place;
	const char *text;       /* uuid in upper case, string, word, version; NULL without */
	GPtrArray *expressions; /* struct idl_expression, NULL elements where empty */
	struct idl_type *type;
};

const struct idl_attribute_rule *idl_attribute_rule_find(const char *name);

/* The one somebody may have meant by a name that is none; or NULL. */
const char *idl_attribute_nearest(const char *name);

/* "an interface", "a parameter", … for one place. */
const char *idl_attribute_place_name(enum idl_attribute_place place);

/* The names that may stand there, separated by ", ". Free with g_free. */
char *idl_attribute_names(enum idl_attribute_place place);

/* The first one with that id, or NULL; attributes may be NULL. */
const struct idl_attribute *
idl_attribute_find(const GPtrArray *attributes, enum idl_attribute_id id);

#endif
