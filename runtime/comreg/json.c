/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/json.h"

#include <assert.h>
#include <stdio.h>

#include <glib.h>

#include "runtime/comreg/terminal.h"

static void
put_string(const char *text)
{
	/* File names may be any bytes; JSON is UTF-8. */
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	putchar('"');
	for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c)) {
		gunichar character = g_utf8_get_char(c);

		if (*c == '"' || *c == '\\')
			printf("\\%c", *c);
		else if (terminal_obeys(character)) /* all of them have four digits */
			printf("\\u%04x", (unsigned)character);
		else
			printf("%.*s", (int)(g_utf8_next_char(c) - c), c);
	}
	putchar('"');
}

static void
begin_member(struct json *json, const char *name)
{
	if (json->has_members[json->depth])
		putchar(',');
	if (json->depth > 0)
		printf("\n%*s", (int)(2 * json->depth), "");
	json->has_members[json->depth] = true;
	if (name != NULL) {
		put_string(name);
		fputs(": ", stdout);
	}
}

void
json_open(struct json *json, const char *name, char bracket)
{
	begin_member(json, name);
	putchar(bracket);
	assert(json->depth < JSON_DEPTH_MAX);
	json->has_members[++json->depth] = false;
}

void
json_close(struct json *json, char bracket)
{
	bool empty = !json->has_members[json->depth];

	json->depth--;
	if (!empty)
		printf("\n%*s", (int)(2 * json->depth), "");
	putchar(bracket);
	if (json->depth == 0)
		putchar('\n');
}

void
json_string(struct json *json, const char *name, const char *value)
{
	begin_member(json, name);
	if (value != NULL)
		put_string(value);
	else
		fputs("null", stdout);
}

void
json_number(struct json *json, const char *name, int value)
{
	begin_member(json, name);
	printf("%d", value);
}

void
json_boolean(struct json *json, const char *name, bool value)
{
	begin_member(json, name);
	fputs(value ? "true" : "false", stdout);
}
