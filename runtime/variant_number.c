/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/variant_number.h"

#include <float.h>
#include <math.h>

#include <glib.h>
#include <oleauto.h>

#include "runtime/variant_date.h"

#define DOUBLE_DIGITS 15u
#define FLOAT_DIGITS 7u
#define SIGNED_END 9223372036854775808.0 /* 2 to the 63 */

bool
variant_number_is_type(VARTYPE vt)
{
	switch (vt) {
	case VT_I1:
	case VT_I2:
	case VT_I4:
	case VT_I8:
	case VT_INT:
	case VT_UI1:
	case VT_UI2:
	case VT_UI4:
	case VT_UI8:
	case VT_UINT:
	case VT_R4:
	case VT_R8:
	case VT_CY:
	case VT_DATE:
	case VT_BOOL:
	case VT_DECIMAL:
		return true;
	default:
		return false;
	}
}

static HRESULT
exact(struct variant_number *number, struct decimal value)
{
	number->is_exact = true;
	number->exact = value;
	return S_OK;
}

static HRESULT
real(struct variant_number *number, double value, unsigned digits)
{
	number->real = value;
	number->real_digits = digits;
	return S_OK;
}

static HRESULT
read_boolean(const VARIANT *from, struct variant_number *ret)
{
	ret->is_boolean = true;
	return exact(ret, decimal_from_signed(V_BOOL(from) != VARIANT_FALSE ? -1 : 0));
}

static HRESULT
read_decimal(const VARIANT *from, struct variant_number *ret)
{
	struct decimal value;

	if (!decimal_read(&V_DECIMAL(from), &value))
		return E_INVALIDARG;
	return exact(ret, value);
}

HRESULT
variant_number_read(const VARIANT *from, struct variant_number *ret)
{
	*ret = (struct variant_number){ 0 };
	switch (V_VT(from)) {
	case VT_EMPTY:
		return exact(ret, decimal_from_unsigned(0));
	case VT_I1:
		return exact(ret, decimal_from_signed((int8_t)V_I1(from)));
	case VT_I2:
		return exact(ret, decimal_from_signed(V_I2(from)));
	case VT_I4:
	case VT_INT:
		return exact(ret, decimal_from_signed(V_I4(from)));
	case VT_I8:
		return exact(ret, decimal_from_signed(V_I8(from)));
	case VT_UI1:
		return exact(ret, decimal_from_unsigned(V_UI1(from)));
	case VT_UI2:
		return exact(ret, decimal_from_unsigned(V_UI2(from)));
	case VT_UI4:
	case VT_UINT:
		return exact(ret, decimal_from_unsigned(V_UI4(from)));
	case VT_UI8:
		return exact(ret, decimal_from_unsigned(V_UI8(from)));
	case VT_CY:
		return exact(ret, decimal_from_cy(V_CY(from)));
	case VT_DECIMAL:
		return read_decimal(from, ret);
	case VT_BOOL:
		return read_boolean(from, ret);
	case VT_R4:
		return real(ret, (double)V_R4(from), FLOAT_DIGITS);
	case VT_R8:
		return real(ret, V_R8(from), DOUBLE_DIGITS);
	case VT_DATE:
		return real(ret, V_DATE(from), DOUBLE_DIGITS);
	default:
		return DISP_E_TYPEMISMATCH;
	}
}

/* &H and &O: digits of base 16 and 8, at most 64 bits. */
static HRESULT
parse_based(const char *text, struct variant_number *ret)
{
	guint base = text[1] == 'H' || text[1] == 'h' ? 16 : 8;
	GError *error = NULL;
	guint64 value;

	if (!g_ascii_string_to_unsigned(text + 2, base, 0, G_MAXUINT64, &value, &error)) {
		HRESULT hr = g_error_matches(
				 error, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_OUT_OF_BOUNDS)
		    ? DISP_E_OVERFLOW
		    : DISP_E_TYPEMISMATCH;

		g_error_free(error);
		return hr;
	}
	return exact(ret, decimal_from_unsigned(value));
}

HRESULT
variant_number_parse(const char *text, struct variant_number *ret)
{
	g_autofree char *plain = NULL;
	enum decimal_result result;

	*ret = (struct variant_number){ 0 };
	if (text[0] == '&' && text[1] != '\0' && strchr("HhOo", text[1]) != NULL)
		return parse_based(text, ret);
	result = decimal_from_text(text, &ret->exact);
	if (result == DECIMAL_NO_NUMBER)
		return DISP_E_TYPEMISMATCH;
	/* Of the exponent's letters the C library knows only one. */
	plain = g_strdelimit(g_strdup(text), "dD", 'E');
	real(ret, g_ascii_strtod(plain, NULL), DOUBLE_DIGITS);
	ret->is_exact = result == DECIMAL_OK;
	ret->has_real = true;
	return isinf(ret->real) ? DISP_E_OVERFLOW : S_OK;
}

/* The nearest whole number, half to even. */
static double
round_real(double value)
{
	double below = floor(value), rest = value - below;
	bool odd = fmod(below, 2) != 0;

	return rest > 0.5 || (rest == 0.5 && odd) ? below + 1 : below;
}

static bool
to_signed(const struct variant_number *number, int64_t *ret)
{
	double whole;

	if (number->is_exact)
		return decimal_to_signed(&number->exact, ret);
	whole = round_real(number->real);
	if (!(whole >= -SIGNED_END && whole < SIGNED_END))
		return false;
	*ret = (int64_t)whole;
	return true;
}

static bool
to_unsigned(const struct variant_number *number, uint64_t *ret)
{
	double whole;

	if (number->is_exact)
		return decimal_to_unsigned(&number->exact, ret);
	whole = round_real(number->real);
	if (!(whole >= 0 && whole < 2 * SIGNED_END))
		return false;
	*ret = (uint64_t)whole;
	return true;
}

static HRESULT
write_signed(const struct variant_number *number, int64_t lowest, int64_t highest, VARIANT *to)
{
	int64_t value;

	if (!to_signed(number, &value) || value < lowest || value > highest)
		return DISP_E_OVERFLOW;
	V_I8(to) = value;
	return S_OK;
}

static HRESULT
write_unsigned(const struct variant_number *number, uint64_t highest, VARIANT *to)
{
	uint64_t value;

	if (number->is_boolean)
		value = number->exact.digits != 0 ? highest : 0;
	else if (!to_unsigned(number, &value) || value > highest)
		return DISP_E_OVERFLOW;
	V_UI8(to) = value;
	return S_OK;
}

static double
to_real(const struct variant_number *number)
{
	if (!number->is_exact || number->has_real)
		return number->real;
	return decimal_to_double(&number->exact);
}

static HRESULT
write_float(const struct variant_number *number, VARIANT *to)
{
	double value = to_real(number);

	if (isfinite(value) && fabs(value) > (double)FLT_MAX)
		return DISP_E_OVERFLOW;
	V_R4(to) = (FLOAT)value;
	return S_OK;
}

static HRESULT
write_date(const struct variant_number *number, VARIANT *to)
{
	double value = to_real(number);

	if (!variant_date_is_valid(value))
		return DISP_E_OVERFLOW;
	V_DATE(to) = value;
	return S_OK;
}

static HRESULT
write_boolean(const struct variant_number *number, VARIANT *to)
{
	bool truth = number->is_exact ? number->exact.digits != 0 : number->real != 0;

	V_BOOL(to) = truth ? VARIANT_TRUE : VARIANT_FALSE;
	return S_OK;
}

static HRESULT
write_decimal(const struct variant_number *number, VARTYPE vt, VARIANT *to)
{
	struct decimal value = number->exact;

	/* A text that is not exact is too large: its digits were counted. */
	if (!number->is_exact &&
	    (number->has_real || !isfinite(number->real) ||
		decimal_from_double(number->real, number->real_digits, &value) != DECIMAL_OK))
		return DISP_E_OVERFLOW;
	if (vt == VT_CY)
		return decimal_to_cy(&value, &V_CY(to)) ? S_OK : DISP_E_OVERFLOW;
	decimal_write(&value, &V_DECIMAL(to));
	return S_OK;
}

HRESULT
variant_number_write(const struct variant_number *number, VARTYPE vt, VARIANT *to)
{
	/* Little-endian: the low bytes of 64 bits are those of every smaller integer. */
	switch (vt) {
	case VT_I1:
		return write_signed(number, INT8_MIN, INT8_MAX, to);
	case VT_I2:
		return write_signed(number, INT16_MIN, INT16_MAX, to);
	case VT_I4:
	case VT_INT:
		return write_signed(number, INT32_MIN, INT32_MAX, to);
	case VT_I8:
		return write_signed(number, INT64_MIN, INT64_MAX, to);
	case VT_UI1:
		return write_unsigned(number, UINT8_MAX, to);
	case VT_UI2:
		return write_unsigned(number, UINT16_MAX, to);
	case VT_UI4:
	case VT_UINT:
		return write_unsigned(number, UINT32_MAX, to);
	case VT_UI8:
		return write_unsigned(number, UINT64_MAX, to);
	case VT_R4:
		return write_float(number, to);
	case VT_R8:
		V_R8(to) = to_real(number);
		return S_OK;
	case VT_DATE:
		return write_date(number, to);
	case VT_BOOL:
		return write_boolean(number, to);
	default:
		return write_decimal(number, vt, to);
	}
}
