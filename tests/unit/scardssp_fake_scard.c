/* SPDX-License-Identifier: BSD-2-Clause */
/* A resource manager that follows a script: see scardssp_fake_scard.h. */
#include "tests/unit/scardssp_fake_scard.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <tessera_scard.h>
#include <winerror.h>

struct fake_scard fake_scard;
static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;
static bool open_handle, foreign_handle = true;

const SCARD_IO_REQUEST g_rgSCardT0Pci = { SCARD_PROTOCOL_T0, 8 };
const SCARD_IO_REQUEST g_rgSCardT1Pci = { SCARD_PROTOCOL_T1, 8 };
const SCARD_IO_REQUEST g_rgSCardRawPci = { SCARD_PROTOCOL_RAW, 8 };

void
fake_scard_reset(void)
{
	fake_scard = (struct fake_scard){ .protocol = SCARD_PROTOCOL_T0, .state = SCARD_SPECIFIC };
	open_handle = false;
	foreign_handle = true;
}

__attribute__((format(printf, 1, 2))) static void
note(const char *format, ...)
{
	va_list arguments;
	size_t used;

	pthread_mutex_lock(&log_mutex);
	used = strlen(fake_scard.log);
	if (used != 0 && used + 2 < sizeof fake_scard.log)
		used += (size_t)sprintf(fake_scard.log + used, ", ");
	va_start(arguments, format);
	vsnprintf(fake_scard.log + used, sizeof fake_scard.log - used, format, arguments);
	va_end(arguments);
	pthread_mutex_unlock(&log_mutex);
}

const char *
fake_scard_log(void)
{
	static char last[sizeof fake_scard.log];

	pthread_mutex_lock(&log_mutex);
	strcpy(last, fake_scard.log);
	fake_scard.log[0] = '\0';
	pthread_mutex_unlock(&log_mutex);
	return last;
}

static bool
is_open(SCARDHANDLE handle)
{
	return (handle == FAKE_HANDLE && open_handle) || (handle == FAKE_FOREIGN && foreign_handle);
}

const char *
tessera_scard_error(LONG code)
{
	static __thread char text[32];

	snprintf(text, sizeof text, "code %08X", (unsigned)code);
	return text;
}

const char *
tessera_scard_message(void)
{
	return "reader 'Fake': by script; change it";
}

LONG
SCardEstablishContext(
    DWORD dwScope, LPCVOID pvReserved1, LPCVOID pvReserved2, LPSCARDCONTEXT phContext)
{
	note("establish %u%s", dwScope, pvReserved1 != NULL || pvReserved2 != NULL ? "?" : "");
	if (fake_scard.establish == 0)
		*phContext = FAKE_CONTEXT;
	return fake_scard.establish;
}

LONG
SCardReleaseContext(SCARDCONTEXT hContext)
{
	note("release %llX", (unsigned long long)hContext);
	return 0;
}

LONG
SCardConnectW(SCARDCONTEXT hContext, LPCWSTR szReader, DWORD dwShareMode,
    DWORD dwPreferredProtocols, LPSCARDHANDLE phCard, LPDWORD pdwActiveProtocol)
{
	note("connect %llX %c%c %u %X", (unsigned long long)hContext, (char)szReader[0],
	    (char)szReader[1], dwShareMode, dwPreferredProtocols);
	if (fake_scard.connect != 0)
		return fake_scard.connect;
	open_handle = true;
	*phCard = FAKE_HANDLE;
	*pdwActiveProtocol = fake_scard.protocol;
	return 0;
}

LONG
SCardReconnect(SCARDHANDLE hCard, DWORD dwShareMode, DWORD dwPreferredProtocols,
    DWORD dwInitialization, LPDWORD pdwActiveProtocol)
{
	note("reconnect %llX %u %X %u", (unsigned long long)hCard, dwShareMode,
	    dwPreferredProtocols, dwInitialization);
	if (!is_open(hCard))
		return ERROR_INVALID_HANDLE;
	if (fake_scard.reconnect == 0)
		*pdwActiveProtocol = fake_scard.protocol;
	return fake_scard.reconnect;
}

LONG
SCardDisconnect(SCARDHANDLE hCard, DWORD dwDisposition)
{
	note("disconnect %llX %u", (unsigned long long)hCard, dwDisposition);
	if (!is_open(hCard))
		return ERROR_INVALID_HANDLE;
	if (fake_scard.disconnect == 0 && hCard == FAKE_HANDLE)
		open_handle = false;
	else if (fake_scard.disconnect == 0)
		foreign_handle = false;
	return fake_scard.disconnect;
}

LONG
SCardStatusA(SCARDHANDLE hCard, LPSTR mszReaderNames, LPDWORD pcchReaderLen, LPDWORD pdwState,
    LPDWORD pdwProtocol, LPBYTE pbAtr, LPDWORD pcbAtrLen)
{
	static const BYTE atr[] = { 0x3B, 0x02, 0x14, 0x50 };

	(void)mszReaderNames;
	(void)pcchReaderLen;
	note("status %llX", (unsigned long long)hCard);
	if (!is_open(hCard))
		return ERROR_INVALID_HANDLE;
	if (fake_scard.status != 0)
		return fake_scard.status;
	if (pdwState != NULL)
		*pdwState = fake_scard.state;
	if (pdwProtocol != NULL)
		*pdwProtocol = fake_scard.protocol;
	if (pcbAtrLen != NULL) {
		if (pbAtr != NULL && *pcbAtrLen < sizeof atr)
			return SCARD_E_INSUFFICIENT_BUFFER;
		*pcbAtrLen = sizeof atr;
		if (pbAtr != NULL)
			memcpy(pbAtr, atr, sizeof atr);
	}
	return 0;
}

LONG
SCardBeginTransaction(SCARDHANDLE hCard)
{
	note("begin");
	if (!is_open(hCard))
		return ERROR_INVALID_HANDLE;
	if (fake_scard.on_begin != NULL)
		fake_scard.on_begin();
	return fake_scard.begin;
}

LONG
SCardEndTransaction(SCARDHANDLE hCard, DWORD dwDisposition)
{
	note("end %u", dwDisposition);
	if (!is_open(hCard))
		return ERROR_INVALID_HANDLE;
	return fake_scard.end;
}

LONG
SCardTransmit(SCARDHANDLE hCard, LPCSCARD_IO_REQUEST pioSendPci, LPCBYTE pbSendBuffer,
    DWORD cbSendLength, LPSCARD_IO_REQUEST pioRecvPci, LPBYTE pbRecvBuffer, LPDWORD pcbRecvLength)
{
	char text[64] = "";
	const char *protocol = pioSendPci == NULL ? "any"
	    : pioSendPci == SCARD_PCI_T0          ? "T0"
	    : pioSendPci == SCARD_PCI_T1          ? "T1"
						  : "RAW";
	const char *reply = "6F00";
	LONG code = 0;
	size_t n = 0;

	(void)pioRecvPci;
	for (DWORD i = 0; i < cbSendLength && i < 16; i++)
		sprintf(text + 2 * i, "%02X", pbSendBuffer[i]);
	note("%s %s%s", protocol, text, cbSendLength > 16 ? "..." : "");
	if (!is_open(hCard))
		return ERROR_INVALID_HANDLE;
	if (pioSendPci != NULL && pioSendPci->dwProtocol != fake_scard.protocol)
		return SCARD_E_PROTO_MISMATCH;
	fake_scard.capacity = *pcbRecvLength;
	if (fake_scard.on_transmit != NULL)
		fake_scard.on_transmit();
	if (fake_scard.answered < FAKE_ANSWERS_MAX &&
	    fake_scard.answers[fake_scard.answered].reply != NULL) {
		code = fake_scard.answers[fake_scard.answered].code;
		reply = fake_scard.answers[fake_scard.answered++].reply;
	}
	if (code != 0)
		return code;
	for (const char *p = reply; *p != '\0' && n < *pcbRecvLength; p += 2) {
		unsigned value;

		sscanf(p, "%2x", &value);
		pbRecvBuffer[n++] = (BYTE)value;
	}
	*pcbRecvLength = (DWORD)n;
	return 0;
}
