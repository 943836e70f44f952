/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/terminal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* https://no-color.org: present and not empty. */
static bool
has_colour(void)
{
	static int answer = -1;

	if (answer < 0) {
		const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

		answer = isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0') &&
		    term != NULL && term[0] != '\0' && strcmp(term, "dumb") != 0;
	}
	return answer != 0;
}

bool
terminal_obeys(gunichar c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

char *
terminal_clean(const char *text)
{
	GString *clean = g_string_new(NULL);

	while (*text != '\0') {
		gunichar c = g_utf8_get_char_validated(text, -1);
		const char *next = text + 1;

		if (c == (gunichar)-1 || c == (gunichar)-2) {
			g_string_append_printf(clean, "\\x%02x", (unsigned char)*text);
		} else {
			next = g_utf8_next_char(text);
			if (!terminal_obeys(c))
				g_string_append_len(clean, text, next - text);
			else if (c < 0x80)
				g_string_append_printf(clean, "\\x%02x", (unsigned)c);
			else
				g_string_append_printf(clean, "\\u{%04x}", (unsigned)c);
		}
		text = next;
	}
	return g_string_free(clean, FALSE);
}

unsigned
terminal_width(const char *text)
{
	unsigned width = 0;

	for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
		gunichar character = g_utf8_get_char(c);

		if (!g_unichar_iszerowidth(character))
			width += g_unichar_iswide(character) ? 2 : 1;
	}
	return width;
}

static void
put_clean(enum terminal_style style, const char *clean)
{
	static const char *const codes[] = {
		[TERMINAL_PLAIN] = "",
		[TERMINAL_HEADING] = "\033[1m",
		[TERMINAL_GOOD] = "\033[32m",
		[TERMINAL_WARNING] = "\033[33m",
		[TERMINAL_BAD] = "\033[31m",
		[TERMINAL_DIM] = "\033[2m",
	};
	bool coloured = style != TERMINAL_PLAIN && clean[0] != '\0' && has_colour();

	printf("%s%s%s", coloured ? codes[style] : "", clean, coloured ? "\033[0m" : "");
}

static void
put(enum terminal_style style, const char *format, va_list arguments) G_GNUC_PRINTF(2, 0);

static void
put(enum terminal_style style, const char *format, va_list arguments)
{
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	g_autofree char *clean = terminal_clean(text);

	put_clean(style, clean);
}

void
terminal_put(enum terminal_style style, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put(style, format, arguments);
	va_end(arguments);
}

void
terminal_line(enum terminal_style style, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put(style, format, arguments);
	va_end(arguments);
	terminal_end_line();
}

void
terminal_end_line(void)
{
	putchar('\n');
}

void
terminal_field(const char *label, const char *value)
{
	if (value != NULL)
		terminal_line(TERMINAL_PLAIN, "  %-16s %s", label, value);
}

static void
free_row(void *row)
{
	g_strfreev(row);
}

void
terminal_table_init(struct terminal_table *table, const char *const *headings)
{
	table->headings = headings;
	table->rows = g_ptr_array_new_with_free_func(free_row);
}

void
terminal_table_add(struct terminal_table *table, char *cell, ...)
{
	g_autoptr(GPtrArray) row = g_ptr_array_new();
	va_list cells;

	va_start(cells, cell);
	for (; cell != NULL; cell = va_arg(cells, char *)) {
		g_ptr_array_add(row, terminal_clean(cell));
		g_free(cell);
	}
	va_end(cells);
	g_ptr_array_add(row, NULL);
	g_ptr_array_add(table->rows, g_ptr_array_steal(row, NULL));
}

static void
print_row(enum terminal_style style, const char *const *row, const unsigned *widths)
{
	for (; *row != NULL; row++, widths++) {
		put_clean(style, *row);
		if (row[1] != NULL)
			printf("%*s", (int)(*widths - terminal_width(*row)) + 2, "");
	}
	putchar('\n');
}

void
terminal_table_print(struct terminal_table *table, const char *empty)
{
	guint columns = g_strv_length((GStrv)table->headings);
	unsigned *widths = g_new0(unsigned, columns);

	for (guint i = 0; i < columns; i++) {
		widths[i] = terminal_width(table->headings[i]);
		for (guint r = 0; r < table->rows->len; r++) {
			const char *const *row = g_ptr_array_index(table->rows, r);

			widths[i] = MAX(widths[i], terminal_width(row[i]));
		}
	}
	if (table->rows->len == 0)
		puts(empty);
	else
		print_row(TERMINAL_HEADING, table->headings, widths);
	for (guint r = 0; r < table->rows->len; r++)
		print_row(TERMINAL_PLAIN, g_ptr_array_index(table->rows, r), widths);
	g_free(widths);
	g_ptr_array_unref(table->rows);
}
