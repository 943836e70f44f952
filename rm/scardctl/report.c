/* SPDX-License-Identifier: BSD-2-Clause */
/* What went wrong, for people. */
#include <stdarg.h>
#include <stdio.h>

#include <tessera_scard.h>

#include "rm/scardctl/scardctl.h"

static void
print(const char *format, va_list arguments, const char *end) __attribute__((format(printf, 1, 0)));

/* In one piece, so that lines of several processes do not mix. */
static void
print(const char *format, va_list arguments, const char *end)
{
	g_autofree char *text = g_strdup_vprintf(format, arguments);

	fprintf(stderr, "scardctl: %s%s\n", text, end);
}

int
scardctl_problem(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments, "");
	va_end(arguments);
	return SCARDCTL_FAILURE;
}

int
scardctl_wrong_use(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments, "; see scardctl --help");
	va_end(arguments);
	return SCARDCTL_USAGE;
}

int
scardctl_failed(LONG code, const char *format, ...)
{
	/* The texts live until the next call on this thread, and printing makes none. */
	const char *reason = tessera_scard_message();
	g_autofree char *end = g_strconcat(
	    ": ", tessera_scard_error(code), reason[0] != '\0' ? "\n  " : "", reason, NULL);
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments, end);
	va_end(arguments);
	return SCARDCTL_FAILURE;
}

SCARDCONTEXT
scardctl_establish(void)
{
	SCARDCONTEXT context = 0;
	LONG code = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context);

	if (code == SCARD_S_SUCCESS)
		return context;
	(void)scardctl_failed(code, "cannot reach the resource manager");
	return 0;
}
