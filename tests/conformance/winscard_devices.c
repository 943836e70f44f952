/* SPDX-License-Identifier: BSD-2-Clause */
/* What a reader is: SCardGetDeviceTypeId, SCardGetReaderIcon, and the instance ids of devices. */
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/fixture.h"

static const WCHAR unknown_wide[] = u"no such reader";

static void
type(void)
{
	SCARDCONTEXT context = fixture_context();
	DWORD id = 0, wide = 0;

	OK(SCardGetDeviceTypeIdA(context, fixture_reader(), &id));
	CU_ASSERT_NOT_EQUAL(id, 0);
	/* One value, none of the reserved ones. */
	CU_ASSERT_TRUE(id == SCARD_READER_TYPE_VENDOR || (id & (id - 1)) == 0);
	OK(SCardGetDeviceTypeIdW(context, fixture_reader_wide(), &wide));
	SUITE_EQUAL_HEX(wide, id);
	CODE(SCardGetDeviceTypeIdA(context, "no such reader", &id), SCARD_E_UNKNOWN_READER);
	CODE(SCardGetDeviceTypeIdW(context, unknown_wide, &id), SCARD_E_UNKNOWN_READER);
	SUITE_EQUAL_HEX(wide, id);
	CODE(SCardGetDeviceTypeIdA(context, NULL, &id), SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetDeviceTypeIdA(context, fixture_reader(), NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetDeviceTypeIdW(context, NULL, &id), SCARD_E_INVALID_PARAMETER);
	CODE(
	    SCardGetDeviceTypeIdW(context, fixture_reader_wide(), NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetDeviceTypeIdA(0, fixture_reader(), &id), ERROR_INVALID_HANDLE);
	CODE(SCardGetDeviceTypeIdW(0, fixture_reader_wide(), &id), ERROR_INVALID_HANDLE);
	OK(SCardReleaseContext(context));
	CODE(SCardGetDeviceTypeIdA(context, fixture_reader(), &id), ERROR_INVALID_HANDLE);
}

static void
icon(void)
{
	SCARDCONTEXT context = fixture_context();
	DWORD length = 0, needed;
	BYTE *file, *block = NULL;

	OK(SCardGetReaderIconA(context, fixture_reader(), NULL, &length));
	CU_ASSERT_TRUE_FATAL(length > 22);
	needed = length;
	file = malloc(needed);
	length = needed - 1;
	CODE(SCardGetReaderIconA(context, fixture_reader(), file, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, needed);
	OK(SCardGetReaderIconA(context, fixture_reader(), file, &length));
	/* An icon file; one picture of 256 by 256 that lies within it to the last byte. */
	SUITE_EQUAL_BYTES(file, 6, "00 00 01 00 01 00");
	SUITE_EQUAL_BYTES(file + 6, 2, "00 00");
	SUITE_EQUAL_INT(file[14] | file[15] << 8 | file[16] << 16, (int)needed - 22);
	SUITE_EQUAL_BYTES(file + 18, 4, "16 00 00 00");
	SUITE_EQUAL_BYTES(file + 22, 16, "28 00 00 00 00 01 00 00 00 02 00 00 01 00 04 00");
	length = SCARD_AUTOALLOCATE;
	OK(SCardGetReaderIconW(context, fixture_reader_wide(), (LPBYTE)&block, &length));
	SUITE_EQUAL_INT(length, needed);
	CU_ASSERT_EQUAL(memcmp(block, file, needed), 0);
	OK(SCardFreeMemory(context, block));
	CODE(SCardGetReaderIconA(context, "no such reader", NULL, &length), SCARD_E_UNKNOWN_READER);
	CODE(SCardGetReaderIconW(context, unknown_wide, NULL, &length), SCARD_E_UNKNOWN_READER);
	CODE(SCardGetReaderIconA(context, fixture_reader(), file, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetReaderIconW(context, NULL, file, &length), SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetReaderIconA(0, fixture_reader(), NULL, &length), ERROR_INVALID_HANDLE);
	CODE(SCardGetReaderIconW(0, fixture_reader_wide(), NULL, &length), ERROR_INVALID_HANDLE);
	free(file);
	OK(SCardReleaseContext(context));
}

static void
instance(void)
{
	SCARDCONTEXT context = fixture_context();
	CHAR id[256], *block = NULL, upper[256];
	WCHAR wide[256], list_wide[512];
	DWORD length = sizeof id, needed;
	CHAR list[512];

	OK(SCardGetReaderDeviceInstanceIdA(context, fixture_reader(), id, &length));
	needed = length;
	SUITE_EQUAL_INT(needed, strlen(id) + 1);
	CU_ASSERT_TRUE(needed > 1);
	length = needed - 1;
	CODE(SCardGetReaderDeviceInstanceIdA(context, fixture_reader(), upper, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, needed);
	length = SCARD_AUTOALLOCATE;
	OK(SCardGetReaderDeviceInstanceIdA(context, fixture_reader(), (LPSTR)&block, &length));
	SUITE_EQUAL_STRING(block, id);
	OK(SCardFreeMemory(context, block));
	length = 256;
	OK(SCardGetReaderDeviceInstanceIdW(context, fixture_reader_wide(), wide, &length));
	CU_ASSERT_EQUAL(wide[length - 1], 0);
	CU_ASSERT_EQUAL(wide[0], (WCHAR)id[0]);

	length = sizeof list;
	OK(SCardListReadersWithDeviceInstanceIdA(context, id, list, &length));
	SUITE_EQUAL_INT(fixture_list_length(list, sizeof list), length);
	CU_ASSERT_TRUE(fixture_list_has(list, fixture_reader()));
	for (size_t i = 0; i <= strlen(id); i++)
		upper[i] = id[i] >= 'a' && id[i] <= 'z' ? (CHAR)(id[i] - 'a' + 'A') : id[i];
	needed = 0;
	OK(SCardListReadersWithDeviceInstanceIdA(context, upper, NULL, &needed));
	SUITE_EQUAL_INT(needed, length);
	length = needed - 1;
	CODE(SCardListReadersWithDeviceInstanceIdA(context, id, list, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	length = 512;
	OK(SCardListReadersWithDeviceInstanceIdW(context, wide, list_wide, &length));
	CU_ASSERT_EQUAL(
	    memcmp(list_wide, fixture_reader_wide(), strlen(fixture_reader()) * sizeof(WCHAR)), 0);
	OK(SCardReleaseContext(context));
}

static void
instance_failures(void)
{
	SCARDCONTEXT context = fixture_context();
	DWORD length = 0;
	CHAR id[8];

	CODE(SCardGetReaderDeviceInstanceIdA(context, "no such reader", NULL, &length),
	    SCARD_E_UNKNOWN_READER);
	CODE(SCardGetReaderDeviceInstanceIdW(context, unknown_wide, NULL, &length),
	    SCARD_E_UNKNOWN_READER);
	CODE(SCardGetReaderDeviceInstanceIdA(context, fixture_reader(), id, NULL),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetReaderDeviceInstanceIdW(context, NULL, NULL, &length),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetReaderDeviceInstanceIdA(0, fixture_reader(), NULL, &length),
	    ERROR_INVALID_HANDLE);
	CODE(SCardGetReaderDeviceInstanceIdW(0, fixture_reader_wide(), NULL, &length),
	    ERROR_INVALID_HANDLE);
	CODE(SCardListReadersWithDeviceInstanceIdA(context, "USB\\NONE", NULL, &length),
	    SCARD_E_NO_READERS_AVAILABLE);
	CODE(SCardListReadersWithDeviceInstanceIdW(context, u"USB\\NONE", NULL, &length),
	    SCARD_E_NO_READERS_AVAILABLE);
	CODE(SCardListReadersWithDeviceInstanceIdA(context, NULL, NULL, &length),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardListReadersWithDeviceInstanceIdW(context, u"", NULL, &length),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardListReadersWithDeviceInstanceIdA(context, "USB\\NONE", id, NULL),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardListReadersWithDeviceInstanceIdA(0, "USB\\NONE", NULL, &length),
	    ERROR_INVALID_HANDLE);
	CODE(SCardListReadersWithDeviceInstanceIdW(0, u"USB\\NONE", NULL, &length),
	    ERROR_INVALID_HANDLE);
	OK(SCardReleaseContext(context));
}

/* The identity of a slot is as good as its name, in every call that takes one. */
static void
identity_as_name(void)
{
	SCARDCONTEXT context = fixture_context();
	char identity[256], name[FIXTURE_NAME_SIZE];
	DWORD length = sizeof identity, state, protocol, atr_length = 33;
	SCARD_READERSTATEA watched = { .szReader = identity };
	BYTE atr[33];
	SCARDHANDLE card;

	OK(SCardGetReaderDeviceInstanceIdA(context, fixture_reader(), identity, &length));
	OK(SCardGetStatusChangeA(context, 0, &watched, 1));
	CU_ASSERT_TRUE((watched.dwEventState & SCARD_STATE_PRESENT) != 0);
	watched.dwCurrentState = watched.dwEventState;
	CODE(SCardGetStatusChangeA(context, 0, &watched, 1), SCARD_E_TIMEOUT);
	OK(SCardConnectA(
	    context, identity, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, &protocol));
	length = sizeof name;
	OK(SCardStatusA(card, name, &length, &state, &protocol, atr, &atr_length));
	SUITE_EQUAL_STRING(name, fixture_reader());
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	identity[0] ^= 1;
	CODE(SCardConnectA(
		 context, identity, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, &protocol),
	    SCARD_E_UNKNOWN_READER);
	OK(SCardReleaseContext(context));
}

static const struct suite_test tests[] = {
	{ "the identity of a slot as its name", identity_as_name },
	{ "SCardGetDeviceTypeId", type },
	{ "SCardGetReaderIcon", icon },
	{ "SCardGetReaderDeviceInstanceId, SCardListReadersWithDeviceInstanceId", instance },
	{ "failures of instance ids", instance_failures },
};

int
main(void)
{
	return fixture_run("winscard_devices", tests, sizeof tests / sizeof tests[0]);
}
