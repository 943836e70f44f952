/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The types and constants an IDL file may use without declaring them: the keywords of the
 * language, and what the hand-written wtypes.h declares for every generated header.
 */
#ifndef TESSERA_IDL_BUILTIN_H
#define TESSERA_IDL_BUILTIN_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

enum idl_shape_kind {
	IDL_SHAPE_VOID,
	IDL_SHAPE_INTEGER,
	IDL_SHAPE_FLOAT,
	IDL_SHAPE_RECORD,
	IDL_SHAPE_ENUM,
	IDL_SHAPE_HANDLE, /* pointer-sized value that nobody follows: HGLOBAL, HWND */
	IDL_SHAPE_BSTR,
	IDL_SHAPE_INTERFACE,
	IDL_SHAPE_REFERENCE, /* REFIID and its like: a pointer in C, a reference in C++ */
};

struct idl_builtin {
	const char *name;
	const char *c_name; /* NULL: the same */
	enum idl_shape_kind shape;
	uint8_t bits; /* of an integer */
	bool is_signed;
	uint8_t pointers;   /* stars inside the name: LPVOID has one */
	bool is_automation; /* may cross a dual or oleautomation interface by value */
	bool is_const;      /* what it points to is const: LPCOLESTR */
	bool is_text;       /* pointer to characters of 8 or 16 bits */
};

/* A single word that is a type of its own: LONG, HRESULT, boolean, hyper. NULL if none. */
const struct idl_builtin *idl_builtin_type(const char *name);

/* The type whose struct has that tag: GUID for _GUID. NULL if none. */
const struct idl_builtin *idl_builtin_tag(const char *tag);

/* Words of the language that can follow signed or unsigned, or stand alone. */
const struct idl_builtin *idl_builtin_keyword(const char *name, bool is_unsigned, bool is_signed);

/* NULL, TRUE, DISPID_VALUE and their like. */
bool idl_builtin_constant(const char *name, int64_t *ret_value);

/* Words that C++ alone will not take. */
bool idl_is_cpp_word(const char *name);

/* Words that C or C++ will not take as the name of anything. */
bool idl_is_reserved(const char *name);

/* The predefined type fewer than *steps letters away that is nearest; *steps becomes how many. */
const char *idl_builtin_nearest(const char *name, guint *steps);

#endif
