/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slots and signatures of the four interfaces of a card vendor's wrapper: order from the published
 * vendor library, signatures from the Smart Card SDK documentation.
 */
#include <scardprov.h>

#include "tests/suite.h"
#include "tests/unit/abi_table.h"

static void
manage(void)
{
	static const struct abi_slot slots[] = {
		ABI_DISPATCH_SLOTS(ISCardManage),
		ABI_SLOT(ISCardManage, 7, AttachByHandle, HRESULT, (ISCardManage *, HSCARD)),
		ABI_SLOT(ISCardManage, 8, AttachByIFD, HRESULT, (ISCardManage *, BSTR)),
		ABI_SLOT(ISCardManage, 9, CreateFileAccess, HRESULT,
		    (ISCardManage *, ISCardFileAccess **)),
		ABI_SLOT(
		    ISCardManage, 10, CreateCardAuth, HRESULT, (ISCardManage *, ISCardAuth **)),
		ABI_SLOT(ISCardManage, 11, CreateCHVerification, HRESULT,
		    (ISCardManage *, ISCardVerify **)),
		ABI_SLOT(ISCardManage, 12, Detach, HRESULT, (ISCardManage *)),
		ABI_SLOT(ISCardManage, 13, SCardLock, HRESULT, (ISCardManage *)),
		ABI_SLOT(ISCardManage, 14, Reconnect, HRESULT, (ISCardManage *)),
		ABI_SLOT(ISCardManage, 15, Status, HRESULT,
		    (ISCardManage *, SCARD_STATES *, SCARD_PROTOCOLS *)),
		ABI_SLOT(
		    ISCardManage, 16, SCardUnlock, HRESULT, (ISCardManage *, SCARD_DISPOSITIONS)),
		ABI_SLOT(ISCardManage, 17, CreateInterface, HRESULT,
		    (ISCardManage *, GUID *, BSTR, LONG *, IUnknown **)),
	};

	ABI_CHECK_SLOTS(ISCardManage, slots);
}

static void
file_access(void)
{
	static const struct abi_slot slots[] = {
		ABI_DISPATCH_SLOTS(ISCardFileAccess),
		ABI_SLOT(
		    ISCardFileAccess, 7, ChangeDir, HRESULT, (ISCardFileAccess *, REFTYPE, BSTR)),
		ABI_SLOT(ISCardFileAccess, 8, Close, HRESULT, (ISCardFileAccess *, HSCARD_FILE)),
		ABI_SLOT(ISCardFileAccess, 9, Create, HRESULT,
		    (ISCardFileAccess *, REFTYPE, BSTR, TLV_TABLE, SCARD_FLAGS, IByteBuffer *)),
		ABI_SLOT(ISCardFileAccess, 10, Delete, HRESULT,
		    (ISCardFileAccess *, REFTYPE, BSTR, SCARD_FLAGS)),
		ABI_SLOT(ISCardFileAccess, 11, Directory, HRESULT,
		    (ISCardFileAccess *, FILETYPE, SAFEARRAY **)),
		ABI_SLOT(
		    ISCardFileAccess, 12, GetCurrentDir, HRESULT, (ISCardFileAccess *, BSTR *)),
		ABI_SLOT(ISCardFileAccess, 13, GetFileCapabilities, HRESULT,
		    (ISCardFileAccess *, TLV_TABLE **, LONG *, SCARD_FLAGS)),
		ABI_SLOT(ISCardFileAccess, 14, GetProperties, HRESULT,
		    (ISCardFileAccess *, REFTYPE, BSTR, SCARD_FLAGS, TLV_TABLE **)),
		ABI_SLOT(ISCardFileAccess, 15, Initialize, HRESULT, (ISCardFileAccess *, LONG *)),
		ABI_SLOT(ISCardFileAccess, 16, Invalidate, HRESULT,
		    (ISCardFileAccess *, BSTR, SCARD_FLAGS)),
		ABI_SLOT(ISCardFileAccess, 17, Open, HRESULT,
		    (ISCardFileAccess *, REFTYPE, BSTR, HSCARD_FILE *)),
		ABI_SLOT(ISCardFileAccess, 18, Read, HRESULT,
		    (ISCardFileAccess *, HSCARD_FILE, LONG *, SCARD_FLAGS, IByteBuffer **)),
		ABI_SLOT(ISCardFileAccess, 19, Rehabilitate, HRESULT,
		    (ISCardFileAccess *, BSTR, SCARD_FLAGS)),
		ABI_SLOT(ISCardFileAccess, 20, Seek, HRESULT,
		    (ISCardFileAccess *, HSCARD_FILE, SEEKTYPE *, LONG)),
		ABI_SLOT(ISCardFileAccess, 21, SetProperties, HRESULT,
		    (ISCardFileAccess *, REFTYPE, BSTR, SCARD_FLAGS, TLV_TABLE *)),
		ABI_SLOT(ISCardFileAccess, 22, Write, HRESULT,
		    (ISCardFileAccess *, HSCARD_FILE, IByteBuffer *, SCARD_FLAGS)),
	};

	ABI_CHECK_SLOTS(ISCardFileAccess, slots);
}

static void
verify(void)
{
	static const struct abi_slot slots[] = {
		ABI_DISPATCH_SLOTS(ISCardVerify),
		ABI_SLOT(ISCardVerify, 7, ChangeCode, HRESULT,
		    (ISCardVerify *, IByteBuffer *, IByteBuffer *, SCARD_FLAGS, LONG)),
		ABI_SLOT(ISCardVerify, 8, Initialize, HRESULT, (ISCardVerify *, LONG *)),
		ABI_SLOT(
		    ISCardVerify, 9, Unblock, HRESULT, (ISCardVerify *, LONG, SCARD_FLAGS, LONG)),
		ABI_SLOT(ISCardVerify, 10, ResetSecurityState, HRESULT, (ISCardVerify *)),
		ABI_SLOT(ISCardVerify, 11, Verify, HRESULT,
		    (ISCardVerify *, IByteBuffer *, SCARD_FLAGS, LONG)),
	};

	ABI_CHECK_SLOTS(ISCardVerify, slots);
}

static void
authenticate(void)
{
	static const struct abi_slot slots[] = {
		ABI_DISPATCH_SLOTS(ISCardAuth),
		ABI_SLOT(ISCardAuth, 7, APP_Auth, HRESULT,
		    (ISCardAuth *, LONG, IByteBuffer *, IByteBuffer *)),
		ABI_SLOT(ISCardAuth, 8, GetChallenge, HRESULT,
		    (ISCardAuth *, LONG, LONG, IByteBuffer *, IByteBuffer **)),
		ABI_SLOT(ISCardAuth, 9, ICC_Auth, HRESULT,
		    (ISCardAuth *, LONG, IByteBuffer *, IByteBuffer **)),
		ABI_SLOT(ISCardAuth, 10, Initialize, HRESULT, (ISCardAuth *, LONG *)),
		ABI_SLOT(ISCardAuth, 11, User_Auth, HRESULT,
		    (ISCardAuth *, LONG, IByteBuffer *, IByteBuffer *)),
	};

	ABI_CHECK_SLOTS(ISCardAuth, slots);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "ISCardManage", manage },
		{ "ISCardFileAccess", file_access },
		{ "ISCardVerify", verify },
		{ "ISCardAuth", authenticate },
	};

	return suite_run("slots of scardprov", tests, ABI_COUNT(tests));
}
