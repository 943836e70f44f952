/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/scardctl/json.h"

#include <stdio.h>
#include <string.h>

#include "rm/scardctl/hex.h"

static void
put_string(struct json *json, const char *value)
{
	/* Names of programs may be any bytes; JSON is UTF-8. */
	g_autofree char *valid = g_utf8_make_valid(value, -1);

	g_string_append_c(json->text, '"');
	for (const char *c = valid; *c != '\0'; c++)
		if (*c == '"' || *c == '\\')
			g_string_append_printf(json->text, "\\%c", *c);
		else if ((unsigned char)*c < 0x20)
			g_string_append_printf(json->text, "\\u%04x", (unsigned)*c);
		else
			g_string_append_c(json->text, *c);
	g_string_append_c(json->text, '"');
}

static void
begin_value(struct json *json, const char *name)
{
	size_t length = json->text->len;

	if (length > 0 && strchr("{[", json->text->str[length - 1]) == NULL)
		g_string_append(json->text, ", ");
	if (name != NULL) {
		put_string(json, name);
		g_string_append(json->text, ": ");
	}
}

void
json_init(struct json *json)
{
	json->text = g_string_new(NULL);
}

void
json_print(struct json *json)
{
	puts(json->text->str);
	json_drop(json);
}

void
json_drop(struct json *json)
{
	g_string_free(json->text, TRUE);
	json->text = NULL;
}

void
json_open(struct json *json, const char *name, char bracket)
{
	begin_value(json, name);
	g_string_append_c(json->text, bracket);
}

void
json_close(struct json *json, char bracket)
{
	g_string_append_c(json->text, bracket);
}

void
json_string(struct json *json, const char *name, const char *value)
{
	begin_value(json, name);
	if (value != NULL)
		put_string(json, value);
	else
		g_string_append(json->text, "null");
}

void
json_bytes(struct json *json, const char *name, const uint8_t *data, size_t length)
{
	g_autofree char *text = length > 0 ? hex_text(data, length) : NULL;

	json_string(json, name, text);
}

void
json_number(struct json *json, const char *name, int64_t value)
{
	begin_value(json, name);
	g_string_append_printf(json->text, "%" G_GINT64_FORMAT, value);
}

void
json_boolean(struct json *json, const char *name, bool value)
{
	begin_value(json, name);
	g_string_append(json->text, value ? "true" : "false");
}
