/* SPDX-License-Identifier: BSD-2-Clause */
/* CSCardTypeConv: every conversion there and back, and the memory it lends. */
#include <string.h>

#include "tests/unit/scardssp_fixture.h"

static void
free_byte_array(BYTEARRAY *array)
{
	GlobalUnlock(array->hMem);
	CU_ASSERT(GlobalFree(array->hMem) == NULL);
	CoTaskMemFree(array);
}

static void
array_and_buffer(void)
{
	ISCardTypeConv *conv = NEW_CONV();
	BYTE bytes[] = { 0xDE, 0xAD, 0xBE, 0xEF };
	IByteBuffer *buffer = NULL;
	BYTEARRAY *array = NULL;

	OK(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, bytes, 4, &buffer));
	bytes[0] = 0;
	EXPECT_BYTES(buffer, "DEADBEEF");
	OK(IByteBuffer_Seek(buffer, 3, STREAM_SEEK_SET, NULL));
	OK(ISCardTypeConv_ConvertByteBufferToByteArray(conv, buffer, &array));
	SUITE_EQUAL_INT(ssp_position(buffer), 3);
	SUITE_EQUAL_INT(array->dwSize, 4);
	SUITE_EQUAL_BYTES(array->pbyData, 4, "DEADBEEF");
	SUITE_EQUAL_INT(GlobalSize(array->hMem), 4);
	CU_ASSERT(GlobalLock(array->hMem) == array->pbyData);
	GlobalUnlock(array->hMem);

	/* Copies, both ways. */
	array->pbyData[1] = 0x11;
	OK(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL));
	EXPECT_BYTES(buffer, "DEADBEEF");
	free_byte_array(array);
	IByteBuffer_Release(buffer);

	OK(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, NULL, 0, &buffer));
	EXPECT_BYTES(buffer, "");
	OK(ISCardTypeConv_ConvertByteBufferToByteArray(conv, buffer, &array));
	SUITE_EQUAL_INT(array->dwSize, 0);
	CU_ASSERT(array->pbyData != NULL);
	free_byte_array(array);
	IByteBuffer_Release(buffer);
	ISCardTypeConv_Release(conv);
}

static void
safearray_and_buffer(void)
{
	ISCardTypeConv *conv = NEW_CONV();
	IByteBuffer *buffer = ssp_buffer("0102030405"), *back = NULL;
	SAFEARRAY *array = NULL;
	VARTYPE type = 0;
	LONG low = -1, high = -1;
	void *data = NULL;

	OK(IByteBuffer_Seek(buffer, 2, STREAM_SEEK_SET, NULL));
	OK(ISCardTypeConv_ConvertByteBufferToSafeArray(conv, buffer, &array));
	SUITE_EQUAL_INT(SafeArrayGetDim(array), 1);
	OK(SafeArrayGetVartype(array, &type));
	SUITE_EQUAL_INT(type, VT_UI1);
	OK(SafeArrayGetLBound(array, 1, &low));
	OK(SafeArrayGetUBound(array, 1, &high));
	SUITE_EQUAL_INT(low, 0);
	SUITE_EQUAL_INT(high, 4);
	OK(SafeArrayAccessData(array, &data));
	SUITE_EQUAL_BYTES(data, 5, "0102030405");
	OK(SafeArrayUnaccessData(array));
	OK(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, array, &back));
	EXPECT_BYTES(back, "0102030405");
	OK(SafeArrayDestroy(array));
	IByteBuffer_Release(back);
	IByteBuffer_Release(buffer);

	buffer = NEW_BUFFER();
	OK(ISCardTypeConv_ConvertByteBufferToSafeArray(conv, buffer, &array));
	OK(SafeArrayGetUBound(array, 1, &high));
	SUITE_EQUAL_INT(high, -1);
	OK(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, array, &back));
	EXPECT_BYTES(back, "");
	OK(SafeArrayDestroy(array));
	IByteBuffer_Release(back);
	IByteBuffer_Release(buffer);
	ISCardTypeConv_Release(conv);
}

static void
safearrays_of_other_kinds(void)
{
	ISCardTypeConv *conv = NEW_CONV();
	SAFEARRAYBOUND bound = { 3, -7 };
	static const VARTYPE refused[] = { VT_I1, VT_UI2, VT_BSTR, VT_I4 };
	SAFEARRAY *array = SafeArrayCreate(VT_UI1, 1, &bound), fake = { 0 };
	IByteBuffer *buffer = NULL;
	BYTE raw[3] = { 7, 8, 9 };

	/* Any lower bound. */
	memcpy(array->pvData, "\x0A\x0B\x0C", 3);
	OK(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, array, &buffer));
	EXPECT_BYTES(buffer, "0A0B0C");
	IByteBuffer_Release(buffer);
	SafeArrayDestroy(array);

	for (size_t i = 0; i < SSP_COUNT(refused); i++) {
		array = SafeArrayCreateVector(refused[i], 0, 2);
		buffer = (IByteBuffer *)0x1;
		FAILS(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, array, &buffer),
		    E_INVALIDARG, "pass VT_UI1");
		CU_ASSERT(buffer == NULL);
		SafeArrayDestroy(array);
	}

	/* A program's own, without a recorded type. */
	fake.cDims = 1;
	fake.fFeatures = FADF_AUTO | FADF_FIXEDSIZE;
	fake.cbElements = 1;
	fake.pvData = raw;
	fake.rgsabound[0].cElements = 3;
	OK(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, &fake, &buffer));
	EXPECT_BYTES(buffer, "070809");
	IByteBuffer_Release(buffer);
	fake.cbElements = 2;
	FAILS(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, &fake, &buffer), E_INVALIDARG,
	    "VT_UI1");
	fake.cbElements = 1;
	fake.cDims = 2;
	FAILS(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, &fake, &buffer), E_INVALIDARG,
	    "VT_UI1");
	ISCardTypeConv_Release(conv);
}

static void
creation(void)
{
	ISCardTypeConv *conv = NEW_CONV();
	IByteBuffer *buffer = NULL;
	SAFEARRAY *array = NULL;
	BYTE *bytes = NULL;
	LONG high = 0;

	OK(ISCardTypeConv_CreateByteArray(conv, 5, &bytes));
	SUITE_EQUAL_BYTES(bytes, 5, "0000000000");
	CoTaskMemFree(bytes);
	OK(ISCardTypeConv_CreateByteArray(conv, 0, &bytes));
	CU_ASSERT(bytes != NULL);
	CoTaskMemFree(bytes);
	OK(ISCardTypeConv_CreateByteBuffer(conv, 3, &buffer));
	EXPECT_BYTES(buffer, "000000");
	IByteBuffer_Release(buffer);
	OK(ISCardTypeConv_CreateByteBuffer(conv, 0, &buffer));
	EXPECT_BYTES(buffer, "");
	IByteBuffer_Release(buffer);
	OK(ISCardTypeConv_CreateSafeArray(conv, 4, &array));
	OK(SafeArrayGetUBound(array, 1, &high));
	SUITE_EQUAL_INT(high, 3);
	SUITE_EQUAL_BYTES(array->pvData, 4, "00000000");
	SafeArrayDestroy(array);
	OK(ISCardTypeConv_CreateSafeArray(conv, 0, &array));
	SafeArrayDestroy(array);
	ISCardTypeConv_Release(conv);
}

static void
sizes_have_a_limit(void)
{
	ISCardTypeConv *conv = NEW_CONV();
	IByteBuffer *buffer = (IByteBuffer *)0x1;
	SAFEARRAY *array = (SAFEARRAY *)0x1;
	BYTE *bytes = (BYTE *)0x1, one = 1;

	FAILS(
	    ISCardTypeConv_CreateByteArray(conv, 0x80000000u, &bytes), E_INVALIDARG, "2147483648");
	CU_ASSERT(bytes == NULL);
	FAILS(ISCardTypeConv_CreateByteBuffer(conv, 0xFFFFFFFFu, &buffer), E_INVALIDARG,
	    "4294967295");
	CU_ASSERT(buffer == NULL);
	FAILS(
	    ISCardTypeConv_CreateSafeArray(conv, 0x80000000u, &array), E_INVALIDARG, "2147483648");
	CU_ASSERT(array == NULL);
	buffer = (IByteBuffer *)0x1;
	FAILS(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, &one, 0x80000000u, &buffer),
	    E_INVALIDARG, "2147483648");
	CU_ASSERT(buffer == NULL);
	ISCardTypeConv_Release(conv);
}

/* Lent memory is the stream's own; each loan holds a reference. */
static void
lent_memory(void)
{
	ISCardTypeConv *conv = NEW_CONV();
	IByteBuffer *buffer = ssp_buffer("010203");
	BYTEARRAY *first = NULL, *second = NULL;
	IStream *stream = NULL;
	HGLOBAL block = NULL;
	ULONG references;
	BYTE *address;

	OK(IByteBuffer_get_Stream(buffer, &stream));
	OK(GetHGlobalFromStream(stream, &block));
	references = ssp_references(stream);
	OK(ISCardTypeConv_GetAtIStreamMemory(conv, stream, &first));
	SUITE_EQUAL_INT(ssp_references(stream), references + 1);
	SUITE_EQUAL_INT(first->dwSize, 3);
	CU_ASSERT(first->hMem == block);
	SUITE_EQUAL_BYTES(first->pbyData, 3, "010203");
	OK(ISCardTypeConv_GetAtIStreamMemory(conv, stream, &second));
	SUITE_EQUAL_INT(ssp_references(stream), references + 2);
	CU_ASSERT(second->pbyData == first->pbyData);
	address = first->pbyData;
	address[1] = 0xEE;
	EXPECT_BYTES(buffer, "01EE03");
	OK(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL));

	FAILS(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, address + 1), E_INVALIDARG,
	    "not lent by this stream");
	SUITE_EQUAL_INT(ssp_references(stream), references + 2);
	OK(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, first->pbyData));
	OK(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, second->pbyData));
	SUITE_EQUAL_INT(ssp_references(stream), references);
	FAILS(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, address), E_INVALIDARG,
	    "given back already");
	SUITE_EQUAL_INT(ssp_references(stream), references);
	CoTaskMemFree(first);
	CoTaskMemFree(second);
	OK(IByteBuffer_SetSize(buffer, 1000));
	IStream_Release(stream);
	IByteBuffer_Release(buffer);
	ISCardTypeConv_Release(conv);
}

static void
lent_memory_of_other_streams(void)
{
	ISCardTypeConv *conv = NEW_CONV();
	IStream *stream = NULL, *other = NULL;
	struct ssp_stream foreign;
	BYTEARRAY *array = NULL, *none = (BYTEARRAY *)0x1;

	ssp_stream_init(&foreign);
	OK(CreateStreamOnHGlobal(NULL, TRUE, &stream));
	OK(CreateStreamOnHGlobal(NULL, TRUE, &other));
	OK(IStream_Write(stream, "abc", 3, NULL));
	OK(ISCardTypeConv_GetAtIStreamMemory(conv, stream, &array));
	SUITE_EQUAL_BYTES(array->pbyData, array->dwSize, "616263");
	FAILS(
	    ISCardTypeConv_FreeIStreamMemoryPtr(conv, other, array->pbyData), E_INVALIDARG, "lent");
	FAILS(ISCardTypeConv_FreeIStreamMemoryPtr(conv, &foreign.iface, array->pbyData),
	    E_INVALIDARG, "global block");
	OK(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, array->pbyData));
	CoTaskMemFree(array);
	FAILS(ISCardTypeConv_GetAtIStreamMemory(conv, &foreign.iface, &none), E_INVALIDARG,
	    "global block");
	CU_ASSERT(none == NULL);
	SUITE_EQUAL_INT(foreign.references, 1);
	SUITE_EQUAL_INT(IStream_Release(other), 0);
	SUITE_EQUAL_INT(IStream_Release(stream), 0);
	ISCardTypeConv_Release(conv);
}

static void
size_of_stream(void)
{
	ISCardTypeConv *conv = NEW_CONV();
	IByteBuffer *buffer = NEW_BUFFER();
	ULARGE_INTEGER size = { .QuadPart = 99 };
	struct ssp_stream foreign;
	IStream *stream = NULL;

	OK(IByteBuffer_get_Stream(buffer, &stream));
	OK(ISCardTypeConv_SizeOfIStream(conv, stream, &size));
	SUITE_EQUAL_INT(size.QuadPart, 0);
	OK(IByteBuffer_Write(buffer, (BYTE *)"12345", 5, NULL));
	OK(ISCardTypeConv_SizeOfIStream(conv, stream, &size));
	SUITE_EQUAL_INT(size.QuadPart, 5);
	IStream_Release(stream);
	IByteBuffer_Release(buffer);

	ssp_stream_init(&foreign);
	foreign.size = 0x123456789Aull;
	OK(ISCardTypeConv_SizeOfIStream(conv, &foreign.iface, &size));
	SUITE_EQUAL_HEX(size.QuadPart, 0x123456789A);
	foreign.result = STG_E_ACCESSDENIED;
	FAILS(ISCardTypeConv_SizeOfIStream(conv, &foreign.iface, &size), E_FAIL,
	    "STG_E_ACCESSDENIED");
	SUITE_EQUAL_INT(size.QuadPart, 0);
	ISCardTypeConv_Release(conv);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "C array and byte buffer", array_and_buffer },
		{ "SAFEARRAY and byte buffer", safearray_and_buffer },
		{ "SAFEARRAYs of other kinds", safearrays_of_other_kinds },
		{ "creation", creation },
		{ "sizes have a limit", sizes_have_a_limit },
		{ "lent memory", lent_memory },
		{ "lent memory of other streams", lent_memory_of_other_streams },
		{ "SizeOfIStream", size_of_stream },
	};

	return ssp_run("scardssp type conversion", tests, SSP_COUNT(tests));
}
