/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The soft card under T=0 (ISO 7816-3, 12.2): P3, 61xx and GET RESPONSE, 6Cxx.
 */
#include <stdlib.h>

#include "tests/suite.h"
#include "tests/unit/softcard_script.h"

#define FCI_DF "6F 10 82 01 38 83 02 50 00 84 04 A0 01 02 03 8A 01 05 "

static void
lengths(void)
{
	struct softcard_card *card = softcard_script_card();
	struct softcard_tpdu tpdu = { .held_length = 0 };

	SOFTCARD_SCRIPT(card, &tpdu, { "", "6700" }, { "00 A4 00", "6700" },
	    { "00 A4 00 00", "9000" },       /* P3 left out */
	    { "00 A4 00 00 00", "9000" },    /* P3 = 00: no data */
	    { "00 A4 00 00 02 50", "6700" }, /* P3 says more */
	    { "00 A4 00 0C 02 50 00", "9000" },
	    { "00 A4 00 0C 02 50 00 00", "6700" }, /* an APDU of case 4 is no TPDU */
	    { "00 20 00 01 00", "63C3" },          /* case 1 */
	    { "00 20 00 01 04 31 32 33 34", "9000" },
	    { "00 20 00 01 04", "6700" }, /* the data are missing */
	    { "00 D6 81 00 02 AA BB", "9000" }, { "00 D6 81 00 00", "6700" },
	    { "00 D6 81 00 02 AA", "6700" }, { "80 A4 00 00 00", "6E00" },
	    { "00 00 00 00 00", "6D00" }, { "00 C2 00 00 01 00", "6D00" }); /* ENVELOPE */
	softcard_card_free(card);
}

static void
answers_are_fetched(void)
{
	struct softcard_card *card = softcard_script_card();
	struct softcard_tpdu tpdu = { .held_length = 0 };

	SOFTCARD_SCRIPT(card, &tpdu, { "00 C0 00 00 00", "6985" }, /* nothing is held */
	    { "00 A4 00 00 02 50 00", "6112" }, { "00 C0 00 00 12", FCI_DF "9000" },
	    { "00 C0 00 00 12", "6985" }, /* once */
	    { "00 A4 00 00 02 50 00", "6112" },
	    { "00 C0 00 00 00", "6C12" }, /* 256 are not there; it stays */
	    { "00 C0 00 00 13", "6C12" }, { "00 C0 00 00 02", "6F10 6110" }, /* in pieces */
	    { "00 C0 00 00 04", "82013883 610C" }, { "00 C0 00 00 0D", "6C0C" },
	    { "00 C0 00 00 0C", "02 50 00 84 04 A0 01 02 03 8A 01 05 9000" },
	    { "00 C0 00 00 01", "6985" }, { "00 A4 00 00 02 50 00", "6112" },
	    { "00 B0 81 00 01", "30 9000" }, /* another command: it is gone */
	    { "00 C0 00 00 12", "6985" }, { "00 A4 00 00 02 50 00", "6112" }, { NULL, NULL },
	    { "00 C0 00 00 12", "6985" }, { "00 A4 00 00 02 50 00", "6112" },
	    { "00 C0 01 00 12", "6A86" }, { "80 C0 00 00 12", "6E00" },
	    { "00 A4 00 0C 02 50 00", "9000" }, /* no answer asked for */
	    { "00 A4 00 0C 02 12 34", "6A82" }, { "00 C0 00 00 12", "6985" });
	softcard_card_free(card);
}

static void
wrong_le(void)
{
	struct softcard_card *card = softcard_script_card();
	struct softcard_tpdu tpdu = { .held_length = 0 };

	SOFTCARD_SCRIPT(card, &tpdu, { "00 A4 08 0C 04 50 00 50 01", "9000" },
	    { "00 B0 00 00 0A", "30313233343536373839 9000" }, { "00 B0 00 00 00", "6C0A" },
	    { "00 B0 00 08 03", "6C02" }, { "00 B0 00 08 02", "3839 9000" },
	    { "00 B0 00 0A 01", "6B00" }, { "00 B0 82 00 04", "6982" },
	    { "00 84 00 00 04", "01020304 9000" },
	    { "00 A4 03 00 00", "9000" }, /* P3 = 00: no answer is asked for */
	    { "00 A4 00 00 10", "6C0C" },
	    { "00 A4 00 00 0C", "6F 0A 82 01 38 83 02 3F 00 8A 01 05 9000" });
	softcard_card_free(card);
}

static void
whole_blocks(void)
{
	static const uint8_t challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x00 };
	static const uint8_t select[] = { 0x00, 0xA4, 0x08, 0x0C, 0x04, 0x50, 0x00, 0x50, 0x03 };
	static const uint8_t read[] = { 0x00, 0xB0, 0x00, 0x00, 0x00 };
	struct softcard_card *card = softcard_script_card();
	struct softcard_tpdu tpdu = { .held_length = 0 };
	uint8_t *reply = malloc(SOFTCARD_REPLY_MAX);

	SUITE_EQUAL_INT(
	    softcard_tpdu_transmit(&tpdu, card, challenge, sizeof challenge, reply), 258);
	SUITE_EQUAL_INT(softcard_tpdu_transmit(&tpdu, card, select, sizeof select, reply), 2);
	SUITE_EQUAL_INT(softcard_tpdu_transmit(&tpdu, card, read, sizeof read, reply), 258);
	SUITE_EQUAL_INT(reply[255], 255);
	SUITE_EQUAL_BYTES(reply + 256, 2, "9000");
	free(reply);
	softcard_card_free(card);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "lengths and P3", lengths },
		{ "answers are fetched with GET RESPONSE", answers_are_fetched },
		{ "a wrong Le is told", wrong_le },
		{ "P3 = 00 fetches 256 bytes", whole_blocks },
	};

	return suite_run("soft card, T=0", tests, sizeof tests / sizeof tests[0]);
}
