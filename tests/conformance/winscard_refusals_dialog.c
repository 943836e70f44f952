/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the choice of a card refuses, by all four names: each case is one setting, tried on
 * SCardUIDlgSelectCard and on GetOpenCardName, A and W.
 */
#include <stdio.h>
#include <string.h>

#include "tests/conformance/fixture.h"

static SCARDCONTEXT context;

struct setting {
	const char *what;
	DWORD flags, share_mode, room;
	bool no_size, no_context, no_group, no_type;
	LONG code;
};

static const struct setting settings[] = {
	{ "the structure's size", .no_size = true, .code = SCARD_E_INVALID_PARAMETER },
	{ "the context", .no_context = true, .code = ERROR_INVALID_HANDLE },
	{ "the flags", .flags = 8, .code = SCARD_E_INVALID_VALUE },
	{ "a name's room", .room = 1, .code = SCARD_E_NO_MEMORY },
	{ "a type that the database does not have", .no_type = true, .code = SCARD_E_UNKNOWN_CARD },
	{ "a group without readers", .no_group = true, .code = SCARD_E_NO_READERS_AVAILABLE },
	{ "a window that nobody draws", .flags = SC_DLG_FORCE_UI,
	    .code = SCARD_E_UNSUPPORTED_FEATURE },
	/* Somebody has the card: see refused(). */
	{ "a card of somebody else", .share_mode = SCARD_SHARE_EXCLUSIVE,
	    .code = SCARD_E_SHARING_VIOLATION },
	{ "a card that is no match", .code = SCARD_E_NO_SMARTCARD },
};

/* What both forms write their names to. */
static WCHAR reader[256], type[256];

static DWORD
flags_of(const struct setting *setting)
{
	return setting->flags != 0 ? setting->flags : SC_DLG_NO_UI;
}

static DWORD
room_of(const struct setting *setting)
{
	return setting->room != 0 ? setting->room : 256;
}

/* A type of the database that the soft card is not. */
static const char *
types_a(const struct setting *setting)
{
	if (setting->no_type)
		return "zz none\0";
	return setting->code == SCARD_E_NO_SMARTCARD ? "PIV (YubiKey 5)\0" : NULL;
}

static const WCHAR *
types_w(const struct setting *setting)
{
	if (setting->no_type)
		return u"zz none\0";
	return setting->code == SCARD_E_NO_SMARTCARD ? u"PIV (YubiKey 5)\0" : NULL;
}

static void
select_a(const struct setting *setting)
{
	OPENCARD_SEARCH_CRITERIAA criteria = { .dwStructSize = sizeof criteria,
		.lpstrGroupNames = setting->no_group ? (LPSTR) "no such group\0" : NULL,
		.lpstrCardNames = (LPSTR)types_a(setting) };
	OPENCARDNAME_EXA choice = { .dwStructSize = setting->no_size ? 1 : sizeof choice,
		.hSCardContext = setting->no_context ? 0 : context,
		.dwFlags = flags_of(setting),
		.pOpenCardSearchCriteria = &criteria,
		.dwShareMode = setting->share_mode,
		.dwPreferredProtocols = SCARD_PROTOCOL_Tx,
		.lpstrRdr = (LPSTR)reader,
		.nMaxRdr = room_of(setting),
		.lpstrCard = (LPSTR)type,
		.nMaxCard = 256 };

	CODE(SCardUIDlgSelectCardA(&choice), setting->code);
	SUITE_EQUAL_HEX(SCardDlgExtendedError(), setting->code);
}

static void
select_w(const struct setting *setting)
{
	OPENCARD_SEARCH_CRITERIAW criteria = { .dwStructSize = sizeof criteria,
		.lpstrGroupNames = setting->no_group ? (LPWSTR)u"no such group\0" : NULL,
		.lpstrCardNames = (LPWSTR)types_w(setting) };
	OPENCARDNAME_EXW choice = { .dwStructSize = setting->no_size ? 1 : sizeof choice,
		.hSCardContext = setting->no_context ? 0 : context,
		.dwFlags = flags_of(setting),
		.pOpenCardSearchCriteria = &criteria,
		.dwShareMode = setting->share_mode,
		.dwPreferredProtocols = SCARD_PROTOCOL_Tx,
		.lpstrRdr = reader,
		.nMaxRdr = room_of(setting),
		.lpstrCard = type,
		.nMaxCard = 256 };

	CODE(SCardUIDlgSelectCardW(&choice), setting->code);
	SUITE_EQUAL_HEX(SCardDlgExtendedError(), setting->code);
}

static void
open_a(const struct setting *setting)
{
	OPENCARDNAMEA choice = { .dwStructSize = setting->no_size ? 1 : sizeof choice,
		.hSCardContext = setting->no_context ? 0 : context,
		.dwFlags = flags_of(setting),
		.lpstrGroupNames = setting->no_group ? (LPSTR) "no such group\0" : NULL,
		.lpstrCardNames = (LPSTR)types_a(setting),
		.dwShareMode = setting->share_mode,
		.dwPreferredProtocols = SCARD_PROTOCOL_Tx,
		.lpstrRdr = (LPSTR)reader,
		.nMaxRdr = room_of(setting),
		.lpstrCard = (LPSTR)type,
		.nMaxCard = 256 };

	CODE(GetOpenCardNameA(&choice), setting->code);
	SUITE_EQUAL_HEX(SCardDlgExtendedError(), setting->code);
}

static void
open_w(const struct setting *setting)
{
	OPENCARDNAMEW choice = { .dwStructSize = setting->no_size ? 1 : sizeof choice,
		.hSCardContext = setting->no_context ? 0 : context,
		.dwFlags = flags_of(setting),
		.lpstrGroupNames = setting->no_group ? (LPWSTR)u"no such group\0" : NULL,
		.lpstrCardNames = (LPWSTR)types_w(setting),
		.dwShareMode = setting->share_mode,
		.dwPreferredProtocols = SCARD_PROTOCOL_Tx,
		.lpstrRdr = reader,
		.nMaxRdr = room_of(setting),
		.lpstrCard = type,
		.nMaxCard = 256 };

	CODE(GetOpenCardNameW(&choice), setting->code);
	SUITE_EQUAL_HEX(SCardDlgExtendedError(), setting->code);
}

static void
refused(void (*choose)(const struct setting *))
{
	context = fixture_context();
	for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
		SCARDHANDLE other = 0;

		if (settings[i].share_mode != 0)
			other = fixture_connect(context);
		choose(&settings[i]);
		if (settings[i].share_mode != 0)
			OK(SCardDisconnect(other, SCARD_LEAVE_CARD));
	}
	OK(SCardReleaseContext(context));
}

static void
by_select_a(void)
{
	refused(select_a);
}

static void
by_select_w(void)
{
	refused(select_w);
}

static void
by_open_a(void)
{
	refused(open_a);
}

static void
by_open_w(void)
{
	refused(open_w);
}

static const struct suite_test tests[] = {
	{ "SCardUIDlgSelectCardA", by_select_a },
	{ "SCardUIDlgSelectCardW", by_select_w },
	{ "GetOpenCardNameA", by_open_a },
	{ "GetOpenCardNameW", by_open_w },
};

int
main(void)
{
	return fixture_run("winscard_refusals_dialog", tests, sizeof tests / sizeof tests[0]);
}
