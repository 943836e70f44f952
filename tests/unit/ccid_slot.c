/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A slot and its card: power, answer to reset, PPS and parameters, exchanges at each level, against
 * a scripted reader.
 */
#include "tests/unit/ccid_double.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "ccid/slot.h"
#include "tests/suite.h"

#define PRESENT "> 65 00000000 00 qq 000000; < 81 00000000 00 qq 01 00 00;"
#define ACTIVE "> 65 00000000 00 qq 000000; < 81 00000000 00 qq 00 00 00;"
#define OFF "> 63 00000000 00 qq 000000; < 81 00000000 00 qq 01 00 00;"
#define ON(volts) "> 62 00000000 00 qq " volts " 0000;"
#define MUTE "< 80 00000000 00 qq 41 FE 00;"
/* T=0 alone, no TA1. */
#define ATR_T0 "3B 02 14 50"
#define UP_T0 PRESENT ON("00") "< 80 04000000 00 qq 00 00 00 " ATR_T0 ";"
/* T=1, 512/16, IFSC 254, BWI 4, CWI 5. */
#define ATR_T1 "3B 90 95 81 31 FE 45 8E"
/* T=0 first, then T=1; 512/16. */
#define ATR_BOTH "3B 90 95 80 31 FE 45 8F"
#define UP_BOTH PRESENT ON("00") "< 80 08000000 00 qq 00 00 00 " ATR_BOTH ";"
#define UP_T1 PRESENT ON("00") "< 80 08000000 00 qq 00 00 00 " ATR_T1 ";"
#define RESET_T1 ACTIVE OFF "rest 10000;" ON("00") "< 80 08000000 00 qq 00 00 00 " ATR_T1 ";"
#define SET_T0 \
	"> 61 05000000 00 qq 00 0000 11 00 00 0A 00; < 82 05000000 00 qq 00 00 00 11 00 00 0A 00;"
#define SET_T1(factors)                                              \
	"> 61 07000000 00 qq 01 0000 " factors " 10 00 45 00 FE 00;" \
	"< 82 07000000 00 qq 00 00 01 " factors " 10 00 45 00 FE 00;"
#define PPS_T1_95 \
	"> 6F 04000000 00 qq 00 0000 FF 11 95 7B; < 80 04000000 00 qq 00 00 00 FF 11 95 7B;"
#define IFSD \
	"> 6F 05000000 00 qq 00 0000 00 C1 01 FE 3E; < 80 05000000 00 qq 00 00 00 00 E1 01 FE 1E;"
#define SELECT "00 A4 00 00 02 3F 00"

struct scenario {
	const char *name;
	uint32_t features;
	enum ccid_level level;
	unsigned voltages;
	/*
	 * What is done, words separated by blanks: on, warm, t0, t1, any, look, tx, then `=' and
	 * the result, or the sight; `tx' sends SELECT and compares the reply.
	 */
	const char *actions;
	const char *reply;
	const char *script;
	struct ccid_quirks quirks;
};

static const struct scenario scenarios[] = {
	{ "power on, the reader chooses the voltage", CCID_AUTO_VOLTAGE, CCID_TPDU, 7, "on=0", "",
	    UP_T0, .quirks = { 0 } },
	{ "no card", CCID_AUTO_VOLTAGE, CCID_TPDU, 7, "on=absent", "",
	    "> 65 00000000 00 qq 000000; < 81 00000000 00 qq 02 00 00", .quirks = { 0 } },
	{ "no card, said as a failure", CCID_AUTO_VOLTAGE, CCID_TPDU, 7, "on=absent", "",
	    "> 65 00000000 00 qq 000000; < 81 00000000 00 qq 42 FE 00", .quirks = { 0 } },
	{ "voltages in their order: 5 V twice, then 1.8 V", 0, CCID_TPDU, 7, "on=0", "",
	    PRESENT ON("01") MUTE OFF "rest 20000;" ON("01") MUTE OFF
	    "rest 20000;" ON("03") "< 80 04000000 00 qq 00 00 00 " ATR_T0,
	    .quirks = { 0 } },
	{ "a card that says 3 V alone is not left at 5 V", 0, CCID_TPDU, 3, "on=0", "",
	    PRESENT ON("01") "< 80 06000000 00 qq 00 00 00 3B 80 80 1F 02 1D;" OFF "rest 20000;" ON(
		"02") "< 80 06000000 00 qq 00 00 00 3B 80 80 1F 02 1D",
	    .quirks = { 0 } },
	{ "R11 no voltage announced: each once and again, and an end", 0, CCID_TPDU, 0, "on=mute",
	    "",
	    PRESENT ON("00") MUTE OFF "rest 20000;" ON("00") MUTE OFF "rest 20000;" ON("01")
		MUTE OFF "rest 20000;" ON("01") MUTE OFF "rest 20000;" ON("03") MUTE OFF
	    "rest 20000;" ON("03") MUTE OFF "rest 20000;" ON("02") MUTE OFF "rest 20000;" ON("02")
		MUTE OFF "rest 20000;" OFF,
	    .quirks = { 0 } },
	{ "R31 an answer to reset of no bytes", CCID_AUTO_VOLTAGE, CCID_TPDU, 7, "on=mute", "",
	    PRESENT ON("00") "< 80 00000000 00 qq 00 00 00;" OFF "rest 20000;" ON(
		"00") "< 80 01000000 00 qq 00 00 00 3B;" OFF "rest 20000;" OFF,
	    .quirks = { 0 } },
	{ "R32 an answer to reset cut off, then a good one", CCID_AUTO_VOLTAGE, CCID_TPDU, 7,
	    "on=0", "",
	    PRESENT ON("00") "< 80 03000000 00 qq 00 00 00 3B F0 11;" OFF
			     "rest 20000;" ON("00") "< 80 04000000 00 qq 00 00 00 " ATR_T0,
	    .quirks = { 0 } },
	{ "a warm reset leaves the power on", CCID_AUTO_VOLTAGE, CCID_TPDU, 7, "on=0 warm=0", "",
	    UP_T0 ACTIVE ON("00") "< 80 04000000 00 qq 00 00 00 " ATR_T0, .quirks = { 0 } },
	{ "a cold reset takes it off first", CCID_AUTO_VOLTAGE, CCID_TPDU, 7, "on=0 on=0", "",
	    UP_T0 ACTIVE OFF "rest 10000;" ON("00") "< 80 04000000 00 qq 00 00 00 " ATR_T0,
	    .quirks = { 0 } },
	{ "a card that was changed between two looks", CCID_AUTO_VOLTAGE, CCID_TPDU, 7,
	    "on=0 look=OTHER look=CARD t0=unpowered", "", UP_T0 PRESENT PRESENT, .quirks = { 0 } },
	{ "EMV mode is left, and the card tried again", CCID_AUTO_VOLTAGE, CCID_TPDU, 7, "on=0", "",
	    PRESENT ON("00") "< 80 00000000 00 qq 41 BB 00; > 6B 02000000 00 qq 000000 1F 01;"
			     "< 83 00000000 00 qq 01 00 00;" OFF
			     "rest 20000;" ON("00") "< 80 04000000 00 qq 00 00 00 " ATR_T0,
	    .quirks = { .emv_escape = true } },

	{ "T=0: parameters, then a TPDU", CCID_AUTO_VOLTAGE, CCID_TPDU, 7, "on=0 any=0 tx=0",
	    "61 1A",
	    UP_T0 SET_T0 "> 6F 07000000 00 qq 00 0000 " SELECT
			 "; < 80 02000000 00 qq 00 00 00 61 1A",
	    .quirks = { 0 } },
	{ "T=0 card, T=1 wanted", CCID_AUTO_VOLTAGE, CCID_TPDU, 7, "on=0 t1=mismatch", "", UP_T0,
	    .quirks = { 0 } },
	{ "T=1: PPS, parameters, IFSD, an I-block", CCID_AUTO_VOLTAGE, CCID_TPDU, 7,
	    "on=0 any=0 tx=0", "90 00",
	    UP_T1 PPS_T1_95 SET_T1("95") IFSD
	    "> 6F 0B000000 00 qq 00 0000 00 00 07 00 A4 00 00 02 3F 00 9E;"
	    "< 80 06000000 00 qq 00 00 00 00 00 02 90 00 92",
	    .quirks = { 0 } },
	{ "T=1: the reader negotiates: nothing but IFSD", CCID_AUTO_VOLTAGE | CCID_AUTO_PARAM_NEG,
	    CCID_TPDU, 7, "on=0 any=0", "", UP_T1 IFSD, .quirks = { 0 } },
	{ "T=1: the reader runs PPS on its parameters", CCID_AUTO_VOLTAGE | CCID_AUTO_PPS,
	    CCID_TPDU, 7, "on=0 any=0", "", UP_T1 SET_T1("95") IFSD, .quirks = { 0 } },
	{ "T=1: the reader announces IFSD itself",
	    CCID_AUTO_VOLTAGE | CCID_AUTO_PARAM_NEG | CCID_AUTO_IFSD, CCID_TPDU, 7, "on=0 any=0",
	    "", UP_T1, .quirks = { 0 } },
	{ "quirk 18: no IFSD", CCID_AUTO_VOLTAGE | CCID_AUTO_PARAM_NEG, CCID_TPDU, 7, "on=0 any=0",
	    "", UP_T1, .quirks = { .no_ifsd = true } },
	{ "quirk 5: no PPS, the default rate", CCID_AUTO_VOLTAGE, CCID_TPDU, 7, "on=0 any=0", "",
	    UP_T1 SET_T1("11") IFSD, .quirks = { .no_pps = true } },
	{ "the second protocol of a card is asked for by PPS", CCID_AUTO_VOLTAGE, CCID_TPDU, 7,
	    "on=0 t1=0", "", UP_BOTH PPS_T1_95 SET_T1("95") IFSD, .quirks = { 0 } },
	{ "PPS agrees to the protocol without the rate", CCID_AUTO_VOLTAGE, CCID_TPDU, 7,
	    "on=0 t1=0", "",
	    UP_BOTH "> 6F 04000000 00 qq 00 0000 FF 11 95 7B; < 80 03000000 00 qq 00 00 00 FF 01 "
		    "FE;" SET_T1("11") IFSD,
	    .quirks = { 0 } },
	{ "R67 PPS refused for the default protocol: reset, and on without it", CCID_AUTO_VOLTAGE,
	    CCID_TPDU, 7, "on=0 any=0", "",
	    UP_T1
	    "> 6F 04000000 00 qq 00 0000 FF 11 95 7B; < 80 02000000 00 qq 00 00 00 FF 11;" RESET_T1
		SET_T1("11") IFSD,
	    .quirks = { 0 } },
	{ "a field that cannot be set: what the reader reports counts", CCID_AUTO_VOLTAGE,
	    CCID_TPDU, 7, "on=0 any=0", "",
	    UP_T1 PPS_T1_95 "> 61 07000000 00 qq 01 0000 95 10 00 45 00 FE 00;"
			    "< 82 00000000 00 qq 40 0D 01; > 6C 00000000 00 qq 000000;"
			    "< 82 07000000 00 qq 00 00 01 95 10 00 55 00 FE 00;" IFSD,
	    .quirks = { 0 } },
	{ "quirk 16: parameters refused: reset twice, and on", CCID_AUTO_VOLTAGE, CCID_TPDU, 7,
	    "on=0 any=0", "",
	    UP_T0
	    "> 61 05000000 00 qq 00 0000 11 00 00 0A 00; < 82 00000000 00 qq 40 FE 00;" ACTIVE OFF
	    "rest 10000;" ON("00") "< 80 04000000 00 qq 00 00 00 " ATR_T0 ";" ACTIVE OFF
				   "rest 10000;" ON("00") "< 80 04000000 00 qq 00 00 00 " ATR_T0,
	    .quirks = { .parameters_by_reset = true } },
	{ "short APDU level: the APDU as it is", CCID_AUTO_VOLTAGE | CCID_AUTO_PARAM_NEG,
	    CCID_SHORT_APDU, 7, "on=0 any=0 tx=0", "90 00",
	    UP_T1 "> 6F 07000000 00 qq 00 0000 " SELECT "; < 80 02000000 00 qq 00 00 00 90 00",
	    .quirks = { 0 } },
	{ "extended level: an answer in two parts", CCID_AUTO_VOLTAGE | CCID_AUTO_PARAM_NEG,
	    CCID_EXTENDED_APDU, 7, "on=0 any=0 tx=0", "01 02 90 00",
	    UP_T1 "> 6F 07000000 00 qq 00 0000 " SELECT
		  "; < 80 02000000 00 qq 00 00 01 01 02; > 6F 00000000 00 qq 00 1000;"
		  "< 80 02000000 00 qq 00 00 02 90 00",
	    .quirks = { 0 } },
	{ "R35 an answer of one byte", CCID_AUTO_VOLTAGE | CCID_AUTO_PARAM_NEG, CCID_SHORT_APDU, 7,
	    "on=0 any=0 tx=lost", "",
	    UP_T1 "> 6F 07000000 00 qq 00 0000 " SELECT "; < 80 01000000 00 qq 00 00 00 90",
	    .quirks = { 0 } },
	{ "M24 R66 the card is taken out in the middle", CCID_AUTO_VOLTAGE | CCID_AUTO_PARAM_NEG,
	    CCID_SHORT_APDU, 7, "on=0 any=0 tx=absent tx=unpowered", "",
	    UP_T1 "> 6F 07000000 00 qq 00 0000 " SELECT "; < 80 00000000 00 qq 42 FE 00",
	    .quirks = { 0 } },
	{ "the card is silent at T=0", CCID_AUTO_VOLTAGE, CCID_TPDU, 7, "on=0 any=0 tx=silent", "",
	    UP_T0 SET_T0 "> 6F 07000000 00 qq 00 0000 " SELECT "; < 80 00000000 00 qq 40 FE 00",
	    .quirks = { 0 } },
	{ "after an exchange that was given up only a reset helps",
	    CCID_AUTO_VOLTAGE | CCID_AUTO_PARAM_NEG, CCID_SHORT_APDU, 7,
	    "on=0 any=0 tx=cancelled tx=dead on=0 any=0", "",
	    UP_T1 "> 6F 07000000 00 qq 00 0000 " SELECT "; < cancel; abort;"
		  "> 72 00000000 00 qq 000000; < 81 00000000 00 qq 00 00 00;" RESET_T1,
	    .quirks = { 0 } },
	{ "a rate that the reader promised and cannot do: the next lower one, and the command "
	  "again",
	    CCID_AUTO_VOLTAGE | CCID_AUTO_PPS, CCID_SHORT_APDU, 7, "on=0 any=0 tx=0", "90 00",
	    UP_T1 SET_T1("95") "> 6F 07000000 00 qq 00 0000 " SELECT
			       "; < 80 00000000 00 qq 40 FE 00;" RESET_T1 SET_T1(
				   "94") "> 6F 07000000 00 qq 00 0000 " SELECT
					 "; < 80 02000000 00 qq 00 00 00 90 00",
	    .quirks = { 0 } },
	{ "presence by power: no question for the state", CCID_AUTO_VOLTAGE, CCID_TPDU, 7,
	    "on=absent", "", ON("00") "< 80 00000000 00 qq 42 FE 00;" OFF,
	    .quirks = { .presence_by_power = true } },
};

static enum ccid_result
transmit(struct ccid_slot *slot, const char *expected)
{
	static const uint8_t select[] = { 0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00 };
	uint8_t bytes[258];
	struct ccid_room room = { bytes, sizeof bytes, 0 };
	enum ccid_result r = ccid_slot_transmit(slot, select, sizeof select, 0, &room);

	if (r == CCID_OK)
		SUITE_EQUAL_BYTES(bytes, room.length, expected);
	return r;
}

static const char *
act(struct ccid_slot *slot, const char *verb, const char *reply)
{
	static const char *const sights[] = { "NONE", "CARD", "OTHER" };
	enum ccid_sight sight;
	enum ccid_result r;

	if (strcmp(verb, "look") == 0) {
		r = ccid_slot_look(slot, 0, &sight);
		return r == CCID_OK ? sights[sight] : ccid_result_name(r);
	}
	if (strcmp(verb, "tx") == 0)
		r = transmit(slot, reply);
	else if (strcmp(verb, "on") == 0 || strcmp(verb, "warm") == 0)
		r = ccid_slot_power_up(slot, verb[0] == 'w', 0);
	else
		r = ccid_slot_select(slot,
		    strcmp(verb, "any") == 0      ? 3
			: strcmp(verb, "t1") == 0 ? 2
						  : 1,
		    0);
	return r == CCID_OK ? "0" : ccid_result_name(r);
}

static void
play(const struct scenario *scenario)
{
	const struct ccid_descriptor descriptor = {
		.slots = 1,
		.busy_slots = 1,
		.voltages = scenario->voltages,
		.protocols = 3,
		.default_clock = 4000,
		.maximum_clock = 4000,
		.maximum_rate = 500000,
		.ifsd = 254,
		.features = scenario->features,
		.level = scenario->level,
		.message_max = 271,
	};
	const struct ccid_options options = { CCID_5V_FIRST, T0_TRANSPARENT };
	g_auto(GStrv) actions = g_strsplit(scenario->actions, " ", -1);
	struct ccid_double twin;
	struct ccid_slot slot;

	ccid_double_begin(&twin, scenario->script, 1, 271);
	ccid_slot_init(&slot, &twin.link, 0, &descriptor, &scenario->quirks, &options);
	for (char **action = actions; *action != NULL; action++) {
		g_auto(GStrv) parts = g_strsplit(*action, "=", 2);

		SUITE_EQUAL_STRING(act(&slot, parts[0], scenario->reply), parts[1]);
	}
	ccid_double_end(&twin);
}

#define COUNT (sizeof scenarios / sizeof scenarios[0])

static size_t current;

static void
play_next(void)
{
	play(&scenarios[current++]);
}

int
main(void)
{
	struct suite_test tests[COUNT];

	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct suite_test){ scenarios[i].name, play_next };
	return suite_run("ccid_slot", tests, COUNT);
}
