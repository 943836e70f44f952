/* SPDX-License-Identifier: BSD-2-Clause */
/* ISCardISO7816: build commands into an ISCardCmd, and compare their bytes with the standard's. */
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

static ISCardISO7816 *iso;
static ISCardCmd *cmd;

static IByteBuffer *
buffer_with(const void *bytes, LONG count)
{
	BYTE copy[512] = { 0 };
	IByteBuffer *buffer = NULL;

	if (bytes != NULL)
		memcpy(copy, bytes, (size_t)count);
	MUST(CoCreateInstance(
		 &CLSID_CByteBuffer, NULL, CLSCTX_ALL, &IID_IByteBuffer, (void **)&buffer) == S_OK);
	MUST(IByteBuffer_Initialize(buffer, count, copy) == S_OK);
	return buffer;
}

/* The command begins with these bytes, has that many in all, and is of that case. */
static void
check(int line, LONG length, ISO_APDU_TYPE type, const char *start, LONG start_length)
{
	ISO_APDU_TYPE actual_type = ISO_CASE_1;
	LONG actual_length = 0, read = 0;
	IByteBuffer *apdu = NULL;
	BYTE bytes[64];

	MUST(ISCardCmd_get_ApduLength(cmd, &actual_length) == S_OK);
	MUST(ISCardCmd_get_Type(cmd, &actual_type) == S_OK);
	MUST(ISCardCmd_get_Apdu(cmd, &apdu) == S_OK);
	MUST(IByteBuffer_Read(apdu, bytes, start_length, &read) == S_OK && read == start_length);
	IByteBuffer_Release(apdu);
	if (actual_length != length || actual_type != type ||
	    memcmp(bytes, start, (size_t)start_length) != 0) {
		fprintf(stderr, "%s:%d: other bytes\n", __FILE__, line);
		exit(1);
	}
}
#define CHECK(length, type, start) check(__LINE__, length, type, start, sizeof(start) - 1)

int
main(void)
{
	IByteBuffer *two, *aid, *challenge, *long_data;

	MUST(CoInitialize(NULL) == S_OK);
	MUST(CoCreateInstance(&CLSID_CSCardISO7816, NULL, CLSCTX_ALL, &IID_ISCardISO7816,
		 (void **)&iso) == S_OK);
	MUST(CoCreateInstance(&CLSID_CSCardCmd, NULL, CLSCTX_ALL, &IID_ISCardCmd, (void **)&cmd) ==
	    S_OK);
	two = buffer_with("\x01\x02", 2);
	aid = buffer_with("\xA0\x00\x00\x01\x16\xDB\x00", 7);
	challenge = buffer_with("12345678", 8);
	long_data = buffer_with(NULL, 300);

	MUST(ISCardISO7816_AppendRecord(iso, 0, two, &cmd) == S_OK);
	CHECK(7, ISO_CASE_3, "\x00\xE2\x00\x00\x02\x01\x02");
	MUST(ISCardISO7816_ReadBinary(iso, 0, 0x10, 16, &cmd) == S_OK);
	CHECK(5, ISO_CASE_2, "\x00\xB0\x00\x10\x10");
	MUST(ISCardISO7816_ReadRecord(iso, 1, 4, 0, &cmd) == S_OK);
	CHECK(5, ISO_CASE_2, "\x00\xB2\x01\x04\x00");
	MUST(ISCardISO7816_SelectFile(iso, 4, 0, aid, 0, &cmd) == S_OK);
	CHECK(12, ISO_CASE_3, "\x00\xA4\x04\x00\x07\xA0\x00\x00\x01\x16\xDB\x00");
	MUST(ISCardISO7816_SelectFile(iso, 0, 0, NULL, 0, &cmd) == S_OK);
	CHECK(4, ISO_CASE_1, "\x00\xA4\x00\x00");
	MUST(ISCardISO7816_Verify(iso, 0x81, NULL, &cmd) == S_OK);
	CHECK(4, ISO_CASE_1, "\x00\x20\x00\x81");
	MUST(ISCardISO7816_ManageChannel(iso, 0, 0, &cmd) == S_OK);
	CHECK(5, ISO_CASE_2, "\x00\x70\x00\x00\x01");
	MUST(ISCardISO7816_ManageChannel(iso, 0x80, 1, &cmd) == S_OK);
	CHECK(4, ISO_CASE_1, "\x00\x70\x80\x01");
	MUST(ISCardISO7816_GetResponse(iso, 0, 0, 256, &cmd) == S_OK);
	CHECK(5, ISO_CASE_2, "\x00\xC0\x00\x00\x00");
	MUST(ISCardISO7816_InternalAuthenticate(iso, 0, 0, challenge, 8, &cmd) == S_OK);
	CHECK(14, ISO_CASE_4,
	    "\x00\x88\x00\x00\x08"
	    "12345678\x08");
	MUST(ISCardISO7816_UpdateBinary(iso, 0, 0, long_data, &cmd) == S_OK);
	CHECK(307, ISO_CASE_3, "\x00\xD6\x00\x00\x00\x01\x2C\x00");
	MUST(ISCardISO7816_SetDefaultClassId(iso, 0x80) == S_OK);
	MUST(ISCardISO7816_GetChallenge(iso, 8, &cmd) == S_OK);
	CHECK(5, ISO_CASE_2, "\x80\x84\x00\x00\x08");

	MUST(IByteBuffer_Release(two) == 0);
	MUST(IByteBuffer_Release(aid) == 0);
	MUST(IByteBuffer_Release(challenge) == 0);
	MUST(IByteBuffer_Release(long_data) == 0);
	MUST(ISCardCmd_Release(cmd) == 0);
	MUST(ISCardISO7816_Release(iso) == 0);
	CoUninitialize();
	return 0;
}
