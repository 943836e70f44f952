/* SPDX-License-Identifier: BSD-2-Clause */
/* Quirks files: their forms, their limits, and what is said of what makes no sense. */
#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "ccid/descriptor.h"
#include "ccid/quirks_keys.h"
#include "tests/suite.h"

static GString *notes;

static void
keep_note(void *data, const char *line)
{
	CU_ASSERT_PTR_EQUAL(data, &notes);
	CU_ASSERT_PTR_NULL(strchr(line, '\n'));
	g_string_append_printf(notes, "%s\n", line);
}

/* Reads texts as files `a`, `b` of the test's own folder. */
static struct ccid_quirk_table *
read_texts(const char *a, gssize size, const char *b)
{
	const char *paths[] = { "a", b != NULL ? "b" : NULL, NULL };

	if (notes == NULL)
		notes = g_string_new(NULL);
	g_string_truncate(notes, 0);
	CU_ASSERT_TRUE_FATAL(g_file_set_contents("a", a, size, NULL));
	if (b != NULL)
		CU_ASSERT_TRUE_FATAL(g_file_set_contents("b", b, -1, NULL));
	return ccid_quirks_read(paths, keep_note, &notes);
}

static struct ccid_quirks
find(const struct ccid_quirk_table *table, uint16_t vendor, uint16_t product, uint16_t release,
    unsigned slot)
{
	struct ccid_quirks quirks;

	memset(&quirks, 0xA5, sizeof quirks);
	ccid_quirks_find(table, &(struct ccid_model){ vendor, product, release, slot }, &quirks);
	return quirks;
}

static void
every_key(void)
{
	struct ccid_quirk_table *table =
	    read_texts("[1234:ABcd]\n"
		       "VendorClass=true\nNoPinPad=true\nLevel=extended\n"
		       "MessageMax=271\nIfsd=254\nRateMax=200000\n"
		       "Rates=10753; 21505;\nSlots=1\nNoPps=true\n"
		       "NoIfsd=true\nSplitReads=true\nZeroPacket=true\n"
		       "PresenceByPower=true\nPresenceOfFirst=true\n"
		       "OffBeforeOn=true\nDeviceLock=true\n"
		       "ParametersByReset=true\nAnswerInStatus=true\n"
		       "Broken=true\nSlow=4\nOpenWait=1000\n"
		       "ExtraWait=300000\nNoAutosuspend=true\n"
		       "EmvEscape=true\nPinKeyOnly=true\n"
		       "PinThreeIndexes=true\nPinNoMessage=true\n"
		       "PinModifyNoMessage=true\nPinMessageDefault=true\n"
		       "PinSwapDigits=true\nPinTemplateEscape=true\n"
		       "PinWait=250\nPinMinimum=4\nPinMaximum=8\n"
		       "Mct=true\nEscapes=02;52 F8 .. *\n",
		-1, NULL);
	struct ccid_quirks q = find(table, 0x1234, 0xABCD, 0, 0);

	SUITE_EQUAL_STRING(notes->str, "");
	CU_ASSERT(q.vendor_class && q.no_pin_pad && q.no_pps && q.no_ifsd && q.split_reads);
	CU_ASSERT(q.zero_packet && q.presence_by_power && q.presence_of_first && q.off_before_on);
	CU_ASSERT(q.device_lock && q.parameters_by_reset && q.answer_in_status && q.broken);
	CU_ASSERT(q.no_autosuspend && q.emv_escape && q.pin_key_only && q.pin_three_indexes);
	CU_ASSERT(q.pin_no_message && q.pin_modify_no_message && q.pin_message_default);
	CU_ASSERT(q.pin_swap_digits && q.pin_template_escape && q.mct);
	SUITE_EQUAL_INT(q.level, CCID_EXTENDED_APDU + 1);
	SUITE_EQUAL_INT(q.message_max, 271);
	SUITE_EQUAL_INT(q.ifsd, 254);
	SUITE_EQUAL_INT(q.rate_max, 200000);
	SUITE_EQUAL_INT(q.rates[0], 10753);
	SUITE_EQUAL_INT(q.rates[1], 21505);
	SUITE_EQUAL_INT(q.rates[2], 0);
	SUITE_EQUAL_INT(q.slots, 1);
	SUITE_EQUAL_INT(q.slow, 4);
	SUITE_EQUAL_INT(q.open_wait_us, 1000000);
	SUITE_EQUAL_INT(q.extra_wait_us, 300000000);
	SUITE_EQUAL_INT(q.pin_wait_us, 250000);
	SUITE_EQUAL_INT(q.pin_minimum, 4);
	SUITE_EQUAL_INT(q.pin_maximum, 8);
	SUITE_EQUAL_STRING(q.escapes[0], "02");
	SUITE_EQUAL_STRING(q.escapes[1], "52 F8 .. *");
	SUITE_EQUAL_STRING(q.escapes[2], "");
	ccid_quirks_free(table);
}

static void
nothing_known(void)
{
	static const struct ccid_quirks none;
	struct ccid_quirk_table *table = read_texts("[1234:ABCD]\nMct=true\n", -1, NULL);
	struct ccid_quirks q = find(table, 0x1234, 0xABCC, 0, 0);

	SUITE_EQUAL_STRING(notes->str, "");
	CU_ASSERT(memcmp(&q, &none, sizeof q) == 0);
	ccid_quirks_free(table);
	ccid_quirks_free(NULL);
}

static void
whom_it_is_about(void)
{
	struct ccid_quirk_table *table = read_texts("[1234:*]\nSlow=2\n"
						    "[1234:0001]\nSlow=3\n"
						    "[1234:0001:1]\nSlow=5\n"
						    "[1234:0001:15]\nSlow=6\n"
						    "[1234:0002]\nReleases=0100-01FF\nSlow=7\n"
						    "[1234:0002#2]\nReleases=0200\nSlow=8\n"
						    "[1234:0002:1#3]\nReleases=0200\nSlow=9\n",
	    -1, NULL);

	SUITE_EQUAL_STRING(notes->str, "");
	SUITE_EQUAL_INT(find(table, 0x1234, 0x9999, 0, 0).slow, 2);
	SUITE_EQUAL_INT(find(table, 0x1235, 0x9999, 0, 0).slow, 0);
	SUITE_EQUAL_INT(find(table, 0x1234, 1, 0, 0).slow, 3);
	SUITE_EQUAL_INT(find(table, 0x1234, 1, 0, 1).slow, 5);
	SUITE_EQUAL_INT(find(table, 0x1234, 1, 0, 15).slow, 6);
	SUITE_EQUAL_INT(find(table, 0x1234, 2, 0x00FF, 0).slow, 2);
	SUITE_EQUAL_INT(find(table, 0x1234, 2, 0x0100, 0).slow, 7);
	SUITE_EQUAL_INT(find(table, 0x1234, 2, 0x01FF, 0).slow, 7);
	SUITE_EQUAL_INT(find(table, 0x1234, 2, 0x0200, 0).slow, 8);
	SUITE_EQUAL_INT(find(table, 0x1234, 2, 0x0201, 0).slow, 2);
	SUITE_EQUAL_INT(find(table, 0x1234, 2, 0x0200, 1).slow, 9);
	ccid_quirks_free(table);
}

static void
overriding(void)
{
	struct ccid_quirk_table *table =
	    read_texts("[1234:0001]\nSlow=3\nNoPps=true\nLevel=short\nEscapes=02;03\n"
		       "[1234:0001:1]\nIfsd=10\n",
		-1, "[1234:0001]\nNoPps=false\nLevel=announced\nEscapes=04\nIfsd=20\n");
	struct ccid_quirks q = find(table, 0x1234, 1, 0, 0);

	SUITE_EQUAL_STRING(notes->str, "");
	SUITE_EQUAL_INT(q.slow, 3);
	CU_ASSERT_FALSE(q.no_pps);
	SUITE_EQUAL_INT(q.level, 0);
	SUITE_EQUAL_STRING(q.escapes[0], "04");
	SUITE_EQUAL_STRING(q.escapes[1], "");
	SUITE_EQUAL_INT(q.ifsd, 20);
	/* What is said of a slot stays. */
	SUITE_EQUAL_INT(find(table, 0x1234, 1, 0, 1).ifsd, 10);
	ccid_quirks_free(table);
}

static void
cards(void)
{
	static const uint8_t atr[] = { 0x3B, 0xFA, 0x13, 0x00 };
	struct ccid_quirk_table *table =
	    read_texts("[ATR:3BFA1300]\nBwi=7\n[ATR:3BFA*]\nExtraWait=2\n", -1, NULL);
	struct ccid_card_quirks q;

	SUITE_EQUAL_STRING(notes->str, "");
	ccid_quirks_find_card(table, atr, 4, &q);
	SUITE_EQUAL_INT(q.bwi, 7);
	SUITE_EQUAL_INT(q.extra_wait_us, 2000);
	ccid_quirks_find_card(table, atr, 3, &q);
	SUITE_EQUAL_INT(q.bwi, 0);
	SUITE_EQUAL_INT(q.extra_wait_us, 2000);
	ccid_quirks_find_card(table, atr, 1, &q);
	SUITE_EQUAL_INT(q.extra_wait_us, 0);
	ccid_quirks_find_card(table, NULL, 0, &q);
	SUITE_EQUAL_INT(q.bwi, 0);
	ccid_quirks_free(table);
}

/* Each has one note, with file, group, key and cause, and the other keys hold. */
static void
bad_keys(void)
{
	static const struct {
		const char *line, *note;
	} rows[] = {
		{ "NoPinpad=true", "a: [1234:0001] NoPinpad is no key of such a group" },
		{ "NoPps=yes", "a: [1234:0001] NoPps expected true or false" },
		{ "NoPps=1", "a: [1234:0001] NoPps expected true or false" },
		{ "Level=apdu",
		    "a: [1234:0001] Level expected announced, character, tpdu, short or extended" },
		{ "MessageMax=65557",
		    "a: [1234:0001] MessageMax expected a number from 0 to 65556" },
		{ "MessageMax=-1", "a: [1234:0001] MessageMax expected a number from 0 to 65556" },
		{ "MessageMax=0x10",
		    "a: [1234:0001] MessageMax expected a number from 0 to 65556" },
		{ "MessageMax=", "a: [1234:0001] MessageMax expected a number from 0 to 65556" },
		{ "Ifsd=255", "a: [1234:0001] Ifsd expected a number from 0 to 254" },
		{ "Slots=17", "a: [1234:0001] Slots expected a number from 0 to 16" },
		{ "Rates=0", "a: [1234:0001] Rates expected a number from 9600 to 100000000" },
		{ "Rates=10753;;21505",
		    "a: [1234:0001] Rates expected a number from 9600 to 100000000" },
		{ "Rates=1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17",
		    "a: [1234:0001] Rates more than 16 rates" },
		{ "ExtraWait=300001",
		    "a: [1234:0001] ExtraWait expected a number from 0 to 300000" },
		{ "Slow=4294967296", "a: [1234:0001] Slow expected a number from 0 to 20" },
		{ "Escapes=*",
		    "a: [1234:0001] Escapes expected bytes in hexadecimal, .. for any byte, and * "
		    "at "
		    "the end for any more; at most 31 characters" },
		{ "Escapes=01;02;03;04;05", "a: [1234:0001] Escapes more than 4 patterns" },
		{ "Bwi=7", "a: [1234:0001] Bwi is no key of such a group" },
		{ "Mct=tr\\xue", "a: [1234:0001] Mct has a value that is not text" },
		{ "Mct=\xFF", "a: [1234:0001] Mct has a value that is not text" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text =
		    g_strdup_printf("[1234:0001]\n%s\nPinMinimum=4\n", rows[i].line);
		g_autofree char *expected = g_strdup_printf("%s\n", rows[i].note);
		struct ccid_quirk_table *table = read_texts(text, -1, NULL);

		SUITE_EQUAL_STRING(notes->str, expected);
		SUITE_EQUAL_INT(find(table, 0x1234, 1, 0, 0).pin_minimum, 4);
		ccid_quirks_free(table);
	}
}

static void
bad_groups(void)
{
	static const char *const names[] = { "1234", "1234:1", "1234:00011", "1234-0001",
		"12345:0001", "g234:0001", "1234:0001:", "1234:0001:16", "1234:0001:01",
		"1234:0001:-1", "1234:0001#", "1234:0001#x", "1234:0001 ", "1234:**", "ATR:3B",
		"ATR:3BF", "ATR:", "ATR:*", "ATR:3BFA**", "Driver",
		"ATR:3B00000000000000000000000000000000000000000000000000000000000000000000" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *text =
		    g_strdup_printf("[%s]\nSlow=2\n[1234:0001#9]\nPinMinimum=4\n", names[i]);
		g_autofree char *expected = g_strdup_printf(
		    "a: [%.64s] expected [VVVV:PPPP], [VVVV:PPPP:SLOT], [VVVV:*] or "
		    "[ATR:BYTES]; the group is left out\n",
		    names[i]);
		struct ccid_quirk_table *table = read_texts(text, -1, NULL);

		SUITE_EQUAL_STRING(notes->str, expected);
		SUITE_EQUAL_INT(find(table, 0x1234, 1, 0, 0).slow, 0);
		SUITE_EQUAL_INT(find(table, 0x1234, 1, 0, 0).pin_minimum, 4);
		ccid_quirks_free(table);
	}
}

static void
bad_releases(void)
{
	static const char *const values[] = { "", "1", "0100-", "0200-0100", "0100-01FFF", "1.00",
		"0100-01FF ;", "\xFF" };

	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		g_autofree char *text =
		    g_strdup_printf("[1234:0001]\nReleases=%s\nSlow=2\n", values[i]);
		struct ccid_quirk_table *table = read_texts(text, -1, NULL);

		SUITE_EQUAL_STRING(notes->str,
		    "a: [1234:0001] Releases expected LOW-HIGH, four hexadecimal digits each; the "
		    "group is left out\n");
		SUITE_EQUAL_INT(find(table, 0x1234, 1, 0x0100, 0).slow, 0);
		ccid_quirks_free(table);
	}
}

static void
bad_files(void)
{
	const char *paths[] = { "missing", "folder", "a", NULL };
	struct ccid_quirk_table *table;
	GString *large = g_string_new("[1234:0001]\nSlow=2\n");

	/* Of a file whose lines have no form nothing holds. */
	table = read_texts("[1234:0001]\nSlow=2\nwhat\x01\n", -1, NULL);
	CU_ASSERT(g_str_has_prefix(notes->str, "a: ") &&
	    g_str_has_suffix(notes->str, "; the file is left out\n"));
	CU_ASSERT_PTR_NULL(strchr(notes->str, 1));
	SUITE_EQUAL_INT(find(table, 0x1234, 1, 0, 0).slow, 0);
	ccid_quirks_free(table);

	while (large->len < 256u * 1024u)
		g_string_append_c(large, '#');
	ccid_quirks_free(read_texts(large->str, (gssize)large->len, NULL));
	SUITE_EQUAL_STRING(notes->str, "");
	g_string_append_c(large, '#');
	ccid_quirks_free(read_texts(large->str, (gssize)large->len, NULL));
	SUITE_EQUAL_STRING(notes->str, "a: is larger than 262144 bytes; it is left out\n");
	g_string_free(large, TRUE);

	/* One that is not there is no error; one that is no file is. */
	ccid_quirks_free(read_texts("[1234:0001]\nSlow=2\n", -1, NULL));
	g_mkdir("folder", 0700);
	table = ccid_quirks_read(paths, keep_note, &notes);
	SUITE_EQUAL_STRING(notes->str, "folder: Invalid argument\n");
	SUITE_EQUAL_INT(find(table, 0x1234, 1, 0, 0).slow, 2);
	ccid_quirks_free(table);
	ccid_quirks_free(ccid_quirks_read(paths, NULL, NULL));
}

static void
many_groups(void)
{
	GString *text = g_string_new(NULL);
	struct ccid_quirk_table *table;

	for (unsigned i = 0; i < 2049; i++)
		g_string_append_printf(text, "[1234:%04X]\nSlow=2\n", i);
	table = read_texts(text->str, (gssize)text->len, NULL);
	SUITE_EQUAL_STRING(notes->str,
	    "a: [1234:0800] is one group too many; it and those behind it are left out\n");
	SUITE_EQUAL_INT(find(table, 0x1234, 0x07FF, 0, 0).slow, 2);
	SUITE_EQUAL_INT(find(table, 0x1234, 0x0800, 0, 0).slow, 0);
	ccid_quirks_free(table);
	g_string_free(text, TRUE);
}

/* The manual names each key. */
static void
manual(void)
{
	g_autofree char *path =
	    g_build_filename(g_getenv("TESSERA_SRC"), "ccid", "tessera-ccid.quirks.5", NULL);
	g_autofree char *text = NULL;

	CU_ASSERT_TRUE_FATAL(g_file_get_contents(path, &text, NULL, NULL));
	for (size_t i = 0; i < ccid_quirk_key_count + ccid_card_quirk_key_count; i++) {
		const char *name = i < ccid_quirk_key_count
		    ? ccid_quirk_keys[i].name
		    : ccid_card_quirk_keys[i - ccid_quirk_key_count].name;
		g_autofree char *line = g_strdup_printf("\n.It Va %s\n", name);

		if (strstr(text, line) == NULL) {
			printf("# %s\n", name);
			CU_FAIL("a key that the manual does not name");
		}
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "every key", every_key },
		{ "nothing known", nothing_known },
		{ "vendors, models, slots, releases", whom_it_is_about },
		{ "the administrator's file overrides key by key", overriding },
		{ "cards", cards },
		{ "bad keys are noted, the others hold", bad_keys },
		{ "bad groups", bad_groups },
		{ "bad releases leave the group out", bad_releases },
		{ "bad, large and missing files", bad_files },
		{ "too many groups", many_groups },
		{ "the manual names each key", manual },
	};

	return suite_run("quirks", tests, sizeof tests / sizeof tests[0]);
}
