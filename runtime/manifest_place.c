/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/manifest_place.h"

#include <stdbool.h>
#include <string.h>

#define QUOTED_MAX 160 /* characters of a file that a message repeats */

unsigned
manifest_find_line(const char *data, size_t size, const char *group, const char *key)
{
	const char *end = data + size;
	g_autofree char *header = g_strdup_printf("[%s]", group);
	size_t header_length = strlen(header), key_length = key != NULL ? strlen(key) : 0;
	bool inside = false;
	unsigned number = 1, group_line = 0;

	for (const char *line = data; line < end; number++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((stop != NULL ? stop : end) - line);

		if (length > 0 && line[0] == '[') {
			inside =
			    length >= header_length && memcmp(line, header, header_length) == 0;
			if (inside)
				group_line = number;
		} else if (inside && key != NULL && length > key_length &&
		    memcmp(line, key, key_length) == 0 &&
		    strchr("= \t", line[key_length]) != NULL) {
			return number;
		}
		if (stop == NULL)
			break;
		line = stop + 1;
	}
	return group_line;
}

char *
manifest_quotable(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	char *start = g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), QUOTED_MAX));

	for (char *c = start; *c != '\0'; c++)
		if (g_ascii_iscntrl(*c))
			*c = ' ';
	return start;
}

char *
manifest_check_text(const char *data, size_t size)
{
	const char *end;
	unsigned line = 1;

	if (memchr(data, '\0', size) != NULL)
		return g_strdup("contains a NUL byte; is this a text file?");
	if (g_utf8_validate(data, (gssize)size, &end))
		return NULL;
	for (const char *c = data; c < end; c++)
		line += *c == '\n';
	return g_strdup_printf("line %u: not UTF-8", line);
}

/* The first line that is neither blank, a comment, a group nor key=value; 0: none. */
static unsigned
find_malformed_line(const char *data, size_t size)
{
	const char *end = data + size;
	bool in_group = false;
	unsigned number = 1;

	for (const char *line = data; line < end; number++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((stop != NULL ? stop : end) - line);
		g_autofree char *copy = g_strndup(line, length);
		const char *text = g_strstrip(copy);

		if (text[0] == '[') {
			if (text[strlen(text) - 1] != ']' || strpbrk(text + 1, "[") != NULL ||
			    strchr(text, ']') != text + strlen(text) - 1)
				return number;
			in_group = true;
		} else if (text[0] != '\0' && text[0] != '#' &&
		    (!in_group || text[0] == '=' || strchr(text, '=') == NULL)) {
			return number;
		}
		if (stop == NULL)
			break;
		line = stop + 1;
	}
	return 0;
}

char *
manifest_describe_syntax_error(const char *data, size_t size, const GError *error)
{
	unsigned line = find_malformed_line(data, size);
	g_autofree char *text = manifest_quotable(error->message);

	if (line == 0)
		return g_steal_pointer(&text);
	return g_strdup_printf("line %u: %s", line, text);
}
