/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A life of two clients in which every call of a driver occurs, with each of those calls failing in
 * turn, in every way. Whatever the clients are told: nothing hangs, nothing is held afterwards, and
 * the next client works.
 */
#include "tests/unit/engine_fixture.h"

#include <stdio.h>

#define NAME "ACME 1"
#define ANY SCARD_PROTOCOL_Tx

/* What a client does, in order. It goes on after a failure, as a careless program does. */
static void
life(ULONG reader)
{
	static const uint8_t warm[] = { SCARD_WARM_RESET, 0, 0, 0 }, one[] = { 1 };
	struct client a = client_new(RM_DIALECT_WINDOWS), b = client_new(RM_DIALECT_PCSCLITE);
	SCARDHANDLE first = 0, second = 0, direct = 0;
	struct call waiting, call;
	uint8_t out[RM_ATTRIBUTE_MAX];
	size_t length;

	fixture_insert(reader);
	(void)do_connect(&a, NAME, SCARD_SHARE_SHARED, ANY, &first, NULL);
	(void)do_connect(&b, NAME, SCARD_SHARE_SHARED, ANY, &second, NULL);
	(void)do_begin(&a, first);
	call_begin(&waiting, second);
	(void)call_start(&b, &waiting);
	(void)do_transmit(&a, first);
	(void)do_end(&a, first, SCARD_RESET_CARD);
	SUITE_EQUAL_INT(waiting.done, 1);
	(void)do_reconnect(&b, second, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL);
	(void)do_transmit(&b, second);
	length = sizeof out;
	(void)do_control(&a, first, IOCTL_SMARTCARD_POWER, warm, sizeof warm, out, &length);
	(void)do_transmit(&a, first);
	length = sizeof out;
	(void)do_control(
	    &a, first, SCARD_CTL_CODE(TESTDRIVER_ECHO), warm, sizeof warm, out, &length);
	length = sizeof out;
	(void)do_get_attribute(&a, first, SCARD_ATTR_VENDOR_IFD_VERSION, out, &length);
	call = (struct call){ .request = { .operation = RM_SET_ATTRIBUTE,
				  .card = first,
				  .code = SCARD_ATTR_SUPRESS_T1_IFS_REQUEST,
				  .in = one,
				  .in_length = sizeof one } };
	(void)call_run(&a, &call);
	(void)do_reconnect(&b, second, SCARD_SHARE_SHARED, ANY, SCARD_UNPOWER_CARD, NULL);
	(void)do_begin(&b, second);
	(void)do_transmit(&b, second);
	(void)do_end(&b, second, SCARD_UNPOWER_CARD);
	(void)do_end(&b, second, SCARD_LEAVE_CARD);
	(void)do_disconnect(&b, second, SCARD_UNPOWER_CARD);
	(void)do_disconnect(&a, first, SCARD_EJECT_CARD);
	(void)do_connect(&a, NAME, SCARD_SHARE_DIRECT, ANY, &direct, NULL);
	(void)do_begin(&a, direct);
	(void)do_transmit(&a, direct);
	client_free(&a);
	client_free(&b);
}

/* A reader that the driver has called gone is replaced, as a user would do. */
static ULONG
mend(ULONG reader, struct client *client)
{
	struct rm_reader_state state;

	if (look(client, NAME, SCARD_STATE_UNAVAILABLE, &state) != SCARD_E_TIMEOUT)
		return reader;
	(void)ITestDriverControl_RemoveReader(control, reader);
	fixture_settle();
	return fixture_reader_with_card(NAME);
}

/* Nothing is left of those who were there: an exclusive connection and a transaction are free. */
static bool
next_client_works(ULONG reader)
{
	struct client client = client_new(RM_DIALECT_WINDOWS);
	SCARDHANDLE card = 0;
	bool works;

	(void)mend(reader, &client);
	works = CODE(do_connect(&client, NAME, SCARD_SHARE_EXCLUSIVE, ANY, &card, NULL),
		    SCARD_S_SUCCESS) &&
	    CODE(do_begin(&client, card), SCARD_S_SUCCESS) &&
	    CODE(do_transmit(&client, card), SCARD_S_SUCCESS) &&
	    CODE(do_end(&client, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS) &&
	    CODE(do_disconnect(&client, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	client_free(&client);
	return works;
}

/* Runs a life in which exchange number @n fails (0: none). Returns the number of exchanges. */
static ULONG
run(ULONG n, HRESULT failure)
{
	ULONG reader, count = 0;

	fixture_begin();
	reader = fixture_reader_empty(NAME);
	(void)ITestDriverControl_Reset(control);
	(void)ITestDriverControl_FailExchange(control, n, failure);
	life(reader);
	(void)ITestDriverControl_CountExchanges(control, &count);
	(void)ITestDriverControl_FailExchange(control, 0, S_OK);
	if (!next_client_works(reader))
		printf("# exchange %u failing with 0x%08X\n", (unsigned)n, (unsigned)failure);
	fixture_end();
	return count;
}

static void
every_exchange_fails(void)
{
	static const HRESULT failures[] = { SCARD_E_READER_UNAVAILABLE, SCARD_E_NO_SMARTCARD,
		SCARD_W_UNRESPONSIVE_CARD, SCARD_W_UNPOWERED_CARD, SCARD_E_PROTO_MISMATCH,
		SCARD_E_COMM_DATA_LOST, SCARD_E_TIMEOUT, SCARD_E_CANCELLED,
		SCARD_E_INSUFFICIENT_BUFFER, SCARD_E_UNSUPPORTED_FEATURE, E_OUTOFMEMORY, E_FAIL,
		/* Success, but nothing was written. */
		S_FALSE };
	ULONG exchanges = run(0, S_OK);

	printf("# %u exchanges\n", (unsigned)exchanges);
	CU_ASSERT_TRUE(exchanges >= 20);
	for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++)
		for (ULONG n = 1; n <= exchanges; n++)
			(void)run(n, failures[i]);
}

/* The driver's calls of that life: each kind occurs, so that each kind has failed. */
static void
every_call_occurs(void)
{
	bool seen[TESTDRIVER_MOVE + 1] = { false };
	ULONG reader, count = 0;

	fixture_begin();
	reader = fixture_reader_empty(NAME);
	(void)ITestDriverControl_Reset(control);
	life(reader);
	(void)ITestDriverControl_CountRecords(control, &count);
	for (ULONG i = 0; i < count; i++) {
		TESTDRIVER_RECORD record;

		(void)ITestDriverControl_GetRecord(control, i, &record);
		seen[record.Call] = true;
	}
	for (unsigned i = TESTDRIVER_POWER; i <= TESTDRIVER_MOVE; i++)
		if (!seen[i])
			printf("# call %u does not occur\n", i);
	for (unsigned i = TESTDRIVER_POWER; i <= TESTDRIVER_MOVE; i++)
		CU_ASSERT_TRUE(seen[i]);
	fixture_end();
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "every call of a driver occurs", every_call_occurs },
		{ "every call of a driver fails in every way", every_exchange_fails },
	};

	return fixture_main("engine_failures", tests, sizeof tests / sizeof tests[0]);
}
