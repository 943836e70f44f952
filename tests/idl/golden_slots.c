/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the golden headers mean to a C compiler. Slots, sizes and values are written down by hand
 * from the IDL files; comidl has no part in them. golden_calls.cc then comes through the C++ form
 * of IGreeter into the table made here.
 */
#define COBJMACROS
#include "golden_slots.h"
#include "golden_forms.h"

#include <stdio.h>
#include <string.h>

#include <large.h>

#define SLOT(interface, method, slot)                                                \
	_Static_assert(offsetof(interface##Vtbl, method) == (slot) * sizeof(void *), \
	    #interface "::" #method " is slot " #slot)
#define SLOTS(interface, count)                                             \
	_Static_assert(sizeof(interface##Vtbl) == (count) * sizeof(void *), \
	    #interface " has " #count " slots")

SLOT(IGreeter, QueryInterface, 0);
SLOT(IGreeter, AddRef, 1);
SLOT(IGreeter, Release, 2);
SLOT(IGreeter, Greet, 3);
SLOT(IGreeter, get_Count, 4);
SLOT(IGreeter, Reset, 5);
SLOTS(IGreeter, 6);

SLOT(IShape, Corner, 3);
SLOT(IShape, get_Area, 4);
SLOTS(IShape, 5);

SLOT(IEverything, QueryInterface, 0);
SLOT(IEverything, AddRef, 1);
SLOT(IEverything, Release, 2);
SLOT(IEverything, Corner, 3);
SLOT(IEverything, get_Area, 4);
SLOT(IEverything, Nothing, 5);
SLOT(IEverything, NothingEither, 6);
SLOT(IEverything, Arrays, 7);
SLOT(IEverything, Objects, 8);
SLOT(IEverything, Matrix, 9);
SLOT(IEverything, Status, 10);
SLOT(IEverything, Texts, 11);
SLOT(IEverything, Local, 12);
SLOT(IEverything, Quiet, 13);
SLOT(IEverything, get_Colour, 14);
SLOT(IEverything, put_Colour, 15);
SLOT(IEverything, putref_Colour, 16);
SLOT(IEverything, Names, 17);
SLOT(IEverything, AVeryLongNameOfAMethodThatIsDeclared, 18);
SLOTS(IEverything, 19);

SLOT(IScripted, GetTypeInfoCount, 3);
SLOT(IScripted, GetTypeInfo, 4);
SLOT(IScripted, GetIDsOfNames, 5);
SLOT(IScripted, Invoke, 6);
SLOT(IScripted, get_Value, 7);
SLOT(IScripted, put_Value, 8);
SLOT(IScripted, Enumerate, 9);
SLOT(IScripted, Defaults, 10);
SLOT(IScripted, Unwritable, 11);
SLOTS(IScripted, 12);

SLOT(IInLibrary, Nothing, 3);
SLOTS(IInLibrary, 4);

/* One word: the table. */
_Static_assert(sizeof(IEverything) == sizeof(void *), "an object is a pointer to its table");

_Static_assert(LARGE_DECIMAL == 10, "decimal");
_Static_assert(LARGE_HEX == 0xFFFFFFFFu, "hexadecimal");
_Static_assert(LARGE_FAILURE < 0 && LARGE_FAILURE == -2147220991, "a failure is negative");
_Static_assert(LARGE_ALL == 0xFFFFFFFFu, "-1 as DWORD");
_Static_assert(LARGE_HYPER == INT64_MAX, "hyper");
_Static_assert(LARGE_SUM == 33, "12 * 3 - 3");
_Static_assert(LARGE_BITS == 0xF3, "0x10 | (0xE0 ^ 0x3)");
_Static_assert(LARGE_SHIFTED == 0x3C, "shifted");
_Static_assert(LARGE_CHOICE == 1, "conditional");
_Static_assert(LARGE_ORDER == 4, "comparisons");
_Static_assert(LARGE_CAST == 0xFFFFFFFFu, "cast");
_Static_assert(LARGE_SIZE == sizeof(void *), "sizeof");
_Static_assert(LARGE_LETTER == 0x61 && LARGE_NEWLINE == 10, "characters");
_Static_assert(LARGE_INSIDE == 3 && EVERYTHING_INNER == 7, "constants inside interfaces");
_Static_assert(sizeof(LARGE_TEXT) == 7, "narrow text");
_Static_assert(sizeof(LARGE_WIDE) == 14 * 2, "wide text: UTF-16 units");

_Static_assert(INNER_A == -1 && INNER_B == 0 && INNER_C == 5, "enum values");
_Static_assert(LARGE_RED == 0 && LARGE_GREEN == 0x10 && LARGE_BLUE == 0x11, "enum values");
_Static_assert(MANNER_ONCE == 1 && MANNER_TWICE == 2, "enum values");

_Static_assert(sizeof(LARGE_BOOLEAN) == 1 && sizeof(LARGE_UNSIGNED) == 4, "IDL long has 32 bits");
_Static_assert(sizeof(*(LARGE_STRING)0) == 2, "IDL wchar_t has 16 bits");
_Static_assert(sizeof(LARGE_BLOCK) == 10, "array alias");
_Static_assert(offsetof(EVERYTHING, b) == 1 && offsetof(EVERYTHING, c) == 2, "small has 8 bits");
_Static_assert(sizeof(((EVERYTHING *)0)->i) == 8 && sizeof(((EVERYTHING *)0)->j) == 8, "hyper");
_Static_assert(sizeof(((EVERYTHING *)0)->m) == 80, "10 * 4 * 2 bytes");
_Static_assert(sizeof(((EVERYTHING *)0)->names) == sizeof(void *), "SAFEARRAY is a pointer");
_Static_assert(sizeof(((EVERYTHING *)0)->more) == sizeof(void *), "SAFEARRAY * is one too");
_Static_assert(sizeof(((EVERYTHING *)0)->open) == 1, "an open array has one element");

/* Which slot the last call arrived in, and with what. */
static int arrived;
static MANNER arrived_manner;

static HRESULT STDMETHODCALLTYPE
greeter_query_interface(IGreeter *This, REFIID riid, void **ppvObject)
{
	arrived = 0;
	*ppvObject = IsEqualIID(riid, &IID_IGreeter) ? This : NULL;
	return *ppvObject != NULL ? 0 : (HRESULT)0x80004002;
}

static ULONG STDMETHODCALLTYPE
greeter_add_ref(IGreeter *This)
{
	(void)This;
	arrived = 1;
	return 2;
}

static ULONG STDMETHODCALLTYPE
greeter_release(IGreeter *This)
{
	(void)This;
	arrived = 2;
	return 1;
}

static HRESULT STDMETHODCALLTYPE
greeter_greet(IGreeter *This, BSTR name, MANNER manner, BSTR *text)
{
	(void)This;
	arrived = 3;
	arrived_manner = manner;
	*text = name;
	return 0;
}

static HRESULT STDMETHODCALLTYPE
greeter_get_count(IGreeter *This, ULONG *count)
{
	(void)This;
	arrived = 4;
	*count = 77;
	return 0;
}

static HRESULT STDMETHODCALLTYPE
greeter_reset(IGreeter *This, MANNER manner)
{
	(void)This;
	arrived = 5;
	arrived_manner = manner;
	return 0;
}

static const IGreeterVtbl greeter_table = {
	greeter_query_interface,
	greeter_add_ref,
	greeter_release,
	greeter_greet,
	greeter_get_count,
	greeter_reset,
};

static int number;
static int failures;

static void
report(const char *name, int ok)
{
	printf("%sok %d - %s\n", ok ? "" : "not ", ++number, name);
	failures += !ok;
}

static void
from_c(IGreeter *greeter)
{
	char16_t name[] = u"you";
	BSTR text = NULL;
	ULONG count = 0;
	void *object = NULL;

	IGreeter_Greet(greeter, name, MANNER_TWICE, &text);
	report("a macro calls its method", arrived == 3 && text == name);
	IGreeter_get_Count(greeter, &count);
	report("a property's macro calls its method", arrived == 4 && count == 77);
	report("an inherited macro calls its method",
	    IGreeter_QueryInterface(greeter, &IID_IGreeter, &object) == 0 && object == greeter);
}

int
main(void)
{
	static const uint8_t clsid[] = { 0x3A, 0x3C, 0x0B, 0x6C, 0x6B, 0x0E, 0x5F, 0x4C, 0x9A, 0x6E,
		0x2B, 0x0A, 0x4F, 0x1D, 0x7E, 0x03 };
	IGreeter greeter = { &greeter_table };

	from_c(&greeter);
	report("C++ calls land in the slots of C", golden_calls(&greeter, &arrived) == 0);
	report("C++ fills in the default of the IDL",
	    golden_default_call(&greeter) == 0 && arrived == 5 && arrived_manner == MANNER_TWICE);
	report("identifiers have their published bytes",
	    memcmp(&CLSID_Greeter, clsid, sizeof(clsid)) == 0);
	golden_forms(report);
	report("a category quoted in the IDL is defined", CATID_Large.Data1 == 0x3F1F8A10);
	return failures != 0;
}
