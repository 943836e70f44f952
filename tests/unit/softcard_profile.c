/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Profiles of the soft card: what each line makes, and the text that each mistake gives.
 */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rm/drivers/softcard/settings.h"
#include "tests/suite.h"
#include "tests/unit/softcard_script.h"

#define READER "[Reader]\nName=R\n"
#define CARD "[Card]\nATR=3B 80 01 81\n"

static struct softcard_profile *
parse(const char *text, char **message)
{
	*message = NULL;
	return softcard_profile_parse(text, strlen(text), "t.profile", message);
}

/* A profile that must be good. */
static struct softcard_profile *
good(const char *text)
{
	char *message;
	struct softcard_profile *profile = parse(text, &message);

	if (profile == NULL) {
		CU_FAIL("refused");
		printf("# %s\n", message);
		exit(1);
	}
	CU_ASSERT_PTR_NULL(message);
	return profile;
}

static void
everything(void)
{
	struct softcard_profile *profile = good("# a comment\n"
						"\n"
						"[Reader]\n"
						"Name=A reader of mine\n"
						"Readers=3\n"
						"Present=false\n"
						"[Card]\n"
						"ATR=3b 8001 81\n"
						"[PIN 1f]\n"
						"Value=secret\n"
						"Tries=15\n"
						"[PIN 81 first]\n"
						"Value=aaaa\n"
						"Directory=5000\n"
						"[PIN 81 second]\n"
						"Value=bbbb\n"
						"Directory=5000/51AB\n"
						"[File 5000/51ab/0001]\n"
						"Text=inner\\sone\n"
						"Read=pin 81\n"
						"[Directory 5000/51ab]\n"
						"[File 5000/0001]\n"
						"Size=4\n"
						"Hex=0102 03\n"
						"Read=pin 1F\n"
						"Update=always\n"
						"[Directory 5000]\n"
						"Name=A0 00\n"
						"[File 0002]\n"
						"ShortId=7\n"
						"Size=2\n");

	SUITE_EQUAL_STRING(profile->reader_name, "A reader of mine");
	SUITE_EQUAL_INT(profile->readers, 3);
	SUITE_EQUAL_INT(profile->present, 0);
	SUITE_EQUAL_BYTES(profile->atr_bytes, profile->atr.length, "3B 80 01 81");
	SOFTCARD_SCRIPT(profile->card, NULL, { "00 B0 87 00 00", "0000 9000" },
	    { "00 D6 87 00 01 00", "6982" }, { "00 A4 04 0C 02 A0 00", "9000" },
	    { "00 20 00 1F", "63CF" }, { "00 A4 00 0C 02 00 01", "9000" },
	    { "00 B0 00 00 00", "6982" }, { "00 D6 00 03 01 04", "9000" },
	    { "00 20 00 1F 06 73 65 63 72 65 74", "9000" }, { "00 B0 00 00 00", "01020304 9000" },
	    { "00 20 00 81", "63C3" }, { "00 20 00 81 04 62 62 62 62", "63C2" },
	    { "00 20 00 81 04 61 61 61 61", "9000" }, { "00 A4 09 0C 04 51 AB 00 01", "9000" },
	    { "00 B0 00 00 00", "6982" }, { "00 20 00 81 04 61 61 61 61", "63C2" },
	    { "00 20 00 81 04 62 62 62 62", "9000" },
	    { "00 B0 00 00 00", "69 6E 6E 65 72 20 6F 6E 65 9000" },
	    { "00 D6 00 00 01 00", "6982" });
	softcard_profile_free(profile);
}

static void
defaults(void)
{
	struct softcard_profile *profile = good(CARD "[PIN 01]\nValue=1234\n[File 0001]\nHex=AA\n");

	SUITE_EQUAL_STRING(profile->reader_name, "Tessera Soft Card");
	SUITE_EQUAL_INT(profile->readers, 1);
	SUITE_EQUAL_INT(profile->present, 1);
	SOFTCARD_SCRIPT(profile->card, NULL, { "00 20 00 01", "63C3" },
	    { "00 A4 00 0C 02 00 01", "9000" }, { "00 B0 00 00 00", "AA 9000" },
	    { "00 D6 00 00 01 BB", "6982" });
	softcard_profile_free(profile);

	profile = good("[Reader]\nPresent=false\n");
	CU_ASSERT_PTR_NULL(profile->card);
	SUITE_EQUAL_INT(profile->atr.length, 0);
	softcard_profile_free(profile);
}

/* The text: "soft card profile t.profile: " and this. */
static const struct {
	const char *profile;
	const char *text;
} mistakes[] = {
	{ "", "there is no [Card]; a reader without a card says Present=false in [Reader]" },
	{ READER, "there is no [Card]; a reader without a card says Present=false in [Reader]" },
	{ "Name=1234\n", "line 1: stands before the first [Group]" },
	{ "\n# x\n[Reader]\n1234\n", "line 4: is neither [Group], Key=value nor a # comment" },
	{ "[Reader\n", "line 1: stands before the first [Group]" },
	{ "[Reader]\n=x\n", "line 2: is neither [Group], Key=value nor a # comment" },
	{ "[Reader]\n[Reader]\n", "line 2: the group is there twice" },
	{ "[Reader]\nName=A\nName =B\n", "line 3: the key is there twice" },
	{ "[Rea\x01"
	  "der]\n",
	    "is not a key file: a group or key has a name that cannot be one" },
	{ "[Readers]\n",
	    "unknown group \"Readers\"; known: [Reader], [Card], [PIN REFERENCE], "
	    "[Directory PATH], [File PATH]" },
	{ "[File]\n",
	    "unknown group \"File\"; known: [Reader], [Card], [PIN REFERENCE], "
	    "[Directory PATH], [File PATH]" },
	{ "[Reader]\nname=x\n", "[Reader] unknown key \"name\"; known: Name, Readers, Present" },
	{ "[Reader]\nName[de]=x\n",
	    "[Reader] unknown key \"Name[de]\"; known: Name, Readers, Present" },
	{ CARD "[File 0001]\nColour=red\nSize=1\n",
	    "[File 0001] unknown key \"Colour\"; known: ShortId, Size, Text, Hex, Read, Update" },
	{ "[Reader]\nName=\n", "[Reader] Name: has 0 bytes; 1 to 120 are possible" },
	{ "[Reader]\nName=a\\tb\n", "[Reader] Name: has a character that cannot be displayed" },
	{ "[Reader]\nName=\xFF\n", "[Reader] Name: the value is not UTF-8" },
	{ "[Reader]\nName=a\\x\n",
	    "[Reader] Name: the value has an escape other than \\s \\n \\t \\r \\\\" },
	{ "[Reader]\nReaders=0\n", "[Reader] Readers: \"0\" is not a number from 1 to 16" },
	{ "[Reader]\nReaders=17\n", "[Reader] Readers: \"17\" is not a number from 1 to 16" },
	{ "[Reader]\nReaders=-1\n", "[Reader] Readers: \"-1\" is not a number from 1 to 16" },
	{ "[Reader]\nReaders=99999999999999999999999999999999999999999999999999\n",
	    "[Reader] Readers: \"9999999999999999999999999999999999999999...\" is not a number "
	    "from "
	    "1 to 16" },
	{ "[Reader]\nPresent=yes\n", "[Reader] Present: \"yes\" is neither true nor false" },
	{ "[Card]\n", "[Card] ATR: is missing" },
	{ "[Card]\nATR=\n", "[Card] ATR: has 0 bytes; 2 to 33 are possible" },
	{ "[Card]\nATR=3B\n", "[Card] ATR: has 1 bytes; 2 to 33 are possible" },
	{ "[Card]\nATR=3B 8\n", "[Card] ATR: \"3B 8\" is not hexadecimal, two digits a byte" },
	{ "[Card]\nATR=3B xx\n", "[Card] ATR: \"3B xx\" is not hexadecimal, two digits a byte" },
	{ "[Card]\nATR=00 00\n", "[Card] ATR: is not well formed (ISO 7816-3, 8.2)" },
	{ "[Card]\nATR=3B 05 01\n", "[Card] ATR: is not well formed (ISO 7816-3, 8.2)" },
	{ "[Card]\nATR=3B 80 01\n", "[Card] ATR: the check byte TCK is missing at its end" },
	{ "[Card]\nATR=3B 80 01 82\n",
	    "[Card] ATR: the check byte TCK is wrong: all bytes but the "
	    "first must give 00 under XOR" },
	{ "[Card]\nATR=3B 00 00\n", "[Card] ATR: has 1 bytes too many at its end" },
	{ "[Card]\nATR=3B 80 0E 8E\n", "[Card] ATR: offers neither T=0 nor T=1" },
	{ "[Reader]\nPresent=false\n[File 0001]\nSize=1\n",
	    "[File 0001] belongs to a card, but there is no [Card]" },
	{ CARD "[PIN 1]\nValue=1234\n",
	    "[PIN 1] the reference is two hexadecimal digits: 01 to 1F for the card, 81 to 9F for "
	    "one directory" },
	{ CARD "[PIN 20]\nValue=1234\n",
	    "[PIN 20] the reference is two hexadecimal digits: 01 to 1F for the card, 81 to 9F for "
	    "one directory" },
	{ CARD "[PIN 00]\nValue=1234\n",
	    "[PIN 00] the reference is two hexadecimal digits: 01 to 1F for the card, 81 to 9F for "
	    "one directory" },
	{ CARD "[PIN 01]\n", "[PIN 01] Value: is missing" },
	{ CARD "[PIN 01]\nValue=123\n", "[PIN 01] Value: has 3 bytes; 4 to 16 are possible" },
	{ CARD "[PIN 01]\nValue=12345678901234567\n",
	    "[PIN 01] Value: has 17 bytes; 4 to 16 are possible" },
	{ CARD "[PIN 01]\nValue=1234\nTries=0\n",
	    "[PIN 01] Tries: \"0\" is not a number from 1 to 15" },
	{ CARD "[PIN 01]\nValue=1234\nTries=16\n",
	    "[PIN 01] Tries: \"16\" is not a number from 1 to 15" },
	{ CARD "[PIN 01]\nValue=1234\n[PIN 01 again]\nValue=1234\n",
	    "[PIN 01 again] there is another PIN with that reference" },
	{ CARD "[Directory 5000]\n[PIN 01]\nValue=1234\nDirectory=5000\n",
	    "[PIN 01] Directory: only PINs of one directory have it (references 81 to 9F)" },
	{ CARD "[PIN 81]\nValue=1234\n",
	    "[PIN 81] Directory: is missing: references 81 to 9F belong to one directory" },
	{ CARD "[PIN 81]\nValue=1234\nDirectory=5000\n",
	    "[PIN 81] Directory: there is no [Directory] with the path \"5000\"" },
	{ CARD "[Directory 50]\n",
	    "[Directory 50] \"50\" is no path: up to 8 identifiers of four hexadecimal digits "
	    "below "
	    "the MF, a slash between two" },
	{ CARD "[File 5000.5001]\nSize=1\n",
	    "[File 5000.5001] \"5000.5001\" is no path: up to 8 identifiers of four hexadecimal "
	    "digits below the MF, a slash between two" },
	{ CARD "[Directory 0001/0002/0003/0004/0005/0006/0007/0008/0009]\n",
	    "[Directory 0001/0002/0003/0004/0005/0006/0007/0008/0009] "
	    "\"0001/0002/0003/0004/0005/0006/0007/0008/...\" is no path: up to 8 identifiers of "
	    "four "
	    "hexadecimal digits below the MF, a slash between two" },
	{ CARD "[Directory 3F00]\n",
	    "[Directory 3F00] 3F00, 3FFF, FFFF and 0000 are reserved identifiers" },
	{ CARD "[File ffff]\nSize=1\n",
	    "[File ffff] 3F00, 3FFF, FFFF and 0000 are reserved identifiers" },
	{ CARD "[Directory 5000/5001]\n",
	    "[Directory 5000/5001] there is no [Directory 5000] for it to lie in" },
	{ CARD "[File 5000/5001]\nSize=1\n",
	    "[File 5000/5001] there is no [Directory 5000] for it to lie in" },
	{ CARD "[File 5000]\nSize=1\n[File 5000/5001]\nSize=1\n",
	    "[File 5000/5001] there is no [Directory 5000] for it to lie in" },
	{ CARD "[Directory 5000]\nName=\n",
	    "[Directory 5000] Name: has 0 bytes; 1 to 16 are possible" },
	{ CARD "[Directory 5000]\nName=0102030405060708090A0B0C0D0E0F1011\n",
	    "[Directory 5000] Name: has 17 bytes; 1 to 16 are possible" },
	{ CARD "[Directory 500a]\n[File 500A]\nSize=1\n",
	    "[File 500A] its identifier or ShortId is taken in that directory" },
	{ CARD "[File 0001]\nSize=1\nShortId=3\n[File 0002]\nSize=1\nShortId=3\n",
	    "[File 0002] its identifier or ShortId is taken in that directory" },
	{ CARD "[File 0001]\nSize=1\nShortId=31\n",
	    "[File 0001] ShortId: \"31\" is not a number from 1 to 30" },
	{ CARD "[File 0001]\n",
	    "[File 0001] Size: is missing, and there is no content to tell it" },
	{ CARD "[File 0001]\nText=\n",
	    "[File 0001] Size: is missing, and there is no content to tell it" },
	{ CARD "[File 0001]\nSize=0\n", "[File 0001] Size: \"0\" is not a number from 1 to 32767" },
	{ CARD "[File 0001]\nSize=32768\n",
	    "[File 0001] Size: \"32768\" is not a number from 1 to 32767" },
	{ CARD "[File 0001]\nSize=2\nText=abc\n",
	    "[File 0001] Size: 2 is too small: the content has 3 bytes" },
	{ CARD "[File 0001]\nText=abc\nHex=00\n",
	    "[File 0001] Hex: a file has Text or Hex, not both" },
	{ CARD "[File 0001]\nHex=0\n",
	    "[File 0001] Hex: \"0\" is not hexadecimal, two digits a byte" },
	{ CARD "[File 0001]\nSize=1\nRead=sometimes\n",
	    "[File 0001] Read: \"sometimes\" is neither always, never nor pin REFERENCE" },
	{ CARD "[File 0001]\nSize=1\nUpdate=pin 1\n",
	    "[File 0001] Update: \"pin 1\" is neither always, never nor pin REFERENCE" },
	{ CARD "[File 0001]\nSize=1\nUpdate=pin 01\n",
	    "[File 0001] Update: there is no [PIN 01] for this file" },
	{ CARD "[Directory 5000]\n[PIN 81]\nValue=1234\nDirectory=5000\n"
	       "[File 0001]\nSize=1\nRead=pin 81\n",
	    "[File 0001] Read: there is no [PIN 81] for this file" },
};

static void
every_mistake_has_its_text(void)
{
	for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
		g_autofree char *expected =
		    g_strconcat("soft card profile t.profile: ", mistakes[i].text, NULL);
		char *message;
		struct softcard_profile *profile = parse(mistakes[i].profile, &message);

		CU_ASSERT_PTR_NULL(profile);
		SUITE_EQUAL_STRING(message, expected);
		softcard_profile_free(profile);
		g_free(message);
	}
}

static void
no_message_has_a_pin(void)
{
	static const char *const profiles[] = {
		"[PIN 01]\nValue 98765\n",
		"Value=98765\n",
		CARD "[PIN 01]\nValue=98765\nTries=99\n",
		CARD "[PIN 01]\nValue=987659876598765987659\n",
		CARD "[PIN 77]\nValue=98765\n",
		CARD "[PIN 01]\nValue=98765\\q\n",
		CARD "[PIN 01]\nValue=98765\nValue=98765\n",
	};

	for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
		char *message;
		struct softcard_profile *profile = parse(profiles[i], &message);

		CU_ASSERT_PTR_NULL(profile);
		CU_ASSERT_PTR_NOT_NULL_FATAL(message);
		CU_ASSERT_PTR_NULL(strstr(message, "98765"));
		g_free(message);
	}
}

static void
limits(void)
{
	GString *text = g_string_new(CARD);
	struct softcard_profile *profile;
	char *message;

	for (unsigned i = 1; i < 256; i++)
		g_string_append_printf(text, "[File %04X]\nSize=1\n", i);
	profile = parse(text->str, &message);
	CU_ASSERT_PTR_NOT_NULL(profile);
	softcard_profile_free(profile);
	g_string_append(text, "[File 0100]\nSize=1\n");
	CU_ASSERT_PTR_NULL(parse(text->str, &message));
	SUITE_EQUAL_STRING(message,
	    "soft card profile t.profile: [File 0100] more than 256 files and directories");
	g_free(message);

	g_string_assign(text, CARD);
	for (unsigned i = 1; i < 18; i++)
		g_string_append_printf(text, "[PIN %02X]\nValue=1234\n", i);
	CU_ASSERT_PTR_NULL(parse(text->str, &message));
	SUITE_EQUAL_STRING(message, "soft card profile t.profile: [PIN 11] more than 16 PINs");
	g_free(message);

	g_string_assign(text, CARD "[File 0001]\nText=");
	g_string_set_size(text, text->len + 32768);
	memset(text->str + text->len - 32768, 'x', 32768);
	CU_ASSERT_PTR_NULL(parse(text->str, &message));
	SUITE_EQUAL_STRING(message,
	    "soft card profile t.profile: [File 0001] Text: has 32768 bytes; at most 32767 are "
	    "possible");
	g_free(message);

	g_string_assign(text, CARD);
	while (text->len <= 256 * 1024)
		g_string_append(text, "# nothing but this, again and again and again\n");
	CU_ASSERT_PTR_NULL(parse(text->str, &message));
	SUITE_EQUAL_STRING(message, "soft card profile t.profile: is larger than 256 KiB");
	g_free(message);

	message = NULL;
	CU_ASSERT_PTR_NULL(softcard_profile_parse(CARD "\0", sizeof CARD, "t.profile", &message));
	SUITE_EQUAL_STRING(message, "soft card profile t.profile: has a NUL byte; it is not text");
	g_free(message);
	g_string_free(text, TRUE);
}

static void
files(void)
{
	static const char *const none[] = { NULL };
	char *message = NULL;

	CU_ASSERT_PTR_NULL(softcard_settings_profile("./missing", none, &message));
	SUITE_EQUAL_STRING(
	    message, "soft card profile ./missing: cannot be opened: No such file or directory");
	g_free(message);
	CU_ASSERT_PTR_NULL(softcard_settings_profile("./", none, &message));
	SUITE_EQUAL_STRING(message, "soft card profile ./: is not an ordinary file");
	g_free(message);
	CU_ASSERT_PTR_NULL(softcard_settings_profile("/dev/zero", none, &message));
	SUITE_EQUAL_STRING(message, "soft card profile /dev/zero: is not an ordinary file");
	g_free(message);
	/* Nobody writes into it: it must not be waited for. */
	SUITE_EQUAL_INT(mkfifo("pipe", 0600), 0);
	CU_ASSERT_PTR_NULL(softcard_settings_profile("./pipe", none, &message));
	SUITE_EQUAL_STRING(message, "soft card profile ./pipe: is not an ordinary file");
	g_free(message);
	CU_ASSERT_TRUE(g_file_set_contents("bad", "[Card]\nATR=zz\n", -1, NULL));
	CU_ASSERT_PTR_NULL(softcard_settings_profile("./bad", none, &message));
	SUITE_EQUAL_STRING(message,
	    "soft card profile ./bad: [Card] ATR: \"zz\" is not hexadecimal, two digits a byte");
	g_free(message);
}

static void
names(void)
{
	static const char *const folders[] = { "upper", "lower", "nowhere", NULL };
	char long_name[101] = "";
	struct softcard_profile *profile;
	char *message = NULL;

	g_mkdir_with_parents("upper/softcard.d", 0700);
	g_mkdir_with_parents("lower/softcard.d", 0700);
	CU_ASSERT_TRUE(g_file_set_contents(
	    "upper/softcard.d/both.profile", "[Reader]\nName=Upper\nPresent=false\n", -1, NULL));
	CU_ASSERT_TRUE(g_file_set_contents(
	    "lower/softcard.d/both.profile", "[Reader]\nName=Lower\nPresent=false\n", -1, NULL));
	CU_ASSERT_TRUE(g_file_set_contents(
	    "lower/softcard.d/one.profile", "[Reader]\nName=One\nPresent=false\n", -1, NULL));
	CU_ASSERT_TRUE(g_file_set_contents("lower/softcard.d/readme", "", -1, NULL));

	profile = softcard_settings_profile("both", folders, &message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(profile);
	SUITE_EQUAL_STRING(profile->reader_name, "Upper");
	softcard_profile_free(profile);
	profile = softcard_settings_profile("one", folders, &message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(profile);
	SUITE_EQUAL_STRING(profile->reader_name, "One");
	softcard_profile_free(profile);

	CU_ASSERT_PTR_NULL(softcard_settings_profile("tow", folders, &message));
	SUITE_EQUAL_STRING(message,
	    "soft card profile \"tow\" is not installed; accepted are the name of an installed one "
	    "(both, default, one), or a file's path, which has a slash in it");
	g_free(message);
	memset(long_name, 'n', 100);
	CU_ASSERT_PTR_NULL(softcard_settings_profile(long_name, folders, &message));
	CU_ASSERT_PTR_NOT_NULL(strstr(message, "is not installed"));
	g_free(message);

	/* The built-in one can be named, and be replaced under that name. */
	profile = softcard_settings_profile("default", folders, &message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(profile);
	SUITE_EQUAL_STRING(profile->reader_name, "Tessera Soft Card");
	softcard_profile_free(profile);
	CU_ASSERT_TRUE(g_file_set_contents(
	    "lower/softcard.d/default.profile", "[Reader]\nName=Mine\nPresent=false\n", -1, NULL));
	profile = softcard_settings_profile("default", folders, &message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(profile);
	SUITE_EQUAL_STRING(profile->reader_name, "Mine");
	softcard_profile_free(profile);
}

static void
built_in(void)
{
	static const char *const none[] = { NULL };
	static const char *const settings[] = { NULL, "" };

	for (size_t i = 0; i < 2; i++) {
		char *message = NULL;
		struct softcard_profile *profile =
		    softcard_settings_profile(settings[i], none, &message);

		CU_ASSERT_PTR_NOT_NULL_FATAL(profile);
		SUITE_EQUAL_STRING(profile->reader_name, "Tessera Soft Card");
		SUITE_EQUAL_INT(profile->readers, 1);
		SUITE_EQUAL_INT(profile->present, 1);
		SUITE_EQUAL_HEX(profile->atr.offered, 3);
		SUITE_EQUAL_BYTES(profile->atr_bytes, profile->atr.length,
		    "3B 8F 80 01 80 31 E8 73 F4 21 40 57 54 65 73 73 65 72 61 A1");
		SOFTCARD_SCRIPT(profile->card, NULL,
		    { "00 B0 9E 00 00",
			"61 13 4F 08 F0 54 65 73 73 65 72 61 50 07 54 65 73 73 65 72 61 9000" },
		    { "00 A4 04 00 08 F0 54 65 73 73 65 72 61 00",
			"6F 14 82 01 38 83 02 50 00 84 08 F0 54 65 73 73 65 72 61 8A 01 05 9000" },
		    { "00 B0 81 00 1E",
			"48 65 6C 6C 6F 20 66 72 6F 6D 20 54 65 73 73 65 72 61 27 73 20 73 6F 66 "
			"74 "
			"20 63 61 72 64 9000" },
		    { "00 B0 82 00 04", "6982" }, { "00 20 00 01 04 31 32 33 34", "9000" },
		    { "00 B0 82 00 04", "4F 6E 6C 79 9000" }, { "00 D6 81 00 01 4A", "9000" });
		softcard_profile_free(profile);
	}
}

/* Those that are installed, and the tests' second card. */
static void
in_the_tree(void)
{
	static const struct {
		const char *path, *reader;
		unsigned readers;
		int present;
	} rows[] = {
		{ "rm/drivers/softcard/profiles/default.profile", "Tessera Soft Card", 1, 1 },
		{ "rm/drivers/softcard/profiles/empty.profile", "Tessera Soft Card", 1, 0 },
		{ "rm/drivers/softcard/profiles/pair.profile", "Tessera Soft Card", 2, 1 },
		{ "tests/data/second.profile", "Second Soft Card", 1, 1 },
	};
	const char *source = getenv("TESSERA_SRC");

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		g_autofree char *path =
		    g_build_filename(source != NULL ? source : ".", rows[i].path, NULL);
		char *message = NULL;
		struct softcard_profile *profile = softcard_profile_read(path, &message);

		if (profile == NULL) {
			CU_FAIL("refused");
			printf("# %s\n", message);
			g_free(message);
			continue;
		}
		SUITE_EQUAL_STRING(profile->reader_name, rows[i].reader);
		SUITE_EQUAL_INT(profile->readers, rows[i].readers);
		SUITE_EQUAL_INT(profile->present, rows[i].present);
		softcard_profile_free(profile);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "every group and key", everything },
		{ "what may be left out", defaults },
		{ "every mistake has its text", every_mistake_has_its_text },
		{ "no message has a PIN in it", no_message_has_a_pin },
		{ "limits", limits },
		{ "files that are none", files },
		{ "installed profiles by name", names },
		{ "the built-in profile", built_in },
		{ "the profiles of this tree", in_the_tree },
	};

	return suite_run("profiles of the soft card", tests, sizeof tests / sizeof tests[0]);
}
