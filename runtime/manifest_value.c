/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/manifest_value.h"

#include <string.h>

#include "runtime/guid_text.h"
#include "runtime/manifest.h"
#include "runtime/manifest_place.h"

void
manifest_refuse(
    struct manifest_parser *parser, const char *group, const char *key, const char *format, ...)
{
	g_autofree char *text = NULL;
	g_autofree char *shown = manifest_quotable(group);
	va_list arguments;

	if (parser->problem != NULL)
		return;
	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	parser->problem = g_strdup_printf("line %u: [%s]%s%s: %s",
	    manifest_find_line(parser->data, parser->size, group, key), shown,
	    key != NULL ? " " : "", key != NULL ? key : "", text);
}

static bool
has_control_characters(const char *text)
{
	for (; *text != '\0'; text++)
		if (g_ascii_iscntrl(*text))
			return true;
	return false;
}

/* A text of at most `max` bytes; NULL when the key is absent or refused. Never empty. */
char *
manifest_get_text(struct manifest_parser *parser, const char *group, const char *key, size_t max)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = g_key_file_get_string(parser->file, group, key, &error);

	if (error != NULL) {
		g_autofree char *message = manifest_quotable(error->message);

		if (!g_error_matches(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND) &&
		    !g_error_matches(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND))
			manifest_refuse(parser, group, key, "%s", message);
		return NULL;
	}
	if (strlen(text) > max) {
		manifest_refuse(parser, group, key, "longer than %zu bytes", max);
		return NULL;
	}
	if (has_control_characters(text)) {
		manifest_refuse(parser, group, key, "contains a control character");
		return NULL;
	}
	return text[0] != '\0' ? g_steal_pointer(&text) : NULL;
}

char *
manifest_get_required_text(
    struct manifest_parser *parser, const char *group, const char *key, size_t max)
{
	char *text = manifest_get_text(parser, group, key, max);

	if (text == NULL)
		manifest_refuse(parser, group, NULL, "%s= is missing or empty", key);
	return text;
}

/* Windows documentation, "ProgID Key": letters, digits and periods, first not a digit. */
char *
manifest_get_progid(struct manifest_parser *parser, const char *group, const char *key)
{
	g_autofree char *text = manifest_get_text(parser, group, key, MANIFEST_PROGID_MAX);

	if (text == NULL)
		return NULL;
	for (const char *c = text; *c != '\0'; c++)
		if (!g_ascii_isalnum(*c) && *c != '.') {
			manifest_refuse(parser, group, key,
			    "\"%s\" may contain letters, digits and periods only", text);
			return NULL;
		}
	if (g_ascii_isdigit(text[0]) || text[0] == '.') {
		manifest_refuse(parser, group, key, "\"%s\" must begin with a letter", text);
		return NULL;
	}
	return g_steal_pointer(&text);
}

bool
manifest_get_guid(
    struct manifest_parser *parser, const char *group, const char *key, GUID *ret_guid)
{
	g_autofree char *text = manifest_get_text(parser, group, key, MANIFEST_NAME_MAX);

	if (text == NULL)
		return false;
	if (!guid_from_text(text, strlen(text), ret_guid)) {
		manifest_refuse(parser, group, key,
		    "\"%s\" is not an identifier {XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}", text);
		return false;
	}
	return true;
}

void
manifest_get_guids(
    struct manifest_parser *parser, const char *group, const char *key, GArray *guids)
{
	size_t length = 0;
	g_auto(GStrv) list = g_key_file_get_string_list(parser->file, group, key, &length, NULL);

	if (length > MANIFEST_LIST_MAX - guids->len) {
		manifest_refuse(parser, group, key, "more than %u identifiers", MANIFEST_LIST_MAX);
		return;
	}
	for (size_t i = 0; i < length; i++) {
		GUID guid;

		if (!guid_from_text(list[i], strlen(list[i]), &guid)) {
			g_autofree char *shown = manifest_quotable(list[i]);

			manifest_refuse(parser, group, key,
			    "item %zu, \"%s\", is not an identifier "
			    "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}",
			    i + 1, shown);
			return;
		}
		g_array_append_val(guids, guid);
	}
}

int
manifest_get_number(
    struct manifest_parser *parser, const char *group, const char *key, int min, int max)
{
	g_autoptr(GError) error = NULL;
	int value;

	if (!g_key_file_has_key(parser->file, group, key, NULL))
		return 0;
	value = g_key_file_get_integer(parser->file, group, key, &error);
	if (error != NULL)
		manifest_refuse(parser, group, key, "must be a whole number");
	else if (value < min || value > max)
		manifest_refuse(parser, group, key, "must be from %d to %d", min, max);
	return value;
}

bool
manifest_get_boolean(struct manifest_parser *parser, const char *group, const char *key)
{
	g_autoptr(GError) error = NULL;
	bool value;

	if (!g_key_file_has_key(parser->file, group, key, NULL))
		return false;
	value = g_key_file_get_boolean(parser->file, group, key, &error);
	if (error != NULL)
		manifest_refuse(parser, group, key, "must be true or false");
	return value;
}

bool
manifest_get_group_guid(
    struct manifest_parser *parser, const char *group, const char *prefix, GUID *ret_guid)
{
	const char *text = group + strlen(prefix);

	if (guid_from_text(text, strlen(text), ret_guid))
		return true;
	manifest_refuse(parser, group, NULL,
	    "the group's name must be \"%s{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}\"", prefix);
	return false;
}
