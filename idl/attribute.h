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
	IDL_APPOBJECT,
	IDL_BINDABLE,
	IDL_CATEGORY,
	IDL_CONTROL,
	IDL_DEFAULT,
	IDL_DEFAULTBIND,
	IDL_DEFAULTVALUE,
	IDL_DISPLAYBIND,
	IDL_DUAL,
	IDL_HELPCONTEXT,
	IDL_HELPFILE,
	IDL_HELPSTRING,
	IDL_HIDDEN,
	IDL_ID,
	IDL_IID_IS,
	IDL_IN,
	IDL_LCID,
	IDL_LENGTH_IS,
	IDL_LICENSED,
	IDL_LOCAL,
	IDL_NONBROWSABLE,
	IDL_NONCREATABLE,
	IDL_NONEXTENSIBLE,
	IDL_OBJECT,
	IDL_ODL,
	IDL_OLEAUTOMATION,
	IDL_OPTIONAL,
	IDL_OUT,
	IDL_POINTER_DEFAULT,
	IDL_PROGID,
	IDL_PROPGET,
	IDL_PROPPUT,
	IDL_PROPPUTREF,
	IDL_PTR,
	IDL_PUBLIC,
	IDL_READONLY,
	IDL_REF,
	IDL_REQUESTEDIT,
	IDL_RESIDENT,
	IDL_RESTRICTED,
	IDL_RETVAL,
	IDL_SIZE_IS,
	IDL_SOURCE,
	IDL_STRING,
	IDL_THREADING,
	IDL_UIDEFAULT,
	IDL_UNIQUE,
	IDL_UUID,
	IDL_V1_ENUM,
	IDL_VARARG,
	IDL_VERSION,
	IDL_VI_PROGID,
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
};

enum idl_attribute_argument {
	IDL_ARGUMENT_NONE,
	IDL_ARGUMENT_UUID,
	IDL_ARGUMENT_STRING,
	IDL_ARGUMENT_WORD, /* one of the words of the rule */
	IDL_ARGUMENT_EXPRESSION,
	IDL_ARGUMENT_EXPRESSIONS, /* separated by commas, some may be empty */
	IDL_ARGUMENT_VERSION,     /* 1 or 1.0 */
};

struct idl_attribute_rule {
	const char *name;
	enum idl_attribute_id id;
	guint places;
	enum idl_attribute_argument argument;
	bool argument_optional;
	bool repeatable;
	const char *words; /* for IDL_ARGUMENT_WORD: "one two three" */
};

struct idl_attribute {
	const struct idl_attribute_rule *rule;
	struct idl_place place;
	const char *text;       /* uuid in upper case, string, word, version; NULL without */
	GPtrArray *expressions; /* struct idl_expression, NULL elements where empty */
};

const struct idl_attribute_rule *idl_attribute_rule_find(const char *name);

/* "an interface", "a parameter", … for one place. */
const char *idl_attribute_place_name(enum idl_attribute_place place);

/* The names that may stand there, separated by ", ". Free with g_free. */
char *idl_attribute_names(enum idl_attribute_place place);

/* The first one with that id, or NULL; attributes may be NULL. */
const struct idl_attribute *
idl_attribute_find(const GPtrArray *attributes, enum idl_attribute_id id);

#endif
