/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The quirks that are shipped: what each says of its models, that the layers without input and
 * output obey, and that no line of the file is idle. A test has the number of its quirk; those
 * quirks that every reader is allowed (descriptors behind endpoints, padded replies, stray empty
 * transfers) have no line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "ccid/escape.h"
#include "ccid/features.h"
#include "ccid/message.h"
#include "ccid/pin.h"
#include "ccid/quirks.h"
#include "ccid/timing.h"
#include "tests/suite.h"
#include "tests/unit/ccid_hex.h"

static struct ccid_quirk_table *shipped;

static void
keep_note(void *data, const char *line)
{
	(void)data;
	printf("# %s\n", line);
	CU_FAIL("a note about a shipped file");
}

static char *
shipped_path(void)
{
	return g_build_filename(g_getenv("TESSERA_SRC"), "ccid", "ccid.quirks", NULL);
}

static struct ccid_quirk_table *
read_path(const char *path)
{
	const char *paths[] = { path, NULL };

	return ccid_quirks_read(paths, keep_note, NULL);
}

static struct ccid_quirks
of_slot(uint32_t model, uint16_t release, unsigned slot)
{
	struct ccid_quirks quirks;

	ccid_quirks_find(shipped,
	    &(struct ccid_model){ (uint16_t)(model >> 16), (uint16_t)model, release, slot },
	    &quirks);
	return quirks;
}

static struct ccid_quirks
of(uint32_t model)
{
	return of_slot(model, 0x0200, 0);
}

/* A reader that announces this, read with what is known of the model. */
static struct ccid_descriptor
announced(const struct ccid_quirks *quirks, uint32_t features, uint32_t message_max)
{
	uint8_t bytes[CCID_DESCRIPTOR_SIZE] = { CCID_DESCRIPTOR_SIZE, 0x21, 0x10, 0x01, 3, 7, 3 };
	struct ccid_descriptor descriptor;

	bytes[10] = 0xA0; /* 4000 kHz */
	bytes[11] = 0x0F;
	memcpy(bytes + 23, "\x40\x42\x0F", 3); /* 1000000 bps */
	bytes[28] = 0;                         /* dwMaxIFSD */
	for (unsigned i = 0; i < 4; i++) {
		bytes[40 + i] = (uint8_t)(features >> 8 * i);
		bytes[44 + i] = (uint8_t)(message_max >> 8 * i);
	}
	bytes[52] = 3;
	bytes[53] = 1;
	ccid_descriptor_read(&descriptor, bytes, quirks, NULL, NULL);
	return descriptor;
}

static enum ccid_level
level(uint32_t model, uint16_t release, uint32_t features)
{
	struct ccid_quirks quirks = of_slot(model, release, 0);

	return announced(&quirks, features, 271).level;
}

#define SHORT 0x00020000u
#define EXTENDED 0x00040000u
#define TPDU 0x00010000u

static bool
offers_pin(uint32_t model)
{
	struct ccid_quirks quirks = of(model);
	struct ccid_descriptor descriptor = announced(&quirks, TPDU, 271);
	const struct ccid_functions functions = { .descriptor = &descriptor, .quirks = &quirks };

	return ccid_feature_has(&functions, CCID_FEATURE_VERIFY) ||
	    ccid_feature_has(&functions, CCID_FEATURE_MODIFY);
}

static void
quirk_1(void)
{
	static const uint32_t models[] = { 0x076B3A21, 0x076B3031, 0x076B6632, 0x046A00A7,
		0x0BF81024 };

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
		SUITE_EQUAL_INT(level(models[i], 0x0100, SHORT), CCID_EXTENDED_APDU);
		CU_ASSERT_FALSE(offers_pin(models[i]));
	}
	CU_ASSERT_TRUE(offers_pin(0x076B3022));
}

/* Verify or modify at the reader; the payload is returned as it would be sent. */
static void
payload(uint32_t model, uint16_t release, enum ccid_pin_operation operation, const char *structure,
    const char *expected)
{
	struct ccid_quirks quirks = of_slot(model, release, 0);
	struct ccid_descriptor descriptor = announced(&quirks, TPDU, 271);
	struct ccid_pin pin;
	size_t length;
	uint8_t *bytes = ccid_hex(structure, &length);

	SUITE_EQUAL_INT(
	    ccid_pin_prepare(&pin, operation, bytes, length, &descriptor, &quirks), CCID_OK);
	SUITE_EQUAL_BYTES(pin.payload, pin.length, expected);
	free(bytes);
}

#define VERIFY(digits, condition, n)                                                               \
	"00 00 82 04 01 " digits " " condition " " n " 09 04 00 00 00 00 05 00 00 00 00 20 00 81 " \
	"00"
#define VERIFY_OUT(digits, condition, n) \
	"00 00 82 04 01 " digits " " condition " " n " 09 04 00 00 00 00 00 20 00 81 00"
#define MODIFY(digits, condition, n)                          \
	"00 00 82 04 01 01 09 " digits " 03 " condition " " n \
	" 09 04 A1 A2 A3 00 00 00 05 00 00 00 00 24 00 81 00"
#define MODIFY_OUT(digits, condition, n, indexes)                               \
	"01 00 82 04 01 01 09 " digits " 03 " condition " " n " 09 04 " indexes \
	" 00 00 00 00 24 00 81 00"

static void
quirk_2(void)
{
	SUITE_EQUAL_INT(level(0x046A00A1, 0x0100, SHORT), CCID_EXTENDED_APDU);
	SUITE_EQUAL_INT(level(0x046A00A1, 0x0101, SHORT), CCID_SHORT_APDU);
	payload(0x046A00A1, 0x0100, CCID_PIN_MODIFY, MODIFY("0C 06", "02", "00"),
	    MODIFY_OUT("0C 06", "02", "FF", "A1 A2 A3"));
}

static void
quirk_3(void)
{
	SUITE_EQUAL_INT(level(0x2F7C6007, 0x0100, SHORT), CCID_EXTENDED_APDU);
}

static void
quirk_4(void)
{
	SUITE_EQUAL_INT(level(0x0D463010, 0x0100, EXTENDED), CCID_SHORT_APDU);
}

static uint8_t
fastest(const struct ccid_quirks *quirks, uint8_t ta1)
{
	struct ccid_descriptor descriptor = announced(quirks, TPDU, 271);
	struct ccid_rates rates = { descriptor.default_clock, descriptor.maximum_rate, NULL, 0 };

	for (size_t i = 0; i < CCID_RATES_LISTED_MAX && quirks->rates[i] != 0; i++) {
		rates.table = quirks->rates;
		rates.count = i + 1;
	}
	return ccid_rates_choose(&rates, ta1, 0);
}

static void
quirk_5(void)
{
	static const uint32_t models[] = { 0x0B977762, 0x0B977772 };

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
		struct ccid_quirks quirks = of(models[i]);

		CU_ASSERT_TRUE(quirks.split_reads);
		CU_ASSERT_TRUE(quirks.no_pps);
		SUITE_EQUAL_HEX(fastest(&quirks, 0x97), 0x11);
		SUITE_EQUAL_INT(announced(&quirks, 0, 271).maximum_rate, 9600);
	}
}

/* The descriptor is looked for in any list; what the table must know is the class. */
static void
quirk_6(void)
{
	static const uint8_t behind_endpoint[2 + CCID_DESCRIPTOR_SIZE] = { 2, 0x25,
		CCID_DESCRIPTOR_SIZE, 0x21 };

	CU_ASSERT_TRUE(of(0x0C4B0300).vendor_class);
	CU_ASSERT_PTR_EQUAL(
	    ccid_descriptor_find(behind_endpoint, sizeof behind_endpoint), behind_endpoint + 2);
}

static void
quirk_8(void)
{
	CU_ASSERT_TRUE(of_slot(0x08E64433, 0, 0).emv_escape);
	CU_ASSERT_TRUE(of(0x046A0005).emv_escape);
}

static void
quirk_9(void)
{
	static const uint32_t models[] = { 0x08E63478, 0x09820008 };

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
		payload(models[i], 0, CCID_PIN_VERIFY, VERIFY("0C 03", "07", "00"),
		    VERIFY_OUT("08 04", "02", "01"));
		payload(models[i], 0, CCID_PIN_MODIFY, MODIFY("0C 03", "07", "00"),
		    MODIFY_OUT("08 04", "02", "00", "A1 A2 A3"));
	}
}

static void
quirk_10(void)
{
	static const uint32_t models[] = { 0x04E6E003, 0x046A003E };

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
		payload(models[i], 0x0600, CCID_PIN_MODIFY, MODIFY("0C 06", "02", "03"),
		    MODIFY_OUT("0C 06", "02", "00", "A1 A2 A3"));
		payload(models[i], 0x0600, CCID_PIN_VERIFY, VERIFY("0C 06", "02", "01"),
		    VERIFY_OUT("0C 06", "02", "01"));
	}
	CU_ASSERT_TRUE(of(0x04E6E003).pin_template_escape);
}

static void
quirk_11(void)
{
	static const uint32_t models[] = { 0x03F01024, 0x03F00036, 0x0BF81017, 0x04F21469,
		0x07830006, 0x25DD3111 };

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++)
		CU_ASSERT_FALSE(offers_pin(models[i]));
}

static void
quirk_12(void)
{
	payload(0x413C2100, 0, CCID_PIN_VERIFY, VERIFY("0C 06", "02", "01"),
	    VERIFY_OUT("06 0C", "02", "00"));
	payload(0x413C2101, 0, CCID_PIN_VERIFY, VERIFY("0C 06", "02", "01"),
	    VERIFY_OUT("0C 06", "02", "00"));
	SUITE_EQUAL_INT(of(0x413C2100).pin_wait_us, 250000);
	SUITE_EQUAL_INT(of(0x413C2101).pin_wait_us, 250000);
}

static void
quirk_13(void)
{
	static const uint32_t models[] = { 0x072F2200, 0x09D80427, 0x09D80428, 0x04E65293,
		0x04E65790, 0x04E65791, 0x04E65724 };

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++)
		CU_ASSERT(of(models[i]).slow >= 4 && of(models[i]).slow <= 10);
	CU_ASSERT_TRUE(of(0x072F2200).answer_in_status);
}

static void
quirk_15(void)
{
	SUITE_EQUAL_INT(of(0x0B810200).open_wait_us, 1000000);
	SUITE_EQUAL_INT(of(0x0B810200).slow, 20);
}

static void
quirk_16(void)
{
	struct ccid_quirks quirks = of(0x058F9540);

	CU_ASSERT_TRUE(quirks.parameters_by_reset);
	SUITE_EQUAL_INT(announced(&quirks, TPDU, 271).maximum_rate, 200000);
	SUITE_EQUAL_HEX(fastest(&quirks, 0x97), 0x95);
}

static void
quirk_17(void)
{
	CU_ASSERT_TRUE(of(0x058F9520).no_autosuspend);
	CU_ASSERT_TRUE(of(0x07830003).no_autosuspend);
}

static void
quirk_18(void)
{
	CU_ASSERT_FALSE(of_slot(0x05290620, 0x0011, 0).no_ifsd);
	CU_ASSERT_TRUE(of_slot(0x05290620, 0x0012, 0).no_ifsd);
	CU_ASSERT_TRUE(of_slot(0x05290620, 0x0013, 0).no_ifsd);
	CU_ASSERT_FALSE(of_slot(0x05290620, 0x0014, 0).no_ifsd);
}

static void
quirk_19(void)
{
	struct ccid_quirks quirks = of(0x08E63479);

	CU_ASSERT_TRUE(of_slot(0x08E63480, 0x01FF, 0).presence_by_power);
	CU_ASSERT_FALSE(of_slot(0x08E63480, 0x0200, 0).presence_by_power);
	SUITE_EQUAL_HEX(fastest(&quirks, 0x97), 0x97);
	for (unsigned slot = 1; slot <= 4; slot++) {
		quirks = of_slot(0x08E63479, 0x0100, slot);
		SUITE_EQUAL_HEX(fastest(&quirks, 0x97), 0x95);
		SUITE_EQUAL_HEX(fastest(&quirks, 0x15), 0x13);
	}
}

static void
quirk_20(void)
{
	static const uint32_t models[] = { 0x04E6511C, 0x04E6511F, 0x04E65410, 0x04E65612,
		0x03F00824, 0x03F01024, 0x09C30008, 0x04E65111, 0x04E65120 };

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
		struct ccid_quirks quirks = of(models[i]);

		SUITE_EQUAL_INT(announced(&quirks, TPDU, 263).message_max, 271);
	}
}

static void
quirk_21(void)
{
	struct ccid_quirks quirks = of(0x09BE0002);

	SUITE_EQUAL_INT(announced(&quirks, TPDU, 271).ifsd, 254);
}

static void
quirk_22(void)
{
	CU_ASSERT_TRUE(of(0x0D46301D).off_before_on);
}

static void
quirk_23(void)
{
	size_t length;
	uint8_t *atr =
	    ccid_hex("3B FA 13 00 FF 81 31 80 45 00 31 C1 73 C0 01 00 00 90 00 B1", &length);
	const struct ccid_timing timing = { .clock_khz = 4000,
		.factors = 0x11,
		.bwi = 4,
		.cwi = 5,
		.extra_us = of(0x08E634D2).extra_wait_us };
	struct ccid_card_quirks card;

	SUITE_EQUAL_INT(of(0x08E634D2).extra_wait_us, 300000000);
	SUITE_EQUAL_INT(ccid_wait_t1(&timing, 1), 300000000);
	ccid_quirks_find_card(shipped, atr, length, &card);
	SUITE_EQUAL_INT(card.bwi, 7);
	atr[2] = 0x18;
	ccid_quirks_find_card(shipped, atr, length, &card);
	SUITE_EQUAL_INT(card.bwi, 0);
	free(atr);
}

static void
quirk_24(void)
{
	static const uint32_t models[] = { 0x04E65111, 0x04E65120, 0x04E65121 };

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
		struct ccid_quirks quirks = of(models[i]);

		SUITE_EQUAL_INT(announced(&quirks, TPDU, 271).slots, 1);
	}
}

static void
quirk_25(void)
{
	static const uint32_t models[] = { 0x08E65503, 0x08E65504, 0x076B5422, 0x072F221A,
		0x072F223B, 0x072F2259, 0x072F2303, 0x072F2308, 0x072F2301, 0x096E060D };

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++)
		CU_ASSERT_TRUE(of(models[i]).device_lock);
}

static void
quirk_26(void)
{
	CU_ASSERT_TRUE(of(0x04241202).presence_of_first);
	CU_ASSERT_TRUE(of(0x04241202).off_before_on);
}

/* Of every reader: 072F:8300 has no line. */
static void
quirk_27(void)
{
	const struct ccid_command command = { .type = CCID_XFR_BLOCK };
	struct ccid_reply reply;
	size_t length;
	uint8_t *message = ccid_hex("80 02 00 00 00 00 00 00 00 00 90 00 00*5000", &length);

	SUITE_EQUAL_INT(ccid_message_check(&command, message, length, &reply), CCID_CHECK_RIGHT);
	SUITE_EQUAL_BYTES(reply.data, reply.length, "90 00");
	free(message);
}

static void
quirk_29(void)
{
	static const struct {
		uint32_t model;
		uint16_t first_good;
	} rows[] = {
		{ 0x04E6E001, 0x0516 },
		{ 0x04E65111, 0x0620 },
		{ 0x04E6E003, 0x0510 },
		{ 0x04E65291, 0x0112 },
		{ 0x0D463001, 0x0037 },
		{ 0x0D463002, 0x0037 },
		{ 0x09C30008, 0x0203 },
		{ 0x0DC31004, 0x0502 },
		{ 0x058F9520, 0x0102 },
		{ 0x072F2200, 0x0206 },
		{ 0x03F00036, 0x0124 },
		{ 0x0B977762, 0x0111 },
		{ 0x0DC31102, 0x0607 },
		{ 0x0DC30900, 0x0200 },
		{ 0x08C30402, 0x5000 },
		{ 0x08C30401, 0x5000 },
		{ 0x0B0C0050, 0x0101 },
		{ 0x062D0001, 0x0102 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		uint16_t good = rows[i].first_good;

		CU_ASSERT_TRUE(of_slot(rows[i].model, (uint16_t)(good - 1), 0).broken);
		CU_ASSERT_TRUE(of_slot(rows[i].model, 0, 0).broken);
		CU_ASSERT_FALSE(of_slot(rows[i].model, good, 0).broken);
	}
}

static bool
escape_allowed(uint32_t model, const char *text)
{
	struct ccid_quirks quirks = of(model);
	size_t length;
	uint8_t *bytes = ccid_hex(text, &length);
	bool allowed = ccid_escape_allowed(&quirks, false, bytes, length);

	free(bytes);
	return allowed;
}

static void
escapes(void)
{
	CU_ASSERT_TRUE(escape_allowed(0x08E63437, "02"));
	CU_ASSERT_TRUE(escape_allowed(0x08E65503, "02"));
	CU_ASSERT_TRUE(escape_allowed(0x08E65503, "52 F8 04 01 00 02"));
	CU_ASSERT_FALSE(escape_allowed(0x08E65504, "52 F8 04 01 00 02"));
	CU_ASSERT_FALSE(escape_allowed(0x08E63437, "1F 01"));
	CU_ASSERT_FALSE(escape_allowed(0x08E73437, "02"));
	CU_ASSERT_TRUE(escape_allowed(0x076B5427, "FF 70 07 6B 02 A0 00 00"));
	CU_ASSERT_FALSE(escape_allowed(0x076B5427, "FF 82 07 6B"));
	CU_ASSERT_FALSE(escape_allowed(0x072F2200, "FF 70 07 6B"));
}

static void
vendor_classes(void)
{
	static const uint32_t models[] = { 0x046A003E, 0x1DB20600, 0x1DB20604, 0x413C2100,
		0x08E62202, 0x076B5340, 0x09BE0002, 0x076B532A, 0x1A746354, 0x1A746356, 0x0C4B0300,
		0x0C4B0500, 0x04E65291, 0x04E65292, 0x04E6512B, 0x04E6512C, 0x04E65120, 0x04E65111,
		0x04E6511A, 0x04E65121, 0x04E6E003, 0x08E61359, 0x08E6ACE0, 0x09730003 };

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++)
		if (!SUITE_EQUAL_INT(of(models[i]).vendor_class, true))
			SUITE_EQUAL_HEX(models[i], 0);
	CU_ASSERT_FALSE(of(0x12345678).vendor_class);
}

static void
terminals(void)
{
	CU_ASSERT_TRUE(of(0x0D463010).mct);
	CU_ASSERT_TRUE(of(0x0D464289).mct);
	CU_ASSERT_FALSE(of(0x0D463001).mct);
}

/* Whom a group of the shipped file is about; its last release, so that `#2` groups are met. */
static struct ccid_model
model_of(GKeyFile *file, const char *group)
{
	g_autofree char *releases = g_key_file_get_string(file, group, "Releases", NULL);
	struct ccid_model model = { 0 };

	model.vendor = (uint16_t)strtoul(group, NULL, 16);
	model.product = (uint16_t)strtoul(group + 5, NULL, 16);
	if (strlen(group) > 10 && group[9] == ':')
		model.slot = (unsigned)strtoul(group + 10, NULL, 10);
	if (releases != NULL)
		model.release = (uint16_t)strtoul(releases, NULL, 16);
	return model;
}

static void
what_holds(const struct ccid_quirk_table *table, GKeyFile *file, const char *group, void *ret)
{
	static const uint8_t openpgp[] = { 0x3B, 0xFA, 0x13, 0x00, 0xFF, 0x81, 0x31, 0x80, 0x45,
		0x00, 0x31, 0xC1, 0x73, 0xC0, 0x01, 0x00, 0x00, 0x90, 0x00, 0xB1 };

	memset(ret, 0, sizeof(struct ccid_quirks));
	if (g_str_has_prefix(group, "ATR:")) {
		ccid_quirks_find_card(table, openpgp, sizeof openpgp, ret);
	} else {
		struct ccid_model model = model_of(file, group);

		ccid_quirks_find(table, &model, ret);
	}
}

/* Without the key the model is treated otherwise. */
static void
check_key(GKeyFile *file, const char *group, const char *key)
{
	g_autofree char *value = g_key_file_get_value(file, group, key, NULL);
	struct ccid_quirks with, without;
	struct ccid_quirk_table *table;

	what_holds(shipped, file, group, &with);
	g_key_file_remove_key(file, group, key, NULL);
	CU_ASSERT_TRUE_FATAL(g_key_file_save_to_file(file, "less", NULL));
	g_key_file_set_value(file, group, key, value);
	table = read_path("less");
	what_holds(table, file, group, &without);
	ccid_quirks_free(table);
	if (memcmp(&with, &without, sizeof with) == 0) {
		g_autofree char *text = g_strdup_printf("[%s] %s=%s is idle", group, key, value);

		printf("# %s\n", text);
		CU_FAIL("an idle line");
	}
}

static void
no_idle_line(void)
{
	g_autofree char *path = shipped_path();
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_auto(GStrv) groups = NULL;
	unsigned keys_seen = 0;

	CU_ASSERT_TRUE_FATAL(g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL));
	groups = g_key_file_get_groups(file, NULL);
	for (size_t i = 0; groups[i] != NULL; i++) {
		g_auto(GStrv) keys = g_key_file_get_keys(file, groups[i], NULL, NULL);

		for (size_t j = 0; keys[j] != NULL; j++)
			if (strcmp(keys[j], "Releases") != 0) {
				check_key(file, groups[i], keys[j]);
				keys_seen++;
			}
	}
	CU_ASSERT(keys_seen > 100);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "quirk 1: OMNIKEY, Cherry, Fujitsu without a pad", quirk_1 },
		{ "quirk 2: Cherry KC 1000 SC", quirk_2 },
		{ "quirk 3: PN7362AU", quirk_3 },
		{ "quirk 4: TriB@nk", quirk_4 },
		{ "quirk 5: OZ776", quirk_5 },
		{ "quirk 6: descriptor behind the endpoints", quirk_6 },
		{ "quirk 8: EMV mode", quirk_8 },
		{ "quirk 9: Gemalto PC Pinpad, Vega Alpha", quirk_9 },
		{ "quirk 10: SPR532, Cherry ST-2xxx", quirk_10 },
		{ "quirk 11: unsafe pads", quirk_11 },
		{ "quirk 12: Dell keyboards", quirk_12 },
		{ "quirk 13: slow first answers", quirk_13 },
		{ "quirk 15: CL1356D", quirk_15 },
		{ "quirk 16: AU9540", quirk_16 },
		{ "quirk 17: AU9520, LTC31", quirk_17 },
		{ "quirk 18: eToken 5110", quirk_18 },
		{ "quirk 19: GemCore SIM Pro, Pos Pro", quirk_19 },
		{ "quirk 20: SCM's lengths", quirk_20 },
		{ "quirk 21: MySmartPad", quirk_21 },
		{ "quirk 22: IDToken", quirk_22 },
		{ "quirk 23: slow key generation", quirk_23 },
		{ "quirk 24: SCR331-DI, SDI010", quirk_24 },
		{ "quirk 25: one command a device", quirk_25 },
		{ "quirk 26: SEC1210", quirk_26 },
		{ "quirk 27: padded replies", quirk_27 },
		{ "quirk 29: broken firmware", quirk_29 },
		{ "escapes", escapes },
		{ "readers of class FF", vendor_classes },
		{ "multifunctional card terminals", terminals },
		{ "no line is idle", no_idle_line },
	};
	g_autofree char *path = shipped_path();
	int status;

	shipped = read_path(path);
	status = suite_run("shipped quirks", tests, sizeof tests / sizeof tests[0]);
	ccid_quirks_free(shipped);
	return status;
}
