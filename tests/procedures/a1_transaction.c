/* SPDX-License-Identifier: BSD-2-Clause */
/* "To perform a transaction" of the base service providers, as their documentation tells it. */
#define COBJMACROS
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#include <scardssp.h>
#include <winscard.h>

#define MUST(condition)                                                                 \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			exit(1);                                                        \
		}                                                                       \
	} while (0)

static ISCard *card;
static ISCardISO7816 *iso;
static ISCardCmd *cmd;

/* Steps 4 and 5: sends what is in cmd, and looks at what came back. */
static void
send(WORD expected_status, LONG expected_length)
{
	LONG length = -1;
	WORD status = 0;

	MUST(ISCard_Transaction(card, &cmd) == S_OK);
	MUST(ISCardCmd_get_ReplyStatus(cmd, &status) == S_OK);
	MUST(status == expected_status);
	MUST(ISCardCmd_get_ApduReplyLength(cmd, &length) == S_OK);
	MUST(length == expected_length);
}

static void
select_and_read(void)
{
	BYTE aid[] = { 0xF0, 0x54, 0x65, 0x73, 0x73, 0x65, 0x72, 0x61 }, file[] = { 0x50, 0x01 };
	IByteBuffer *name = NULL, *reply = NULL;
	BYTE text[32];
	LONG count = 0;

	MUST(CoCreateInstance(
		 &CLSID_CByteBuffer, NULL, CLSCTX_ALL, &IID_IByteBuffer, (void **)&name) == S_OK);
	MUST(IByteBuffer_Initialize(name, sizeof aid, aid) == S_OK);
	MUST(ISCardISO7816_SelectFile(iso, 0x04, 0x0C, name, 0, &cmd) == S_OK);
	send(0x9000, 2);
	MUST(IByteBuffer_Initialize(name, sizeof file, file) == S_OK);
	MUST(ISCardISO7816_SelectFile(iso, 0x02, 0x0C, name, 0, &cmd) == S_OK);
	send(0x9000, 2);
	IByteBuffer_Release(name);

	MUST(ISCardISO7816_ReadBinary(iso, 0, 0, 10, &cmd) == S_OK);
	send(0x9000, 12);
	MUST(ISCardCmd_get_ApduReply(cmd, &reply) == S_OK);
	MUST(IByteBuffer_Read(reply, text, sizeof text, &count) == S_OK);
	MUST(count == 12 && memcmp(text, "Hello from\x90\x00", 12) == 0);
	IByteBuffer_Release(reply);

	/* An error of the card is its answer, not a failure of the call. */
	MUST(ISCardISO7816_ReadRecord(iso, 9, 4, 0, &cmd) == S_OK);
	MUST(ISCard_Transaction(card, &cmd) == S_OK);
}

int
main(void)
{
	BSTR reader = SysAllocString(OLESTR("Tessera Soft Card"));
	SCARDCONTEXT context = 0;
	SCARDHANDLE handle = 0;
	DWORD active = 0;

	MUST(CoInitialize(NULL) == S_OK);
	/* 1 */
	MUST(
	    CoCreateInstance(&CLSID_CSCard, NULL, CLSCTX_ALL, &IID_ISCard, (void **)&card) == S_OK);
	MUST(CoCreateInstance(&CLSID_CSCardISO7816, NULL, CLSCTX_ALL, &IID_ISCardISO7816,
		 (void **)&iso) == S_OK);
	MUST(CoCreateInstance(&CLSID_CSCardCmd, NULL, CLSCTX_ALL, &IID_ISCardCmd, (void **)&cmd) ==
	    S_OK);

	/* 2, by the reader's name; 3 to 5; 6 */
	MUST(ISCard_AttachByReader(card, reader, SHARED, T0) == S_OK);
	select_and_read();
	MUST(ISCard_Detach(card, LEAVE) == S_OK);

	/* 2, by a handle; 3 to 5; 6 */
	MUST(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context) == SCARD_S_SUCCESS);
	MUST(SCardConnect(context, "Tessera Soft Card", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1,
		 &handle, &active) == SCARD_S_SUCCESS);
	MUST(ISCard_AttachByHandle(card, handle) == S_OK);
	select_and_read();
	MUST(ISCard_Detach(card, LEAVE) == S_OK);
	MUST(SCardReleaseContext(context) == SCARD_S_SUCCESS);

	MUST(ISCardCmd_Release(cmd) == 0);
	MUST(ISCardISO7816_Release(iso) == 0);
	MUST(ISCard_Release(card) == 0);
	SysFreeString(reader);
	CoUninitialize();
	return 0;
}
