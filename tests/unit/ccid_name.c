/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and identities of slots, from texts that the device chose. */
#include <stdlib.h>
#include <string.h>

#include "ccid/name.h"
#include "tests/suite.h"
#include "tests/unit/ccid_hex.h"

static void
texts(void)
{
	static const struct {
		const char *descriptor, *text;
	} rows[] = {
		{ "", "" }, { "04", "" }, { "02 03", "" }, { "06 03 41 00 42 00", "AB" },
		{ "06 03 41 00 42 00 43 00", "AB" }, /* more than bLength */
		{ "FF 03 41 00 42 00", "AB" },       /* less */
		{ "05 03 41 00 42", "A" },           /* half a unit */
		{ "00 03 41 00", "" },               /* bLength 0 */
		{ "04 02 41 00", "" },               /* no string */
		{ "0A 03 1B 00 7F 00 E9 00 41 26", "...." },
		{ "08 03 00 D8 FF FF 00 00", "..." }, /* half a pair, no character, NUL */
		{ "06 03 20 00 7E 00", " ~" },
		{ "06 03 41 01 00 41", ".." }, /* A in the wrong place */
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t length;
		uint8_t *descriptor = ccid_hex(rows[i].descriptor, &length);
		char out[CCID_NAME_SIZE];

		memset(out, 'x', sizeof out);
		ccid_name_text(descriptor, length, out);
		SUITE_EQUAL_STRING(out, rows[i].text);
		free(descriptor);
	}
}

static void
long_text(void)
{
	size_t length;
	uint8_t *descriptor = ccid_hex("FF 03 41*253", &length);
	char out[CCID_NAME_SIZE];

	/* 126 units of 4141, which are no letters, and half a one */
	ccid_name_text(descriptor, length, out);
	SUITE_EQUAL_INT(strlen(out), 126);
	SUITE_EQUAL_INT(strspn(out, "."), 126);
	free(descriptor);
}

#define MANY(c) c c c c c c c c c c

static void
names(void)
{
	static const struct {
		struct ccid_labels labels;
		unsigned reader, slot;
		const char *name;
	} rows[] = {
		{ { 0x08E6, 0x3437, "Gemalto", "PC Twin Reader", NULL, NULL }, 0, 0,
		    "Gemalto PC Twin Reader 00 00" },
		{ { 0x08E6, 0x3437, "Gemalto", "PC Twin Reader", "CCID", "A17" }, 1, 10,
		    "Gemalto PC Twin Reader [CCID] (A17) 01 0A" },
		{ { 0x08E6, 0x3437, "ACS", "ACS ACR122U", "", "A17" }, 0, 0,
		    "ACS ACR122U (A17) 00 00" },
		{ { 0x08E6, 0x3437, "acs", "ACS", "", "" }, 0, 0, "ACS 00 00" },
		{ { 0x08E6, 0x3437, "AC", "ACR122U", "", "" }, 0, 0, "AC ACR122U 00 00" },
		{ { 0x08E6, 0x3437, "", "Reader", "", "" }, 0, 0, "Reader 00 00" },
		{ { 0x08E6, 0x3437, "Maker", NULL, "", "" }, 0, 0, "Maker 00 00" },
		{ { 0x08E6, 0x3437, NULL, NULL, NULL, NULL }, 255, 15,
		    "CCID reader 08E6:3437 FF 0F" },
		{ { 0x08E6, 0x3437, NULL, NULL, NULL, "S" }, 1023, 0,
		    "CCID reader 08E6:3437 (S) 3FF 00" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char out[CCID_NAME_SIZE];

		ccid_name_make(&rows[i].labels, rows[i].reader, rows[i].slot, out);
		SUITE_EQUAL_STRING(out, rows[i].name);
	}
}

static void
long_names(void)
{
	static const char hundred[] = MANY(MANY("m"));
	static const char digits[] = MANY(MANY("5"));
	struct ccid_labels labels = { .vendor_name = hundred, .product_name = digits };
	char out[CCID_NAME_SIZE];

	/* Reader and slot stay. */
	ccid_name_make(&labels, 2, 3, out);
	SUITE_EQUAL_INT(strlen(out), 127);
	SUITE_EQUAL_STRING(out + 100, " 55555555555555555555 02 03");
	/* The serial number stays whole where it has room. */
	labels = (struct ccid_labels){ .product_name = "Reader", .serial = digits };
	ccid_name_make(&labels, 0, 0, out);
	SUITE_EQUAL_INT(strlen(out), 6 + 3 + 100 + 6);
	/* Otherwise both texts are cut, then the model. */
	labels = (struct ccid_labels){
		.product_name = hundred, .interface_name = hundred, .serial = digits
	};
	ccid_name_make(&labels, 0, 0, out);
	SUITE_EQUAL_INT(strlen(out), 127);
	SUITE_EQUAL_STRING(out + 35, " [" MANY("mmmm") "] (" MANY("5555") ") 00 00");
}

static void
identities(void)
{
	static const char digits[] = MANY(MANY("5"));
	static const struct {
		struct ccid_labels labels;
		struct ccid_place place;
		unsigned slot;
		const char *identity;
	} rows[] = {
		{ { .vendor = 0x08E6, .product = 0x3437, .serial = "A17" },
		    { .bus = 1, .ports = { 2, 4 }, .port_count = 2 }, 0,
		    "usb-1-2.4:0/0 08E6:3437 A17" },
		/* without a number the place alone tells two apart */
		{ { .vendor = 0x08E6, .product = 0x3437 },
		    { .bus = 12, .ports = { 1 }, .port_count = 1, .interface = 2 }, 3,
		    "usb-12-1:2/3 08E6:3437" },
		{ { .vendor = 0x08E6, .product = 0x3437, .serial = "" }, { .bus = 1 }, 0,
		    "usb-1-:0/0 08E6:3437" },
		{ { .vendor = 0xFFFF, .product = 0xFFFF },
		    { .bus = 255,
			.ports = { 255, 255, 255, 255, 255, 255, 255 },
			.port_count = 99,
			.interface = 255 },
		    15, "usb-255-255.255.255.255.255.255.255:255/15 FFFF:FFFF" },
	};
	char out[CCID_NAME_SIZE];
	struct ccid_labels labels = { .serial = digits };
	struct ccid_place place = { .bus = 1 };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ccid_name_identity(&rows[i].labels, &rows[i].place, rows[i].slot, out);
		SUITE_EQUAL_STRING(out, rows[i].identity);
	}
	ccid_name_identity(&labels, &place, 0, out);
	SUITE_EQUAL_INT(strlen(out), 121);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "R15 string descriptors absent, short, with control characters, no UTF-16",
		    texts },
		{ "R15 string descriptor of 255 bytes", long_text },
		{ "names", names },
		{ "names that are too long", long_names },
		{ "identities", identities },
	};

	return suite_run("names", tests, sizeof tests / sizeof tests[0]);
}
