/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the names without A or W mean in a program that defines UNICODE.
 */
#define UNICODE
#include <winscard.h>

#include <string.h>

#include "tests/suite.h"
#include "tests/unit/abi_table.h"

static void
unsuffixed_names(void)
{
	static const struct abi_fact facts[] = {
		ABI_SAME_TYPE(
		    __typeof__(SCardListReaderGroups), __typeof__(SCardListReaderGroupsW)),
		ABI_SAME_TYPE(__typeof__(SCardListReaders), __typeof__(SCardListReadersW)),
		ABI_SAME_TYPE(__typeof__(SCardListCardTypes), __typeof__(SCardListCardsW)),
		ABI_SAME_TYPE(__typeof__(SCardLocateCards), __typeof__(SCardLocateCardsW)),
		ABI_SAME_TYPE(__typeof__(SCardGetStatusChange), __typeof__(SCardGetStatusChangeW)),
		ABI_SAME_TYPE(__typeof__(SCardConnect), __typeof__(SCardConnectW)),
		ABI_SAME_TYPE(__typeof__(SCardStatus), __typeof__(SCardStatusW)),
		ABI_SAME_TYPE(SCARD_READERSTATE, SCARD_READERSTATEW),
		ABI_SAME_TYPE(PSCARD_READERSTATE, SCARD_READERSTATEW *),
		ABI_SAME_TYPE(LPSCARD_READERSTATE, SCARD_READERSTATEW *),
		ABI_FACT(SCARD_ATTR_DEVICE_FRIENDLY_NAME, 0x7FFF0005),
		ABI_FACT(SCARD_ATTR_DEVICE_SYSTEM_NAME, 0x7FFF0006),
	};

	abi_check_facts(facts, ABI_COUNT(facts));
}

static void
group_names(void)
{
	SUITE_EQUAL_INT(sizeof(SCARD_ALL_READERS), 36);
	SUITE_EQUAL_INT(memcmp(SCARD_ALL_READERS, u"SCard$AllReaders\0", 36), 0);
	SUITE_EQUAL_INT(sizeof(SCARD_DEFAULT_READERS), 44);
	SUITE_EQUAL_INT(memcmp(SCARD_DEFAULT_READERS, u"SCard$DefaultReaders\0", 44), 0);
	SUITE_EQUAL_INT(sizeof(SCARD_LOCAL_READERS), 40);
	SUITE_EQUAL_INT(memcmp(SCARD_LOCAL_READERS, u"SCard$LocalReaders\0", 40), 0);
	SUITE_EQUAL_INT(sizeof(SCARD_SYSTEM_READERS), 42);
	SUITE_EQUAL_INT(memcmp(SCARD_SYSTEM_READERS, u"SCard$SystemReaders\0", 42), 0);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "names without A or W", unsuffixed_names },
		{ "group names", group_names },
	};

	return suite_run("winscard with UNICODE", tests, ABI_COUNT(tests));
}
