/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands to the card and their replies. */
#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/input.h"
#include "rm/api/message.h"
#include "rm/api/visibility.h"

/* 4 + 3 + 65536 + 3 + 2: the longest extended APDU, and bytes some protocols put around it. */
#define TRANSMIT_MAX 65548u
#define REPLY_MIN 2u /* SW1 SW2; only raw replies may be shorter */

static const char function[] = "SCardTransmit";

static LONG
check_pci(LPCSCARD_IO_REQUEST send, const SCARD_IO_REQUEST *receive)
{
	if (send != NULL && send->cbPciLength < sizeof *send)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: pioSendPci says it has %u bytes, it has %zu at least: pass SCARD_PCI_T0, "
		    "SCARD_PCI_T1 or NULL",
		    function, (unsigned)send->cbPciLength, sizeof *send);
	if (send != NULL && send->dwProtocol == SCARD_PROTOCOL_UNDEFINED)
		return api_fail(SCARD_E_PROTO_MISMATCH,
		    "%s: pioSendPci names no protocol: pass SCARD_PCI_T0, SCARD_PCI_T1 or NULL",
		    function);
	if (receive != NULL && receive->cbPciLength < sizeof *receive)
		return api_fail(SCARD_E_PCI_TOO_SMALL,
		    "%s: pioRecvPci has room for %u bytes, %zu are needed: set cbPciLength, or "
		    "pass "
		    "NULL",
		    function, (unsigned)receive->cbPciLength, sizeof *receive);
	return SCARD_S_SUCCESS;
}

static LONG
check_buffers(LPCSCARD_IO_REQUEST send, LPCBYTE command, DWORD command_length, const BYTE *reply,
    const DWORD *reply_length)
{
	if (reply_length == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: pcbRecvLength is NULL: pass the address of the size of pbRecvBuffer",
		    function);
	if (command == NULL || command_length == 0)
		return api_fail(
		    SCARD_E_INVALID_PARAMETER, "%s: there is no command: pass an APDU", function);
	if (command_length > TRANSMIT_MAX)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: the command has %u bytes, more than any APDU (%u)", function,
		    (unsigned)command_length, TRANSMIT_MAX);
	if (reply == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: pbRecvBuffer is NULL: pass room for the reply", function);
	if (*reply_length == SCARD_AUTOALLOCATE)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: SCARD_AUTOALLOCATE is not possible here: pass the size of pbRecvBuffer",
		    function);
	if (*reply_length < REPLY_MIN && (send == NULL || send->dwProtocol != SCARD_PROTOCOL_RAW))
		return api_fail(SCARD_E_INSUFFICIENT_BUFFER,
		    "%s: pbRecvBuffer has room for %u bytes, a reply has %u at least; nothing was "
		    "sent",
		    function, (unsigned)*reply_length, REPLY_MIN);
	return SCARD_S_SUCCESS;
}

API_EXPORT LONG WINAPI
SCardTransmit(SCARDHANDLE hCard, LPCSCARD_IO_REQUEST pioSendPci, LPCBYTE pbSendBuffer,
    DWORD cbSendLength, LPSCARD_IO_REQUEST pioRecvPci, LPBYTE pbRecvBuffer, LPDWORD pcbRecvLength)
{
	const struct rm_calls *calls;
	struct api_input command;
	uint32_t protocol = 0;
	size_t length;
	LONG code;

	(void)api_message_clear();
	if ((calls = api_backend_for_card(function, hCard)) == NULL)
		return ERROR_INVALID_HANDLE;
	code = check_buffers(pioSendPci, pbSendBuffer, cbSendLength, pbRecvBuffer, pcbRecvLength);
	if (code != SCARD_S_SUCCESS)
		return code;
	if ((code = check_pci(pioSendPci, pioRecvPci)) != SCARD_S_SUCCESS)
		return code;
	length = *pcbRecvLength < TRANSMIT_MAX ? *pcbRecvLength : TRANSMIT_MAX;
	code = api_input_begin(&command, pbSendBuffer, cbSendLength, pbRecvBuffer, length);
	if (code == SCARD_S_SUCCESS)
		code = calls->transmit(hCard, pioSendPci != NULL ? pioSendPci->dwProtocol : 0,
		    command.data, command.length, pbRecvBuffer, &length, &protocol, api_message());
	api_input_done(&command);
	if (code == SCARD_S_SUCCESS || code == SCARD_E_INSUFFICIENT_BUFFER)
		*pcbRecvLength = (DWORD)length;
	if (code == SCARD_S_SUCCESS && pioRecvPci != NULL) {
		pioRecvPci->dwProtocol = protocol;
		pioRecvPci->cbPciLength = sizeof *pioRecvPci;
	}
	return api_result(function, code);
}
