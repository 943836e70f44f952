/* SPDX-License-Identifier: BSD-2-Clause */
/* Connecting, reconnecting, disconnecting: who may, with which protocol, and what others notice. */
#include "tests/unit/engine_fixture.h"

#include <stdio.h>

#define NAME "ACME 1"
#define T0 SCARD_PROTOCOL_T0
#define T1 SCARD_PROTOCOL_T1
#define RAW SCARD_PROTOCOL_RAW
#define ANY SCARD_PROTOCOL_Tx

/* The matrix of share modes: rows connect first, columns second; between all pairs of dialects. */
static void
sharing_matrix(void)
{
	static const uint32_t modes[] = { SCARD_SHARE_SHARED, SCARD_SHARE_EXCLUSIVE,
		SCARD_SHARE_DIRECT };
	/* Whether a mode claims the reader for itself, by dialect. */
	static const bool exclusive[2][3] = { { false, true, true }, { false, true, false } };

	fixture_begin();
	(void)fixture_reader_with_card(NAME);
	for (unsigned i = 0; i < 2 * 3 * 2 * 3; i++) {
		unsigned d1 = i % 2, m1 = i / 2 % 3, d2 = i / 6 % 2, m2 = i / 12;
		struct client first = client_new((enum rm_dialect)d1);
		struct client second = client_new((enum rm_dialect)d2);
		bool free = !exclusive[d1][m1] && !exclusive[d2][m2];
		SCARDHANDLE one = 0, two = 0;

		CODE(do_connect(&first, NAME, modes[m1], ANY, &one, NULL), SCARD_S_SUCCESS);
		if (!CODE(do_connect(&second, NAME, modes[m2], ANY, &two, NULL),
			free ? SCARD_S_SUCCESS : SCARD_E_SHARING_VIOLATION))
			printf("# dialect %u mode %u, then dialect %u mode %u\n", d1,
			    (unsigned)modes[m1], d2, (unsigned)modes[m2]);
		CODE(do_disconnect(&first, one, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
		if (!free)
			CODE(
			    do_connect(&second, NAME, modes[m2], ANY, &two, NULL), SCARD_S_SUCCESS);
		client_free(&first);
		client_free(&second);
	}
	fixture_end();
}

static void
violation_names_the_holder(void)
{
	struct client first, second;
	struct call call;
	SCARDHANDLE card;

	fixture_begin();
	(void)fixture_reader_with_card(NAME);
	first = client_new(RM_DIALECT_WINDOWS);
	second = client_new(RM_DIALECT_WINDOWS);
	CODE(do_connect(&first, NAME, SCARD_SHARE_EXCLUSIVE, ANY, &card, NULL), SCARD_S_SUCCESS);
	call_connect(&call, &second, NAME, SCARD_SHARE_SHARED);
	CODE(call_run(&second, &call), SCARD_E_SHARING_VIOLATION);
	SAYS(call.request.message, NAME, "exclusively", "4120", "disconnect");
	client_free(&first);
	client_free(&second);
	fixture_end();
}

/* What connecting answers, by what is wrong. */
static void
connect_failures(void)
{
	static const struct {
		const char *reader;
		uint32_t mode, protocols;
		LONG windows, pcsclite;
	} rows[] = {
		{ NAME, SCARD_SHARE_SHARED, ANY, SCARD_S_SUCCESS, SCARD_S_SUCCESS },
		{ "acme 1", SCARD_SHARE_SHARED, ANY, SCARD_S_SUCCESS, SCARD_E_UNKNOWN_READER },
		{ "ACME", SCARD_SHARE_SHARED, ANY, SCARD_E_UNKNOWN_READER, SCARD_E_UNKNOWN_READER },
		{ "\xff", SCARD_SHARE_SHARED, ANY, SCARD_E_UNKNOWN_READER, SCARD_E_UNKNOWN_READER },
		{ "", SCARD_SHARE_SHARED, ANY, SCARD_E_INVALID_PARAMETER, SCARD_E_UNKNOWN_READER },
		{ NAME, 0, ANY, SCARD_E_INVALID_VALUE, SCARD_E_INVALID_VALUE },
		{ NAME, 4, ANY, SCARD_E_INVALID_VALUE, SCARD_E_INVALID_VALUE },
		{ NAME, SCARD_SHARE_SHARED, 0, SCARD_E_PROTO_MISMATCH, SCARD_E_PROTO_MISMATCH },
		{ NAME, SCARD_SHARE_SHARED, SCARD_PROTOCOL_DEFAULT, SCARD_E_PROTO_MISMATCH,
		    SCARD_E_PROTO_MISMATCH },
		{ NAME, SCARD_SHARE_SHARED, RAW, SCARD_E_PROTO_MISMATCH, SCARD_E_PROTO_MISMATCH },
		{ NAME, SCARD_SHARE_SHARED, RAW | T0, SCARD_S_SUCCESS, SCARD_S_SUCCESS },
		{ NAME, SCARD_SHARE_SHARED, T1 | SCARD_PROTOCOL_DEFAULT, SCARD_S_SUCCESS,
		    SCARD_S_SUCCESS },
		{ NAME, SCARD_SHARE_DIRECT, 0, SCARD_S_SUCCESS, SCARD_S_SUCCESS },
		{ "empty", SCARD_SHARE_SHARED, ANY, SCARD_E_NO_SMARTCARD, SCARD_E_NO_SMARTCARD },
		{ "empty", SCARD_SHARE_EXCLUSIVE, ANY, SCARD_E_NO_SMARTCARD, SCARD_E_NO_SMARTCARD },
		{ "empty", SCARD_SHARE_DIRECT, 0, SCARD_S_SUCCESS, SCARD_S_SUCCESS },
		{ "empty", SCARD_SHARE_DIRECT, ANY, SCARD_S_SUCCESS, SCARD_S_SUCCESS },
		{ "mute", SCARD_SHARE_SHARED, ANY, SCARD_W_UNRESPONSIVE_CARD,
		    SCARD_W_UNPOWERED_CARD },
		{ "mute", SCARD_SHARE_DIRECT, ANY, SCARD_S_SUCCESS, SCARD_S_SUCCESS },
	};

	fixture_begin();
	(void)fixture_reader_with_card(NAME);
	(void)fixture_reader_empty("empty");
	(void)fixture_reader_with_mute_card("mute");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct client windows = client_new(RM_DIALECT_WINDOWS);
		struct client pcsclite = client_new(RM_DIALECT_PCSCLITE);
		SCARDHANDLE card = 0;

		if (!CODE(do_connect(&windows, rows[i].reader, rows[i].mode, rows[i].protocols,
			      &card, NULL),
			rows[i].windows))
			printf("# row %zu, Windows\n", i);
		client_free(&windows);
		if (!CODE(do_connect(&pcsclite, rows[i].reader, rows[i].mode, rows[i].protocols,
			      &card, NULL),
			rows[i].pcsclite))
			printf("# row %zu, pcsc-lite\n", i);
		client_free(&pcsclite);
	}
	fixture_end();
}

static void
protocol_stays_while_anyone_is_connected(void)
{
	struct client client;
	SCARDHANDLE one, two = 0;
	uint32_t active = 0;

	fixture_begin();
	(void)fixture_reader_with_card(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	CODE(do_connect(&client, NAME, SCARD_SHARE_SHARED, T0, &one, &active), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(active, T0);
	CODE(do_connect(&client, NAME, SCARD_SHARE_SHARED, ANY, &two, &active), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(active, T0);
	CODE(do_disconnect(&client, two, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(do_connect(&client, NAME, SCARD_SHARE_SHARED, T1, &two, &active),
	    SCARD_E_PROTO_MISMATCH);
	/* Nobody else cares: a reset opens the choice again. */
	CODE(do_disconnect(&client, one, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(do_connect(&client, NAME, SCARD_SHARE_SHARED, T1, &two, &active), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(active, T1);
	client_free(&client);
	fixture_end();
}

static void
reconnect_changes_protocol_by_reset(void)
{
	struct client client;
	SCARDHANDLE one, two;
	uint32_t active = 0;

	fixture_begin();
	(void)fixture_reader_with_card(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	CODE(do_connect(&client, NAME, SCARD_SHARE_SHARED, T0, &one, NULL), SCARD_S_SUCCESS);
	two = do_connect_shared(&client, NAME);
	CODE(do_reconnect(&client, one, SCARD_SHARE_SHARED, T1, SCARD_LEAVE_CARD, &active),
	    SCARD_E_PROTO_MISMATCH);
	CODE(do_reconnect(&client, one, SCARD_SHARE_SHARED, T1, SCARD_RESET_CARD, &active),
	    SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(active, T1);
	CODE(do_transmit(&client, one), SCARD_S_SUCCESS);
	CODE(do_transmit(&client, two), SCARD_W_RESET_CARD);
	CODE(do_transmit(&client, two), SCARD_W_RESET_CARD);
	CODE(do_reconnect(&client, two, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, &active),
	    SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(active, T1);
	CODE(do_transmit(&client, two), SCARD_S_SUCCESS);
	client_free(&client);
	fixture_end();
}

static void
reconnect_failures(void)
{
	struct client client;
	SCARDHANDLE one, two;
	ULONG reader;

	fixture_begin();
	reader = fixture_reader_with_card(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	one = do_connect_shared(&client, NAME);
	two = do_connect_shared(&client, NAME);
	CODE(do_reconnect(&client, one, SCARD_SHARE_EXCLUSIVE, ANY, SCARD_LEAVE_CARD, NULL),
	    SCARD_E_SHARING_VIOLATION);
	CODE(do_reconnect(&client, one, SCARD_SHARE_SHARED, ANY, SCARD_EJECT_CARD, NULL),
	    SCARD_E_INVALID_VALUE);
	CODE(do_reconnect(&client, one, 9, ANY, SCARD_LEAVE_CARD, NULL), SCARD_E_INVALID_VALUE);
	CODE(do_reconnect(&client, one, SCARD_SHARE_SHARED, 0, SCARD_LEAVE_CARD, NULL),
	    SCARD_E_PROTO_MISMATCH);
	CODE(do_disconnect(&client, two, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(do_reconnect(&client, one, SCARD_SHARE_EXCLUSIVE, ANY, SCARD_LEAVE_CARD, NULL),
	    SCARD_S_SUCCESS);
	CODE(do_connect(&client, NAME, SCARD_SHARE_SHARED, ANY, &two, NULL),
	    SCARD_E_SHARING_VIOLATION);
	CODE(do_reconnect(&client, one, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
	    SCARD_S_SUCCESS);
	two = do_connect_shared(&client, NAME);
	fixture_remove(reader);
	CODE(do_reconnect(&client, one, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
	    SCARD_E_NO_SMARTCARD);
	CODE(do_reconnect(&client, one, SCARD_SHARE_SHARED, ANY, SCARD_RESET_CARD, NULL),
	    SCARD_E_NO_SMARTCARD);
	CODE(do_transmit(&client, one), SCARD_W_REMOVED_CARD);
	client_free(&client);
	fixture_end();
}

/* Handles are bad once closed, whoever closes them, and never anybody else's. */
static void
handles(void)
{
	struct client client, other;
	SCARDHANDLE card;
	struct call call;

	fixture_begin();
	(void)fixture_reader_with_card(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	other = client_new(RM_DIALECT_WINDOWS);
	card = do_connect_shared(&client, NAME);
	CODE(do_disconnect(&other, card, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
	CODE(do_disconnect(&client, card, 4), SCARD_E_INVALID_VALUE);
	CODE(do_transmit(&client, card), SCARD_S_SUCCESS);
	CODE(do_disconnect(&client, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(do_disconnect(&client, card, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
	CODE(do_transmit(&client, card), ERROR_INVALID_HANDLE);
	CODE(do_disconnect(&client, 0, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
	CODE(do_disconnect(&client, client.context, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
	for (unsigned i = 0; i < 100; i++) {
		SCARDHANDLE next = do_connect_shared(&client, NAME);

		CU_ASSERT_NOT_EQUAL(next, card);
		CU_ASSERT_NOT_EQUAL(next, 0);
		CU_ASSERT_TRUE(next <= UINT32_MAX);
		CODE(do_disconnect(&client, next, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	}
	card = do_connect_shared(&client, NAME);
	CODE(rm_context_release(client.session, client.context), SCARD_S_SUCCESS);
	CODE(do_transmit(&client, card), ERROR_INVALID_HANDLE);
	CODE(rm_context_release(client.session, client.context), ERROR_INVALID_HANDLE);
	CODE(rm_context_check(client.session, client.context), ERROR_INVALID_HANDLE);
	CODE(rm_context_cancel(client.session, client.context), ERROR_INVALID_HANDLE);
	call_connect(&call, &client, NAME, SCARD_SHARE_SHARED);
	CODE(call_run(&client, &call), ERROR_INVALID_HANDLE);
	client_free(&client);
	client_free(&other);
	fixture_end();
}

static void
limits(void)
{
	struct client client;
	SCARDHANDLE card = 0;
	SCARDCONTEXT context;
	unsigned cards = 0, contexts = 1;
	struct call call;

	fixture_begin();
	(void)fixture_reader_with_card(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	for (;;) {
		call_connect(&call, &client, NAME, SCARD_SHARE_SHARED);
		if (call_run(&client, &call) != SCARD_S_SUCCESS)
			break;
		card = call.request.card;
		cards++;
	}
	CODE(call.result, SCARD_E_NO_MEMORY);
	SUITE_EQUAL_INT(cards, RM_CARDS_MAX);
	CODE(do_disconnect(&client, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	card = do_connect_shared(&client, NAME);
	while (rm_context_new(client.session, RM_DIALECT_WINDOWS, SCARD_SCOPE_USER, &context) ==
	    SCARD_S_SUCCESS)
		contexts++;
	SUITE_EQUAL_INT(contexts, RM_CONTEXTS_MAX);
	client_free(&client);
	fixture_end();
}

/* What each disposition does to the card, seen by the driver and by another connection. */
static void
dispositions(void)
{
	static const struct {
		uint32_t disposition;
		LONG other;
		int power; /* what Power was asked for; -1: not called */
		uint32_t state;
	} rows[] = {
		{ SCARD_LEAVE_CARD, SCARD_S_SUCCESS, -1, SCARD_SPECIFIC },
		{ SCARD_RESET_CARD, SCARD_W_RESET_CARD, SCARDREADER_WARM_RESET, SCARD_SPECIFIC },
		{ SCARD_UNPOWER_CARD, SCARD_W_RESET_CARD, SCARDREADER_POWER_DOWN, SCARD_SPECIFIC },
		{ SCARD_EJECT_CARD, SCARD_S_SUCCESS, -1, SCARD_SPECIFIC },
	};

	fixture_begin();
	(void)fixture_reader_with_card(NAME);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct client client = client_new(RM_DIALECT_WINDOWS);
		SCARDHANDLE one = do_connect_shared(&client, NAME);
		SCARDHANDLE two = do_connect_shared(&client, NAME);
		TESTDRIVER_RECORD record = { .Argument = 99 };
		struct call call;
		ULONG count;

		(void)ITestDriverControl_Reset(control);
		CODE(do_disconnect(&client, one, rows[i].disposition), SCARD_S_SUCCESS);
		(void)ITestDriverControl_CountRecords(control, &count);
		if (rows[i].disposition == SCARD_LEAVE_CARD)
			SUITE_EQUAL_INT(count, 0);
		else {
			SUITE_EQUAL_INT(count, 1);
			(void)ITestDriverControl_GetRecord(control, 0, &record);
			if (rows[i].power >= 0) {
				SUITE_EQUAL_INT(record.Call, TESTDRIVER_POWER);
				SUITE_EQUAL_INT(record.Argument, rows[i].power);
			} else
				SUITE_EQUAL_INT(record.Call, TESTDRIVER_MOVE);
		}
		CODE(do_status(&client, two, &call), rows[i].other);
		CODE(do_reconnect(&client, two, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
		    SCARD_S_SUCCESS);
		CODE(do_status(&client, two, &call), SCARD_S_SUCCESS);
		SUITE_EQUAL_INT(call.request.status.state, rows[i].state);
		client_free(&client);
	}
	fixture_end();
}

static void
status_tells(void)
{
	struct client client;
	SCARDHANDLE card;
	struct call call;
	ULONG reader;

	fixture_begin();
	reader = fixture_reader_with_card(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	card = do_connect_shared(&client, NAME);
	CODE(do_status(&client, card, &call), SCARD_S_SUCCESS);
	SUITE_EQUAL_STRING(call.request.status.name, NAME);
	SUITE_EQUAL_INT(call.request.status.state, SCARD_SPECIFIC);
	SUITE_EQUAL_HEX(call.request.status.protocol, T1);
	SUITE_EQUAL_BYTES(
	    call.request.status.atr, call.request.status.atr_length, FIXTURE_ATR_TEXT);
	fixture_remove(reader);
	CODE(do_status(&client, card, &call), SCARD_W_REMOVED_CARD);
	fixture_insert(reader);
	CODE(do_status(&client, card, &call), SCARD_W_REMOVED_CARD);
	SAYS(call.request.message, NAME, "SCardReconnect");
	CODE(do_reconnect(&client, card, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
	    SCARD_S_SUCCESS);
	CODE(do_status(&client, card, &call), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(ITestDriverControl_RemoveReader(control, reader), S_OK);
	fixture_settle();
	CODE(do_status(&client, card, &call), SCARD_E_READER_UNAVAILABLE);
	CODE(do_transmit(&client, card), SCARD_E_READER_UNAVAILABLE);
	CODE(do_begin(&client, card), SCARD_E_READER_UNAVAILABLE);
	CODE(do_reconnect(&client, card, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
	    SCARD_E_READER_UNAVAILABLE);
	CODE(do_disconnect(&client, card, SCARD_RESET_CARD), SCARD_S_SUCCESS);
	client_free(&client);
	fixture_end();
}

/* Direct access without a card, then with one. */
static void
direct_access(void)
{
	static const uint8_t any[] = { ANY, 0, 0, 0 };
	struct client client;
	SCARDHANDLE card = 0;
	struct call call;
	uint32_t active = 99;
	uint8_t chosen[4];
	size_t length = sizeof chosen;
	ULONG reader;

	fixture_begin();
	reader = fixture_reader_empty(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	CODE(do_connect(&client, NAME, SCARD_SHARE_DIRECT, 0, &card, &active), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(active, SCARD_PROTOCOL_UNDEFINED);
	CODE(do_status(&client, card, &call), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(call.request.status.state, SCARD_ABSENT);
	CODE(do_transmit(&client, card), SCARD_E_NO_SMARTCARD);
	fixture_insert(reader);
	CODE(do_status(&client, card, &call), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(call.request.status.state, SCARD_NEGOTIABLE);
	CODE(do_transmit(&client, card), SCARD_E_PROTO_MISMATCH);
	CODE(do_control(
		 &client, card, IOCTL_SMARTCARD_SET_PROTOCOL, any, sizeof any, chosen, &length),
	    SCARD_S_SUCCESS);
	SUITE_EQUAL_BYTES(chosen, length, "02 00 00 00");
	CODE(do_transmit(&client, card), SCARD_S_SUCCESS);
	CODE(do_reconnect(&client, card, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, &active),
	    SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(active, T1);
	client_free(&client);
	fixture_end();
}

/* What is held exclusively is the card: it goes, and the reader is free for those who come. */
static void
removal_ends_exclusive_use(void)
{
	struct client first, second;
	SCARDHANDLE one = 0, two;
	ULONG reader;

	fixture_begin();
	reader = fixture_reader_with_card(NAME);
	first = client_new(RM_DIALECT_WINDOWS);
	second = client_new(RM_DIALECT_PCSCLITE);
	CODE(do_connect(&first, NAME, SCARD_SHARE_EXCLUSIVE, ANY, &one, NULL), SCARD_S_SUCCESS);
	fixture_remove(reader);
	fixture_insert(reader);
	two = do_connect_shared(&second, NAME);
	CODE(do_reconnect(&first, one, SCARD_SHARE_EXCLUSIVE, ANY, SCARD_LEAVE_CARD, NULL),
	    SCARD_E_SHARING_VIOLATION);
	CODE(do_reconnect(&first, one, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
	    SCARD_S_SUCCESS);
	CODE(do_transmit(&second, two), SCARD_S_SUCCESS);
	/* A direct connection holds the reader, with or without a card. */
	CODE(do_disconnect(&second, two, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(do_disconnect(&first, one, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(do_connect(&first, NAME, SCARD_SHARE_DIRECT, 0, &one, NULL), SCARD_S_SUCCESS);
	fixture_remove(reader);
	fixture_insert(reader);
	CODE(do_connect(&second, NAME, SCARD_SHARE_SHARED, ANY, &two, NULL),
	    SCARD_E_SHARING_VIOLATION);
	client_free(&first);
	client_free(&second);
	fixture_end();
}

/* One reset for a client that dies, however many handles it had; none for a card that was reset. */
static void
one_reset_for_the_dead(void)
{
	struct client client, other;
	SCARDHANDLE card;
	ULONG count = 0;

	fixture_begin();
	(void)fixture_reader_with_card(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	other = client_new(RM_DIALECT_WINDOWS);
	for (unsigned i = 0; i < 3; i++)
		(void)do_connect_shared(&client, NAME);
	(void)ITestDriverControl_Reset(control);
	client_free(&client);
	(void)ITestDriverControl_CountExchanges(control, &count);
	SUITE_EQUAL_INT(count, 1);
	client = client_new(RM_DIALECT_WINDOWS);
	(void)do_connect_shared(&client, NAME);
	card = do_connect_shared(&other, NAME);
	CODE(do_reconnect(&other, card, SCARD_SHARE_SHARED, ANY, SCARD_RESET_CARD, NULL),
	    SCARD_S_SUCCESS);
	(void)ITestDriverControl_Reset(control);
	client_free(&client);
	(void)ITestDriverControl_CountExchanges(control, &count);
	SUITE_EQUAL_INT(count, 0);
	CODE(do_transmit(&other, card), SCARD_S_SUCCESS);
	client_free(&other);
	fixture_end();
}

/* Its turn has come, and before anyone runs it its client is gone. */
static void
death_before_the_turn_is_used(void)
{
	struct client client, next;
	struct call call;
	struct rm_request *turn;
	ULONG count = 1;

	fixture_begin();
	(void)fixture_reader_with_card(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	next = client_new(RM_DIALECT_WINDOWS);
	call_connect(&call, &client, NAME, SCARD_SHARE_EXCLUSIVE);
	turn = call_submit(&client, &call);
	CU_ASSERT_PTR_EQUAL_FATAL(turn, &call.request);
	client_free(&client);
	(void)ITestDriverControl_Reset(control);
	SUITE_EQUAL_INT(call.done, 0);
	CU_ASSERT_PTR_NULL(rm_request_run(turn));
	SUITE_EQUAL_INT(call.done, 1);
	CODE(call.result, SCARD_E_CANCELLED);
	(void)ITestDriverControl_CountExchanges(control, &count);
	SUITE_EQUAL_INT(count, 0);
	CODE(do_connect(&next, NAME, SCARD_SHARE_EXCLUSIVE, ANY, &(SCARDHANDLE){ 0 }, NULL),
	    SCARD_S_SUCCESS);
	client_free(&next);
	fixture_end();
}

/* Closing a handle while other calls on it wait in line. */
static void
waiting_calls_end_with_the_handle(void)
{
	struct client holder, client;
	SCARDHANDLE held, card;
	struct call begin, transmit;

	fixture_begin();
	(void)fixture_reader_with_card(NAME);
	holder = client_new(RM_DIALECT_WINDOWS);
	client = client_new(RM_DIALECT_WINDOWS);
	held = do_connect_shared(&holder, NAME);
	card = do_connect_shared(&client, NAME);
	CODE(do_begin(&holder, held), SCARD_S_SUCCESS);
	call_begin(&begin, card);
	call_transmit(&transmit, card);
	CU_ASSERT_FALSE(call_start(&client, &begin));
	CU_ASSERT_FALSE(call_start(&client, &transmit));
	CODE(do_disconnect(&client, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(begin.done, 1);
	CODE(begin.result, ERROR_INVALID_HANDLE);
	SUITE_EQUAL_INT(transmit.done, 1);
	CODE(transmit.result, ERROR_INVALID_HANDLE);
	CODE(do_transmit(&holder, held), SCARD_S_SUCCESS);
	client_free(&client);
	client_free(&holder);
	fixture_end();
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "the sharing matrix, for all pairs of dialects", sharing_matrix },
		{ "a violation names the holder", violation_names_the_holder },
		{ "what connecting answers", connect_failures },
		{ "a protocol stays while anyone is connected",
		    protocol_stays_while_anyone_is_connected },
		{ "reconnecting with a reset changes the protocol, others are told",
		    reconnect_changes_protocol_by_reset },
		{ "what reconnecting answers", reconnect_failures },
		{ "handles", handles },
		{ "limits of a session", limits },
		{ "dispositions", dispositions },
		{ "status through removal, return and unplugging", status_tells },
		{ "direct access", direct_access },
		{ "removal ends exclusive use", removal_ends_exclusive_use },
		{ "one reset for a client that dies", one_reset_for_the_dead },
		{ "a client dies before its turn is used", death_before_the_turn_is_used },
		{ "waiting calls end with the handle", waiting_calls_end_with_the_handle },
	};

	return fixture_main("engine_connect", tests, sizeof tests / sizeof tests[0]);
}
