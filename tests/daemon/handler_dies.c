/* SPDX-License-Identifier: BSD-2-Clause */
/*
 *	handler_dies NAME LOG
 *
 * A reader whose hosted handler dies with every command: it is started again five times, and then
 * no more. Each time the command fails, the reader goes, and the log says what comes next.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <winerror.h>
#include <winscard.h>

#define RESTARTS 5u
#define LIMIT_MS 10000u
#define NOTIFICATION "\\\\?PnP?\\Notification"

static const char *name;
static unsigned number;
static bool failed;

static void
report(bool good, const char *what)
{
	printf("%s %u - handler dies, %s: %s\n", good ? "ok" : "not ok", ++number, name, what);
	failed = failed || !good;
}

static void
report_result(LONG result, LONG expected, const char *what)
{
	report(result == expected, what);
	if (result != expected)
		printf("#   is 0x%08X, expected 0x%08X\n", (unsigned)result, (unsigned)expected);
}

/* Whether a line of the log has the text; lines before it are passed over. */
static bool
hear(int log, const char *text)
{
	char line[512];
	size_t length = 0;

	for (;;) {
		struct pollfd polled = { .fd = log, .events = POLLIN };

		if (poll(&polled, 1, LIMIT_MS) != 1 || read(log, &line[length], 1) != 1)
			return false;
		if (line[length] != '\n' && length < sizeof line - 2) {
			length++;
			continue;
		}
		line[length] = '\0';
		length = 0;
		if (strstr(line, text) != NULL)
			return true;
	}
}

/* Until so many readers are there: one or none. */
static bool
wait_for_readers(SCARDCONTEXT context, DWORD count)
{
	SCARD_READERSTATE state = { .szReader = NOTIFICATION,
		.dwCurrentState = (count == 0 ? 1u : 0u) << 16 };
	LONG result = SCardGetStatusChange(context, LIMIT_MS, &state, 1);

	return result == SCARD_S_SUCCESS && state.dwEventState >> 16 == count;
}

static bool
wait_for_card(SCARDCONTEXT context, const char *reader)
{
	SCARD_READERSTATE state = { .szReader = reader, .dwCurrentState = SCARD_STATE_EMPTY };
	LONG result = SCardGetStatusChange(context, LIMIT_MS, &state, 1);

	return result == SCARD_S_SUCCESS && (state.dwEventState & SCARD_STATE_PRESENT) != 0;
}

static void
die_once(SCARDCONTEXT context, const char *reader)
{
	static const BYTE command[] = { 0x00, 0xA4, 0x00, 0x0C };
	BYTE reply[16];
	DWORD length = sizeof reply, protocol;
	SCARDHANDLE card;
	LONG result;

	report(wait_for_readers(context, 1) && wait_for_card(context, reader),
	    "the reader comes, with its card");
	result =
	    SCardConnect(context, reader, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, &card, &protocol);
	report_result(result, SCARD_S_SUCCESS, "it is connected to");
	if (result != SCARD_S_SUCCESS)
		return;
	report_result(
	    SCardTransmit(card, SCARD_PCI_T0, command, sizeof command, NULL, reply, &length),
	    SCARD_E_READER_UNAVAILABLE, "the command that the handler dies of");
	report(wait_for_readers(context, 0), "the reader goes");
	(void)SCardDisconnect(card, SCARD_LEAVE_CARD);
}

int
main(int argc, char **argv)
{
	static const char reader[] = "Echo 00 00";
	SCARD_READERSTATE state = { .szReader = reader };
	SCARDCONTEXT context;
	SCARDHANDLE card;
	DWORD protocol, length = SCARD_AUTOALLOCATE;
	char text[64], *list;
	int log = argc == 3 ? open(argv[2], O_RDONLY | O_CLOEXEC) : -1;

	if (log < 0) {
		fprintf(stderr, "usage: handler_dies NAME LOG\n");
		return 100;
	}
	name = argv[1];
	if (SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context) != SCARD_S_SUCCESS)
		return 1;
	for (unsigned i = 0; i < RESTARTS; i++) {
		die_once(context, reader);
		(void)snprintf(text, sizeof text, "; it is started again in %u ms", 100u << i);
		report(hear(log, text), text + 2);
	}
	die_once(context, reader);
	report(hear(log, "; it was started again 5 times, and is given up"), "it is given up");
	report_result(SCardListReaders(context, NULL, (LPSTR)&list, &length),
	    SCARD_E_NO_READERS_AVAILABLE, "no reader is left");
	report_result(
	    SCardConnect(context, reader, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, &card, &protocol),
	    SCARD_E_UNKNOWN_READER, "nobody knows it");
	report_result(
	    SCardGetStatusChange(context, 0, &state, 1), SCARD_S_SUCCESS, "its state is told");
	report((state.dwEventState & SCARD_STATE_UNKNOWN) != 0, "as unknown");
	report_result(SCardReleaseContext(context), SCARD_S_SUCCESS, "the context is released");
	return failed;
}
