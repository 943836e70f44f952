/* SPDX-License-Identifier: BSD-2-Clause */
/* SCardWriteCache, SCardReadCache and SCardAudit. */
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/fixture.h"

#define ITEM_MAX 65536u

static UUID first = { 0x5A3C9F10, 0x1111, 0x4444, { 1, 2, 3, 4, 5, 6, 7, 8 } };
static UUID second = { 0x5A3C9F10, 0x1111, 0x4444, { 1, 2, 3, 4, 5, 6, 7, 9 } };
static CHAR name[] = "mscp/cmapfile";
static WCHAR wide_name[] = u"mscp/cmapfile";
static BYTE content[] = { 0xC0, 0x01, 0xCA, 0xFE };

/* Reads into 16 bytes that are 55; the length asked back. */
static DWORD
reads(SCARDCONTEXT context, UUID *card, DWORD freshness, LONG code, BYTE data[16])
{
	DWORD length = 16;

	memset(data, 0x55, 16);
	CODE(SCardReadCacheA(context, card, freshness, name, data, &length), code);
	return length;
}

static void
kept(void)
{
	SCARDCONTEXT context = fixture_context(), other = fixture_context();
	DWORD length = 3;
	BYTE data[16];

	(void)reads(context, &first, 7, SCARD_W_CACHE_ITEM_NOT_FOUND, data);
	OK(SCardWriteCacheA(context, &first, 7, name, content, sizeof content));
	/* Another context, and the other form of the name. */
	SUITE_EQUAL_INT(reads(other, &first, 7, SCARD_S_SUCCESS, data), 4);
	SUITE_EQUAL_BYTES(data, 5, "C0 01 CA FE 55");
	memset(data, 0x55, sizeof data);
	length = sizeof data;
	OK(SCardReadCacheW(other, &first, 7, wide_name, data, &length));
	SUITE_EQUAL_INT(length, 4);
	/* Another card, another name. */
	(void)reads(context, &second, 7, SCARD_W_CACHE_ITEM_NOT_FOUND, data);
	SUITE_EQUAL_BYTES(data, 1, "55");
	length = sizeof data;
	CODE(SCardReadCacheW(other, &first, 7, (LPWSTR)u"MSCP/cmapfile", data, &length),
	    SCARD_W_CACHE_ITEM_NOT_FOUND);
	SUITE_EQUAL_INT(length, sizeof data);
	/* Room, and none. */
	length = 3;
	CODE(SCardReadCacheA(context, &first, 7, name, data, &length), SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 4);
	length = 0;
	OK(SCardReadCacheA(context, &first, 7, name, NULL, &length));
	SUITE_EQUAL_INT(length, 4);
	/* Written again, empty and by the other form. */
	OK(SCardWriteCacheW(context, &first, 8, wide_name, NULL, 0));
	SUITE_EQUAL_INT(reads(context, &first, 8, SCARD_S_SUCCESS, data), 0);
	OK(SCardReleaseContext(other));
	OK(SCardReleaseContext(context));
}

static void
freshness(void)
{
	SCARDCONTEXT context = fixture_context();
	BYTE data[16];

	OK(SCardWriteCacheA(context, &first, 20, name, content, sizeof content));
	/* It is newer than what is wanted: not that, but kept. */
	(void)reads(context, &first, 19, SCARD_W_CACHE_ITEM_STALE, data);
	SUITE_EQUAL_INT(reads(context, &first, 20, SCARD_S_SUCCESS, data), 4);
	(void)reads(context, &first, 21, SCARD_W_CACHE_ITEM_STALE, data);
	SUITE_EQUAL_BYTES(data, 1, "55");
	(void)reads(context, &first, 20, SCARD_W_CACHE_ITEM_NOT_FOUND, data);
	OK(SCardReleaseContext(context));
}

static void
limits(void)
{
	SCARDCONTEXT context = fixture_context();
	BYTE *large = calloc(1, ITEM_MAX + 1), *back = malloc(ITEM_MAX);
	CHAR long_name[1025];
	DWORD length = ITEM_MAX;

	large[ITEM_MAX - 1] = 0xEE;
	OK(SCardWriteCacheA(context, &second, 1, name, large, ITEM_MAX));
	OK(SCardReadCacheA(context, &second, 1, name, back, &length));
	SUITE_EQUAL_INT(length, ITEM_MAX);
	CU_ASSERT_EQUAL(memcmp(back, large, ITEM_MAX), 0);
	CODE(SCardWriteCacheA(context, &second, 1, name, large, ITEM_MAX + 1),
	    SCARD_W_CACHE_ITEM_TOO_BIG);
	CODE(SCardWriteCacheW(context, &second, 1, wide_name, large, ITEM_MAX + 1),
	    SCARD_W_CACHE_ITEM_TOO_BIG);
	memset(long_name, 'n', sizeof long_name);
	long_name[1024] = '\0';
	CODE(SCardWriteCacheA(context, &second, 1, long_name, content, 1),
	    SCARD_E_INVALID_PARAMETER);
	long_name[1023] = '\0';
	OK(SCardWriteCacheA(context, &second, 1, long_name, content, 1));
	/* 8 MiB are kept: the item used last is there, the first is not. */
	for (DWORD i = 0; i < 140; i++) {
		UUID card = { i, 0, 0, { 0 } };

		OK(SCardWriteCacheA(context, &card, 1, name, large, ITEM_MAX));
		length = ITEM_MAX;
		OK(SCardReadCacheA(context, &card, 1, name, back, &length));
	}
	length = ITEM_MAX;
	CODE(SCardReadCacheA(context, &second, 1, name, back, &length),
	    SCARD_W_CACHE_ITEM_NOT_FOUND);
	free(back);
	free(large);
	OK(SCardReleaseContext(context));
}

static void
arguments(void)
{
	SCARDCONTEXT context = fixture_context();
	DWORD length = 4;
	BYTE data[4];

	CODE(SCardWriteCacheA(context, NULL, 1, name, content, 4), SCARD_E_INVALID_PARAMETER);
	CODE(SCardWriteCacheA(context, &first, 1, NULL, content, 4), SCARD_E_INVALID_PARAMETER);
	CODE(SCardWriteCacheA(context, &first, 1, name, NULL, 4), SCARD_E_INVALID_PARAMETER);
	CODE(SCardWriteCacheA(context, &first, 1, (LPSTR) "", content, 4),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardWriteCacheA(context, &first, 1, (LPSTR) "\x80", content, 4),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardWriteCacheW(context, &first, 1, NULL, content, 4), SCARD_E_INVALID_PARAMETER);
	CODE(SCardWriteCacheW(context, NULL, 1, wide_name, content, 4), SCARD_E_INVALID_PARAMETER);
	CODE(SCardReadCacheA(context, NULL, 1, name, data, &length), SCARD_E_INVALID_PARAMETER);
	CODE(SCardReadCacheA(context, &first, 1, NULL, data, &length), SCARD_E_INVALID_PARAMETER);
	CODE(SCardReadCacheA(context, &first, 1, name, data, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardReadCacheW(context, &first, 1, NULL, data, &length), SCARD_E_INVALID_PARAMETER);
	CODE(SCardReadCacheW(context, &first, 1, wide_name, data, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardReadCacheA(0, &first, 1, name, data, &length), ERROR_INVALID_HANDLE);
	CODE(SCardReadCacheW(0, &first, 1, wide_name, data, &length), ERROR_INVALID_HANDLE);
	CODE(SCardWriteCacheA(0, &first, 1, name, data, 4), ERROR_INVALID_HANDLE);
	CODE(SCardWriteCacheW(0, &first, 1, wide_name, data, 4), ERROR_INVALID_HANDLE);
	length = SCARD_AUTOALLOCATE;
	CODE(SCardReadCacheA(context, &first, 1, name, data, &length), SCARD_E_INVALID_PARAMETER);
	OK(SCardReleaseContext(context));
	CODE(SCardWriteCacheA(context, &first, 1, name, data, 4), ERROR_INVALID_HANDLE);
	length = 4;
	CODE(SCardReadCacheA(context, &first, 1, name, data, &length), ERROR_INVALID_HANDLE);
}

static void
audit(void)
{
	SCARDCONTEXT context = fixture_context();

	OK(SCardAudit(context, SCARD_AUDIT_CHV_FAILURE));
	OK(SCardAudit(context, SCARD_AUDIT_CHV_SUCCESS));
	CODE(SCardAudit(context, 2), SCARD_E_INVALID_PARAMETER);
	CODE(SCardAudit(0, SCARD_AUDIT_CHV_SUCCESS), ERROR_INVALID_HANDLE);
	OK(SCardReleaseContext(context));
	CODE(SCardAudit(context, SCARD_AUDIT_CHV_SUCCESS), ERROR_INVALID_HANDLE);
}

static const struct suite_test tests[] = {
	{ "SCardWriteCache, SCardReadCache", kept },
	{ "freshness of items", freshness },
	{ "limits of the cache", limits },
	{ "arguments of the cache", arguments },
	{ "SCardAudit", audit },
};

int
main(void)
{
	return fixture_run("winscard_cache", tests, sizeof tests / sizeof tests[0]);
}
