/* SPDX-License-Identifier: BSD-2-Clause */
/* ISCard: attach, exchange, every property, locks, ReAttach, Detach. */
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

static void
get_challenge(ISCard *card)
{
	ISCardISO7816 *iso = NULL;
	ISCardCmd *cmd = NULL;
	WORD status = 0;

	MUST(CoCreateInstance(&CLSID_CSCardISO7816, NULL, CLSCTX_ALL, &IID_ISCardISO7816,
		 (void **)&iso) == S_OK);
	MUST(ISCardISO7816_GetChallenge(iso, 8, &cmd) == S_OK);
	MUST(ISCard_Transaction(card, &cmd) == S_OK);
	MUST(ISCardCmd_get_ReplyStatus(cmd, &status) == S_OK && status == 0x9000);
	MUST(ISCardCmd_Release(cmd) == 0);
	MUST(ISCardISO7816_Release(iso) == 0);
}

static void
properties(ISCard *card)
{
	SCARD_PROTOCOLS protocol = RAW;
	SCARD_STATES state = ABSENT;
	HSCARDCONTEXT context = 0;
	IByteBuffer *atr = NULL;
	HSCARD handle = 0;
	BYTE bytes[33];
	LONG count = 0;

	MUST(ISCard_get_CardHandle(card, &handle) == S_OK && handle != 0);
	MUST(ISCard_get_Context(card, &context) == S_OK && context != 0);
	MUST(ISCard_get_Protocol(card, &protocol) == S_OK && protocol == T0);
	MUST(ISCard_get_Status(card, &state) == S_OK && state == SPECIFICMODE);
	MUST(ISCard_get_Atr(card, &atr) == S_OK);
	MUST(IByteBuffer_Read(atr, bytes, sizeof bytes, &count) == S_OK && count > 2);
	MUST(bytes[0] == 0x3B);
	IByteBuffer_Release(atr);
}

static void
by_handle(ISCard *card)
{
	SCARDCONTEXT context = 0;
	SCARDHANDLE handle = 0;
	DWORD active = 0;

	MUST(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context) == SCARD_S_SUCCESS);
	MUST(SCardConnect(context, "Tessera Soft Card", SCARD_SHARE_SHARED,
		 SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &handle, &active) == SCARD_S_SUCCESS);
	MUST(ISCard_AttachByHandle(card, handle) == S_OK);
	get_challenge(card);
	MUST(ISCard_Detach(card, LEAVE) == S_OK);
	MUST(SCardReleaseContext(context) == SCARD_S_SUCCESS);
}

int
main(void)
{
	BSTR reader = SysAllocString(OLESTR("Tessera Soft Card"));
	HSCARD handle = 1;
	ISCard *card = NULL;

	MUST(CoInitialize(NULL) == S_OK);
	MUST(
	    CoCreateInstance(&CLSID_CSCard, NULL, CLSCTX_ALL, &IID_ISCard, (void **)&card) == S_OK);
	MUST(ISCard_get_CardHandle(card, &handle) == S_OK && handle == 0);

	MUST(ISCard_AttachByReader(card, reader, SHARED, T0) == S_OK);
	properties(card);
	get_challenge(card);
	MUST(ISCard_LockSCard(card) == S_OK);
	get_challenge(card);
	MUST(ISCard_UnlockSCard(card, LEAVE) == S_OK);
	MUST(ISCard_ReAttach(card, SHARED, LEAVE) == S_OK);
	get_challenge(card);
	MUST(ISCard_Detach(card, LEAVE) == S_OK);

	by_handle(card);
	MUST(ISCard_Release(card) == 0);
	SysFreeString(reader);
	CoUninitialize();
	return 0;
}
