/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Settings of the virtual reader: what is taken, and the text that each mistake gives.
 */
#include "rm/drivers/vpcd/settings.h"

#include <errno.h>
#include <string.h>

#include "tests/suite.h"

#define EXPECTED "expected tcp:PORT or unix:PATH, with +SLOTS behind it for more than one slot"
#define TEN "/123456789"
#define PATH_100 TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void
taken(void)
{
	static const struct {
		const char *text;
		unsigned slots;
		const char *first, *last; /* addresses */
	} rows[] = {
		{ "tcp:1", 1, "127.0.0.1:1", "127.0.0.1:1" },
		{ "tcp:35963", 1, "127.0.0.1:35963", "127.0.0.1:35963" },
		{ "tcp:35963+2", 2, "127.0.0.1:35963", "127.0.0.1:35964" },
		{ "tcp:65520+16", 16, "127.0.0.1:65520", "127.0.0.1:65535" },
		{ "unix:/run/card", 1, "/run/card", "/run/card" },
		{ "unix:card+1", 1, "card", "card" },
		{ "unix:/run/card+3", 3, "/run/card", "/run/card.2" },
		{ "unix:/a+b", 1, "/a+b", "/a+b" },
		{ "unix:/a+2/b", 1, "/a+2/b", "/a+2/b" },
		{ "unix:/a+1+16", 16, "/a+1", "/a+1.15" },
		{ "unix:" PATH_100 "/654321", 1, PATH_100 "/654321", PATH_100 "/654321" },
		{ "unix:" PATH_100 "/321+16", 16, PATH_100 "/321", PATH_100 "/321.15" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vpcd_settings settings;
		char message[VPCD_MESSAGE_SIZE] = "", address[VPCD_PATH_SIZE];

		if (!SUITE_EQUAL_INT(vpcd_settings_parse(rows[i].text, &settings, message), 0)) {
			CU_FAIL(rows[i].text);
			continue;
		}
		SUITE_EQUAL_INT(settings.slots, rows[i].slots);
		vpcd_settings_address(&settings, 0, address, sizeof address);
		SUITE_EQUAL_STRING(address, rows[i].first);
		vpcd_settings_address(&settings, settings.slots - 1, address, sizeof address);
		SUITE_EQUAL_STRING(address, rows[i].last);
	}
}

static void
refused(void)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ NULL, "vpcd: no address to listen on; " EXPECTED },
		{ "", "vpcd: no address to listen on; " EXPECTED },
		{ "35963", "vpcd: \"35963\" is not understood; " EXPECTED },
		{ "udp:1", "vpcd: \"udp:1\" is not understood; " EXPECTED },
		{ "TCP:1", "vpcd: \"TCP:1\" is not understood; " EXPECTED },
		{ "tcp", "vpcd: \"tcp\" is not understood; " EXPECTED },
		{ "tcp:", "vpcd: \"\" is not a port from 1 to 65535; " EXPECTED },
		{ "tcp:0", "vpcd: \"0\" is not a port from 1 to 65535; " EXPECTED },
		{ "tcp:65536", "vpcd: \"65536\" is not a port from 1 to 65535; " EXPECTED },
		{ "tcp:-1", "vpcd: \"-1\" is not a port from 1 to 65535; " EXPECTED },
		{ "tcp: 1", "vpcd: \" 1\" is not a port from 1 to 65535; " EXPECTED },
		{ "tcp:0x10", "vpcd: \"0x10\" is not a port from 1 to 65535; " EXPECTED },
		{ "tcp:localhost:35963",
		    "vpcd: \"localhost:35963\" is not a port from 1 to 65535; " EXPECTED },
		{ "tcp:99999999999999999999999999999999999999999999",
		    "vpcd: \"9999999999999999999999999999999999999999\" is not a port from 1 to "
		    "65535; " EXPECTED },
		{ "tcp:1+", "vpcd: \"+\" is not a number of slots from +1 to +16" },
		{ "tcp:1+0", "vpcd: \"+0\" is not a number of slots from +1 to +16" },
		{ "tcp:1+17", "vpcd: \"+17\" is not a number of slots from +1 to +16" },
		{ "tcp:1+99999999999999999999",
		    "vpcd: \"+99999999999999999999\" is not a number of slots from +1 to +16" },
		{ "tcp:1+two", "vpcd: \"1+two\" is not a port from 1 to 65535; " EXPECTED },
		{ "tcp:65535+2",
		    "vpcd: 2 slots from port 65535 on reach beyond port 65535; choose a "
		    "lower port" },
		{ "unix:", "vpcd: the path behind unix: is missing; " EXPECTED },
		{ "unix:+2", "vpcd: the path behind unix: is missing; " EXPECTED },
		{ "unix:" PATH_100 "/7654321",
		    "vpcd: the path behind unix: has 108 bytes; a socket's address takes 107" },
		{ "unix:" PATH_100 "/4321+2",
		    "vpcd: the path behind unix: has 105 bytes; a socket's address takes 104" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vpcd_settings settings = { .slots = 77 };
		char message[VPCD_MESSAGE_SIZE] = "";

		SUITE_EQUAL_INT(vpcd_settings_parse(rows[i].text, &settings, message), -EINVAL);
		SUITE_EQUAL_STRING(message, rows[i].message);
		SUITE_EQUAL_INT(settings.slots, 77);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "what is taken", taken },
		{ "what is refused", refused },
	};

	return suite_run("settings of vpcd", tests, sizeof tests / sizeof tests[0]);
}
