/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/attribute.h"

#include "idl/name_table.h"
#include "idl/suggest.h"

#define INTERFACE IDL_ON_INTERFACE
#define METHOD IDL_ON_METHOD
#define PARAMETER IDL_ON_PARAMETER
#define COCLASS IDL_ON_COCLASS
#define MEMBER IDL_ON_COCLASS_MEMBER
#define LIBRARY IDL_ON_LIBRARY
#define TYPE IDL_ON_TYPE
#define FIELD IDL_ON_FIELD
#define MODULE IDL_ON_MODULE
#define FUNCTION IDL_ON_FUNCTION

static const struct idl_attribute_rule rules[] = {
	{ "activatable", IDL_WINRT, COCLASS, .argument = IDL_ARGUMENT_ANY,
	    .argument_optional = true, .foreign = IDL_OF_WINRT },
	{ "aggregatable", IDL_AGGREGATABLE, COCLASS, .argument = IDL_ARGUMENT_NONE },
	{ "annotation", IDL_ANNOTATION, PARAMETER | FIELD | METHOD, .argument = IDL_ARGUMENT_ANY },
	{ "appobject", IDL_APPOBJECT, COCLASS, .argument = IDL_ARGUMENT_NONE },
	{ "async_uuid", IDL_ASYNC_UUID, INTERFACE, .argument = IDL_ARGUMENT_UUID },
	{ "auto_handle", IDL_RPC, INTERFACE, .argument = IDL_ARGUMENT_ANY,
	    .argument_optional = true, .foreign = IDL_OF_RPC },
	{ "bindable", IDL_BINDABLE, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "broadcast", IDL_RPC, METHOD, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_RPC },
	{ "byte_count", IDL_RPC, PARAMETER, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_RPC },
	{ "call_as", IDL_CALL_AS, METHOD, .argument = IDL_ARGUMENT_EXPRESSION },
	{ "callback", IDL_RPC, METHOD, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_RPC },
	{ "case", IDL_CASE, FIELD, .argument = IDL_ARGUMENT_EXPRESSIONS },
	{ "category", IDL_CATEGORY, COCLASS, IDL_ARGUMENT_UUID, .repeatable = true },
	{ "code", IDL_RPC, INTERFACE, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_RPC },
	{ "comm_status", IDL_RPC, PARAMETER | METHOD, .argument = IDL_ARGUMENT_ANY,
	    .argument_optional = true, .foreign = IDL_OF_RPC },
	{ "composable", IDL_WINRT, COCLASS, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_WINRT },
	{ "context_handle", IDL_RPC, PARAMETER | TYPE | METHOD, .argument = IDL_ARGUMENT_ANY,
	    .argument_optional = true, .foreign = IDL_OF_RPC },
	{ "contract", IDL_WINRT, INTERFACE | TYPE, .argument = IDL_ARGUMENT_ANY,
	    .argument_optional = true, .foreign = IDL_OF_WINRT },
	{ "contractversion", IDL_WINRT, INTERFACE, .argument = IDL_ARGUMENT_ANY,
	    .argument_optional = true, .foreign = IDL_OF_WINRT },
	{ "control", IDL_CONTROL, COCLASS | LIBRARY, .argument = IDL_ARGUMENT_NONE },
	{ "custom", IDL_CUSTOM, INTERFACE | METHOD | PARAMETER | COCLASS | LIBRARY | TYPE | MODULE,
	    .argument = IDL_ARGUMENT_ANY, .repeatable = true },
	{ "default", IDL_DEFAULT, MEMBER | FIELD, .argument = IDL_ARGUMENT_NONE },
	{ "default_overload", IDL_WINRT, METHOD, .argument = IDL_ARGUMENT_ANY,
	    .argument_optional = true, .foreign = IDL_OF_WINRT },
	{ "defaultbind", IDL_DEFAULTBIND, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "defaultcollelem", IDL_DEFAULTCOLLELEM, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "defaultvalue", IDL_DEFAULTVALUE, PARAMETER, .argument = IDL_ARGUMENT_EXPRESSION },
	{ "defaultvtable", IDL_DEFAULTVTABLE, MEMBER, .argument = IDL_ARGUMENT_NONE },
	{ "displaybind", IDL_DISPLAYBIND, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "dllname", IDL_DLLNAME, MODULE, .argument = IDL_ARGUMENT_STRING },
	{ "dual", IDL_DUAL, INTERFACE, .argument = IDL_ARGUMENT_NONE },
	{ "endpoint", IDL_RPC, INTERFACE, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_RPC },
	{ "entry", IDL_ENTRY, METHOD | FUNCTION, .argument = IDL_ARGUMENT_EXPRESSION },
	{ "eventadd", IDL_WINRT, METHOD, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_WINRT },
	{ "eventremove", IDL_WINRT, METHOD, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_WINRT },
	{ "exclusiveto", IDL_WINRT, INTERFACE, .argument = IDL_ARGUMENT_ANY,
	    .argument_optional = true, .foreign = IDL_OF_WINRT },
	{ "explicit_handle", IDL_RPC, INTERFACE | METHOD, .argument = IDL_ARGUMENT_ANY,
	    .argument_optional = true, .foreign = IDL_OF_RPC },
	{ "fault_status", IDL_RPC, PARAMETER | METHOD, .argument = IDL_ARGUMENT_ANY,
	    .argument_optional = true, .foreign = IDL_OF_RPC },
	{ "first_is", IDL_FIRST_IS, PARAMETER | FIELD, .argument = IDL_ARGUMENT_EXPRESSIONS,
	    .refers = true },
	{ "flags", IDL_WINRT, TYPE, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_WINRT },
	{ "handle", IDL_RPC, TYPE, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_RPC },
	{ "helpcontext", IDL_HELPCONTEXT, INTERFACE | METHOD | COCLASS | LIBRARY | TYPE | MODULE,
	    .argument = IDL_ARGUMENT_EXPRESSION },
	{ "helpfile", IDL_HELPFILE, LIBRARY, .argument = IDL_ARGUMENT_STRING },
	{ "helpstring", IDL_HELPSTRING,
	    INTERFACE | METHOD | COCLASS | LIBRARY | TYPE | MODULE | FUNCTION,
	    .argument = IDL_ARGUMENT_STRING },
	{ "helpstringcontext", IDL_HELPSTRINGCONTEXT, INTERFACE | METHOD | COCLASS | LIBRARY | TYPE,
	    .argument = IDL_ARGUMENT_EXPRESSION },
	{ "helpstringdll", IDL_HELPSTRINGDLL, LIBRARY, .argument = IDL_ARGUMENT_STRING },
	{ "hidden", IDL_HIDDEN, INTERFACE | METHOD | COCLASS | LIBRARY | MODULE | FUNCTION | TYPE,
	    .argument = IDL_ARGUMENT_NONE },
	{ "id", IDL_ID, LIBRARY | METHOD | FUNCTION, .argument = IDL_ARGUMENT_EXPRESSION },
	{ "idempotent", IDL_RPC, METHOD, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_RPC },
	{ "iid_is", IDL_IID_IS, PARAMETER, .argument = IDL_ARGUMENT_EXPRESSIONS, .refers = true },
	{ "immediatebind", IDL_IMMEDIATEBIND, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "implicit_handle", IDL_RPC, INTERFACE, .argument = IDL_ARGUMENT_ANY,
	    .argument_optional = true, .foreign = IDL_OF_RPC },
	{ "in", IDL_IN, PARAMETER, .argument = IDL_ARGUMENT_NONE },
	{ "last_is", IDL_LAST_IS, PARAMETER | FIELD, .argument = IDL_ARGUMENT_EXPRESSIONS,
	    .refers = true },
	{ "lcid", IDL_LCID, LIBRARY | PARAMETER, .argument = IDL_ARGUMENT_EXPRESSION,
	    .argument_optional = true },
	{ "length_is", IDL_LENGTH_IS, PARAMETER | FIELD, .argument = IDL_ARGUMENT_EXPRESSIONS,
	    .refers = true },
	{ "licensed", IDL_LICENSED, COCLASS, .argument = IDL_ARGUMENT_NONE },
	{ "local", IDL_LOCAL, INTERFACE | METHOD | FUNCTION | TYPE, .argument = IDL_ARGUMENT_NONE },
	{ "marshaling_behavior", IDL_WINRT, COCLASS, .argument = IDL_ARGUMENT_ANY,
	    .argument_optional = true, .foreign = IDL_OF_WINRT },
	{ "max_is", IDL_MAX_IS, PARAMETER | FIELD, .argument = IDL_ARGUMENT_EXPRESSIONS,
	    .refers = true },
	{ "maybe", IDL_RPC, METHOD, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_RPC },
	{ "message", IDL_RPC, METHOD, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_RPC },
	{ "min_is", IDL_MIN_IS, PARAMETER | FIELD, .argument = IDL_ARGUMENT_EXPRESSIONS,
	    .refers = true },
	{ "ms_union", IDL_MS_UNION, INTERFACE | TYPE, .argument = IDL_ARGUMENT_NONE },
	{ "nonbrowsable", IDL_NONBROWSABLE, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "noncreatable", IDL_NONCREATABLE, COCLASS, .argument = IDL_ARGUMENT_NONE },
	{ "nonextensible", IDL_NONEXTENSIBLE, INTERFACE, .argument = IDL_ARGUMENT_NONE },
	{ "object", IDL_OBJECT, INTERFACE, .argument = IDL_ARGUMENT_NONE },
	{ "odl", IDL_ODL, INTERFACE, .argument = IDL_ARGUMENT_NONE },
	{ "oleautomation", IDL_OLEAUTOMATION, INTERFACE, .argument = IDL_ARGUMENT_NONE },
	{ "optional", IDL_OPTIONAL, PARAMETER, .argument = IDL_ARGUMENT_NONE },
	{ "out", IDL_OUT, PARAMETER, .argument = IDL_ARGUMENT_NONE },
	{ "overload", IDL_WINRT, METHOD, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_WINRT },
	{ "pipe", IDL_RPC, TYPE, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_RPC },
	{ "pointer_default", IDL_POINTER_DEFAULT, INTERFACE, .argument = IDL_ARGUMENT_WORD,
	    .words = "unique ref ptr" },
	{ "predeclid", IDL_PREDECLID, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "progid", IDL_PROGID, COCLASS, .argument = IDL_ARGUMENT_STRING },
	{ "propget", IDL_PROPGET, METHOD | FUNCTION, .argument = IDL_ARGUMENT_NONE },
	{ "propput", IDL_PROPPUT, METHOD | FUNCTION, .argument = IDL_ARGUMENT_NONE },
	{ "propputref", IDL_PROPPUTREF, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "proxy", IDL_PROXY, INTERFACE, .argument = IDL_ARGUMENT_NONE },
	{ "ptr", IDL_PTR, PARAMETER | FIELD | TYPE | METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "public", IDL_PUBLIC, TYPE | INTERFACE, .argument = IDL_ARGUMENT_NONE },
	{ "range", IDL_RANGE, PARAMETER | FIELD | TYPE, .argument = IDL_ARGUMENT_EXPRESSIONS },
	{ "readonly", IDL_READONLY, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "ref", IDL_REF, PARAMETER | FIELD | TYPE | METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "replaceable", IDL_REPLACEABLE, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "represent_as", IDL_REPRESENT_AS, TYPE, .argument = IDL_ARGUMENT_ANY },
	{ "requestedit", IDL_REQUESTEDIT, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "resident", IDL_RESIDENT, LIBRARY, .argument = IDL_ARGUMENT_NONE },
	{ "restricted", IDL_RESTRICTED,
	    INTERFACE | METHOD | COCLASS | MEMBER | LIBRARY | MODULE | TYPE,
	    .argument = IDL_ARGUMENT_NONE },
	{ "retval", IDL_RETVAL, PARAMETER, .argument = IDL_ARGUMENT_NONE },
	{ "size_is", IDL_SIZE_IS, PARAMETER | FIELD | TYPE, .argument = IDL_ARGUMENT_EXPRESSIONS,
	    .refers = true },
	{ "source", IDL_SOURCE, MEMBER | METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "static", IDL_WINRT, COCLASS, .argument = IDL_ARGUMENT_ANY, .argument_optional = true,
	    .foreign = IDL_OF_WINRT },
	{ "string", IDL_STRING, PARAMETER | FIELD | TYPE | METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "switch_is", IDL_SWITCH_IS, PARAMETER | FIELD, .argument = IDL_ARGUMENT_EXPRESSION,
	    .refers = true },
	{ "switch_type", IDL_SWITCH_TYPE, TYPE | FIELD | PARAMETER, .argument = IDL_ARGUMENT_TYPE },
	{ "threading", IDL_THREADING, COCLASS, .argument = IDL_ARGUMENT_WORD,
	    .words = "both free neutral apartment" },
	{ "transmit_as", IDL_TRANSMIT_AS, TYPE, .argument = IDL_ARGUMENT_ANY },
	{ "uidefault", IDL_UIDEFAULT, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "unique", IDL_UNIQUE, PARAMETER | FIELD | TYPE | METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "user_marshal", IDL_USER_MARSHAL, TYPE, .argument = IDL_ARGUMENT_ANY },
	{ "usesgetlasterror", IDL_USESGETLASTERROR, METHOD, .argument = IDL_ARGUMENT_NONE },
	{ "uuid", IDL_UUID, INTERFACE | COCLASS | LIBRARY | TYPE | MODULE,
	    .argument = IDL_ARGUMENT_UUID },
	{ "v1_enum", IDL_V1_ENUM, TYPE, .argument = IDL_ARGUMENT_NONE },
	{ "vararg", IDL_VARARG, METHOD | FUNCTION, .argument = IDL_ARGUMENT_NONE },
	{ "version", IDL_VERSION, INTERFACE | COCLASS | LIBRARY | MODULE | TYPE,
	    .argument = IDL_ARGUMENT_VERSION },
	{ "vi_progid", IDL_VI_PROGID, COCLASS, .argument = IDL_ARGUMENT_STRING },
	{ "wire_marshal", IDL_WIRE_MARSHAL, TYPE, .argument = IDL_ARGUMENT_ANY },
};

const struct idl_attribute_rule *
idl_attribute_rule_find(const char *name)
{
	static struct idl_name_table table = IDL_NAME_TABLE(rules);

	return idl_name_table_find(&table, name);
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
	case IDL_ON_MODULE:
		return "a module";
	case IDL_ON_FUNCTION:
		return "a function";
	}
	return "this";
}

const char *
idl_attribute_nearest(const char *name)
{
	const char *nearest = NULL;
	guint best = IDL_SUGGEST_STEPS + 1;

	for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
		guint steps =
		    rules[i].foreign == IDL_OF_COM ? idl_name_distance(name, rules[i].name) : best;

		if (steps < best && steps < strlen(name)) {
			best = steps;
			nearest = rules[i].name;
		}
	}
	return nearest;
}

char *
idl_attribute_names(enum idl_attribute_place place)
{
	GString *names = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
		if ((rules[i].places & place) == 0 || rules[i].foreign != IDL_OF_COM)
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
