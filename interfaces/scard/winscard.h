/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smart card resource manager: find readers, connect to cards, exchange APDUs, wait for
 * events. Link with -ltessera-scard (pkg-config tessera-scard). Source: Windows documentation,
 * "Smart Card Functions" (winscard.h), and PC/SC part 5, on which it is built.
 *
 * An application establishes a context, lists readers, connects to one, exchanges commands
 * (between SCardBeginTransaction and SCardEndTransaction where several belong together),
 * disconnects and releases the context. It waits for cards and readers with SCardGetStatusChange.
 *
 * These rules hold for every function; an entry below tells only what is special.
 *
 * Results. SCARD_S_SUCCESS (0) or a code of <scarderr.h>; some Win32 codes of <winerror.h> as
 * well: ERROR_INVALID_HANDLE for a context or card handle that is 0, unknown or released,
 * ERROR_NOT_SUPPORTED for an attribute that the reader does not have, ERROR_INVALID_FUNCTION for
 * a control code that it does not know. Anything but 0 is a failure. Any call may return
 * SCARD_E_NO_MEMORY, SCARD_F_INTERNAL_ERROR and, when the resource manager has gone,
 * SCARD_E_NO_SERVICE or SCARD_E_SERVICE_STOPPED: then release the context and establish another.
 * <tessera_scard.h> explains the last failure in words. Results are written on success only,
 * unless an entry says otherwise.
 *
 * Text. NameA takes 8-bit strings (UTF-8), NameW takes UTF-16 (WCHAR is char16_t); Name is one of
 * the two, W when UNICODE is defined. A multi-string is a list of strings, each with its NUL, and
 * one more NUL at the end; an empty list is that NUL alone. Lengths of text count every NUL, in
 * characters: bytes for A, 16-bit units for W. Lengths of everything else count bytes.
 *
 * Output buffers ("[buffer]"): a pair of a buffer and a pointer to its length.
 * - buffer NULL: *length becomes the length needed, success;
 * - *length is enough: data are copied, *length becomes what was used, bytes beyond are
 *   untouched;
 * - *length is too small: SCARD_E_INSUFFICIENT_BUFFER, *length becomes the length needed;
 * - *length is SCARD_AUTOALLOCATE: buffer is the address of a pointer, cast to the type of the
 *   parameter; it receives a block that the caller gives to SCardFreeMemory, and that dies with
 *   the context at the latest;
 * - length pointer NULL: SCARD_E_INVALID_PARAMETER.
 *
 * Ownership. Strings, buffers and arrays that the caller passes stay the caller's and are not
 * kept. A context owns its card handles; SCardReleaseContext ends them all.
 *
 * Threads. Every function may be called from any thread, several at once on one context or
 * handle. Calls to one reader are served in turn; calls to different readers do not wait for each
 * other. No call raises a signal. After fork() the contexts of the parent are refused in the child;
 * a resource manager in the process (TESSERA_RM=embedded) stays the parent's, and the child has
 * none before exec.
 *
 * Waiting ("[waits]"): while another handle holds a transaction on the card the call waits until
 * that ends. There is no time limit and SCardCancel does not help. Calls without the mark wait
 * for no other user; a call that talks to the card takes as long as the card does.
 *
 * Changes of the card ("[card]"): such a call fails with SCARD_W_RESET_CARD once somebody else
 * has reset or unpowered the card, with SCARD_W_REMOVED_CARD once it has been taken out (even
 * when it is back), and keeps failing until SCardReconnect on that handle. When the reader itself
 * has gone: SCARD_E_READER_UNAVAILABLE.
 */
#ifndef WINSCARD_H
#define WINSCARD_H

#include <wtypes.h>

#include <scarderr.h>
#include <winsmcrd.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Some names stand in pcsc-lite's library too, with the same spelling and another binary interface.
 * In a process that holds both libraries, an undefined `SCardTransmit` would be bound to whichever
 * was loaded first. So those names, and only those, have another name for the linker: source says
 * SCardTransmit, object files say tessera_SCardTransmit. Other names exist here only.
 */
#define TESSERA_SCARD_SYMBOL(name) __asm__("tessera_" #name)

/* Opaque, never 0. A context is one user's session, a handle one connection to a card. */
typedef ULONG_PTR SCARDCONTEXT;
typedef SCARDCONTEXT *PSCARDCONTEXT, *LPSCARDCONTEXT;
typedef ULONG_PTR SCARDHANDLE;
typedef SCARDHANDLE *PSCARDHANDLE, *LPSCARDHANDLE;

/* As a length: the function allocates. Free with SCardFreeMemory. */
#define SCARD_AUTOALLOCATE ((DWORD)-1)

/* dwScope of SCardEstablishContext: whose database of readers and card types. */
#define SCARD_SCOPE_USER 0u
#define SCARD_SCOPE_TERMINAL 1u /* obsolete; as SCARD_SCOPE_USER */
#define SCARD_SCOPE_SYSTEM 2u

/* dwShareMode. */
#define SCARD_SHARE_EXCLUSIVE 1u /* no other connection to this card */
#define SCARD_SHARE_SHARED 2u    /* others may connect, shared */
#define SCARD_SHARE_DIRECT 3u    /* the reader for oneself, with or without a card */

/* dwDisposition, dwInitialization: what is done to the card. */
#define SCARD_LEAVE_CARD 0u   /* nothing */
#define SCARD_RESET_CARD 1u   /* reset; warm in SCardReconnect */
#define SCARD_UNPOWER_CARD 2u /* power off; in SCardReconnect off and on, a cold reset */
#define SCARD_EJECT_CARD 3u   /* eject; not in SCardReconnect */

/*
 * Group names, each also a complete multi-string of one.
 * SCARD_ALL_READERS needs no members: every reader belongs to it.
 */
#ifdef UNICODE
#define SCARD_ALL_READERS u"SCard$AllReaders\000"
#define SCARD_DEFAULT_READERS u"SCard$DefaultReaders\000"
#define SCARD_LOCAL_READERS u"SCard$LocalReaders\000"
#define SCARD_SYSTEM_READERS u"SCard$SystemReaders\000"
#else
#define SCARD_ALL_READERS "SCard$AllReaders\000"
#define SCARD_DEFAULT_READERS "SCard$DefaultReaders\000"
#define SCARD_LOCAL_READERS "SCard$LocalReaders\000"
#define SCARD_SYSTEM_READERS "SCard$SystemReaders\000"
#endif

/* Provider kinds of a card type in the database. */
#define SCARD_PROVIDER_PRIMARY 1u              /* service provider: the text of its CLSID */
#define SCARD_PROVIDER_CSP 2u                  /* name of a cryptographic service provider */
#define SCARD_PROVIDER_KSP 3u                  /* name of a key storage provider */
#define SCARD_PROVIDER_CARD_MODULE 0x80000001u /* file name of a card module */

/* Dialogs: when ISCardLocate, and the dialog functions, ask the user; one of these. */
#define SC_DLG_MINIMAL_UI 0x01 /* only when no card is found without */
#define SC_DLG_NO_UI 0x02      /* never */
#define SC_DLG_FORCE_UI 0x04   /* always */
#define SCERR_NOCARDNAME 0x4000
#define SCERR_NOGUIDS 0x8000

/* Events of the audit log. */
#define SCARD_AUDIT_CHV_FAILURE 0x0u
#define SCARD_AUDIT_CHV_SUCCESS 0x1u

/* How a credential dialog names the reader it wants. */
#define SCARD_READER_SEL_AUTH_PACKAGE ((DWORD)-629)
typedef enum {
	RSR_MATCH_TYPE_READER_AND_CONTAINER = 1,
	RSR_MATCH_TYPE_SERIAL_NUMBER = 2,
	RSR_MATCH_TYPE_ALL_CARDS = 3
} READER_SEL_REQUEST_MATCH_TYPE;

/*
 * What it asks for and is told; no function here takes them. Offsets count from the structure's
 * beginning, text lies behind it.
 */
struct reader_sel_container {
	DWORD cbReaderNameOffset;
	DWORD cchReaderNameLength;
	DWORD cbContainerNameOffset;
	DWORD cchContainerNameLength;
	DWORD dwDesiredCardModuleVersion;
	DWORD dwCspFlags;
};
struct reader_sel_serial_number {
	DWORD cbSerialNumberOffset;
	DWORD cbSerialNumberLength;
	DWORD dwDesiredCardModuleVersion;
};
typedef struct _READER_SEL_REQUEST {
	DWORD dwShareMode;
	DWORD dwPreferredProtocols;
	READER_SEL_REQUEST_MATCH_TYPE MatchType;
	union {
		struct reader_sel_container ReaderAndContainerParameter;
		struct reader_sel_serial_number SerialNumberParameter;
	};
} READER_SEL_REQUEST, *PREADER_SEL_REQUEST;
typedef struct _READER_SEL_RESPONSE {
	DWORD cbReaderNameOffset;
	DWORD cchReaderNameLength;
	DWORD cbCardNameOffset;
	DWORD cchCardNameLength;
} READER_SEL_RESPONSE, *PREADER_SEL_RESPONSE;

/* Bits of dwCurrentState (what the caller believes) and dwEventState (what is). */
#define SCARD_STATE_UNAWARE 0x00000000u     /* believe nothing: return at once with the state */
#define SCARD_STATE_IGNORE 0x00000001u      /* leave this reader out */
#define SCARD_STATE_CHANGED 0x00000002u     /* belief and reality differ; result only */
#define SCARD_STATE_UNKNOWN 0x00000004u     /* no reader of this name */
#define SCARD_STATE_UNAVAILABLE 0x00000008u /* the reader does not tell its state */
#define SCARD_STATE_EMPTY 0x00000010u       /* no card */
#define SCARD_STATE_PRESENT 0x00000020u     /* a card */
#define SCARD_STATE_ATRMATCH 0x00000040u    /* a card that was searched for */
#define SCARD_STATE_EXCLUSIVE 0x00000080u   /* somebody has it exclusively */
#define SCARD_STATE_INUSE 0x00000100u       /* somebody is connected, shared */
#define SCARD_STATE_MUTE 0x00000200u        /* the card does not answer a reset */
#define SCARD_STATE_UNPOWERED 0x00000400u   /* the card has no power */

/*
 * One reader in SCardGetStatusChange. Zero the whole, then set szReader and dwCurrentState. The
 * high words of both states count insertions and removals, modulo 65536; 0 in dwCurrentState is not
 * compared. The reader name "\\\\?PnP?\\Notification" (in C source; case does not matter) stands
 * for the set of readers: it changes when readers come and go, and its high word is opaque: copy it
 * back.
 */
typedef struct _SCARD_READERSTATEA {
	LPCSTR szReader;      /* reader name; stays the caller's */
	LPVOID pvUserData;    /* the caller's, never touched */
	DWORD dwCurrentState; /* SCARD_STATE_* and counter; never written */
	DWORD dwEventState;   /* SCARD_STATE_* and counter; the result */
	DWORD cbAtr;          /* bytes of rgbAtr that count; 0 without a card */
	BYTE rgbAtr[36];
} SCARD_READERSTATEA, *PSCARD_READERSTATEA, *LPSCARD_READERSTATEA;

typedef struct _SCARD_READERSTATEW {
	LPCWSTR szReader;
	LPVOID pvUserData;
	DWORD dwCurrentState;
	DWORD dwEventState;
	DWORD cbAtr;
	BYTE rgbAtr[36];
} SCARD_READERSTATEW, *PSCARD_READERSTATEW, *LPSCARD_READERSTATEW;

typedef SCARD_READERSTATEA SCARD_READERSTATE_A, *PSCARD_READERSTATE_A, *LPSCARD_READERSTATE_A;
typedef SCARD_READERSTATEW SCARD_READERSTATE_W, *PSCARD_READERSTATE_W, *LPSCARD_READERSTATE_W;

#ifdef UNICODE
typedef SCARD_READERSTATEW SCARD_READERSTATE, *PSCARD_READERSTATE, *LPSCARD_READERSTATE;
#else
typedef SCARD_READERSTATEA SCARD_READERSTATE, *PSCARD_READERSTATE, *LPSCARD_READERSTATE;
#endif

/* A kind of card: an ATR matches when it is cbAtr bytes long and equal under the mask. */
typedef struct _SCARD_ATRMASK {
	DWORD cbAtr; /* bytes of both arrays that count */
	BYTE rgbAtr[36];
	BYTE rgbMask[36];
} SCARD_ATRMASK, *PSCARD_ATRMASK, *LPSCARD_ATRMASK;

/* What SCardTransmit takes as pioSendPci: the protocol, and 8 as length. */
extern const SCARD_IO_REQUEST g_rgSCardT0Pci TESSERA_SCARD_SYMBOL(g_rgSCardT0Pci);
extern const SCARD_IO_REQUEST g_rgSCardT1Pci TESSERA_SCARD_SYMBOL(g_rgSCardT1Pci);
extern const SCARD_IO_REQUEST g_rgSCardRawPci TESSERA_SCARD_SYMBOL(g_rgSCardRawPci);
#define SCARD_PCI_T0 (&g_rgSCardT0Pci)
#define SCARD_PCI_T1 (&g_rgSCardT1Pci)
#define SCARD_PCI_RAW (&g_rgSCardRawPci)

/*
 * Context
 */

/*
 * Begins a session with the resource manager that TESSERA_RM names, or the running one.
 * @dwScope: SCARD_SCOPE_USER or SCARD_SCOPE_SYSTEM
 * @pvReserved1, @pvReserved2: NULL
 * @phContext: receives the context; end it with SCardReleaseContext
 * Never waits for a card or reader. SCARD_E_INVALID_PARAMETER: phContext is NULL, or a reserved
 * pointer is not; SCARD_E_INVALID_VALUE: the scope; SCARD_E_NO_SERVICE: no resource manager.
 */
LONG WINAPI SCardEstablishContext(DWORD dwScope, LPCVOID pvReserved1, LPCVOID pvReserved2,
    LPSCARDCONTEXT phContext) TESSERA_SCARD_SYMBOL(SCardEstablishContext);

/*
 * Ends a session: ends its waits, disconnects its card handles, frees its SCARD_AUTOALLOCATE
 * blocks.
 */
LONG WINAPI SCardReleaseContext(SCARDCONTEXT hContext) TESSERA_SCARD_SYMBOL(SCardReleaseContext);

/* SCARD_S_SUCCESS when the context can be used, else ERROR_INVALID_HANDLE. */
LONG WINAPI SCardIsValidContext(SCARDCONTEXT hContext) TESSERA_SCARD_SYMBOL(SCardIsValidContext);

/*
 * Frees a block that a function allocated because of SCARD_AUTOALLOCATE.
 * @hContext: the context of that call: for calls on a card handle, the one it was connected in; 0
 * if that call used 0
 * @pvMem: the block; NULL is accepted
 */
LONG WINAPI SCardFreeMemory(SCARDCONTEXT hContext, LPCVOID pvMem)
    TESSERA_SCARD_SYMBOL(SCardFreeMemory);

/*
 * An event that says whether there is a resource manager. Here a HANDLE is the number of a
 * descriptor, (int)(intptr_t)handle, to be given to poll(): it is readable while a resource manager
 * can be reached. Do not read from it or close it. One for the process, counted: each access needs
 * a release, and the last release closes it. After fork() the child accesses its own.
 *
 * NULL: it could not be made; tessera_scard_message() says why.
 */
HANDLE WINAPI SCardAccessStartedEvent(void);
void WINAPI SCardReleaseStartedEvent(void);

/* Releases whatever was accessed, as often as it was. For old programs. */
void WINAPI SCardReleaseAllEvents(void);

/*
 * Readers
 */

/*
 * Lists the reader groups that have a reader. SCARD_ALL_READERS is implied and not listed.
 * @hContext: may be 0: not limited to a context
 * @mszGroups, @pcchGroups: [buffer], multi-string, length in characters
 */
LONG WINAPI SCardListReaderGroupsA(SCARDCONTEXT hContext, LPSTR mszGroups, LPDWORD pcchGroups);
LONG WINAPI SCardListReaderGroupsW(SCARDCONTEXT hContext, LPWSTR mszGroups, LPDWORD pcchGroups);

/*
 * Lists the readers that are attached and usable now.
 * @hContext: may be 0: not limited to a context
 * @mszGroups: multi-string: readers of any of these groups; unknown names are skipped; NULL: all
 * @mszReaders, @pcchReaders: [buffer], multi-string, length in characters
 * SCARD_E_NO_READERS_AVAILABLE: there is none, also when only the length was asked for.
 */
LONG WINAPI SCardListReadersA(
    SCARDCONTEXT hContext, LPCSTR mszGroups, LPSTR mszReaders, LPDWORD pcchReaders);
LONG WINAPI SCardListReadersW(
    SCARDCONTEXT hContext, LPCWSTR mszGroups, LPWSTR mszReaders, LPDWORD pcchReaders);

/*
 * Tells what kind of reader it is.
 * @pdwDeviceTypeId: receives SCARD_READER_TYPE_* of <winsmcrd.h>
 * SCARD_E_UNKNOWN_READER: no reader has that name; SCARD_E_INVALID_PARAMETER: a pointer is NULL.
 * So for the next two.
 */
LONG WINAPI SCardGetDeviceTypeIdA(
    SCARDCONTEXT hContext, LPCSTR szReaderName, LPDWORD pdwDeviceTypeId);
LONG WINAPI SCardGetDeviceTypeIdW(
    SCARDCONTEXT hContext, LPCWSTR szReaderName, LPDWORD pdwDeviceTypeId);

/*
 * Gives a picture of the reader: the content of an .ico file, 256 by 256. The same for all readers.
 * @pbIcon, @pcbIcon: [buffer], in bytes
 */
LONG WINAPI SCardGetReaderIconA(
    SCARDCONTEXT hContext, LPCSTR szReaderName, LPBYTE pbIcon, LPDWORD pcbIcon);
LONG WINAPI SCardGetReaderIconW(
    SCARDCONTEXT hContext, LPCWSTR szReaderName, LPBYTE pbIcon, LPDWORD pcbIcon);

/*
 * Tells which device the reader belongs to: a text that stays the same while the device stays in
 * its place, made by the reader's driver. Opaque.
 * @szDeviceInstanceId, @pcchDeviceInstanceId: [buffer], length in characters
 */
LONG WINAPI SCardGetReaderDeviceInstanceIdA(SCARDCONTEXT hContext, LPCSTR szReaderName,
    LPSTR szDeviceInstanceId, LPDWORD pcchDeviceInstanceId);
LONG WINAPI SCardGetReaderDeviceInstanceIdW(SCARDCONTEXT hContext, LPCWSTR szReaderName,
    LPWSTR szDeviceInstanceId, LPDWORD pcchDeviceInstanceId);

/*
 * Lists the readers of a device, as SCardListReaders does.
 * @szDeviceInstanceId: a text from SCardGetReaderDeviceInstanceId
 * @mszReaders, @pcchReaders: [buffer], multi-string, length in characters
 * SCARD_E_NO_READERS_AVAILABLE: it has none; SCARD_E_INVALID_PARAMETER: a pointer is NULL, or the
 * id is empty, longer than any or no text.
 */
LONG WINAPI SCardListReadersWithDeviceInstanceIdA(
    SCARDCONTEXT hContext, LPCSTR szDeviceInstanceId, LPSTR mszReaders, LPDWORD pcchReaders);
LONG WINAPI SCardListReadersWithDeviceInstanceIdW(
    SCARDCONTEXT hContext, LPCWSTR szDeviceInstanceId, LPWSTR mszReaders, LPDWORD pcchReaders);

/*
 * Tells the state of readers, and waits until one differs from what the caller believes.
 * @dwTimeout: milliseconds; 0: report and return; INFINITE: no limit
 * @rgReaderStates: one entry a reader, see SCARD_READERSTATEA
 * @cReaders: entries; 0 returns SCARD_S_SUCCESS at once
 *
 * When an entry differs (SCARD_STATE_CHANGED in its dwEventState) the call returns success; all
 * entries hold the state and the ATR. An entry whose dwCurrentState is SCARD_STATE_UNAWARE always
 * differs; one with SCARD_STATE_IGNORE never does; one whose name is unknown gets UNKNOWN, IGNORE
 * and CHANGED. To wait on, copy each dwEventState to dwCurrentState and call again; one with
 * UNKNOWN alone waits until there is a reader of that name, plugged in or introduced.
 * SCARD_E_TIMEOUT: nothing differs; the entries are filled all the same. SCARD_E_CANCELLED: ended
 * by SCardCancel or by the release of the context. SCARD_E_INVALID_PARAMETER: the array is NULL.
 * SCARD_E_INVALID_VALUE: a reader name is NULL.
 */
LONG WINAPI SCardGetStatusChangeA(
    SCARDCONTEXT hContext, DWORD dwTimeout, LPSCARD_READERSTATEA rgReaderStates, DWORD cReaders);
LONG WINAPI SCardGetStatusChangeW(
    SCARDCONTEXT hContext, DWORD dwTimeout, LPSCARD_READERSTATEW rgReaderStates, DWORD cReaders);

/*
 * Ends the waits of this context, in whatever thread: each returns SCARD_E_CANCELLED. An exchange
 * with a card is not interrupted. Without a wait it does nothing, and later calls notice nothing.
 */
LONG WINAPI SCardCancel(SCARDCONTEXT hContext) TESSERA_SCARD_SYMBOL(SCardCancel);

/*
 * Database
 *
 * Which kinds of card there are, what readers are called and which groups they are in; see
 * tessera-card(5). A context with SCARD_SCOPE_USER sees the database of the user and the system's,
 * and changes the user's; one with SCARD_SCOPE_SYSTEM sees and changes the system's. Names of card
 * types and groups are compared without regard to case. All that change something may return
 * ERROR_ACCESS_DENIED: no right to write there, and SCARD_E_INVALID_PARAMETER: a name is NULL,
 * empty, too long, or has control characters.
 */

/*
 * Lists card types, by name.
 * @hContext: may be 0
 * @pbAtr: only those that match this ATR, which tells its own length; NULL: all
 * @rgquidInterfaces, @cguidInterfaceCount: only those that have all of these; NULL: all
 * @mszCards, @pcchCards: [buffer], multi-string, length in characters
 * No match is a success, and an empty list. SCARD_E_INVALID_ATR: pbAtr is none.
 */
LONG WINAPI SCardListCardsA(SCARDCONTEXT hContext, LPCBYTE pbAtr, LPCGUID rgquidInterfaces,
    DWORD cguidInterfaceCount, LPSTR mszCards, LPDWORD pcchCards);
LONG WINAPI SCardListCardsW(SCARDCONTEXT hContext, LPCBYTE pbAtr, LPCGUID rgquidInterfaces,
    DWORD cguidInterfaceCount, LPWSTR mszCards, LPDWORD pcchCards);

/*
 * Lists the interfaces of a card type.
 * @hContext: may be 0
 * @pguidInterfaces, @pcguidInterfaces: [buffer], length in identifiers
 * SCARD_E_UNKNOWN_CARD: there is no such card type.
 */
LONG WINAPI SCardListInterfacesA(
    SCARDCONTEXT hContext, LPCSTR szCard, LPGUID pguidInterfaces, LPDWORD pcguidInterfaces);
LONG WINAPI SCardListInterfacesW(
    SCARDCONTEXT hContext, LPCWSTR szCard, LPGUID pguidInterfaces, LPDWORD pcguidInterfaces);

/*
 * Tells the primary service provider of a card type.
 * SCARD_E_UNKNOWN_CARD; SCARD_E_ICC_INSTALLATION: it has none.
 */
LONG WINAPI SCardGetProviderIdA(SCARDCONTEXT hContext, LPCSTR szCard, LPGUID pguidProviderId);
LONG WINAPI SCardGetProviderIdW(SCARDCONTEXT hContext, LPCWSTR szCard, LPGUID pguidProviderId);

/*
 * Tells a provider of a card type.
 * @hContext: may be 0
 * @dwProviderId: SCARD_PROVIDER_*, or any other number but 0
 * @szProvider, @pcchProvider: [buffer], length in characters; a length that is too small stays as
 *  it was
 * SCARD_E_UNKNOWN_CARD; ERROR_FILE_NOT_FOUND: it has none of this kind; SCARD_E_INVALID_PARAMETER:
 * dwProviderId is 0.
 */
LONG WINAPI SCardGetCardTypeProviderNameA(SCARDCONTEXT hContext, LPCSTR szCardName,
    DWORD dwProviderId, LPSTR szProvider, LPDWORD pcchProvider);
LONG WINAPI SCardGetCardTypeProviderNameW(SCARDCONTEXT hContext, LPCWSTR szCardName,
    DWORD dwProviderId, LPWSTR szProvider, LPDWORD pcchProvider);

/*
 * Sets a provider of a card type.
 * @hContext: may be 0: the system's scope
 * @dwProviderId, @szProvider: as above; the primary one is a class identifier in braces
 * SCARD_E_UNKNOWN_CARD; SCARD_E_INVALID_PARAMETER: no class identifier, or dwProviderId is 0.
 */
LONG WINAPI SCardSetCardTypeProviderNameA(
    SCARDCONTEXT hContext, LPCSTR szCardName, DWORD dwProviderId, LPCSTR szProvider);
LONG WINAPI SCardSetCardTypeProviderNameW(
    SCARDCONTEXT hContext, LPCWSTR szCardName, DWORD dwProviderId, LPCWSTR szProvider);

/*
 * Introduces a card type; one of that name in the scope is replaced.
 * @pguidPrimaryProvider: its primary service provider; NULL: none
 * @rgguidInterfaces, @dwInterfaceCount: what it supports; NULL: nothing known
 * @pbAtr: its ATR; what is outside the mask must be 0, else nothing matches
 * @pbAtrMask: the bits that count; NULL: all
 * @cbAtrLen: bytes of both; 0: as pbAtr tells
 * SCARD_E_INVALID_ATR: pbAtr is none; SCARD_E_INVALID_PARAMETER: it is NULL or longer than 33.
 */
LONG WINAPI SCardIntroduceCardTypeA(SCARDCONTEXT hContext, LPCSTR szCardName,
    LPCGUID pguidPrimaryProvider, LPCGUID rgguidInterfaces, DWORD dwInterfaceCount, LPCBYTE pbAtr,
    LPCBYTE pbAtrMask, DWORD cbAtrLen);
LONG WINAPI SCardIntroduceCardTypeW(SCARDCONTEXT hContext, LPCWSTR szCardName,
    LPCGUID pguidPrimaryProvider, LPCGUID rgguidInterfaces, DWORD dwInterfaceCount, LPCBYTE pbAtr,
    LPCBYTE pbAtrMask, DWORD cbAtrLen);

/* Forgets a card type. SCARD_E_UNKNOWN_CARD: the context's scope has none of that name. */
LONG WINAPI SCardForgetCardTypeA(SCARDCONTEXT hContext, LPCSTR szCardName);
LONG WINAPI SCardForgetCardTypeW(SCARDCONTEXT hContext, LPCWSTR szCardName);

/*
 * Introduces a reader group. A group is there as long as a reader is in it, so this stores nothing.
 * @hContext: may be 0
 */
LONG WINAPI SCardIntroduceReaderGroupA(SCARDCONTEXT hContext, LPCSTR szGroupName);
LONG WINAPI SCardIntroduceReaderGroupW(SCARDCONTEXT hContext, LPCWSTR szGroupName);

/*
 * Takes all readers out of a group, which ends it. An unknown group is a success.
 * SCARD_E_INVALID_PARAMETER: one of the system's, SCARD_*_READERS.
 */
LONG WINAPI SCardForgetReaderGroupA(SCARDCONTEXT hContext, LPCSTR szGroupName);
LONG WINAPI SCardForgetReaderGroupW(SCARDCONTEXT hContext, LPCWSTR szGroupName);

/*
 * Gives a reader a name, beside those it has. It is in SCARD_DEFAULT_READERS at first.
 * @szDeviceName: the resource manager's name of the reader, attached or not
 * SCARD_E_DUPLICATE_READER: another reader has the name.
 */
LONG WINAPI SCardIntroduceReaderA(SCARDCONTEXT hContext, LPCSTR szReaderName, LPCSTR szDeviceName);
LONG WINAPI SCardIntroduceReaderW(
    SCARDCONTEXT hContext, LPCWSTR szReaderName, LPCWSTR szDeviceName);

/*
 * Forgets a name and its groups. The resource manager's name of an attached reader is shown no more
 * if the reader has another, else it is back at once.
 * SCARD_E_UNKNOWN_READER: the name is neither in the context's scope nor that of an attached
 * reader.
 */
LONG WINAPI SCardForgetReaderA(SCARDCONTEXT hContext, LPCSTR szReaderName);
LONG WINAPI SCardForgetReaderW(SCARDCONTEXT hContext, LPCWSTR szReaderName);

/*
 * Puts a reader into a group, which need not be there; takes it out. Doing it twice is a success.
 * SCARD_E_UNKNOWN_READER: neither attached nor in the database; SCARD_E_INVALID_PARAMETER: a group
 * whose members are not chosen: SCARD_LOCAL_READERS, SCARD_SYSTEM_READERS, and SCARD_ALL_READERS,
 * which nothing leaves.
 */
LONG WINAPI SCardAddReaderToGroupA(SCARDCONTEXT hContext, LPCSTR szReaderName, LPCSTR szGroupName);
LONG WINAPI SCardAddReaderToGroupW(
    SCARDCONTEXT hContext, LPCWSTR szReaderName, LPCWSTR szGroupName);
LONG WINAPI SCardRemoveReaderFromGroupA(
    SCARDCONTEXT hContext, LPCSTR szReaderName, LPCSTR szGroupName);
LONG WINAPI SCardRemoveReaderFromGroupW(
    SCARDCONTEXT hContext, LPCWSTR szReaderName, LPCWSTR szGroupName);

/*
 * Looks for cards of some types, without waiting: fills the entries as SCardGetStatusChange does,
 * and adds SCARD_STATE_ATRMATCH where the ATR matches.
 * @mszCards: multi-string of card types
 * @rgAtrMasks, @cAtrs: ATRs in their place; the database is not asked
 * @rgReaderStates, @cReaders: as for SCardGetStatusChange
 * No match is a success. SCARD_E_UNKNOWN_CARD: a name is not in the database;
 * SCARD_E_INVALID_PARAMETER: NULL for a list or an array, or a cbAtr that is too large.
 */
LONG WINAPI SCardLocateCardsA(
    SCARDCONTEXT hContext, LPCSTR mszCards, LPSCARD_READERSTATEA rgReaderStates, DWORD cReaders);
LONG WINAPI SCardLocateCardsW(
    SCARDCONTEXT hContext, LPCWSTR mszCards, LPSCARD_READERSTATEW rgReaderStates, DWORD cReaders);
LONG WINAPI SCardLocateCardsByATRA(SCARDCONTEXT hContext, LPSCARD_ATRMASK rgAtrMasks, DWORD cAtrs,
    LPSCARD_READERSTATEA rgReaderStates, DWORD cReaders);
LONG WINAPI SCardLocateCardsByATRW(SCARDCONTEXT hContext, LPSCARD_ATRMASK rgAtrMasks, DWORD cAtrs,
    LPSCARD_READERSTATEW rgReaderStates, DWORD cReaders);

#define SCardListCardTypes SCardListCards
#define PCSCardIntroduceCardType(context, name, atr, mask, length, provider, interfaces, count) \
	SCardIntroduceCardType(context, name, provider, interfaces, count, atr, mask, length)

/*
 * Connection
 */

/*
 * Connects to the card in a reader; powers it and negotiates the protocol where needed. [waits]
 * @szReader: a name from SCardListReaders
 * @dwShareMode: SCARD_SHARE_*
 * @dwPreferredProtocols: SCARD_PROTOCOL_* bits that will do. 0 only with SCARD_SHARE_DIRECT:
 * nothing is negotiated until IOCTL_SMARTCARD_SET_PROTOCOL
 * @phCard: receives the handle; end it with SCardDisconnect
 * @pdwActiveProtocol: receives the protocol chosen, SCARD_PROTOCOL_UNDEFINED when none; may be NULL
 * SCARD_E_UNKNOWN_READER; SCARD_E_READER_UNAVAILABLE: the reader went or another program has it;
 * SCARD_E_NO_SMARTCARD: no card and not direct; SCARD_E_SHARING_VIOLATION: others are connected, or
 * connected exclusively; SCARD_E_PROTO_MISMATCH: card and request have no protocol in common;
 * SCARD_W_UNRESPONSIVE_CARD: mute; SCARD_E_INVALID_VALUE: share mode; SCARD_E_INVALID_PARAMETER:
 * phCard or the name is NULL.
 */
LONG WINAPI SCardConnectA(SCARDCONTEXT hContext, LPCSTR szReader, DWORD dwShareMode,
    DWORD dwPreferredProtocols, LPSCARDHANDLE phCard, LPDWORD pdwActiveProtocol);
LONG WINAPI SCardConnectW(SCARDCONTEXT hContext, LPCWSTR szReader, DWORD dwShareMode,
    DWORD dwPreferredProtocols, LPSCARDHANDLE phCard, LPDWORD pdwActiveProtocol);

/*
 * Changes a connection without a gap: acknowledges a reset or a new card, changes the share mode,
 * resets the card, turns a direct connection into a normal one. Ends a transaction that this handle
 * holds. [waits]
 * @dwShareMode: SCARD_SHARE_SHARED or SCARD_SHARE_EXCLUSIVE
 * @dwPreferredProtocols: should contain the active protocol; another needs a reset
 * @dwInitialization: SCARD_LEAVE_CARD, SCARD_RESET_CARD (warm) or SCARD_UNPOWER_CARD (cold)
 * @pdwActiveProtocol: receives the protocol; may be NULL
 * Other handles on the card see SCARD_W_RESET_CARD after a reset. SCARD_E_SHARING_VIOLATION: others
 * are connected and exclusive was asked for; SCARD_E_NO_SMARTCARD, SCARD_W_UNRESPONSIVE_CARD,
 * SCARD_E_PROTO_MISMATCH, SCARD_E_READER_UNAVAILABLE as for SCardConnect; SCARD_E_INVALID_VALUE:
 * share mode or initialisation.
 */
LONG WINAPI SCardReconnect(SCARDHANDLE hCard, DWORD dwShareMode, DWORD dwPreferredProtocols,
    DWORD dwInitialization, LPDWORD pdwActiveProtocol) TESSERA_SCARD_SYMBOL(SCardReconnect);

/*
 * Ends a connection and its transaction. Succeeds too when card or reader have gone.
 * @dwDisposition: SCARD_*_CARD; SCARD_LEAVE_CARD waits for nobody, the others [waits]
 * SCARD_E_INVALID_VALUE: the disposition; the handle stays.
 */
LONG WINAPI SCardDisconnect(SCARDHANDLE hCard, DWORD dwDisposition)
    TESSERA_SCARD_SYMBOL(SCardDisconnect);

/*
 * Tells about a connection, without disturbing the card: the cheapest way to learn of a reset or a
 * removal. [waits] [card]
 * @mszReaderNames, @pcchReaderLen: [buffer], multi-string of the reader's names, in characters
 * @pdwState: receives one of SCARD_ABSENT to SCARD_SPECIFIC
 * @pdwProtocol: receives the active protocol; means something only with SCARD_SPECIFIC
 * @pbAtr, @pcbAtrLen: [buffer], the ATR, at most 33 bytes
 * Each pointer may be NULL, the lengths included.
 */
LONG WINAPI SCardStatusA(SCARDHANDLE hCard, LPSTR mszReaderNames, LPDWORD pcchReaderLen,
    LPDWORD pdwState, LPDWORD pdwProtocol, LPBYTE pbAtr, LPDWORD pcbAtrLen);
LONG WINAPI SCardStatusW(SCARDHANDLE hCard, LPWSTR mszReaderNames, LPDWORD pcchReaderLen,
    LPDWORD pdwState, LPDWORD pdwProtocol, LPBYTE pbAtr, LPDWORD pcbAtrLen);

/* SCardStatus without the names: its predecessor, for old programs. */
LONG WINAPI SCardState(
    SCARDHANDLE hCard, LPDWORD pdwState, LPDWORD pdwProtocol, LPBYTE pbAtr, LPDWORD pcbAtrLen);

/*
 * Transaction
 */

/*
 * Keeps every other handle away from the card until SCardEndTransaction, SCardReconnect or
 * SCardDisconnect on this one. Waits without limit while another handle has a transaction. Each
 * call needs an end of its own. A transaction without any call on the card for 5 seconds ends by a
 * reset of the card, and its holder sees SCARD_W_RESET_CARD. [card]
 */
LONG WINAPI SCardBeginTransaction(SCARDHANDLE hCard) TESSERA_SCARD_SYMBOL(SCardBeginTransaction);

/*
 * Ends a transaction, then does to the card what the disposition says.
 * @dwDisposition: SCARD_*_CARD
 * SCARD_W_RESET_CARD, SCARD_W_REMOVED_CARD: ended all the same, but the card changed meanwhile;
 * SCARD_E_NOT_TRANSACTED: this handle has none; SCARD_E_INVALID_VALUE: the disposition.
 */
LONG WINAPI SCardEndTransaction(SCARDHANDLE hCard, DWORD dwDisposition)
    TESSERA_SCARD_SYMBOL(SCardEndTransaction);

/* SCardEndTransaction with SCARD_LEAVE_CARD. For old programs. */
LONG WINAPI SCardCancelTransaction(SCARDHANDLE hCard);

/*
 * Exchange
 */

/*
 * Sends a command to the card and takes its reply. [waits] [card]
 * @pioSendPci: SCARD_PCI_T0, _T1 or _RAW, as the active protocol is; NULL: the active one
 * @pbSendBuffer, @cbSendLength: the command APDU in bytes. With T=0: CLA INS P1 P2 P3 and data, P3
 *  the number of bytes sent or expected; a reply to a command that also sends data is fetched by
 *  GET RESPONSE. With T=1: the whole APDU
 * @pioRecvPci: receives the protocol information of the reply; NULL when not wanted
 * @pbRecvBuffer: receives the reply: data, SW1, SW2
 * @pcbRecvLength: in: bytes of pbRecvBuffer; out: bytes received. Never SCARD_AUTOALLOCATE
 * A status word other than 9000 is a success of this function. SCARD_E_INSUFFICIENT_BUFFER: the
 * reply is longer, *pcbRecvLength says how long; the card has done the command and the reply is
 * lost. SCARD_E_PROTO_MISMATCH: not the active protocol; SCARD_E_PCI_TOO_SMALL;
 * SCARD_E_NO_SMARTCARD: taken out meanwhile; SCARD_E_NOT_TRANSACTED, SCARD_E_COMM_DATA_LOST,
 * SCARD_F_COMM_ERROR: the exchange failed; SCARD_E_INVALID_PARAMETER: a buffer or length pointer is
 * NULL.
 */
LONG WINAPI SCardTransmit(SCARDHANDLE hCard, LPCSCARD_IO_REQUEST pioSendPci, LPCBYTE pbSendBuffer,
    DWORD cbSendLength, LPSCARD_IO_REQUEST pioRecvPci, LPBYTE pbRecvBuffer, LPDWORD pcbRecvLength)
    TESSERA_SCARD_SYMBOL(SCardTransmit);

/*
 * Tells how many exchanges with cards the reader has done since it came, whoever asked for them.
 * [waits] [card]
 * @pcTransmitCount: receives the number
 */
LONG WINAPI SCardGetTransmitCount(SCARDHANDLE hCard, LPDWORD pcTransmitCount);

/*
 * Talks to the reader, in any share mode, with or without a card. [waits] [card]
 * @dwControlCode: IOCTL_SMARTCARD_* or SCARD_CTL_CODE(n), see <winsmcrd.h>
 * @lpInBuffer, @cbInBufferSize: input in bytes; NULL and 0 when the operation has none
 * @lpOutBuffer, @cbOutBufferSize: room for output in bytes; NULL and 0 when it has none
 * @lpBytesReturned: receives the number of bytes of output; not NULL
 * ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED: the reader does not know the code;
 * SCARD_E_INSUFFICIENT_BUFFER: the output is larger; SCARD_E_INVALID_PARAMETER: lpBytesReturned is
 * NULL, or a buffer is NULL and its size is not 0.
 */
LONG WINAPI SCardControl(SCARDHANDLE hCard, DWORD dwControlCode, LPCVOID lpInBuffer,
    DWORD cbInBufferSize, LPVOID lpOutBuffer, DWORD cbOutBufferSize, LPDWORD lpBytesReturned)
    TESSERA_SCARD_SYMBOL(SCardControl);

/*
 * Reads an attribute of reader, protocol or card. [waits] [card]
 * @dwAttrId: SCARD_ATTR_* of <winsmcrd.h>, which tells the type
 * @pbAttr, @pcbAttrLen: [buffer], in bytes, also for text
 * ERROR_NOT_SUPPORTED: not known to this reader.
 */
LONG WINAPI SCardGetAttrib(SCARDHANDLE hCard, DWORD dwAttrId, LPBYTE pbAttr, LPDWORD pcbAttrLen)
    TESSERA_SCARD_SYMBOL(SCardGetAttrib);

/*
 * Sets an attribute; which ones can be set is up to the reader driver. [waits] [card]
 * @pbAttr, @cbAttrLen: the value in bytes
 * ERROR_NOT_SUPPORTED: not known or not to be set.
 */
LONG WINAPI SCardSetAttrib(SCARDHANDLE hCard, DWORD dwAttrId, LPCBYTE pbAttr, DWORD cbAttrLen)
    TESSERA_SCARD_SYMBOL(SCardSetAttrib);

/*
 * Cache and record
 */

/*
 * Keeps data of a card for other programs, in place of what was kept under the same identifier and
 * name. The resource manager has them until the card to which the context is connected goes,
 * or until it needs the room: it keeps 4,096 items and 8 MiB at most. Never secrets: every program
 * can read them.
 * @CardIdentifier: which card; every card has another
 * @FreshnessCounter: rises when the card's content changes
 * @LookupName: the name of the data, not empty; A and W name the same
 * @Data, @DataLen: in bytes; 0 is possible, and NULL then
 * SCARD_W_CACHE_ITEM_TOO_BIG: more than 65,536 bytes; SCARD_E_INVALID_PARAMETER: a pointer is NULL,
 * or the name is empty, has more than 1,023 bytes of UTF-8 or control characters.
 */
LONG WINAPI SCardWriteCacheA(SCARDCONTEXT hContext, UUID *CardIdentifier, DWORD FreshnessCounter,
    LPSTR LookupName, PBYTE Data, DWORD DataLen);
LONG WINAPI SCardWriteCacheW(SCARDCONTEXT hContext, UUID *CardIdentifier, DWORD FreshnessCounter,
    LPWSTR LookupName, PBYTE Data, DWORD DataLen);

/*
 * Reads them.
 * @Data, @DataLen: [buffer], in bytes, without SCARD_AUTOALLOCATE
 * SCARD_W_CACHE_ITEM_NOT_FOUND: nothing is kept under that identifier and name;
 * SCARD_W_CACHE_ITEM_STALE: its freshness is another one; when it was lower, it is kept no longer.
 */
LONG WINAPI SCardReadCacheA(SCARDCONTEXT hContext, UUID *CardIdentifier, DWORD FreshnessCounter,
    LPSTR LookupName, PBYTE Data, DWORD *DataLen);
LONG WINAPI SCardReadCacheW(SCARDCONTEXT hContext, UUID *CardIdentifier, DWORD FreshnessCounter,
    LPWSTR LookupName, PBYTE Data, DWORD *DataLen);

/*
 * Records how a PIN fared: in the log of the resource manager with the user and the process, or in
 * the system's log where the resource manager is in the process.
 * @dwEvent: SCARD_AUDIT_CHV_FAILURE or SCARD_AUDIT_CHV_SUCCESS
 * SCARD_E_INVALID_PARAMETER: another event; SCARD_E_UNSUPPORTED_FEATURE: that log is set not to
 * have it.
 */
LONG WINAPI SCardAudit(SCARDCONTEXT hContext, DWORD dwEvent);

/*
 * Choosing a card
 */

/*
 * What a program may bring to the choice. The first connects to the card in szReader and returns
 * the handle, 0 when it fails; mszCards lists the types that the card may be of. The second looks
 * whether a connected card will do. The third disconnects.
 */
typedef SCARDHANDLE(WINAPI *LPOCNCONNPROCA)(
    SCARDCONTEXT hSCardContext, LPSTR szReader, LPSTR mszCards, PVOID pvUserData);
typedef SCARDHANDLE(WINAPI *LPOCNCONNPROCW)(
    SCARDCONTEXT hSCardContext, LPWSTR szReader, LPWSTR mszCards, PVOID pvUserData);
typedef BOOL(WINAPI *LPOCNCHKPROC)(SCARDCONTEXT hSCardContext, SCARDHANDLE hCard, PVOID pvUserData);
typedef void(WINAPI *LPOCNDSCPROC)(SCARDCONTEXT hSCardContext, SCARDHANDLE hCard, PVOID pvUserData);

/*
 * Which cards come into question. dwStructSize is sizeof; lists are multi-strings and end by
 * themselves, so that their lengths (nMax...) are not looked at; the interfaces are reserved, NULL
 * and 0. lpstrGroupNames NULL: SCARD_DEFAULT_READERS. lpstrCardNames NULL: any card. With lpfnCheck
 * there must be lpfnConnect and lpfnDisconnect, or a share mode and protocols to connect with.
 */
typedef struct {
	DWORD dwStructSize;
	LPSTR lpstrGroupNames;
	DWORD nMaxGroupNames;
	LPCGUID rgguidInterfaces;
	DWORD cguidInterfaces;
	LPSTR lpstrCardNames;
	DWORD nMaxCardNames;
	LPOCNCHKPROC lpfnCheck;
	LPOCNCONNPROCA lpfnConnect;
	LPOCNDSCPROC lpfnDisconnect;
	LPVOID pvUserData;
	DWORD dwShareMode;
	DWORD dwPreferredProtocols;
} OPENCARD_SEARCH_CRITERIAA, *POPENCARD_SEARCH_CRITERIAA, *LPOPENCARD_SEARCH_CRITERIAA;

typedef struct {
	DWORD dwStructSize;
	LPWSTR lpstrGroupNames;
	DWORD nMaxGroupNames;
	LPCGUID rgguidInterfaces;
	DWORD cguidInterfaces;
	LPWSTR lpstrCardNames;
	DWORD nMaxCardNames;
	LPOCNCHKPROC lpfnCheck;
	LPOCNCONNPROCW lpfnConnect;
	LPOCNDSCPROC lpfnDisconnect;
	LPVOID pvUserData;
	DWORD dwShareMode;
	DWORD dwPreferredProtocols;
} OPENCARD_SEARCH_CRITERIAW, *POPENCARD_SEARCH_CRITERIAW, *LPOPENCARD_SEARCH_CRITERIAW;

/*
 * A choice. Needed: dwStructSize (sizeof), hSCardContext, and the two texts that receive the names
 * of reader and card type, with their sizes in characters. dwFlags: one SC_DLG_*; 0 is
 * SC_DLG_MINIMAL_UI; receives the one that held. How the card that was chosen is connected to:
 * lpfnConnect when there is one; else by dwShareMode when that is not 0; else not, and hCardHandle
 * becomes 0.
 */
typedef struct {
	DWORD dwStructSize;
	SCARDCONTEXT hSCardContext;
	HWND hwndOwner;
	DWORD dwFlags;
	LPCSTR lpstrTitle;
	LPCSTR lpstrSearchDesc;
	HICON hIcon;
	POPENCARD_SEARCH_CRITERIAA pOpenCardSearchCriteria;
	LPOCNCONNPROCA lpfnConnect;
	LPVOID pvUserData;
	DWORD dwShareMode;
	DWORD dwPreferredProtocols;
	LPSTR lpstrRdr;
	DWORD nMaxRdr;
	LPSTR lpstrCard;
	DWORD nMaxCard;
	DWORD dwActiveProtocol;
	SCARDHANDLE hCardHandle;
} OPENCARDNAME_EXA, *POPENCARDNAME_EXA, *LPOPENCARDNAME_EXA;

typedef struct {
	DWORD dwStructSize;
	SCARDCONTEXT hSCardContext;
	HWND hwndOwner;
	DWORD dwFlags;
	LPCWSTR lpstrTitle;
	LPCWSTR lpstrSearchDesc;
	HICON hIcon;
	POPENCARD_SEARCH_CRITERIAW pOpenCardSearchCriteria;
	LPOCNCONNPROCW lpfnConnect;
	LPVOID pvUserData;
	DWORD dwShareMode;
	DWORD dwPreferredProtocols;
	LPWSTR lpstrRdr;
	DWORD nMaxRdr;
	LPWSTR lpstrCard;
	DWORD nMaxCard;
	DWORD dwActiveProtocol;
	SCARDHANDLE hCardHandle;
} OPENCARDNAME_EXW, *POPENCARDNAME_EXW, *LPOPENCARDNAME_EXW;

/* The two in one, of version 1.0: the functions of the search make the connection, too. */
typedef struct {
	DWORD dwStructSize;
	HWND hwndOwner;
	SCARDCONTEXT hSCardContext;
	LPSTR lpstrGroupNames;
	DWORD nMaxGroupNames;
	LPSTR lpstrCardNames;
	DWORD nMaxCardNames;
	LPCGUID rgguidInterfaces;
	DWORD cguidInterfaces;
	LPSTR lpstrRdr;
	DWORD nMaxRdr;
	LPSTR lpstrCard;
	DWORD nMaxCard;
	LPCSTR lpstrTitle;
	DWORD dwFlags;
	LPVOID pvUserData;
	DWORD dwShareMode;
	DWORD dwPreferredProtocols;
	DWORD dwActiveProtocol;
	LPOCNCONNPROCA lpfnConnect;
	LPOCNCHKPROC lpfnCheck;
	LPOCNDSCPROC lpfnDisconnect;
	SCARDHANDLE hCardHandle;
} OPENCARDNAMEA, *POPENCARDNAMEA, *LPOPENCARDNAMEA;

typedef struct {
	DWORD dwStructSize;
	HWND hwndOwner;
	SCARDCONTEXT hSCardContext;
	LPWSTR lpstrGroupNames;
	DWORD nMaxGroupNames;
	LPWSTR lpstrCardNames;
	DWORD nMaxCardNames;
	LPCGUID rgguidInterfaces;
	DWORD cguidInterfaces;
	LPWSTR lpstrRdr;
	DWORD nMaxRdr;
	LPWSTR lpstrCard;
	DWORD nMaxCard;
	LPCWSTR lpstrTitle;
	DWORD dwFlags;
	LPVOID pvUserData;
	DWORD dwShareMode;
	DWORD dwPreferredProtocols;
	DWORD dwActiveProtocol;
	LPOCNCONNPROCW lpfnConnect;
	LPOCNCHKPROC lpfnCheck;
	LPOCNDSCPROC lpfnDisconnect;
	SCARDHANDLE hCardHandle;
} OPENCARDNAMEW, *POPENCARDNAMEW, *LPOPENCARDNAMEW;

typedef OPENCARDNAMEA OPENCARDNAME_A, *POPENCARDNAME_A, *LPOPENCARDNAME_A;
typedef OPENCARDNAMEW OPENCARDNAME_W, *POPENCARDNAME_W, *LPOPENCARDNAME_W;
typedef OPENCARDNAME_EXA OPENCARDNAMEA_EX, *POPENCARDNAMEA_EX, *LPOPENCARDNAMEA_EX;
typedef OPENCARDNAME_EXW OPENCARDNAMEW_EX, *POPENCARDNAMEW_EX, *LPOPENCARDNAMEW_EX;

/*
 * Finds a card, and connects to it. Readers are looked at in their order; callbacks run on the
 * calling thread; what they reject is disconnected. SC_DLG_NO_UI: the first card that will do.
 * SC_DLG_MINIMAL_UI: the same where lpfnCheck decides, else the only card. For everything else a
 * window is needed. SCARD_E_UNSUPPORTED_FEATURE: a window is needed, and there is no component of
 * the category CATID_SCardDialog to show it; SCARD_E_NO_SMARTCARD: no card will do;
 * SCARD_E_NO_READERS_AVAILABLE: no reader is in the groups; SCARD_E_NO_MEMORY: a name does not fit,
 * nMaxRdr and nMaxCard become what is needed; SCARD_E_UNKNOWN_CARD: a name in lpstrCardNames;
 * SCARD_E_INVALID_PARAMETER: a pointer is NULL, a size wrong, or something reserved is not NULL;
 * SCARD_E_INVALID_VALUE: dwFlags; ERROR_INVALID_HANDLE: the context; SCARD_F_UNKNOWN_ERROR:
 * lpfnConnect failed; what SCardConnect returns.
 */
LONG WINAPI SCardUIDlgSelectCardA(LPOPENCARDNAME_EXA pDlgStruc);
LONG WINAPI SCardUIDlgSelectCardW(LPOPENCARDNAME_EXW pDlgStruc);
LONG WINAPI GetOpenCardNameA(LPOPENCARDNAMEA pDlgStruc);
LONG WINAPI GetOpenCardNameW(LPOPENCARDNAMEW pDlgStruc);

/* What the last of these on this thread returned; 0 when there was none. */
LONG WINAPI SCardDlgExtendedError(void);

#define SCardGetReaderCapabilities SCardGetAttrib
#define SCardSetReaderCapabilities SCardSetAttrib

#ifdef UNICODE
#define SCardListReaderGroups SCardListReaderGroupsW
#define SCardListReaders SCardListReadersW
#define SCardListCards SCardListCardsW
#define SCardListInterfaces SCardListInterfacesW
#define SCardGetProviderId SCardGetProviderIdW
#define SCardGetCardTypeProviderName SCardGetCardTypeProviderNameW
#define SCardSetCardTypeProviderName SCardSetCardTypeProviderNameW
#define SCardIntroduceReaderGroup SCardIntroduceReaderGroupW
#define SCardForgetReaderGroup SCardForgetReaderGroupW
#define SCardIntroduceReader SCardIntroduceReaderW
#define SCardForgetReader SCardForgetReaderW
#define SCardAddReaderToGroup SCardAddReaderToGroupW
#define SCardRemoveReaderFromGroup SCardRemoveReaderFromGroupW
#define SCardIntroduceCardType SCardIntroduceCardTypeW
#define SCardForgetCardType SCardForgetCardTypeW
#define SCardLocateCards SCardLocateCardsW
#define SCardLocateCardsByATR SCardLocateCardsByATRW
#define SCardGetStatusChange SCardGetStatusChangeW
#define SCardConnect SCardConnectW
#define SCardStatus SCardStatusW
#define SCardGetDeviceTypeId SCardGetDeviceTypeIdW
#define SCardGetReaderIcon SCardGetReaderIconW
#define SCardGetReaderDeviceInstanceId SCardGetReaderDeviceInstanceIdW
#define SCardListReadersWithDeviceInstanceId SCardListReadersWithDeviceInstanceIdW
#define SCardReadCache SCardReadCacheW
#define SCardWriteCache SCardWriteCacheW
#define LPOCNCONNPROC LPOCNCONNPROCW
#define OPENCARD_SEARCH_CRITERIA OPENCARD_SEARCH_CRITERIAW
#define POPENCARD_SEARCH_CRITERIA POPENCARD_SEARCH_CRITERIAW
#define LPOPENCARD_SEARCH_CRITERIA LPOPENCARD_SEARCH_CRITERIAW
#define OPENCARDNAME_EX OPENCARDNAME_EXW
#define POPENCARDNAME_EX POPENCARDNAME_EXW
#define LPOPENCARDNAME_EX LPOPENCARDNAME_EXW
#define OPENCARDNAME OPENCARDNAMEW
#define POPENCARDNAME POPENCARDNAMEW
#define LPOPENCARDNAME LPOPENCARDNAMEW
#define SCardUIDlgSelectCard SCardUIDlgSelectCardW
#define GetOpenCardName GetOpenCardNameW
#else
#define SCardListReaderGroups SCardListReaderGroupsA
#define SCardListReaders SCardListReadersA
#define SCardListCards SCardListCardsA
#define SCardListInterfaces SCardListInterfacesA
#define SCardGetProviderId SCardGetProviderIdA
#define SCardGetCardTypeProviderName SCardGetCardTypeProviderNameA
#define SCardSetCardTypeProviderName SCardSetCardTypeProviderNameA
#define SCardIntroduceReaderGroup SCardIntroduceReaderGroupA
#define SCardForgetReaderGroup SCardForgetReaderGroupA
#define SCardIntroduceReader SCardIntroduceReaderA
#define SCardForgetReader SCardForgetReaderA
#define SCardAddReaderToGroup SCardAddReaderToGroupA
#define SCardRemoveReaderFromGroup SCardRemoveReaderFromGroupA
#define SCardIntroduceCardType SCardIntroduceCardTypeA
#define SCardForgetCardType SCardForgetCardTypeA
#define SCardLocateCards SCardLocateCardsA
#define SCardLocateCardsByATR SCardLocateCardsByATRA
#define SCardGetStatusChange SCardGetStatusChangeA
#define SCardConnect SCardConnectA
#define SCardStatus SCardStatusA
#define SCardGetDeviceTypeId SCardGetDeviceTypeIdA
#define SCardGetReaderIcon SCardGetReaderIconA
#define SCardGetReaderDeviceInstanceId SCardGetReaderDeviceInstanceIdA
#define SCardListReadersWithDeviceInstanceId SCardListReadersWithDeviceInstanceIdA
#define SCardReadCache SCardReadCacheA
#define SCardWriteCache SCardWriteCacheA
#define LPOCNCONNPROC LPOCNCONNPROCA
#define OPENCARD_SEARCH_CRITERIA OPENCARD_SEARCH_CRITERIAA
#define POPENCARD_SEARCH_CRITERIA POPENCARD_SEARCH_CRITERIAA
#define LPOPENCARD_SEARCH_CRITERIA LPOPENCARD_SEARCH_CRITERIAA
#define OPENCARDNAME_EX OPENCARDNAME_EXA
#define POPENCARDNAME_EX POPENCARDNAME_EXA
#define LPOPENCARDNAME_EX LPOPENCARDNAME_EXA
#define OPENCARDNAME OPENCARDNAMEA
#define POPENCARDNAME POPENCARDNAMEA
#define LPOPENCARDNAME LPOPENCARDNAMEA
#define SCardUIDlgSelectCard SCardUIDlgSelectCardA
#define GetOpenCardName GetOpenCardNameA
#endif

#ifdef __cplusplus
}
#endif

#endif
