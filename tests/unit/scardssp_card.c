/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CSCard on the embedded resource manager and its soft card: the same transactions under T=0 and
 * T=1, sharing, locks, and every clear refusal.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <winscard.h>

#include "tests/unit/scardssp_fixture.h"

static OLECHAR reader[] = u"Tessera Soft Card";
static ISCardISO7816 *iso;

static ISCard *
attached(SCARD_PROTOCOLS protocol)
{
	ISCard *card = NEW_CARD();

	OK(ISCard_AttachByReader(card, reader, SHARED, protocol));
	return card;
}

/* Sends, and compares the whole reply. */
#define SENDS(card, cmd, hex)                                \
	do {                                                 \
		IByteBuffer *answer = NULL;                  \
		OK(ISCard_Transaction((card), &(cmd)));      \
		OK(ISCardCmd_get_ApduReply((cmd), &answer)); \
		EXPECT_BYTES(answer, hex);                   \
		if (answer != NULL)                          \
			IByteBuffer_Release(answer);         \
	} while (0)

static void
attach_properties(void)
{
	ISCard *card = NEW_CARD();
	SCARD_PROTOCOLS protocol = RAW;
	SCARD_STATES state = ABSENT;
	HSCARDCONTEXT context = 0;
	IByteBuffer *atr = NULL;
	HSCARD handle = 1;

	OK(ISCard_get_CardHandle(card, &handle));
	SUITE_EQUAL_HEX(handle, 0);
	OK(ISCard_get_Context(card, &context));
	CU_ASSERT(context != 0);
	SUITE_EQUAL_INT(SCardIsValidContext(context), SCARD_S_SUCCESS);

	OK(ISCard_AttachByReader(card, reader, SHARED, T0));
	OK(ISCard_get_CardHandle(card, &handle));
	CU_ASSERT(handle != 0);
	OK(ISCard_get_Protocol(card, &protocol));
	SUITE_EQUAL_INT(protocol, T0);
	OK(ISCard_get_Status(card, &state));
	SUITE_EQUAL_INT(state, SPECIFICMODE);
	OK(ISCard_get_Atr(card, &atr));
	EXPECT_BYTES(atr, "3B8F80018031E873F421405754657373657261A1");
	IByteBuffer_Release(atr);
	OK(ISCard_Detach(card, LEAVE));
	OK(ISCard_get_CardHandle(card, &handle));
	SUITE_EQUAL_HEX(handle, 0);

	OK(ISCard_AttachByReader(card, reader, SHARED, (SCARD_PROTOCOLS)(T0 | T1)));
	OK(ISCard_get_Protocol(card, &protocol));
	CU_ASSERT(protocol == T0 || protocol == T1);
	ISCard_Release(card);
	SUITE_EQUAL_INT(SCardIsValidContext(context), ERROR_INVALID_HANDLE);
}

/* What the demonstration does, under either protocol. */
static void
work_with_the_card(SCARD_PROTOCOLS protocol)
{
	IByteBuffer *aid = ssp_buffer("F054657373657261"), *file = ssp_buffer("5001");
	IByteBuffer *protected_file = ssp_buffer("5002"), *text = ssp_buffer("48692E");
	IByteBuffer *right = ssp_buffer("31323334"), *wrong = ssp_buffer("39393939");
	ISCard *card = attached(protocol);
	ISCardCmd *cmd = NEW_CMD();
	LONG length = 0;
	WORD status = 0;

	OK(ISCard_LockSCard(card));
	OK(ISCardISO7816_SelectFile(iso, 4, 0x0C, aid, 0, &cmd));
	SENDS(card, cmd, "9000");
	OK(ISCardISO7816_SelectFile(iso, 2, 0x0C, file, 0, &cmd));
	SENDS(card, cmd, "9000");
	OK(ISCardISO7816_ReadBinary(iso, 0, 0, 5, &cmd));
	SENDS(card, cmd, "48656C6C6F 9000");
	/* Everything there is: 64 bytes. */
	OK(ISCardISO7816_ReadBinary(iso, 0, 0, 0, &cmd));
	OK(ISCard_Transaction(card, &cmd));
	OK(ISCardCmd_get_ApduReplyLength(cmd, &length));
	SUITE_EQUAL_INT(length, 66);
	/* And asked for in extended form. */
	OK(ISCardISO7816_ReadBinary(iso, 0, 60, 1000, &cmd));
	OK(ISCard_Transaction(card, &cmd));
	OK(ISCardCmd_get_ApduReplyLength(cmd, &length));
	SUITE_EQUAL_INT(length, 6);

	OK(ISCardISO7816_SelectFile(iso, 2, 0x0C, protected_file, 0, &cmd));
	SENDS(card, cmd, "9000");
	OK(ISCardISO7816_ReadBinary(iso, 0, 0, 4, &cmd));
	SENDS(card, cmd, "6982");
	OK(ISCardISO7816_Verify(iso, 1, NULL, &cmd));
	SENDS(card, cmd, "63C3");
	OK(ISCardISO7816_Verify(iso, 1, wrong, &cmd));
	SENDS(card, cmd, "63C2");
	OK(ISCardISO7816_Verify(iso, 1, right, &cmd));
	SENDS(card, cmd, "9000");
	OK(ISCardISO7816_ReadBinary(iso, 0, 0, 4, &cmd));
	SENDS(card, cmd, "4F6E6C79 9000");
	OK(ISCardISO7816_UpdateBinary(iso, 0, 0, text, &cmd));
	SENDS(card, cmd, "9000");
	OK(ISCardISO7816_ReadBinary(iso, 0, 0, 4, &cmd));
	SENDS(card, cmd, "48692E79 9000");
	OK(ISCardISO7816_GetChallenge(iso, 8, &cmd));
	OK(ISCard_Transaction(card, &cmd));
	OK(ISCardCmd_get_ReplyStatus(cmd, &status));
	SUITE_EQUAL_HEX(status, 0x9000);
	OK(ISCardCmd_get_ApduReplyLength(cmd, &length));
	SUITE_EQUAL_INT(length, 10);
	OK(ISCard_UnlockSCard(card, LEAVE));

	/* Back to how it was, for the next. */
	IByteBuffer_Release(text);
	text = ssp_buffer("4F6E6C");
	OK(ISCardISO7816_UpdateBinary(iso, 0, 0, text, &cmd));
	SENDS(card, cmd, "9000");
	OK(ISCard_Detach(card, RESET));
	ISCard_Release(card);
	SUITE_EQUAL_INT(ISCardCmd_Release(cmd), 0);
	IByteBuffer_Release(aid);
	IByteBuffer_Release(file);
	IByteBuffer_Release(protected_file);
	IByteBuffer_Release(text);
	IByteBuffer_Release(right);
	IByteBuffer_Release(wrong);
}

static void
under_t0(void)
{
	work_with_the_card(T0);
}

static void
under_t1(void)
{
	work_with_the_card(T1);
}

/* Case 4: under T=0 the answer has to be fetched, under T=1 it comes; the caller sees one reply. */
static void
case_4(void)
{
	static const SCARD_PROTOCOLS protocols[] = { T0, T1 };
	IByteBuffer *replies[2] = { NULL, NULL };
	BYTE first[300], second[300];
	LONG n = 0, m = 0;

	for (size_t i = 0; i < 2; i++) {
		IByteBuffer *id = ssp_buffer("3F00");
		ISCard *card = attached(protocols[i]);
		ISCardCmd *cmd = NULL;

		OK(ISCardISO7816_SelectFile(iso, 0, 0, id, 256, &cmd));
		OK(ISCard_Transaction(card, &cmd));
		OK(ISCardCmd_get_ApduReply(cmd, &replies[i]));
		ISCardCmd_Release(cmd);
		ISCard_Release(card);
		IByteBuffer_Release(id);
	}
	OK(IByteBuffer_Read(replies[0], first, sizeof first, &n));
	OK(IByteBuffer_Read(replies[1], second, sizeof second, &m));
	CU_ASSERT(n > 2);
	SUITE_EQUAL_INT(n, m);
	CU_ASSERT(n == m && memcmp(first, second, (size_t)n) == 0);
	SUITE_EQUAL_HEX(first[n - 2] << 8 | first[n - 1], 0x9000);
	IByteBuffer_Release(replies[0]);
	IByteBuffer_Release(replies[1]);
}

static void
attach_refusals(void)
{
	OLECHAR unknown[] = u"No Such Reader";
	ISCard *card = NEW_CARD(), *other = NEW_CARD();

	FAILS(ISCard_AttachByReader(card, unknown, SHARED, T0), SCARD_E_UNKNOWN_READER,
	    "No Such Reader");
	OK(ISCard_AttachByReader(card, reader, EXCLUSIVE, T1));
	FAILS(ISCard_AttachByReader(card, reader, EXCLUSIVE, T1), E_UNEXPECTED, "Detach first");
	FAILS(ISCard_AttachByReader(other, reader, SHARED, T1), SCARD_E_SHARING_VIOLATION,
	    "Tessera Soft Card");
	OK(ISCard_Detach(card, LEAVE));
	FAILS(ISCard_Detach(card, LEAVE), SCARD_E_INVALID_HANDLE, "not attached");
	OK(ISCard_AttachByReader(other, reader, SHARED, T1));
	OK(ISCard_AttachByReader(card, reader, SHARED, T1));
	FAILS(ISCard_ReAttach(card, EXCLUSIVE, LEAVE), SCARD_E_SHARING_VIOLATION, "ReAttach");
	FAILS(ISCard_ReAttach(card, SHARED, EJECT), SCARD_E_INVALID_VALUE, "EJECT");
	FAILS(ISCard_UnlockSCard(card, LEAVE), SCARD_E_NOT_TRANSACTED, "UnlockSCard");
	ISCard_Release(other);
	OK(ISCard_ReAttach(card, EXCLUSIVE, LEAVE));
	OK(ISCard_ReAttach(card, SHARED, RESET));
	ISCard_Release(card);
}

/* Another's reset is told by every call, until ReAttach. */
static void
reset_by_another(void)
{
	ISCard *card = attached(T1), *other = attached(T1);
	ISCardCmd *cmd = NULL;
	SCARD_STATES state;

	OK(ISCardISO7816_GetChallenge(iso, 4, &cmd));
	OK(ISCard_ReAttach(other, SHARED, RESET));
	FAILS(ISCard_Transaction(card, &cmd), SCARD_W_RESET_CARD, "reset");
	FAILS(ISCard_get_Status(card, &state), SCARD_W_RESET_CARD, "reset");
	OK(ISCard_ReAttach(card, SHARED, LEAVE));
	OK(ISCard_Transaction(card, &cmd));
	ISCardCmd_Release(cmd);
	ISCard_Release(other);
	ISCard_Release(card);
}

static void
by_handle(void)
{
	ISCard *card = NEW_CARD();
	HSCARDCONTEXT seen = 1;
	SCARDCONTEXT context = 0;
	SCARDHANDLE handle = 0;
	HSCARD same = 0;
	ISCardCmd *cmd = NULL;
	WORD status = 0;
	DWORD active = 0;

	FAILS(ISCard_AttachByHandle(card, 0), E_INVALIDARG, "no open connection");
	FAILS(ISCard_AttachByHandle(card, (HSCARD)0x1234567), E_INVALIDARG, "0x1234567");
	SUITE_EQUAL_INT(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	SUITE_EQUAL_INT(SCardConnectA(context, "Tessera Soft Card", SCARD_SHARE_SHARED,
			    SCARD_PROTOCOL_T1, &handle, &active),
	    0);
	OK(ISCard_AttachByHandle(card, handle));
	OK(ISCard_get_CardHandle(card, &same));
	SUITE_EQUAL_HEX(same, handle);
	OK(ISCard_get_Context(card, &seen));
	SUITE_EQUAL_HEX(seen, 0);
	OK(ISCardISO7816_GetChallenge(iso, 4, &cmd));
	OK(ISCard_Transaction(card, &cmd));
	OK(ISCardCmd_get_ReplyStatus(cmd, &status));
	SUITE_EQUAL_HEX(status, 0x9000);
	ISCard_Release(card);
	/* The handle is still its owner's. */
	SUITE_EQUAL_INT(SCardStatusA(handle, NULL, NULL, NULL, NULL, NULL, NULL), 0);

	card = NEW_CARD();
	OK(ISCard_AttachByHandle(card, handle));
	OK(ISCard_Detach(card, LEAVE));
	SUITE_EQUAL_INT(
	    SCardStatusA(handle, NULL, NULL, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);

	/* And when the owner ends it: a clear code. */
	SUITE_EQUAL_INT(SCardConnectA(context, "Tessera Soft Card", SCARD_SHARE_SHARED,
			    SCARD_PROTOCOL_T1, &handle, &active),
	    0);
	OK(ISCard_AttachByHandle(card, handle));
	SUITE_EQUAL_INT(SCardDisconnect(handle, SCARD_LEAVE_CARD), 0);
	FAILS(ISCard_Transaction(card, &cmd), (HRESULT)0x80070006, "ERROR_INVALID_HANDLE");
	FAILS(ISCard_Detach(card, LEAVE), (HRESULT)0x80070006, "ERROR_INVALID_HANDLE");
	FAILS(ISCard_Detach(card, LEAVE), SCARD_E_INVALID_HANDLE, "not attached");
	ISCardCmd_Release(cmd);
	ISCard_Release(card);
	SUITE_EQUAL_INT(SCardReleaseContext(context), 0);
}

/* A user of winscard and a user of ISCard keep each other out. */
static void
locks_keep_others_out(void)
{
	ISCard *card = attached(T1);
	SCARDCONTEXT context = 0;
	SCARDHANDLE handle = 0;
	DWORD active = 0;

	SUITE_EQUAL_INT(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	OK(ISCard_LockSCard(card));
	OK(ISCard_LockSCard(card));
	OK(ISCard_UnlockSCard(card, LEAVE));
	OK(ISCard_UnlockSCard(card, LEAVE));
	FAILS(ISCard_UnlockSCard(card, LEAVE), SCARD_E_NOT_TRANSACTED, "UnlockSCard");
	SUITE_EQUAL_INT(SCardConnectA(context, "Tessera Soft Card", SCARD_SHARE_SHARED,
			    SCARD_PROTOCOL_T1, &handle, &active),
	    0);
	SUITE_EQUAL_INT(SCardBeginTransaction(handle), 0);
	SUITE_EQUAL_INT(SCardEndTransaction(handle, SCARD_LEAVE_CARD), 0);
	SUITE_EQUAL_INT(SCardReleaseContext(context), 0);
	ISCard_Release(card);
}

/* Without a resource manager there is no object; asked in a process of its own, before any other.
 */
static int
without_a_resource_manager(void)
{
	void *object = (void *)0x1;
	char *text;
	HRESULT hr;
	int ok;

	setenv("TESSERA_RM", "unix:/nonexistent/scardd.sock", 1);
	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 2;
	hr = CoCreateInstance(&CLSID_CSCard, NULL, CLSCTX_INPROC_SERVER, &IID_ISCard, &object);
	text = tessera_error_text();
	ok = hr == SCARD_E_NO_SERVICE && object == NULL && text != NULL;
	if (!ok)
		printf("# creation gives %s, \"%s\"\n", tessera_hresult_name(hr),
		    text != NULL ? text : "no text");
	CoTaskMemFree(text);
	CoUninitialize();
	return ok ? 0 : 1;
}

static int no_service_status;

static void
no_service(void)
{
	SUITE_EQUAL_INT(no_service_status, 0);
}

static void
begin(void)
{
	iso = NEW_ISO();
}

static void
end(void)
{
	SUITE_EQUAL_INT(ISCardISO7816_Release(iso), 0);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "creation without a resource manager", no_service },
		{ "CSCardISO7816 can be made", begin },
		{ "Attach and properties", attach_properties },
		{ "a session under T=0", under_t0 },
		{ "a session under T=1", under_t1 },
		{ "case 4 is the same under both", case_4 },
		{ "refusals", attach_refusals },
		{ "reset by another", reset_by_another },
		{ "AttachByHandle", by_handle },
		{ "locks", locks_keep_others_out },
		{ "CSCardISO7816 is free again", end },
	};
	pid_t child = fork();

	if (child == 0)
		_exit(without_a_resource_manager());
	if (child < 0 || waitpid(child, &no_service_status, 0) != child)
		return 1;
	return ssp_run("scardssp card", tests, SSP_COUNT(tests));
}
