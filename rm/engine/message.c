/* SPDX-License-Identifier: BSD-2-Clause */
/* Explaining texts: which reader, what happened, what to do. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <winerror.h>

#include "rm/engine/private.h"

static const struct {
	LONG code;
	const char *text;
} texts[] = {
	{ SCARD_F_INTERNAL_ERROR, "an internal check failed; please report this" },
	{ SCARD_E_CANCELLED, "the call was cancelled" },
	{ SCARD_E_INVALID_HANDLE,
	    "the handle is not valid: released, or never given out; establish or connect anew" },
	{ ERROR_INVALID_HANDLE,
	    "the handle is not valid: released, or never given out; establish or connect anew" },
	{ SCARD_E_INVALID_PARAMETER, "an argument makes no sense to the reader; check the call" },
	{ SCARD_E_INVALID_VALUE,
	    "share mode, disposition, scope or initialisation is none of those allowed" },
	{ SCARD_E_NO_MEMORY, "out of memory, or too many handles are open; close some" },
	{ SCARD_E_UNKNOWN_READER, "there is no reader of that name; list the readers" },
	{ SCARD_E_TIMEOUT, "no answer in time; the card or the reader hangs, take the card out" },
	{ SCARD_E_NO_SMARTCARD, "there is no card; put one in" },
	{ SCARD_E_CANT_DISPOSE, "the reader cannot do that to the card" },
	{ SCARD_E_PROTO_MISMATCH,
	    "card and request have no protocol in common; ask for T=0 or T=1 "
	    "as the card offers, or reset the card" },
	{ SCARD_E_NOT_READY, "it is not ready; try again later" },
	{ SCARD_F_COMM_ERROR, "communication failed; take the card out and put it back" },
	{ SCARD_E_NOT_TRANSACTED,
	    "the exchange with the card failed; reset the card, or take it "
	    "out and put it back" },
	{ SCARD_E_READER_UNAVAILABLE,
	    "it was unplugged or has failed; plug it in again and connect anew" },
	{ SCARD_E_UNSUPPORTED_FEATURE, "it has no such function" },
	{ ERROR_NOT_SUPPORTED, "it has no such attribute" },
	{ ERROR_INVALID_FUNCTION, "it does not know this control code" },
	{ SCARD_E_NO_READERS_AVAILABLE,
	    "there is no reader; plug one in, or look whether its "
	    "driver is running" },
	{ SCARD_E_COMM_DATA_LOST,
	    "the exchange with the card failed; clean the card, or take it "
	    "out and put it back" },
	{ SCARD_W_UNRESPONSIVE_CARD,
	    "the card does not answer its reset; is it the right way round?" },
	{ SCARD_W_UNPOWERED_CARD, "the card has no power; reconnect with a reset" },
	{ SCARD_W_RESET_CARD,
	    "the card was reset since the last call; call SCardReconnect, then log in again" },
	{ SCARD_W_REMOVED_CARD, "the card was taken out; call SCardReconnect when it is back" },
};

void
rm_message(char *message, const char *format, ...)
{
	va_list arguments;
	const char *end;

	va_start(arguments, format);
	(void)vsnprintf(message, RM_MESSAGE_SIZE, format, arguments);
	va_end(arguments);
	/* A name that a client made up, or a character that was cut in two. */
	while (!g_utf8_validate(message, -1, &end))
		message[end - message] = '?';
}

static const char *
code_text(LONG code)
{
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (texts[i].code == code)
			return texts[i].text;
	return "the reader's driver reported a failure";
}

LONG
rm_message_code(char *message, const char *name, LONG code)
{
	if (name != NULL)
		rm_message(message, "reader '%.*s': %s", RM_NAME_SIZE - 1, name, code_text(code));
	else
		rm_message(message, "%s", code_text(code));
	return code;
}

LONG
rm_fail(struct rm_turn *turn, LONG code)
{
	return rm_message_code(turn->request->message, turn->reader->name, code);
}
