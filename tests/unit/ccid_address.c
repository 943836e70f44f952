/* SPDX-License-Identifier: BSD-2-Clause */
/* The names by which managers open readers. */
#include <stdio.h>
#include <string.h>

#include "ccid/bundle/address.h"
#include "tests/suite.h"

static void
test_names(void)
{
	static const struct {
		const char *name;
		struct bundle_address expected;
	} names[] = {
		{ NULL, { -1, -1, -1, -1, -1 } },
		{ "usb:08e6/4433", { 0x08E6, 0x4433, -1, -1, -1 } },
		{ "usb:08E6/4433:", { 0x08E6, 0x4433, -1, -1, -1 } },
		{ "usb:ffff/0000", { 0xFFFF, 0, -1, -1, -1 } },
		{ "usb:08e6/4433:libudev:0:/dev/bus/usb/001/012", { 0x08E6, 0x4433, 1, 12, 0 } },
		{ "usb:08e6/4433:libudev:255:/dev/bus/usb/255/127",
		    { 0x08E6, 0x4433, 255, 127, 255 } },
		{ "usb:08e6/4433:libusb-1.0:3:7:2", { 0x08E6, 0x4433, 3, 7, 2 } },
		/* Tails of other kinds say nothing. */
		{ "usb:08e6/4433:libhal:/org/x", { 0x08E6, 0x4433, -1, -1, -1 } },
		{ "usb:08e6/4433:libudev:0:/dev/bus/usb/001", { 0x08E6, 0x4433, -1, -1, -1 } },
		{ "usb:08e6/4433:libudev:0:/dev/bus/usb/001/002x", { 0x08E6, 0x4433, -1, -1, -1 } },
		{ "usb:08e6/4433:libudev:256:/dev/bus/usb/001/002",
		    { 0x08E6, 0x4433, -1, -1, -1 } },
		{ "usb:08e6/4433:libusb-1.0:99999999999999999999:1:1",
		    { 0x08E6, 0x4433, -1, -1, -1 } },
		{ "usb:08e6/4433:libusb-1.0:-1:1:1", { 0x08E6, 0x4433, -1, -1, -1 } },
		{ "usb:08e6/4433:libusb-1.0: 1:1:1", { 0x08E6, 0x4433, -1, -1, -1 } },
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct bundle_address address;

		memset(&address, 0x55, sizeof address);
		CU_ASSERT_TRUE(bundle_address_parse(names[i].name, &address));
		if (memcmp(&address, &names[i].expected, sizeof address) != 0) {
			printf("# %s: %x/%x at %d/%d, interface %d\n", names[i].name,
			    (unsigned)address.vendor, (unsigned)address.product, address.bus,
			    address.address, address.interface);
			CU_FAIL("address");
		}
	}
}

static void
test_no_names(void)
{
	static const char *const names[] = { "", "usb:", "usb:08e6", "usb:08e6/", "usb:8e6/4433",
		"usb:08e6/443", "usb:08e6/44333", "usb:008e6/4433", "usb: 8e6/4433",
		"usb:0x8e/4433", "usb:+8e6/4433", "usb:-8e6/4433", "usb:08e6:4433",
		"usb:08e6/4433x", "usb:08e6/4433 ", " usb:08e6/4433", "USB:08e6/4433", "/dev/ttyS0",
		"usb:08e6/443g" };
	struct bundle_address address;
	char text[300];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (bundle_address_parse(names[i], &address)) {
			printf("# \"%s\" is taken\n", names[i]);
			CU_FAIL("no name");
		}
	memset(text, 'x', sizeof text);
	memcpy(text, "usb:08e6/4433:", 14);
	text[255] = '\0';
	CU_ASSERT_TRUE(bundle_address_parse(text, &address));
	text[255] = 'x';
	text[256] = '\0';
	CU_ASSERT_FALSE(bundle_address_parse(text, &address));
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "names of models and devices", test_names },
		{ "what is no name", test_no_names },
	};

	return suite_run("ccid_address", tests, sizeof tests / sizeof tests[0]);
}
