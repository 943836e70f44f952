/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/softcard/profile_keys.h"

#include <string.h>

/* Characters of a bad value, and of a group's name, in a message. */
#define QUOTED_MAX 40
#define GROUP_MAX 80

/* Foreign text made fit to be shown: short, one line, printable. */
static void
append_shown(GString *out, const char *text, glong most)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	glong count = 0;

	for (const char *p = valid; *p != '\0' && count < most; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		g_string_append_unichar(out, g_unichar_isprint(c) ? c : '?');
		count++;
	}
	if (count == most)
		g_string_append(out, "...");
}

bool
profile_keys_fail(
    struct profile_keys *keys, const char *group, const char *key, const char *format, ...)
{
	GString *text;
	va_list arguments;

	if (keys->message != NULL)
		return false;
	text = g_string_new(NULL);
	g_string_append_printf(text, "soft card profile %s: ", keys->origin);
	if (group != NULL) {
		g_string_append_c(text, '[');
		append_shown(text, group, GROUP_MAX);
		g_string_append(text, "] ");
	}
	if (key != NULL)
		g_string_append_printf(text, "%s: ", key);
	va_start(arguments, format);
	g_string_append_vprintf(text, format, arguments);
	va_end(arguments);
	keys->message = g_string_free(text, FALSE);
	return false;
}

char *
profile_keys_quote(const char *text)
{
	GString *out = g_string_new("\"");

	append_shown(out, text, QUOTED_MAX);
	g_string_append_c(out, '"');
	return g_string_free(out, FALSE);
}

char *
profile_keys_string(struct profile_keys *keys, const char *group, const char *key)
{
	g_autoptr(GError) error = NULL;
	char *value;

	if (!g_key_file_has_key(keys->file, group, key, NULL))
		return NULL;
	value = g_key_file_get_string(keys->file, group, key, &error);
	/* A wrong escape gives an error and a value. */
	if (error != NULL) {
		profile_keys_fail(keys, group, key, "%s",
		    g_error_matches(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_UNKNOWN_ENCODING)
			? "the value is not UTF-8"
			: "the value has an escape other than \\s \\n \\t \\r \\\\");
		g_clear_pointer(&value, g_free);
	}
	return value;
}

static bool
parse_number(struct profile_keys *keys, const char *group, const char *key, const char *value,
    unsigned minimum, unsigned maximum, unsigned *ret)
{
	g_autofree char *shown = profile_keys_quote(value);
	guint64 number;

	if (!g_ascii_string_to_unsigned(value, 10, minimum, maximum, &number, NULL))
		return profile_keys_fail(
		    keys, group, key, "%s is not a number from %u to %u", shown, minimum, maximum);
	*ret = (unsigned)number;
	return true;
}

bool
profile_keys_number(struct profile_keys *keys, const char *group, const char *key, unsigned minimum,
    unsigned maximum, unsigned *ret)
{
	g_autofree char *value = profile_keys_string(keys, group, key);

	if (value == NULL)
		return keys->message == NULL;
	return parse_number(keys, group, key, value, minimum, maximum, ret);
}

bool
profile_keys_boolean(struct profile_keys *keys, const char *group, const char *key, bool *ret)
{
	g_autofree char *value = profile_keys_string(keys, group, key);
	g_autofree char *shown = NULL;

	if (value == NULL)
		return keys->message == NULL;
	if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0) {
		*ret = value[0] == 't';
		return true;
	}
	shown = profile_keys_quote(value);
	return profile_keys_fail(keys, group, key, "%s is neither true nor false", shown);
}

/* Pairs of digits, with or without spaces between the pairs. */
static bool
parse_hex(const char *text, GByteArray *out)
{
	while (*text != '\0') {
		int high, low;
		guint8 byte;

		if (*text == ' ') {
			text++;
			continue;
		}
		high = g_ascii_xdigit_value(text[0]);
		low = high >= 0 ? g_ascii_xdigit_value(text[1]) : -1;
		if (low < 0)
			return false;
		byte = (guint8)(high << 4 | low);
		g_byte_array_append(out, &byte, 1);
		text += 2;
	}
	return true;
}

GByteArray *
profile_keys_hex(
    struct profile_keys *keys, const char *group, const char *key, size_t minimum, size_t maximum)
{
	g_autofree char *value = profile_keys_string(keys, group, key);
	g_autoptr(GByteArray) bytes = NULL;

	if (value == NULL)
		return NULL;
	bytes = g_byte_array_new();
	if (!parse_hex(value, bytes)) {
		g_autofree char *shown = profile_keys_quote(value);

		profile_keys_fail(
		    keys, group, key, "%s is not hexadecimal, two digits a byte", shown);
		return NULL;
	}
	if (bytes->len < minimum || bytes->len > maximum) {
		profile_keys_fail(keys, group, key, "has %u bytes; %zu to %zu are possible",
		    bytes->len, minimum, maximum);
		return NULL;
	}
	return g_steal_pointer(&bytes);
}

/* A key or group that was there before; GKeyFile would take both for one. */
static bool
is_new(GHashTable *seen, const char *group, const char *name, size_t length)
{
	return g_hash_table_add(seen, g_strdup_printf("%s\n%.*s", group, (int)length, name));
}

/*
 * GKeyFile's own message quotes the line, which may hold a PIN; ours gives its number.
 * @group: the group that the line stands in, replaced when it begins one
 */
static bool
check_line(struct profile_keys *keys, unsigned number, const char *line, size_t length,
    char **group, GHashTable *seen)
{
	const char *equals;

	while (length > 0 && g_ascii_isspace(*line))
		line++, length--;
	while (length > 0 && g_ascii_isspace(line[length - 1]))
		length--;
	if (length == 0 || line[0] == '#')
		return true;
	if (line[0] == '[' && line[length - 1] == ']') {
		g_free(*group);
		*group = g_strndup(line, length);
		return is_new(seen, *group, "", 0) ||
		    profile_keys_fail(
			keys, NULL, NULL, "line %u: the group is there twice", number);
	}
	if (*group == NULL)
		return profile_keys_fail(
		    keys, NULL, NULL, "line %u: stands before the first [Group]", number);
	equals = memchr(line, '=', length);
	if (line[0] == '[' || equals == NULL || equals == line)
		return profile_keys_fail(keys, NULL, NULL,
		    "line %u: is neither [Group], Key=value nor a # comment", number);
	return is_new(seen, *group, line, strcspn(line, "= \t")) ||
	    profile_keys_fail(keys, NULL, NULL, "line %u: the key is there twice", number);
}

bool
profile_keys_load(struct profile_keys *keys, const char *text, size_t length)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *group = NULL;
	const char *end = text + length, *line = text;

	for (unsigned number = 1; line < end; number++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));

		if (stop == NULL)
			stop = end;
		if (!check_line(keys, number, line, (size_t)(stop - line), &group, seen))
			return false;
		line = stop < end ? stop + 1 : end;
	}
	return length == 0 ||
	    g_key_file_load_from_data(
		keys->file, text, length, G_KEY_FILE_KEEP_TRANSLATIONS, NULL) ||
	    profile_keys_fail(keys, NULL, NULL,
		"is not a key file: a group or key has a name that cannot be one");
}

bool
profile_keys_check(struct profile_keys *keys, const char *group, const char *const *known)
{
	g_auto(GStrv) names = g_key_file_get_keys(keys->file, group, NULL, NULL);

	for (size_t i = 0; names[i] != NULL; i++) {
		if (!g_strv_contains(known, names[i])) {
			g_autofree char *shown = profile_keys_quote(names[i]);
			g_autofree char *list = g_strjoinv(", ", (char **)known);

			return profile_keys_fail(
			    keys, group, NULL, "unknown key %s; known: %s", shown, list);
		}
	}
	return true;
}
