/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/diagnostics.h"

#include <string.h>

#include "idl/limits.h"

#define SHOWN_LINE_MAX 240u     /* bytes of a source line that are shown */
#define SHOWN_EXPANSIONS_MAX 4u /* macros in macros that are named */

void
idl_diagnostics_init(struct idl_diagnostics *diagnostics)
{
	diagnostics->text = g_string_new(NULL);
	diagnostics->errors = 0;
	diagnostics->warnings = 0;
	diagnostics->is_lenient = false;
	diagnostics->held_back = true;
	diagnostics->shown = NULL;
}

void
idl_diagnostics_done(struct idl_diagnostics *diagnostics)
{
	if (diagnostics->text != NULL)
		g_string_free(diagnostics->text, TRUE);
	diagnostics->text = NULL;
}

bool
idl_diagnostics_full(const struct idl_diagnostics *diagnostics)
{
	return diagnostics->errors >= IDL_ERRORS_MAX;
}

/*
 * Control characters of the source must not reach somebody's terminal, nor half a character where
 * something was cut.
 */
static void
append_printable(GString *out, const char *text, gsize length)
{
	g_autofree char *valid = g_utf8_make_valid(text, (gssize)length);

	for (const char *at = valid; *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at;

		g_string_append_c(out, ((c < ' ' && c != '\t') || c == 0x7f) ? '?' : (char)c);
	}
}

/* The source line of a place and a caret under the column; tabs stay tabs, so that it lines up. */
static void
append_source_line(GString *out, const struct idl_place *place)
{
	const struct idl_source *source = place->source;
	gsize at = MIN((gsize)place->offset, source->length);
	gsize start = at, end = at;

	while (start > 0 && source->text[start - 1] != '\n')
		start--;
	while (end < source->length && source->text[end] != '\n' && source->text[end] != '\r')
		end++;
	if (start == end || at - start > SHOWN_LINE_MAX)
		return;

	append_printable(out, source->text + start, MIN(end - start, (gsize)SHOWN_LINE_MAX));
	g_string_append_c(out, '\n');
	for (gsize i = start; i < at; i++) {
		if (source->text[i] == '\t')
			g_string_append_c(out, '\t');
		else if (((unsigned char)source->text[i] & 0xc0) != 0x80)
			g_string_append_c(out, ' ');
	}
	g_string_append(out, "^\n");
}

/* "In file included from", for each file between this one and the one compiled; once a file. */
static void
append_includers(struct idl_diagnostics *diagnostics, const struct idl_source *source)
{
	const char *lead = "In file included from ";

	if (source == diagnostics->shown)
		return;
	diagnostics->shown = source;
	for (const struct idl_place *at = source->included_at; at != NULL;
	     at = at->source->included_at) {
		g_string_append_printf(
		    diagnostics->text, "%s%s:%u:%u", lead, at->source->path, at->line, at->column);
		lead = ",\n                 from ";
	}
	if (source->included_at != NULL)
		g_string_append(diagnostics->text, ":\n");
}

static void
append_message(GString *out, const struct idl_place *place, const char *severity, const char *text)
{
	g_string_append_printf(
	    out, "%s:%u:%u: %s: ", place->source->path, place->line, place->column, severity);
	append_printable(out, text, strlen(text));
	g_string_append_c(out, '\n');
	append_source_line(out, place);
}

static void
append_expansions(GString *out, const struct idl_expansion *expansion)
{
	for (guint i = 0; expansion != NULL && i < SHOWN_EXPANSIONS_MAX;
	     i++, expansion = expansion->outer) {
		g_autofree char *text =
		    g_strdup_printf("in the macro '%.40s', defined here", expansion->name);

		append_message(out, &expansion->definition, "note", text);
	}
}

static void G_GNUC_PRINTF(4, 0) report(struct idl_diagnostics *diagnostics,
    const struct idl_place *place, const char *severity, const char *format, va_list arguments)
{
	g_autofree char *message = g_strdup_vprintf(format, arguments);

	append_includers(diagnostics, place->source);
	append_message(diagnostics->text, place, severity, message);
	append_expansions(diagnostics->text, place->expansion);
}

static void report_error(struct idl_diagnostics *diagnostics, const struct idl_place *place,
    const char *format, va_list arguments) G_GNUC_PRINTF(3, 0);

static void
report_error(struct idl_diagnostics *diagnostics, const struct idl_place *place, const char *format,
    va_list arguments)
{
	diagnostics->held_back = idl_diagnostics_full(diagnostics);
	if (diagnostics->held_back)
		return;
	report(diagnostics, place, "error", format, arguments);
	diagnostics->errors++;
	if (idl_diagnostics_full(diagnostics))
		g_string_append_printf(diagnostics->text,
		    "%s: stopped after %u errors; mend these first\n", place->source->path,
		    IDL_ERRORS_MAX);
}

static void report_warning(struct idl_diagnostics *diagnostics, const struct idl_place *place,
    const char *format, va_list arguments) G_GNUC_PRINTF(3, 0);

static void
report_warning(struct idl_diagnostics *diagnostics, const struct idl_place *place,
    const char *format, va_list arguments)
{
	diagnostics->held_back = diagnostics->warnings >= IDL_ERRORS_MAX;
	if (diagnostics->held_back)
		return;
	report(diagnostics, place, "warning", format, arguments);
	diagnostics->warnings++;
}

void
idl_error(
    struct idl_diagnostics *diagnostics, const struct idl_place *place, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report_error(diagnostics, place, format, arguments);
	va_end(arguments);
}

void
idl_broken_rule(
    struct idl_diagnostics *diagnostics, const struct idl_place *place, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (diagnostics->is_lenient)
		report_warning(diagnostics, place, format, arguments);
	else
		report_error(diagnostics, place, format, arguments);
	va_end(arguments);
}

void
idl_warning(
    struct idl_diagnostics *diagnostics, const struct idl_place *place, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report_warning(diagnostics, place, format, arguments);
	va_end(arguments);
}

/* A note belongs to what was reported last, so it counts nothing and is held back with it. */
void
idl_note(
    struct idl_diagnostics *diagnostics, const struct idl_place *place, const char *format, ...)
{
	g_autofree char *message = NULL;
	va_list arguments;

	if (diagnostics->held_back || idl_diagnostics_full(diagnostics))
		return;
	va_start(arguments, format);
	message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	append_message(diagnostics->text, place, "note", message);
}
