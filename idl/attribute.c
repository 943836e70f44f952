/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/attribute.h"

#include <string.h>

#define INTERFACE IDL_ON_INTERFACE
#define METHOD IDL_ON_METHOD
#define PARAMETER IDL_ON_PARAMETER
#define COCLASS IDL_ON_COCLASS
#define MEMBER IDL_ON_COCLASS_MEMBER
#define LIBRARY IDL_ON_LIBRARY
#define TYPE IDL_ON_TYPE
#define FIELD IDL_ON_FIELD

static const struct idl_attribute_rule rules[] = {
	{ "aggregatable", IDL_AGGREGATABLE, COCLASS, .argument = IDL_ARGUMENT_NONE },
	{ "appobject", IDL_APPOBJECT, COCLASS, .argument = IDL_ARGUMENT_NONE },
	{ "bindable", IDL_BINDABLE, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "category", IDL_CATEGORY, COCLASS, IDL_ARGUMENT_UUID, .repeatable = true },
	{ "control", IDL_CONTROL, COCLASS | LIBRARY, .argument = IDL_ARGUMENT_NONE },
	{ "default", IDL_DEFAULT, MEMBER, .argument = IDL_ARGUMENT_NONE },
	{ "defaultbind", IDL_DEFAULTBIND, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "defaultvalue", IDL_DEFAULTVALUE, PARAMETER, .argument = IDL_ARGUMENT_EXPRESSION },
	{ "displaybind", IDL_DISPLAYBIND, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "dual", IDL_DUAL, INTERFACE, .argument = IDL_ARGUMENT_NONE },
	{ "helpcontext", IDL_HELPCONTEXT, INTERFACE | METHOD | COCLASS | LIBRARY | TYPE,
	    .argument = IDL_ARGUMENT_EXPRESSION },
	{ "helpfile", IDL_HELPFILE, LIBRARY, .argument = IDL_ARGUMENT_STRING },
	{ "helpstring", IDL_HELPSTRING, INTERFACE | METHOD | COCLASS | LIBRARY | TYPE,
	    .argument = IDL_ARGUMENT_STRING },
	{ "hidden", IDL_HIDDEN, INTERFACE | METHOD | COCLASS | LIBRARY,
	    .argument = IDL_ARGUMENT_NONE },
	{ "id", IDL_ID, METHOD, .argument = IDL_ARGUMENT_EXPRESSION },
	{ "iid_is", IDL_IID_IS, PARAMETER, .argument = IDL_ARGUMENT_EXPRESSIONS },
	{ "in", IDL_IN, PARAMETER, .argument = IDL_ARGUMENT_NONE },
	{ "lcid", IDL_LCID, LIBRARY | PARAMETER, .argument = IDL_ARGUMENT_EXPRESSION,
	    .argument_optional = true },
	{ "length_is", IDL_LENGTH_IS, PARAMETER | FIELD, .argument = IDL_ARGUMENT_EXPRESSIONS },
	{ "licensed", IDL_LICENSED, COCLASS, .argument = IDL_ARGUMENT_NONE },
	{ "local", IDL_LOCAL, INTERFACE | METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "nonbrowsable", IDL_NONBROWSABLE, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "noncreatable", IDL_NONCREATABLE, COCLASS, .argument = IDL_ARGUMENT_NONE },
	{ "nonextensible", IDL_NONEXTENSIBLE, INTERFACE, .argument = IDL_ARGUMENT_NONE },
	{ "object", IDL_OBJECT, INTERFACE, .argument = IDL_ARGUMENT_NONE },
	{ "odl", IDL_ODL, INTERFACE, .argument = IDL_ARGUMENT_NONE },
	{ "oleautomation", IDL_OLEAUTOMATION, INTERFACE, .argument = IDL_ARGUMENT_NONE },
	{ "optional", IDL_OPTIONAL, PARAMETER, .argument = IDL_ARGUMENT_NONE },
	{ "out", IDL_OUT, PARAMETER, .argument = IDL_ARGUMENT_NONE },
	{ "pointer_default", IDL_POINTER_DEFAULT, INTERFACE, .argument = IDL_ARGUMENT_WORD,
	    .words = "unique ref ptr" },
	{ "progid", IDL_PROGID, COCLASS, .argument = IDL_ARGUMENT_STRING },
	{ "propget", IDL_PROPGET, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "propput", IDL_PROPPUT, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "propputref", IDL_PROPPUTREF, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "ptr", IDL_PTR, PARAMETER | FIELD | TYPE, .argument = IDL_ARGUMENT_NONE },
	{ "public", IDL_PUBLIC, TYPE, .argument = IDL_ARGUMENT_NONE },
	{ "readonly", IDL_READONLY, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "ref", IDL_REF, PARAMETER | FIELD | TYPE, .argument = IDL_ARGUMENT_NONE },
	{ "requestedit", IDL_REQUESTEDIT, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "resident", IDL_RESIDENT, LIBRARY, .argument = IDL_ARGUMENT_NONE },
	{ "restricted", IDL_RESTRICTED, INTERFACE | METHOD | COCLASS | MEMBER | LIBRARY,
	    .argument = IDL_ARGUMENT_NONE },
	{ "retval", IDL_RETVAL, PARAMETER, .argument = IDL_ARGUMENT_NONE },
	{ "size_is", IDL_SIZE_IS, PARAMETER | FIELD, .argument = IDL_ARGUMENT_EXPRESSIONS },
	{ "source", IDL_SOURCE, MEMBER, .argument = IDL_ARGUMENT_NONE },
	{ "string", IDL_STRING, PARAMETER | FIELD | TYPE, .argument = IDL_ARGUMENT_NONE },
	{ "threading", IDL_THREADING, COCLASS, .argument = IDL_ARGUMENT_WORD,
	    .words = "both free neutral apartment" },
	{ "uidefault", IDL_UIDEFAULT, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "unique", IDL_UNIQUE, PARAMETER | FIELD | TYPE, .argument = IDL_ARGUMENT_NONE },
	{ "uuid", IDL_UUID, INTERFACE | COCLASS | LIBRARY | TYPE, .argument = IDL_ARGUMENT_UUID },
	{ "v1_enum", IDL_V1_ENUM, TYPE, .argument = IDL_ARGUMENT_NONE },
	{ "vararg", IDL_VARARG, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "version", IDL_VERSION, INTERFACE | COCLASS | LIBRARY, .argument = IDL_ARGUMENT_VERSION },
	{ "vi_progid", IDL_VI_PROGID, COCLASS, .argument = IDL_ARGUMENT_STRING },
};

const struct idl_attribute_rule *
idl_attribute_rule_find(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (strcmp(rules[i].name, name) == 0)
			return &rules[i];
	}
	return NULL;
}

const char *
idl_attribute_place_name(enum idl_attribute_place place)
{
	switch (place) {
	case IDL_ON_INTERFACE:
		return "an interface";
	case IDL_ON_METHOD:
		return "a method";
	case IDL_ON_PARAMETER:
		return "a parameter";
	case IDL_ON_COCLASS:
		return "a coclass";
	case IDL_ON_COCLASS_MEMBER:
		return "an interface of a coclass";
	case IDL_ON_LIBRARY:
		return "a library";
	case IDL_ON_TYPE:
		return "a type";
	case IDL_ON_FIELD:
		return "a struct member";
	}
	return "this";
}

char *
idl_attribute_names(enum idl_attribute_place place)
{
	GString *names = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
		if ((rules[i].places & place) == 0)
			continue;
		if (names->len > 0)
			g_string_append(names, ", ");
		g_string_append(names, rules[i].name);
	}
	return g_string_free(names, FALSE);
}

const struct idl_attribute *
idl_attribute_find(const GPtrArray *attributes, enum idl_attribute_id id)
{
	for (guint i = 0; attributes != NULL && i < attributes->len; i++) {
		const struct idl_attribute *attribute = g_ptr_array_index(attributes, i);

		if (attribute->rule->id == id)
			return attribute;
	}
	return NULL;
}
