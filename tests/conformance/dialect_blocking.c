/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PCSCLITE_NO_BLOCKING in the environment: with pcsc-lite's library a call that would wait for
 * another's transaction gives SCARD_E_SHARING_VIOLATION; Windows's does not know the variable.
 */
#include <stdlib.h>

#include "tests/conformance/dialect.h"

static SCARDCONTEXT context;

static LONG
call_status(SCARDHANDLE card)
{
	return SCardStatus(card, NULL, NULL, NULL, NULL, NULL, NULL);
}

static LONG
call_reconnect(SCARDHANDLE card)
{
	DWORD active;

	return SCardReconnect(
	    card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD, &active);
}

static LONG
call_begin_and_end(SCARDHANDLE card)
{
	LONG code = SCardBeginTransaction(card);

	return code == SCARD_S_SUCCESS ? SCardEndTransaction(card, SCARD_LEAVE_CARD) : code;
}

static void
refused(void)
{
	static LONG (*const calls[])(
	    SCARDHANDLE) = { call_status, call_reconnect, dialect_transmit };
	unsigned reader = steer_reader_with_card("Blocking");
	SCARDHANDLE card, other;

	context = dialect_context();
	card = dialect_connect(context, "Blocking");
	other = dialect_connect(context, "Blocking");
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		if (EITHER(true, false)) {
			dialect_waits(card, other, calls[i], SCARD_S_SUCCESS);
			continue;
		}
		OK(SCardBeginTransaction(card));
		BOTH(calls[i](other), SCARD_E_SHARING_VIOLATION);
		OK(calls[i](card));
		OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
		OK(calls[i](other));
	}
	/* To begin a transaction is to wait for one, here as there. */
	dialect_waits(card, other, call_begin_and_end, SCARD_S_SUCCESS);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	OK(SCardDisconnect(other, SCARD_LEAVE_CARD));
	steer_unplug(reader, "Blocking");
	OK(SCardReleaseContext(context));
}

/* Without the variable everybody waits. */
static void
waits(void)
{
	unsigned reader = steer_reader_with_card("Waiting");
	SCARDHANDLE card, other;

	(void)unsetenv("PCSCLITE_NO_BLOCKING");
	context = dialect_context();
	card = dialect_connect(context, "Waiting");
	other = dialect_connect(context, "Waiting");
	dialect_waits(card, other, call_status, SCARD_S_SUCCESS);
	OK(SCardReleaseContext(context));
	steer_unplug(reader, "Waiting");
}

static const struct suite_test tests[] = {
	{ DIALECT ": 7.2.23 PCSCLITE_NO_BLOCKING", refused },
	{ DIALECT ": 7.2.23 without it", waits },
};

int
main(void)
{
	(void)setenv("PCSCLITE_NO_BLOCKING", "1", 1);
	return steer_run("dialect blocking", tests, sizeof tests / sizeof tests[0]);
}
