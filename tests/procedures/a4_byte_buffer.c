/* SPDX-License-Identifier: BSD-2-Clause */
/* IByteBuffer: the calls of the documentation's examples, one after another. */
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

static IByteBuffer *
new_buffer(void)
{
	IByteBuffer *buffer = NULL;

	MUST(CoCreateInstance(
		 &CLSID_CByteBuffer, NULL, CLSCTX_ALL, &IID_IByteBuffer, (void **)&buffer) == S_OK);
	return buffer;
}

static void
read_atr(void)
{
	BSTR reader = SysAllocString(OLESTR("Tessera Soft Card"));
	IByteBuffer *atr = NULL;
	ISCard *card = NULL;
	BYTE bytes[32];
	LONG count = 0;

	MUST(
	    CoCreateInstance(&CLSID_CSCard, NULL, CLSCTX_ALL, &IID_ISCard, (void **)&card) == S_OK);
	MUST(ISCard_AttachByReader(card, reader, SHARED, T1) == S_OK);
	MUST(ISCard_get_Atr(card, &atr) == S_OK);
	MUST(IByteBuffer_Read(atr, bytes, 32, &count) == S_OK);
	MUST(count == 20 && bytes[0] == 0x3B);
	IByteBuffer_Release(atr);
	MUST(ISCard_Release(card) == 0);
	SysFreeString(reader);
}

int
main(void)
{
	IByteBuffer *buffer, *clone = NULL, *other;
	LONG position = -1, count = 0, written = 0;
	BYTE bytes[64], again[64];
	STATSTRUCT stat;

	MUST(CoInitialize(NULL) == S_OK);
	for (int i = 0; i < 64; i++)
		bytes[i] = (BYTE)i;
	buffer = new_buffer();
	MUST(IByteBuffer_Initialize(buffer, 64, NULL) == S_OK);
	MUST(IByteBuffer_Write(buffer, bytes, 64, &written) == S_OK && written == 64);
	MUST(IByteBuffer_Seek(buffer, 5, STREAM_SEEK_SET, &position) == S_OK && position == 5);

	MUST(IByteBuffer_Clone(buffer, &clone) == S_OK);
	MUST(IByteBuffer_Seek(clone, 0, STREAM_SEEK_CUR, &position) == S_OK && position == 5);
	MUST(IByteBuffer_Read(clone, again, 59, &count) == S_OK && count == 59);
	MUST(memcmp(again, bytes + 5, 59) == 0);

	MUST(IByteBuffer_SetSize(buffer, 256) == S_OK);
	MUST(IByteBuffer_Stat(buffer, &stat, STATFLAG_DEFAULT) == S_OK && stat.cbSize == 256);
	MUST(IByteBuffer_Stat(clone, &stat, STATFLAG_DEFAULT) == S_OK && stat.cbSize == 256);
	MUST(IByteBuffer_LockRegion(buffer, 0, 10, LOCK_EXCLUSIVE) == S_OK);
	MUST(IByteBuffer_UnlockRegion(buffer, 0, 10, LOCK_EXCLUSIVE) == S_OK);
	MUST(IByteBuffer_Commit(buffer, STGC_DEFAULT | STGC_CONSOLIDATE) == S_OK);
	MUST(IByteBuffer_Revert(buffer) == S_OK);

	other = new_buffer();
	MUST(IByteBuffer_Initialize(other, 1, NULL) == S_OK);
	MUST(IByteBuffer_CopyTo(buffer, &other, 20, &count, &written) == S_OK);
	MUST(count == 20 && written == 20);
	MUST(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_CUR, &position) == S_OK && position == 25);
	MUST(IByteBuffer_Seek(other, 0, STREAM_SEEK_CUR, &position) == S_OK && position == 20);

	MUST(IByteBuffer_Release(other) == 0);
	MUST(IByteBuffer_Release(clone) == 0);
	MUST(IByteBuffer_Release(buffer) == 0);
	read_atr();
	CoUninitialize();
	return 0;
}
