/* SPDX-License-Identifier: BSD-2-Clause */
/* The differences in what time does: to a transaction, and to a card that nobody uses. */
#include "tests/conformance/dialect.h"

#define LIMIT_MS 5000u
#define LONGER_MS (LIMIT_MS + 1500u)

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

static void
watchdog(void)
{
	unsigned reader = steer_reader_with_card("Watchdog");
	SCARDHANDLE card, other;

	context = dialect_context();
	card = dialect_connect(context, "Watchdog");
	other = dialect_connect(context, "Watchdog");
	OK(SCardBeginTransaction(card));
	steer_let_pass("Watchdog", LONGER_MS);
	if (EITHER(false, true)) {
		/* It is held as long as its holder likes. */
		BOTH(dialect_control(other), SCARD_E_SHARING_VIOLATION);
		OK(dialect_transmit(card));
		OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
		OK(call_status(other));
	} else {
		BOTH(call_status(card), SCARD_W_RESET_CARD);
		BOTH(call_status(other), SCARD_W_RESET_CARD);
		OK(call_reconnect(other));
		OK(SCardBeginTransaction(other));
		OK(SCardEndTransaction(other, SCARD_LEAVE_CARD));
		OK(call_reconnect(card));
		BOTH(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
	}
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	OK(SCardDisconnect(other, SCARD_LEAVE_CARD));
	steer_unplug(reader, "Watchdog");
}

static void
idle_card(void)
{
	unsigned reader = steer_reader_with_card("Idle");
	SCARDHANDLE card = dialect_connect(context, "Idle");
	DWORD event;

	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	CU_ASSERT_EQUAL(steer_loses_power("Idle", LONGER_MS), EITHER(false, true));
	/* A caller does not see it: pcsc-lite has no such bit, Windows no such card. */
	OK(dialect_look(context, "Idle", SCARD_STATE_UNAWARE, &event));
	SUITE_EQUAL_HEX(event & 0xFFFF, SCARD_STATE_PRESENT | SCARD_STATE_CHANGED);
	/* Who comes next finds it ready. */
	card = dialect_connect(context, "Idle");
	OK(dialect_transmit(card));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	steer_unplug(reader, "Idle");
	OK(SCardReleaseContext(context));
}

static const struct suite_test tests[] = {
	{ DIALECT ": 7.2.27 a transaction that idles for five seconds", watchdog },
	{ DIALECT ": 7.2.32 a card that nobody uses for five seconds", idle_card },
};

int
main(void)
{
	return steer_run("dialect time", tests, sizeof tests / sizeof tests[0]);
}
