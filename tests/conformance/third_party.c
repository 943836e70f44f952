/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/conformance/third_party.h"

#include <winscard.h>

__attribute__((visibility("default"))) struct third_party_report
third_party_visit(void)
{
	static const BYTE challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };
	struct third_party_report report = { .bad_handle = (unsigned long)SCardDisconnect(0, 0),
		.pci_size = SCARD_PCI_T1->cbPciLength,
		.raw = SCARD_PCI_RAW->dwProtocol };
	DWORD length = SCARD_AUTOALLOCATE, active, reply_length = sizeof report.reply;
	SCARDCONTEXT context = 0;
	SCARDHANDLE card = 0;
	char *readers = NULL;
	LONG code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);

	if (code == SCARD_S_SUCCESS)
		code = SCardListReaders(context, NULL, (LPSTR)&readers, &length);
	if (code == SCARD_S_SUCCESS)
		code = SCardConnect(
		    context, readers, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &active);
	if (code == SCARD_S_SUCCESS)
		code = SCardStatus(card, NULL, &report.name_length, NULL, NULL, NULL, NULL);
	if (code == SCARD_S_SUCCESS)
		code = SCardTransmit(card, SCARD_PCI_T1, challenge, sizeof challenge, NULL,
		    report.reply, &reply_length);
	report.reply_length = reply_length;
	report.code = (unsigned long)code;
	(void)SCardDisconnect(card, SCARD_LEAVE_CARD);
	(void)SCardFreeMemory(context, readers);
	(void)SCardReleaseContext(context);
	return report;
}
