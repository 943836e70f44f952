/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slots and signatures of the seven base smart card interfaces, from the published tables (Smart
 * Card SDK documentation: scardssp). Own methods begin at slot 7, after IDispatch.
 */
#include <scardssp.h>

#include "tests/suite.h"
#include "tests/unit/abi_table.h"

static void
byte_buffer(void)
{
	static const struct abi_slot slots[] = {
		ABI_DISPATCH_SLOTS(IByteBuffer),
		ABI_SLOT(IByteBuffer, 7, get_Stream, HRESULT, (IByteBuffer *, IStream **)),
		ABI_SLOT(IByteBuffer, 8, put_Stream, HRESULT, (IByteBuffer *, IStream *)),
		ABI_SLOT(IByteBuffer, 9, Clone, HRESULT, (IByteBuffer *, IByteBuffer **)),
		ABI_SLOT(IByteBuffer, 10, Commit, HRESULT, (IByteBuffer *, LONG)),
		ABI_SLOT(IByteBuffer, 11, CopyTo, HRESULT,
		    (IByteBuffer *, IByteBuffer **, LONG, LONG *, LONG *)),
		ABI_SLOT(IByteBuffer, 12, Initialize, HRESULT, (IByteBuffer *, LONG, BYTE *)),
		ABI_SLOT(IByteBuffer, 13, LockRegion, HRESULT, (IByteBuffer *, LONG, LONG, LONG)),
		ABI_SLOT(IByteBuffer, 14, Read, HRESULT, (IByteBuffer *, BYTE *, LONG, LONG *)),
		ABI_SLOT(IByteBuffer, 15, Revert, HRESULT, (IByteBuffer *)),
		ABI_SLOT(IByteBuffer, 16, Seek, HRESULT, (IByteBuffer *, LONG, LONG, LONG *)),
		ABI_SLOT(IByteBuffer, 17, SetSize, HRESULT, (IByteBuffer *, LONG)),
		ABI_SLOT(IByteBuffer, 18, Stat, HRESULT, (IByteBuffer *, STATSTRUCT *, LONG)),
		ABI_SLOT(IByteBuffer, 19, UnlockRegion, HRESULT, (IByteBuffer *, LONG, LONG, LONG)),
		ABI_SLOT(IByteBuffer, 20, Write, HRESULT, (IByteBuffer *, BYTE *, LONG, LONG *)),
	};

	ABI_CHECK_SLOTS(IByteBuffer, slots);
}

static void
type_conversion(void)
{
	static const struct abi_slot slots[] = {
		ABI_DISPATCH_SLOTS(ISCardTypeConv),
		ABI_SLOT(ISCardTypeConv, 7, ConvertByteArrayToByteBuffer, HRESULT,
		    (ISCardTypeConv *, BYTE *, DWORD, IByteBuffer **)),
		ABI_SLOT(ISCardTypeConv, 8, ConvertByteBufferToByteArray, HRESULT,
		    (ISCardTypeConv *, IByteBuffer *, BYTEARRAY **)),
		ABI_SLOT(ISCardTypeConv, 9, ConvertByteBufferToSafeArray, HRESULT,
		    (ISCardTypeConv *, IByteBuffer *, SAFEARRAY **)),
		ABI_SLOT(ISCardTypeConv, 10, ConvertSafeArrayToByteBuffer, HRESULT,
		    (ISCardTypeConv *, SAFEARRAY *, IByteBuffer **)),
		ABI_SLOT(ISCardTypeConv, 11, CreateByteArray, HRESULT,
		    (ISCardTypeConv *, DWORD, BYTE **)),
		ABI_SLOT(ISCardTypeConv, 12, CreateByteBuffer, HRESULT,
		    (ISCardTypeConv *, DWORD, IByteBuffer **)),
		ABI_SLOT(ISCardTypeConv, 13, CreateSafeArray, HRESULT,
		    (ISCardTypeConv *, UINT, SAFEARRAY **)),
		ABI_SLOT(ISCardTypeConv, 14, FreeIStreamMemoryPtr, HRESULT,
		    (ISCardTypeConv *, IStream *, BYTE *)),
		ABI_SLOT(ISCardTypeConv, 15, GetAtIStreamMemory, HRESULT,
		    (ISCardTypeConv *, IStream *, BYTEARRAY **)),
		ABI_SLOT(ISCardTypeConv, 16, SizeOfIStream, HRESULT,
		    (ISCardTypeConv *, IStream *, ULARGE_INTEGER *)),
	};

	ABI_CHECK_SLOTS(ISCardTypeConv, slots);
}

static void
command(void)
{
	static const struct abi_slot slots[] = {
		ABI_DISPATCH_SLOTS(ISCardCmd),
		ABI_SLOT(ISCardCmd, 7, get_Apdu, HRESULT, (ISCardCmd *, IByteBuffer **)),
		ABI_SLOT(ISCardCmd, 8, put_Apdu, HRESULT, (ISCardCmd *, IByteBuffer *)),
		ABI_SLOT(ISCardCmd, 9, get_ApduLength, HRESULT, (ISCardCmd *, LONG *)),
		ABI_SLOT(ISCardCmd, 10, get_ApduReply, HRESULT, (ISCardCmd *, IByteBuffer **)),
		ABI_SLOT(ISCardCmd, 11, put_ApduReply, HRESULT, (ISCardCmd *, IByteBuffer *)),
		ABI_SLOT(ISCardCmd, 12, get_ApduReplyLength, HRESULT, (ISCardCmd *, LONG *)),
		ABI_SLOT(ISCardCmd, 13, put_ApduReplyLength, HRESULT, (ISCardCmd *, LONG)),
		ABI_SLOT(ISCardCmd, 14, get_ClassId, HRESULT, (ISCardCmd *, BYTE *)),
		ABI_SLOT(ISCardCmd, 15, put_ClassId, HRESULT, (ISCardCmd *, BYTE)),
		ABI_SLOT(ISCardCmd, 16, get_Data, HRESULT, (ISCardCmd *, IByteBuffer **)),
		ABI_SLOT(ISCardCmd, 17, put_Data, HRESULT, (ISCardCmd *, IByteBuffer *)),
		ABI_SLOT(ISCardCmd, 18, get_InstructionId, HRESULT, (ISCardCmd *, BYTE *)),
		ABI_SLOT(ISCardCmd, 19, put_InstructionId, HRESULT, (ISCardCmd *, BYTE)),
		ABI_SLOT(ISCardCmd, 20, get_LeField, HRESULT, (ISCardCmd *, LONG *)),
		ABI_SLOT(ISCardCmd, 21, get_P1, HRESULT, (ISCardCmd *, BYTE *)),
		ABI_SLOT(ISCardCmd, 22, put_P1, HRESULT, (ISCardCmd *, BYTE)),
		ABI_SLOT(ISCardCmd, 23, get_P2, HRESULT, (ISCardCmd *, BYTE *)),
		ABI_SLOT(ISCardCmd, 24, put_P2, HRESULT, (ISCardCmd *, BYTE)),
		ABI_SLOT(ISCardCmd, 25, get_P3, HRESULT, (ISCardCmd *, BYTE *)),
		ABI_SLOT(ISCardCmd, 26, get_ReplyStatus, HRESULT, (ISCardCmd *, WORD *)),
		ABI_SLOT(ISCardCmd, 27, put_ReplyStatus, HRESULT, (ISCardCmd *, WORD)),
		ABI_SLOT(ISCardCmd, 28, get_ReplyStatusSW1, HRESULT, (ISCardCmd *, BYTE *)),
		ABI_SLOT(ISCardCmd, 29, get_ReplyStatusSW2, HRESULT, (ISCardCmd *, BYTE *)),
		ABI_SLOT(ISCardCmd, 30, get_Type, HRESULT, (ISCardCmd *, ISO_APDU_TYPE *)),
		ABI_SLOT(ISCardCmd, 31, get_Nad, HRESULT, (ISCardCmd *, BYTE *)),
		ABI_SLOT(ISCardCmd, 32, put_Nad, HRESULT, (ISCardCmd *, BYTE)),
		ABI_SLOT(ISCardCmd, 33, get_ReplyNad, HRESULT, (ISCardCmd *, BYTE *)),
		ABI_SLOT(ISCardCmd, 34, put_ReplyNad, HRESULT, (ISCardCmd *, BYTE)),
		ABI_SLOT(ISCardCmd, 35, BuildCmd, HRESULT,
		    (ISCardCmd *, BYTE, BYTE, BYTE, BYTE, IByteBuffer *, LONG *)),
		ABI_SLOT(ISCardCmd, 36, Clear, HRESULT, (ISCardCmd *)),
		ABI_SLOT(ISCardCmd, 37, Encapsulate, HRESULT,
		    (ISCardCmd *, IByteBuffer *, ISO_APDU_TYPE)),
		ABI_SLOT(ISCardCmd, 38, get_AlternateClassId, HRESULT, (ISCardCmd *, BYTE *)),
		ABI_SLOT(ISCardCmd, 39, put_AlternateClassId, HRESULT, (ISCardCmd *, BYTE)),
	};

	ABI_CHECK_SLOTS(ISCardCmd, slots);
}

static void
iso7816(void)
{
	static const struct abi_slot slots[] = {
		ABI_DISPATCH_SLOTS(ISCardISO7816),
		ABI_SLOT(ISCardISO7816, 7, AppendRecord, HRESULT,
		    (ISCardISO7816 *, BYTE, IByteBuffer *, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 8, EraseBinary, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, IByteBuffer *, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 9, ExternalAuthenticate, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, IByteBuffer *, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 10, GetChallenge, HRESULT,
		    (ISCardISO7816 *, LONG, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 11, GetData, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, LONG, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 12, GetResponse, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, LONG, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 13, InternalAuthenticate, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, IByteBuffer *, LONG, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 14, ManageChannel, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 15, PutData, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, IByteBuffer *, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 16, ReadBinary, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, LONG, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 17, ReadRecord, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, LONG, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 18, SelectFile, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, IByteBuffer *, LONG, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 19, SetDefaultClassId, HRESULT, (ISCardISO7816 *, BYTE)),
		ABI_SLOT(ISCardISO7816, 20, UpdateBinary, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, IByteBuffer *, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 21, UpdateRecord, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, IByteBuffer *, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 22, Verify, HRESULT,
		    (ISCardISO7816 *, BYTE, IByteBuffer *, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 23, WriteBinary, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, IByteBuffer *, ISCardCmd **)),
		ABI_SLOT(ISCardISO7816, 24, WriteRecord, HRESULT,
		    (ISCardISO7816 *, BYTE, BYTE, IByteBuffer *, ISCardCmd **)),
	};

	ABI_CHECK_SLOTS(ISCardISO7816, slots);
}

static void
card(void)
{
	static const struct abi_slot slots[] = {
		ABI_DISPATCH_SLOTS(ISCard),
		ABI_SLOT(ISCard, 7, get_Atr, HRESULT, (ISCard *, IByteBuffer **)),
		ABI_SLOT(ISCard, 8, get_CardHandle, HRESULT, (ISCard *, HSCARD *)),
		ABI_SLOT(ISCard, 9, get_Context, HRESULT, (ISCard *, HSCARDCONTEXT *)),
		ABI_SLOT(ISCard, 10, get_Protocol, HRESULT, (ISCard *, SCARD_PROTOCOLS *)),
		ABI_SLOT(ISCard, 11, get_Status, HRESULT, (ISCard *, SCARD_STATES *)),
		ABI_SLOT(ISCard, 12, AttachByHandle, HRESULT, (ISCard *, HSCARD)),
		ABI_SLOT(ISCard, 13, AttachByReader, HRESULT,
		    (ISCard *, BSTR, SCARD_SHARE_MODES, SCARD_PROTOCOLS)),
		ABI_SLOT(ISCard, 14, Detach, HRESULT, (ISCard *, SCARD_DISPOSITIONS)),
		ABI_SLOT(ISCard, 15, LockSCard, HRESULT, (ISCard *)),
		ABI_SLOT(ISCard, 16, ReAttach, HRESULT,
		    (ISCard *, SCARD_SHARE_MODES, SCARD_DISPOSITIONS)),
		ABI_SLOT(ISCard, 17, Transaction, HRESULT, (ISCard *, ISCardCmd **)),
		ABI_SLOT(ISCard, 18, UnlockSCard, HRESULT, (ISCard *, SCARD_DISPOSITIONS)),
	};

	ABI_CHECK_SLOTS(ISCard, slots);
}

static void
database(void)
{
	static const struct abi_slot slots[] = {
		ABI_DISPATCH_SLOTS(ISCardDatabase),
		ABI_SLOT(ISCardDatabase, 7, GetProviderCardId, HRESULT,
		    (ISCardDatabase *, BSTR, GUID **)),
		ABI_SLOT(ISCardDatabase, 8, ListCardInterfaces, HRESULT,
		    (ISCardDatabase *, BSTR, SAFEARRAY **)),
		ABI_SLOT(ISCardDatabase, 9, ListCards, HRESULT,
		    (ISCardDatabase *, IByteBuffer *, SAFEARRAY *, LONG, SAFEARRAY **)),
		ABI_SLOT(ISCardDatabase, 10, ListReaderGroups, HRESULT,
		    (ISCardDatabase *, LONG, SAFEARRAY **)),
		ABI_SLOT(ISCardDatabase, 11, ListReaders, HRESULT,
		    (ISCardDatabase *, LONG, SAFEARRAY **)),
	};

	ABI_CHECK_SLOTS(ISCardDatabase, slots);
}

static void
locate(void)
{
	static const struct abi_slot slots[] = {
		ABI_DISPATCH_SLOTS(ISCardLocate),
		ABI_SLOT(ISCardLocate, 7, ConfigureCardGuidSearch, HRESULT,
		    (ISCardLocate *, SAFEARRAY *, SAFEARRAY *, BSTR, LONG)),
		ABI_SLOT(ISCardLocate, 8, ConfigureCardNameSearch, HRESULT,
		    (ISCardLocate *, SAFEARRAY *, SAFEARRAY *, BSTR, LONG)),
		ABI_SLOT(ISCardLocate, 9, FindCard, HRESULT,
		    (ISCardLocate *, SCARD_SHARE_MODES, SCARD_PROTOCOLS, LONG, SCARDINFO **)),
	};

	ABI_CHECK_SLOTS(ISCardLocate, slots);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "IByteBuffer", byte_buffer },
		{ "ISCardTypeConv", type_conversion },
		{ "ISCardCmd", command },
		{ "ISCardISO7816", iso7816 },
		{ "ISCard", card },
		{ "ISCardDatabase", database },
		{ "ISCardLocate", locate },
	};

	return suite_run("slots of scardssp", tests, ABI_COUNT(tests));
}
