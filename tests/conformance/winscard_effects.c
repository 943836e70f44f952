/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each function's success does, seen from outside: contexts, lists, connections, exchanges,
 * waits. What they do in detail, and what they refuse, the other programs say.
 */
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "tests/conformance/fixture.h"

#define SOON_NSEC 20000000

static const BYTE challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

static SCARDCONTEXT context;
static SCARDHANDLE card;

static void
contexts(void)
{
	SCARDCONTEXT one = 0;

	OK(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &one));
	EFFECT(SCardEstablishContext, one != 0);
	EFFECT(SCardIsValidContext, SCardIsValidContext(one) == SCARD_S_SUCCESS);
	OK(SCardReleaseContext(one));
	EFFECT(SCardReleaseContext, SCardIsValidContext(one) == ERROR_INVALID_HANDLE);
}

static void
blocks(void)
{
	DWORD length = SCARD_AUTOALLOCATE;
	char *block = NULL;

	OK(SCardListReadersA(context, NULL, (LPSTR)&block, &length));
	OK(SCardFreeMemory(context, block));
	EFFECT(SCardFreeMemory, SCardFreeMemory(context, block) == SCARD_E_INVALID_PARAMETER);
}

static bool
readable(HANDLE event, int timeout_ms)
{
	struct pollfd polled = { .fd = (int)(intptr_t)event, .events = POLLIN };

	return poll(&polled, 1, timeout_ms) == 1 && polled.revents == POLLIN;
}

static void
started(void)
{
	HANDLE event = SCardAccessStartedEvent();

	EFFECT(SCardAccessStartedEvent, readable(event, 30000));
	SCardReleaseStartedEvent();
	EFFECT(SCardReleaseStartedEvent, !readable(event, 0));
}

/* Whether both are the same names, as far as they are ASCII; the fixture's reader is. */
static bool
same_text(const char *narrow, const WCHAR *wide, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((WCHAR)(BYTE)narrow[i] != wide[i])
			return false;
	return true;
}

static void
lists(void)
{
	WCHAR wide[1024];
	char list[1024], id[256];
	DWORD length = sizeof list, wide_length = 1024;

	OK(SCardListReadersA(context, NULL, list, &length));
	EFFECT(SCardListReadersA, fixture_list_has(list, fixture_reader()));
	OK(SCardListReadersW(context, NULL, wide, &wide_length));
	EFFECT(SCardListReadersW, wide_length == length && same_text(list, wide, length));
	length = sizeof list;
	OK(SCardListReaderGroupsA(context, list, &length));
	EFFECT(SCardListReaderGroupsA, fixture_list_has(list, "SCard$DefaultReaders"));
	wide_length = 1024;
	OK(SCardListReaderGroupsW(context, wide, &wide_length));
	EFFECT(SCardListReaderGroupsW, wide_length == length && same_text(list, wide, length));
	length = sizeof id;
	OK(SCardGetReaderDeviceInstanceIdA(context, fixture_reader(), id, &length));
	EFFECT(SCardGetReaderDeviceInstanceIdA, length > 1 && length == strlen(id) + 1);
	wide_length = 1024;
	OK(SCardGetReaderDeviceInstanceIdW(context, fixture_reader_wide(), wide, &wide_length));
	EFFECT(
	    SCardGetReaderDeviceInstanceIdW, wide_length == length && same_text(id, wide, length));
	wide_length = 1024;
	OK(SCardListReadersWithDeviceInstanceIdW(context, wide, wide, &wide_length));
	length = sizeof list;
	OK(SCardListReadersWithDeviceInstanceIdA(context, id, list, &length));
	EFFECT(SCardListReadersWithDeviceInstanceIdA, fixture_list_has(list, fixture_reader()));
	EFFECT(SCardListReadersWithDeviceInstanceIdW,
	    wide_length == length && same_text(list, wide, length));
}

static void
devices(void)
{
	static BYTE icon[1 << 20];
	DWORD type = 0, wide = 1, length = sizeof icon;

	OK(SCardGetDeviceTypeIdA(context, fixture_reader(), &type));
	EFFECT(SCardGetDeviceTypeIdA, type != 0);
	OK(SCardGetDeviceTypeIdW(context, fixture_reader_wide(), &wide));
	EFFECT(SCardGetDeviceTypeIdW, wide == type);
	OK(SCardGetReaderIconA(context, fixture_reader(), icon, &length));
	EFFECT(SCardGetReaderIconA, length > 22 && icon[2] == 1 && icon[4] == 1);
	icon[2] = 0;
	OK(SCardGetReaderIconW(context, fixture_reader_wide(), icon, &length));
	EFFECT(SCardGetReaderIconW, icon[2] == 1);
}

static void
connecting(void)
{
	SCARDHANDLE wide = 0;
	DWORD active = 0;

	OK(SCardConnectA(
	    context, fixture_reader(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, &active));
	EFFECT(SCardConnectA, card != 0 && (active & SCARD_PROTOCOL_Tx) != 0);
	OK(SCardConnectW(
	    context, fixture_reader_wide(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &wide, &active));
	EFFECT(SCardConnectW, wide != 0 && wide != card);
	/* The other handle feels the reset. */
	OK(SCardReconnect(wide, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_RESET_CARD, &active));
	EFFECT(SCardReconnect,
	    SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL) == SCARD_W_RESET_CARD);
	OK(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL));
	OK(SCardDisconnect(wide, SCARD_LEAVE_CARD));
	EFFECT(SCardDisconnect, SCardDisconnect(wide, SCARD_LEAVE_CARD) == ERROR_INVALID_HANDLE);
}

static void
status(void)
{
	char name[FIXTURE_NAME_SIZE];
	WCHAR wide[FIXTURE_NAME_SIZE];
	DWORD length = sizeof name, state = 99, protocol, atr_length = 36;
	BYTE atr[36];

	OK(SCardStatusA(card, name, &length, &state, &protocol, atr, &atr_length));
	EFFECT(SCardStatusA, state == SCARD_SPECIFIC && strcmp(name, fixture_reader()) == 0);
	state = 99;
	length = FIXTURE_NAME_SIZE;
	OK(SCardStatusW(card, wide, &length, &state, NULL, NULL, NULL));
	EFFECT(SCardStatusW, state == SCARD_SPECIFIC && same_text(name, wide, length));
	state = 99;
	atr[0] = 0;
	OK(SCardState(card, &state, &protocol, atr, &atr_length));
	EFFECT(SCardState, state == SCARD_SPECIFIC && atr[0] == 0x3B);
}

static LONG
code_of_begin(SCARDHANDLE handle)
{
	LONG code = SCardBeginTransaction(handle);

	if (code == SCARD_S_SUCCESS)
		OK(SCardEndTransaction(handle, SCARD_LEAVE_CARD));
	return code;
}

static void
transactions(void)
{
	OK(SCardBeginTransaction(card));
	OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
	/* It was there, and is no more. */
	EFFECT(SCardBeginTransaction, code_of_begin(card) == SCARD_S_SUCCESS);
	EFFECT(SCardEndTransaction,
	    SCardEndTransaction(card, SCARD_LEAVE_CARD) == SCARD_E_NOT_TRANSACTED);
	OK(SCardBeginTransaction(card));
	OK(SCardCancelTransaction(card));
	EFFECT(SCardCancelTransaction,
	    SCardEndTransaction(card, SCARD_LEAVE_CARD) == SCARD_E_NOT_TRANSACTED);
}

static void
exchanges(void)
{
	DWORD before = 0, after = 0, length = 0, atr_length = 36;
	BYTE reply[64], cold = SCARD_COLD_RESET, atr[36];

	OK(SCardGetTransmitCount(card, &before));
	length = (DWORD)fixture_transmit(card, challenge, sizeof challenge, reply, sizeof reply);
	EFFECT(SCardTransmit, length == 10 && reply[8] == 0x90 && reply[9] == 0x00);
	OK(SCardGetTransmitCount(card, &after));
	EFFECT(SCardGetTransmitCount, after == before + 1);
	OK(SCardStatusA(card, NULL, NULL, NULL, NULL, atr, &atr_length));
	length = sizeof reply;
	OK(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, reply, &length));
	EFFECT(SCardGetAttrib, length == atr_length && memcmp(reply, atr, length) == 0);
	OK(SCardControl(card, SCARD_CTL_CODE(1), &cold, 1, reply, sizeof reply, &length));
	EFFECT(SCardControl, length == atr_length && memcmp(reply, atr, length) == 0);
	OK(SCardDisconnect(card, SCARD_RESET_CARD));
}

static void
looks(void)
{
	SCARD_READERSTATEA state = { .szReader = fixture_reader() };
	SCARD_READERSTATEW wide = { .szReader = fixture_reader_wide() };
	SCARD_ATRMASK mask = { 0 };

	OK(SCardGetStatusChangeA(context, 0, &state, 1));
	EFFECT(
	    SCardGetStatusChangeA, (state.dwEventState & SCARD_STATE_PRESENT) && state.cbAtr > 1);
	OK(SCardGetStatusChangeW(context, 0, &wide, 1));
	EFFECT(SCardGetStatusChangeW, wide.dwEventState == state.dwEventState);
	mask.cbAtr = state.cbAtr;
	memset(mask.rgbMask, 0xFF, mask.cbAtr);
	memcpy(mask.rgbAtr, state.rgbAtr, mask.cbAtr);
	OK(SCardLocateCardsByATRA(context, &mask, 1, &state, 1));
	EFFECT(SCardLocateCardsByATRA, state.dwEventState & SCARD_STATE_ATRMATCH);
	OK(SCardLocateCardsByATRW(context, &mask, 1, &wide, 1));
	EFFECT(SCardLocateCardsByATRW, wide.dwEventState & SCARD_STATE_ATRMATCH);
	OK(SCardLocateCardsA(context, "Tessera soft card\0", &state, 1));
	EFFECT(SCardLocateCardsA, state.dwEventState & SCARD_STATE_ATRMATCH);
	OK(SCardLocateCardsW(context, u"Tessera soft card\0", &wide, 1));
	EFFECT(SCardLocateCardsW, wide.dwEventState & SCARD_STATE_ATRMATCH);
}

static void *
wait_for_ever(void *wide)
{
	SCARD_READERSTATEA state = { .szReader = fixture_reader() };
	SCARD_READERSTATEW state_w = { .szReader = fixture_reader_wide() };

	OK(SCardGetStatusChangeA(context, 0, &state, 1));
	state.dwCurrentState = state_w.dwCurrentState =
	    state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	if (wide != NULL)
		CODE(SCardGetStatusChangeW(context, INFINITE, &state_w, 1), SCARD_E_CANCELLED);
	else
		CODE(SCardGetStatusChangeA(context, INFINITE, &state, 1), SCARD_E_CANCELLED);
	return wide;
}

/* Whether the other thread waits already cannot be seen: a cancel that came too early is repeated.
 */
static void
cancel_until_back(void *wide)
{
	struct timespec soon;
	pthread_t thread;

	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, wait_for_ever, wide), 0);
	do {
		OK(SCardCancel(context));
		(void)clock_gettime(CLOCK_REALTIME, &soon);
		soon.tv_nsec += SOON_NSEC;
		soon.tv_sec += soon.tv_nsec / 1000000000;
		soon.tv_nsec %= 1000000000;
	} while (pthread_timedjoin_np(thread, NULL, &soon) != 0);
}

static void
cancels(void)
{
	cancel_until_back(NULL);
	cancel_until_back(&context);
	EFFECT(SCardCancel, SCardIsValidContext(context) == SCARD_S_SUCCESS);
}

static void
cache(void)
{
	UUID identifier = { 0xEFFEC700, 1, 2, { 3 } };
	BYTE data[4] = { 0 };
	DWORD length = 4;

	OK(SCardWriteCacheA(context, &identifier, 1, (LPSTR) "narrow", (PBYTE) "abcd", 4));
	OK(SCardReadCacheW(context, &identifier, 1, (LPWSTR)u"narrow", data, &length));
	EFFECT(SCardWriteCacheA, length == 4);
	EFFECT(SCardReadCacheW, memcmp(data, "abcd", 4) == 0);
	OK(SCardWriteCacheW(context, &identifier, 1, (LPWSTR)u"wide", (PBYTE) "efg", 3));
	OK(SCardReadCacheA(context, &identifier, 1, (LPSTR) "wide", data, &length));
	EFFECT(SCardWriteCacheW, length == 3);
	EFFECT(SCardReadCacheA, memcmp(data, "efg", 3) == 0);
}

/* What the C library writes to the system's log goes to stderr as well, and that to a file. */
static void
audit(void)
{
	char text[512] = "";
	FILE *file = tmpfile();
	int kept = dup(STDERR_FILENO);

	if (strncmp(getenv("TESSERA_RM"), "embedded", 8) != 0) {
		OK(SCardAudit(context, SCARD_AUDIT_CHV_SUCCESS));
		(void)close(kept);
		(void)fclose(file);
		return;
	}
	openlog("winscard_effects", LOG_PERROR, LOG_USER);
	(void)dup2(fileno(file), STDERR_FILENO);
	OK(SCardAudit(context, SCARD_AUDIT_CHV_FAILURE));
	(void)dup2(kept, STDERR_FILENO);
	closelog();
	(void)close(kept);
	rewind(file);
	EFFECT(SCardAudit,
	    fgets(text, sizeof text, file) != NULL &&
		strstr(text, "PIN verification failed") != NULL);
	(void)fclose(file);
}

static void
begin(void)
{
	context = fixture_context();
}

static void
end(void)
{
	OK(SCardReleaseContext(context));
}

static const struct suite_test tests[] = {
	{ "SCardEstablishContext, SCardIsValidContext, SCardReleaseContext", contexts },
	{ "a context", begin },
	{ "SCardFreeMemory", blocks },
	{ "SCardAccessStartedEvent, SCardReleaseStartedEvent", started },
	{ "SCardListReaders, SCardListReaderGroups, instance ids", lists },
	{ "SCardGetDeviceTypeId, SCardGetReaderIcon", devices },
	{ "SCardConnect, SCardReconnect, SCardDisconnect", connecting },
	{ "SCardStatus, SCardState", status },
	{ "SCardBeginTransaction, SCardEndTransaction, SCardCancelTransaction", transactions },
	{ "SCardTransmit, SCardGetTransmitCount, SCardGetAttrib, SCardControl", exchanges },
	{ "SCardGetStatusChange, SCardLocateCards, SCardLocateCardsByATR", looks },
	{ "SCardCancel", cancels },
	{ "SCardReadCache, SCardWriteCache", cache },
	{ "SCardAudit", audit },
	{ "the context's end", end },
};

int
main(void)
{
	return fixture_run("winscard_effects", tests, sizeof tests / sizeof tests[0]);
}
