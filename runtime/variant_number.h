/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A number on its way from one type to another: exact where its source is (integers, CY, DECIMAL,
 * text), a double where it is not.
 */
#ifndef TESSERA_RUNTIME_VARIANT_NUMBER_H
#define TESSERA_RUNTIME_VARIANT_NUMBER_H

#include <stdbool.h>

#include <wtypes.h>

#include "runtime/decimal.h"

struct variant_number {
	bool is_exact;        /* `exact` counts, else `real` alone */
	bool is_boolean;      /* TRUE is -1, in an unsigned type all ones */
	bool has_real;        /* `real` counts also beside `exact`: a text's nearest double */
	unsigned real_digits; /* that count in `real` */
	struct decimal exact;
	double real;
};

/* S_OK; DISP_E_TYPEMISMATCH: @from (no VT_BYREF, not a string) has no value of a number. */
HRESULT variant_number_read(const VARIANT *from, struct variant_number *ret);

/* @text: without blanks around it. DISP_E_TYPEMISMATCH; DISP_E_OVERFLOW. */
HRESULT variant_number_parse(const char *text, struct variant_number *ret);

/* Fills *to, which holds nothing, with a value of type @vt, a number's. DISP_E_OVERFLOW. */
HRESULT variant_number_write(const struct variant_number *number, VARTYPE vt, VARIANT *to);

/* Whether such a value is a number: integers, reals, CY, DECIMAL, DATE, BOOL. */
bool variant_number_is_type(VARTYPE vt);

#endif
