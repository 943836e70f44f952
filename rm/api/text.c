/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GLib converts; here are the limits, the multi-strings, which GLib does not know, and the codes.
 */
#include "rm/api/text.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "rm/api/message.h"

_Static_assert(sizeof(gunichar2) == sizeof(WCHAR), "GLib's UTF-16 unit is a WCHAR");

/* Units before the NUL, at most @max. */
static size_t
wide_length(LPCWSTR text, size_t max)
{
	size_t n = 0;

	while (n < max && text[n] != 0)
		n++;
	return n;
}

/* NULL: not UTF-16. Freed with g_free(). */
static char *
narrow(LPCWSTR text, size_t length)
{
	return g_utf16_to_utf8((const gunichar2 *)text, (glong)length, NULL, NULL, NULL);
}

LONG
api_name_read(const char *function, const char *what, enum api_form form, const void *name,
    char ret_name[API_NAME_SIZE])
{
	g_autofree char *converted = NULL;
	const char *text = name;
	size_t length;

	if (form == API_FORM_W) {
		length = wide_length(name, API_NAME_SIZE);
		if (length < API_NAME_SIZE && (converted = narrow(name, length)) == NULL)
			return api_fail(SCARD_E_INVALID_PARAMETER,
			    "%s: %s is not UTF-16: pass a name from SCardListReaders", function,
			    what);
		text = converted;
	}
	if (text == NULL || (length = strnlen(text, API_NAME_SIZE)) == API_NAME_SIZE)
		return api_fail(SCARD_E_UNKNOWN_READER,
		    "%s: %s has more than %u bytes and names no reader: pass a name from "
		    "SCardListReaders",
		    function, what, API_NAME_SIZE - 1);
	memcpy(ret_name, text, length + 1);
	return SCARD_S_SUCCESS;
}

/* Without control characters, which no name has. */
static bool
is_text(const char *text)
{
	if (text[0] == '\0' || !g_utf8_validate(text, -1, NULL))
		return false;
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		if (g_unichar_iscntrl(g_utf8_get_char(p)))
			return false;
	return true;
}

LONG
api_text_read(const char *function, const char *what, enum api_form form, const void *text,
    char *ret_text, size_t size)
{
	char *converted = form == API_FORM_W ? narrow(text, wide_length(text, size)) : NULL;
	const char *given = form == API_FORM_W ? converted : text;
	LONG code = SCARD_S_SUCCESS;

	if (given == NULL || strnlen(given, size) == size || !is_text(given))
		code = api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: %s is empty, longer than %zu bytes, or no text: pass a text in %s without "
		    "control characters",
		    function, what, size - 1, form == API_FORM_W ? "UTF-16" : "UTF-8");
	else
		memcpy(ret_text, given, strlen(given) + 1);
	g_free(converted);
	return code;
}

/* NULL: no text. Freed with g_free(). */
static char *
copy_text(enum api_form form, const void *text, size_t max, bool *ret_too_long)
{
	char *copy = NULL;
	size_t length;

	if (form == API_FORM_W) {
		length = wide_length(text, max + 1);
		*ret_too_long = length > max;
		copy = *ret_too_long ? NULL : narrow(text, length);
		*ret_too_long = *ret_too_long || (copy != NULL && strlen(copy) > max);
		return copy;
	}
	length = strnlen(text, max + 1);
	*ret_too_long = length > max;
	if (!*ret_too_long && g_utf8_validate(text, (gssize)length, NULL))
		copy = g_strndup(text, length);
	return copy;
}

LONG
api_string_read(const char *function, const char *what, enum api_form form, const void *text,
    size_t max, LONG too_long, char **ret_text)
{
	g_autofree char *copy = NULL;
	bool is_long;

	*ret_text = NULL;
	if (text == NULL)
		return api_fail(
		    SCARD_E_INVALID_PARAMETER, "%s: %s is NULL: pass a text", function, what);
	copy = copy_text(form, text, max, &is_long);
	if (is_long)
		return api_fail(
		    too_long, "%s: %s has more than %zu bytes of UTF-8", function, what, max);
	if (copy == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER, "%s: %s is not %s: pass a text",
		    function, what, form == API_FORM_W ? "UTF-16" : "UTF-8");
	if (copy[0] == '\0')
		return api_fail(
		    SCARD_E_INVALID_PARAMETER, "%s: %s is empty: pass a text", function, what);
	*ret_text = g_steal_pointer(&copy);
	return SCARD_S_SUCCESS;
}

/* Characters of a multi-string with all NULs; 0: no end within API_LIST_MAX. */
static size_t
list_length(enum api_form form, const void *list)
{
	size_t length = 0, rest, n;

	do {
		rest = API_LIST_MAX - length;
		if (form == API_FORM_W)
			n = wide_length((LPCWSTR)list + length, rest);
		else
			n = strnlen((LPCSTR)list + length, rest);
		if (n == rest)
			return 0;
		length += n + 1;
	} while (n > 0);
	return length;
}

static char *
narrow_list(LPCWSTR list)
{
	GString *result = g_string_new(NULL);

	while (*list != 0) {
		size_t length = wide_length(list, API_LIST_MAX);
		g_autofree char *name = narrow(list, length);

		if (name == NULL) {
			g_string_free(result, TRUE);
			return NULL;
		}
		g_string_append_len(result, name, (gssize)strlen(name) + 1);
		list += length + 1;
	}
	g_string_append_c(result, '\0');
	return g_string_free(result, FALSE);
}

LONG
api_list_read(const char *function, enum api_form form, const void *list, char **ret_list)
{
	size_t length;

	*ret_list = NULL;
	if (list == NULL)
		return SCARD_S_SUCCESS;
	length = list_length(form, list);
	if (length == 0)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: the list of names has no end within %u characters: it must be a "
		    "multi-string, with one more NUL after the last name",
		    function, API_LIST_MAX);
	if (form == API_FORM_A) {
		*ret_list = g_memdup2(list, length);
		return SCARD_S_SUCCESS;
	}
	*ret_list = narrow_list(list);
	if (*ret_list == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: the list of names is not UTF-16: pass a multi-string", function);
	return SCARD_S_SUCCESS;
}

/* NULL: not UTF-8, or no end within @length. Freed with g_free(). */
static void *
widen_list(const char *list, size_t length, size_t *ret_count)
{
	GArray *result = g_array_new(FALSE, FALSE, sizeof(gunichar2));
	const gunichar2 nul = 0;
	const char *end = list + length;

	while (list < end && *list != '\0') {
		size_t bytes = strnlen(list, (size_t)(end - list));
		g_autofree gunichar2 *name = NULL;
		glong units;

		if (bytes < (size_t)(end - list))
			name = g_utf8_to_utf16(list, (glong)bytes, NULL, &units, NULL);
		if (name == NULL) {
			g_array_free(result, TRUE);
			return NULL;
		}
		g_array_append_vals(result, name, (guint)units + 1);
		list += bytes + 1;
	}
	g_array_append_val(result, nul);
	*ret_count = result->len;
	return g_array_free(result, FALSE);
}

static LONG
not_utf8(const char *function)
{
	return api_fail(SCARD_F_INTERNAL_ERROR,
	    "%s: the resource manager gave a name that is not UTF-8: use the 8-bit form", function);
}

LONG
api_list_prepare(const char *function, enum api_form form, const char *list, size_t length,
    struct api_output *output, void **ret_held)
{
	*ret_held = NULL;
	if (form == API_FORM_A) {
		output->data = list;
		output->count = length;
		output->unit = sizeof(CHAR);
		return SCARD_S_SUCCESS;
	}
	*ret_held = widen_list(list, length, &output->count);
	if (*ret_held == NULL)
		return not_utf8(function);
	output->data = *ret_held;
	output->unit = sizeof(WCHAR);
	return SCARD_S_SUCCESS;
}

LONG
api_text_prepare(const char *function, enum api_form form, const char *text,
    struct api_output *output, void **ret_held)
{
	LONG code = SCARD_S_SUCCESS;

	*ret_held = NULL;
	output->data = text;
	output->count = strlen(text) + 1;
	output->unit = sizeof(CHAR);
	if (form == API_FORM_W &&
	    (code = api_text_widen(function, text, output->count, output, ret_held)) ==
		SCARD_S_SUCCESS) {
		output->unit = sizeof(WCHAR);
		output->count /= sizeof(WCHAR);
	}
	return code;
}

LONG
api_text_widen(const char *function, const char *text, size_t length, struct api_output *output,
    void **ret_held)
{
	glong units;

	*ret_held = g_utf8_to_utf16(text, (glong)strnlen(text, length), NULL, &units, NULL);
	if (*ret_held == NULL)
		return not_utf8(function);
	output->data = *ret_held;
	output->count = ((size_t)units + 1) * sizeof(WCHAR);
	output->unit = sizeof(BYTE);
	return SCARD_S_SUCCESS;
}
