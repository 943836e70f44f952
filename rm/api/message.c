/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One buffer a thread, without allocation and without a destructor, so that it works at any moment
 * of a process's or a thread's life.
 */
#include "rm/api/message.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>

#include <tessera_scard.h>

#include "rm/api/calls.h"
#include "rm/api/visibility.h"

static _Thread_local char message[RM_CALLS_MESSAGE_SIZE];

char *
api_message_clear(void)
{
	message[0] = '\0';
	return message;
}

char *
api_message(void)
{
	return message;
}

void
api_explain(const char *format, ...)
{
	const char *end;
	va_list args;

	va_start(args, format);
	(void)vsnprintf(message, sizeof message, format, args);
	va_end(args);
	/* A caller's name need not be UTF-8, and the end may have been cut within a character. */
	while (!g_utf8_validate(message, -1, &end))
		message[end - message] = '?';
}

LONG
api_result(const char *function, LONG code)
{
	if (code == SCARD_S_SUCCESS)
		message[0] = '\0';
	else if (message[0] == '\0')
		(void)snprintf(
		    message, sizeof message, "%s: %s", function, tessera_scard_error(code));
	return code;
}

API_EXPORT const char *
tessera_scard_message(void)
{
	return message;
}
