/* SPDX-License-Identifier: BSD-2-Clause */
/* ISCardCmd: send, look at the reply, and every property. */
#define COBJMACROS
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#include <scardssp.h>

#define MUST(condition)                                                                 \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			exit(1);                                                        \
		}                                                                       \
	} while (0)

/* Steps 4 and 5 for a command in cmd. Returns the bytes of the reply, status included. */
static LONG
exchange(ISCard *card, ISCardCmd *cmd, BYTE *bytes, LONG room)
{
	IByteBuffer *reply = NULL;
	LONG length = 0, read = 0;
	WORD status = 0;

	MUST(ISCard_Transaction(card, &cmd) == S_OK);
	MUST(ISCardCmd_get_ReplyStatus(cmd, &status) == S_OK && status == 0x9000);
	MUST(ISCardCmd_get_ApduReplyLength(cmd, &length) == S_OK && length <= room);
	if (length > 0) {
		MUST(ISCardCmd_get_ApduReply(cmd, &reply) == S_OK);
		MUST(IByteBuffer_Read(reply, bytes, length, &read) == S_OK && read == length);
		IByteBuffer_Release(reply);
	}
	return length;
}

static void
send_commands(void)
{
	BSTR reader = SysAllocString(OLESTR("Tessera Soft Card"));
	BYTE bytes[258], sw1 = 0, sw2 = 1;
	ISCardISO7816 *iso = NULL;
	ISCardCmd *cmd = NULL;
	ISCard *card = NULL;
	LONG le = 16;

	MUST(
	    CoCreateInstance(&CLSID_CSCard, NULL, CLSCTX_ALL, &IID_ISCard, (void **)&card) == S_OK);
	MUST(ISCard_AttachByReader(card, reader, SHARED, T0) == S_OK);
	MUST(CoCreateInstance(&CLSID_CSCardCmd, NULL, CLSCTX_ALL, &IID_ISCardCmd, (void **)&cmd) ==
	    S_OK);
	MUST(CoCreateInstance(&CLSID_CSCardISO7816, NULL, CLSCTX_ALL, &IID_ISCardISO7816,
		 (void **)&iso) == S_OK);

	MUST(ISCardISO7816_GetChallenge(iso, 8, &cmd) == S_OK);
	MUST(exchange(card, cmd, bytes, sizeof bytes) == 10);
	MUST(ISCardCmd_get_ReplyStatusSW1(cmd, &sw1) == S_OK && sw1 == 0x90);
	MUST(ISCardCmd_get_ReplyStatusSW2(cmd, &sw2) == S_OK && sw2 == 0x00);
	MUST(ISCardCmd_BuildCmd(cmd, 0x00, 0x84, 0x00, 0x00, NULL, &le) == S_OK);
	MUST(exchange(card, cmd, bytes, sizeof bytes) == 18);

	MUST(ISCardISO7816_Release(iso) == 0);
	MUST(ISCardCmd_Release(cmd) == 0);
	MUST(ISCard_Release(card) == 0);
	SysFreeString(reader);
}

static void
properties(void)
{
	BYTE byte = 0, inner_bytes[4] = { 0x00, 0xA4, 0x00, 0x00 };
	IByteBuffer *inner = NULL, *apdu = NULL;
	ISCardCmd *cmd = NULL;
	LONG length = 1;
	BYTE bytes[16];
	WORD status = 1;

	MUST(CoCreateInstance(&CLSID_CSCardCmd, NULL, CLSCTX_ALL, &IID_ISCardCmd, (void **)&cmd) ==
	    S_OK);
	MUST(ISCardCmd_put_InstructionId(cmd, 0xB2) == S_OK);
	MUST(ISCardCmd_get_InstructionId(cmd, &byte) == S_OK && byte == 0xB2);
	MUST(ISCardCmd_put_P1(cmd, 6) == S_OK);
	MUST(ISCardCmd_get_P1(cmd, &byte) == S_OK && byte == 6);
	MUST(ISCardCmd_put_P2(cmd, 6) == S_OK);
	MUST(ISCardCmd_get_P2(cmd, &byte) == S_OK && byte == 6);
	MUST(ISCardCmd_put_ClassId(cmd, 0xC0) == S_OK);
	MUST(ISCardCmd_get_ClassId(cmd, &byte) == S_OK && byte == 0xC0);
	MUST(ISCardCmd_get_AlternateClassId(cmd, &byte) == E_ACCESSDENIED);
	MUST(ISCardCmd_put_AlternateClassId(cmd, 0xC0) == S_OK);
	MUST(ISCardCmd_get_AlternateClassId(cmd, &byte) == S_OK && byte == 0xC0);
	MUST(ISCardCmd_put_ReplyStatus(cmd, 0) == S_OK);
	MUST(ISCardCmd_get_ReplyStatus(cmd, &status) == S_OK && status == 0);

	MUST(CoCreateInstance(
		 &CLSID_CByteBuffer, NULL, CLSCTX_ALL, &IID_IByteBuffer, (void **)&inner) == S_OK);
	MUST(IByteBuffer_Initialize(inner, 4, inner_bytes) == S_OK);
	MUST(ISCardCmd_Encapsulate(cmd, inner, ISO_CASE_1) == S_OK);
	MUST(ISCardCmd_get_Apdu(cmd, &apdu) == S_OK);
	MUST(IByteBuffer_Read(apdu, bytes, sizeof bytes, &length) == S_OK);
	MUST(length == 9 && memcmp(bytes, "\xC0\xC2\x00\x00\x04\x00\xA4\x00\x00", 9) == 0);
	IByteBuffer_Release(apdu);
	IByteBuffer_Release(inner);
	MUST(ISCardCmd_Clear(cmd) == S_OK);
	MUST(ISCardCmd_get_ApduLength(cmd, &length) == S_OK && length == 0);
	MUST(ISCardCmd_Release(cmd) == 0);
}

int
main(void)
{
	MUST(CoInitialize(NULL) == S_OK);
	send_commands();
	properties();
	CoUninitialize();
	return 0;
}
