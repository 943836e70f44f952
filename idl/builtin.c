/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/builtin.h"

#include <string.h>

#include "idl/name_table.h"
#include "idl/suggest.h"

#define INTEGER(type, width, sign)                                                             \
	{                                                                                      \
		.name = type, .shape = IDL_SHAPE_INTEGER, .bits = (width), .is_signed = (sign) \
	}
#define AUTOMATION(type, width, sign)                                                           \
	{                                                                                       \
		.name = type, .shape = IDL_SHAPE_INTEGER, .bits = (width), .is_signed = (sign), \
		.is_automation = true                                                           \
	}
#define HANDLE(type)                                    \
	{                                               \
		.name = type, .shape = IDL_SHAPE_HANDLE \
	}
#define RECORD(type)                                    \
	{                                               \
		.name = type, .shape = IDL_SHAPE_RECORD \
	}
#define POINTER(type, to, constant)                                                \
	{                                                                          \
		.name = type, .shape = (to), .pointers = 1, .is_const = (constant) \
	}
#define INTEGER_POINTER(type, width, sign, constant)                                            \
	{                                                                                       \
		.name = type, .shape = IDL_SHAPE_INTEGER, .bits = (width), .is_signed = (sign), \
		.pointers = 1, .is_const = (constant)                                           \
	}
#define TEXT(type, width, constant)                                                               \
	{                                                                                         \
		.name = type, .shape = IDL_SHAPE_INTEGER, .bits = (width),                        \
		.is_signed = (width) == 8, .pointers = 1, .is_const = (constant), .is_text = true \
	}
#define REFERENCE(type)                                                      \
	{                                                                    \
		.name = type, .shape = IDL_SHAPE_REFERENCE, .is_const = true \
	}

static const struct idl_builtin types[] = {
	AUTOMATION("BYTE", 8, false),
	AUTOMATION("UCHAR", 8, false),
	AUTOMATION("CHAR", 8, true),
	AUTOMATION("INT8", 8, true),
	AUTOMATION("UINT8", 8, false),
	AUTOMATION("WORD", 16, false),
	AUTOMATION("USHORT", 16, false),
	AUTOMATION("SHORT", 16, true),
	AUTOMATION("INT16", 16, true),
	AUTOMATION("UINT16", 16, false),
	AUTOMATION("VARTYPE", 16, false),
	AUTOMATION("VARIANT_BOOL", 16, true),
	AUTOMATION("WCHAR", 16, false),
	AUTOMATION("OLECHAR", 16, false),
	AUTOMATION("char16_t", 16, false),
	AUTOMATION("LONG", 32, true),
	AUTOMATION("ULONG", 32, false),
	AUTOMATION("DWORD", 32, false),
	AUTOMATION("INT", 32, true),
	AUTOMATION("UINT", 32, false),
	AUTOMATION("INT32", 32, true),
	AUTOMATION("UINT32", 32, false),
	AUTOMATION("BOOL", 32, true),
	AUTOMATION("HRESULT", 32, true),
	AUTOMATION("SCODE", 32, true),
	AUTOMATION("LCID", 32, false),
	AUTOMATION("DISPID", 32, true),
	AUTOMATION("MEMBERID", 32, true),
	AUTOMATION("HREFTYPE", 32, false),
	AUTOMATION("LONGLONG", 64, true),
	AUTOMATION("ULONGLONG", 64, false),
	AUTOMATION("INT64", 64, true),
	AUTOMATION("UINT64", 64, false),
	AUTOMATION("DWORDLONG", 64, false),
	AUTOMATION("SIZE_T", 64, false),
	AUTOMATION("ULONG_PTR", 64, false),
	AUTOMATION("DWORD_PTR", 64, false),
	AUTOMATION("UINT_PTR", 64, false),
	AUTOMATION("LONG_PTR", 64, true),
	AUTOMATION("INT_PTR", 64, true),
	INTEGER("int8_t", 8, true),
	INTEGER("uint8_t", 8, false),
	INTEGER("int16_t", 16, true),
	INTEGER("uint16_t", 16, false),
	INTEGER("int32_t", 32, true),
	INTEGER("uint32_t", 32, false),
	INTEGER("int64_t", 64, true),
	INTEGER("uint64_t", 64, false),
	INTEGER("size_t", 64, false),
	{ .name = "FLOAT", .shape = IDL_SHAPE_FLOAT, .is_automation = true },
	{ .name = "DOUBLE", .shape = IDL_SHAPE_FLOAT, .is_automation = true },
	{ .name = "DATE", .shape = IDL_SHAPE_FLOAT, .is_automation = true },
	{ .name = "VOID", .shape = IDL_SHAPE_VOID },
	{ .name = "BSTR", .shape = IDL_SHAPE_BSTR, .is_automation = true },
	{ .name = "VARIANT", .shape = IDL_SHAPE_RECORD, .is_automation = true },
	{ .name = "VARIANTARG", .shape = IDL_SHAPE_RECORD, .is_automation = true },
	{ .name = "CURRENCY", .shape = IDL_SHAPE_RECORD, .is_automation = true },
	{ .name = "CY", .shape = IDL_SHAPE_RECORD, .is_automation = true },
	{ .name = "DECIMAL", .shape = IDL_SHAPE_RECORD, .is_automation = true },
	{ .name = "SAFEARRAY", .shape = IDL_SHAPE_RECORD, .is_automation = true },
	{ .name = "LPSAFEARRAY", .shape = IDL_SHAPE_RECORD, .pointers = 1, .is_automation = true },
	{ .name = "LPVARIANT", .shape = IDL_SHAPE_RECORD, .pointers = 1, .is_automation = true },
	RECORD("SAFEARRAYBOUND"),
	RECORD("GUID"),
	RECORD("UUID"),
	RECORD("IID"),
	RECORD("CLSID"),
	RECORD("CATID"),
	RECORD("FMTID"),
	RECORD("LARGE_INTEGER"),
	RECORD("ULARGE_INTEGER"),
	RECORD("FILETIME"),
	REFERENCE("REFGUID"),
	REFERENCE("REFIID"),
	REFERENCE("REFCLSID"),
	REFERENCE("REFFMTID"),
	REFERENCE("REFCATID"),
	POINTER("LPVOID", IDL_SHAPE_VOID, false),
	POINTER("PVOID", IDL_SHAPE_VOID, false),
	POINTER("LPCVOID", IDL_SHAPE_VOID, true),
	POINTER("LPGUID", IDL_SHAPE_RECORD, false),
	POINTER("LPCGUID", IDL_SHAPE_RECORD, true),
	POINTER("LPIID", IDL_SHAPE_RECORD, false),
	POINTER("LPCLSID", IDL_SHAPE_RECORD, false),
	INTEGER_POINTER("LPBYTE", 8, false, false),
	INTEGER_POINTER("PBYTE", 8, false, false),
	INTEGER_POINTER("LPCBYTE", 8, false, true),
	INTEGER_POINTER("LPBOOL", 32, true, false),
	INTEGER_POINTER("LPWORD", 16, false, false),
	INTEGER_POINTER("LPLONG", 32, true, false),
	INTEGER_POINTER("LPDWORD", 32, false, false),
	INTEGER_POINTER("PDWORD", 32, false, false),
	TEXT("LPSTR", 8, false),
	TEXT("LPCSTR", 8, true),
	TEXT("LPWSTR", 16, false),
	TEXT("LPCWSTR", 16, true),
	TEXT("LPOLESTR", 16, false),
	TEXT("LPCOLESTR", 16, true),
	HANDLE("HANDLE"),
	HANDLE("HGLOBAL"),
	HANDLE("HWND"),
	HANDLE("HICON"),
};

static const struct {
	struct idl_builtin type;
	bool takes_sign;  /* signed and unsigned may stand before it */
	bool is_unsigned; /* this row is the unsigned one */
} keywords[] = {
	{ { "void", NULL, IDL_SHAPE_VOID, .bits = 0 }, false, false },
	{ { "boolean", "unsigned char", IDL_SHAPE_INTEGER, 8, .is_automation = true }, false,
	    false },
	{ { "byte", "BYTE", IDL_SHAPE_INTEGER, 8, .is_automation = true }, false, false },
	{ { "wchar_t", "WCHAR", IDL_SHAPE_INTEGER, 16, .is_automation = true }, false, false },
	{ { "float", NULL, IDL_SHAPE_FLOAT, .is_automation = true }, false, false },
	{ { "double", NULL, IDL_SHAPE_FLOAT, .is_automation = true }, false, false },
	{ { "char", NULL, IDL_SHAPE_INTEGER, 8, true, .is_automation = true }, true, false },
	{ { "unsigned char", NULL, IDL_SHAPE_INTEGER, 8, .is_automation = true }, true, true },
	{ { "small", "signed char", IDL_SHAPE_INTEGER, 8, true, .is_automation = true }, true,
	    false },
	{ { "unsigned small", "unsigned char", IDL_SHAPE_INTEGER, 8, .is_automation = true }, true,
	    true },
	{ { "short", NULL, IDL_SHAPE_INTEGER, 16, true, .is_automation = true }, true, false },
	{ { "unsigned short", NULL, IDL_SHAPE_INTEGER, 16, .is_automation = true }, true, true },
	{ { "int", NULL, IDL_SHAPE_INTEGER, 32, true, .is_automation = true }, true, false },
	{ { "unsigned int", NULL, IDL_SHAPE_INTEGER, 32, .is_automation = true }, true, true },
	{ { "long", "LONG", IDL_SHAPE_INTEGER, 32, true, .is_automation = true }, true, false },
	{ { "unsigned long", "ULONG", IDL_SHAPE_INTEGER, 32, .is_automation = true }, true, true },
	{ { "hyper", "LONGLONG", IDL_SHAPE_INTEGER, 64, true, .is_automation = true }, true,
	    false },
	{ { "unsigned hyper", "ULONGLONG", IDL_SHAPE_INTEGER, 64, .is_automation = true }, true,
	    true },
	{ { "int64", "LONGLONG", IDL_SHAPE_INTEGER, 64, true, .is_automation = true }, true,
	    false },
	{ { "unsigned int64", "ULONGLONG", IDL_SHAPE_INTEGER, 64, .is_automation = true }, true,
	    true },
	{ { "__int64", "LONGLONG", IDL_SHAPE_INTEGER, 64, true, .is_automation = true }, true,
	    false },
	{ { "unsigned __int64", "ULONGLONG", IDL_SHAPE_INTEGER, 64, .is_automation = true }, true,
	    true },
	{ { "__int8", "signed char", IDL_SHAPE_INTEGER, 8, true, .is_automation = true }, true,
	    false },
	{ { "unsigned __int8", "unsigned char", IDL_SHAPE_INTEGER, 8, .is_automation = true }, true,
	    true },
	{ { "__int16", "short", IDL_SHAPE_INTEGER, 16, true, .is_automation = true }, true, false },
	{ { "unsigned __int16", "unsigned short", IDL_SHAPE_INTEGER, 16, .is_automation = true },
	    true, true },
	{ { "__int32", "LONG", IDL_SHAPE_INTEGER, 32, true, .is_automation = true }, true, false },
	{ { "unsigned __int32", "ULONG", IDL_SHAPE_INTEGER, 32, .is_automation = true }, true,
	    true },
	{ { "__int3264", "LONG_PTR", IDL_SHAPE_INTEGER, 64, true, .is_automation = true }, true,
	    false },
	{ { "unsigned __int3264", "ULONG_PTR", IDL_SHAPE_INTEGER, 64, .is_automation = true }, true,
	    true },
};

static const struct {
	const char *name;
	int64_t value;
} constants[] = {
	{ "NULL", 0 },
	{ "TRUE", 1 },
	{ "FALSE", 0 },
	{ "VARIANT_TRUE", -1 },
	{ "VARIANT_FALSE", 0 },
	{ "DISPID_VALUE", 0 },
	{ "DISPID_UNKNOWN", -1 },
	{ "DISPID_PROPERTYPUT", -3 },
	{ "DISPID_NEWENUM", -4 },
	{ "DISPID_EVALUATE", -5 },
	{ "DISPID_CONSTRUCTOR", -6 },
	{ "DISPID_DESTRUCTOR", -7 },
	{ "DISPID_COLLECT", -8 },
};

/* Those of C11 and C++17 together, and those of the language itself that start a type. */
static const char *const reserved[] = { "alignas", "alignof", "and", "and_eq", "asm", "auto",
	"bitand", "bitor", "bool", "break", "case", "catch", "char", "char16_t", "char32_t",
	"class", "compl", "const", "const_cast", "constexpr", "continue", "decltype", "default",
	"delete", "do", "double", "dynamic_cast", "else", "enum", "explicit", "export", "extern",
	"false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable",
	"namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq",
	"private", "protected", "public", "register", "reinterpret_cast", "restrict", "return",
	"short", "signed", "sizeof", "static", "static_assert", "static_cast", "struct", "switch",
	"template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid", "typename",
	"union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while", "xor",
	"xor_eq", "interface", "coclass", "library", "import", "importlib", "cpp_quote", "hyper",
	"small", "boolean" };

const struct idl_builtin *
idl_builtin_type(const char *name)
{
	static struct idl_name_table table = IDL_NAME_TABLE(types);

	return idl_name_table_find(&table, name);
}

const struct idl_builtin *
idl_builtin_tag(const char *tag)
{
	static const char *const tags[][2] = {
		{ "_GUID", "GUID" },
		{ "tagVARIANT", "VARIANT" },
		{ "tagSAFEARRAY", "SAFEARRAY" },
		{ "tagDEC", "DECIMAL" },
		{ "_FILETIME", "FILETIME" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(tags); i++) {
		if (strcmp(tags[i][0], tag) == 0)
			return idl_builtin_type(tags[i][1]);
	}
	return NULL;
}

const struct idl_builtin *
idl_builtin_keyword(const char *name, bool is_unsigned, bool is_signed)
{
	static const struct idl_builtin signed_char = { "signed char", NULL, IDL_SHAPE_INTEGER, 8,
		true, .is_automation = true };

	if (is_signed && strcmp(name, "char") == 0)
		return &signed_char;
	for (guint i = 0; i < G_N_ELEMENTS(keywords); i++) {
		const char *row = keywords[i].type.name;

		if (keywords[i].is_unsigned)
			row += strlen("unsigned ");
		if (strcmp(row, name) == 0 && keywords[i].is_unsigned == is_unsigned &&
		    (keywords[i].takes_sign || !is_signed))
			return &keywords[i].type;
	}
	return NULL;
}

bool
idl_builtin_constant(const char *name, int64_t *ret_value)
{
	for (guint i = 0; i < G_N_ELEMENTS(constants); i++) {
		if (strcmp(constants[i].name, name) == 0) {
			*ret_value = constants[i].value;
			return true;
		}
	}
	return false;
}

bool
idl_is_cpp_word(const char *name)
{
	static const char *const words[] = { "and", "bitand", "bitor", "catch", "class", "compl",
		"constexpr", "decltype", "delete", "explicit", "export", "friend", "mutable",
		"namespace", "new", "noexcept", "not", "operator", "or", "private", "protected",
		"public", "template", "this", "throw", "try", "typeid", "typename", "using",
		"virtual", "xor" };

	static struct idl_name_table table = IDL_NAME_TABLE(words);

	return idl_name_table_find(&table, name) != NULL;
}

bool
idl_is_reserved(const char *name)
{
	static struct idl_name_table table = IDL_NAME_TABLE(reserved);

	return idl_name_table_find(&table, name) != NULL;
}

const char *
idl_builtin_nearest(const char *name, guint *steps)
{
	const char *nearest = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
		guint distance = idl_name_distance(name, types[i].name);

		if (distance < *steps) {
			*steps = distance;
			nearest = types[i].name;
		}
	}
	return nearest;
}
