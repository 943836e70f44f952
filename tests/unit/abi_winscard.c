/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * winscard.h and winsmcrd.h: layouts, constants of everyday use, signatures of the functions
 * (Windows documentation: winscard).
 */
#include <winscard.h>

#include <string.h>

#include <tessera_scard.h>

#include "tests/suite.h"
#include "tests/unit/abi_table.h"

static void
layouts(void)
{
	static const struct abi_fact facts[] = {
		ABI_FACT(sizeof(SCARDCONTEXT), 8),
		ABI_FACT(sizeof(SCARDHANDLE), 8),
		ABI_FACT((SCARDCONTEXT)-1 > 0, 1),
		ABI_FACT((SCARDHANDLE)-1 > 0, 1),
		ABI_FACT(sizeof(SCARD_READERSTATEA), 64),
		ABI_FACT(_Alignof(SCARD_READERSTATEA), 8),
		ABI_FACT(offsetof(SCARD_READERSTATEA, szReader), 0),
		ABI_FACT(offsetof(SCARD_READERSTATEA, pvUserData), 8),
		ABI_FACT(offsetof(SCARD_READERSTATEA, dwCurrentState), 16),
		ABI_FACT(offsetof(SCARD_READERSTATEA, dwEventState), 20),
		ABI_FACT(offsetof(SCARD_READERSTATEA, cbAtr), 24),
		ABI_FACT(offsetof(SCARD_READERSTATEA, rgbAtr), 28),
		ABI_FACT(sizeof(((SCARD_READERSTATEA *)NULL)->rgbAtr), 36),
		ABI_SAME_TYPE(__typeof__(((SCARD_READERSTATEA *)NULL)->szReader), const char *),
		ABI_FACT(sizeof(SCARD_READERSTATEW), 64),
		ABI_FACT(offsetof(SCARD_READERSTATEW, szReader), 0),
		ABI_FACT(offsetof(SCARD_READERSTATEW, pvUserData), 8),
		ABI_FACT(offsetof(SCARD_READERSTATEW, dwCurrentState), 16),
		ABI_FACT(offsetof(SCARD_READERSTATEW, dwEventState), 20),
		ABI_FACT(offsetof(SCARD_READERSTATEW, cbAtr), 24),
		ABI_FACT(offsetof(SCARD_READERSTATEW, rgbAtr), 28),
		ABI_FACT(sizeof(((SCARD_READERSTATEW *)NULL)->rgbAtr), 36),
		ABI_SAME_TYPE(__typeof__(((SCARD_READERSTATEW *)NULL)->szReader), const char16_t *),
		ABI_FACT(sizeof(SCARD_IO_REQUEST), 8),
		ABI_FACT(offsetof(SCARD_IO_REQUEST, dwProtocol), 0),
		ABI_FACT(offsetof(SCARD_IO_REQUEST, cbPciLength), 4),
		ABI_FACT(sizeof(SCARD_T0_COMMAND), 5),
		ABI_FACT(offsetof(SCARD_T0_COMMAND, bCla), 0),
		ABI_FACT(offsetof(SCARD_T0_COMMAND, bIns), 1),
		ABI_FACT(offsetof(SCARD_T0_COMMAND, bP1), 2),
		ABI_FACT(offsetof(SCARD_T0_COMMAND, bP2), 3),
		ABI_FACT(offsetof(SCARD_T0_COMMAND, bP3), 4),
		ABI_FACT(offsetof(SCARD_T0_REQUEST, ioRequest), 0),
		ABI_FACT(offsetof(SCARD_T0_REQUEST, bSw1), 8),
		ABI_FACT(offsetof(SCARD_T0_REQUEST, bSw2), 9),
		ABI_FACT(offsetof(SCARD_T0_REQUEST, CmdBytes), 10),
		ABI_FACT(offsetof(SCARD_T0_REQUEST, rgbHeader), 10),
		ABI_FACT(sizeof(((SCARD_T0_REQUEST *)NULL)->rgbHeader), 5),
		ABI_FACT(sizeof(SCARD_T1_REQUEST), 8),
		ABI_FACT(sizeof(READER_SEL_REQUEST), 36),
		ABI_FACT(offsetof(READER_SEL_REQUEST, dwPreferredProtocols), 4),
		ABI_FACT(offsetof(READER_SEL_REQUEST, MatchType), 8),
		ABI_FACT(offsetof(READER_SEL_REQUEST, ReaderAndContainerParameter), 12),
		ABI_FACT(offsetof(READER_SEL_REQUEST, ReaderAndContainerParameter.dwCspFlags), 32),
		ABI_FACT(offsetof(READER_SEL_REQUEST, SerialNumberParameter), 12),
		ABI_FACT(
		    offsetof(READER_SEL_REQUEST, SerialNumberParameter.dwDesiredCardModuleVersion),
		    20),
		ABI_FACT(sizeof(READER_SEL_RESPONSE), 16),
		ABI_FACT(offsetof(READER_SEL_RESPONSE, cbCardNameOffset), 8),
		ABI_FACT(offsetof(READER_SEL_RESPONSE, cchCardNameLength), 12),
		ABI_FACT(sizeof(SCARD_ATRMASK), 76),
		ABI_FACT(offsetof(SCARD_ATRMASK, cbAtr), 0),
		ABI_FACT(offsetof(SCARD_ATRMASK, rgbAtr), 4),
		ABI_FACT(offsetof(SCARD_ATRMASK, rgbMask), 40),
	};

	abi_check_facts(facts, ABI_COUNT(facts));
}

static void
aliases(void)
{
	static const struct abi_fact facts[] = {
		ABI_SAME_TYPE(PSCARDCONTEXT, SCARDCONTEXT *),
		ABI_SAME_TYPE(LPSCARDCONTEXT, SCARDCONTEXT *),
		ABI_SAME_TYPE(PSCARDHANDLE, SCARDHANDLE *),
		ABI_SAME_TYPE(LPSCARDHANDLE, SCARDHANDLE *),
		ABI_SAME_TYPE(PSCARD_READERSTATEA, SCARD_READERSTATEA *),
		ABI_SAME_TYPE(LPSCARD_READERSTATEA, SCARD_READERSTATEA *),
		ABI_SAME_TYPE(SCARD_READERSTATE_A, SCARD_READERSTATEA),
		ABI_SAME_TYPE(PSCARD_READERSTATE_A, SCARD_READERSTATEA *),
		ABI_SAME_TYPE(LPSCARD_READERSTATE_A, SCARD_READERSTATEA *),
		ABI_SAME_TYPE(PSCARD_READERSTATEW, SCARD_READERSTATEW *),
		ABI_SAME_TYPE(LPSCARD_READERSTATEW, SCARD_READERSTATEW *),
		ABI_SAME_TYPE(SCARD_READERSTATE_W, SCARD_READERSTATEW),
		ABI_SAME_TYPE(PSCARD_READERSTATE_W, SCARD_READERSTATEW *),
		ABI_SAME_TYPE(LPSCARD_READERSTATE_W, SCARD_READERSTATEW *),
		ABI_SAME_TYPE(SCARD_READERSTATE, SCARD_READERSTATEA),
		ABI_SAME_TYPE(PSCARD_READERSTATE, SCARD_READERSTATEA *),
		ABI_SAME_TYPE(LPSCARD_READERSTATE, SCARD_READERSTATEA *),
		ABI_SAME_TYPE(PSCARD_IO_REQUEST, SCARD_IO_REQUEST *),
		ABI_SAME_TYPE(LPSCARD_IO_REQUEST, SCARD_IO_REQUEST *),
		ABI_SAME_TYPE(LPCSCARD_IO_REQUEST, const SCARD_IO_REQUEST *),
		ABI_SAME_TYPE(PSCARD_ATRMASK, SCARD_ATRMASK *),
		ABI_SAME_TYPE(LPSCARD_ATRMASK, SCARD_ATRMASK *),
		ABI_SAME_TYPE(__typeof__(g_rgSCardT0Pci), const SCARD_IO_REQUEST),
		ABI_SAME_TYPE(__typeof__(g_rgSCardT1Pci), const SCARD_IO_REQUEST),
		ABI_SAME_TYPE(__typeof__(g_rgSCardRawPci), const SCARD_IO_REQUEST),
		ABI_SAME_TYPE(__typeof__(SCARD_PCI_T0), const SCARD_IO_REQUEST *),
		ABI_SAME_TYPE(__typeof__(SCARD_PCI_T1), const SCARD_IO_REQUEST *),
		ABI_SAME_TYPE(__typeof__(SCARD_PCI_RAW), const SCARD_IO_REQUEST *),
	};

	abi_check_facts(facts, ABI_COUNT(facts));
}

/* Types are spelled out down to what the linker cannot see: widths and constness. */
static void
signatures(void)
{
	typedef uintptr_t handle;
#define FUNCTION(name, parameters) ABI_SAME_TYPE(__typeof__(name), int32_t parameters)
	static const struct abi_fact facts[] = {
		FUNCTION(SCardEstablishContext, (uint32_t, const void *, const void *, handle *)),
		FUNCTION(SCardReleaseContext, (handle)),
		FUNCTION(SCardIsValidContext, (handle)),
		FUNCTION(SCardFreeMemory, (handle, const void *)),
		FUNCTION(SCardListReaderGroupsA, (handle, char *, uint32_t *)),
		FUNCTION(SCardListReaderGroupsW, (handle, char16_t *, uint32_t *)),
		FUNCTION(SCardListReadersA, (handle, const char *, char *, uint32_t *)),
		FUNCTION(SCardListReadersW, (handle, const char16_t *, char16_t *, uint32_t *)),
		FUNCTION(SCardGetStatusChangeA, (handle, uint32_t, SCARD_READERSTATEA *, uint32_t)),
		FUNCTION(SCardGetStatusChangeW, (handle, uint32_t, SCARD_READERSTATEW *, uint32_t)),
		FUNCTION(SCardListCardsA,
		    (handle, const uint8_t *, const GUID *, uint32_t, char *, uint32_t *)),
		FUNCTION(SCardListCardsW,
		    (handle, const uint8_t *, const GUID *, uint32_t, char16_t *, uint32_t *)),
		FUNCTION(SCardListInterfacesA, (handle, const char *, GUID *, uint32_t *)),
		FUNCTION(SCardListInterfacesW, (handle, const char16_t *, GUID *, uint32_t *)),
		FUNCTION(SCardGetProviderIdA, (handle, const char *, GUID *)),
		FUNCTION(SCardGetProviderIdW, (handle, const char16_t *, GUID *)),
		FUNCTION(SCardGetCardTypeProviderNameA,
		    (handle, const char *, uint32_t, char *, uint32_t *)),
		FUNCTION(SCardGetCardTypeProviderNameW,
		    (handle, const char16_t *, uint32_t, char16_t *, uint32_t *)),
		FUNCTION(
		    SCardSetCardTypeProviderNameA, (handle, const char *, uint32_t, const char *)),
		FUNCTION(SCardSetCardTypeProviderNameW,
		    (handle, const char16_t *, uint32_t, const char16_t *)),
		FUNCTION(SCardIntroduceCardTypeA,
		    (handle, const char *, const GUID *, const GUID *, uint32_t, const uint8_t *,
			const uint8_t *, uint32_t)),
		FUNCTION(SCardIntroduceCardTypeW,
		    (handle, const char16_t *, const GUID *, const GUID *, uint32_t,
			const uint8_t *, const uint8_t *, uint32_t)),
		FUNCTION(SCardForgetCardTypeA, (handle, const char *)),
		FUNCTION(SCardForgetCardTypeW, (handle, const char16_t *)),
		FUNCTION(SCardIntroduceReaderGroupA, (handle, const char *)),
		FUNCTION(SCardIntroduceReaderGroupW, (handle, const char16_t *)),
		FUNCTION(SCardForgetReaderGroupA, (handle, const char *)),
		FUNCTION(SCardForgetReaderGroupW, (handle, const char16_t *)),
		FUNCTION(SCardForgetReaderA, (handle, const char *)),
		FUNCTION(SCardForgetReaderW, (handle, const char16_t *)),
		FUNCTION(SCardIntroduceReaderA, (handle, const char *, const char *)),
		FUNCTION(SCardIntroduceReaderW, (handle, const char16_t *, const char16_t *)),
		FUNCTION(SCardAddReaderToGroupA, (handle, const char *, const char *)),
		FUNCTION(SCardAddReaderToGroupW, (handle, const char16_t *, const char16_t *)),
		FUNCTION(SCardRemoveReaderFromGroupA, (handle, const char *, const char *)),
		FUNCTION(SCardRemoveReaderFromGroupW, (handle, const char16_t *, const char16_t *)),
		FUNCTION(SCardLocateCardsA, (handle, const char *, SCARD_READERSTATEA *, uint32_t)),
		FUNCTION(SCardLocateCardsByATRA,
		    (handle, SCARD_ATRMASK *, uint32_t, SCARD_READERSTATEA *, uint32_t)),
		FUNCTION(
		    SCardLocateCardsW, (handle, const char16_t *, SCARD_READERSTATEW *, uint32_t)),
		FUNCTION(SCardLocateCardsByATRW,
		    (handle, SCARD_ATRMASK *, uint32_t, SCARD_READERSTATEW *, uint32_t)),
		FUNCTION(SCardCancel, (handle)),
		FUNCTION(SCardConnectA,
		    (handle, const char *, uint32_t, uint32_t, handle *, uint32_t *)),
		FUNCTION(SCardConnectW,
		    (handle, const char16_t *, uint32_t, uint32_t, handle *, uint32_t *)),
		FUNCTION(SCardReconnect, (handle, uint32_t, uint32_t, uint32_t, uint32_t *)),
		FUNCTION(SCardDisconnect, (handle, uint32_t)),
		FUNCTION(SCardStatusA,
		    (handle, char *, uint32_t *, uint32_t *, uint32_t *, uint8_t *, uint32_t *)),
		FUNCTION(SCardStatusW,
		    (handle, char16_t *, uint32_t *, uint32_t *, uint32_t *, uint8_t *,
			uint32_t *)),
		FUNCTION(SCardState, (handle, uint32_t *, uint32_t *, uint8_t *, uint32_t *)),
		FUNCTION(SCardBeginTransaction, (handle)),
		FUNCTION(SCardEndTransaction, (handle, uint32_t)),
		FUNCTION(SCardTransmit,
		    (handle, const SCARD_IO_REQUEST *, const uint8_t *, uint32_t,
			SCARD_IO_REQUEST *, uint8_t *, uint32_t *)),
		FUNCTION(SCardControl,
		    (handle, uint32_t, const void *, uint32_t, void *, uint32_t, uint32_t *)),
		FUNCTION(SCardGetAttrib, (handle, uint32_t, uint8_t *, uint32_t *)),
		FUNCTION(SCardSetAttrib, (handle, uint32_t, const uint8_t *, uint32_t)),
		ABI_SAME_TYPE(__typeof__(tessera_scard_error), const char *(int32_t)),
		ABI_SAME_TYPE(__typeof__(tessera_scard_message), const char *(void)),
		ABI_SAME_TYPE(__typeof__(tessera_scard_holders),
		    int32_t(uintptr_t, struct tessera_scard_holder **, uint32_t *)),
	};
#undef FUNCTION

	abi_check_facts(facts, ABI_COUNT(facts));
}

static void
unsuffixed_names(void)
{
	static const struct abi_fact facts[] = {
		ABI_SAME_TYPE(
		    __typeof__(SCardListReaderGroups), __typeof__(SCardListReaderGroupsA)),
		ABI_SAME_TYPE(__typeof__(SCardListReaders), __typeof__(SCardListReadersA)),
		ABI_SAME_TYPE(__typeof__(SCardListCardTypes), __typeof__(SCardListCardsA)),
		ABI_SAME_TYPE(__typeof__(SCardLocateCards), __typeof__(SCardLocateCardsA)),
		ABI_SAME_TYPE(__typeof__(SCardGetStatusChange), __typeof__(SCardGetStatusChangeA)),
		ABI_SAME_TYPE(__typeof__(SCardConnect), __typeof__(SCardConnectA)),
		ABI_SAME_TYPE(__typeof__(SCardStatus), __typeof__(SCardStatusA)),
		ABI_SAME_TYPE(__typeof__(SCardGetReaderCapabilities), __typeof__(SCardGetAttrib)),
		ABI_SAME_TYPE(__typeof__(SCardSetReaderCapabilities), __typeof__(SCardSetAttrib)),
		ABI_FACT(SCARD_ATTR_DEVICE_FRIENDLY_NAME, 0x7FFF0003),
		ABI_FACT(SCARD_ATTR_DEVICE_SYSTEM_NAME, 0x7FFF0004),
	};

	abi_check_facts(facts, ABI_COUNT(facts));
}

/* Each is a whole multi-string: the name, its NUL, and the NUL that ends the list. */
static void
group_names(void)
{
	SUITE_EQUAL_INT(sizeof(SCARD_ALL_READERS), 18);
	SUITE_EQUAL_INT(memcmp(SCARD_ALL_READERS, "SCard$AllReaders\0", 18), 0);
	SUITE_EQUAL_INT(sizeof(SCARD_DEFAULT_READERS), 22);
	SUITE_EQUAL_INT(memcmp(SCARD_DEFAULT_READERS, "SCard$DefaultReaders\0", 22), 0);
	SUITE_EQUAL_INT(sizeof(SCARD_LOCAL_READERS), 20);
	SUITE_EQUAL_INT(memcmp(SCARD_LOCAL_READERS, "SCard$LocalReaders\0", 20), 0);
	SUITE_EQUAL_INT(sizeof(SCARD_SYSTEM_READERS), 21);
	SUITE_EQUAL_INT(memcmp(SCARD_SYSTEM_READERS, "SCard$SystemReaders\0", 21), 0);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "layouts", layouts },
		{ "other names of types", aliases },
		{ "signatures", signatures },
		{ "names without A or W", unsuffixed_names },
		{ "group names", group_names },
	};

	return suite_run("winscard", tests, ABI_COUNT(tests));
}
