/* SPDX-License-Identifier: BSD-2-Clause */
/* Changing the type of a VARIANT: every way, every edge, text in both directions. */
#include <float.h>
#include <math.h>
#include <oleauto.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

static VARIANT
string(const char *text)
{
	g_autofree gunichar2 *wide = g_utf8_to_utf16(text, -1, NULL, NULL, NULL);
	VARIANT v;

	VariantInit(&v);
	V_VT(&v) = VT_BSTR;
	V_BSTR(&v) = SysAllocString((const OLECHAR *)(const void *)wide);
	return v;
}

static VARIANT
integer(VARTYPE vt, int64_t value)
{
	VARIANT v = { 0 };

	V_VT(&v) = vt;
	V_I8(&v) = value;
	return v;
}

static VARIANT
real(VARTYPE vt, double value)
{
	VARIANT v = { 0 };

	V_VT(&v) = vt;
	if (vt == VT_R4)
		V_R4(&v) = (FLOAT)value;
	else
		V_R8(&v) = value;
	return v;
}

static VARIANT
decimal(bool negative, BYTE scale, uint32_t high, uint64_t low)
{
	VARIANT v = { 0 };

	V_DECIMAL(&v).scale = scale;
	V_DECIMAL(&v).sign = negative ? 0x80 : 0;
	V_DECIMAL(&v).Hi32 = high;
	V_DECIMAL(&v).Lo64 = low;
	V_VT(&v) = VT_DECIMAL;
	return v;
}

/* Converts and prints, so that a row of a table is one line. */
static void
print(VARIANT *from, USHORT flags, VARTYPE vt, char text[static 96])
{
	VARIANT to;
	HRESULT hr;

	VariantInit(&to);
	hr = VariantChangeType(&to, from, flags, vt);
	if (FAILED(hr)) {
		(void)snprintf(text, 96, "%08X", (unsigned)hr);
		SUITE_EQUAL_INT(V_VT(&to), VT_EMPTY);
		return;
	}
	SUITE_EQUAL_INT(V_VT(&to), vt);
	switch (vt) {
	case VT_I1:
		(void)snprintf(text, 96, "%d", (int8_t)V_I1(&to));
		break;
	case VT_I2:
		(void)snprintf(text, 96, "%d", V_I2(&to));
		break;
	case VT_I4:
	case VT_INT:
		(void)snprintf(text, 96, "%d", V_I4(&to));
		break;
	case VT_I8:
	case VT_CY:
		(void)snprintf(text, 96, "%lld", (long long)V_I8(&to));
		break;
	case VT_UI1:
		(void)snprintf(text, 96, "%u", V_UI1(&to));
		break;
	case VT_UI2:
		(void)snprintf(text, 96, "%u", V_UI2(&to));
		break;
	case VT_UI4:
	case VT_UINT:
		(void)snprintf(text, 96, "%u", V_UI4(&to));
		break;
	case VT_UI8:
		(void)snprintf(text, 96, "%llu", (unsigned long long)V_UI8(&to));
		break;
	case VT_R4:
		(void)snprintf(text, 96, "%.9g", (double)V_R4(&to));
		break;
	case VT_R8:
	case VT_DATE:
		(void)snprintf(text, 96, "%.17g", V_R8(&to));
		break;
	case VT_BOOL:
	case VT_ERROR:
		(void)snprintf(text, 96, "%d", vt == VT_BOOL ? V_BOOL(&to) : V_ERROR(&to));
		break;
	case VT_DECIMAL:
		(void)snprintf(text, 96, "%s%x:%llx/%u", V_DECIMAL(&to).sign ? "-" : "",
		    V_DECIMAL(&to).Hi32, (unsigned long long)V_DECIMAL(&to).Lo64,
		    V_DECIMAL(&to).scale);
		break;
	case VT_BSTR: {
		g_autofree char *plain =
		    g_utf16_to_utf8((const gunichar2 *)(const void *)V_BSTR(&to),
			SysStringLen(V_BSTR(&to)), NULL, NULL, NULL);

		(void)snprintf(text, 96, "%s", plain);
		break;
	}
	default:
		(void)snprintf(text, 96, "?");
	}
	EXPECT_HRESULT(VariantClear(&to), S_OK);
}

struct row {
	VARIANT from;
	VARTYPE vt;
	const char *expected;
	USHORT flags;
};

static void
check(struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char text[96], seen[160], wanted[160];

		print(&rows[i].from, rows[i].flags, rows[i].vt, text);
		(void)snprintf(seen, sizeof seen, "row %zu: %s", i, text);
		(void)snprintf(wanted, sizeof wanted, "row %zu: %s", i, rows[i].expected);
		SUITE_EQUAL_STRING(seen, wanted);
		EXPECT_HRESULT(VariantClear(&rows[i].from), S_OK);
	}
}
#define CHECK(rows) check(rows, sizeof rows / sizeof rows[0])
#define OVERFLOW "8002000A"
#define MISMATCH "80020005"

static void
integers(void)
{
	struct row rows[] = {
		{ integer(VT_I4, 127), VT_I1, "127", 0 },
		{ integer(VT_I4, 128), VT_I1, OVERFLOW, 0 },
		{ integer(VT_I4, -128), VT_I1, "-128", 0 },
		{ integer(VT_I4, -129), VT_I1, OVERFLOW, 0 },
		{ integer(VT_I4, 255), VT_UI1, "255", 0 },
		{ integer(VT_I4, 256), VT_UI1, OVERFLOW, 0 },
		{ integer(VT_I4, -1), VT_UI1, OVERFLOW, 0 },
		{ integer(VT_I4, 32767), VT_I2, "32767", 0 },
		{ integer(VT_I4, 32768), VT_I2, OVERFLOW, 0 },
		{ integer(VT_I4, 65535), VT_UI2, "65535", 0 },
		{ integer(VT_I4, 65536), VT_UI2, OVERFLOW, 0 },
		{ integer(VT_I8, 2147483647), VT_I4, "2147483647", 0 },
		{ integer(VT_I8, 2147483648), VT_INT, OVERFLOW, 0 },
		{ integer(VT_I8, 4294967295), VT_UI4, "4294967295", 0 },
		{ integer(VT_I8, 4294967296), VT_UINT, OVERFLOW, 0 },
		{ integer(VT_I8, INT64_MIN), VT_I8, "-9223372036854775808", 0 },
		{ integer(VT_UI8, -1), VT_UI8, "18446744073709551615", 0 },
		{ integer(VT_UI8, -1), VT_I8, OVERFLOW, 0 },
		{ integer(VT_UI8, -1), VT_R8, "1.8446744073709552e+19", 0 },
		{ integer(VT_UI8, -1), VT_DECIMAL, "0:ffffffffffffffff/0", 0 },
		{ integer(VT_UI4, 0xFFFFFFFF), VT_I8, "4294967295", 0 },
		{ integer(VT_I1, -5), VT_I8, "-5", 0 },
		{ integer(VT_I2, -5), VT_CY, "-50000", 0 },
		{ integer(VT_I8, 922337203685477), VT_CY, "9223372036854770000", 0 },
		{ integer(VT_I8, 922337203685478), VT_CY, OVERFLOW, 0 },
		{ integer(VT_I4, 2958465), VT_DATE, "2958465", 0 },
		{ integer(VT_I4, 2958466), VT_DATE, OVERFLOW, 0 },
		{ integer(VT_I4, -657434), VT_DATE, "-657434", 0 },
		{ integer(VT_I4, -657435), VT_DATE, OVERFLOW, 0 },
		{ integer(VT_I4, 7), VT_BOOL, "-1", 0 },
		{ integer(VT_I4, 0), VT_BOOL, "0", 0 },
	};

	CHECK(rows);
}

static void
reals(void)
{
	struct row rows[] = {
		{ real(VT_R8, 2.5), VT_I4, "2", 0 },
		{ real(VT_R8, 3.5), VT_I4, "4", 0 },
		{ real(VT_R8, -2.5), VT_I4, "-2", 0 },
		{ real(VT_R8, -3.5), VT_I4, "-4", 0 },
		{ real(VT_R8, 2.5000001), VT_I4, "3", 0 },
		{ real(VT_R8, -0.5), VT_UI1, "0", 0 },
		{ real(VT_R8, -0.51), VT_UI1, OVERFLOW, 0 },
		{ real(VT_R8, 255.5), VT_UI1, OVERFLOW, 0 },
		{ real(VT_R8, 255.49), VT_UI1, "255", 0 },
		{ real(VT_R8, 0x1p63), VT_I8, OVERFLOW, 0 },
		{ real(VT_R8, -0x1p63), VT_I8, "-9223372036854775808", 0 },
		{ real(VT_R8, 0x1p64), VT_UI8, OVERFLOW, 0 },
		{ real(VT_R8, (double)NAN), VT_I4, OVERFLOW, 0 },
		{ real(VT_R8, (double)INFINITY), VT_CY, OVERFLOW, 0 },
		{ real(VT_R8, (double)NAN), VT_DATE, OVERFLOW, 0 },
		{ real(VT_R8, 1e39), VT_R4, OVERFLOW, 0 },
		{ real(VT_R8, (double)INFINITY), VT_R4, "inf", 0 },
		{ real(VT_R8, 1.00005), VT_CY, "10000", 0 },
		{ real(VT_R8, 1.00015), VT_CY, "10002", 0 },
		{ real(VT_R8, -1.5), VT_CY, "-15000", 0 },
		/* 15 digits: 100000000000000 * 10^-15 */
		{ real(VT_R8, 0.1), VT_DECIMAL, "0:5af3107a4000/15", 0 },
		{ real(VT_R8, 1e29), VT_DECIMAL, OVERFLOW, 0 },
		{ real(VT_R4, 0.1), VT_R8, "0.10000000149011612", 0 },
		{ real(VT_R8, 0.25), VT_BOOL, "-1", 0 },
		{ real(VT_R8, -0.0), VT_BOOL, "0", 0 },
		{ real(VT_DATE, 2.75), VT_I4, "3", 0 },
	};

	CHECK(rows);
}

static void
currency_and_decimal(void)
{
	struct row rows[] = {
		{ integer(VT_CY, 25000), VT_I4, "2", 0 },
		{ integer(VT_CY, 35000), VT_I4, "4", 0 },
		{ integer(VT_CY, -25001), VT_I4, "-3", 0 },
		{ integer(VT_CY, INT64_MIN), VT_DECIMAL, "-0:8000000000000000/4", 0 },
		{ integer(VT_CY, 12345), VT_R8, "1.2344999999999999", 0 },
		{ integer(VT_CY, 12345), VT_BSTR, "1.2345", 0 },
		{ integer(VT_CY, -100), VT_BSTR, "-0.01", 0 },
		{ decimal(false, 0, 0xFFFFFFFF, UINT64_MAX), VT_BSTR,
		    "79228162514264337593543950335", 0 },
		{ decimal(true, 28, 0xFFFFFFFF, UINT64_MAX), VT_BSTR,
		    "-7.9228162514264337593543950335", 0 },
		{ decimal(false, 0, 0xFFFFFFFF, UINT64_MAX), VT_UI8, OVERFLOW, 0 },
		{ decimal(false, 28, 0xFFFFFFFF, UINT64_MAX), VT_UI8, "8", 0 },
		{ decimal(true, 1, 0, 5), VT_UI8, "0", 0 },
		{ decimal(true, 1, 0, 6), VT_UI8, OVERFLOW, 0 },
		{ decimal(false, 5, 0, 123450), VT_BSTR, "1.2345", 0 },
		{ decimal(false, 5, 0, 123455), VT_CY, "12346", 0 },
		{ decimal(false, 5, 0, 123445), VT_CY, "12344", 0 },
		{ decimal(true, 3, 0, 0), VT_BSTR, "0", 0 },
		{ decimal(false, 29, 0, 1), VT_I4, "80070057", 0 },
		{ decimal(false, 0, 0, 1), VT_BOOL, "-1", 0 },
	};

	CHECK(rows);
}

static void
truth(void)
{
	struct row rows[] = {
		{ integer(VT_BOOL, 0xFFFF), VT_I4, "-1", 0 },
		{ integer(VT_BOOL, 0xFFFF), VT_UI1, "255", 0 },
		{ integer(VT_BOOL, 0xFFFF), VT_UI2, "65535", 0 },
		{ integer(VT_BOOL, 0xFFFF), VT_UI4, "4294967295", 0 },
		{ integer(VT_BOOL, 0xFFFF), VT_UI8, "18446744073709551615", 0 },
		{ integer(VT_BOOL, 0xFFFF), VT_R8, "-1", 0 },
		{ integer(VT_BOOL, 0xFFFF), VT_CY, "-10000", 0 },
		{ integer(VT_BOOL, 0), VT_UI8, "0", 0 },
		{ integer(VT_BOOL, 0xFFFF), VT_BSTR, "-1", 0 },
		{ integer(VT_BOOL, 0), VT_BSTR, "0", 0 },
		{ integer(VT_BOOL, 0xFFFF), VT_BSTR, "True", VARIANT_ALPHABOOL },
		{ integer(VT_BOOL, 0), VT_BSTR, "False", VARIANT_LOCALBOOL },
		{ string("true"), VT_BOOL, "-1", 0 },
		{ string(" FALSE "), VT_BOOL, "0", 0 },
		{ string("#TRUE#"), VT_BOOL, "-1", 0 },
		{ string("0"), VT_BOOL, "0", 0 },
		{ string("0.5"), VT_BOOL, "-1", 0 },
		{ string("yes"), VT_BOOL, MISMATCH, 0 },
	};

	CHECK(rows);
}

static void
text_to_number(void)
{
	struct row rows[] = {
		{ string("42"), VT_I4, "42", 0 },
		{ string(" \t-42  "), VT_I4, "-42", 0 },
		{ string("+7"), VT_I1, "7", 0 },
		{ string("2.5"), VT_I4, "2", 0 },
		{ string("3.5"), VT_I4, "4", 0 },
		{ string(".5"), VT_R8, "0.5", 0 },
		{ string("5."), VT_R8, "5", 0 },
		{ string("."), VT_R8, MISMATCH, 0 },
		{ string(""), VT_I4, MISMATCH, 0 },
		{ string("-"), VT_I4, MISMATCH, 0 },
		{ string("1e"), VT_R8, MISMATCH, 0 },
		{ string("1x"), VT_R8, MISMATCH, 0 },
		{ string("0x10"), VT_I4, MISMATCH, 0 },
		{ string("inf"), VT_R8, MISMATCH, 0 },
		{ string("nan"), VT_R8, MISMATCH, 0 },
		{ string("1,5"), VT_R8, MISMATCH, 0 },
		{ string("1 2"), VT_R8, MISMATCH, 0 },
		{ string("\u0661"), VT_I4, MISMATCH, 0 },
		{ string("1e3"), VT_I4, "1000", 0 },
		{ string("1D-3"), VT_R8, "0.001", 0 },
		{ string("0.1"), VT_R8, "0.10000000000000001", 0 },
		{ string("1e308"), VT_R8, "1e+308", 0 },
		{ string("1e309"), VT_R8, OVERFLOW, 0 },
		{ string("1e30"), VT_R8, "1e+30", 0 },
		{ string("1e30"), VT_DECIMAL, OVERFLOW, 0 },
		{ string("1e-400"), VT_R8, "0", 0 },
		{ string("300"), VT_UI1, OVERFLOW, 0 },
		{ string("18446744073709551615"), VT_UI8, "18446744073709551615", 0 },
		{ string("18446744073709551616"), VT_UI8, OVERFLOW, 0 },
		{ string("9223372036854775807"), VT_I8, "9223372036854775807", 0 },
		{ string("922337203685477.5807"), VT_CY, "9223372036854775807", 0 },
		{ string("0.00005"), VT_CY, "0", 0 },
		{ string("0.00015"), VT_CY, "2", 0 },
		{ string("79228162514264337593543950335"), VT_DECIMAL,
		    "ffffffff:ffffffffffffffff/0", 0 },
		{ string("79228162514264337593543950336"), VT_DECIMAL, OVERFLOW, 0 },
		{ string("0.00000000000000000000000000005"), VT_DECIMAL, "0:0/28", 0 },
		{ string("0.00000000000000000000000000015"), VT_DECIMAL, "0:2/28", 0 },
		{ string("-1.20"), VT_DECIMAL, "-0:78/2", 0 },
		{ string("&HFF"), VT_I4, "255", 0 },
		{ string("&o17"), VT_I4, "15", 0 },
		{ string("&H"), VT_I4, MISMATCH, 0 },
		{ string("&HFFFFFFFFFFFFFFFFF"), VT_UI8, OVERFLOW, 0 },
	};

	CHECK(rows);
}

static void
number_to_text(void)
{
	struct row rows[] = {
		{ integer(VT_I1, 0xFF), VT_BSTR, "-1", 0 },
		{ integer(VT_UI1, 0xFF), VT_BSTR, "255", 0 },
		{ integer(VT_I8, INT64_MIN), VT_BSTR, "-9223372036854775808", 0 },
		{ real(VT_R8, 0.1), VT_BSTR, "0.1", 0 },
		{ real(VT_R8, 1e20), VT_BSTR, "1E+20", 0 },
		{ real(VT_R8, 123456789012345678.0), VT_BSTR, "1.23456789012346E+17", 0 },
		{ real(VT_R8, 0.00001), VT_BSTR, "1E-05", 0 },
		{ real(VT_R8, -0.0), VT_BSTR, "0", 0 },
		{ real(VT_R4, 0.1), VT_BSTR, "0.1", 0 },
		{ real(VT_R4, 16777216), VT_BSTR, "1.677722E+07", 0 },
		{ real(VT_R8, (double)INFINITY), VT_BSTR, "1.#INF", 0 },
		{ real(VT_R8, (double)NAN), VT_BSTR, "-1.#IND", 0 },
	};

	CHECK(rows);
}

static void
dates(void)
{
	struct row rows[] = {
		{ real(VT_DATE, 0), VT_BSTR, "1899-12-30", 0 },
		{ real(VT_DATE, 0.5), VT_BSTR, "12:00:00", 0 },
		{ real(VT_DATE, 36526), VT_BSTR, "2000-01-01", 0 },
		{ real(VT_DATE, 36526.25), VT_BSTR, "2000-01-01 06:00:00", 0 },
		{ real(VT_DATE, -1.25), VT_BSTR, "1899-12-29 06:00:00", 0 },
		{ real(VT_DATE, -657434), VT_BSTR, "0100-01-01", 0 },
		{ real(VT_DATE, 2958465), VT_BSTR, "9999-12-31", 0 },
		{ string("2000-01-01"), VT_DATE, "36526", 0 },
		{ string("2000-01-01 06:00"), VT_DATE, "36526.25", 0 },
		{ string("2000-01-01T06:00:00"), VT_DATE, "36526.25", 0 },
		{ string("1/1/2000 6:00:00 PM"), VT_DATE, "36526.75", 0 },
		{ string("1/1/2000 12:00 am"), VT_DATE, "36526", 0 },
		{ string("1899-12-29 06:00:00"), VT_DATE, "-1.25", 0 },
		{ string("12:00"), VT_DATE, "0.5", 0 },
		{ string("2000-02-29"), VT_DATE, "36585", 0 },
		{ string("2001-02-29"), VT_DATE, MISMATCH, 0 },
		{ string("13/1/2000"), VT_DATE, MISMATCH, 0 },
		{ string("2000-01-01 24:00"), VT_DATE, MISMATCH, 0 },
		{ string("2000-01-01 13:00 PM"), VT_DATE, MISMATCH, 0 },
		{ string("2000-01-01x"), VT_DATE, MISMATCH, 0 },
		{ string("0099-01-01"), VT_DATE, MISMATCH, 0 },
		{ string("36526"), VT_DATE, MISMATCH, 0 },
		{ string(""), VT_DATE, MISMATCH, 0 },
	};
	SYSTEMTIME time = { 2000, 2, 0, 29, 23, 59, 59, 0 };
	DATE date = 0;

	CHECK(rows);
	SUITE_EQUAL_INT(SystemTimeToVariantTime(&time, &date), TRUE);
	CU_ASSERT_DOUBLE_EQUAL(date, 36585 + 86399 / 86400.0, 1e-9);
	memset(&time, 0, sizeof time);
	SUITE_EQUAL_INT(VariantTimeToSystemTime(date, &time), TRUE);
	SUITE_EQUAL_INT(time.wYear, 2000);
	SUITE_EQUAL_INT(time.wMonth, 2);
	SUITE_EQUAL_INT(time.wDay, 29);
	SUITE_EQUAL_INT(time.wDayOfWeek, 2);
	SUITE_EQUAL_INT(time.wHour, 23);
	SUITE_EQUAL_INT(time.wSecond, 59);
	time.wMonth = 13;
	SUITE_EQUAL_INT(SystemTimeToVariantTime(&time, &date), FALSE);
	SUITE_EQUAL_INT(VariantTimeToSystemTime(1e9, &time), FALSE);
	SUITE_EQUAL_INT(VariantTimeToSystemTime((double)NAN, &time), FALSE);
}

static void
empty_and_null(void)
{
	struct row rows[] = {
		{ integer(VT_EMPTY, 5), VT_I4, "0", 0 },
		{ integer(VT_EMPTY, 5), VT_R8, "0", 0 },
		{ integer(VT_EMPTY, 5), VT_BSTR, "", 0 },
		{ integer(VT_EMPTY, 5), VT_BOOL, "0", 0 },
		{ integer(VT_EMPTY, 5), VT_DATE, "0", 0 },
		{ integer(VT_EMPTY, 5), VT_ERROR, "0", 0 },
		{ integer(VT_EMPTY, 5), VT_NULL, MISMATCH, 0 },
		{ integer(VT_EMPTY, 5), VT_UNKNOWN, MISMATCH, 0 },
		{ integer(VT_NULL, 0), VT_I4, MISMATCH, 0 },
		{ integer(VT_NULL, 0), VT_BSTR, MISMATCH, 0 },
		{ integer(VT_NULL, 0), VT_EMPTY, MISMATCH, 0 },
		{ integer(VT_NULL, 0), VT_NULL, "?", 0 },
		{ integer(VT_I4, 1), VT_EMPTY, MISMATCH, 0 },
		{ integer(VT_ERROR, 5), VT_I4, MISMATCH, 0 },
		{ integer(VT_ERROR, 5), VT_ERROR, "5", 0 },
		{ integer(VT_I4, 1), VT_ERROR, MISMATCH, 0 },
		{ integer(VT_I4, 1), VT_DISPATCH, MISMATCH, 0 },
		{ integer(VT_I4, 1), VT_ARRAY | VT_I4, MISMATCH, 0 },
	};

	CHECK(rows);
}

static void
refusals(void)
{
	static const VARTYPE bad[] = { VT_VARIANT, 15, VT_VOID, VT_HRESULT, VT_LPSTR, VT_FILETIME,
		VT_CLSID, VT_BYREF | VT_I4, VT_VECTOR | VT_I4, 0xFFFF };
	VARIANT from = integer(VT_I4, 1), to = integer(VT_I4, 77);

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		EXPECT_HRESULT(VariantChangeType(&to, &from, 0, bad[i]), DISP_E_BADVARTYPE);
	V_VT(&from) = VT_VOID;
	EXPECT_HRESULT(VariantChangeType(&to, &from, 0, VT_I4), DISP_E_BADVARTYPE);
	V_VT(&from) = VT_I4;
	EXPECT_HRESULT(VariantChangeTypeEx(&to, &from, 0x407, 0, VT_BSTR), DISP_E_UNKNOWNLCID);
	EXPECT_HRESULT(VariantChangeTypeEx(&to, &from, LOCALE_INVARIANT, 0, VT_I2), S_OK);
	SUITE_EQUAL_INT(V_I2(&to), 1);
	EXPECT_HRESULT(VariantChangeType(NULL, &from, 0, VT_I4), E_INVALIDARG);
	EXPECT_HRESULT(VariantChangeType(&to, NULL, 0, VT_I4), E_INVALIDARG);
	/* A failure leaves the destination, in place too. */
	to = string("no number");
	EXPECT_HRESULT(VariantChangeType(&to, &to, 0, VT_I4), DISP_E_TYPEMISMATCH);
	SUITE_EQUAL_INT(V_VT(&to), VT_BSTR);
	SUITE_EQUAL_INT(SysStringLen(V_BSTR(&to)), 9);
	VariantClear(&to);
	to = string("17");
	EXPECT_HRESULT(VariantChangeType(&to, &to, 0, VT_UI2), S_OK);
	SUITE_EQUAL_INT(V_UI2(&to), 17);
}

static void
references(void)
{
	LONG value = 300;
	BSTR text = SysAllocString(OLESTR("12"));
	VARIANT inner = integer(VT_I4, 5), from = { 0 }, to;

	VariantInit(&to);
	V_VT(&from) = VT_BYREF | VT_I4;
	V_I4REF(&from) = &value;
	EXPECT_HRESULT(VariantChangeType(&to, &from, 0, VT_R8), S_OK);
	CU_ASSERT_DOUBLE_EQUAL(V_R8(&to), 300, 0);
	V_VT(&from) = VT_BYREF | VT_BSTR;
	V_BSTRREF(&from) = &text;
	EXPECT_HRESULT(VariantChangeType(&to, &from, 0, VT_I2), S_OK);
	SUITE_EQUAL_INT(V_I2(&to), 12);
	V_VT(&from) = VT_BYREF | VT_VARIANT;
	V_VARIANTREF(&from) = &inner;
	EXPECT_HRESULT(VariantChangeType(&to, &from, 0, VT_I2), S_OK);
	SUITE_EQUAL_INT(V_I2(&to), 5);
	SysFreeString(text);
}

/* An object with a default property, and nothing else. */
static ULONG count;
static VARTYPE value_type;

static HRESULT
query(IDispatch *This, REFIID riid, void **ppv)
{
	*ppv = NULL;
	if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IDispatch))
		return E_NOINTERFACE;
	*ppv = This;
	count++;
	return S_OK;
}

static ULONG
add_ref(IDispatch *This)
{
	(void)This;
	return ++count;
}

static ULONG
release(IDispatch *This)
{
	(void)This;
	return --count;
}

static HRESULT
invoke(IDispatch *This, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *arguments,
    VARIANT *result, EXCEPINFO *exception, UINT *bad)
{
	(void)lcid, (void)exception, (void)bad;
	if (id != DISPID_VALUE || !IsEqualIID(riid, &IID_NULL) || flags != DISPATCH_PROPERTYGET ||
	    arguments->cArgs != 0)
		return DISP_E_MEMBERNOTFOUND;
	if (value_type == VT_DISPATCH) {
		V_VT(result) = VT_DISPATCH;
		V_DISPATCH(result) = This;
		add_ref(This);
		return S_OK;
	}
	*result = string("99");
	return S_OK;
}

static void
objects(void)
{
	static const IDispatchVtbl vtbl = {
		.QueryInterface = query, .AddRef = add_ref, .Release = release, .Invoke = invoke
	};
	IDispatch object = { &vtbl };
	VARIANT from = { 0 }, to;

	count = 1;
	VariantInit(&to);
	V_VT(&from) = VT_DISPATCH;
	V_DISPATCH(&from) = &object;
	value_type = VT_BSTR;
	EXPECT_HRESULT(VariantChangeType(&to, &from, 0, VT_I4), S_OK);
	SUITE_EQUAL_INT(V_I4(&to), 99);
	EXPECT_HRESULT(
	    VariantChangeType(&to, &from, VARIANT_NOVALUEPROP, VT_I4), DISP_E_TYPEMISMATCH);
	value_type = VT_DISPATCH;
	EXPECT_HRESULT(VariantChangeType(&to, &from, 0, VT_I4), DISP_E_TYPEMISMATCH);
	SUITE_EQUAL_INT(count, 1);
	EXPECT_HRESULT(VariantChangeType(&to, &from, 0, VT_UNKNOWN), S_OK);
	SUITE_EQUAL_INT(count, 2);
	CU_ASSERT_PTR_EQUAL(V_UNKNOWN(&to), (IUnknown *)(void *)&object);
	EXPECT_HRESULT(VariantChangeType(&to, &to, 0, VT_DISPATCH), S_OK);
	EXPECT_HRESULT(VariantClear(&to), S_OK);
	SUITE_EQUAL_INT(count, 1);
	V_DISPATCH(&from) = NULL;
	EXPECT_HRESULT(VariantChangeType(&to, &from, 0, VT_UNKNOWN), S_OK);
	CU_ASSERT_PTR_NULL(V_UNKNOWN(&to));
	EXPECT_HRESULT(VariantChangeType(&to, &from, 0, VT_I4), DISP_E_TYPEMISMATCH);
}

static const struct suite_test tests[] = {
	{ "integers and their ranges", integers },
	{ "reals round half to even", reals },
	{ "currency and decimal are exact", currency_and_decimal },
	{ "truth values", truth },
	{ "text becomes a number", text_to_number },
	{ "a number becomes text", number_to_text },
	{ "dates", dates },
	{ "empty and null", empty_and_null },
	{ "what is refused, and what stays then", refusals },
	{ "references are followed", references },
	{ "objects and their value", objects },
};

int
main(void)
{
	return suite_run("VARIANT change", tests, sizeof tests / sizeof tests[0]);
}
