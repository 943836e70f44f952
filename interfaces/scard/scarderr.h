/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Result codes of the smart card functions (Windows documentation: "Smart Card Return Values").
 *
 * They are LONG values and HRESULTs at once: severity 1, facility 0x10 (FACILITY_SCARD), so all but
 * SCARD_S_SUCCESS are negative, warnings (SCARD_W_) and the shutdown notice (SCARD_P_) included.
 * The functions of <winscard.h> also return a few plain Win32 codes, which are positive: see there.
 * tessera_scard_error() of <tessera_scard.h> gives the text of each.
 */
#ifndef SCARDERR_H
#define SCARDERR_H

#include <wtypes.h>

#define SCARD_S_SUCCESS ((LONG)0) /* done */

/* clang-format off */
#define SCARD_F_INTERNAL_ERROR ((LONG)0x80100001) /* an internal consistency check failed */
#define SCARD_E_CANCELLED ((LONG)0x80100002) /* the wait was ended by SCardCancel */
#define SCARD_E_INVALID_HANDLE ((LONG)0x80100003) /* the handle is not valid */
#define SCARD_E_INVALID_PARAMETER ((LONG)0x80100004) /* a parameter makes no sense, e.g. NULL */
#define SCARD_E_INVALID_TARGET ((LONG)0x80100005) /* start-up data missing or not valid */
#define SCARD_E_NO_MEMORY ((LONG)0x80100006) /* out of memory; dialogs: name buffer too small */
#define SCARD_F_WAITED_TOO_LONG ((LONG)0x80100007) /* an internal time limit passed */
#define SCARD_E_INSUFFICIENT_BUFFER ((LONG)0x80100008) /* the buffer for the result is too small */
#define SCARD_E_UNKNOWN_READER ((LONG)0x80100009) /* reader name not recognised */
#define SCARD_E_TIMEOUT ((LONG)0x8010000A) /* the caller's time limit passed */
#define SCARD_E_SHARING_VIOLATION ((LONG)0x8010000B) /* other connections prevent this access */
#define SCARD_E_NO_SMARTCARD ((LONG)0x8010000C) /* a card is needed and none is in the reader */
#define SCARD_E_UNKNOWN_CARD ((LONG)0x8010000D) /* card name not recognised */
#define SCARD_E_CANT_DISPOSE ((LONG)0x8010000E) /* the reader cannot do this to the card */
#define SCARD_E_PROTO_MISMATCH ((LONG)0x8010000F) /* none of the protocols asked for is possible */
#define SCARD_E_NOT_READY ((LONG)0x80100010) /* reader or card is not ready */
#define SCARD_E_INVALID_VALUE ((LONG)0x80100011) /* the value of a parameter is not acceptable */
#define SCARD_E_SYSTEM_CANCELLED ((LONG)0x80100012) /* cancelled by logoff or shutdown */
#define SCARD_F_COMM_ERROR ((LONG)0x80100013) /* internal communication failed */
#define SCARD_F_UNKNOWN_ERROR ((LONG)0x80100014) /* internal error of unknown origin */
#define SCARD_E_INVALID_ATR ((LONG)0x80100015) /* an ATR in the database is not valid */
#define SCARD_E_NOT_TRANSACTED ((LONG)0x80100016) /* no transaction; also: the exchange failed */
#define SCARD_E_READER_UNAVAILABLE ((LONG)0x80100017) /* the reader has gone, e.g. unplugged */
#define SCARD_P_SHUTDOWN ((LONG)0x80100018) /* ended so that the resource manager can exit */
#define SCARD_E_PCI_TOO_SMALL ((LONG)0x80100019) /* buffer for received PCI too small */
#define SCARD_E_READER_UNSUPPORTED ((LONG)0x8010001A) /* reader driver below the minimum */
#define SCARD_E_DUPLICATE_READER ((LONG)0x8010001B) /* the reader name is not unique */
#define SCARD_E_CARD_UNSUPPORTED ((LONG)0x8010001C) /* card below the minimum */
#define SCARD_E_NO_SERVICE ((LONG)0x8010001D) /* the resource manager is not running */
#define SCARD_E_SERVICE_STOPPED ((LONG)0x8010001E) /* resource manager ended; contexts are dead */
#define SCARD_E_UNEXPECTED ((LONG)0x8010001F) /* unexpected error of the card */
#define SCARD_E_ICC_INSTALLATION ((LONG)0x80100020) /* the card has no primary provider */
#define SCARD_E_ICC_CREATEORDER ((LONG)0x80100021) /* objects cannot be created in this order */
#define SCARD_E_UNSUPPORTED_FEATURE ((LONG)0x80100022) /* not supported; ...1F in pcsc-lite */
#define SCARD_E_DIR_NOT_FOUND ((LONG)0x80100023) /* directory not found on the card */
#define SCARD_E_FILE_NOT_FOUND ((LONG)0x80100024) /* file not found on the card */
#define SCARD_E_NO_DIR ((LONG)0x80100025) /* the path does not lead to a directory */
#define SCARD_E_NO_FILE ((LONG)0x80100026) /* the path does not lead to a file */
#define SCARD_E_NO_ACCESS ((LONG)0x80100027) /* access to the file is denied */
#define SCARD_E_WRITE_TOO_MANY ((LONG)0x80100028) /* more data than there is room for */
#define SCARD_E_BAD_SEEK ((LONG)0x80100029) /* the position in the file is not valid */
#define SCARD_E_INVALID_CHV ((LONG)0x8010002A) /* the PIN is not valid */
#define SCARD_E_UNKNOWN_RES_MNG ((LONG)0x8010002B) /* unrecognised code of a lower layer */
#define SCARD_E_NO_SUCH_CERTIFICATE ((LONG)0x8010002C) /* the certificate does not exist */
#define SCARD_E_CERTIFICATE_UNAVAILABLE ((LONG)0x8010002D) /* the certificate cannot be obtained */
#define SCARD_E_NO_READERS_AVAILABLE ((LONG)0x8010002E) /* no reader, or none in these groups */
#define SCARD_E_COMM_DATA_LOST ((LONG)0x8010002F) /* data lost between reader and card */
#define SCARD_E_NO_KEY_CONTAINER ((LONG)0x80100030) /* the key container does not exist */
#define SCARD_E_SERVER_TOO_BUSY ((LONG)0x80100031) /* the resource manager is too busy */
#define SCARD_E_PIN_CACHE_EXPIRED ((LONG)0x80100032) /* the remembered PIN has expired */
#define SCARD_E_NO_PIN_CACHE ((LONG)0x80100033) /* the PIN may not be remembered */
#define SCARD_E_READ_ONLY_CARD ((LONG)0x80100034) /* the card cannot be written */

#define SCARD_W_UNSUPPORTED_CARD ((LONG)0x80100065) /* the ATR contradicts itself */
#define SCARD_W_UNRESPONSIVE_CARD ((LONG)0x80100066) /* the card does not answer a reset */
#define SCARD_W_UNPOWERED_CARD ((LONG)0x80100067) /* the card has no power */
#define SCARD_W_RESET_CARD ((LONG)0x80100068) /* reset by another; SCardReconnect to go on */
#define SCARD_W_REMOVED_CARD ((LONG)0x80100069) /* removed; SCardReconnect when back */
#define SCARD_W_SECURITY_VIOLATION ((LONG)0x8010006A) /* access denied by a security rule */
#define SCARD_W_WRONG_CHV ((LONG)0x8010006B) /* wrong PIN */
#define SCARD_W_CHV_BLOCKED ((LONG)0x8010006C) /* PIN blocked: too many wrong tries */
#define SCARD_W_EOF ((LONG)0x8010006D) /* end of the file on the card */
#define SCARD_W_CANCELLED_BY_USER ((LONG)0x8010006E) /* the user cancelled */
#define SCARD_W_CARD_NOT_AUTHENTICATED ((LONG)0x8010006F) /* no PIN was presented to the card */
#define SCARD_W_CACHE_ITEM_NOT_FOUND ((LONG)0x80100070) /* not in the cache */
#define SCARD_W_CACHE_ITEM_STALE ((LONG)0x80100071) /* older than asked for; now dropped */
#define SCARD_W_CACHE_ITEM_TOO_BIG ((LONG)0x80100072) /* too large for the cache */
/* clang-format on */

#endif
