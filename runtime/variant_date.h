/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DATE: days since 1899-12-30. The fraction is the time of day and counts forward also before that
 * day: -1.25 is 1899-12-29, 6 o'clock. Years 100 to 9999.
 */
#ifndef TESSERA_RUNTIME_VARIANT_DATE_H
#define TESSERA_RUNTIME_VARIANT_DATE_H

#include <stdbool.h>

#include <wtypes.h>

#define VARIANT_DATE_TEXT_SIZE 24u

bool variant_date_is_valid(DATE date);

/*
 * "2000-01-02 15:04:05" (T for the blank is fine), "1/2/2000 3:04:05 PM" (month first); seconds,
 * time or date may be missing. @text: without blanks around it. DISP_E_TYPEMISMATCH.
 */
HRESULT variant_date_parse(const char *text, DATE *ret);

/* "2000-01-02 15:04:05"; a whole day without the time, a time on day 0 without the day. */
HRESULT variant_date_print(DATE date, char ret[static VARIANT_DATE_TEXT_SIZE]);

#endif
