/* SPDX-License-Identifier: BSD-2-Clause */
/* ISCardCmd::BuildCmd: the documentation's SELECT FILE example. */
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

static void
check(ISCardCmd *cmd, BYTE class_byte)
{
	const BYTE expected[7] = { class_byte, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00 };
	ISO_APDU_TYPE type = ISO_CASE_1;
	IByteBuffer *apdu = NULL;
	BYTE bytes[16], p3 = 0;
	LONG read = 0;

	MUST(ISCardCmd_get_Apdu(cmd, &apdu) == S_OK);
	MUST(IByteBuffer_Read(apdu, bytes, sizeof bytes, &read) == S_OK);
	MUST(read == 7 && memcmp(bytes, expected, 7) == 0);
	IByteBuffer_Release(apdu);
	MUST(ISCardCmd_get_P3(cmd, &p3) == S_OK && p3 == 2);
	MUST(ISCardCmd_get_Type(cmd, &type) == S_OK && type == ISO_CASE_3);
}

int
main(void)
{
	BYTE master_file[2] = { 0x3F, 0x00 };
	IByteBuffer *data = NULL;
	ISCardCmd *cmd = NULL;
	LONG le = 0;

	MUST(CoInitialize(NULL) == S_OK);
	MUST(CoCreateInstance(&CLSID_CSCardCmd, NULL, CLSCTX_ALL, &IID_ISCardCmd, (void **)&cmd) ==
	    S_OK);
	MUST(CoCreateInstance(
		 &CLSID_CByteBuffer, NULL, CLSCTX_ALL, &IID_IByteBuffer, (void **)&data) == S_OK);
	MUST(IByteBuffer_Initialize(data, 2, master_file) == S_OK);
	MUST(ISCardCmd_BuildCmd(cmd, 0x00, 0xA4, 0x00, 0x00, data, &le) == S_OK);
	check(cmd, 0x00);
	MUST(ISCardCmd_BuildCmd(cmd, 0xC0, 0xA4, 0x00, 0x00, data, &le) == S_OK);
	check(cmd, 0xC0);
	MUST(le == 0);
	MUST(IByteBuffer_Release(data) == 0);
	MUST(ISCardCmd_Release(cmd) == 0);
	CoUninitialize();
	return 0;
}
