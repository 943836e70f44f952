/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/conformance/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/rows.h"

#define READERS_MAX 16u

bool
fixture_expect(LONG actual, LONG expected, const char *call, const char *file, unsigned line)
{
	char text[1024];
	int n;

	n = snprintf(text, sizeof text, "%s gave %s", call, tessera_scard_error(actual));
	if (n < 0 || (size_t)n >= sizeof text)
		n = sizeof text - 1;
	(void)snprintf(text + n, sizeof text - (size_t)n, " (%s); expected %s",
	    tessera_scard_message(), tessera_scard_error(expected));
	CU_assertImplementation(actual == expected, line, text, file, "", CU_FALSE);
	rows_note(call, tessera_scard_error(expected), actual == expected);
	return actual == expected;
}

bool
fixture_effect(
    bool seen, const char *function, const char *condition, const char *file, unsigned line)
{
	CU_assertImplementation(seen, line, condition, file, "", CU_FALSE);
	rows_note(function, ROWS_EFFECT, seen);
	return seen;
}

int
fixture_run(const char *name, const struct suite_test *tests, size_t count)
{
	(void)setenv("TESSERA_RM", "embedded:softcard", 0);
	return rows_end(name, suite_run(name, tests, count));
}

void
fixture_die(const char *what, LONG code)
{
	printf("not ok - %s: %s: %s\n", what, tessera_scard_error(code), tessera_scard_message());
	exit(1);
}

SCARDCONTEXT
fixture_context(void)
{
	SCARDCONTEXT context;
	LONG code = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context);

	if (code != SCARD_S_SUCCESS)
		fixture_die("SCardEstablishContext", code);
	return context;
}

static void
find_reader(char *ret_name)
{
	static char list[READERS_MAX * FIXTURE_NAME_SIZE];
	SCARD_READERSTATEA state;
	SCARDCONTEXT context = fixture_context();
	DWORD length = sizeof list;
	LONG code = SCardListReadersA(context, NULL, list, &length);

	if (code != SCARD_S_SUCCESS)
		fixture_die("SCardListReaders", code);
	for (const char *name = list; *name != '\0'; name += strlen(name) + 1) {
		memset(&state, 0, sizeof state);
		state.szReader = name;
		code = SCardGetStatusChangeA(context, 0, &state, 1);
		if (code != SCARD_S_SUCCESS)
			fixture_die("SCardGetStatusChange", code);
		if ((state.dwEventState & (SCARD_STATE_PRESENT | SCARD_STATE_MUTE)) ==
		    SCARD_STATE_PRESENT) {
			(void)snprintf(ret_name, FIXTURE_NAME_SIZE, "%s", name);
			break;
		}
	}
	(void)SCardReleaseContext(context);
	if (*ret_name == '\0')
		fixture_die("no reader has a card that answers", SCARD_E_NO_SMARTCARD);
}

const char *
fixture_reader(void)
{
	static char reader[FIXTURE_NAME_SIZE];

	if (reader[0] == '\0')
		find_reader(reader);
	return reader;
}

const WCHAR *
fixture_reader_wide(void)
{
	static WCHAR reader[FIXTURE_NAME_SIZE];
	static WCHAR list[READERS_MAX * FIXTURE_NAME_SIZE];
	static char narrow[READERS_MAX * FIXTURE_NAME_SIZE];
	DWORD length = READERS_MAX * FIXTURE_NAME_SIZE, narrow_length = sizeof narrow;
	const WCHAR *name = list;
	LONG code;

	if (reader[0] != 0)
		return reader;
	/* Both lists have the same order. */
	if ((code = SCardListReadersW(0, NULL, list, &length)) != SCARD_S_SUCCESS ||
	    (code = SCardListReadersA(0, NULL, narrow, &narrow_length)) != SCARD_S_SUCCESS)
		fixture_die("SCardListReaders", code);
	for (const char *n = narrow; *n != '\0' && strcmp(n, fixture_reader()) != 0;
	     n += strlen(n) + 1)
		while (*name++ != 0)
			;
	for (size_t i = 0; name[i] != 0 && i < FIXTURE_NAME_SIZE - 1; i++)
		reader[i] = name[i];
	return reader;
}

SCARDHANDLE
fixture_connect(SCARDCONTEXT context)
{
	SCARDHANDLE card;
	DWORD active;
	LONG code = SCardConnectA(
	    context, fixture_reader(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, &active);

	if (code != SCARD_S_SUCCESS)
		fixture_die("SCardConnect", code);
	return card;
}

size_t
fixture_list_length(const char *list, size_t max)
{
	size_t length = 0, n;

	do {
		n = strnlen(list + length, max - length);
		if (n == max - length)
			return 0;
		length += n + 1;
	} while (n > 0);
	return length;
}

bool
fixture_list_has(const char *list, const char *name)
{
	for (; *list != '\0'; list += strlen(list) + 1)
		if (strcmp(list, name) == 0)
			return true;
	return false;
}

size_t
fixture_transmit(SCARDHANDLE card, const BYTE *command, DWORD length, BYTE *reply, DWORD room)
{
	DWORD reply_length = room;

	if (!OK(SCardTransmit(card, NULL, command, length, NULL, reply, &reply_length)))
		return 0;
	return reply_length;
}
