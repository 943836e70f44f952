/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program linked to our library, and through another one to pcsc-lite's: each call reaches the
 * library that it was written for, whichever was loaded first. It is linked twice, in both orders.
 */
#include <string.h>

#include "tests/conformance/fixture.h"
#include "tests/conformance/third_party.h"

static const BYTE challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

static SCARDCONTEXT context;
static SCARDHANDLE card;

static void
ours(void)
{
	BYTE reply[16];
	DWORD active, length = sizeof reply, name_length = 0;

	context = fixture_context();
	OK(SCardConnectA(
	    context, fixture_reader(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &active));
	OK(SCardTransmit(card, SCARD_PCI_T1, challenge, sizeof challenge, NULL, reply, &length));
	SUITE_EQUAL_INT(length, 10);
	OK(SCardStatusA(card, NULL, &name_length, NULL, NULL, NULL, NULL));
	SUITE_EQUAL_INT(name_length, strlen(fixture_reader()) + 2);
	CODE(SCardDisconnect(0, 0), ERROR_INVALID_HANDLE);
	SUITE_EQUAL_INT(SCARD_PCI_T1->cbPciLength, 8);
	SUITE_EQUAL_HEX(SCARD_PCI_RAW->dwProtocol, 0x10000);
}

/* While ours is connected, to the same card. */
static void
theirs(void)
{
	struct third_party_report report = third_party_visit();

	SUITE_EQUAL_HEX(report.code, 0);
	SUITE_EQUAL_HEX(report.bad_handle, 0x80100003);
	SUITE_EQUAL_INT(report.pci_size, 16);
	SUITE_EQUAL_INT(report.raw, 4);
	SUITE_EQUAL_INT(report.name_length, strlen(fixture_reader()) + 1);
	SUITE_EQUAL_INT(report.reply_length, 10);
	SUITE_EQUAL_BYTES(report.reply + 8, 2, "90 00");
}

static void
ours_still(void)
{
	BYTE reply[16];
	DWORD length = sizeof reply;

	OK(SCardTransmit(card, SCARD_PCI_T1, challenge, sizeof challenge, NULL, reply, &length));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	OK(SCardReleaseContext(context));
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "our library", ours },
		{ "pcsc-lite's, through another library", theirs },
		{ "our library still", ours_still },
	};

	return fixture_run("both libraries", tests, sizeof tests / sizeof tests[0]);
}
