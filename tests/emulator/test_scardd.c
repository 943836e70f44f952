/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From an application to the card: scardd with the CCID driver on emulated readers, which come,
 * take cards, spoil an exchange, and go.
 */
#include <string.h>

#include <winscard.h>

#include "tests/daemon/scardd_process.h"
#include "tests/emulator/steering.h"
#include "tests/suite.h"

#define PATIENCE_MS 20000

static struct scardd_process scardd;
static struct steering steering;
static SCARDCONTEXT context;

static bool
is_listed(const char *name)
{
	char names[1024];
	DWORD length = sizeof names;

	if (SCardListReadersA(context, NULL, names, &length) != SCARD_S_SUCCESS)
		return false;
	for (const char *one = names; *one != '\0'; one += strlen(one) + 1)
		if (strcmp(one, name) == 0)
			return true;
	return false;
}

/* The slots of a device may come one after the other, and in any order. */
static void
wait_for_reader(const char *name)
{
	SCARD_READERSTATEA state = { .szReader = "\\\\?PnP?\\Notification",
		.dwCurrentState = SCARD_STATE_UNAWARE };
	LONG result = SCARD_S_SUCCESS;

	while (!is_listed(name) && result == SCARD_S_SUCCESS) {
		result = SCardGetStatusChangeA(context, PATIENCE_MS, &state, 1);
		state.dwCurrentState = state.dwEventState;
	}
	SUITE_EQUAL_HEX(result, SCARD_S_SUCCESS);
}

static void
wait_for_state(const char *name, DWORD wanted)
{
	SCARD_READERSTATEA state = { .szReader = name, .dwCurrentState = SCARD_STATE_UNAWARE };
	LONG result = SCardGetStatusChangeA(context, 0, &state, 1);

	while (result == SCARD_S_SUCCESS && (state.dwEventState & wanted) == 0) {
		state.dwCurrentState = state.dwEventState;
		result = SCardGetStatusChangeA(context, PATIENCE_MS, &state, 1);
	}
	SUITE_EQUAL_HEX(result, SCARD_S_SUCCESS);
}

static void
exchange(SCARDHANDLE card, LONG expected)
{
	static const BYTE select[] = { 0x00, 0xB0, 0x9E, 0x00, 0x04 };
	BYTE reply[64];
	DWORD length = sizeof reply;

	SUITE_EQUAL_HEX(
	    SCardTransmit(card, SCARD_PCI_T1, select, sizeof select, NULL, reply, &length),
	    expected);
	if (expected == SCARD_S_SUCCESS)
		SUITE_EQUAL_BYTES(reply, length, "00 01 02 03 90 00");
}

static void
from_application_to_card(void)
{
	const char *const drivers[] = { "ccid", NULL };
	const char *name = "Tessera Emulated Reader (0001) 00 00";
	SCARDHANDLE card;
	DWORD protocol;

	steering_begin(&steering);
	CU_ASSERT_TRUE_FATAL(scardd_start(&scardd, drivers));
	steering_started(&steering);
	SUITE_EQUAL_HEX(
	    SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), SCARD_S_SUCCESS);
	CU_ASSERT(!is_listed(name));
	steering_say(&steering, "plug 1 2 tpdu 2", "ok");
	wait_for_reader(name);
	steering_say(&steering, "insert 1 2 0 1 files", "ok");
	wait_for_state(name, SCARD_STATE_PRESENT);
	SUITE_EQUAL_HEX(
	    SCardConnectA(context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, &protocol),
	    SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(protocol, SCARD_PROTOCOL_T1);
	exchange(card, SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	steering_say(&steering, "remove 1 2 0", "ok");
	wait_for_state(name, SCARD_STATE_EMPTY);
	steering_say(&steering, "insert 1 2 0 1 files", "ok");
	wait_for_state(name, SCARD_STATE_PRESENT);
	SUITE_EQUAL_HEX(
	    SCardConnectA(context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, &protocol),
	    SCARD_S_SUCCESS);
	steering_say(&steering, "vanish 1 2 2", "ok");
	exchange(card, SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), SCARD_S_SUCCESS);
	CU_ASSERT_TRUE(scardd_stop(&scardd));
	steering_end(&steering);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "from an application to a card behind USB", from_application_to_card },
	};

	return suite_run("emulator scardd", tests, sizeof tests / sizeof tests[0]);
}
