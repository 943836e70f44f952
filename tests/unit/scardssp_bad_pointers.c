/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every method that takes a pointer, with NULL in the place of each: the code that the published
 * tables have for it, and every other result cleared.
 */
#include <scarderr.h>

#include "tests/unit/scardssp_fixture.h"

#define NOT_NULL ((void *)0x1)

/* A result pointer that must be NULL after the call. */
#define CLEARS(pointer, call, expected)        \
	do {                                   \
		(pointer) = NOT_NULL;          \
		FAILS(call, expected, "");     \
		CU_ASSERT_PTR_NULL((pointer)); \
		(pointer) = NULL;              \
	} while (0)

static void
byte_buffer(void)
{
	IByteBuffer *b = ssp_buffer("01"), *other = NEW_BUFFER();
	BYTE byte = 1;
	LONG n = 7;

	FAILS(IByteBuffer_get_Stream(b, NULL), E_POINTER, "get_Stream");
	FAILS(IByteBuffer_put_Stream(b, NULL), E_POINTER, "put_Stream");
	FAILS(IByteBuffer_Clone(b, NULL), E_POINTER, "Clone");
	FAILS(IByteBuffer_CopyTo(b, NULL, 1, &n, &n), E_POINTER, "CopyTo");
	SUITE_EQUAL_INT(n, 0);
	OK(IByteBuffer_CopyTo(b, &other, 1, NULL, NULL));
	OK(IByteBuffer_Initialize(b, 1, NULL));
	FAILS(IByteBuffer_Read(b, NULL, 1, &n), E_POINTER, "Read");
	OK(IByteBuffer_Read(b, NULL, 0, NULL));
	OK(IByteBuffer_Read(b, &byte, 1, NULL));
	OK(IByteBuffer_Seek(b, 0, STREAM_SEEK_SET, NULL));
	FAILS(IByteBuffer_Stat(b, NULL, 0), E_POINTER, "Stat");
	FAILS(IByteBuffer_Write(b, NULL, 0, &n), E_POINTER, "Write");
	FAILS(IByteBuffer_Write(b, NULL, 1, NULL), E_POINTER, "Write");
	OK(IByteBuffer_Write(b, &byte, 1, NULL));
	IByteBuffer_Release(other);
	IByteBuffer_Release(b);
}

static void
type_conv(void)
{
	ISCardTypeConv *c = NEW_CONV();
	IByteBuffer *b = ssp_buffer("01"), *made;
	SAFEARRAY *vector = NULL, *array;
	IStream *stream = NULL;
	ULARGE_INTEGER size = { .QuadPart = 7 };
	BYTEARRAY *bytes;
	BYTE byte = 1;

	OK(ISCardTypeConv_CreateSafeArray(c, 1, &vector));
	OK(IByteBuffer_get_Stream(b, &stream));
	FAILS(ISCardTypeConv_ConvertByteArrayToByteBuffer(c, &byte, 1, NULL), E_POINTER,
	    "ppbyBuffer");
	CLEARS(made, ISCardTypeConv_ConvertByteArrayToByteBuffer(c, NULL, 1, &made), E_INVALIDARG);
	FAILS(ISCardTypeConv_ConvertByteBufferToByteArray(c, b, NULL), E_POINTER, "ppArray");
	CLEARS(bytes, ISCardTypeConv_ConvertByteBufferToByteArray(c, NULL, &bytes), E_INVALIDARG);
	FAILS(ISCardTypeConv_ConvertByteBufferToSafeArray(c, b, NULL), E_POINTER, "ppbyArray");
	CLEARS(array, ISCardTypeConv_ConvertByteBufferToSafeArray(c, NULL, &array), E_INVALIDARG);
	FAILS(ISCardTypeConv_ConvertSafeArrayToByteBuffer(c, vector, NULL), E_POINTER, "ppbyBuff");
	CLEARS(made, ISCardTypeConv_ConvertSafeArrayToByteBuffer(c, NULL, &made), E_INVALIDARG);
	FAILS(ISCardTypeConv_CreateByteArray(c, 1, NULL), E_INVALIDARG, "ppbyArray");
	FAILS(ISCardTypeConv_CreateByteBuffer(c, 1, NULL), E_INVALIDARG, "ppbyBuff");
	FAILS(ISCardTypeConv_CreateSafeArray(c, 1, NULL), E_INVALIDARG, "ppArray");
	FAILS(ISCardTypeConv_FreeIStreamMemoryPtr(c, NULL, &byte), E_INVALIDARG, "pStrm");
	FAILS(ISCardTypeConv_FreeIStreamMemoryPtr(c, stream, NULL), E_INVALIDARG, "pMem");
	FAILS(ISCardTypeConv_GetAtIStreamMemory(c, stream, NULL), E_POINTER, "ppMem");
	CLEARS(bytes, ISCardTypeConv_GetAtIStreamMemory(c, NULL, &bytes), E_INVALIDARG);
	/* The other way round than elsewhere, as published. */
	FAILS(ISCardTypeConv_SizeOfIStream(c, NULL, &size), E_POINTER, "pStrm");
	SUITE_EQUAL_INT(size.QuadPart, 0);
	FAILS(ISCardTypeConv_SizeOfIStream(c, stream, NULL), E_INVALIDARG, "puliSize");
	OK(SafeArrayDestroy(vector));
	stream->lpVtbl->Release(stream);
	IByteBuffer_Release(b);
	ISCardTypeConv_Release(c);
}

static void
card_cmd(void)
{
	ISCardCmd *c = NEW_CMD();

	FAILS(ISCardCmd_get_Apdu(c, NULL), E_POINTER, "get_Apdu");
	FAILS(ISCardCmd_put_Apdu(c, NULL), E_INVALIDARG, "put_Apdu");
	FAILS(ISCardCmd_get_ApduLength(c, NULL), E_POINTER, "get_ApduLength");
	FAILS(ISCardCmd_get_ApduReply(c, NULL), E_POINTER, "get_ApduReply");
	FAILS(ISCardCmd_put_ApduReply(c, NULL), E_INVALIDARG, "put_ApduReply");
	FAILS(ISCardCmd_get_ApduReplyLength(c, NULL), E_POINTER, "get_ApduReplyLength");
	FAILS(ISCardCmd_get_ClassId(c, NULL), E_POINTER, "get_ClassId");
	FAILS(ISCardCmd_get_Data(c, NULL), E_POINTER, "get_Data");
	FAILS(ISCardCmd_put_Data(c, NULL), E_INVALIDARG, "put_Data");
	FAILS(ISCardCmd_get_InstructionId(c, NULL), E_POINTER, "get_InstructionId");
	FAILS(ISCardCmd_get_LeField(c, NULL), E_INVALIDARG, "get_LeField");
	FAILS(ISCardCmd_get_P1(c, NULL), E_POINTER, "get_P1");
	FAILS(ISCardCmd_get_P2(c, NULL), E_POINTER, "get_P2");
	FAILS(ISCardCmd_get_P3(c, NULL), E_POINTER, "get_P3");
	FAILS(ISCardCmd_get_ReplyStatus(c, NULL), E_POINTER, "get_ReplyStatus");
	FAILS(ISCardCmd_get_ReplyStatusSW1(c, NULL), E_POINTER, "get_ReplyStatusSW1");
	FAILS(ISCardCmd_get_ReplyStatusSW2(c, NULL), E_POINTER, "get_ReplyStatusSW2");
	FAILS(ISCardCmd_get_Type(c, NULL), E_POINTER, "get_Type");
	FAILS(ISCardCmd_get_Nad(c, NULL), E_INVALIDARG, "get_Nad");
	FAILS(ISCardCmd_get_ReplyNad(c, NULL), E_INVALIDARG, "get_ReplyNad");
	FAILS(ISCardCmd_get_AlternateClassId(c, NULL), E_INVALIDARG, "get_AlternateClassId");
	OK(ISCardCmd_BuildCmd(c, 0, 0x84, 0, 0, NULL, NULL));
	FAILS(ISCardCmd_Encapsulate(c, NULL, ISO_CASE_1), E_POINTER, "Encapsulate");
	EXPECT_APDU(c, "00840000");
	ISCardCmd_Release(c);
}

static void
iso7816(void)
{
	ISCardISO7816 *i = NEW_ISO();
	IByteBuffer *b = ssp_buffer("01");

	FAILS(ISCardISO7816_AppendRecord(i, 0, b, NULL), E_POINTER, "AppendRecord");
	FAILS(ISCardISO7816_AppendRecord(i, 0, NULL, NULL), E_POINTER, "AppendRecord");
	FAILS(ISCardISO7816_EraseBinary(i, 0, 0, b, NULL), E_POINTER, "EraseBinary");
	FAILS(ISCardISO7816_ExternalAuthenticate(i, 0, 0, b, NULL), E_POINTER, "ExternalAuth");
	FAILS(ISCardISO7816_GetChallenge(i, 8, NULL), E_POINTER, "GetChallenge");
	FAILS(ISCardISO7816_GetData(i, 0, 0, 8, NULL), E_POINTER, "GetData");
	FAILS(ISCardISO7816_GetResponse(i, 0, 0, 8, NULL), E_POINTER, "GetResponse");
	FAILS(ISCardISO7816_InternalAuthenticate(i, 0, 0, b, 8, NULL), E_POINTER, "InternalAuth");
	FAILS(ISCardISO7816_ManageChannel(i, 0, 0, NULL), E_POINTER, "ManageChannel");
	FAILS(ISCardISO7816_PutData(i, 0, 0, b, NULL), E_POINTER, "PutData");
	FAILS(ISCardISO7816_ReadBinary(i, 0, 0, 8, NULL), E_POINTER, "ReadBinary");
	FAILS(ISCardISO7816_ReadRecord(i, 0, 0, 8, NULL), E_POINTER, "ReadRecord");
	FAILS(ISCardISO7816_SelectFile(i, 0, 0, b, 8, NULL), E_POINTER, "SelectFile");
	FAILS(ISCardISO7816_UpdateBinary(i, 0, 0, b, NULL), E_POINTER, "UpdateBinary");
	FAILS(ISCardISO7816_UpdateRecord(i, 0, 0, b, NULL), E_POINTER, "UpdateRecord");
	FAILS(ISCardISO7816_Verify(i, 0, b, NULL), E_POINTER, "Verify");
	FAILS(ISCardISO7816_WriteBinary(i, 0, 0, b, NULL), E_POINTER, "WriteBinary");
	FAILS(ISCardISO7816_WriteRecord(i, 0, 0, b, NULL), E_POINTER, "WriteRecord");
	IByteBuffer_Release(b);
	ISCardISO7816_Release(i);
}

static void
card(void)
{
	ISCard *c = NEW_CARD();
	ISCardCmd *none = NULL;
	IByteBuffer *atr;

	FAILS(ISCard_get_Atr(c, NULL), E_POINTER, "get_Atr");
	CLEARS(atr, ISCard_get_Atr(c, &atr), SCARD_E_INVALID_HANDLE);
	FAILS(ISCard_get_CardHandle(c, NULL), E_POINTER, "get_CardHandle");
	FAILS(ISCard_get_Context(c, NULL), E_POINTER, "get_Context");
	FAILS(ISCard_get_Protocol(c, NULL), E_POINTER, "get_Protocol");
	FAILS(ISCard_get_Status(c, NULL), E_POINTER, "get_Status");
	FAILS(ISCard_AttachByHandle(c, 0), E_INVALIDARG, "AttachByHandle");
	FAILS(ISCard_AttachByReader(c, NULL, SHARED, T0), E_INVALIDARG, "AttachByReader");
	FAILS(ISCard_Transaction(c, NULL), E_POINTER, "Transaction");
	FAILS(ISCard_Transaction(c, &none), E_INVALIDARG, "Transaction");
	CU_ASSERT_PTR_NULL(none);
	ISCard_Release(c);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "IByteBuffer", byte_buffer },
		{ "ISCardTypeConv", type_conv },
		{ "ISCardCmd", card_cmd },
		{ "ISCardISO7816", iso7816 },
		{ "ISCard", card },
	};

	return ssp_run("scardssp bad pointers", tests, SSP_COUNT(tests));
}
