/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exact decimal numbers: 96 bits and a power of ten, the arithmetic of DECIMAL. The integers and
 * CY are converted through them, so that nothing is rounded that need not be.
 */
#ifndef TESSERA_RUNTIME_DECIMAL_H
#define TESSERA_RUNTIME_DECIMAL_H

#include <stdbool.h>

#include <wtypes.h>

__extension__ typedef unsigned __int128 decimal_digits;

#define DECIMAL_SCALE_MAX 28u
#define DECIMAL_TEXT_SIZE 36u /* sign, 29 digits, point, leading zero, NUL */

/* (negative ? -1 : 1) * digits / 10^scale; digits < 2^96. */
struct decimal {
	decimal_digits digits;
	unsigned scale;
	bool negative;
};

enum decimal_result {
	DECIMAL_OK,
	DECIMAL_NO_NUMBER, /* the text is none */
	DECIMAL_TOO_LARGE,
};

struct decimal decimal_from_signed(int64_t value);
struct decimal decimal_from_unsigned(uint64_t value);
struct decimal decimal_from_cy(CY value);
/* False: a scale above 28, or a sign byte that is neither 0 nor 0x80. */
bool decimal_read(const DECIMAL *from, struct decimal *ret);
void decimal_write(const struct decimal *from, DECIMAL *ret);

/*
 * decimal_from_text: [sign] digits [. digits] [E [sign] digits], nothing before or behind.
 * Digits beyond 28 are rounded, half to even.
 */
enum decimal_result decimal_from_text(const char *text, struct decimal *ret);

/* 15 significant digits, as automation does; 7 when it was a FLOAT. Not for NaN and infinity. */
enum decimal_result decimal_from_double(double value, unsigned digits, struct decimal *ret);

/* Rounds to `scale` digits behind the point, half to even. */
struct decimal decimal_round(const struct decimal *from, unsigned scale);

/* Rounded, half to even. False: out of range. */
bool decimal_to_signed(const struct decimal *from, int64_t *ret);
bool decimal_to_unsigned(const struct decimal *from, uint64_t *ret);
bool decimal_to_cy(const struct decimal *from, CY *ret);

/* The nearest double. */
double decimal_to_double(const struct decimal *from);

/* Without zeros behind the last digit that counts. */
void decimal_to_text(const struct decimal *from, char ret[static DECIMAL_TEXT_SIZE]);

#endif
