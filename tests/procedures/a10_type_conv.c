/* SPDX-License-Identifier: BSD-2-Clause */
/* ISCardTypeConv: every conversion there and back, and the memory of a stream. */
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

static ISCardTypeConv *conv;

static void
check_buffer(IByteBuffer *buffer)
{
	BYTE bytes[8];
	LONG count = 0;

	MUST(IByteBuffer_Read(buffer, bytes, sizeof bytes, &count) == S_OK);
	MUST(count == 4 && memcmp(bytes, "\x01\x02\x03\x04", 4) == 0);
}

static void
arrays(void)
{
	BYTE bytes[4] = { 1, 2, 3, 4 }, *made = NULL;
	IByteBuffer *buffer = NULL, *again = NULL;
	BYTEARRAY *array = NULL;

	MUST(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, bytes, 4, &buffer) == S_OK);
	MUST(ISCardTypeConv_ConvertByteBufferToByteArray(conv, buffer, &array) == S_OK);
	MUST(array->dwSize == 4 && memcmp(array->pbyData, bytes, 4) == 0);
	MUST(ISCardTypeConv_ConvertByteArrayToByteBuffer(
		 conv, array->pbyData, array->dwSize, &again) == S_OK);
	check_buffer(again);
	GlobalUnlock(array->hMem);
	MUST(GlobalFree(array->hMem) == NULL);
	CoTaskMemFree(array);
	MUST(IByteBuffer_Release(again) == 0);
	MUST(IByteBuffer_Release(buffer) == 0);
	MUST(ISCardTypeConv_CreateByteArray(conv, 4, &made) == S_OK);
	memcpy(made, bytes, 4);
	CoTaskMemFree(made);
}

static void
safearrays(void)
{
	BYTE bytes[4] = { 1, 2, 3, 4 };
	IByteBuffer *buffer = NULL, *again = NULL;
	SAFEARRAY *array = NULL, *made = NULL;
	LONG written = 0;

	MUST(ISCardTypeConv_CreateByteBuffer(conv, 4, &buffer) == S_OK);
	MUST(IByteBuffer_Write(buffer, bytes, 4, &written) == S_OK);
	MUST(ISCardTypeConv_ConvertByteBufferToSafeArray(conv, buffer, &array) == S_OK);
	MUST(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, array, &again) == S_OK);
	check_buffer(again);
	MUST(SafeArrayDestroy(array) == S_OK);
	MUST(ISCardTypeConv_CreateSafeArray(conv, 4, &made) == S_OK);
	MUST(SafeArrayDestroy(made) == S_OK);
	MUST(IByteBuffer_Release(again) == 0);
	MUST(IByteBuffer_Release(buffer) == 0);
}

static ULONG
references(IStream *stream)
{
	IStream_AddRef(stream);
	return IStream_Release(stream);
}

static void
stream_memory(void)
{
	ULARGE_INTEGER size = { .QuadPart = 0 };
	BYTE bytes[4] = { 1, 2, 3, 4 };
	IByteBuffer *buffer = NULL;
	BYTEARRAY *array = NULL;
	IStream *stream = NULL;
	LONG written = 0;
	ULONG before;

	MUST(ISCardTypeConv_CreateByteBuffer(conv, 0, &buffer) == S_OK);
	MUST(IByteBuffer_Write(buffer, bytes, 4, &written) == S_OK);
	MUST(IByteBuffer_get_Stream(buffer, &stream) == S_OK);
	MUST(ISCardTypeConv_SizeOfIStream(conv, stream, &size) == S_OK);
	MUST(size.QuadPart == (ULONGLONG)written);

	before = references(stream);
	MUST(ISCardTypeConv_GetAtIStreamMemory(conv, stream, &array) == S_OK);
	MUST(references(stream) == before + 1);
	MUST(array->dwSize == 4 && memcmp(array->pbyData, bytes, 4) == 0);
	MUST(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, array->pbyData) == S_OK);
	MUST(references(stream) == before);
	CoTaskMemFree(array);
	IStream_Release(stream);
	MUST(IByteBuffer_Release(buffer) == 0);
}

int
main(void)
{
	MUST(CoInitialize(NULL) == S_OK);
	MUST(CoCreateInstance(&CLSID_CSCardTypeConv, NULL, CLSCTX_ALL, &IID_ISCardTypeConv,
		 (void **)&conv) == S_OK);
	arrays();
	safearrays();
	stream_memory();
	MUST(ISCardTypeConv_Release(conv) == 0);
	CoUninitialize();
	return 0;
}
