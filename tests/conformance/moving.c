/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/conformance/moving.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <objbase.h>

const BYTE moving_atr[4] = { 0x3B, 0x81, 0x00, 0x11 };

ITestDriverControl *mover;
SCARDCONTEXT moving_context;

/* A step of the test itself, not what is tested: without it nothing else makes sense. */
static void
must(HRESULT result, const char *what)
{
	if (result == S_OK)
		return;
	printf("not ok - %s: 0x%08X\n", what, (unsigned)result);
	exit(1);
}

int
moving_run(const char *name, const struct suite_test *tests, size_t count)
{
	char path[1024];
	void *object;
	int status;

	(void)snprintf(path, sizeof path, "%s/tests/components", getenv("TESSERA_BUILD"));
	(void)setenv("TESSERA_COMPONENT_PATH", path, 1);
	(void)setenv("TESSERA_RM", "embedded:test", 1);
	must(CoInitializeEx(NULL, COINIT_MULTITHREADED), "CoInitializeEx");
	must(CoCreateInstance(&CLSID_TestDriverControl, NULL, CLSCTX_INPROC_SERVER,
		 &IID_ITestDriverControl, &object),
	    "TestDriverControl");
	mover = object;
	moving_context = fixture_context();
	status = suite_run(name, tests, count);
	(void)SCardReleaseContext(moving_context);
	(void)ITestDriverControl_Release(mover);
	CoUninitialize();
	return status;
}

DWORD
moving_wait(const char *name, DWORD mask, DWORD wanted)
{
	SCARD_READERSTATEA state = { .szReader = name };
	LONG code;

	do {
		code = SCardGetStatusChangeA(moving_context, MOVING_PATIENCE_MS, &state, 1);
		if (code != SCARD_S_SUCCESS)
			fixture_die(name, code);
		state.dwCurrentState =
		    state.dwEventState & ~(DWORD)(SCARD_STATE_CHANGED | SCARD_STATE_IGNORE);
	} while ((state.dwEventState & mask) != wanted);
	return state.dwEventState;
}

ULONG
moving_reader(const char *name)
{
	ULONG reader;

	must(ITestDriverControl_AddReader(mover, name, 0, 0, &reader), "AddReader");
	(void)moving_wait(name, SCARD_STATE_UNKNOWN, 0);
	return reader;
}

ULONG
moving_reader_with_card(const char *name)
{
	ULONG reader = moving_reader(name);

	moving_insert(reader, name);
	return reader;
}

void
moving_insert(ULONG reader, const char *name)
{
	must(ITestDriverControl_InsertCard(
		 mover, reader, moving_atr, sizeof moving_atr, SCARD_PROTOCOL_Tx),
	    "InsertCard");
	(void)moving_wait(name, SCARD_STATE_PRESENT | SCARD_STATE_UNPOWERED, SCARD_STATE_PRESENT);
}

void
moving_remove(ULONG reader, const char *name)
{
	must(ITestDriverControl_RemoveCard(mover, reader), "RemoveCard");
	(void)moving_wait(name, SCARD_STATE_EMPTY, SCARD_STATE_EMPTY);
}

void
moving_unplug(ULONG reader)
{
	must(ITestDriverControl_RemoveReader(mover, reader), "RemoveReader");
}

SCARDHANDLE
moving_connect(SCARDCONTEXT context, const char *name)
{
	SCARDHANDLE card;
	LONG code =
	    SCardConnectA(context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL);

	if (code != SCARD_S_SUCCESS)
		fixture_die(name, code);
	return card;
}

LONG
moving_transmit(SCARDHANDLE card)
{
	static const BYTE command[] = { 0x00, 0xA4, 0x00, 0x00 };
	BYTE reply[16];
	DWORD length = sizeof reply;
	LONG code = SCardTransmit(card, NULL, command, sizeof command, NULL, reply, &length);

	if (code == SCARD_S_SUCCESS && (length != 2 || reply[0] != 0x90 || reply[1] != 0x00))
		return SCARD_F_INTERNAL_ERROR;
	return code;
}

ULONGLONG
moving_deadline(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return ((ULONGLONG)now.tv_sec + MOVING_PATIENCE_MS / 1000) * 1000000000u +
	    (ULONGLONG)now.tv_nsec;
}
