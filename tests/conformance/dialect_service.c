/* SPDX-License-Identifier: BSD-2-Clause */
/* The differences when a service stands behind the library: forks, deaths of clients, its own end.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/conformance/dialect.h"
#include "tests/daemon/scardd_process.h"

static struct scardd_process scardd;
static SCARDCONTEXT context;
static char reader[128];

static void
begin(void)
{
	static const char *const drivers[] = { "softcard", NULL };
	DWORD length = sizeof reader;

	if (!scardd_start(&scardd, drivers))
		exit(1);
	context = dialect_context();
	OK(SCardListReaders(context, NULL, reader, &length));
}

/* What a child that was forked here returns. */
static int
child_gives(int (*work)(void))
{
	pid_t child = fork();
	int status = -1;

	if (child == 0)
		_exit(work());
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	return status;
}

static int
use_inherited(void)
{
	DWORD length = 0;
	SCARDCONTEXT own;

	/* Bits that are set are failures. */
	return (SCardListReaders(context, NULL, NULL, &length) == SCARD_S_SUCCESS) |
	    (SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &own) != SCARD_S_SUCCESS) << 1 |
	    (SCardListReaders(own, NULL, NULL, &length) != SCARD_S_SUCCESS) << 2;
}

static void
forked(void)
{
	DWORD length = 0;

	SUITE_EQUAL_INT(child_gives(use_inherited), 0);
	OK(SCardListReaders(context, NULL, NULL, &length));
}

static int
die_in_transaction(void)
{
	SCARDHANDLE card = dialect_connect(dialect_context(), reader);

	return SCardBeginTransaction(card) != SCARD_S_SUCCESS;
}

/* The card is reset before anyone else gets it. */
static void
death(void)
{
	SCARDHANDLE card = dialect_connect(context, reader);

	SUITE_EQUAL_INT(child_gives(die_in_transaction), 0);
	/* Until the death is known the transaction is held, and this waits. */
	BOTH(SCardBeginTransaction(card), SCARD_W_RESET_CARD);
	BOTH(SCardStatus(card, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_W_RESET_CARD);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
}

static int
die_connected(void)
{
	return dialect_connect(dialect_context(), reader) == 0;
}

static void
let_pass(unsigned milliseconds)
{
	SCARD_READERSTATE state = { .szReader = reader };

	OK(SCardGetStatusChange(context, 0, &state, 1));
	state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	(void)SCardGetStatusChange(context, milliseconds, &state, 1);
}

/*
 * Nobody says when a death is known. Windows: when the card has been reset. pcsc-lite: when the
 * card can be had alone; until then and at that moment nothing has happened to it.
 */
static void
death_of_connected(void)
{
	SCARDHANDLE card = dialect_connect(context, reader);
	LONG code = SCARD_S_SUCCESS;
	DWORD active;

	SUITE_EQUAL_INT(child_gives(die_connected), 0);
	for (unsigned i = 0; i < 1000; i++) {
		code = SCardStatus(card, NULL, NULL, NULL, NULL, NULL, NULL);
		if (code != SCARD_S_SUCCESS)
			break;
		if (EITHER(false, true) &&
		    SCardReconnect(card, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD,
			&active) == SCARD_S_SUCCESS)
			break;
		let_pass(10);
	}
	GIVES(code, SCARD_W_RESET_CARD, SCARD_S_SUCCESS);
	GIVES(SCardReconnect(
		  card, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD, &active),
	    SCARD_S_SUCCESS, SCARD_S_SUCCESS);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
}

/* The length that is needed; the reply itself is lost, the connection is not. */
static void
too_long(void)
{
	static const BYTE challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };
	SCARDHANDLE card = dialect_connect(context, reader);
	BYTE reply[16];
	DWORD length = 4;

	BOTH(SCardTransmit(card, SCARD_PCI_T1, challenge, sizeof challenge, NULL, reply, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 10);
	OK(SCardTransmit(card, SCARD_PCI_T1, challenge, sizeof challenge, NULL, reply, &length));
	SUITE_EQUAL_INT(length, 10);
	OK(SCardDisconnect(card, SCARD_RESET_CARD));
}

/* With T=0 a card has its answer fetched, and nobody but the caller fetches it. */
static void
case_4(void)
{
	static const BYTE select_mf[] = { 0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00 };
	BYTE get_response[] = { 0x00, 0xC0, 0x00, 0x00, 0x00 }, reply[258];
	DWORD length = sizeof reply, active;
	SCARDHANDLE card;

	OK(SCardConnect(context, reader, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, &card, &active));
	OK(SCardTransmit(card, SCARD_PCI_T0, select_mf, sizeof select_mf, NULL, reply, &length));
	SUITE_EQUAL_INT(length, 2);
	SUITE_EQUAL_HEX(reply[0], 0x61);
	get_response[4] = reply[1];
	length = sizeof reply;
	OK(SCardTransmit(
	    card, SCARD_PCI_T0, get_response, sizeof get_response, NULL, reply, &length));
	SUITE_EQUAL_INT(length, get_response[4] + 2);
	SUITE_EQUAL_HEX(reply[length - 2], 0x90);
	OK(SCardDisconnect(card, SCARD_RESET_CARD));
}

static void
stopped(void)
{
	SCARDCONTEXT other;
	DWORD length = 0;
	LONG code;

	CU_ASSERT_TRUE(scardd_stop(&scardd));
	code = SCardListReaders(context, NULL, NULL, &length);
	CU_ASSERT_TRUE(code == SCARD_E_SERVICE_STOPPED || code == SCARD_E_NO_SERVICE);
	/* A question to the service; or to the library's own table. */
	CU_ASSERT_EQUAL(SCardIsValidContext(context) == SCARD_S_SUCCESS, EITHER(false, true));
	BOTH(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &other), SCARD_E_NO_SERVICE);
	(void)SCardReleaseContext(context);
	GIVES(SCardIsValidContext(context), WIN32_INVALID_HANDLE, SCARD_E_INVALID_HANDLE);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ DIALECT ": a service", begin },
		{ DIALECT ": 7.2.6 a forked child", forked },
		{ DIALECT ": 7.2.31 a client that dies in its transaction", death },
		{ DIALECT ": 7.2.31 a client that dies while it is merely connected",
		    death_of_connected },
		{ DIALECT ": 7.2.35 a reply that is too long", too_long },
		{ DIALECT ": 7.2.37 GET RESPONSE is the caller's duty", case_4 },
		{ DIALECT ": 7.2.7, 7.2.8 the service's end", stopped },
	};

	return suite_run("dialect service", tests, sizeof tests / sizeof tests[0]);
}
