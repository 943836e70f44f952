/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changing the type of a VARIANT. Text is locale-neutral: a point before the fraction, no groups,
 * dates as in ISO 8601.
 */
#include <math.h>
#include <string.h>

#include <glib.h>
#include <oleauto.h>

#include "runtime/export.h"
#include "runtime/variant_date.h"
#include "runtime/variant_number.h"
#include "runtime/variant_type.h"

/* Longer texts are no numbers, dates or truth values; what they hold besides is zeros. */
#define TEXT_MAX 1023u

/* The string as ASCII, without blanks around it. DISP_E_TYPEMISMATCH: it is not ASCII, or long. */
static HRESULT
read_text(BSTR string, char ret[static TEXT_MAX + 1])
{
	UINT first = 0, end = SysStringLen(string);

	while (first < end && (string[first] == ' ' || string[first] == '\t'))
		first++;
	while (end > first && (string[end - 1] == ' ' || string[end - 1] == '\t'))
		end--;
	if (end - first > TEXT_MAX)
		return DISP_E_TYPEMISMATCH;
	for (UINT i = first; i < end; i++) {
		if (string[i] == 0 || string[i] > 0x7E)
			return DISP_E_TYPEMISMATCH;
		ret[i - first] = (char)string[i];
	}
	ret[end - first] = '\0';
	return S_OK;
}

/* "True", "False", and how Basic writes them into files. */
static bool
read_truth(const char *text, VARIANT_BOOL *ret)
{
	static const struct {
		const char *text;
		VARIANT_BOOL value;
	} names[] = {
		{ "True", VARIANT_TRUE },
		{ "False", VARIANT_FALSE },
		{ "#TRUE#", VARIANT_TRUE },
		{ "#FALSE#", VARIANT_FALSE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(text, names[i].text) == 0) {
			*ret = names[i].value;
			return true;
		}
	return false;
}

static HRESULT
from_text(BSTR string, VARTYPE vt, VARIANT *to)
{
	char text[TEXT_MAX + 1];
	struct variant_number number;
	HRESULT hr = read_text(string, text);

	if (FAILED(hr))
		return hr;
	if (vt == VT_DATE)
		return variant_date_parse(text, &V_DATE(to));
	if (vt == VT_BOOL && read_truth(text, &V_BOOL(to)))
		return S_OK;
	hr = variant_number_parse(text, &number);
	return SUCCEEDED(hr) ? variant_number_write(&number, vt, to) : hr;
}

static const char *
print_real(double value, unsigned digits, char buffer[static G_ASCII_DTOSTR_BUF_SIZE])
{
	if (isnan(value))
		return "-1.#IND";
	if (isinf(value))
		return value > 0 ? "1.#INF" : "-1.#INF";
	/* -0 is written as 0. */
	return g_ascii_formatd(buffer, G_ASCII_DTOSTR_BUF_SIZE, digits == 7 ? "%.7G" : "%.15G",
	    value == 0 ? 0 : value);
}

static const char *
print_truth(VARIANT_BOOL value, USHORT flags)
{
	if ((flags & (VARIANT_ALPHABOOL | VARIANT_LOCALBOOL)) != 0)
		return value != VARIANT_FALSE ? "True" : "False";
	return value != VARIANT_FALSE ? "-1" : "0";
}

_Static_assert(G_ASCII_DTOSTR_BUF_SIZE >= DECIMAL_TEXT_SIZE &&
	G_ASCII_DTOSTR_BUF_SIZE >= VARIANT_DATE_TEXT_SIZE,
    "one buffer has room for every text");

static HRESULT
to_text(const VARIANT *from, USHORT flags, VARIANT *to)
{
	char buffer[G_ASCII_DTOSTR_BUF_SIZE];
	OLECHAR wide[G_ASCII_DTOSTR_BUF_SIZE];
	struct variant_number number;
	const char *text = buffer;
	HRESULT hr = variant_number_read(from, &number);
	UINT length = 0;

	if (FAILED(hr))
		return hr;
	buffer[0] = '\0';
	if (V_VT(from) == VT_BOOL)
		text = print_truth(V_BOOL(from), flags);
	else if (V_VT(from) == VT_DATE)
		hr = variant_date_print(V_DATE(from), buffer);
	else if (!number.is_exact)
		text = print_real(number.real, number.real_digits, buffer);
	else if (V_VT(from) != VT_EMPTY)
		decimal_to_text(&number.exact, buffer);
	if (FAILED(hr))
		return hr;
	for (; text[length] != '\0'; length++)
		wide[length] = (OLECHAR)text[length];
	V_BSTR(to) = SysAllocStringLen(wide, length);
	return V_BSTR(to) != NULL ? S_OK : E_OUTOFMEMORY;
}

/* Interfaces: the other one of the object, or the value of its default property. */
static HRESULT
from_interface(const VARIANT *from, VARTYPE vt, LCID lcid, USHORT flags, VARIANT *to)
{
	DISPPARAMS none = { 0 };
	VARIANT value;
	HRESULT hr;

	if (vt == VT_UNKNOWN || vt == VT_DISPATCH) {
		const IID *iid = vt == VT_UNKNOWN ? &IID_IUnknown : &IID_IDispatch;

		V_UNKNOWN(to) = NULL;
		if (V_UNKNOWN(from) == NULL)
			return S_OK;
		hr = V_UNKNOWN(from)->lpVtbl->QueryInterface(
		    V_UNKNOWN(from), iid, (void **)&V_UNKNOWN(to));
		return SUCCEEDED(hr) ? S_OK : DISP_E_TYPEMISMATCH;
	}
	if (V_VT(from) != VT_DISPATCH || V_DISPATCH(from) == NULL ||
	    (flags & VARIANT_NOVALUEPROP) != 0)
		return DISP_E_TYPEMISMATCH;
	VariantInit(&value);
	hr = V_DISPATCH(from)->lpVtbl->Invoke(V_DISPATCH(from), DISPID_VALUE, &IID_NULL, lcid,
	    DISPATCH_PROPERTYGET, &none, &value, NULL, NULL);
	if (FAILED(hr))
		return DISP_E_TYPEMISMATCH;
	/* Once only: an object whose value is an object has none that is plain. */
	hr = VariantChangeTypeEx(&value, &value, lcid, flags | VARIANT_NOVALUEPROP, vt);
	if (SUCCEEDED(hr)) {
		*to = value;
		return S_OK;
	}
	VariantClear(&value);
	return hr;
}

/* *to, which holds nothing, becomes the value of *from (no VT_BYREF, another type) as a @vt. */
static HRESULT
convert(const VARIANT *from, VARTYPE vt, LCID lcid, USHORT flags, VARIANT *to)
{
	struct variant_number number;
	HRESULT hr;

	if (((V_VT(from) | vt) & VT_ARRAY) != 0)
		return DISP_E_TYPEMISMATCH;
	if (V_VT(from) == VT_UNKNOWN || V_VT(from) == VT_DISPATCH)
		return from_interface(from, vt, lcid, flags, to);
	if (vt == VT_BSTR)
		return to_text(from, flags, to);
	if (V_VT(from) == VT_EMPTY && vt == VT_ERROR) {
		V_ERROR(to) = S_OK;
		return S_OK;
	}
	if (!variant_number_is_type(vt))
		return DISP_E_TYPEMISMATCH;
	if (V_VT(from) == VT_BSTR)
		return from_text(V_BSTR(from), vt, to);
	hr = variant_number_read(from, &number);
	return SUCCEEDED(hr) ? variant_number_write(&number, vt, to) : hr;
}

static bool
is_neutral(LCID lcid)
{
	static const LCID known[] = { LOCALE_NEUTRAL, LOCALE_INVARIANT, LOCALE_USER_DEFAULT,
		LOCALE_SYSTEM_DEFAULT, LOCALE_US_ENGLISH };

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (lcid == known[i])
			return true;
	return false;
}

/* *ret: a copy of *from, or of what its reference leads to; to be cleared. */
static HRESULT
source_of(const VARIANTARG *from, VARIANT *ret)
{
	VariantInit(ret);
	if ((V_VT(from) & VT_BYREF) != 0)
		return VariantCopyInd(ret, from);
	return VariantCopy(ret, from);
}

TESSERA_EXPORT HRESULT
VariantChangeTypeEx(
    VARIANTARG *pvargDest, const VARIANTARG *pvarSrc, LCID lcid, USHORT wFlags, VARTYPE vt)
{
	VARIANT source, result = { 0 };
	HRESULT hr;

	if (pvargDest == NULL || pvarSrc == NULL)
		return E_INVALIDARG;
	if ((vt & VT_BYREF) != 0 || !variant_type_is_valid(vt) ||
	    !variant_type_is_valid(V_VT(pvarSrc)))
		return DISP_E_BADVARTYPE;
	if (!is_neutral(lcid))
		return DISP_E_UNKNOWNLCID;
	hr = source_of(pvarSrc, &source);
	if (FAILED(hr))
		return hr;
	if (V_VT(&source) == vt) {
		result = source;
	} else {
		hr = convert(&source, vt, lcid, wFlags, &result);
		VariantClear(&source);
	}
	if (FAILED(hr))
		return hr;
	V_VT(&result) = vt;
	hr = VariantClear(pvargDest);
	if (FAILED(hr)) {
		VariantClear(&result);
		return hr;
	}
	*pvargDest = result;
	return S_OK;
}

TESSERA_EXPORT HRESULT
VariantChangeType(VARIANTARG *pvargDest, const VARIANTARG *pvarSrc, USHORT wFlags, VARTYPE vt)
{
	return VariantChangeTypeEx(pvargDest, pvarSrc, LOCALE_USER_DEFAULT, wFlags, vt);
}
