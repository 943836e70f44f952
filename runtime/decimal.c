/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/decimal.h"

#include <string.h>

#include <glib.h>

#define DIGITS_MAX (((decimal_digits)1 << 96) - 1)
#define CY_SCALE 4u
#define EXPONENT_MAX 9999 /* of a text; more is as good as this */

struct decimal
decimal_from_unsigned(uint64_t value)
{
	return (struct decimal){ .digits = value };
}

struct decimal
decimal_from_signed(int64_t value)
{
	uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	return (struct decimal){ .digits = magnitude, .negative = value < 0 };
}

struct decimal
decimal_from_cy(CY value)
{
	struct decimal number = decimal_from_signed(value.int64);

	number.scale = CY_SCALE;
	return number;
}

bool
decimal_read(const DECIMAL *from, struct decimal *ret)
{
	if (from->scale > DECIMAL_SCALE_MAX || (from->sign & 0x7F) != 0)
		return false;
	*ret = (struct decimal){
		.digits = (decimal_digits)from->Hi32 << 64 | from->Lo64,
		.scale = from->scale,
		.negative = from->sign != 0,
	};
	return true;
}

void
decimal_write(const struct decimal *from, DECIMAL *ret)
{
	ret->scale = (BYTE)from->scale;
	ret->sign = from->negative ? 0x80 : 0;
	ret->Hi32 = (ULONG)(from->digits >> 64);
	ret->Lo64 = (ULONGLONG)from->digits;
}

/*
 * Divides by ten `places` times and rounds once, half to even. @more: digits that were cut off
 * before, and not all of them zero.
 */
static decimal_digits
shorten(decimal_digits digits, unsigned places, bool more)
{
	unsigned last = 0;

	for (; places > 0 && (digits != 0 || last != 0); places--) {
		more = more || last != 0;
		last = (unsigned)(digits % 10);
		digits /= 10;
	}
	if (last > 5 || (last == 5 && (more || (digits & 1) != 0)))
		digits++;
	return digits;
}

struct decimal
decimal_round(const struct decimal *from, unsigned scale)
{
	struct decimal rounded = *from;

	if (rounded.scale > scale) {
		rounded.digits = shorten(rounded.digits, rounded.scale - scale, false);
		rounded.scale = scale;
	}
	return rounded;
}

/* The digits with that scale exactly, rounded. False: more than 128 bits. */
static bool
with_scale(const struct decimal *from, unsigned scale, decimal_digits *ret)
{
	struct decimal rounded = decimal_round(from, scale);

	for (; rounded.scale < scale; rounded.scale++) {
		if (rounded.digits > ~(decimal_digits)0 / 10)
			return false;
		rounded.digits *= 10;
	}
	*ret = rounded.digits;
	return true;
}

bool
decimal_to_unsigned(const struct decimal *from, uint64_t *ret)
{
	decimal_digits digits;

	if (!with_scale(from, 0, &digits) || digits > UINT64_MAX || (from->negative && digits != 0))
		return false;
	*ret = (uint64_t)digits;
	return true;
}

static bool
to_signed(const struct decimal *from, unsigned scale, int64_t *ret)
{
	decimal_digits digits;

	if (!with_scale(from, scale, &digits) ||
	    digits > (decimal_digits)INT64_MAX + (from->negative ? 1 : 0))
		return false;
	*ret = (int64_t)(from->negative ? 0 - (uint64_t)digits : (uint64_t)digits);
	return true;
}

bool
decimal_to_signed(const struct decimal *from, int64_t *ret)
{
	return to_signed(from, 0, ret);
}

bool
decimal_to_cy(const struct decimal *from, CY *ret)
{
	int64_t scaled;

	if (!to_signed(from, CY_SCALE, &scaled))
		return false;
	ret->int64 = scaled;
	return true;
}

double
decimal_to_double(const struct decimal *from)
{
	char text[DECIMAL_TEXT_SIZE];

	decimal_to_text(from, text);
	return g_ascii_strtod(text, NULL);
}

void
decimal_to_text(const struct decimal *from, char ret[static DECIMAL_TEXT_SIZE])
{
	char backwards[DECIMAL_TEXT_SIZE];
	decimal_digits digits = from->digits;
	unsigned scale = from->scale, length = 0;

	for (; scale > 0 && digits % 10 == 0; scale--)
		digits /= 10;
	for (unsigned place = 0; digits != 0 || place <= scale; place++) {
		if (place == scale && scale > 0)
			backwards[length++] = '.';
		backwards[length++] = (char)('0' + (unsigned)(digits % 10));
		digits /= 10;
	}
	if (from->negative && from->digits != 0)
		backwards[length++] = '-';
	for (unsigned i = 0; i < length; i++)
		ret[i] = backwards[length - 1 - i];
	ret[length] = '\0';
}

/* What a text says, before it is made to fit: digits * 10^exponent. */
struct reading {
	decimal_digits digits;
	int exponent;
	unsigned last; /* the first digit that had no room, and whether more stood behind it */
	bool has_last, more, any;
};

/* One more digit; with no room left it only counts for the rounding. */
static void
take_digit(struct reading *reading, unsigned digit, bool behind_point)
{
	reading->any = true;
	if (reading->has_last) {
		reading->more = reading->more || digit != 0;
	} else if (reading->digits > (DIGITS_MAX - digit) / 10) {
		reading->has_last = true;
		reading->last = digit;
	} else {
		reading->digits = reading->digits * 10 + digit;
		reading->exponent -= behind_point ? 1 : 0;
		return;
	}
	reading->exponent += behind_point ? 0 : 1;
}

static const char *
take_exponent(const char *text, struct reading *reading)
{
	int exponent = 0, sign = 1;

	if (*text == '+' || *text == '-')
		sign = *text++ == '-' ? -1 : 1;
	if (!g_ascii_isdigit(*text))
		return NULL;
	for (; g_ascii_isdigit(*text); text++)
		if (exponent < EXPONENT_MAX)
			exponent = exponent * 10 + (*text - '0');
	reading->exponent += sign * exponent;
	return text;
}

static enum decimal_result
fit(struct reading *reading, struct decimal *ret)
{
	decimal_digits digits = reading->digits;
	int exponent = reading->exponent;
	bool more = reading->more || (reading->has_last && reading->last != 0);

	if (-exponent > (int)DECIMAL_SCALE_MAX) {
		/* More behind the point than there is room for: what has no room rounds. */
		digits = shorten(digits, (unsigned)-exponent - DECIMAL_SCALE_MAX, more);
		exponent = -(int)DECIMAL_SCALE_MAX;
	} else if (reading->has_last &&
	    (reading->last > 5 || (reading->last == 5 && (reading->more || (digits & 1) != 0)))) {
		if (digits == DIGITS_MAX) {
			if (exponent >= 0)
				return DECIMAL_TOO_LARGE;
			digits /= 10;
			exponent++;
		}
		digits++;
	}
	for (; exponent > 0 && digits != 0; exponent--) {
		if (digits > DIGITS_MAX / 10)
			return DECIMAL_TOO_LARGE;
		digits *= 10;
	}
	ret->digits = digits;
	ret->scale = exponent < 0 ? (unsigned)-exponent : 0;
	return DECIMAL_OK;
}

enum decimal_result
decimal_from_text(const char *text, struct decimal *ret)
{
	struct reading reading = { 0 };
	bool behind_point = false;

	*ret = (struct decimal){ 0 };
	if (*text == '+' || *text == '-')
		ret->negative = *text++ == '-';
	for (; g_ascii_isdigit(*text) || (*text == '.' && !behind_point); text++)
		if (*text == '.')
			behind_point = true;
		else
			take_digit(&reading, (unsigned)(*text - '0'), behind_point);
	if (reading.any && *text != '\0' && strchr("eEdD", *text) != NULL)
		text = take_exponent(text + 1, &reading);
	if (!reading.any || text == NULL || *text != '\0')
		return DECIMAL_NO_NUMBER;
	return fit(&reading, ret);
}

enum decimal_result
decimal_from_double(double value, unsigned digits, struct decimal *ret)
{
	char format[8], text[G_ASCII_DTOSTR_BUF_SIZE];

	g_snprintf(format, sizeof format, "%%.%ue", digits - 1);
	return decimal_from_text(g_ascii_formatd(text, sizeof text, format, value), ret);
}
