/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/variant_date.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <oleauto.h>

#include "runtime/export.h"

#define DAY_ZERO 693594u       /* 1899-12-30, days after 0000-12-31 */
#define DATE_FIRST (-657434.0) /* 0100-01-01 */
#define DATE_END 2958466.0     /* the day after 9999-12-31 */
#define DAY_SECONDS 86400u
#define YEAR_FIRST 100u
#define YEAR_LAST 9999u

struct moment {
	unsigned year, month, day, hour, minute, second;
	bool has_day, has_time;
};

bool
variant_date_is_valid(DATE date)
{
	return date > DATE_FIRST - 1 && date < DATE_END;
}

static bool
make_date(const struct moment *moment, DATE *ret)
{
	double days = 0, part;
	GDate date;

	if (moment->hour > 23 || moment->minute > 59 || moment->second > 59)
		return false;
	part = (moment->hour * 3600 + moment->minute * 60 + moment->second) / (double)DAY_SECONDS;
	if (moment->has_day) {
		if (moment->year < YEAR_FIRST || moment->year > YEAR_LAST ||
		    !g_date_valid_dmy((GDateDay)(moment->day <= 31 ? moment->day : 0),
			(GDateMonth)(moment->month <= 12 ? moment->month : 0),
			(GDateYear)moment->year))
			return false;
		g_date_clear(&date, 1);
		g_date_set_dmy(&date, (GDateDay)moment->day, (GDateMonth)moment->month,
		    (GDateYear)moment->year);
		days = (double)g_date_get_julian(&date) - DAY_ZERO;
	}
	*ret = days < 0 ? days - part : days + part;
	return true;
}

static bool
split_date(DATE value, struct moment *ret)
{
	double whole = trunc(value);
	unsigned seconds;
	GDate date;

	if (!variant_date_is_valid(value))
		return false;
	seconds = (unsigned)(fabs(value - whole) * DAY_SECONDS + 0.5);
	if (seconds == DAY_SECONDS) {
		seconds = 0;
		whole++;
		if (whole >= DATE_END)
			return false;
	}
	g_date_clear(&date, 1);
	g_date_set_julian(&date, (guint32)(whole + DAY_ZERO));
	*ret = (struct moment){
		.year = g_date_get_year(&date),
		.month = (unsigned)g_date_get_month(&date),
		.day = g_date_get_day(&date),
		.hour = seconds / 3600,
		.minute = seconds / 60 % 60,
		.second = seconds % 60,
		.has_day = whole != 0,
		.has_time = seconds != 0,
	};
	return true;
}

/* At most four digits. False: none. */
static bool
take_number(const char **text, unsigned *ret)
{
	unsigned digits = 0;

	*ret = 0;
	for (; g_ascii_isdigit(**text) && digits < 4; digits++)
		*ret = *ret * 10 + (unsigned)(*(*text)++ - '0');
	return digits > 0 && !g_ascii_isdigit(**text);
}

static bool
take_character(const char **text, char wanted)
{
	if (**text != wanted)
		return false;
	(*text)++;
	return true;
}

/* Returns false when there is a date and it is none; no date at all is fine. */
static bool
take_day(const char **text, struct moment *moment)
{
	const char *at = *text;
	unsigned first;

	if (!take_number(&at, &first) || (*at != '-' && *at != '/'))
		return true;
	moment->has_day = true;
	if (take_character(&at, '-')) {
		moment->year = first;
		if (!take_number(&at, &moment->month) || !take_character(&at, '-') ||
		    !take_number(&at, &moment->day))
			return false;
	} else {
		at++;
		moment->month = first;
		if (!take_number(&at, &moment->day) || !take_character(&at, '/') ||
		    !take_number(&at, &moment->year))
			return false;
	}
	*text = at;
	return true;
}

/* AM and PM behind an hour of 1 to 12. */
static bool
take_half(const char **text, struct moment *moment)
{
	bool after_noon;

	while (take_character(text, ' '))
		;
	if (**text == '\0')
		return true;
	after_noon = g_ascii_strcasecmp(*text, "PM") == 0;
	if ((!after_noon && g_ascii_strcasecmp(*text, "AM") != 0) || moment->hour < 1 ||
	    moment->hour > 12)
		return false;
	moment->hour = moment->hour % 12 + (after_noon ? 12 : 0);
	*text += 2;
	return true;
}

static bool
take_time(const char **text, struct moment *moment)
{
	moment->has_time = true;
	if (!take_number(text, &moment->hour) || !take_character(text, ':') ||
	    !take_number(text, &moment->minute))
		return false;
	if (take_character(text, ':') && !take_number(text, &moment->second))
		return false;
	return take_half(text, moment);
}

HRESULT
variant_date_parse(const char *text, DATE *ret)
{
	struct moment moment = { 0 };

	if (!take_day(&text, &moment))
		return DISP_E_TYPEMISMATCH;
	if (moment.has_day && *text != '\0' && !take_character(&text, ' ') &&
	    !take_character(&text, 'T'))
		return DISP_E_TYPEMISMATCH;
	if ((*text != '\0' || !moment.has_day) && !take_time(&text, &moment))
		return DISP_E_TYPEMISMATCH;
	if (*text != '\0' || !make_date(&moment, ret))
		return DISP_E_TYPEMISMATCH;
	return S_OK;
}

HRESULT
variant_date_print(DATE date, char ret[static VARIANT_DATE_TEXT_SIZE])
{
	struct moment m;
	int length = 0;

	if (!split_date(date, &m))
		return DISP_E_OVERFLOW;
	if (m.has_day || !m.has_time)
		length =
		    snprintf(ret, VARIANT_DATE_TEXT_SIZE, "%04u-%02u-%02u", m.year, m.month, m.day);
	if (m.has_time)
		(void)snprintf(ret + length, VARIANT_DATE_TEXT_SIZE - (size_t)length,
		    "%s%02u:%02u:%02u", length > 0 ? " " : "", m.hour, m.minute, m.second);
	return S_OK;
}

TESSERA_EXPORT INT
SystemTimeToVariantTime(SYSTEMTIME *lpSystemTime, DATE *pvtime)
{
	struct moment moment;

	if (lpSystemTime == NULL || pvtime == NULL)
		return FALSE;
	moment = (struct moment){
		.year = lpSystemTime->wYear,
		.month = lpSystemTime->wMonth,
		.day = lpSystemTime->wDay,
		.hour = lpSystemTime->wHour,
		.minute = lpSystemTime->wMinute,
		.second = lpSystemTime->wSecond,
		.has_day = true,
	};
	return make_date(&moment, pvtime) ? TRUE : FALSE;
}

TESSERA_EXPORT INT
VariantTimeToSystemTime(DOUBLE vtime, SYSTEMTIME *lpSystemTime)
{
	struct moment m;
	GDate date;

	if (lpSystemTime == NULL || !split_date(vtime, &m))
		return FALSE;
	g_date_clear(&date, 1);
	g_date_set_dmy(&date, (GDateDay)m.day, (GDateMonth)m.month, (GDateYear)m.year);
	*lpSystemTime = (SYSTEMTIME){
		.wYear = (WORD)m.year,
		.wMonth = (WORD)m.month,
		/* 0 is Sunday here, Monday is 1 there. */
		.wDayOfWeek = (WORD)(g_date_get_weekday(&date) % 7),
		.wDay = (WORD)m.day,
		.wHour = (WORD)m.hour,
		.wMinute = (WORD)m.minute,
		.wSecond = (WORD)m.second,
	};
	return TRUE;
}
