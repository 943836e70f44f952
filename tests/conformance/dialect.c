/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/conformance/dialect.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static atomic_bool ended;

static void
must(LONG code, const char *what)
{
	if (code == SCARD_S_SUCCESS)
		return;
	printf("not ok - " DIALECT ": %s: 0x%lX\n", what, (unsigned long)code);
	exit(1);
}

bool
dialect_is_older(void)
{
	return getenv("DIALECT_PCSCLITE_1_9") != NULL;
}

SCARDCONTEXT
dialect_context(void)
{
	SCARDCONTEXT context;

	must(
	    SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), "SCardEstablishContext");
	return context;
}

SCARDHANDLE
dialect_connect(SCARDCONTEXT context, const char *name)
{
	SCARDHANDLE card;
	DWORD active;

	must(SCardConnect(context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &active),
	    "SCardConnect");
	return card;
}

LONG
dialect_transmit(SCARDHANDLE card)
{
	static const BYTE command[] = { 0x00, 0xA4, 0x00, 0x00 };
	BYTE reply[16];
	DWORD length = sizeof reply;

	return SCardTransmit(card, SCARD_PCI_T1, command, sizeof command, NULL, reply, &length);
}

LONG
dialect_control(SCARDHANDLE card)
{
	BYTE out[4];
	DWORD length;

	return SCardControl(
	    card, SCARD_CTL_CODE(STEER_CONTROL_ECHO), "echo", 4, out, sizeof out, &length);
}

LONG
dialect_look(SCARDCONTEXT context, const char *name, DWORD current, DWORD *ret_event)
{
	SCARD_READERSTATE state = { .szReader = name, .dwCurrentState = current };
	LONG code = SCardGetStatusChange(context, 0, &state, 1);

	*ret_event = state.dwEventState;
	return code;
}

struct waiter {
	SCARDHANDLE card;
	LONG (*call)(SCARDHANDLE);
	LONG code;
	bool too_early;
};

static void *
wait_for_other(void *data)
{
	struct waiter *waiter = data;

	waiter->code = waiter->call(waiter->card);
	waiter->too_early = !atomic_load(&ended);
	return NULL;
}

void
dialect_waits(SCARDHANDLE holder, SCARDHANDLE card, LONG (*call)(SCARDHANDLE), LONG expected)
{
	struct waiter waiter = { .card = card, .call = call };
	pthread_t thread;

	atomic_store(&ended, false);
	OK(SCardBeginTransaction(holder));
	CU_ASSERT_EQUAL(pthread_create(&thread, NULL, wait_for_other, &waiter), 0);
	OK(dialect_transmit(holder));
	atomic_store(&ended, true);
	OK(SCardEndTransaction(holder, SCARD_LEAVE_CARD));
	CU_ASSERT_EQUAL(pthread_join(thread, NULL), 0);
	BOTH(waiter.code, expected);
	CU_ASSERT_FALSE(waiter.too_early);
}
