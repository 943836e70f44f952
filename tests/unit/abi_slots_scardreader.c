/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract of reader drivers: slots, signatures, the layout of what a driver fills in. A driver
 * compiled against an older header must go on working, so none of this may move.
 */
#include <scardreader.h>

#include "tests/suite.h"
#include "tests/unit/abi_table.h"

static void
driver(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(ISCardReaderDriver),
		ABI_SLOT(ISCardReaderDriver, 3, Start, HRESULT,
		    (ISCardReaderDriver *, const char *, ISCardReaderSink *, ULONGLONG)),
		ABI_SLOT(ISCardReaderDriver, 4, Stop, HRESULT, (ISCardReaderDriver *)),
	};

	ABI_CHECK_SLOTS(ISCardReaderDriver, slots);
}

static void
reader(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(ISCardReader),
		ABI_SLOT(ISCardReader, 3, GetInfo, HRESULT, (ISCardReader *, SCARDREADER_INFO *)),
		ABI_SLOT(
		    ISCardReader, 4, GetPresence, HRESULT, (ISCardReader *, ULONGLONG, BOOL *)),
		ABI_SLOT(ISCardReader, 5, Power, HRESULT,
		    (ISCardReader *, SCARDREADER_POWER, ULONGLONG, BYTE *, ULONG *)),
		ABI_SLOT(ISCardReader, 6, SetProtocol, HRESULT,
		    (ISCardReader *, ULONG, ULONGLONG, ULONG *)),
		ABI_SLOT(ISCardReader, 7, Transmit, HRESULT,
		    (ISCardReader *, ULONG, const BYTE *, ULONG, ULONGLONG, BYTE *, ULONG *)),
		ABI_SLOT(ISCardReader, 8, Control, HRESULT,
		    (ISCardReader *, ULONG, const BYTE *, ULONG, ULONGLONG, BYTE *, ULONG *)),
		ABI_SLOT(ISCardReader, 9, GetAttribute, HRESULT,
		    (ISCardReader *, ULONG, ULONGLONG, BYTE *, ULONG *)),
		ABI_SLOT(ISCardReader, 10, SetAttribute, HRESULT,
		    (ISCardReader *, ULONG, const BYTE *, ULONG, ULONGLONG)),
		ABI_SLOT(ISCardReader, 11, Move, HRESULT,
		    (ISCardReader *, SCARDREADER_MOVEMENT, ULONGLONG)),
		ABI_SLOT(ISCardReader, 12, Cancel, HRESULT, (ISCardReader *)),
	};

	ABI_CHECK_SLOTS(ISCardReader, slots);
}

static void
sink(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(ISCardReaderSink),
		ABI_SLOT(ISCardReaderSink, 3, ReaderArrived, HRESULT,
		    (ISCardReaderSink *, ISCardReader *)),
		ABI_SLOT(
		    ISCardReaderSink, 4, ReaderGone, HRESULT, (ISCardReaderSink *, ISCardReader *)),
		ABI_SLOT(ISCardReaderSink, 5, CardInserted, HRESULT,
		    (ISCardReaderSink *, ISCardReader *)),
		ABI_SLOT(ISCardReaderSink, 6, CardRemoved, HRESULT,
		    (ISCardReaderSink *, ISCardReader *)),
	};

	ABI_CHECK_SLOTS(ISCardReaderSink, slots);
}

static void
information(void)
{
	static const struct abi_fact facts[] = {
		ABI_FACT(sizeof(SCARDREADER_INFO), 672),
		ABI_FACT(_Alignof(SCARDREADER_INFO), 4),
		ABI_FACT(offsetof(SCARDREADER_INFO, cbSize), 0),
		ABI_FACT(offsetof(SCARDREADER_INFO, Slot), 4),
		ABI_FACT(offsetof(SCARDREADER_INFO, SerialGroup), 8),
		ABI_FACT(offsetof(SCARDREADER_INFO, DeviceType), 12),
		ABI_FACT(offsetof(SCARDREADER_INFO, Protocols), 16),
		ABI_FACT(offsetof(SCARDREADER_INFO, MaxCommand), 20),
		ABI_FACT(offsetof(SCARDREADER_INFO, MaxReply), 24),
		ABI_FACT(offsetof(SCARDREADER_INFO, Flags), 28),
		ABI_FACT(offsetof(SCARDREADER_INFO, Name), 32),
		ABI_FACT(offsetof(SCARDREADER_INFO, Vendor), 160),
		ABI_FACT(offsetof(SCARDREADER_INFO, Model), 288),
		ABI_FACT(offsetof(SCARDREADER_INFO, Serial), 416),
		ABI_FACT(offsetof(SCARDREADER_INFO, DeviceId), 544),
	};

	abi_check_facts(facts, ABI_COUNT(facts));
}

static void
constants(void)
{
	static const struct abi_constant values[] = {
		ABI_CONSTANT(SCARDREADER_NAME_SIZE, 128),
		ABI_CONSTANT(SCARDREADER_TEXT_SIZE, 128),
		ABI_CONSTANT(SCARDREADER_ATR_MAX, 33),
		ABI_CONSTANT(SCARDREADER_APDU_MAX, 65544),
		ABI_CONSTANT(SCARDREADER_FLAG_POLLED, 1),
		ABI_CONSTANT(SCARDREADER_POWER_DOWN, 0),
		ABI_CONSTANT(SCARDREADER_COLD_RESET, 1),
		ABI_CONSTANT(SCARDREADER_WARM_RESET, 2),
		ABI_CONSTANT(SCARDREADER_SWALLOW, 1),
		ABI_CONSTANT(SCARDREADER_EJECT, 2),
		ABI_CONSTANT(SCARDREADER_CONFISCATE, 4),
	};

	abi_check_constants(values, ABI_COUNT(values));
	SUITE_EQUAL_INT(sizeof(SCARDREADER_POWER), 4);
	SUITE_EQUAL_INT(sizeof(SCARDREADER_MOVEMENT), 4);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "ISCardReaderDriver", driver },
		{ "ISCardReader", reader },
		{ "ISCardReaderSink", sink },
		{ "SCARDREADER_INFO", information },
		{ "constants", constants },
	};

	return suite_run("contract of reader drivers", tests, ABI_COUNT(tests));
}
