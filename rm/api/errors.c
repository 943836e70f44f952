/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Codes in words: all of <scarderr.h>, and the Win32 codes that a winscard function or a reader
 * driver behind it may return. tests/conformance compares the table with the header.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <scarderr.h>
#include <tessera_scard.h>
#include <winerror.h>

#include "rm/api/visibility.h"

struct code_text {
	LONG code;
	const char *text;
};

#define TEXT(name, meaning)              \
	{                                \
		name, #name ": " meaning \
	}

/* In the order of the codes, read as unsigned numbers. */
/* clang-format off */
static const struct code_text codes[] = {
	TEXT(SCARD_S_SUCCESS, "done"),
	TEXT(ERROR_INVALID_FUNCTION, "the reader does not know this control code"),
	TEXT(ERROR_FILE_NOT_FOUND, "not found"),
	TEXT(ERROR_PATH_NOT_FOUND, "path not found"),
	TEXT(ERROR_ACCESS_DENIED, "access denied"),
	TEXT(ERROR_INVALID_HANDLE, "context or card handle is 0, unknown or released"),
	TEXT(ERROR_NOT_ENOUGH_MEMORY, "out of memory"),
	TEXT(ERROR_BAD_FORMAT, "bad format"),
	TEXT(ERROR_OUTOFMEMORY, "out of memory"),
	TEXT(ERROR_NOT_READY, "the reader is not ready"),
	TEXT(ERROR_BAD_COMMAND, "the reader refuses the command"),
	TEXT(ERROR_GEN_FAILURE, "the reader does not work"),
	TEXT(ERROR_SHARING_VIOLATION, "others use it"),
	TEXT(ERROR_NOT_SUPPORTED, "the reader does not support this attribute or control code"),
	TEXT(ERROR_INVALID_PARAMETER, "a parameter makes no sense"),
	TEXT(ERROR_BROKEN_PIPE, "the remote session has no smart card redirection"),
	TEXT(ERROR_SEM_TIMEOUT, "the reader did not answer in time"),
	TEXT(ERROR_INSUFFICIENT_BUFFER, "the buffer is too small"),
	TEXT(ERROR_BUSY, "busy"),
	TEXT(ERROR_MORE_DATA, "there are more data than the buffer holds"),
	TEXT(ERROR_OPERATION_ABORTED, "ended before it was finished"),
	TEXT(ERROR_IO_DEVICE, "input or output with the reader failed"),
	TEXT(ERROR_DEVICE_NOT_CONNECTED, "the reader is not connected"),
	TEXT(ERROR_NOT_FOUND, "not found"),
	TEXT(ERROR_CANCELLED, "cancelled by the user"),
	TEXT(ERROR_TIMEOUT, "the time limit passed"),
	TEXT(SCARD_F_INTERNAL_ERROR, "an internal consistency check failed"),
	TEXT(SCARD_E_CANCELLED, "the wait was ended by SCardCancel"),
	TEXT(SCARD_E_INVALID_HANDLE, "the handle is not valid"),
	TEXT(SCARD_E_INVALID_PARAMETER, "a parameter makes no sense, e.g. NULL"),
	TEXT(SCARD_E_INVALID_TARGET, "start-up data missing or not valid"),
	TEXT(SCARD_E_NO_MEMORY, "out of memory; dialogs: name buffer too small"),
	TEXT(SCARD_F_WAITED_TOO_LONG, "an internal time limit passed"),
	TEXT(SCARD_E_INSUFFICIENT_BUFFER, "the buffer for the result is too small"),
	TEXT(SCARD_E_UNKNOWN_READER, "reader name not recognised"),
	TEXT(SCARD_E_TIMEOUT, "the caller's time limit passed"),
	TEXT(SCARD_E_SHARING_VIOLATION, "other connections prevent this access"),
	TEXT(SCARD_E_NO_SMARTCARD, "a card is needed and none is in the reader"),
	TEXT(SCARD_E_UNKNOWN_CARD, "card name not recognised"),
	TEXT(SCARD_E_CANT_DISPOSE, "the reader cannot do this to the card"),
	TEXT(SCARD_E_PROTO_MISMATCH, "none of the protocols asked for is possible"),
	TEXT(SCARD_E_NOT_READY, "reader or card is not ready"),
	TEXT(SCARD_E_INVALID_VALUE, "the value of a parameter is not acceptable"),
	TEXT(SCARD_E_SYSTEM_CANCELLED, "cancelled by logoff or shutdown"),
	TEXT(SCARD_F_COMM_ERROR, "internal communication failed"),
	TEXT(SCARD_F_UNKNOWN_ERROR, "internal error of unknown origin"),
	TEXT(SCARD_E_INVALID_ATR, "an ATR in the database is not valid"),
	TEXT(SCARD_E_NOT_TRANSACTED, "no transaction; also: the exchange failed"),
	TEXT(SCARD_E_READER_UNAVAILABLE, "the reader has gone, e.g. unplugged"),
	TEXT(SCARD_P_SHUTDOWN, "ended so that the resource manager can exit"),
	TEXT(SCARD_E_PCI_TOO_SMALL, "buffer for received PCI too small"),
	TEXT(SCARD_E_READER_UNSUPPORTED, "reader driver below the minimum"),
	TEXT(SCARD_E_DUPLICATE_READER, "the reader name is not unique"),
	TEXT(SCARD_E_CARD_UNSUPPORTED, "card below the minimum"),
	TEXT(SCARD_E_NO_SERVICE, "the resource manager is not running"),
	TEXT(SCARD_E_SERVICE_STOPPED, "resource manager ended; contexts are dead"),
	TEXT(SCARD_E_UNEXPECTED, "unexpected error of the card"),
	TEXT(SCARD_E_ICC_INSTALLATION, "the card has no primary provider"),
	TEXT(SCARD_E_ICC_CREATEORDER, "objects cannot be created in this order"),
	TEXT(SCARD_E_UNSUPPORTED_FEATURE, "not supported"),
	TEXT(SCARD_E_DIR_NOT_FOUND, "directory not found on the card"),
	TEXT(SCARD_E_FILE_NOT_FOUND, "file not found on the card"),
	TEXT(SCARD_E_NO_DIR, "the path does not lead to a directory"),
	TEXT(SCARD_E_NO_FILE, "the path does not lead to a file"),
	TEXT(SCARD_E_NO_ACCESS, "access to the file is denied"),
	TEXT(SCARD_E_WRITE_TOO_MANY, "more data than there is room for"),
	TEXT(SCARD_E_BAD_SEEK, "the position in the file is not valid"),
	TEXT(SCARD_E_INVALID_CHV, "the PIN is not valid"),
	TEXT(SCARD_E_UNKNOWN_RES_MNG, "unrecognised code of a lower layer"),
	TEXT(SCARD_E_NO_SUCH_CERTIFICATE, "the certificate does not exist"),
	TEXT(SCARD_E_CERTIFICATE_UNAVAILABLE, "the certificate cannot be obtained"),
	TEXT(SCARD_E_NO_READERS_AVAILABLE, "no reader, or none in these groups"),
	TEXT(SCARD_E_COMM_DATA_LOST, "data lost between reader and card"),
	TEXT(SCARD_E_NO_KEY_CONTAINER, "the key container does not exist"),
	TEXT(SCARD_E_SERVER_TOO_BUSY, "the resource manager is too busy"),
	TEXT(SCARD_E_PIN_CACHE_EXPIRED, "the remembered PIN has expired"),
	TEXT(SCARD_E_NO_PIN_CACHE, "the PIN may not be remembered"),
	TEXT(SCARD_E_READ_ONLY_CARD, "the card cannot be written"),
	TEXT(SCARD_W_UNSUPPORTED_CARD, "the ATR contradicts itself"),
	TEXT(SCARD_W_UNRESPONSIVE_CARD, "the card does not answer a reset"),
	TEXT(SCARD_W_UNPOWERED_CARD, "the card has no power"),
	TEXT(SCARD_W_RESET_CARD, "reset by another; SCardReconnect to go on"),
	TEXT(SCARD_W_REMOVED_CARD, "removed; SCardReconnect when back"),
	TEXT(SCARD_W_SECURITY_VIOLATION, "access denied by a security rule"),
	TEXT(SCARD_W_WRONG_CHV, "wrong PIN"),
	TEXT(SCARD_W_CHV_BLOCKED, "PIN blocked: too many wrong tries"),
	TEXT(SCARD_W_EOF, "end of the file on the card"),
	TEXT(SCARD_W_CANCELLED_BY_USER, "the user cancelled"),
	TEXT(SCARD_W_CARD_NOT_AUTHENTICATED, "no PIN was presented to the card"),
	TEXT(SCARD_W_CACHE_ITEM_NOT_FOUND, "not in the cache"),
	TEXT(SCARD_W_CACHE_ITEM_STALE, "older than asked for; now dropped"),
	TEXT(SCARD_W_CACHE_ITEM_TOO_BIG, "too large for the cache"),
};
/* clang-format on */

static int
compare(const void *key, const void *element)
{
	DWORD a = (DWORD) * (const LONG *)key;
	DWORD b = (DWORD)((const struct code_text *)element)->code;

	return a < b ? -1 : a > b;
}

API_EXPORT const char *
tessera_scard_error(LONG code)
{
	static _Thread_local char unknown[40];
	const struct code_text *found =
	    bsearch(&code, codes, sizeof codes / sizeof codes[0], sizeof codes[0], compare);

	if (found != NULL)
		return found->text;
	(void)snprintf(unknown, sizeof unknown, "0x%08X: not a smart card code", (unsigned)code);
	return unknown;
}
