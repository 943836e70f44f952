/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/scardctl/atr_explain.h"

#include <string.h>

#define TS_DIRECT 0x3B
#define TS_INVERSE 0x3F
#define TS_INVERSE_RAW 0x03 /* 3F, received by one who expected the direct convention */
#define T_GLOBAL 15u        /* no protocol: the bytes behind it hold for all */
#define CLOCK_HZ 4000000u   /* for which rates are given */

/* Where the walk is. */
struct walk {
	struct atr_explanation *explanation;
	size_t at;
	bool t1_seen, global_seen; /* a group of theirs, which alone counts */
	bool check_due;
	bool broken;
};

/* 0: reserved. f in kHz. */
static const struct {
	uint16_t fi, f_max_khz;
} fi_table[16] = { { 372, 4000 }, { 372, 5000 }, { 558, 6000 }, { 744, 8000 }, { 1116, 12000 },
	{ 1488, 16000 }, { 1860, 20000 }, { 0, 0 }, { 0, 0 }, { 512, 5000 }, { 768, 7500 },
	{ 1024, 10000 }, { 1536, 15000 }, { 2048, 20000 }, { 0, 0 }, { 0, 0 } };
static const uint8_t di_table[16] = { 0, 1, 2, 4, 8, 16, 32, 64, 12, 20 };

void
atr_line(struct atr_explanation *explanation, size_t at, size_t length, const char *name,
    const char *format, ...)
{
	struct atr_line line = { .at = at, .length = length };
	va_list arguments;

	(void)g_strlcpy(line.name, name, sizeof line.name);
	va_start(arguments, format);
	line.meaning = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_array_append_val(explanation->lines, line);
}

static void
explain_ts(struct walk *walk)
{
	struct atr_explanation *explanation = walk->explanation;
	uint8_t ts = explanation->bytes[walk->at];

	if (ts == TS_DIRECT || ts == TS_INVERSE)
		atr_line(explanation, walk->at, 1, "TS", "%s convention%s",
		    ts == TS_DIRECT ? "direct" : "inverse",
		    explanation->decoded ? ", which the reader has left undone: all bytes inverted"
					 : "");
	else {
		atr_line(explanation, walk->at, 1, "TS", "no convention");
		explanation->problem = g_strdup_printf(
		    "byte 1, TS, is %02X: an answer to reset begins with 3B or 3F", ts);
		walk->broken = true;
	}
	walk->at++;
}

/* The interface bytes that a high nibble announces: "TA2, TD2 follow". (transfer full) */
static char *
announced(uint8_t td, unsigned group)
{
	GString *text = g_string_new(NULL);

	for (unsigned i = 0; i < 4; i++)
		if ((td >> (4 + i) & 1) != 0)
			g_string_append_printf(
			    text, "%sT%c%u", text->len > 0 ? ", " : "", 'A' + i, group);
	if (text->len == 0)
		g_string_append(text, "no interface byte follows");
	else
		g_string_append(text, strchr(text->str, ',') != NULL ? " follow" : " follows");
	return g_string_free(text, FALSE);
}

static void
explain_rate(struct walk *walk, uint8_t ta1)
{
	unsigned fi = fi_table[ta1 >> 4].fi, di = di_table[ta1 & 0xF];
	unsigned f_max = fi_table[ta1 >> 4].f_max_khz;

	if (fi == 0 || di == 0)
		atr_line(walk->explanation, walk->at, 1, "TA1",
		    "%s %X is reserved: the card is run at Fi 372, Di 1", fi == 0 ? "Fi" : "Di",
		    fi == 0 ? ta1 >> 4 : ta1 & 0xF);
	else
		atr_line(walk->explanation, walk->at, 1, "TA1",
		    "Fi %u, Di %u: %u bit/s at 4 MHz; clock at most %g MHz", fi, di,
		    (2 * CLOCK_HZ * di / fi + 1) / 2, f_max / 1000.0);
}

static void
explain_guard_time(struct walk *walk, uint8_t tc1)
{
	if (tc1 == 0xFF)
		atr_line(walk->explanation, walk->at, 1, "TC1",
		    "extra guard time N 255: the least there is, 12 etu between characters with "
		    "T=0, 11 with T=1");
	else
		atr_line(walk->explanation, walk->at, 1, "TC1", "extra guard time N %u%s", tc1,
		    tc1 == 0 ? ": none" : " etu");
}

static void
explain_mode(struct walk *walk, uint8_t ta2)
{
	atr_line(walk->explanation, walk->at, 1, "TA2", "specific mode: T=%u%s, at %s; %s",
	    ta2 & 0xF, (ta2 & 0xF) == T_GLOBAL ? ", which is no protocol" : "",
	    (ta2 & 0x10) != 0 ? "a rate that only the application knows" : "the rate of TA1",
	    (ta2 & 0x80) != 0 ? "the card cannot change to negotiable mode"
			      : "the card can change to negotiable mode");
}

static void
explain_first_groups(struct walk *walk, unsigned group, char letter, const char *name, uint8_t byte)
{
	if (group == 1 && letter == 'A')
		explain_rate(walk, byte);
	else if (letter == 'B')
		atr_line(walk->explanation, walk->at, 1, name,
		    "programming voltage%s; deprecated, not looked at",
		    byte == 0 ? ": VPP not connected" : "");
	else if (group == 1)
		explain_guard_time(walk, byte);
	else if (letter == 'A')
		explain_mode(walk, byte);
	else if (byte == 0)
		atr_line(walk->explanation, walk->at, 1, name,
		    "waiting time integer WI of T=0: 0 is reserved, 10 is taken");
	else
		atr_line(walk->explanation, walk->at, 1, name, "waiting time integer WI of T=0: %u",
		    byte);
}

static void
explain_t1(struct walk *walk, char letter, const char *name, uint8_t byte)
{
	unsigned bwi = byte >> 4;

	if (letter == 'A' && (byte == 0 || byte == 0xFF))
		atr_line(walk->explanation, walk->at, 1, name,
		    "T=1: IFSC %02X is reserved, 32 is taken", byte);
	else if (letter == 'A')
		atr_line(walk->explanation, walk->at, 1, name,
		    "T=1: the card takes blocks of %u bytes (IFSC)", byte);
	else if (letter == 'B' && bwi > 9)
		atr_line(walk->explanation, walk->at, 1, name,
		    "T=1: BWI %u is reserved, 9 is taken; CWI %u", bwi, byte & 0xF);
	else if (letter == 'B')
		atr_line(walk->explanation, walk->at, 1, name,
		    "T=1: block and character waiting time, BWI %u, CWI %u", bwi, byte & 0xF);
	else
		atr_line(walk->explanation, walk->at, 1, name, "T=1: error detection code %s",
		    (byte & 1) != 0 ? "CRC" : "LRC");
}

static void
explain_global(struct walk *walk, char letter, const char *name, uint8_t byte)
{
	static const char *const stop[] = { "no clock stop", "clock may stop low",
		"clock may stop high", "clock may stop either way" };
	g_autofree char *classes = NULL;

	if (letter == 'A') {
		classes = g_strconcat((byte & 1) != 0 ? " A (5 V)" : "",
		    (byte & 2) != 0 ? " B (3 V)" : "", (byte & 4) != 0 ? " C (1.8 V)" : "",
		    (byte & 0x38) != 0 ? " reserved" : "", NULL);
		atr_line(walk->explanation, walk->at, 1, name, "for all protocols: %s; class%s",
		    stop[byte >> 6], classes[0] != '\0' ? classes : " none");
	} else if (letter == 'B')
		atr_line(walk->explanation, walk->at, 1, name, "for all protocols: contact C6 %s",
		    byte == 0                ? "is not used"
			: (byte & 0x80) != 0 ? "has a proprietary use"
					     : "has a standard use");
	else
		atr_line(walk->explanation, walk->at, 1, name, "for all protocols: reserved");
}

/* @t: the protocol that the TD before this group names */
static void
explain_interface(
    struct walk *walk, unsigned group, unsigned t, bool counts, char letter, uint8_t byte)
{
	char name[8];

	(void)g_snprintf(name, sizeof name, "T%c%u", letter, group);
	if (group <= 2)
		explain_first_groups(walk, group, letter, name, byte);
	else if (!counts)
		atr_line(walk->explanation, walk->at, 1, name,
		    "a further one of %s%s, not looked at: the first counts",
		    t == T_GLOBAL ? "those for all protocols" : "T=", t == T_GLOBAL ? "" : "1");
	else if (t == 1)
		explain_t1(walk, letter, name, byte);
	else if (t == T_GLOBAL)
		explain_global(walk, letter, name, byte);
	else
		atr_line(walk->explanation, walk->at, 1, name, "of T=%u; not known here", t);
}

static void
explain_td(struct walk *walk, unsigned group, uint8_t td)
{
	g_autofree char *follow = announced(td, group + 1);
	unsigned t = td & 0xF;
	char name[8];

	(void)g_snprintf(name, sizeof name, "TD%u", group);
	if (t == T_GLOBAL)
		atr_line(walk->explanation, walk->at, 1, name,
		    "what follows is for all protocols (T=15); %s", follow);
	else {
		atr_line(walk->explanation, walk->at, 1, name, "T=%u%s%s; %s", t,
		    t == 14     ? ", proprietary"
			: t > 1 ? ", reserved"
				: "",
		    walk->explanation->protocols == 0 ? ", the card's first choice" : "", follow);
		walk->explanation->protocols = (uint16_t)(walk->explanation->protocols | 1u << t);
	}
	if (t != 0)
		walk->check_due = true;
}

/* True: the byte is there. */
static bool
expect(struct walk *walk, const char *name, const char *announcer)
{
	if (walk->at < walk->explanation->length)
		return true;
	walk->explanation->problem = g_strdup_printf(
	    "it ends before byte %zu, %s, which %s announces", walk->at + 1, name, announcer);
	walk->broken = true;
	return false;
}

/* One group of interface bytes. @td: T0 or the TD before, whose nibble announces them; its next. */
static bool
explain_group(struct walk *walk, unsigned group, uint8_t *td)
{
	unsigned t = *td & 0xF;
	uint8_t announces = *td;
	bool counts = true;
	char by[8], name[8];

	(void)g_snprintf(by, sizeof by, group == 1 ? "T0" : "TD%u", group - 1);
	if (group > 2 && t == 1) {
		counts = !walk->t1_seen;
		walk->t1_seen = true;
	} else if (group > 2 && t == T_GLOBAL) {
		counts = !walk->global_seen;
		walk->global_seen = true;
	}
	for (unsigned i = 0; i < 4; i++) {
		if ((announces >> (4 + i) & 1) == 0)
			continue;
		(void)g_snprintf(name, sizeof name, "T%c%u", 'A' + i, group);
		if (!expect(walk, name, by))
			return false;
		if (i == 3) {
			*td = walk->explanation->bytes[walk->at];
			explain_td(walk, group, *td);
		} else
			explain_interface(walk, group, t, counts, (char)('A' + i),
			    walk->explanation->bytes[walk->at]);
		walk->at++;
	}
	return (announces & 0x80) != 0;
}

/* T0 and all interface bytes; the number of historical bytes. */
static size_t
explain_interfaces(struct walk *walk)
{
	uint8_t t0 = walk->explanation->bytes[walk->at], td = t0;
	g_autofree char *follow = announced(t0, 1);
	unsigned group = 1;

	atr_line(walk->explanation, walk->at, 1, "T0", "%s; %u historical byte%s", follow, t0 & 0xF,
	    (t0 & 0xF) == 1 ? "" : "s");
	walk->at++;
	while (explain_group(walk, group, &td))
		if (++group > ATR_GROUPS_MAX) {
			walk->explanation->problem = g_strdup_printf(
			    "byte %zu, TD%u, announces more groups than any card has", walk->at,
			    group - 1);
			walk->broken = true;
			break;
		}
	return t0 & 0xF;
}

static void
explain_history(struct walk *walk, size_t length)
{
	size_t there = walk->explanation->length - walk->at;

	if (there < length) {
		walk->explanation->problem = g_strdup_printf(
		    "T0 announces %zu historical bytes, and it ends after %zu of them", length,
		    there);
		walk->broken = true;
		if (there > 0)
			atr_line(
			    walk->explanation, walk->at, there, "", "historical bytes, cut off");
		return;
	}
	atr_explain_history(walk->explanation, walk->at, length);
	walk->at += length;
}

static void
explain_check(struct walk *walk)
{
	struct atr_explanation *explanation = walk->explanation;
	uint8_t check = 0;

	if (!walk->check_due)
		return;
	if (walk->at == explanation->length) {
		explanation->problem = g_strdup_printf(
		    "it ends before byte %zu, the check byte TCK, which is due when a protocol "
		    "other than T=0 is named; some old cards leave it out",
		    walk->at + 1);
		return;
	}
	for (size_t i = 1; i < walk->at; i++)
		check ^= explanation->bytes[i];
	if (check == explanation->bytes[walk->at])
		atr_line(explanation, walk->at, 1, "TCK", "check byte, right");
	else {
		atr_line(explanation, walk->at, 1, "TCK", "check byte, wrong: %02X would be right",
		    check);
		explanation->problem = g_strdup_printf(
		    "byte %zu, the check byte TCK, is %02X, and %02X would be right", walk->at + 1,
		    explanation->bytes[walk->at], check);
	}
	walk->at++;
}

/* As the wire has it with inverse convention: other levels, other order. */
static uint8_t
invert(uint8_t byte)
{
	uint8_t result = 0;

	for (unsigned i = 0; i < 8; i++)
		result = (uint8_t)(result << 1 | (~byte >> i & 1));
	return result;
}

static void
explain_all(struct walk *walk)
{
	struct atr_explanation *explanation = walk->explanation;
	size_t history;

	explain_ts(walk);
	if (walk->broken)
		return;
	if (explanation->length < 2) {
		explanation->problem = g_strdup("it ends before byte 2, T0, which every one has");
		walk->broken = true;
		return;
	}
	history = explain_interfaces(walk);
	if (!walk->broken)
		explain_history(walk, history);
	if (walk->broken)
		return;
	if (explanation->protocols == 0)
		explanation->protocols = 1;
	explain_check(walk);
	if (walk->at < explanation->length)
		atr_line(explanation, walk->at, explanation->length - walk->at, "",
		    "behind the answer, not part of it");
}

struct atr_explanation *
atr_explain(const uint8_t *bytes, size_t length)
{
	struct atr_explanation *explanation = g_new0(struct atr_explanation, 1);
	struct walk walk = { .explanation = explanation };

	explanation->lines = g_array_new(FALSE, FALSE, sizeof(struct atr_line));
	explanation->length = MIN(length, ATR_MAX);
	explanation->decoded = length > 0 && bytes[0] == TS_INVERSE_RAW;
	for (size_t i = 0; i < explanation->length; i++)
		explanation->bytes[i] = explanation->decoded ? invert(bytes[i]) : bytes[i];
	if (length == 0)
		explanation->problem = g_strdup("it has no byte");
	else
		explain_all(&walk);
	if (walk.broken)
		explanation->protocols = 0;
	return explanation;
}

void
atr_explanation_free(struct atr_explanation *explanation)
{
	for (guint i = 0; i < explanation->lines->len; i++)
		g_free(g_array_index(explanation->lines, struct atr_line, i).meaning);
	g_array_free(explanation->lines, TRUE);
	g_free(explanation->problem);
	g_free(explanation);
}
