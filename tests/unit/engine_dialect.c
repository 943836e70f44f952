/* SPDX-License-Identifier: BSD-2-Clause */
/* What a portable program notices: every difference between the two dialects, side by side. */
#include "tests/unit/engine_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME "ACME 1"
#define ANY SCARD_PROTOCOL_Tx
#define T1 SCARD_PROTOCOL_T1
#define RAW SCARD_PROTOCOL_RAW
#define UNKNOWN_CODE SCARD_CTL_CODE(2000)

/* pcsc-lite's states. */
#define PCSC_ABSENT 0x0002u
#define PCSC_PRESENT 0x0004u
#define PCSC_POWERED 0x0034u
#define PCSC_MUTE 0x000Cu

/* A reader with a card, and two clients of the dialect under test that are connected. */
struct stage {
	enum rm_dialect dialect;
	ULONG reader;
	struct client one, two;
	SCARDHANDLE first, second;
};

static struct stage
stage_begin(unsigned dialect)
{
	struct stage s = { .dialect = (enum rm_dialect)dialect };

	fixture_begin();
	s.reader = fixture_reader_with_card(NAME);
	s.one = client_new(s.dialect);
	s.two = client_new(s.dialect);
	s.first = do_connect_shared(&s.one, NAME);
	s.second = do_connect_shared(&s.two, NAME);
	return s;
}

static void
stage_end(struct stage *s)
{
	client_free(&s->one);
	client_free(&s->two);
	fixture_end();
}

/* Both dialects, each on a stage of its own. */
#define FOR_BOTH(s)                                                                      \
	for (unsigned dialect_ = 0; dialect_ < 2; dialect_++)                            \
		for (struct stage s = stage_begin(dialect_), *once_ = &s; once_ != NULL; \
		     stage_end(&s), once_ = NULL)
#define BY(s, windows, pcsclite) ((s).dialect == RM_DIALECT_WINDOWS ? (windows) : (pcsclite))

static void
bad_handle(void)
{
	FOR_BOTH(s)
	{
		struct call call;

		/* One that is closed while a call waits is still known. */
		CODE(do_begin(&s.two, s.second), SCARD_S_SUCCESS);
		call_transmit(&call, s.first);
		CU_ASSERT_FALSE(call_start(&s.one, &call));
		CODE(do_disconnect(&s.one, s.first, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
		SUITE_EQUAL_INT(call.done, 1);
		CODE(call.result, BY(s, ERROR_INVALID_HANDLE, SCARD_E_INVALID_HANDLE));
		/* Nobody knows which dialect a handle had that does not exist. */
		CODE(do_transmit(&s.one, s.first), ERROR_INVALID_HANDLE);
	}
}

static void
attributes(void)
{
	FOR_BOTH(s)
	{
		uint8_t value[RM_ATTRIBUTE_MAX];
		size_t length = sizeof value;

		CODE(do_get_attribute(&s.one, s.first, SCARD_ATTR_CURRENT_BWT, value, &length),
		    BY(s, ERROR_NOT_SUPPORTED, SCARD_E_UNSUPPORTED_FEATURE));
		length = 0;
		CODE(do_control(&s.one, s.first, UNKNOWN_CODE, NULL, 0, NULL, &length),
		    BY(s, ERROR_INVALID_FUNCTION, SCARD_E_UNSUPPORTED_FEATURE));
	}
}

static void
scopes(void)
{
	static const struct {
		uint32_t scope;
		LONG windows, pcsclite;
	} rows[] = {
		{ 0, SCARD_S_SUCCESS, SCARD_S_SUCCESS },
		{ 1, SCARD_S_SUCCESS, SCARD_S_SUCCESS },
		{ 2, SCARD_S_SUCCESS, SCARD_S_SUCCESS },
		{ 3, SCARD_E_INVALID_VALUE, SCARD_S_SUCCESS },
		{ 4, SCARD_E_INVALID_VALUE, SCARD_E_INVALID_VALUE },
	};

	FOR_BOTH(s)
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		SCARDCONTEXT context;

		CODE(rm_context_new(s.one.session, s.dialect, rows[i].scope, &context),
		    BY(s, rows[i].windows, rows[i].pcsclite));
	}
}

static LONG
list_length(struct client *client, SCARDCONTEXT context, const char *groups, size_t *ret_length)
{
	char message[RM_MESSAGE_SIZE] = "", *list = NULL;
	LONG code = rm_list_readers(client->session, context, groups, &list, ret_length, message);

	if (code != SCARD_S_SUCCESS)
		CU_ASSERT_NOT_EQUAL(message[0], '\0');
	free(list);
	return code;
}

static void
lists(void)
{
	FOR_BOTH(s)
	{
		char message[RM_MESSAGE_SIZE], *list = NULL;
		size_t length = 0;

		CODE(list_length(&s.one, s.one.context, "Nobody\0", &length),
		    BY(s, SCARD_E_NO_READERS_AVAILABLE, SCARD_S_SUCCESS));
		CODE(list_length(&s.one, s.one.context, "Nobody\0scard$allreaders\0", &length),
		    SCARD_S_SUCCESS);
		SUITE_EQUAL_INT(length, sizeof NAME + 1);
		CODE(list_length(&s.one, 0, NULL, &length), SCARD_S_SUCCESS);
		CODE(list_length(&s.one, s.one.context + 1, NULL, &length), ERROR_INVALID_HANDLE);
		CODE(rm_list_groups(s.one.session, s.one.context, &list, &length, message),
		    SCARD_S_SUCCESS);
		SUITE_EQUAL_INT(length, 22);
		free(list);
		/* Without readers. */
		SUITE_EQUAL_HEX(ITestDriverControl_RemoveReader(control, s.reader), S_OK);
		fixture_settle();
		CODE(list_length(&s.one, s.one.context, NULL, &length),
		    SCARD_E_NO_READERS_AVAILABLE);
		CODE(rm_list_groups(s.one.session, s.one.context, &list, &length, message),
		    SCARD_S_SUCCESS);
		SUITE_EQUAL_INT(length, BY(s, 1, 22));
		free(list);
	}
}

static void
direct(void)
{
	FOR_BOTH(s)
	{
		struct client third = client_new(s.dialect);
		SCARDHANDLE card = 0;
		uint32_t active = 99;

		CODE(do_connect(&third, NAME, SCARD_SHARE_DIRECT, 0, &card, &active),
		    BY(s, SCARD_E_SHARING_VIOLATION, SCARD_S_SUCCESS));
		if (s.dialect == RM_DIALECT_PCSCLITE)
			SUITE_EQUAL_HEX(active, T1);
		client_free(&third);
		CODE(do_disconnect(&s.one, s.first, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
		CODE(do_disconnect(&s.two, s.second, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
		/* Alone: Windows says nothing of a protocol that others have settled before. */
		CODE(do_connect(&s.one, NAME, SCARD_SHARE_DIRECT, 0, &card, &active),
		    SCARD_S_SUCCESS);
		SUITE_EQUAL_HEX(active, BY(s, SCARD_PROTOCOL_UNDEFINED, T1));
		CODE(do_transmit(&s.one, card), BY(s, SCARD_E_PROTO_MISMATCH, SCARD_S_SUCCESS));
		CODE(do_disconnect(&s.one, card, SCARD_RESET_CARD), SCARD_S_SUCCESS);
		/* With protocols named, Windows negotiates; pcsc-lite leaves the card alone. */
		CODE(do_connect(&s.one, NAME, SCARD_SHARE_DIRECT, ANY, &card, &active),
		    SCARD_S_SUCCESS);
		SUITE_EQUAL_HEX(active, BY(s, T1, SCARD_PROTOCOL_UNDEFINED));
	}
}

static void
mute_card(void)
{
	FOR_BOTH(s)
	{
		SCARDHANDLE card;

		(void)fixture_reader_with_mute_card("mute");
		CODE(do_connect(&s.one, "mute", SCARD_SHARE_SHARED, ANY, &card, NULL),
		    BY(s, SCARD_W_UNRESPONSIVE_CARD, SCARD_W_UNPOWERED_CARD));
	}
}

static void
reconnect(void)
{
	FOR_BOTH(s)
	{
		struct call other;

		CODE(do_begin(&s.one, s.first), SCARD_S_SUCCESS);
		CODE(do_begin(&s.one, s.first), SCARD_S_SUCCESS);
		call_begin(&other, s.second);
		CU_ASSERT_FALSE(call_start(&s.two, &other));
		CODE(do_reconnect(&s.one, s.first, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
		    SCARD_S_SUCCESS);
		SUITE_EQUAL_INT(other.done, BY(s, 1, 0));
		if (s.dialect == RM_DIALECT_PCSCLITE) {
			CODE(do_end(&s.one, s.first, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
			SUITE_EQUAL_INT(other.done, 0);
			CODE(do_end(&s.one, s.first, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
			SUITE_EQUAL_INT(other.done, 1);
		}
		CODE(do_reconnect(&s.one, s.first, SCARD_SHARE_SHARED, ANY, SCARD_EJECT_CARD, NULL),
		    SCARD_E_INVALID_VALUE);
	}
	FOR_BOTH(s)
	CODE(do_reconnect(&s.one, s.first, SCARD_SHARE_DIRECT, 0, SCARD_LEAVE_CARD, NULL),
	    BY(s, SCARD_E_INVALID_VALUE, SCARD_S_SUCCESS));
}

static void
status(void)
{
	FOR_BOTH(s)
	{
		struct call call;
		SCARDHANDLE card = 0;
		ULONG reader;

		CODE(do_status(&s.one, s.first, &call), SCARD_S_SUCCESS);
		SUITE_EQUAL_HEX(
		    call.request.status.state, BY(s, SCARD_SPECIFIC, PCSC_POWERED | 1 << 16));
		SUITE_EQUAL_HEX(call.request.status.protocol, T1);
		CODE(do_disconnect(&s.two, s.second, SCARD_UNPOWER_CARD), SCARD_S_SUCCESS);
		CODE(do_status(&s.one, s.first, &call), SCARD_W_RESET_CARD);
		CODE(do_disconnect(&s.one, s.first, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
		CODE(do_connect(&s.one, NAME, SCARD_SHARE_DIRECT, 0, &card, NULL), SCARD_S_SUCCESS);
		CODE(do_status(&s.one, card, &call), SCARD_S_SUCCESS);
		SUITE_EQUAL_HEX(
		    call.request.status.state, BY(s, SCARD_SWALLOWED, PCSC_PRESENT | 1 << 16));
		SUITE_EQUAL_HEX(call.request.status.protocol, 0);
		reader = fixture_reader_empty("other");
		CODE(do_connect(&s.two, "other", SCARD_SHARE_DIRECT, 0, &card, NULL),
		    SCARD_S_SUCCESS);
		CODE(do_status(&s.two, card, &call), SCARD_S_SUCCESS);
		SUITE_EQUAL_HEX(call.request.status.state, BY(s, SCARD_ABSENT, PCSC_ABSENT));
		(void)ITestDriverControl_InsertCard(control, reader, NULL, 0, ANY);
		fixture_settle();
		CODE(do_status(&s.two, card, &call), SCARD_S_SUCCESS);
		SUITE_EQUAL_HEX(
		    call.request.status.state, BY(s, SCARD_SWALLOWED, PCSC_MUTE | 1 << 16));
	}
}

/* Control, GetAttrib and SetAttrib while another handle has a transaction. */
static void
direct_functions_under_a_transaction(void)
{
	FOR_BOTH(s)
	{
		static const uint8_t off[] = { 0 };
		struct call calls[3] = {
			{ .request = { .operation = RM_CONTROL,
			      .card = s.second,
			      .code = SCARD_CTL_CODE(TESTDRIVER_ECHO) } },
			{ .request = { .operation = RM_GET_ATTRIBUTE,
			      .card = s.second,
			      .code = SCARD_ATTR_ICC_PRESENCE } },
			{ .request = { .operation = RM_SET_ATTRIBUTE,
			      .card = s.second,
			      .code = SCARD_ATTR_SUPRESS_T1_IFS_REQUEST,
			      .in = off,
			      .in_length = sizeof off } },
		};

		CODE(do_begin(&s.one, s.first), SCARD_S_SUCCESS);
		for (unsigned i = 0; i < 3; i++) {
			bool done = call_start(&s.two, &calls[i]);

			SUITE_EQUAL_INT(done, BY(s, false, true));
			if (done) {
				CODE(calls[i].result, SCARD_E_SHARING_VIOLATION);
				SAYS(calls[i].request.message, NAME, "transaction", "4120");
			}
		}
		CODE(do_end(&s.one, s.first, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
		for (unsigned i = 0; i < 3; i++)
			SUITE_EQUAL_INT(calls[i].done, 1);
	}
}

static void
control_after_a_reset(void)
{
	FOR_BOTH(s)
	{
		size_t length = 0;

		CODE(do_disconnect(&s.two, s.second, SCARD_RESET_CARD), SCARD_S_SUCCESS);
		CODE(do_transmit(&s.one, s.first), SCARD_W_RESET_CARD);
		CODE(do_control(
			 &s.one, s.first, SCARD_CTL_CODE(TESTDRIVER_ECHO), NULL, 0, NULL, &length),
		    BY(s, SCARD_W_RESET_CARD, SCARD_S_SUCCESS));
		CODE(do_begin(&s.one, s.first), SCARD_W_RESET_CARD);
	}
}

/* The numbers of Windows's class driver mean something else to pcsc-lite's drivers. */
static void
control_codes(void)
{
	FOR_BOTH(s)
	{
		static const uint8_t warm[] = { SCARD_WARM_RESET };
		uint8_t out[64];
		size_t length = sizeof out;

		CODE(
		    do_control(&s.one, s.first, SCARD_CTL_CODE(1), warm, sizeof warm, out, &length),
		    SCARD_S_SUCCESS);
		SUITE_EQUAL_BYTES(out, length, BY(s, FIXTURE_ATR_TEXT, "02"));
		CODE(do_transmit(&s.one, s.first), SCARD_S_SUCCESS);
		CODE(do_transmit(&s.two, s.second), BY(s, SCARD_W_RESET_CARD, SCARD_S_SUCCESS));
		length = sizeof out;
		CODE(do_control(&s.one, s.first, IOCTL_SMARTCARD_GET_STATE, NULL, 0, out, &length),
		    BY(s, SCARD_S_SUCCESS, SCARD_E_UNSUPPORTED_FEATURE));
	}
}

/* The transaction ends although the card was reset under it, or stays. */
static void
end_after_a_reset(void)
{
	FOR_BOTH(s)
	{
		struct client third = client_new(s.dialect);
		SCARDHANDLE same = do_connect_shared(&s.one, NAME);
		struct call other;

		/* Only pcsc-lite marks the handle that resets: so its own mark keeps its lock. */
		CODE(do_begin(&s.one, s.first), SCARD_S_SUCCESS);
		CODE(do_begin(&s.one, s.first), SCARD_S_SUCCESS);
		CODE(do_end(&s.one, s.first, SCARD_RESET_CARD), SCARD_S_SUCCESS);
		call_connect(&other, &third, NAME, SCARD_SHARE_SHARED);
		CU_ASSERT_FALSE(call_start(&third, &other));
		CODE(do_end(&s.one, s.first, SCARD_LEAVE_CARD),
		    BY(s, SCARD_S_SUCCESS, SCARD_W_RESET_CARD));
		SUITE_EQUAL_INT(other.done, BY(s, 1, 0));
		if (s.dialect == RM_DIALECT_PCSCLITE) {
			CODE(do_reconnect(
				 &s.one, s.first, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
			    SCARD_S_SUCCESS);
			SUITE_EQUAL_INT(other.done, 0);
			CODE(do_end(&s.one, s.first, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
			SUITE_EQUAL_INT(other.done, 1);
		}
		CODE(do_transmit(&s.one, same), SCARD_W_RESET_CARD);
		client_free(&third);
	}
}

static void
end_that_resets(void)
{
	static const uint32_t dispositions[] = { SCARD_RESET_CARD, SCARD_UNPOWER_CARD };

	for (unsigned i = 0; i < 2; i++)
		FOR_BOTH(s)
		{
			LONG own = dispositions[i] == SCARD_RESET_CARD
			    ? BY(s, SCARD_S_SUCCESS, SCARD_W_RESET_CARD)
			    : BY(s, SCARD_W_UNPOWERED_CARD, SCARD_W_RESET_CARD);

			ULONG count = 0;

			CODE(do_begin(&s.one, s.first), SCARD_S_SUCCESS);
			(void)ITestDriverControl_Reset(control);
			CODE(do_end(&s.one, s.first, dispositions[i]), SCARD_S_SUCCESS);
			/* Off; in pcsc-lite off and on again. */
			(void)ITestDriverControl_CountExchanges(control, &count);
			SUITE_EQUAL_INT(
			    count, dispositions[i] == SCARD_UNPOWER_CARD ? BY(s, 1, 2) : 1);
			CODE(do_transmit(&s.one, s.first), own);
			CODE(do_transmit(&s.two, s.second), SCARD_W_RESET_CARD);
			CODE(do_reconnect(
				 &s.two, s.second, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
			    SCARD_S_SUCCESS);
			CODE(do_transmit(&s.two, s.second), SCARD_S_SUCCESS);
		}
}

static void
end_of_another(void)
{
	FOR_BOTH(s)
	{
		CODE(do_begin(&s.one, s.first), SCARD_S_SUCCESS);
		CODE(do_end(&s.two, s.second, SCARD_LEAVE_CARD),
		    BY(s, SCARD_E_NOT_TRANSACTED, SCARD_E_SHARING_VIOLATION));
	}
}

/* A client that dies: what the other one notices. */
static void
death(void)
{
	FOR_BOTH(s)
	{
		client_free(&s.one);
		CODE(do_transmit(&s.two, s.second), BY(s, SCARD_W_RESET_CARD, SCARD_S_SUCCESS));
		s.one = client_new(s.dialect);
	}
	FOR_BOTH(s)
	{
		CODE(do_begin(&s.one, s.first), SCARD_S_SUCCESS);
		client_free(&s.one);
		CODE(do_transmit(&s.two, s.second), SCARD_W_RESET_CARD);
		s.one = client_new(s.dialect);
	}
	/* The transaction of another comes first; after it, the reset. */
	FOR_BOTH(s)
	{
		CODE(do_begin(&s.two, s.second), SCARD_S_SUCCESS);
		client_free(&s.one);
		CODE(do_transmit(&s.two, s.second), SCARD_S_SUCCESS);
		CODE(do_end(&s.two, s.second, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
		CODE(do_transmit(&s.two, s.second), BY(s, SCARD_W_RESET_CARD, SCARD_S_SUCCESS));
		s.one = client_new(s.dialect);
	}
	/* Releasing a context is no death. */
	FOR_BOTH(s)
	{
		CODE(rm_context_release(s.one.session, s.one.context), SCARD_S_SUCCESS);
		fixture_settle();
		CODE(do_transmit(&s.two, s.second), SCARD_S_SUCCESS);
	}
}

/* A removal, the card back, and a reset by somebody else after that. */
static void
precedence_of_marks(void)
{
	FOR_BOTH(s)
	{
		fixture_remove(s.reader);
		fixture_insert(s.reader);
		CODE(
		    do_reconnect(&s.two, s.second, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
		    SCARD_S_SUCCESS);
		CODE(do_transmit(&s.one, s.first), SCARD_W_REMOVED_CARD);
		CODE(
		    do_reconnect(&s.two, s.second, SCARD_SHARE_SHARED, ANY, SCARD_RESET_CARD, NULL),
		    SCARD_S_SUCCESS);
		CODE(do_transmit(&s.one, s.first), BY(s, SCARD_W_REMOVED_CARD, SCARD_W_RESET_CARD));
		/* And a removal after the reset. */
		fixture_remove(s.reader);
		CODE(do_transmit(&s.one, s.first), SCARD_W_REMOVED_CARD);
	}
}

static void
raw_protocol(void)
{
	FOR_BOTH(s)
	{
		struct call call;

		call_transmit(&call, s.first);
		call.request.protocols = RAW;
		CODE(call_run(&s.one, &call),
		    BY(s, SCARD_E_PROTO_MISMATCH, SCARD_E_UNSUPPORTED_FEATURE));
	}
}

/* Failures of an exchange; too much input. */
static void
exchange_failures(void)
{
	static const struct {
		HRESULT driver;
		LONG windows, pcsclite;
	} rows[] = {
		{ SCARD_E_COMM_DATA_LOST, SCARD_E_COMM_DATA_LOST, SCARD_E_NOT_TRANSACTED },
		{ SCARD_E_TIMEOUT, SCARD_E_TIMEOUT, SCARD_E_NOT_TRANSACTED },
		{ SCARD_E_CANCELLED, SCARD_E_CANCELLED, SCARD_E_NOT_TRANSACTED },
		{ SCARD_E_INVALID_PARAMETER, SCARD_E_INVALID_PARAMETER, SCARD_E_NOT_TRANSACTED },
		{ E_FAIL, SCARD_F_COMM_ERROR, SCARD_E_NOT_TRANSACTED },
		{ SCARD_E_NO_SMARTCARD, SCARD_E_NO_SMARTCARD, SCARD_E_NO_SMARTCARD },
		{ SCARD_W_UNPOWERED_CARD, SCARD_W_UNPOWERED_CARD, SCARD_W_UNPOWERED_CARD },
		{ E_OUTOFMEMORY, SCARD_E_NO_MEMORY, SCARD_E_NO_MEMORY },
	};

	FOR_BOTH(s)
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct call call;

		(void)ITestDriverControl_Reset(control);
		(void)ITestDriverControl_FailExchange(control, 1, rows[i].driver);
		call_transmit(&call, s.first);
		if (!CODE(call_run(&s.one, &call), BY(s, rows[i].windows, rows[i].pcsclite)))
			printf("# row %zu\n", i);
		SAYS(call.request.message, NAME);
		SUITE_EQUAL_INT(call.request.out_length, 0);
	}
	FOR_BOTH(s)
	{
		static const uint8_t longest[RM_TRANSMIT_MAX + 1];
		struct call call;

		call_transmit(&call, s.first);
		call.request.in = longest;
		call.request.in_length = sizeof longest;
		CODE(call_run(&s.one, &call),
		    BY(s, SCARD_E_INVALID_PARAMETER, SCARD_E_INSUFFICIENT_BUFFER));
		SAYS(call.request.message, NAME, "65545", "65544");
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "bad handles", bad_handle },
		{ "unknown attributes and control codes", attributes },
		{ "scopes", scopes },
		{ "lists and groups", lists },
		{ "direct access", direct },
		{ "a mute card", mute_card },
		{ "reconnecting in a transaction", reconnect },
		{ "status", status },
		{ "direct functions under a transaction", direct_functions_under_a_transaction },
		{ "control after a reset", control_after_a_reset },
		{ "control codes of the class driver", control_codes },
		{ "the end of a transaction after a reset", end_after_a_reset },
		{ "the end of a transaction by a reset", end_that_resets },
		{ "the end of a transaction of another", end_of_another },
		{ "the death of a client", death },
		{ "removal and reset", precedence_of_marks },
		{ "the raw protocol", raw_protocol },
		{ "failures of an exchange", exchange_failures },
	};

	return fixture_main("engine_dialect", tests, sizeof tests / sizeof tests[0]);
}
