/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Layouts and signatures of pcsc-lite's headers on 64-bit Linux (pcsc-lite 1.9.9). The test of the
 * peers compiles the same tables against Debian's headers.
 */
#include <ifdhandler.h>
#include <reader.h>
#include <winscard.h>

#include <stddef.h>

#include "tests/suite.h"

struct fact {
	const char *text;
	unsigned long long actual, expected;
};
#define FACT(expression, expected)                                      \
	{                                                               \
#expression, (unsigned long long)(expression), expected \
	}
#define SAME(a, b) FACT(__builtin_types_compatible_p(a, b), 1)

static void
check(const struct fact *facts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		(void)suite_equal_int((long long)facts[i].actual, (long long)facts[i].expected,
		    facts[i].text, "the published fact", __FILE__, __LINE__);
}
#define CHECK(facts) check(facts, sizeof(facts) / sizeof((facts)[0]))

static void
types(void)
{
	static const struct fact facts[] = {
		SAME(BYTE, unsigned char),
		SAME(UCHAR, unsigned char),
		SAME(PUCHAR, unsigned char *),
		SAME(USHORT, unsigned short),
		SAME(WORD, unsigned short),
		SAME(BOOL, short),
		SAME(LONG, long),
		SAME(ULONG, unsigned long),
		SAME(PULONG, unsigned long *),
		SAME(DWORD, unsigned long),
		SAME(PDWORD, unsigned long *),
		SAME(LPDWORD, unsigned long *),
		SAME(LPVOID, void *),
		SAME(LPCVOID, const void *),
		SAME(LPSTR, char *),
		SAME(LPCSTR, const char *),
		SAME(LPTSTR, char *),
		SAME(LPCTSTR, const char *),
		SAME(LPBYTE, unsigned char *),
		SAME(LPCBYTE, const unsigned char *),
		SAME(SCARDCONTEXT, long),
		SAME(PSCARDCONTEXT, long *),
		SAME(LPSCARDCONTEXT, long *),
		SAME(SCARDHANDLE, long),
		SAME(PSCARDHANDLE, long *),
		SAME(LPSCARDHANDLE, long *),
		SAME(RESPONSECODE, long),
		SAME(LPSCARD_READERSTATE, SCARD_READERSTATE *),
		SAME(PSCARD_IO_REQUEST, SCARD_IO_REQUEST *),
		SAME(LPSCARD_IO_REQUEST, SCARD_IO_REQUEST *),
		SAME(LPCSCARD_IO_REQUEST, const SCARD_IO_REQUEST *),
		SAME(__typeof__(g_rgSCardT0Pci), const SCARD_IO_REQUEST),
		SAME(__typeof__(g_rgSCardT1Pci), const SCARD_IO_REQUEST),
		SAME(__typeof__(g_rgSCardRawPci), const SCARD_IO_REQUEST),
		SAME(__typeof__(SCARD_PCI_T0), const SCARD_IO_REQUEST *),
		SAME(__typeof__(SCARD_S_SUCCESS), long),
		SAME(__typeof__(SCARD_AUTOALLOCATE), unsigned long),
	};

	CHECK(facts);
}

static void
layouts(void)
{
	static const struct fact facts[] = {
		FACT(sizeof(SCARD_READERSTATE), 80),
		FACT(offsetof(SCARD_READERSTATE, szReader), 0),
		FACT(offsetof(SCARD_READERSTATE, pvUserData), 8),
		FACT(offsetof(SCARD_READERSTATE, dwCurrentState), 16),
		FACT(offsetof(SCARD_READERSTATE, dwEventState), 24),
		FACT(offsetof(SCARD_READERSTATE, cbAtr), 32),
		FACT(offsetof(SCARD_READERSTATE, rgbAtr), 40),
		FACT(sizeof(((SCARD_READERSTATE *)NULL)->rgbAtr), 33),
		FACT(sizeof(SCARD_IO_REQUEST), 16),
		FACT(offsetof(SCARD_IO_REQUEST, dwProtocol), 0),
		FACT(offsetof(SCARD_IO_REQUEST, cbPciLength), 8),
		FACT(sizeof(PCSC_TLV_STRUCTURE), 6),
		FACT(offsetof(PCSC_TLV_STRUCTURE, value), 2),
		FACT(sizeof(PIN_VERIFY_STRUCTURE), 19),
		FACT(offsetof(PIN_VERIFY_STRUCTURE, wPINMaxExtraDigit), 5),
		FACT(offsetof(PIN_VERIFY_STRUCTURE, wLangId), 9),
		FACT(offsetof(PIN_VERIFY_STRUCTURE, bTeoPrologue), 12),
		FACT(offsetof(PIN_VERIFY_STRUCTURE, ulDataLength), 15),
		FACT(offsetof(PIN_VERIFY_STRUCTURE, abData), 19),
		FACT(sizeof(PIN_MODIFY_STRUCTURE), 24),
		FACT(offsetof(PIN_MODIFY_STRUCTURE, wPINMaxExtraDigit), 7),
		FACT(offsetof(PIN_MODIFY_STRUCTURE, bConfirmPIN), 9),
		FACT(offsetof(PIN_MODIFY_STRUCTURE, wLangId), 12),
		FACT(offsetof(PIN_MODIFY_STRUCTURE, bMsgIndex3), 16),
		FACT(offsetof(PIN_MODIFY_STRUCTURE, ulDataLength), 20),
		FACT(offsetof(PIN_MODIFY_STRUCTURE, abData), 24),
		FACT(sizeof(PIN_PROPERTIES_STRUCTURE), 4),
		FACT(offsetof(PIN_PROPERTIES_STRUCTURE, bTimeOut2), 3),
		FACT(sizeof(DEVICE_CAPABILITIES), 136),
		FACT(offsetof(DEVICE_CAPABILITIES, Vendor_Features), 128),
		FACT(sizeof(ICC_STATE), 36),
		FACT(offsetof(ICC_STATE, ATR), 2),
		FACT(offsetof(ICC_STATE, ICC_Type), 35),
		FACT(sizeof(PROTOCOL_OPTIONS), 88),
		FACT(offsetof(PROTOCOL_OPTIONS, Current_EBC), 80),
		FACT(sizeof(SCARD_IO_HEADER), 16),
		FACT(offsetof(SCARD_IO_HEADER, Length), 8),
	};

	CHECK(facts);
}

static void
functions(void)
{
	typedef unsigned long u;
#define FUNCTION(name, parameters) SAME(__typeof__(name), long parameters)
	static const struct fact facts[] = {
		FUNCTION(SCardEstablishContext, (u, const void *, const void *, long *)),
		FUNCTION(SCardReleaseContext, (long)),
		FUNCTION(SCardIsValidContext, (long)),
		FUNCTION(SCardConnect, (long, const char *, u, u, long *, u *)),
		FUNCTION(SCardReconnect, (long, u, u, u, u *)),
		FUNCTION(SCardDisconnect, (long, u)),
		FUNCTION(SCardBeginTransaction, (long)),
		FUNCTION(SCardEndTransaction, (long, u)),
		FUNCTION(SCardStatus, (long, char *, u *, u *, u *, unsigned char *, u *)),
		FUNCTION(SCardGetStatusChange, (long, u, SCARD_READERSTATE *, u)),
		FUNCTION(SCardControl, (long, u, const void *, u, void *, u, u *)),
		FUNCTION(SCardTransmit,
		    (long, const SCARD_IO_REQUEST *, const unsigned char *, u, SCARD_IO_REQUEST *,
			unsigned char *, u *)),
		FUNCTION(SCardListReaderGroups, (long, char *, u *)),
		FUNCTION(SCardListReaders, (long, const char *, char *, u *)),
		FUNCTION(SCardFreeMemory, (long, const void *)),
		FUNCTION(SCardCancel, (long)),
		FUNCTION(SCardGetAttrib, (long, u, unsigned char *, u *)),
		FUNCTION(SCardSetAttrib, (long, u, const unsigned char *, u)),
		SAME(__typeof__(pcsc_stringify_error), const char *(long)),
		FUNCTION(IFDHCreateChannelByName, (u, char *)),
		FUNCTION(IFDHCreateChannel, (u, u)),
		FUNCTION(IFDHCloseChannel, (u)),
		FUNCTION(IFDHGetCapabilities, (u, u, u *, unsigned char *)),
		FUNCTION(IFDHSetCapabilities, (u, u, u, unsigned char *)),
		FUNCTION(IFDHSetProtocolParameters,
		    (u, u, unsigned char, unsigned char, unsigned char, unsigned char)),
		FUNCTION(IFDHPowerICC, (u, u, unsigned char *, u *)),
		FUNCTION(IFDHTransmitToICC,
		    (u, SCARD_IO_HEADER, unsigned char *, u, unsigned char *, u *,
			SCARD_IO_HEADER *)),
		FUNCTION(IFDHControl, (u, u, unsigned char *, u, unsigned char *, u, u *)),
		FUNCTION(IFDHICCPresence, (u)),
	};
#undef FUNCTION

	CHECK(facts);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "types", types },
		{ "layouts", layouts },
		{ "functions", functions },
	};

	return suite_run("pcsclite", tests, sizeof tests / sizeof tests[0]);
}
