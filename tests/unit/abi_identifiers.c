/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interface, class, library and category identifiers against their published text.
 */
#include <objbase.h>
#include <oleauto.h>
#include <scardprov.h>
#include <scardreader.h>
#include <winscard.h>

#include "tests/suite.h"
#include "tests/unit/abi_table.h"

static void
runtime(void)
{
	static const struct abi_identifier identifiers[] = {
		ABI_IDENTIFIER(GUID_NULL, "00000000-0000-0000-0000-000000000000"),
		ABI_IDENTIFIER(IID_NULL, "00000000-0000-0000-0000-000000000000"),
		ABI_IDENTIFIER(CLSID_NULL, "00000000-0000-0000-0000-000000000000"),
		ABI_IDENTIFIER(CATID_NULL, "00000000-0000-0000-0000-000000000000"),
		ABI_IDENTIFIER(IID_IUnknown, "00000000-0000-0000-C000-000000000046"),
		ABI_IDENTIFIER(IID_IClassFactory, "00000001-0000-0000-C000-000000000046"),
		ABI_IDENTIFIER(IID_IMalloc, "00000002-0000-0000-C000-000000000046"),
		ABI_IDENTIFIER(IID_IStream, "0000000C-0000-0000-C000-000000000046"),
		ABI_IDENTIFIER(IID_ISequentialStream, "0C733A30-2A1C-11CE-ADE5-00AA0044773D"),
		ABI_IDENTIFIER(IID_IDispatch, "00020400-0000-0000-C000-000000000046"),
		ABI_IDENTIFIER(IID_IRecordInfo, "0000002F-0000-0000-C000-000000000046"),
		ABI_IDENTIFIER(IID_IErrorInfo, "1CF2B120-547D-101B-8E65-08002B2BD119"),
		ABI_IDENTIFIER(IID_ICreateErrorInfo, "22F03340-547D-101B-8E65-08002B2BD119"),
		ABI_IDENTIFIER(IID_ISupportErrorInfo, "DF0B3D60-548F-101B-8E65-08002B2BD119"),
	};

	abi_check_identifiers(identifiers, ABI_COUNT(identifiers));
}

static void
interfaces(void)
{
	static const struct abi_identifier identifiers[] = {
		ABI_IDENTIFIER(IID_IByteBuffer, "E126F8FE-A7AF-11D0-B88A-00C04FD424B9"),
		ABI_IDENTIFIER(IID_ISCardTypeConv, "53B6AA63-3F56-11D0-916B-00AA00C18068"),
		ABI_IDENTIFIER(IID_ISCardCmd, "D5778AE3-43DE-11D0-9171-00AA00C18068"),
		ABI_IDENTIFIER(IID_ISCardISO7816, "53B6AA68-3F56-11D0-916B-00AA00C18068"),
		ABI_IDENTIFIER(IID_ISCard, "1461AAC3-6810-11D0-918F-00AA00C18068"),
		ABI_IDENTIFIER(IID_ISCardDatabase, "1461AAC8-6810-11D0-918F-00AA00C18068"),
		ABI_IDENTIFIER(IID_ISCardLocate, "1461AACD-6810-11D0-918F-00AA00C18068"),
		ABI_IDENTIFIER(IID_ISCardManage, "5E586211-5A09-11D0-B84C-00C04FD424B9"),
		ABI_IDENTIFIER(IID_ISCardFileAccess, "4029DD8A-5902-11D0-B84C-00C04FD424B9"),
		ABI_IDENTIFIER(IID_ISCardVerify, "4029DD85-5902-11D0-B84C-00C04FD424B9"),
		ABI_IDENTIFIER(IID_ISCardAuth, "7B063D61-6E40-11D0-B858-00C04FD424B9"),
	};

	abi_check_identifiers(identifiers, ABI_COUNT(identifiers));
}

static void
classes(void)
{
	static const struct abi_identifier identifiers[] = {
		ABI_IDENTIFIER(LIBID_SCARDSSPLib, "82C38704-19F1-11D3-A11F-00C04F79F800"),
		ABI_IDENTIFIER(CLSID_CByteBuffer, "E126F8FF-A7AF-11D0-B88A-00C04FD424B9"),
		ABI_IDENTIFIER(CLSID_CSCardTypeConv, "53B6AA67-3F56-11D0-916B-00AA00C18068"),
		ABI_IDENTIFIER(CLSID_CSCardCmd, "D5778AE7-43DE-11D0-9171-00AA00C18068"),
		ABI_IDENTIFIER(CLSID_CSCardISO7816, "53B6AA6C-3F56-11D0-916B-00AA00C18068"),
		ABI_IDENTIFIER(CLSID_CSCard, "1461AAC7-6810-11D0-918F-00AA00C18068"),
		ABI_IDENTIFIER(CLSID_CSCardDatabase, "1461AACC-6810-11D0-918F-00AA00C18068"),
		ABI_IDENTIFIER(CLSID_CSCardLocate, "1461AAD1-6810-11D0-918F-00AA00C18068"),
	};

	abi_check_identifiers(identifiers, ABI_COUNT(identifiers));
}

static void
own(void)
{
	static const struct abi_identifier identifiers[] = {
		ABI_IDENTIFIER(CATID_SCardReaderDriver, "86430648-5D52-4039-A6F1-2BFE8FFB58FD"),
		ABI_IDENTIFIER(CATID_SCardServiceProvider, "88BAC663-F097-4012-9826-5DCA58948692"),
		ABI_IDENTIFIER(IID_ISCardReaderDriver, "86CD3F5B-5390-4114-91BF-09A930EBAD9B"),
		ABI_IDENTIFIER(IID_ISCardReader, "ADFE9C0A-8E93-433D-8DD4-C423072F255A"),
		ABI_IDENTIFIER(IID_ISCardReaderSink, "1C8676A6-057F-411B-BB24-7FA3EA4F310E"),
	};

	abi_check_identifiers(identifiers, ABI_COUNT(identifiers));
}

static void
comparison(void)
{
	GUID copy = IID_ISCard;

	CU_ASSERT_TRUE(IsEqualGUID(&copy, &IID_ISCard));
	CU_ASSERT_TRUE(IsEqualIID(&copy, &IID_ISCard));
	CU_ASSERT_TRUE(IsEqualCLSID(&copy, &IID_ISCard));
	CU_ASSERT_FALSE(IsEqualGUID(&IID_ISCard, &CLSID_CSCard));
	copy.Data4[7] ^= 1;
	CU_ASSERT_FALSE(IsEqualGUID(&copy, &IID_ISCard));
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "component runtime", runtime },
		{ "smart card interfaces", interfaces },
		{ "smart card classes and library", classes },
		{ "categories and reader drivers", own },
		{ "comparison looks at all 16 bytes", comparison },
	};

	return suite_run("identifiers", tests, ABI_COUNT(tests));
}
