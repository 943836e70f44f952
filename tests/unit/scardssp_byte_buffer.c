/* SPDX-License-Identifier: BSD-2-Clause */
/* CByteBuffer: each rule of IByteBuffer, on its own stream and on one that a client puts in. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/scardssp_fixture.h"

/* Usable at once, without Initialize. */
static void
starts_empty(void)
{
	IByteBuffer *buffer = NEW_BUFFER();
	BYTE bytes[4] = { 1, 2, 3, 4 };
	LONG count = -1;

	SUITE_EQUAL_INT(ssp_size(buffer), 0);
	SUITE_EQUAL_INT(ssp_position(buffer), 0);
	OK(IByteBuffer_Read(buffer, bytes, 4, &count));
	SUITE_EQUAL_INT(count, 0);
	OK(IByteBuffer_SetSize(buffer, 2));
	OK(IByteBuffer_Write(buffer, bytes, 4, &count));
	SUITE_EQUAL_INT(count, 4);
	SUITE_EQUAL_INT(ssp_size(buffer), 4);
	IByteBuffer_Release(buffer);
}

static void
initialize(void)
{
	IByteBuffer *buffer = NEW_BUFFER();
	BYTE bytes[3] = { 0xA1, 0xA2, 0xA3 };

	OK(IByteBuffer_Initialize(buffer, 3, bytes));
	bytes[0] = 0;
	EXPECT_BYTES(buffer, "A1A2A3");
	OK(IByteBuffer_Seek(buffer, 2, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_Initialize(buffer, 1, NULL));
	EXPECT_BYTES(buffer, "00");
	OK(IByteBuffer_Initialize(buffer, 0, bytes));
	EXPECT_BYTES(buffer, "");
	OK(IByteBuffer_Initialize(buffer, 5, NULL));
	EXPECT_BYTES(buffer, "0000000000");
	FAILS(IByteBuffer_Initialize(buffer, -1, bytes), E_INVALIDARG, "Initialize: lSize is -1");
	EXPECT_BYTES(buffer, "0000000000");
	IByteBuffer_Release(buffer);
}

static void
read_and_write(void)
{
	IByteBuffer *buffer = ssp_buffer("0102030405");
	BYTE bytes[8] = { 0 };
	LONG count = -1;

	OK(IByteBuffer_Read(buffer, bytes, 3, &count));
	SUITE_EQUAL_INT(count, 3);
	SUITE_EQUAL_BYTES(bytes, 3, "010203");
	SUITE_EQUAL_INT(ssp_position(buffer), 3);
	OK(IByteBuffer_Read(buffer, bytes, 8, &count));
	SUITE_EQUAL_INT(count, 2);
	SUITE_EQUAL_BYTES(bytes, 3, "040503");
	OK(IByteBuffer_Read(buffer, bytes, 8, &count));
	SUITE_EQUAL_INT(count, 0);
	OK(IByteBuffer_Seek(buffer, 1, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_Read(buffer, bytes, 1, NULL));
	SUITE_EQUAL_HEX(bytes[0], 2);
	OK(IByteBuffer_Read(buffer, NULL, 0, &count));

	OK(IByteBuffer_Write(buffer, (BYTE *)"\xAA\xBB", 2, &count));
	SUITE_EQUAL_INT(count, 2);
	SUITE_EQUAL_INT(ssp_position(buffer), 4);
	OK(IByteBuffer_Write(buffer, (BYTE *)"\xCC\xDD", 2, NULL));
	SUITE_EQUAL_INT(ssp_size(buffer), 6);
	OK(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL));
	EXPECT_BYTES(buffer, "0102AABBCCDD");

	count = 77;
	FAILS(IByteBuffer_Read(buffer, bytes, -1, &count), E_INVALIDARG, "Read: cb is -1");
	SUITE_EQUAL_INT(count, 0);
	count = 77;
	FAILS(IByteBuffer_Read(buffer, NULL, 1, &count), E_POINTER, "Read: pByte is NULL");
	SUITE_EQUAL_INT(count, 0);
	count = 77;
	FAILS(IByteBuffer_Write(buffer, bytes, -1, &count), E_INVALIDARG, "Write: cb is -1");
	SUITE_EQUAL_INT(count, 0);
	FAILS(IByteBuffer_Write(buffer, NULL, 0, &count), E_POINTER, "Write: pByte is NULL");
	IByteBuffer_Release(buffer);
}

/* A gap is filled with zeros; writing nothing past the end changes nothing. */
static void
write_past_the_end(void)
{
	IByteBuffer *buffer = ssp_buffer("0102");
	BYTE byte = 0xEE;
	LONG count = 9;

	OK(IByteBuffer_Seek(buffer, 5, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_Write(buffer, &byte, 0, &count));
	SUITE_EQUAL_INT(count, 0);
	SUITE_EQUAL_INT(ssp_size(buffer), 2);
	OK(IByteBuffer_Write(buffer, &byte, 1, &count));
	SUITE_EQUAL_INT(ssp_position(buffer), 6);
	OK(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL));
	EXPECT_BYTES(buffer, "0102000000EE");
	IByteBuffer_Release(buffer);
}

static void
seek(void)
{
	IByteBuffer *buffer = ssp_buffer("0102030405");
	LONG position = -1;

	OK(IByteBuffer_Seek(buffer, 3, STREAM_SEEK_SET, &position));
	SUITE_EQUAL_INT(position, 3);
	OK(IByteBuffer_Seek(buffer, -2, STREAM_SEEK_CUR, &position));
	SUITE_EQUAL_INT(position, 1);
	OK(IByteBuffer_Seek(buffer, -1, STREAM_SEEK_END, &position));
	SUITE_EQUAL_INT(position, 4);
	OK(IByteBuffer_Seek(buffer, 100, STREAM_SEEK_END, &position));
	SUITE_EQUAL_INT(position, 105);
	SUITE_EQUAL_INT(ssp_size(buffer), 5);
	FAILS(IByteBuffer_Seek(buffer, -106, STREAM_SEEK_CUR, &position), STG_E_INVALIDFUNCTION,
	    "before the start");
	SUITE_EQUAL_INT(ssp_position(buffer), 105);
	FAILS(IByteBuffer_Seek(buffer, -6, STREAM_SEEK_END, NULL), STG_E_INVALIDFUNCTION, "Seek");
	FAILS(IByteBuffer_Seek(buffer, 0, 3, NULL), STG_E_INVALIDFUNCTION, "origin 3");
	FAILS(IByteBuffer_Seek(buffer, 0, -1, NULL), STG_E_INVALIDFUNCTION, "origin -1");

	/* From the start the distance is unsigned. */
	OK(IByteBuffer_Seek(buffer, -1, STREAM_SEEK_SET, &position));
	SUITE_EQUAL_HEX((DWORD)position, 0xFFFFFFFF);
	FAILS(IByteBuffer_Seek(buffer, 1, STREAM_SEEK_CUR, &position), STG_E_INVALIDFUNCTION,
	    "32 bits");
	SUITE_EQUAL_HEX((DWORD)ssp_position(buffer), 0xFFFFFFFF);
	FAILS(IByteBuffer_Write(buffer, (BYTE *)"x", 1, &position), STG_E_MEDIUMFULL, "2147483647");
	SUITE_EQUAL_INT(position, 0);
	IByteBuffer_Release(buffer);
}

static void
set_size(void)
{
	IByteBuffer *buffer = ssp_buffer("0102030405");

	OK(IByteBuffer_Seek(buffer, 4, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_SetSize(buffer, 2));
	SUITE_EQUAL_INT(ssp_position(buffer), 4);
	SUITE_EQUAL_INT(ssp_size(buffer), 2);
	OK(IByteBuffer_SetSize(buffer, 6));
	FAILS(IByteBuffer_SetSize(buffer, -1), E_INVALIDARG, "SetSize: libNewSize is -1");
	OK(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL));
	EXPECT_BYTES(buffer, "010200000000");
	OK(IByteBuffer_SetSize(buffer, 0));
	EXPECT_BYTES(buffer, "");
	IByteBuffer_Release(buffer);
}

static void
stat(void)
{
	IByteBuffer *buffer = ssp_buffer_of(300);
	static const LONG flags[] = { STATFLAG_DEFAULT, STATFLAG_NONAME, STATFLAG_NOOPEN, 77 };

	for (size_t i = 0; i < SSP_COUNT(flags); i++) {
		STATSTRUCT s = { -1, -1, -1, -1, -1 };

		OK(IByteBuffer_Stat(buffer, &s, flags[i]));
		SUITE_EQUAL_INT(s.type, STGTY_STREAM);
		SUITE_EQUAL_INT(s.cbSize, 300);
		SUITE_EQUAL_INT(s.grfMode, 2);
		SUITE_EQUAL_INT(s.grfLocksSupported, 7);
		SUITE_EQUAL_INT(s.grfStateBits, 0);
	}
	IByteBuffer_Release(buffer);
}

/* Same bytes, a place of its own that begins where the original stands. */
static void
clones(void)
{
	IByteBuffer *buffer = ssp_buffer("0102030405"), *clone = (IByteBuffer *)0x1;
	BYTE bytes[4];
	LONG count;

	OK(IByteBuffer_Seek(buffer, 2, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_Clone(buffer, &clone));
	SUITE_EQUAL_INT(ssp_position(clone), 2);
	OK(IByteBuffer_Read(clone, bytes, 2, &count));
	SUITE_EQUAL_BYTES(bytes, 2, "0304");
	SUITE_EQUAL_INT(ssp_position(buffer), 2);
	OK(IByteBuffer_Write(clone, (BYTE *)"\xEE\xFF", 2, NULL));
	OK(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL));
	EXPECT_BYTES(buffer, "01020304EEFF");
	OK(IByteBuffer_SetSize(buffer, 1));
	SUITE_EQUAL_INT(ssp_size(clone), 1);

	/* A clone outlives its original, and Initialize parts the two. */
	OK(IByteBuffer_Initialize(buffer, 2, (BYTE *)"\x77\x78"));
	OK(IByteBuffer_Seek(clone, 0, STREAM_SEEK_SET, NULL));
	EXPECT_BYTES(clone, "01");
	IByteBuffer_Release(buffer);
	EXPECT_BYTES(clone, "01");
	IByteBuffer_Release(clone);
}

static void
commit_and_revert(void)
{
	IByteBuffer *buffer = ssp_buffer("01");

	OK(IByteBuffer_Commit(buffer, STGC_DEFAULT | STGC_CONSOLIDATE));
	OK(IByteBuffer_Write(buffer, (BYTE *)"\x05", 1, NULL));
	OK(IByteBuffer_Revert(buffer));
	OK(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL));
	EXPECT_BYTES(buffer, "05");
	IByteBuffer_Release(buffer);
}

static void
copy_to(void)
{
	IByteBuffer *from = ssp_buffer("0102030405"), *to = ssp_buffer("A0A1A2A3"), *made = NULL;
	LONG got = -1, put = -1;

	OK(IByteBuffer_Seek(from, 1, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_Seek(to, 3, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_CopyTo(from, &to, 2, &got, &put));
	SUITE_EQUAL_INT(got, 2);
	SUITE_EQUAL_INT(put, 2);
	SUITE_EQUAL_INT(ssp_position(from), 3);
	SUITE_EQUAL_INT(ssp_position(to), 5);
	OK(IByteBuffer_Seek(to, 0, STREAM_SEEK_SET, NULL));
	EXPECT_BYTES(to, "A0A1A20203");

	/* Up to the end; counts are optional. */
	OK(IByteBuffer_CopyTo(from, &to, 0x7FFFFFFF, NULL, NULL));
	SUITE_EQUAL_INT(ssp_position(from), 5);
	SUITE_EQUAL_INT(ssp_position(to), 2);
	OK(IByteBuffer_CopyTo(from, &to, 5, &got, &put));
	SUITE_EQUAL_INT(got, 0);
	SUITE_EQUAL_INT(put, 0);

	/* A buffer that is made for it stands at its start. */
	OK(IByteBuffer_Seek(from, 3, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_CopyTo(from, &made, 9, &got, &put));
	SUITE_EQUAL_INT(put, 2);
	EXPECT_BYTES(made, "0405");
	IByteBuffer_Release(made);
	made = NULL;
	OK(IByteBuffer_CopyTo(from, &made, 0, NULL, NULL));
	EXPECT_BYTES(made, "");
	IByteBuffer_Release(made);

	got = put = 7;
	FAILS(IByteBuffer_CopyTo(from, &to, -1, &got, &put), E_INVALIDARG, "CopyTo: cb is -1");
	SUITE_EQUAL_INT(got, 0);
	SUITE_EQUAL_INT(put, 0);
	IByteBuffer_Release(from);
	IByteBuffer_Release(to);
}

/* What is read is what was there before anything is written. */
static void
copy_to_itself(void)
{
	IByteBuffer *buffer = ssp_buffer("0102030405"), *clone = NULL;
	LONG got, put;

	OK(IByteBuffer_CopyTo(buffer, &buffer, 3, &got, &put));
	SUITE_EQUAL_INT(got, 3);
	SUITE_EQUAL_INT(put, 3);
	SUITE_EQUAL_INT(ssp_position(buffer), 6);
	OK(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL));
	EXPECT_BYTES(buffer, "010203010203");

	OK(IByteBuffer_Clone(buffer, &clone));
	OK(IByteBuffer_Seek(clone, 2, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_CopyTo(buffer, &clone, 6, &got, &put));
	SUITE_EQUAL_INT(put, 6);
	OK(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL));
	EXPECT_BYTES(buffer, "0102010203010203");
	IByteBuffer_Release(clone);
	IByteBuffer_Release(buffer);
}

static void
copy_to_another_make(void)
{
	IByteBuffer *from = ssp_buffer("0102030405"), *inner = NEW_BUFFER(), *to;
	struct ssp_faults bit_by_bit = { .write_at_most = 2 }, full = { .write = STG_E_MEDIUMFULL };
	LONG got, put;

	to = ssp_foreign_buffer(inner, &bit_by_bit);
	OK(IByteBuffer_CopyTo(from, &to, 5, &got, &put));
	SUITE_EQUAL_INT(put, 5);
	OK(IByteBuffer_Seek(inner, 0, STREAM_SEEK_SET, NULL));
	EXPECT_BYTES(inner, "0102030405");
	IByteBuffer_Release(to);

	to = ssp_foreign_buffer(inner, &full);
	OK(IByteBuffer_Seek(from, 1, STREAM_SEEK_SET, NULL));
	FAILS(IByteBuffer_CopyTo(from, &to, 9, &got, &put), STG_E_MEDIUMFULL, "took 0 of 4 bytes");
	SUITE_EQUAL_INT(got, 4);
	SUITE_EQUAL_INT(put, 0);
	IByteBuffer_Release(to);
	IByteBuffer_Release(inner);
	IByteBuffer_Release(from);
}

static void
copy_much(void)
{
	IByteBuffer *from = ssp_buffer_of(300000), *to = NULL;
	BYTE *bytes = malloc(300000);
	LONG put = 0, count = 0;

	OK(IByteBuffer_CopyTo(from, &to, 0x7FFFFFFF, NULL, &put));
	SUITE_EQUAL_INT(put, 300000);
	OK(IByteBuffer_Read(to, bytes, 300000, &count));
	SUITE_EQUAL_INT(count, 300000);
	for (size_t i = 0; i < 300000; i++)
		if (bytes[i] != (BYTE)(i * 31 + 7)) {
			CU_FAIL("the copy differs");
			break;
		}
	free(bytes);
	IByteBuffer_Release(to);
	IByteBuffer_Release(from);
}

/* What `other` may do to bytes 2 to 4 of six while `owner` has that lock. */
static void
lock_kind(LONG type, HRESULT other_reads, HRESULT other_writes)
{
	IByteBuffer *owner = ssp_buffer("000000000000"), *other = NULL, *made = NULL;
	BYTE bytes[6] = { 1, 2, 3, 4, 5, 6 };
	LONG count = 9;

	OK(IByteBuffer_Clone(owner, &other));
	OK(IByteBuffer_LockRegion(owner, 2, 3, type));

	/* The owner is free. */
	OK(IByteBuffer_Write(owner, bytes, 6, NULL));
	OK(IByteBuffer_Seek(owner, 0, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_Read(owner, bytes, 6, NULL));

	/* Others are, beside it. */
	OK(IByteBuffer_Read(other, bytes, 2, NULL));
	OK(IByteBuffer_Seek(other, 0, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_Write(other, bytes, 2, NULL));
	OK(IByteBuffer_Seek(other, 5, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_Write(other, bytes, 1, NULL));

	OK(IByteBuffer_Seek(other, 1, STREAM_SEEK_SET, NULL));
	EXPECT(IByteBuffer_Read(other, bytes, 2, &count), other_reads);
	SUITE_EQUAL_INT(count, other_reads == S_OK ? 2 : 0);
	OK(IByteBuffer_Seek(other, 4, STREAM_SEEK_SET, NULL));
	EXPECT(IByteBuffer_Write(other, bytes, 1, &count), other_writes);
	SUITE_EQUAL_INT(count, other_writes == S_OK ? 1 : 0);
	OK(IByteBuffer_Seek(other, 0, STREAM_SEEK_SET, NULL));
	EXPECT(IByteBuffer_CopyTo(other, &made, 6, NULL, NULL), other_reads);
	CU_ASSERT((made != NULL) == (other_reads == S_OK));
	if (made != NULL)
		IByteBuffer_Release(made);
	EXPECT(IByteBuffer_SetSize(other, 3), other_writes);
	OK(IByteBuffer_SetSize(owner, 6));

	FAILS(IByteBuffer_UnlockRegion(other, 2, 3, type), STG_E_LOCKVIOLATION, "no lock");
	OK(IByteBuffer_UnlockRegion(owner, 2, 3, type));
	OK(IByteBuffer_Seek(other, 0, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_Write(other, bytes, 6, NULL));
	IByteBuffer_Release(other);
	IByteBuffer_Release(owner);
}

static void
lock_kinds(void)
{
	lock_kind(LOCK_WRITE, S_OK, STG_E_LOCKVIOLATION);
	lock_kind(LOCK_EXCLUSIVE, STG_E_LOCKVIOLATION, STG_E_LOCKVIOLATION);
	lock_kind(LOCK_ONLYONCE, S_OK, S_OK);
}

static void
locks_against_locks(void)
{
	static const struct {
		LONG held;
		LONG wanted;
		HRESULT other;
		HRESULT owner;
	} rows[] = {
		{ LOCK_WRITE, LOCK_WRITE, STG_E_LOCKVIOLATION, S_OK },
		{ LOCK_WRITE, LOCK_EXCLUSIVE, STG_E_LOCKVIOLATION, S_OK },
		{ LOCK_WRITE, LOCK_ONLYONCE, S_OK, S_OK },
		{ LOCK_EXCLUSIVE, LOCK_WRITE, STG_E_LOCKVIOLATION, S_OK },
		{ LOCK_EXCLUSIVE, LOCK_EXCLUSIVE, STG_E_LOCKVIOLATION, S_OK },
		{ LOCK_EXCLUSIVE, LOCK_ONLYONCE, S_OK, S_OK },
		{ LOCK_ONLYONCE, LOCK_WRITE, S_OK, S_OK },
		{ LOCK_ONLYONCE, LOCK_EXCLUSIVE, S_OK, S_OK },
		{ LOCK_ONLYONCE, LOCK_ONLYONCE, STG_E_LOCKVIOLATION, STG_E_LOCKVIOLATION },
	};

	for (size_t i = 0; i < SSP_COUNT(rows); i++) {
		IByteBuffer *owner = NEW_BUFFER(), *other = NULL;

		OK(IByteBuffer_Clone(owner, &other));
		OK(IByteBuffer_LockRegion(owner, 10, 5, rows[i].held));
		EXPECT(IByteBuffer_LockRegion(other, 14, 5, rows[i].wanted), rows[i].other);
		OK(IByteBuffer_LockRegion(other, 20, 5, rows[i].wanted));
		OK(IByteBuffer_LockRegion(other, 5, 5, rows[i].wanted));
		EXPECT(IByteBuffer_LockRegion(owner, 12, 1, rows[i].wanted), rows[i].owner);
		IByteBuffer_Release(other);
		IByteBuffer_Release(owner);
	}
}

static void
unlock_repeats_exactly(void)
{
	IByteBuffer *buffer = ssp_buffer("00"), *clone = NULL;
	BYTE byte = 1;

	OK(IByteBuffer_LockRegion(buffer, 0, 10, LOCK_EXCLUSIVE));
	OK(IByteBuffer_LockRegion(buffer, 10, 10, LOCK_EXCLUSIVE));
	FAILS(
	    IByteBuffer_UnlockRegion(buffer, 0, 20, LOCK_EXCLUSIVE), STG_E_LOCKVIOLATION, "repeat");
	FAILS(
	    IByteBuffer_UnlockRegion(buffer, 0, 9, LOCK_EXCLUSIVE), STG_E_LOCKVIOLATION, "repeat");
	FAILS(
	    IByteBuffer_UnlockRegion(buffer, 1, 10, LOCK_EXCLUSIVE), STG_E_LOCKVIOLATION, "repeat");
	FAILS(IByteBuffer_UnlockRegion(buffer, 0, 10, LOCK_WRITE), STG_E_LOCKVIOLATION, "repeat");
	OK(IByteBuffer_UnlockRegion(buffer, 0, 10, LOCK_EXCLUSIVE));
	FAILS(
	    IByteBuffer_UnlockRegion(buffer, 0, 10, LOCK_EXCLUSIVE), STG_E_LOCKVIOLATION, "repeat");

	FAILS(IByteBuffer_LockRegion(buffer, -1, 1, LOCK_WRITE), E_INVALIDARG, "libOffset is -1");
	FAILS(IByteBuffer_LockRegion(buffer, 0, -1, LOCK_WRITE), E_INVALIDARG, "cb is -1");
	FAILS(IByteBuffer_LockRegion(buffer, 0, 1, 0), STG_E_INVALIDFUNCTION, "lock type 0");
	FAILS(IByteBuffer_LockRegion(buffer, 0, 1, 3), STG_E_INVALIDFUNCTION, "lock type 3");
	FAILS(IByteBuffer_UnlockRegion(buffer, 0, 1, 8), STG_E_INVALIDFUNCTION, "lock type 8");

	/* A lock of nothing stands in nobody's way. */
	OK(IByteBuffer_Clone(buffer, &clone));
	OK(IByteBuffer_LockRegion(buffer, 0, 0, LOCK_EXCLUSIVE));
	OK(IByteBuffer_Write(clone, &byte, 1, NULL));
	OK(IByteBuffer_UnlockRegion(buffer, 0, 0, LOCK_EXCLUSIVE));
	IByteBuffer_Release(clone);
	IByteBuffer_Release(buffer);
}

/* A lock may lie past the end; filling a gap, or growing over it, is writing there. */
static void
locks_past_the_end(void)
{
	IByteBuffer *owner = ssp_buffer("0102"), *other = NULL;
	BYTE byte = 9;

	OK(IByteBuffer_Clone(owner, &other));
	OK(IByteBuffer_LockRegion(owner, 4, 1, LOCK_WRITE));
	OK(IByteBuffer_Seek(other, 6, STREAM_SEEK_SET, NULL));
	EXPECT(IByteBuffer_Write(other, &byte, 1, NULL), STG_E_LOCKVIOLATION);
	EXPECT(IByteBuffer_SetSize(other, 5), STG_E_LOCKVIOLATION);
	SUITE_EQUAL_INT(ssp_size(other), 2);
	OK(IByteBuffer_SetSize(other, 4));
	OK(IByteBuffer_UnlockRegion(owner, 4, 1, LOCK_WRITE));
	OK(IByteBuffer_Write(other, &byte, 1, NULL));
	SUITE_EQUAL_INT(ssp_size(owner), 7);
	IByteBuffer_Release(other);
	IByteBuffer_Release(owner);
}

/* Locks end with their owner, and when it turns to other bytes. */
static void
locks_end_with_the_owner(void)
{
	IByteBuffer *owner = ssp_buffer("000000"), *other = NULL;
	BYTE bytes[3] = { 1, 2, 3 };

	OK(IByteBuffer_Clone(owner, &other));
	OK(IByteBuffer_LockRegion(owner, 0, 3, LOCK_EXCLUSIVE));
	FAILS(IByteBuffer_Write(other, bytes, 3, NULL), STG_E_LOCKVIOLATION, "a clone has locked");
	IByteBuffer_Release(owner);
	OK(IByteBuffer_Write(other, bytes, 3, NULL));

	OK(IByteBuffer_Clone(other, &owner));
	OK(IByteBuffer_LockRegion(owner, 0, 3, LOCK_EXCLUSIVE));
	OK(IByteBuffer_Initialize(owner, 1, NULL));
	OK(IByteBuffer_Seek(other, 0, STREAM_SEEK_SET, NULL));
	OK(IByteBuffer_Write(other, bytes, 3, NULL));
	IByteBuffer_Release(owner);
	IByteBuffer_Release(other);
}

static void
locks_have_a_limit(void)
{
	IByteBuffer *buffer = NEW_BUFFER();
	LONG n = 0;

	while (n < 5000 && IByteBuffer_LockRegion(buffer, n, 1, LOCK_WRITE) == S_OK)
		n++;
	SUITE_EQUAL_INT(n, 1024);
	OK(IByteBuffer_UnlockRegion(buffer, 0, 1, LOCK_WRITE));
	OK(IByteBuffer_LockRegion(buffer, 0, 1, LOCK_WRITE));
	IByteBuffer_Release(buffer);
}

/* The stream inside is the very one that holds the bytes. */
static void
own_stream(void)
{
	IByteBuffer *buffer = ssp_buffer("010203");
	IStream *stream = NULL, *again = NULL;
	HGLOBAL block = NULL;
	ULONG count = 0;
	BYTE bytes[4];

	OK(IByteBuffer_get_Stream(buffer, &stream));
	OK(IByteBuffer_get_Stream(buffer, &again));
	CU_ASSERT(stream == again);
	IStream_Release(again);
	OK(IStream_Read(stream, bytes, 2, &count));
	SUITE_EQUAL_INT(ssp_position(buffer), 2);
	OK(GetHGlobalFromStream(stream, &block));
	SUITE_EQUAL_INT(GlobalSize(block), 3);
	IByteBuffer_Release(buffer);
	OK(IStream_Read(stream, bytes, 4, &count));
	SUITE_EQUAL_BYTES(bytes, count, "03");
	SUITE_EQUAL_INT(IStream_Release(stream), 0);
}

static void
put_stream(void)
{
	IByteBuffer *buffer = ssp_buffer("010203"), *clone = NULL;
	struct ssp_stream foreign;
	IStream *stream = NULL;
	STATSTRUCT stat;
	BYTE bytes[4];
	LONG count = 0;

	ssp_stream_init(&foreign);
	foreign.size = 9;
	OK(IByteBuffer_put_Stream(buffer, &foreign.iface));
	SUITE_EQUAL_INT(foreign.references, 2);
	OK(IByteBuffer_get_Stream(buffer, &stream));
	CU_ASSERT(stream == &foreign.iface);
	IStream_Release(stream);

	OK(IByteBuffer_Read(buffer, bytes, 4, &count));
	SUITE_EQUAL_INT(count, 4);
	SUITE_EQUAL_BYTES(bytes, 4, "5A5A5A5A");
	OK(IByteBuffer_Write(buffer, bytes, 3, &count));
	SUITE_EQUAL_INT(count, 3);
	OK(IByteBuffer_Commit(buffer, 0));
	OK(IByteBuffer_Revert(buffer));
	OK(IByteBuffer_LockRegion(buffer, 0, 1, LOCK_WRITE));
	OK(IByteBuffer_UnlockRegion(buffer, 0, 1, LOCK_WRITE));
	OK(IByteBuffer_SetSize(buffer, 17));
	OK(IByteBuffer_Seek(buffer, 5, STREAM_SEEK_SET, &count));
	SUITE_EQUAL_INT(count, 5);
	OK(IByteBuffer_Stat(buffer, &stat, 0));
	SUITE_EQUAL_INT(stat.cbSize, 17);
	SUITE_EQUAL_INT(stat.type, STGTY_LOCKBYTES);
	SUITE_EQUAL_INT(stat.grfLocksSupported, 1);
	SUITE_EQUAL_INT(foreign.reads, 1);
	SUITE_EQUAL_INT(foreign.writes, 1);
	SUITE_EQUAL_INT(foreign.commits, 1);
	SUITE_EQUAL_INT(foreign.reverts, 1);
	SUITE_EQUAL_INT(foreign.locks, 1);
	SUITE_EQUAL_INT(foreign.unlocks, 1);
	SUITE_EQUAL_INT(foreign.sizes, 1);
	FAILS(IByteBuffer_Clone(buffer, &clone), E_NOTIMPL, "Clone");
	CU_ASSERT(clone == NULL);

	/* Its failures come through, its counts are believed only when they can be true. */
	foreign.result = STG_E_ACCESSDENIED;
	FAILS(IByteBuffer_Read(buffer, bytes, 4, &count), STG_E_ACCESSDENIED, "Read");
	SUITE_EQUAL_INT(count, 0);
	FAILS(IByteBuffer_Commit(buffer, 0), STG_E_ACCESSDENIED, "Commit");
	FAILS(IByteBuffer_Revert(buffer), STG_E_ACCESSDENIED, "Revert");
	FAILS(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_CUR, NULL), STG_E_ACCESSDENIED, "Seek");
	FAILS(IByteBuffer_SetSize(buffer, 1), STG_E_ACCESSDENIED, "SetSize");
	FAILS(IByteBuffer_Stat(buffer, &stat, 0), STG_E_ACCESSDENIED, "Stat");
	FAILS(IByteBuffer_LockRegion(buffer, 0, 1, LOCK_WRITE), STG_E_ACCESSDENIED, "LockRegion");
	foreign.result = S_FALSE;
	OK(IByteBuffer_Read(buffer, bytes, 4, &count));
	OK(IByteBuffer_Write(buffer, bytes, 4, &count));
	foreign.result = S_OK;
	foreign.size = 0x80000001u;
	FAILS(IByteBuffer_Stat(buffer, &stat, 0), E_FAIL, "2147483649 bytes");
	FAILS(IByteBuffer_Seek(buffer, 0x7FFFFFFF, STREAM_SEEK_END, &count), STG_E_INVALIDFUNCTION,
	    "32 bits");

	/* Initialize brings a stream of its own back, and lets go of the other. */
	OK(IByteBuffer_Initialize(buffer, 1, NULL));
	SUITE_EQUAL_INT(foreign.references, 1);
	OK(IByteBuffer_put_Stream(buffer, &foreign.iface));
	OK(IByteBuffer_put_Stream(buffer, &foreign.iface));
	SUITE_EQUAL_INT(foreign.references, 2);
	FAILS(IByteBuffer_put_Stream(buffer, NULL), E_POINTER, "put_Stream: pStream is NULL");
	SUITE_EQUAL_INT(foreign.references, 2);
	IByteBuffer_Release(buffer);
	SUITE_EQUAL_INT(foreign.references, 1);
}

/* A memory stream of the runtime may be put in too; clones of the buffer share it. */
static void
put_memory_stream(void)
{
	IByteBuffer *buffer = NEW_BUFFER(), *clone = NULL;
	IStream *stream = NULL;

	OK(CreateStreamOnHGlobal(NULL, TRUE, &stream));
	OK(IByteBuffer_put_Stream(buffer, stream));
	OK(IByteBuffer_Write(buffer, (BYTE *)"\x01\x02", 2, NULL));
	OK(IByteBuffer_Clone(buffer, &clone));
	SUITE_EQUAL_INT(ssp_position(clone), 2);
	OK(IByteBuffer_Seek(clone, 0, STREAM_SEEK_SET, NULL));
	EXPECT_BYTES(clone, "0102");
	FAILS(
	    IByteBuffer_LockRegion(buffer, 0, 1, LOCK_WRITE), STG_E_INVALIDFUNCTION, "LockRegion");
	IByteBuffer_Release(clone);
	IByteBuffer_Release(buffer);
	SUITE_EQUAL_INT(IStream_Release(stream), 0);
}

/* Consumed whole as input, whatever the place, which stays; also when the stream is not its own. */
static void
as_input(void)
{
	IByteBuffer *buffer = ssp_buffer("00A40000"), *clone = NULL;
	ISCardCmd *cmd = NEW_CMD();
	IStream *stream = NULL;

	OK(IByteBuffer_Seek(buffer, 3, STREAM_SEEK_SET, NULL));
	OK(ISCardCmd_put_Apdu(cmd, buffer));
	EXPECT_APDU(cmd, "00A40000");
	SUITE_EQUAL_INT(ssp_position(buffer), 3);
	OK(IByteBuffer_Seek(buffer, 300, STREAM_SEEK_SET, NULL));
	OK(ISCardCmd_put_Apdu(cmd, buffer));
	SUITE_EQUAL_INT(ssp_position(buffer), 300);

	OK(IByteBuffer_Clone(buffer, &clone));
	OK(IByteBuffer_LockRegion(clone, 1, 1, LOCK_EXCLUSIVE));
	FAILS(ISCardCmd_put_Apdu(cmd, buffer), STG_E_LOCKVIOLATION, "STG_E_LOCKVIOLATION");
	EXPECT_APDU(cmd, "00A40000");
	OK(ISCardCmd_put_Apdu(cmd, clone));
	IByteBuffer_Release(clone);

	OK(IByteBuffer_get_Stream(buffer, &stream));
	OK(IByteBuffer_put_Stream(buffer, stream));
	IStream_Release(stream);
	OK(IByteBuffer_Write(buffer, (BYTE *)"\x55", 1, NULL));
	OK(IByteBuffer_SetSize(buffer, 4));
	OK(ISCardCmd_Clear(cmd));
	OK(ISCardCmd_put_Apdu(cmd, buffer));
	EXPECT_APDU(cmd, "00A40000");
	SUITE_EQUAL_INT(ssp_position(buffer), 301);
	IByteBuffer_Release(buffer);
	ISCardCmd_Release(cmd);
}

/* Buffers of another make: read through their methods alone, and believed only as far as it goes.
 */
static void
another_make_as_input(void)
{
	static const struct {
		struct ssp_faults faults;
		HRESULT result;
	} rows[] = {
		{ { .read_at_most = 1 }, S_OK },
		{ { .stat = STG_E_ACCESSDENIED }, STG_E_ACCESSDENIED },
		{ { .seek = STG_E_SEEKERROR }, STG_E_SEEKERROR },
		{ { .read = E_ACCESSDENIED }, E_ACCESSDENIED },
		{ { .stat_size = 6 }, STG_E_READFAULT },
		{ { .stat_size = -1 }, E_INVALIDARG },
		{ { .stat_size = 0x7FFFFFFF }, E_INVALIDARG },
	};

	for (size_t i = 0; i < SSP_COUNT(rows); i++) {
		IByteBuffer *inner = ssp_buffer("00A4040001"), *foreign;
		ISCardCmd *cmd = NEW_CMD();

		foreign = ssp_foreign_buffer(inner, &rows[i].faults);
		OK(IByteBuffer_Seek(inner, 2, STREAM_SEEK_SET, NULL));
		EXPECT(ISCardCmd_put_Apdu(cmd, foreign), rows[i].result);
		SUITE_EQUAL_INT(ssp_position(inner), 2);
		EXPECT_APDU(cmd, rows[i].result == S_OK ? "00A4040001" : "");
		IByteBuffer_Release(foreign);
		SUITE_EQUAL_INT(IByteBuffer_Release(inner), 0);
		ISCardCmd_Release(cmd);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "usable without Initialize", starts_empty },
		{ "Initialize", initialize },
		{ "Read and Write", read_and_write },
		{ "Write past the end", write_past_the_end },
		{ "Seek", seek },
		{ "SetSize", set_size },
		{ "Stat", stat },
		{ "Clone", clones },
		{ "Commit and Revert", commit_and_revert },
		{ "CopyTo", copy_to },
		{ "CopyTo itself and a clone", copy_to_itself },
		{ "CopyTo another make of buffer", copy_to_another_make },
		{ "CopyTo much", copy_much },
		{ "what each lock keeps others from", lock_kinds },
		{ "locks against locks", locks_against_locks },
		{ "UnlockRegion", unlock_repeats_exactly },
		{ "locks past the end", locks_past_the_end },
		{ "locks end with their owner", locks_end_with_the_owner },
		{ "locks have a limit", locks_have_a_limit },
		{ "get_Stream", own_stream },
		{ "put_Stream", put_stream },
		{ "put_Stream of a memory stream", put_memory_stream },
		{ "as input", as_input },
		{ "another make as input", another_make_as_input },
	};

	return ssp_run("scardssp byte buffer", tests, SSP_COUNT(tests));
}
