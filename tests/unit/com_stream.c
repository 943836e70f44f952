/* SPDX-License-Identifier: BSD-2-Clause */
/* The stream on a global memory block. */
#include <objbase.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <tessera_com.h>

#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

static IStream *
new_stream(void)
{
	IStream *stream = NULL;

	CU_ASSERT_EQUAL_FATAL(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK);
	return stream;
}

static HRESULT
seek(IStream *stream, int64_t move, DWORD origin, uint64_t *position)
{
	LARGE_INTEGER by = { .QuadPart = move };
	ULARGE_INTEGER to = { .QuadPart = 0xAAAA };
	HRESULT hr = stream->lpVtbl->Seek(stream, by, origin, &to);

	*position = to.QuadPart;
	return hr;
}

static uint64_t
size_of(IStream *stream)
{
	STATSTG status;

	EXPECT_HRESULT(stream->lpVtbl->Stat(stream, &status, STATFLAG_NONAME), S_OK);
	return status.cbSize.QuadPart;
}

static HRESULT
resize(IStream *stream, uint64_t size)
{
	ULARGE_INTEGER to = { .QuadPart = size };

	return stream->lpVtbl->SetSize(stream, to);
}

static void
write_text(IStream *stream, const char *text)
{
	ULONG written = 0;

	EXPECT_HRESULT(stream->lpVtbl->Write(stream, text, (ULONG)strlen(text), &written), S_OK);
	SUITE_EQUAL_INT(written, strlen(text));
}

static void
reads(IStream *stream, ULONG wanted, const char *expected)
{
	char buffer[64] = { 0 };
	ULONG got = 99;

	EXPECT_HRESULT(stream->lpVtbl->Read(stream, buffer, wanted, &got), S_OK);
	SUITE_EQUAL_INT(got, strlen(expected));
	SUITE_EQUAL_STRING(buffer, expected);
}

static void
reading_and_writing(void)
{
	IStream *s = new_stream();
	uint64_t position;
	ULONG count = 7;

	reads(s, 10, "");
	write_text(s, "hello, ");
	write_text(s, "world");
	reads(s, 10, "");
	EXPECT_HRESULT(seek(s, 0, STREAM_SEEK_SET, &position), S_OK);
	reads(s, 5, "hello");
	reads(s, 64, ", world");
	reads(s, 1, "");
	EXPECT_HRESULT(seek(s, 7, STREAM_SEEK_SET, &position), S_OK);
	write_text(s, "W");
	EXPECT_HRESULT(seek(s, 0, STREAM_SEEK_SET, &position), S_OK);
	reads(s, 64, "hello, World");
	EXPECT_HRESULT(s->lpVtbl->Read(s, NULL, 1, &count), STG_E_INVALIDPOINTER);
	SUITE_EQUAL_INT(count, 0);
	count = 7;
	EXPECT_HRESULT(s->lpVtbl->Write(s, NULL, 1, &count), STG_E_INVALIDPOINTER);
	SUITE_EQUAL_INT(count, 0);
	EXPECT_HRESULT(s->lpVtbl->Write(s, "!", 1, NULL), S_OK);
	EXPECT_HRESULT(s->lpVtbl->Write(s, "!", 0, &count), S_OK);
	SUITE_EQUAL_INT(count, 0);
	SUITE_EQUAL_INT(size_of(s), 13);
	SUITE_EQUAL_INT(s->lpVtbl->Release(s), 0);
}

static void
seeking(void)
{
	IStream *s = new_stream();
	LARGE_INTEGER nowhere = { .QuadPart = 1 };
	uint64_t at;

	write_text(s, "0123456789");
	EXPECT_HRESULT(seek(s, 3, STREAM_SEEK_SET, &at), S_OK);
	SUITE_EQUAL_INT(at, 3);
	EXPECT_HRESULT(seek(s, -1, STREAM_SEEK_CUR, &at), S_OK);
	SUITE_EQUAL_INT(at, 2);
	EXPECT_HRESULT(seek(s, -4, STREAM_SEEK_END, &at), S_OK);
	SUITE_EQUAL_INT(at, 6);
	/* Refused, and the position stays. */
	EXPECT_HRESULT(seek(s, -7, STREAM_SEEK_CUR, &at), STG_E_INVALIDFUNCTION);
	SUITE_EQUAL_INT(at, 6);
	EXPECT_HRESULT(seek(s, -1, STREAM_SEEK_SET, &at), STG_E_INVALIDFUNCTION);
	EXPECT_HRESULT(seek(s, INT64_MAX, STREAM_SEEK_CUR, &at), STG_E_INVALIDFUNCTION);
	EXPECT_HRESULT(seek(s, 0, 3, &at), STG_E_INVALIDFUNCTION);
	EXPECT_HRESULT(seek(s, 0, 0xFFFFFFFFu, &at), STG_E_INVALIDFUNCTION);
	SUITE_EQUAL_INT(at, 6);
	reads(s, 2, "67");
	EXPECT_HRESULT(s->lpVtbl->Seek(s, nowhere, STREAM_SEEK_SET, NULL), S_OK);
	reads(s, 1, "1");
	s->lpVtbl->Release(s);
}

static void
past_the_end(void)
{
	IStream *s = new_stream();
	unsigned char bytes[6] = { 0 };
	uint64_t at;
	ULONG count = 0;

	write_text(s, "ab");
	EXPECT_HRESULT(seek(s, 3, STREAM_SEEK_END, &at), S_OK);
	SUITE_EQUAL_INT(at, 5);
	SUITE_EQUAL_INT(size_of(s), 2);
	reads(s, 4, "");
	write_text(s, "c");
	EXPECT_HRESULT(seek(s, 0, STREAM_SEEK_SET, &at), S_OK);
	EXPECT_HRESULT(s->lpVtbl->Read(s, bytes, 6, &count), S_OK);
	SUITE_EQUAL_BYTES(bytes, count, "616200000063");
	s->lpVtbl->Release(s);
}

static void
sizes(void)
{
	IStream *s = new_stream();
	unsigned char bytes[4] = { 0xFF, 0xFF, 0xFF, 0xFF };
	uint64_t at;
	ULONG count;

	write_text(s, "abcd");
	EXPECT_HRESULT(resize(s, 2), S_OK);
	SUITE_EQUAL_INT(size_of(s), 2);
	EXPECT_HRESULT(seek(s, 0, STREAM_SEEK_CUR, &at), S_OK);
	SUITE_EQUAL_INT(at, 4);
	/* What was cut off is gone. */
	EXPECT_HRESULT(resize(s, 4), S_OK);
	EXPECT_HRESULT(seek(s, 0, STREAM_SEEK_SET, &at), S_OK);
	EXPECT_HRESULT(s->lpVtbl->Read(s, bytes, 4, &count), S_OK);
	SUITE_EQUAL_BYTES(bytes, count, "61620000");
	EXPECT_HRESULT(resize(s, 0x80000000u), STG_E_MEDIUMFULL);
	EXPECT_HRESULT(resize(s, UINT64_MAX), STG_E_MEDIUMFULL);
	EXPECT_HRESULT(seek(s, 0x7FFFFFFF, STREAM_SEEK_SET, &at), S_OK);
	count = 9;
	EXPECT_HRESULT(s->lpVtbl->Write(s, "x", 1, &count), STG_E_MEDIUMFULL);
	SUITE_EQUAL_INT(count, 0);
	EXPECT_HRESULT(seek(s, INT64_MAX, STREAM_SEEK_SET, &at), S_OK);
	EXPECT_HRESULT(s->lpVtbl->Write(s, "x", 1, &count), STG_E_MEDIUMFULL);
	SUITE_EQUAL_INT(size_of(s), 4);
	s->lpVtbl->Release(s);
}

static void
clones(void)
{
	IStream *s = new_stream(), *clone = NULL;
	uint64_t at;

	write_text(s, "abcdef");
	EXPECT_HRESULT(seek(s, 2, STREAM_SEEK_SET, &at), S_OK);
	EXPECT_HRESULT(s->lpVtbl->Clone(s, &clone), S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(clone);
	EXPECT_HRESULT(seek(s, 0, STREAM_SEEK_SET, &at), S_OK);
	reads(clone, 2, "cd");
	write_text(clone, "XYZ");
	EXPECT_HRESULT(seek(s, 0, STREAM_SEEK_END, &at), S_OK);
	SUITE_EQUAL_INT(at, 7);
	SUITE_EQUAL_INT(s->lpVtbl->Release(s), 0);
	/* The bytes live as long as one of them. */
	EXPECT_HRESULT(seek(clone, 0, STREAM_SEEK_SET, &at), S_OK);
	reads(clone, 64, "abcdXYZ");
	EXPECT_HRESULT(clone->lpVtbl->Clone(clone, NULL), STG_E_INVALIDPOINTER);
	SUITE_EQUAL_INT(clone->lpVtbl->Release(clone), 0);
}

static void
copying(void)
{
	IStream *from = new_stream(), *to = new_stream(), *clone = NULL;
	ULARGE_INTEGER three = { .QuadPart = 3 }, all = { .QuadPart = UINT64_MAX };
	ULARGE_INTEGER got = { .QuadPart = 9 }, put = { .QuadPart = 9 };
	uint64_t at;

	write_text(from, "abcdef");
	EXPECT_HRESULT(seek(from, 1, STREAM_SEEK_SET, &at), S_OK);
	EXPECT_HRESULT(from->lpVtbl->CopyTo(from, to, three, &got, &put), S_OK);
	SUITE_EQUAL_INT(got.QuadPart, 3);
	SUITE_EQUAL_INT(put.QuadPart, 3);
	EXPECT_HRESULT(from->lpVtbl->CopyTo(from, to, all, NULL, NULL), S_OK);
	EXPECT_HRESULT(seek(to, 0, STREAM_SEEK_SET, &at), S_OK);
	reads(to, 64, "bcdef");
	EXPECT_HRESULT(from->lpVtbl->CopyTo(from, to, all, &got, &put), S_OK);
	SUITE_EQUAL_INT(got.QuadPart, 0);
	EXPECT_HRESULT(from->lpVtbl->CopyTo(from, NULL, all, &got, &put), STG_E_INVALIDPOINTER);
	/* Onto a clone, overlapping: as if all had been read first. */
	EXPECT_HRESULT(seek(from, 0, STREAM_SEEK_SET, &at), S_OK);
	EXPECT_HRESULT(from->lpVtbl->Clone(from, &clone), S_OK);
	EXPECT_HRESULT(seek(clone, 2, STREAM_SEEK_SET, &at), S_OK);
	EXPECT_HRESULT(from->lpVtbl->CopyTo(from, clone, all, NULL, NULL), S_OK);
	EXPECT_HRESULT(seek(clone, 0, STREAM_SEEK_SET, &at), S_OK);
	reads(clone, 64, "ababcdef");
	clone->lpVtbl->Release(clone);
	to->lpVtbl->Release(to);
	from->lpVtbl->Release(from);
}

static void
describing(void)
{
	IStream *s = new_stream();
	STATSTG status;
	ULARGE_INTEGER zero = { .QuadPart = 0 };

	write_text(s, "abc");
	memset(&status, 0xAA, sizeof status);
	EXPECT_HRESULT(s->lpVtbl->Stat(s, &status, STATFLAG_DEFAULT), S_OK);
	CU_ASSERT_PTR_NULL(status.pwcsName);
	SUITE_EQUAL_INT(status.type, STGTY_STREAM);
	SUITE_EQUAL_INT(status.cbSize.QuadPart, 3);
	SUITE_EQUAL_INT(status.grfMode, STGM_READWRITE);
	SUITE_EQUAL_INT(status.grfLocksSupported, 0);
	CU_ASSERT(IsEqualGUID(&status.clsid, &GUID_NULL));
	EXPECT_HRESULT(s->lpVtbl->Stat(s, NULL, STATFLAG_NONAME), STG_E_INVALIDPOINTER);
	EXPECT_HRESULT(s->lpVtbl->Stat(s, &status, 77), STG_E_INVALIDFLAG);
	EXPECT_HRESULT(s->lpVtbl->Commit(s, STGC_DEFAULT), S_OK);
	EXPECT_HRESULT(s->lpVtbl->Revert(s), S_OK);
	EXPECT_HRESULT(s->lpVtbl->LockRegion(s, zero, zero, 2), STG_E_INVALIDFUNCTION);
	EXPECT_HRESULT(s->lpVtbl->UnlockRegion(s, zero, zero, 2), STG_E_INVALIDFUNCTION);
	s->lpVtbl->Release(s);
}

static void
on_a_block(void)
{
	HGLOBAL block = GlobalAlloc(GHND, 4), got = NULL;
	IStream *s = NULL;
	uint64_t at;

	memcpy(GlobalLock(block), "wxyz", 4);
	GlobalUnlock(block);
	EXPECT_HRESULT(CreateStreamOnHGlobal(block, FALSE, &s), S_OK);
	EXPECT_HRESULT(GetHGlobalFromStream(s, &got), S_OK);
	CU_ASSERT_PTR_EQUAL(got, block);
	reads(s, 64, "wxyz");
	write_text(s, "!");
	SUITE_EQUAL_INT(GlobalSize(block), 5);
	/* Locked, it cannot grow; but what is there can be written. */
	CU_ASSERT_PTR_NOT_NULL(GlobalLock(block));
	EXPECT_HRESULT(s->lpVtbl->Write(s, "?", 1, NULL), STG_E_MEDIUMFULL);
	EXPECT_HRESULT(seek(s, 0, STREAM_SEEK_SET, &at), S_OK);
	write_text(s, "W");
	GlobalUnlock(block);
	CU_ASSERT_PTR_EQUAL(GlobalReAlloc(block, 2, 0), block);
	SUITE_EQUAL_INT(size_of(s), 2);
	SUITE_EQUAL_INT(s->lpVtbl->Release(s), 0);
	SUITE_EQUAL_BYTES(GlobalLock(block), 2, "5778");
	GlobalUnlock(block);
	/* With TRUE the block goes with the stream. */
	EXPECT_HRESULT(CreateStreamOnHGlobal(block, TRUE, &s), S_OK);
	s->lpVtbl->Release(s);
	CU_ASSERT_EQUAL(GlobalSize(block), 0);
	CU_ASSERT_PTR_EQUAL(GlobalFree(block), block);
}

static void
block_taken_away(void)
{
	IStream *s = new_stream();
	HGLOBAL block = NULL;
	STATSTG status;
	uint64_t at;
	char byte;

	write_text(s, "abc");
	EXPECT_HRESULT(GetHGlobalFromStream(s, &block), S_OK);
	CU_ASSERT_PTR_NULL(GlobalFree(block));
	EXPECT_HRESULT(s->lpVtbl->Read(s, &byte, 1, NULL), STG_E_INVALIDHANDLE);
	EXPECT_HRESULT(s->lpVtbl->Write(s, "x", 1, NULL), STG_E_INVALIDHANDLE);
	EXPECT_HRESULT(s->lpVtbl->Stat(s, &status, STATFLAG_NONAME), STG_E_INVALIDHANDLE);
	EXPECT_HRESULT(seek(s, 0, STREAM_SEEK_END, &at), STG_E_INVALIDHANDLE);
	s->lpVtbl->Release(s);
}

static void
interfaces(void)
{
	IStream *s = new_stream();
	ISequentialStream *sequential = NULL;
	IUnknown *unknown = NULL, *again = NULL;
	void *other = (void *)0x1;

	EXPECT_HRESULT(
	    s->lpVtbl->QueryInterface(s, &IID_ISequentialStream, (void **)&sequential), S_OK);
	EXPECT_HRESULT(s->lpVtbl->QueryInterface(s, &IID_IUnknown, (void **)&unknown), S_OK);
	EXPECT_HRESULT(
	    sequential->lpVtbl->QueryInterface(sequential, &IID_IUnknown, (void **)&again), S_OK);
	CU_ASSERT_PTR_EQUAL(unknown, again);
	EXPECT_HRESULT(s->lpVtbl->QueryInterface(s, &IID_IDispatch, &other), E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(other);
	EXPECT_HRESULT(sequential->lpVtbl->Write(sequential, "abc", 3, NULL), S_OK);
	SUITE_EQUAL_INT(size_of(s), 3);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 1);
	again->lpVtbl->Release(again);
	unknown->lpVtbl->Release(unknown);
	sequential->lpVtbl->Release(sequential);
	SUITE_EQUAL_INT(s->lpVtbl->Release(s), 0);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

/* Another's stream, which only looks like one. */
static const IStreamVtbl foreign_vtbl;
static IStream foreign = { &foreign_vtbl };

static void
arguments(void)
{
	HGLOBAL got = (HGLOBAL)0x1;
	IStream *s = (IStream *)0x1;
	int local;

	EXPECT_HRESULT(CreateStreamOnHGlobal(NULL, TRUE, NULL), E_POINTER);
	EXPECT_HRESULT(CreateStreamOnHGlobal(&local, TRUE, &s), E_INVALIDARG);
	CU_ASSERT_PTR_NULL(s);
	EXPECT_HRESULT(GetHGlobalFromStream(&foreign, &got), E_INVALIDARG);
	CU_ASSERT_PTR_NULL(got);
	EXPECT_HRESULT(GetHGlobalFromStream(NULL, &got), E_INVALIDARG);
	EXPECT_HRESULT(GetHGlobalFromStream(&foreign, NULL), E_INVALIDARG);
}

static const struct suite_test tests[] = {
	{ "reading and writing", reading_and_writing },
	{ "seeking", seeking },
	{ "past the end", past_the_end },
	{ "sizes", sizes },
	{ "clones", clones },
	{ "CopyTo", copying },
	{ "Stat, Commit, Revert, locks", describing },
	{ "on a block of the caller", on_a_block },
	{ "the block freed under the stream", block_taken_away },
	{ "interfaces", interfaces },
	{ "arguments that are refused", arguments },
};

int
main(void)
{
	return suite_run("stream", tests, sizeof tests / sizeof tests[0]);
}
