/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A database that may be read and not written: every change gives ERROR_ACCESS_DENIED and changes
 * nothing. The program gives its own rights up, which do not come back; the lock on the folders it
 * takes away when it ends.
 */
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/conformance/fixture.h"

static const BYTE atr[] = { 0x3B, 0x02, 0x14, 0x50 };

static SCARDCONTEXT context;
static char cards[PATH_MAX], readers[PATH_MAX];

static void
begin(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0 } };
	const char *data = getenv("XDG_DATA_HOME");

	(void)snprintf(cards, sizeof cards, "%s/tessera/cards.d", data);
	(void)snprintf(readers, sizeof readers, "%s/tessera/readers.d", data);
	context = fixture_context();
	OK(SCardIntroduceCardTypeA(context, "zz a", NULL, NULL, 0, atr, NULL, 4));
	OK(SCardIntroduceReaderA(context, "zz Desk", fixture_reader()));
	OK(SCardAddReaderToGroupA(context, "zz Desk", "Lobby"));
	CU_ASSERT_EQUAL(chmod(cards, 0555), 0);
	CU_ASSERT_EQUAL(chmod(readers, 0555), 0);
	CU_ASSERT_EQUAL(syscall(SYS_capset, &header, none), 0);
}

static void
card_types(void)
{
	DWORD length = 0;

	CODE(SCardIntroduceCardTypeA(context, "zz b", NULL, NULL, 0, atr, NULL, 4),
	    ERROR_ACCESS_DENIED);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), cards));
	CODE(SCardIntroduceCardTypeW(context, u"zz b", NULL, NULL, 0, atr, NULL, 4),
	    ERROR_ACCESS_DENIED);
	CODE(SCardSetCardTypeProviderNameA(context, "zz a", SCARD_PROVIDER_CSP, "a"),
	    ERROR_ACCESS_DENIED);
	CODE(SCardSetCardTypeProviderNameW(context, u"zz a", SCARD_PROVIDER_CSP, u"a"),
	    ERROR_ACCESS_DENIED);
	CODE(SCardForgetCardTypeA(context, "zz a"), ERROR_ACCESS_DENIED);
	CODE(SCardForgetCardTypeW(context, u"zz a"), ERROR_ACCESS_DENIED);
	OK(SCardListInterfacesA(context, "zz a", NULL, &length));
	CODE(SCardListInterfacesA(context, "zz b", NULL, &length), SCARD_E_UNKNOWN_CARD);
	CODE(SCardGetCardTypeProviderNameA(context, "zz a", SCARD_PROVIDER_CSP, NULL, &length),
	    ERROR_FILE_NOT_FOUND);
}

static void
names_and_groups(void)
{
	const WCHAR *wide = fixture_reader_wide();
	const char *reader = fixture_reader();
	char list[1024];
	DWORD length = sizeof list;

	CODE(SCardIntroduceReaderA(context, "zz b", reader), ERROR_ACCESS_DENIED);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), readers));
	CODE(SCardIntroduceReaderW(context, u"zz b", wide), ERROR_ACCESS_DENIED);
	CODE(SCardForgetReaderA(context, "zz Desk"), ERROR_ACCESS_DENIED);
	CODE(SCardForgetReaderW(context, u"zz Desk"), ERROR_ACCESS_DENIED);
	CODE(SCardAddReaderToGroupA(context, reader, "Hall"), ERROR_ACCESS_DENIED);
	CODE(SCardAddReaderToGroupW(context, wide, u"Hall"), ERROR_ACCESS_DENIED);
	CODE(SCardRemoveReaderFromGroupA(context, "zz Desk", "Lobby"), ERROR_ACCESS_DENIED);
	CODE(SCardRemoveReaderFromGroupW(context, u"zz Desk", u"Lobby"), ERROR_ACCESS_DENIED);
	CODE(SCardForgetReaderGroupA(context, "Lobby"), ERROR_ACCESS_DENIED);
	CODE(SCardForgetReaderGroupW(context, u"Lobby"), ERROR_ACCESS_DENIED);
	OK(SCardListReadersA(context, "Lobby\0", list, &length));
	SUITE_EQUAL_STRING(list, "zz Desk");
	length = sizeof list;
	CODE(SCardListReadersA(context, "Hall\0", list, &length), SCARD_E_NO_READERS_AVAILABLE);
}

static void
end(void)
{
	CU_ASSERT_EQUAL(chmod(cards, 0755), 0);
	CU_ASSERT_EQUAL(chmod(readers, 0755), 0);
	OK(SCardForgetCardTypeA(context, "zz a"));
	OK(SCardForgetReaderA(context, "zz Desk"));
	OK(SCardReleaseContext(context));
}

static const struct suite_test tests[] = {
	{ "a database without the right to write", begin },
	{ "ERROR_ACCESS_DENIED: card types", card_types },
	{ "ERROR_ACCESS_DENIED: names and groups of readers", names_and_groups },
	{ "with the right again", end },
};

int
main(void)
{
	return fixture_run("winscard_rights", tests, sizeof tests / sizeof tests[0]);
}
