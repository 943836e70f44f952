/* SPDX-License-Identifier: BSD-2-Clause */
/* Which handler, which device: settings, Info.plist, and pcsc-lite's configuration. */
#include <glib.h>
#include <string.h>
#include <sys/stat.h>

#include "rm/drivers/ifdhandler/plist.h"
#include "rm/drivers/ifdhandler/settings.h"
#include "tests/suite.h"

#define EXPECTED "expected library:PATH:DEVICE, bundle:PATH:DEVICE or configuration:PATH"
#define FRAME(inner) "<?xml version=\"1.0\"?><plist version=\"1.0\"><dict>" inner "</dict></plist>"
#define EXECUTABLE "<key>CFBundleExecutable</key><string>lib.so</string>"
#define DEVICES                                                                           \
	"<key>ifdVendorID</key><array><string>0x08E6</string><string>1</string></array>"  \
	"<key>ifdProductID</key><array><string>0x3437</string><string>2</string></array>" \
	"<key>ifdFriendlyName</key><array><string>Gem &amp; Co</string><string> B "       \
	"</string></array>"

static void
plist_good(void)
{
	static const char text[] = FRAME(
	    EXECUTABLE "<key>Other</key><dict><key>ifdVendorID</key><array><dict/></array></dict>"
		       "<key>ifdCapabilities</key><string>0x00000001</string>" DEVICES);
	char message[IFD_PLIST_MESSAGE_SIZE];
	struct ifd_plist plist;

	SUITE_EQUAL_INT(ifd_plist_parse(text, strlen(text), &plist, message), 0);
	SUITE_EQUAL_STRING(plist.executable, "lib.so");
	SUITE_EQUAL_INT(plist.capabilities, 1);
	SUITE_EQUAL_INT(plist.device_count, 2);
	SUITE_EQUAL_HEX(plist.devices[0].vendor, 0x08E6);
	SUITE_EQUAL_HEX(plist.devices[1].product, 2);
	SUITE_EQUAL_STRING(ifd_plist_name(&plist, "usb:08e6/3437:libudev:0:/dev/bus"), "Gem & Co");
	SUITE_EQUAL_STRING(ifd_plist_name(&plist, "usb:0001/0002"), "B");
	CU_ASSERT_PTR_NULL(ifd_plist_name(&plist, "usb:08e6/0002"));
	CU_ASSERT_PTR_NULL(ifd_plist_name(&plist, "/dev/ttyS0"));
	ifd_plist_clear(&plist);
}

static void
plist_bad(void)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ FRAME(""), "CFBundleExecutable is missing" },
		{ FRAME("<key>CFBundleExecutable</key><string>../x</string>"),
		    "CFBundleExecutable is not the name of a file" },
		{ FRAME("<key>CFBundleExecutable</key><string>..</string>"),
		    "CFBundleExecutable is not the name of a file" },
		{ FRAME(EXECUTABLE EXECUTABLE), "a key comes twice: <CFBundleExecutable>" },
		{ FRAME("<key>A</key>"), "a key has no value before the end of <dict>" },
		{ FRAME("<string>A</string>"),
		    "keys and values take turns; it is not the turn of <string>" },
		{ FRAME("<key>ifdVendorID</key><integer>1</integer>"),
		    "a text or an array of them is expected, not <integer>" },
		{ FRAME("<key>ifdVendorID</key><array><integer/></array>"),
		    "a text is expected in the array, not <integer>" },
		{ FRAME(EXECUTABLE "<key>ifdVendorID</key><string>1</string>"),
		    "ifdVendorID, ifdProductID and ifdFriendlyName have different lengths" },
		{ FRAME(EXECUTABLE "<key>ifdVendorID</key><string>65536</string>"
				   "<key>ifdProductID</key><string>1</string>"
				   "<key>ifdFriendlyName</key><string>n</string>"),
		    "ifdVendorID or ifdProductID is no number of 16 bits" },
		{ FRAME(EXECUTABLE "<key>ifdCapabilities</key><string>x</string>"),
		    "ifdCapabilities is no number" },
		{ "<dict></dict>", "<plist> is expected, not <dict>" },
		{ "<plist><array/></plist>", "one <dict> is expected, not <array>" },
		{ "<plist></plist>", "there is no <dict>" },
		{ "<plist><dict/><dict/></plist>", "one <dict> is expected, not <dict>" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char message[IFD_PLIST_MESSAGE_SIZE] = "";
		struct ifd_plist plist;

		SUITE_EQUAL_INT(
		    ifd_plist_parse(rows[i].text, strlen(rows[i].text), &plist, message), -22);
		SUITE_EQUAL_STRING(message, rows[i].expected);
	}
}

static void
plist_maxima(void)
{
	g_autofree char *name = g_strnfill(IFD_PLIST_VALUE_SIZE - 1, 'a');
	g_autofree char *fits =
	    g_strdup_printf(FRAME("<key>CFBundleExecutable</key><string>%s</string>"), name);
	g_autofree char *longer =
	    g_strdup_printf(FRAME("<key>CFBundleExecutable</key><string>%sa</string>"), name);
	g_autofree char *large = g_strnfill(IFD_PLIST_SIZE_MAX + 1, ' ');
	g_autoptr(GString) deep = g_string_new("<plist><dict><key>A</key>");
	char message[IFD_PLIST_MESSAGE_SIZE];
	struct ifd_plist plist;

	SUITE_EQUAL_INT(ifd_plist_parse(fits, strlen(fits), &plist, message), 0);
	SUITE_EQUAL_STRING(plist.executable, name);
	ifd_plist_clear(&plist);
	SUITE_EQUAL_INT(ifd_plist_parse(longer, strlen(longer), &plist, message), -22);
	SUITE_EQUAL_STRING(message, "a text is too long in <string>");
	SUITE_EQUAL_INT(ifd_plist_parse(large, strlen(large), &plist, message), -22);
	SUITE_EQUAL_STRING(message, "it is larger than 1 MiB");
	for (unsigned i = 0; i < IFD_PLIST_DEPTH_MAX; i++)
		g_string_append(deep, "<dict>");
	SUITE_EQUAL_INT(ifd_plist_parse(deep->str, deep->len, &plist, message), -22);
	SUITE_EQUAL_STRING(message, "too deep: <dict>");
}

static void
settings_good(void)
{
	char message[IFD_MESSAGE_SIZE];
	struct ifd_settings settings;

	SUITE_EQUAL_INT(
	    ifd_settings_parse("library:/a/b.so:/dev/null:0x8C7B", &settings, message), 0);
	SUITE_EQUAL_STRING(settings.library, "/a/b.so");
	SUITE_EQUAL_STRING(settings.device, "/dev/null:0x8C7B");
	SUITE_EQUAL_INT(ifd_settings_parse("library:/a/b.so:0x12", &settings, message), 0);
	SUITE_EQUAL_STRING(settings.device, "");
	SUITE_EQUAL_INT(settings.channel, 18);
}

static void
settings_bad(void)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "",
		    "ifdhandler: no handler is named, and devices are not looked for by "
		    "themselves yet; " EXPECTED },
		{ "x:/a:b", "ifdhandler: \"x:/a:b\" is not understood; " EXPECTED },
		{ "library:/a.so",
		    "ifdhandler: \"library:/a.so\" names no device; " EXPECTED
		    ", DEVICE as the handler calls it" },
		{ "bundle:ifd-ccid.bundle",
		    "ifdhandler: \"bundle:ifd-ccid.bundle\" names no device; " EXPECTED
		    ", DEVICE as the handler calls it" },
		{ "library:a.so:b",
		    "ifdhandler: the library's path \"a.so\" does not begin with /" },
		{ "bundle:/nowhere:b",
		    "ifdhandler: cannot read /nowhere/Contents/Info.plist: No such file or "
		    "directory" },
		{ "configuration:/dev/null",
		    "ifdhandler: cannot read /dev/null: not a file of reasonable size" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char message[IFD_MESSAGE_SIZE] = "";
		struct ifd_settings settings;

		SUITE_EQUAL_INT(ifd_settings_parse(rows[i].text, &settings, message), -22);
		SUITE_EQUAL_STRING(message, rows[i].expected);
	}
}

static void
bundle(void)
{
	g_autofree char *here = g_get_current_dir();
	g_autofree char *text = g_strdup_printf("bundle:%s/b:usb:08E6/3437", here);
	g_autofree char *library = g_strdup_printf("%s/b/Contents/Linux/lib.so", here);
	char message[IFD_MESSAGE_SIZE];
	struct ifd_settings settings;

	SUITE_EQUAL_INT(g_mkdir_with_parents("b/Contents", 0700), 0);
	CU_ASSERT_TRUE(
	    g_file_set_contents("b/Contents/Info.plist", FRAME(EXECUTABLE DEVICES), -1, NULL));
	SUITE_EQUAL_INT(ifd_settings_parse(text, &settings, message), 0);
	SUITE_EQUAL_STRING(settings.library, library);
	SUITE_EQUAL_STRING(settings.device, "usb:08E6/3437");
	SUITE_EQUAL_STRING(settings.name, "Gem & Co");
}

static void
configuration(void)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "LIBPATH /a",
		    "ifdhandler: configuration: DEVICENAME and CHANNELID are missing; one of "
		    "them says where the reader is" },
		{ "DEVICENAME a", "ifdhandler: configuration: LIBPATH is missing" },
		{ "LIBPATH a", "ifdhandler: the library's path \"a\" does not begin with /" },
		{ "LIBPATH /a\nLIBPATH /b",
		    "ifdhandler: configuration: LIBPATH comes twice; one file describes one "
		    "reader" },
		{ "CHANNELID x", "ifdhandler: configuration: CHANNELID \"x\" is not a number" },
		{ "OPTIONS x",
		    "ifdhandler: configuration: \"OPTIONS\" is not FRIENDLYNAME, "
		    "DEVICENAME, LIBPATH or CHANNELID with one value" },
		{ "LIBPATH",
		    "ifdhandler: configuration: \"LIBPATH\" is not FRIENDLYNAME, "
		    "DEVICENAME, LIBPATH or CHANNELID with one value" },
	};
	char message[IFD_MESSAGE_SIZE];
	struct ifd_settings settings;

	SUITE_EQUAL_INT(
	    ifd_settings_configuration("# made by hand\n\nFRIENDLYNAME \"Virtual PCD\"\n"
				       "DEVICENAME   /dev/null:0x8C7B\n"
				       "LIBPATH      /lib/x.so # here\nCHANNELID 0x8C7B\n",
		&settings, message),
	    0);
	SUITE_EQUAL_STRING(settings.name, "Virtual PCD");
	SUITE_EQUAL_STRING(settings.device, "/dev/null:0x8C7B");
	SUITE_EQUAL_STRING(settings.library, "/lib/x.so");
	SUITE_EQUAL_HEX(settings.channel, 0x8C7B);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		SUITE_EQUAL_INT(ifd_settings_configuration(rows[i].text, &settings, message), -22);
		SUITE_EQUAL_STRING(message, rows[i].expected);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "a property list", plist_good },
		{ "property lists that are refused", plist_bad },
		{ "a property list's maxima", plist_maxima },
		{ "settings", settings_good },
		{ "settings that are refused", settings_bad },
		{ "a bundle", bundle },
		{ "pcsc-lite's configuration", configuration },
	};

	return suite_run("ifdhandler settings", tests, G_N_ELEMENTS(tests));
}
