/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CSCard against a scripted resource manager: which winscard calls each method makes, in which
 * order, and what becomes of every result. The module's sources are linked in, not loaded.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "providers/scardssp/classes.h"
#include "tests/unit/scardssp_fake_scard.h"
#include "tests/unit/scardssp_fixture.h"

#define WAIT_LIMIT_S 10 /* seconds */

#define LOG(expected) SUITE_EQUAL_STRING(fake_scard_log(), expected)

static OLECHAR reader[] = { 'F', 'a', 'k', 'e', 0 };

static void *
make(const struct tessera_class *type, REFIID iid)
{
	void *object = NULL;

	if (FAILED(tessera_object_create(type, NULL, iid, &object)))
		abort();
	return object;
}

static ISCardCmd *
command(const char *hex)
{
	ISCardCmd *cmd = make(&card_cmd_class, &IID_ISCardCmd);
	IByteBuffer *bytes = ssp_buffer(hex);

	OK(ISCardCmd_put_Apdu(cmd, bytes));
	IByteBuffer_Release(bytes);
	return cmd;
}

static ISCard *
unattached_card(void)
{
	fake_scard_reset();
	ISCard *card = make(&card_class, &IID_ISCard);

	LOG("establish 0");
	return card;
}

static ISCard *
attached_card(DWORD protocol)
{
	ISCard *card = unattached_card();

	fake_scard.protocol = protocol;
	OK(ISCard_AttachByReader(card, reader, SHARED, (SCARD_PROTOCOLS)(T0 | T1)));
	LOG("connect C0 Fa 2 3");
	return card;
}

static void
let_go(ISCard *card)
{
	SUITE_EQUAL_INT(ISCard_Release(card), 0);
	LOG("disconnect CA 0, release C0");
}

#define STATUS(cmd, expected)                                \
	do {                                                 \
		WORD word = 1;                               \
		OK(ISCardCmd_get_ReplyStatus((cmd), &word)); \
		SUITE_EQUAL_HEX(word, expected);             \
	} while (0)

static void
creation(void)
{
	static const struct {
		LONG code;
		HRESULT result;
	} rows[] = {
		{ SCARD_E_NO_SERVICE, SCARD_E_NO_SERVICE },
		{ SCARD_E_SERVICE_STOPPED, SCARD_E_SERVICE_STOPPED },
		{ ERROR_INVALID_HANDLE, (HRESULT)0x80070006 },
		{ ERROR_BROKEN_PIPE, (HRESULT)0x8007006D },
	};

	for (size_t i = 0; i < SSP_COUNT(rows); i++) {
		ISCard *card = (ISCard *)0x1;

		fake_scard_reset();
		fake_scard.establish = rows[i].code;
		FAILS(tessera_object_create(&card_class, NULL, &IID_ISCard, (void **)&card),
		    rows[i].result, "by script; change it");
		CU_ASSERT(card == NULL);
		LOG("establish 0");
	}
	ISCard *card = unattached_card();
	SUITE_EQUAL_INT(ISCard_Release(card), 0);
	LOG("release C0");
}

static void
attach_by_reader(void)
{
	static const struct {
		SCARD_SHARE_MODES mode;
		SCARD_PROTOCOLS protocols;
		const char *log;
	} rows[] = {
		{ EXCLUSIVE, T0, "connect C0 Fa 1 1" },
		{ SHARED, T1, "connect C0 Fa 2 2" },
		{ SHARED, (SCARD_PROTOCOLS)(T0 | T1), "connect C0 Fa 2 3" },
		{ EXCLUSIVE, RAW, "connect C0 Fa 1 10000" },
	};
	ISCard *card = unattached_card();

	for (size_t i = 0; i < SSP_COUNT(rows); i++) {
		HSCARD handle = 0;

		OK(ISCard_AttachByReader(card, reader, rows[i].mode, rows[i].protocols));
		LOG(rows[i].log);
		OK(ISCard_get_CardHandle(card, &handle));
		SUITE_EQUAL_HEX(handle, FAKE_HANDLE);
		OK(ISCard_Detach(card, LEAVE));
		LOG("disconnect CA 0");
	}
	ISCard_Release(card);
}

static void
attach_by_reader_refuses(void)
{
	ISCard *card = unattached_card();
	OLECHAR nothing[] = { 0 };

	FAILS(ISCard_AttachByReader(card, NULL, SHARED, T0), E_INVALIDARG, "no reader name");
	FAILS(ISCard_AttachByReader(card, nothing, SHARED, T0), E_INVALIDARG, "no reader name");
	FAILS(
	    ISCard_AttachByReader(card, reader, (SCARD_SHARE_MODES)0, T0), E_INVALIDARG, "mode 0");
	FAILS(
	    ISCard_AttachByReader(card, reader, (SCARD_SHARE_MODES)3, T0), E_INVALIDARG, "mode 3");
	FAILS(ISCard_AttachByReader(card, reader, SHARED, (SCARD_PROTOCOLS)0), E_INVALIDARG, "0x0");
	FAILS(ISCard_AttachByReader(card, reader, SHARED, (SCARD_PROTOCOLS)4), E_INVALIDARG, "0x4");
	FAILS(ISCard_AttachByReader(card, reader, SHARED, (SCARD_PROTOCOLS)0x10000), E_INVALIDARG,
	    "0x10000");
	LOG("");
	fake_scard.connect = SCARD_E_UNKNOWN_READER;
	FAILS(ISCard_AttachByReader(card, reader, SHARED, T0), SCARD_E_UNKNOWN_READER,
	    "AttachByReader('Fake'): reader 'Fake': by script; change it");
	fake_scard.connect = 0;
	OK(ISCard_AttachByReader(card, reader, SHARED, T0));
	FAILS(ISCard_AttachByReader(card, reader, SHARED, T0), E_UNEXPECTED, "Detach first");
	FAILS(ISCard_AttachByHandle(card, FAKE_FOREIGN), E_UNEXPECTED, "Detach first");
	fake_scard_log();
	let_go(card);
}

static void
attach_by_handle(void)
{
	ISCard *card = unattached_card();
	HSCARDCONTEXT context = 1;
	HSCARD handle = 1;

	OK(ISCard_get_CardHandle(card, &handle));
	SUITE_EQUAL_HEX(handle, 0);
	OK(ISCard_get_Context(card, &context));
	SUITE_EQUAL_HEX(context, FAKE_CONTEXT);

	FAILS(ISCard_AttachByHandle(card, 0), E_INVALIDARG, "no open connection");
	FAILS(ISCard_AttachByHandle(card, 0xBAD), E_INVALIDARG, "0xBAD");
	fake_scard.status = SCARD_W_REMOVED_CARD;
	FAILS(ISCard_AttachByHandle(card, FAKE_FOREIGN), SCARD_W_REMOVED_CARD, "AttachByHandle");
	fake_scard.status = 0;
	fake_scard_log();
	OK(ISCard_AttachByHandle(card, FAKE_FOREIGN));
	LOG("status F0");
	OK(ISCard_get_CardHandle(card, &handle));
	SUITE_EQUAL_HEX(handle, FAKE_FOREIGN);
	OK(ISCard_get_Context(card, &context));
	SUITE_EQUAL_HEX(context, 0);

	/* The handle stays its owner's when the object goes, and goes when it is told to. */
	ISCard_Release(card);
	LOG("release C0");
	card = unattached_card();
	OK(ISCard_AttachByHandle(card, FAKE_FOREIGN));
	fake_scard_log();
	OK(ISCard_Detach(card, RESET));
	LOG("disconnect F0 1");
	ISCard_Release(card);
	LOG("release C0");
}

static void
unattached(void)
{
	ISCard *card = unattached_card();
	ISCardCmd *cmd = command("00A40000");
	SCARD_PROTOCOLS protocol = T1;
	SCARD_STATES state = ABSENT;
	IByteBuffer *atr = (IByteBuffer *)0x1;

	FAILS(ISCard_get_Atr(card, &atr), SCARD_E_INVALID_HANDLE, "AttachByReader");
	CU_ASSERT(atr == NULL);
	FAILS(ISCard_get_Protocol(card, &protocol), SCARD_E_INVALID_HANDLE, "get_Protocol");
	FAILS(ISCard_get_Status(card, &state), SCARD_E_INVALID_HANDLE, "get_Status");
	FAILS(ISCard_Detach(card, LEAVE), SCARD_E_INVALID_HANDLE, "Detach");
	FAILS(ISCard_LockSCard(card), SCARD_E_INVALID_HANDLE, "LockSCard");
	FAILS(ISCard_UnlockSCard(card, LEAVE), SCARD_E_INVALID_HANDLE, "UnlockSCard");
	FAILS(ISCard_ReAttach(card, SHARED, LEAVE), SCARD_E_INVALID_HANDLE, "ReAttach");
	FAILS(ISCard_Transaction(card, &cmd), SCARD_E_INVALID_HANDLE, "Transaction");
	LOG("");
	ISCardCmd_Release(cmd);
	ISCard_Release(card);
}

static void
dispositions(void)
{
	static const SCARD_DISPOSITIONS bad[] = { (SCARD_DISPOSITIONS)-1, (SCARD_DISPOSITIONS)4 };
	static const char *const detached[] = { "disconnect CA 0", "disconnect CA 1",
		"disconnect CA 2", "disconnect CA 3" };
	static const char *const unlocked[] = { "begin, end 0", "begin, end 1", "begin, end 2",
		"begin, end 3" };

	for (int d = LEAVE; d <= EJECT; d++) {
		ISCard *card = attached_card(SCARD_PROTOCOL_T1);

		OK(ISCard_LockSCard(card));
		OK(ISCard_UnlockSCard(card, (SCARD_DISPOSITIONS)d));
		LOG(unlocked[d]);
		OK(ISCard_Detach(card, (SCARD_DISPOSITIONS)d));
		LOG(detached[d]);
		ISCard_Release(card);
		LOG("release C0");
	}
	ISCard *card = attached_card(SCARD_PROTOCOL_T1);
	for (size_t i = 0; i < SSP_COUNT(bad); i++) {
		FAILS(ISCard_Detach(card, bad[i]), E_INVALIDARG, "pass LEAVE");
		FAILS(ISCard_UnlockSCard(card, bad[i]), E_INVALIDARG, "pass LEAVE");
		FAILS(ISCard_ReAttach(card, SHARED, bad[i]), E_INVALIDARG, "pass LEAVE");
	}
	FAILS(ISCard_ReAttach(card, SHARED, EJECT), SCARD_E_INVALID_VALUE, "Detach(EJECT)");
	FAILS(ISCard_ReAttach(card, (SCARD_SHARE_MODES)3, LEAVE), E_INVALIDARG, "share mode 3");
	LOG("");
	let_go(card);
}

/* A connection that could not be ended stays; one that is dead does not. */
static void
detach_failures(void)
{
	static const struct {
		LONG code;
		HRESULT result;
		int stays;
	} rows[] = {
		{ SCARD_E_INVALID_VALUE, SCARD_E_INVALID_VALUE, 1 },
		{ SCARD_E_CANT_DISPOSE, SCARD_E_CANT_DISPOSE, 1 },
		{ SCARD_E_SERVICE_STOPPED, SCARD_E_SERVICE_STOPPED, 0 },
		{ SCARD_E_INVALID_HANDLE, SCARD_E_INVALID_HANDLE, 0 },
		{ ERROR_INVALID_HANDLE, (HRESULT)0x80070006, 0 },
	};

	for (size_t i = 0; i < SSP_COUNT(rows); i++) {
		ISCard *card = attached_card(SCARD_PROTOCOL_T1);
		HSCARD handle = 1;

		fake_scard.disconnect = rows[i].code;
		FAILS(ISCard_Detach(card, EJECT), rows[i].result, "ISCard::Detach");
		OK(ISCard_get_CardHandle(card, &handle));
		SUITE_EQUAL_HEX(handle, rows[i].stays ? FAKE_HANDLE : 0);
		fake_scard.disconnect = 0;
		fake_scard_log();
		ISCard_Release(card);
		LOG(rows[i].stays ? "disconnect CA 0, release C0" : "release C0");
	}
}

static void
properties(void)
{
	static const struct {
		DWORD winscard;
		SCARD_PROTOCOLS protocol;
	} protocols[] = {
		{ SCARD_PROTOCOL_T0, T0 },
		{ SCARD_PROTOCOL_T1, T1 },
		{ SCARD_PROTOCOL_RAW, RAW },
		{ SCARD_PROTOCOL_UNDEFINED, (SCARD_PROTOCOLS)0 },
	};
	ISCard *card = attached_card(SCARD_PROTOCOL_T0);
	SCARD_PROTOCOLS protocol;
	SCARD_STATES state;
	IByteBuffer *atr = NULL;

	for (size_t i = 0; i < SSP_COUNT(protocols); i++) {
		fake_scard.protocol = protocols[i].winscard;
		OK(ISCard_get_Protocol(card, &protocol));
		SUITE_EQUAL_HEX(protocol, protocols[i].protocol);
	}
	for (DWORD s = SCARD_ABSENT; s <= SCARD_SPECIFIC; s++) {
		fake_scard.state = s;
		OK(ISCard_get_Status(card, &state));
		SUITE_EQUAL_INT(state, s);
	}
	OK(ISCard_get_Atr(card, &atr));
	EXPECT_BYTES(atr, "3B021450");
	IByteBuffer_Release(atr);

	fake_scard.status = SCARD_W_RESET_CARD;
	atr = (IByteBuffer *)0x1;
	FAILS(ISCard_get_Atr(card, &atr), SCARD_W_RESET_CARD, "get_Atr");
	CU_ASSERT(atr == NULL);
	FAILS(ISCard_get_Protocol(card, &protocol), SCARD_W_RESET_CARD, "get_Protocol");
	FAILS(ISCard_get_Status(card, &state), SCARD_W_RESET_CARD, "get_Status");
	fake_scard_log();
	let_go(card);
}

static void
re_attach(void)
{
	ISCard *card = attached_card(SCARD_PROTOCOL_T0);
	ISCardCmd *cmd = command("00A40000");

	OK(ISCard_ReAttach(card, EXCLUSIVE, LEAVE));
	LOG("reconnect CA 1 3 0");
	OK(ISCard_ReAttach(card, SHARED, RESET));
	LOG("reconnect CA 2 3 1");
	/* The protocol that comes of it is the one used from then on. */
	fake_scard.protocol = SCARD_PROTOCOL_T1;
	OK(ISCard_ReAttach(card, SHARED, UNPOWER));
	LOG("reconnect CA 2 3 2");
	OK(ISCard_Transaction(card, &cmd));
	LOG("T1 00A40000");
	fake_scard.reconnect = SCARD_E_NO_SMARTCARD;
	FAILS(ISCard_ReAttach(card, SHARED, LEAVE), SCARD_E_NO_SMARTCARD, "ReAttach");
	fake_scard_log();
	let_go(card);

	/* For a handle from outside: the protocol it had. */
	card = unattached_card();
	fake_scard.protocol = SCARD_PROTOCOL_T1;
	OK(ISCard_AttachByHandle(card, FAKE_FOREIGN));
	OK(ISCard_ReAttach(card, SHARED, LEAVE));
	LOG("status F0, reconnect F0 2 2 0");
	ISCard_Release(card);
	card = unattached_card();
	fake_scard.protocol = SCARD_PROTOCOL_UNDEFINED;
	OK(ISCard_AttachByHandle(card, FAKE_FOREIGN));
	OK(ISCard_ReAttach(card, SHARED, LEAVE));
	LOG("status F0, reconnect F0 2 3 0");
	ISCard_Release(card);
	ISCardCmd_Release(cmd);
}

/* Under T=0, with a transaction wherever there may be several exchanges. */
static void
transaction_t0(void)
{
	static const struct {
		const char *command;
		const char *answers[4];
		const char *log;
		const char *reply;
	} rows[] = {
		{ "00A40000", { "9000" }, "T0 00A4000000", "9000" },
		{ "00D6000001AA", { "6105" }, "T0 00D6000001AA", "6105" },
		{ "00B0000004", { "010203049000" }, "begin, T0 00B0000004, end 0", "010203049000" },
		{ "00B0000008", { "6C02", "01029000" },
		    "begin, T0 00B0000008, T0 00B0000002, end 0", "01029000" },
		{ "0088000001AA08", { "6102", "11229000" },
		    "begin, T0 0088000001AA, T0 00C0000002, end 0", "11229000" },
		{ "0088000001AA08", { "6A88" }, "begin, T0 0088000001AA, end 0", "6A88" },
		{ "00D600000005", { "6700" }, "T0 00D600000005", "6700" },
	};
	ISCard *card = attached_card(SCARD_PROTOCOL_T0);

	for (size_t i = 0; i < SSP_COUNT(rows); i++) {
		ISCardCmd *cmd = command(rows[i].command), *same = cmd;
		IByteBuffer *reply = NULL;

		fake_scard.answered = 0;
		for (size_t a = 0; a < 4; a++)
			fake_scard.answers[a].reply = rows[i].answers[a];
		OK(ISCard_Transaction(card, &cmd));
		LOG(rows[i].log);
		CU_ASSERT(cmd == same);
		OK(ISCardCmd_get_ApduReply(cmd, &reply));
		EXPECT_BYTES(reply, rows[i].reply);
		IByteBuffer_Release(reply);
		/* The command is still the caller's. */
		EXPECT_APDU(cmd, rows[i].command);
		SUITE_EQUAL_INT(ISCardCmd_Release(cmd), 0);
	}
	let_go(card);
}

/* LockSCard has begun one already, until it is undone or the connection is renewed. */
static void
transaction_in_a_lock(void)
{
	ISCard *card = attached_card(SCARD_PROTOCOL_T0);
	ISCardCmd *cmd = command("00B0000002");

	OK(ISCard_LockSCard(card));
	OK(ISCard_LockSCard(card));
	OK(ISCard_UnlockSCard(card, LEAVE));
	OK(ISCard_Transaction(card, &cmd));
	LOG("begin, begin, end 0, T0 00B0000002");
	OK(ISCard_UnlockSCard(card, LEAVE));
	OK(ISCard_Transaction(card, &cmd));
	LOG("end 0, begin, T0 00B0000002, end 0");

	OK(ISCard_LockSCard(card));
	fake_scard.end = SCARD_E_NOT_TRANSACTED;
	FAILS(ISCard_UnlockSCard(card, LEAVE), SCARD_E_NOT_TRANSACTED, "UnlockSCard");
	fake_scard_log();
	OK(ISCard_Transaction(card, &cmd));
	LOG("T0 00B0000002");
	fake_scard.end = SCARD_W_RESET_CARD;
	FAILS(ISCard_UnlockSCard(card, LEAVE), SCARD_W_RESET_CARD, "UnlockSCard");
	fake_scard.end = 0;
	fake_scard_log();
	OK(ISCard_Transaction(card, &cmd));
	LOG("begin, T0 00B0000002, end 0");

	OK(ISCard_LockSCard(card));
	OK(ISCard_ReAttach(card, SHARED, LEAVE));
	fake_scard_log();
	OK(ISCard_Transaction(card, &cmd));
	LOG("begin, T0 00B0000002, end 0");

	fake_scard.begin = SCARD_W_REMOVED_CARD;
	FAILS(ISCard_LockSCard(card), SCARD_W_REMOVED_CARD, "LockSCard");
	fake_scard.begin = 0;
	fake_scard_log();
	OK(ISCard_Transaction(card, &cmd));
	LOG("begin, T0 00B0000002, end 0");
	ISCardCmd_Release(cmd);
	let_go(card);
}

/* Other protocols take the command as it is, and its status words too. */
static void
transaction_t1_and_raw(void)
{
	ISCardCmd *cmd = command("0088000001AA08");
	ISCard *card = attached_card(SCARD_PROTOCOL_T1);

	fake_scard.answers[0].reply = "6C04";
	fake_scard.answers[1].reply = "6104";
	OK(ISCard_Transaction(card, &cmd));
	LOG("T1 0088000001AA08");
	STATUS(cmd, 0x6C04);
	OK(ISCard_Transaction(card, &cmd));
	LOG("T1 0088000001AA08");
	STATUS(cmd, 0x6104);
	let_go(card);

	card = attached_card(SCARD_PROTOCOL_RAW);
	OK(ISCard_Transaction(card, &cmd));
	LOG("RAW 0088000001AA08");
	STATUS(cmd, 0x6F00);
	let_go(card);
	ISCardCmd_Release(cmd);

	/* Connected without a protocol: the resource manager knows. */
	cmd = command("00A40000");
	card = attached_card(SCARD_PROTOCOL_UNDEFINED);
	OK(ISCard_Transaction(card, &cmd));
	LOG("any 00A40000");
	let_go(card);
	ISCardCmd_Release(cmd);
}

static void
room_for_the_reply(void)
{
	static const struct {
		const char *command;
		DWORD capacity;
	} rows[] = {
		{ "00A40000", 258 },
		{ "00B0000004", 258 },
		{ "00B0000000", 258 },
		{ "00B00000000100", 258 },
		{ "00B00000000101", 259 },
		{ "00B00000000000", 65538 },
		{ "00D600000009", 65538 },
	};
	ISCard *card = attached_card(SCARD_PROTOCOL_T1);

	for (size_t i = 0; i < SSP_COUNT(rows); i++) {
		ISCardCmd *cmd = command(rows[i].command);

		OK(ISCard_Transaction(card, &cmd));
		SUITE_EQUAL_INT(fake_scard.capacity, rows[i].capacity);
		ISCardCmd_Release(cmd);
	}
	fake_scard_log();
	let_go(card);
}

/* A failure of the transport is the result, and no status of an earlier command is left. */
static void
transport_failures(void)
{
	static const struct {
		LONG code;
		HRESULT result;
	} rows[] = {
		{ SCARD_W_RESET_CARD, SCARD_W_RESET_CARD },
		{ SCARD_W_REMOVED_CARD, SCARD_W_REMOVED_CARD },
		{ SCARD_E_READER_UNAVAILABLE, SCARD_E_READER_UNAVAILABLE },
		{ ERROR_IO_DEVICE, (HRESULT)0x8007045D },
	};

	for (size_t i = 0; i < SSP_COUNT(rows); i++) {
		ISCard *card = attached_card(SCARD_PROTOCOL_T0);
		ISCardCmd *cmd = command("00B0000002");
		LONG length = -1;

		OK(ISCardCmd_put_ReplyStatus(cmd, 0x9000));
		fake_scard.answers[0].code = rows[i].code;
		fake_scard.answers[0].reply = "";
		FAILS(ISCard_Transaction(card, &cmd), rows[i].result, "by script; change it");
		LOG("begin, T0 00B0000002, end 0");
		OK(ISCardCmd_get_ApduReplyLength(cmd, &length));
		SUITE_EQUAL_INT(length, 0);

		fake_scard.begin = rows[i].code;
		FAILS(ISCard_Transaction(card, &cmd), rows[i].result, "Transaction");
		LOG("begin");
		fake_scard.begin = 0;
		/* A reply that came is a reply, whatever the end of the transaction says. */
		fake_scard.end = rows[i].code;
		OK(ISCard_Transaction(card, &cmd));
		fake_scard.end = 0;
		fake_scard_log();
		ISCardCmd_Release(cmd);
		let_go(card);
	}
}

static void
bad_replies(void)
{
	static const DWORD protocols[] = { SCARD_PROTOCOL_T0, SCARD_PROTOCOL_T1 };

	for (size_t i = 0; i < SSP_COUNT(protocols); i++) {
		ISCard *card = attached_card(protocols[i]);
		ISCardCmd *cmd = command("00B0000002");

		fake_scard.answers[0].reply = "";
		FAILS(ISCard_Transaction(card, &cmd), SCARD_F_COMM_ERROR, "no status word");
		fake_scard.answers[1].reply = "90";
		FAILS(ISCard_Transaction(card, &cmd), SCARD_F_COMM_ERROR, "no status word");
		ISCardCmd_Release(cmd);
		fake_scard_log();
		let_go(card);
	}
}

static void
no_envelope(void)
{
	ISCard *card = attached_card(SCARD_PROTOCOL_T0);
	ISCardCmd *cmd = make(&card_cmd_class, &IID_ISCardCmd);
	IByteBuffer *data = ssp_buffer_of(300);

	OK(ISCardCmd_BuildCmd(cmd, 0, 0xD6, 0, 0, data, NULL));
	fake_scard.answers[0].reply = "6D00";
	FAILS(ISCard_Transaction(card, &cmd), SCARD_E_PROTO_MISMATCH,
	    "300 bytes of data need ENVELOPE");
	LOG("begin, T0 00C20000FF00D6000000012C07264564..., end 0");
	IByteBuffer_Release(data);
	ISCardCmd_Release(cmd);
	let_go(card);
}

/* Somebody reconnected the handle with another protocol: noticed, and the command sent anew. */
static void
protocol_changes_behind_the_back(void)
{
	ISCard *card = attached_card(SCARD_PROTOCOL_T0);
	ISCardCmd *cmd = command("00B0000002");

	fake_scard.protocol = SCARD_PROTOCOL_T1;
	OK(ISCard_Transaction(card, &cmd));
	LOG("begin, T0 00B0000002, end 0, status CA, T1 00B0000002");
	OK(ISCard_Transaction(card, &cmd));
	LOG("T1 00B0000002");
	fake_scard.protocol = SCARD_PROTOCOL_UNDEFINED;
	FAILS(ISCard_Transaction(card, &cmd), SCARD_E_PROTO_MISMATCH, "Transaction");
	LOG("T1 00B0000002, status CA");
	ISCardCmd_Release(cmd);
	let_go(card);
}

static void
alternate_class(void)
{
	ISCard *card = attached_card(SCARD_PROTOCOL_T0);
	ISCardCmd *cmd = command("8088000001AA08");

	OK(ISCardCmd_put_AlternateClassId(cmd, 0x00));
	fake_scard.answers[0].reply = "6101";
	fake_scard.answers[1].reply = "EE9000";
	OK(ISCard_Transaction(card, &cmd));
	LOG("begin, T0 8088000001AA, T0 00C0000001, end 0");
	ISCardCmd_Release(cmd);
	let_go(card);
}

static void
commands_that_cannot_go(void)
{
	ISCard *card = attached_card(SCARD_PROTOCOL_T0);
	ISCardCmd *cmd = make(&card_cmd_class, &IID_ISCardCmd), *none = NULL;

	FAILS(ISCard_Transaction(card, NULL), E_POINTER, "ppCmd is NULL");
	FAILS(ISCard_Transaction(card, &none), E_INVALIDARG, "*ppCmd is NULL");
	FAILS(ISCard_Transaction(card, &cmd), E_INVALIDARG, "0 bytes of a command");
	LOG("");
	ISCardCmd_Release(cmd);
	let_go(card);
}

/* An ISCardCmd of another make, which gives a buffer of another make. */
static void
foreign_command(void)
{
	ISCard *card = attached_card(SCARD_PROTOCOL_T0);
	ISCardCmd *inner = command("00B0000002"), *cmd = ssp_foreign_cmd(inner);

	fake_scard.answers[0].reply = "AABB9000";
	OK(ISCard_Transaction(card, &cmd));
	LOG("begin, T0 00B0000002, end 0");
	STATUS(inner, 0x9000);
	ISCardCmd_Release(cmd);
	SUITE_EQUAL_INT(ISCardCmd_Release(inner), 0);
	let_go(card);
}

static sem_t entered, go_on;

/* False: nothing came within WAIT_LIMIT_S. */
static bool
await(sem_t *semaphore)
{
	struct timespec limit;
	int r;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += WAIT_LIMIT_S;
	do
		r = sem_timedwait(semaphore, &limit);
	while (r != 0 && errno == EINTR);
	return r == 0;
}

static void
wait_until_told(void)
{
	sem_post(&entered);
	await(&go_on);
}

static ISCard *shared_card;

static void *
lock_it(void *data)
{
	*(HRESULT *)data = ISCard_LockSCard(shared_card);
	return NULL;
}

static void *
send_it(void *data)
{
	ISCardCmd *cmd = command("00B0000002");

	*(HRESULT *)data = ISCard_Transaction(shared_card, &cmd);
	ISCardCmd_Release(cmd);
	return NULL;
}

/* While one thread waits for the card, others learn of it, use it, and let it go. */
static void
waiting_holds_nobody_up(void)
{
	HRESULT result = E_FAIL;
	pthread_t thread;
	SCARD_STATES state;
	ISCardCmd *cmd;
	HSCARD handle;

	shared_card = attached_card(SCARD_PROTOCOL_T1);
	fake_scard.on_begin = wait_until_told;
	pthread_create(&thread, NULL, lock_it, &result);
	CU_ASSERT(await(&entered));
	cmd = command("00A40000");
	OK(ISCard_get_CardHandle(shared_card, &handle));
	OK(ISCard_get_Status(shared_card, &state));
	OK(ISCard_Transaction(shared_card, &cmd));
	OK(ISCard_Detach(shared_card, LEAVE));
	FAILS(ISCard_Transaction(shared_card, &cmd), SCARD_E_INVALID_HANDLE, "not attached");
	sem_post(&go_on);
	pthread_join(thread, NULL);
	EXPECT(result, S_OK);
	LOG("begin, status CA, T1 00A40000, disconnect CA 0");
	/* That lock was of a connection that is gone. */
	fake_scard.on_begin = NULL;
	fake_scard.protocol = SCARD_PROTOCOL_T0;
	OK(ISCard_AttachByReader(shared_card, reader, SHARED, T0));
	fake_scard_log();
	ISCardCmd_Release(cmd);
	cmd = command("00B0000002");
	OK(ISCard_Transaction(shared_card, &cmd));
	LOG("begin, T0 00B0000002, end 0");
	ISCardCmd_Release(cmd);
	let_go(shared_card);
}

/* The exchanges of one command are not mixed with those of another. */
static void
transactions_take_turns(void)
{
	HRESULT results[3] = { E_FAIL, E_FAIL, E_FAIL };
	pthread_t threads[3];

	shared_card = attached_card(SCARD_PROTOCOL_T0);
	for (size_t i = 0; i < 6; i += 2) {
		fake_scard.answers[i].reply = "6C01";
		fake_scard.answers[i + 1].reply = "AA9000";
	}
	fake_scard.on_transmit = wait_until_told;
	for (size_t i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, send_it, &results[i]);
	for (size_t i = 0; i < 6; i++) {
		CU_ASSERT(await(&entered));
		CU_ASSERT(sem_trywait(&entered) != 0);
		sem_post(&go_on);
	}
	for (size_t i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		EXPECT(results[i], S_OK);
	}
	fake_scard.on_transmit = NULL;
	LOG("begin, T0 00B0000002, T0 00B0000001, end 0, "
	    "begin, T0 00B0000002, T0 00B0000001, end 0, "
	    "begin, T0 00B0000002, T0 00B0000001, end 0");
	let_go(shared_card);
}

/* Those that wait for their turn when the connection goes learn so; nobody is forgotten. */
static void
detach_while_others_wait(void)
{
	HRESULT results[3] = { S_FALSE, S_FALSE, S_FALSE };
	pthread_t threads[3];
	int gone = 0, done = 0;

	shared_card = attached_card(SCARD_PROTOCOL_T0);
	fake_scard.on_transmit = wait_until_told;
	fake_scard.answers[0].reply = "AABB9000";
	for (size_t i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, send_it, &results[i]);
	CU_ASSERT(await(&entered));
	OK(ISCard_Detach(shared_card, LEAVE));
	sem_post(&go_on);
	for (size_t i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		done += results[i] == S_OK;
		gone += results[i] == SCARD_E_INVALID_HANDLE;
	}
	SUITE_EQUAL_INT(done, 1);
	SUITE_EQUAL_INT(gone, 2);
	fake_scard_log();
	ISCard_Release(shared_card);
	LOG("release C0");
}

static void *
attach_it(void *data)
{
	*(HRESULT *)data = ISCard_AttachByReader(shared_card, reader, SHARED, T1);
	return NULL;
}

static void
one_of_many_attaches(void)
{
	HRESULT results[4] = { S_FALSE, S_FALSE, S_FALSE, S_FALSE };
	pthread_t threads[4];
	int done = 0, refused = 0;

	shared_card = unattached_card();
	fake_scard.protocol = SCARD_PROTOCOL_T1;
	for (size_t i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, attach_it, &results[i]);
	for (size_t i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		done += results[i] == S_OK;
		refused += results[i] == E_UNEXPECTED;
	}
	SUITE_EQUAL_INT(done, 1);
	SUITE_EQUAL_INT(refused, 3);
	LOG("connect C0 Fa 2 2");
	let_go(shared_card);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "creation needs a resource manager", creation },
		{ "AttachByReader", attach_by_reader },
		{ "AttachByReader refuses", attach_by_reader_refuses },
		{ "AttachByHandle", attach_by_handle },
		{ "unattached", unattached },
		{ "dispositions", dispositions },
		{ "Detach fails", detach_failures },
		{ "Atr, Protocol, Status", properties },
		{ "ReAttach", re_attach },
		{ "Transaction under T=0", transaction_t0 },
		{ "Transaction in a lock", transaction_in_a_lock },
		{ "Transaction under T=1 and raw", transaction_t1_and_raw },
		{ "room for the reply", room_for_the_reply },
		{ "failures of the transport", transport_failures },
		{ "bad replies", bad_replies },
		{ "a card without ENVELOPE", no_envelope },
		{ "the protocol changes behind the back", protocol_changes_behind_the_back },
		{ "the alternate class", alternate_class },
		{ "commands that cannot go", commands_that_cannot_go },
		{ "a command of another make", foreign_command },
		{ "waiting for the card holds nobody up", waiting_holds_nobody_up },
		{ "Transactions take turns", transactions_take_turns },
		{ "Detach while others wait", detach_while_others_wait },
		{ "one of many attaches", one_of_many_attaches },
	};

	sem_init(&entered, 0, 0);
	sem_init(&go_on, 0, 0);
	return ssp_run("scardssp card, scripted", tests, SSP_COUNT(tests));
}
