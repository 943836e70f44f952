/* SPDX-License-Identifier: BSD-2-Clause */
/* "Building an ISO 7816-4 command": the documentation's example, GET CHALLENGE. */
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

/* What a GET CHALLENGE for `count` bytes must look like in every property. */
static void
check_command(ISCardCmd *cmd, BYTE count)
{
	const BYTE expected[5] = { 0x00, 0x84, 0x00, 0x00, count };
	IByteBuffer *apdu = NULL, *reply = (IByteBuffer *)1;
	LONG length = 0, le = 0, reply_length = -1, read = 0;
	ISO_APDU_TYPE type = ISO_CASE_1;
	BYTE bytes[8], p3 = 0xFF;

	MUST(ISCardCmd_get_Apdu(cmd, &apdu) == S_OK);
	MUST(IByteBuffer_Read(apdu, bytes, sizeof bytes, &read) == S_OK);
	MUST(read == 5 && memcmp(bytes, expected, 5) == 0);
	IByteBuffer_Release(apdu);
	MUST(ISCardCmd_get_ApduLength(cmd, &length) == S_OK && length == 5);
	MUST(ISCardCmd_get_Type(cmd, &type) == S_OK && type == ISO_CASE_2);
	MUST(ISCardCmd_get_LeField(cmd, &le) == S_OK && le == (count != 0 ? count : 256));
	MUST(ISCardCmd_get_P3(cmd, &p3) == S_OK && p3 == count);
	MUST(ISCardCmd_get_ApduReplyLength(cmd, &reply_length) == S_OK && reply_length == 0);
	MUST(ISCardCmd_get_ApduReply(cmd, &reply) == S_OK && reply == NULL);
}

int
main(void)
{
	BSTR reader = SysAllocString(OLESTR("Tessera Soft Card"));
	ISCardCmd *cmd = NULL, *made = NULL;
	ISCardISO7816 *iso = NULL;
	ISCard *card = NULL;
	LONG length = 0;
	WORD status = 0;

	MUST(CoInitializeEx(NULL, COINIT_MULTITHREADED) == S_OK);
	MUST(CoCreateInstance(&CLSID_CSCardCmd, NULL, CLSCTX_ALL, &IID_ISCardCmd, (void **)&cmd) ==
	    S_OK);
	MUST(CoCreateInstance(&CLSID_CSCardISO7816, NULL, CLSCTX_ALL, &IID_ISCardISO7816,
		 (void **)&iso) == S_OK);

	MUST(ISCardISO7816_GetChallenge(iso, 8, NULL) == E_POINTER);
	MUST(ISCardISO7816_GetChallenge(iso, 8, &cmd) == S_OK);
	check_command(cmd, 8);
	MUST(ISCardISO7816_GetChallenge(iso, 0, &cmd) == S_OK);
	check_command(cmd, 0);

	/* Without a command, one is made, and is the caller's. */
	MUST(ISCardISO7816_GetChallenge(iso, 8, &made) == S_OK);
	MUST(made != NULL);
	check_command(made, 8);

	MUST(
	    CoCreateInstance(&CLSID_CSCard, NULL, CLSCTX_ALL, &IID_ISCard, (void **)&card) == S_OK);
	MUST(ISCard_AttachByReader(card, reader, SHARED, T0) == S_OK);
	MUST(ISCard_Transaction(card, &made) == S_OK);
	MUST(ISCardCmd_get_ReplyStatus(made, &status) == S_OK && status == 0x9000);
	MUST(ISCardCmd_get_ApduReplyLength(made, &length) == S_OK && length == 10);
	MUST(ISCard_Detach(card, LEAVE) == S_OK);

	MUST(ISCardCmd_Release(made) == 0);
	MUST(ISCardCmd_Release(cmd) == 0);
	MUST(ISCardISO7816_Release(iso) == 0);
	MUST(ISCard_Release(card) == 0);
	SysFreeString(reader);
	CoUninitialize();
	return 0;
}
