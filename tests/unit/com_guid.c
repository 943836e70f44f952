/* SPDX-License-Identifier: BSD-2-Clause */
/* Identifiers as text, and the names of result codes. */
#include <glib.h>
#include <objbase.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tessera_com.h>

#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

static const GUID sample = { 0x0123ABCD, 0x4567, 0x89EF,
	{ 0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF } };
#define SAMPLE_TEXT "{0123ABCD-4567-89EF-0123-456789ABCDEF}"

static OLECHAR *
wide(const char *text)
{
	static OLECHAR buffers[2][128];
	static unsigned next;
	OLECHAR *buffer = buffers[next++ % 2];
	size_t i = 0;

	do
		buffer[i] = (OLECHAR)(unsigned char)text[i];
	while (text[i++] != '\0' && i < 127);
	buffer[127] = 0;
	return buffer;
}

static void
equals(const OLECHAR *actual, const char *expected)
{
	g_autofree char *utf8 = g_utf16_to_utf8(actual, -1, NULL, NULL, NULL);

	SUITE_EQUAL_STRING(utf8, expected);
}

static void
to_text(void)
{
	OLECHAR buffer[50];
	OLECHAR *allocated = NULL;

	memset(buffer, 0xFF, sizeof buffer);
	SUITE_EQUAL_INT(StringFromGUID2(&sample, buffer, 50), 39);
	equals(buffer, SAMPLE_TEXT);
	SUITE_EQUAL_INT(buffer[39], 0xFFFF);
	SUITE_EQUAL_INT(StringFromGUID2(&sample, buffer, 39), 39);
	buffer[0] = 'x';
	SUITE_EQUAL_INT(StringFromGUID2(&sample, buffer, 38), 0);
	SUITE_EQUAL_INT(StringFromGUID2(&sample, buffer, 0), 0);
	SUITE_EQUAL_INT(StringFromGUID2(&sample, buffer, -1), 0);
	SUITE_EQUAL_INT(buffer[0], 'x');
	EXPECT_HRESULT(StringFromCLSID(&sample, &allocated), S_OK);
	equals(allocated, SAMPLE_TEXT);
	CoTaskMemFree(allocated);
	EXPECT_HRESULT(StringFromIID(&IID_IUnknown, &allocated), S_OK);
	equals(allocated, "{00000000-0000-0000-C000-000000000046}");
	CoTaskMemFree(allocated);
	EXPECT_HRESULT(StringFromCLSID(&sample, NULL), E_POINTER);
}

static void
from_text(void)
{
	static const struct {
		const char *text;
		HRESULT clsid, iid;
	} rows[] = {
		{ SAMPLE_TEXT, S_OK, S_OK },
		{ "{0123abcd-4567-89ef-0123-456789abcdef}", S_OK, S_OK },
		{ "{0123ABCD-4567-89EF-0123-456789ABCDEF", CO_E_CLASSSTRING, E_INVALIDARG },
		{ "{0123ABCD-4567-89EF-0123-456789ABCDEF}}", CO_E_CLASSSTRING, E_INVALIDARG },
		{ "{0123ABCD-4567-89EF-0123-456789ABCDEG}", CO_E_CLASSSTRING, CO_E_IIDSTRING },
		{ "{0123ABCD-4567-89EF-0123-456789ABCDE }", CO_E_CLASSSTRING, CO_E_IIDSTRING },
		{ "{0123ABCD_4567-89EF-0123-456789ABCDEF}", CO_E_CLASSSTRING, CO_E_IIDSTRING },
		{ "{0123ABCD-456789EF--0123-456789ABCDEF}", CO_E_CLASSSTRING, CO_E_IIDSTRING },
		{ "{0123ABCD-4567-89EF-0123-456789ABCDEF)", CO_E_CLASSSTRING, CO_E_IIDSTRING },
		{ "{+123ABCD-4567-89EF-0123-456789ABCDEF}", CO_E_CLASSSTRING, CO_E_IIDSTRING },
		{ "0123ABCD-4567-89EF-0123-456789ABCDEF", CO_E_CLASSSTRING, E_INVALIDARG },
		{ "{\xC1"
		  "123ABCD-4567-89EF-0123-456789ABCDEF}",
		    CO_E_CLASSSTRING, CO_E_IIDSTRING },
		{ "{}", CO_E_CLASSSTRING, E_INVALIDARG },
		{ "", CO_E_CLASSSTRING, E_INVALIDARG },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const GUID *expected = rows[i].clsid == S_OK ? &sample : &GUID_NULL;
		GUID guid;

		memset(&guid, 0xAA, sizeof guid);
		EXPECT_HRESULT(CLSIDFromString(wide(rows[i].text), &guid), rows[i].clsid);
		CU_ASSERT(IsEqualGUID(&guid, expected));
		memset(&guid, 0xAA, sizeof guid);
		EXPECT_HRESULT(IIDFromString(wide(rows[i].text), &guid), rows[i].iid);
		CU_ASSERT(IsEqualGUID(&guid, expected));
	}
}

static void
from_nothing(void)
{
	GUID guid = sample;

	EXPECT_HRESULT(CLSIDFromString(NULL, &guid), S_OK);
	CU_ASSERT(IsEqualGUID(&guid, &CLSID_NULL));
	guid = sample;
	EXPECT_HRESULT(IIDFromString(NULL, &guid), S_OK);
	CU_ASSERT(IsEqualGUID(&guid, &IID_NULL));
	EXPECT_HRESULT(CLSIDFromString(wide(SAMPLE_TEXT), NULL), E_POINTER);
	EXPECT_HRESULT(IIDFromString(wide(SAMPLE_TEXT), NULL), E_POINTER);
	EXPECT_HRESULT(CLSIDFromProgID(NULL, &guid), E_INVALIDARG);
	EXPECT_HRESULT(CLSIDFromProgIDEx(NULL, &guid), E_INVALIDARG);
}

/* The high half of a unit must not be dropped: U+0130 is not '0'. */
static void
not_ascii(void)
{
	OLECHAR text[39];
	GUID guid;

	StringFromGUID2(&sample, text, 39);
	text[1] = 0x0130;
	EXPECT_HRESULT(IIDFromString(text, &guid), CO_E_IIDSTRING);
}

static void
names(void)
{
	SUITE_EQUAL_STRING(tessera_hresult_name(S_OK), "S_OK");
	SUITE_EQUAL_STRING(tessera_hresult_name(E_NOINTERFACE), "E_NOINTERFACE");
	SUITE_EQUAL_STRING(tessera_hresult_name((HRESULT)0x80100009), "SCARD_E_UNKNOWN_READER");
	SUITE_EQUAL_STRING(tessera_hresult_name((HRESULT)0x800706BA),
	    "HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE)");
	SUITE_EQUAL_STRING(tessera_hresult_name((HRESULT)0x80041234), "HRESULT 0x80041234");
	SUITE_EQUAL_STRING(tessera_hresult_name(0x7FFFFFFF), "HRESULT 0x7FFFFFFF");
}

/* Every code that a header defines has a name, and the name stands for that code in the header. */
static unsigned
check_header(const char *file, GHashTable *values)
{
	const char *source = getenv("TESSERA_SRC");
	g_autofree char *path = g_build_filename(source != NULL ? source : ".", file, NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	unsigned count = 0;

	CU_ASSERT_FATAL(g_file_get_contents(path, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", 0);
	for (size_t i = 0; lines[i] != NULL; i++) {
		char name[64], type[8];
		unsigned value;

		if (sscanf(lines[i], "#define %63s ((%7[A-Z])0x%x)", name, type, &value) != 3)
			continue;
		g_hash_table_insert(values, g_strdup(name), GUINT_TO_POINTER(value));
		count++;
	}
	return count;
}

static void
names_of_all_codes(void)
{
	g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter iterator;
	void *name, *value;

	CU_ASSERT(check_header("interfaces/com/winerror.h", values) > 150);
	CU_ASSERT(check_header("interfaces/scard/scarderr.h", values) > 60);
	g_hash_table_iter_init(&iterator, values);
	while (g_hash_table_iter_next(&iterator, &name, &value)) {
		const char *shown = tessera_hresult_name((HRESULT)GPOINTER_TO_UINT(value));
		void *back;

		/* Two names may share a value. */
		if (!g_hash_table_lookup_extended(values, shown, NULL, &back))
			SUITE_EQUAL_STRING(shown, name);
		else
			SUITE_EQUAL_HEX(GPOINTER_TO_UINT(back), GPOINTER_TO_UINT(value));
	}
}

/* Version 4, variant 10, everything else different each time. */
static void
fresh(void)
{
	GUID guids[64], seen_one = { 0 }, seen_zero = { 0 };
	const uint8_t *bytes;

	EXPECT_HRESULT(CoCreateGuid(NULL), E_INVALIDARG);
	for (size_t i = 0; i < G_N_ELEMENTS(guids); i++) {
		EXPECT_HRESULT(CoCreateGuid(&guids[i]), S_OK);
		SUITE_EQUAL_HEX(guids[i].Data3 >> 12, 4);
		SUITE_EQUAL_HEX(guids[i].Data4[0] >> 6, 2);
		for (size_t j = 0; j < i; j++)
			CU_ASSERT_FALSE(IsEqualGUID(&guids[i], &guids[j]));
		bytes = (const uint8_t *)&guids[i];
		for (size_t b = 0; b < sizeof(GUID); b++) {
			((uint8_t *)&seen_one)[b] |= bytes[b];
			((uint8_t *)&seen_zero)[b] |= (uint8_t)~bytes[b];
		}
	}
	/* 122 bits were seen both ways. */
	SUITE_EQUAL_BYTES(&seen_one, sizeof seen_one, "FFFFFFFF FFFF FF4F BFFFFFFFFFFFFFFF");
	SUITE_EQUAL_BYTES(&seen_zero, sizeof seen_zero, "FFFFFFFF FFFF FFBF 7FFFFFFFFFFFFFFF");
}

static const struct suite_test tests[] = {
	{ "to text", to_text },
	{ "new ones", fresh },
	{ "from text, good and bad", from_text },
	{ "from NULL, to NULL", from_nothing },
	{ "digits beyond ASCII", not_ascii },
	{ "names of result codes", names },
	{ "every code of the headers has its name", names_of_all_codes },
};

int
main(void)
{
	return suite_run("guid", tests, sizeof tests / sizeof tests[0]);
}
