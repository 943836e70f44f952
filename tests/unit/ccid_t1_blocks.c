/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocks of T=1 as bytes: known vectors, and what a card can send that is malformed or hostile (M).
 * There the host has sent I(0,0), and after the answer that is wanted the card answers well.
 */
#include "tests/unit/ccid_t1_script.h"

#include <stdio.h>
#include <string.h>

#include "tests/suite.h"

static const struct carriage plain;

static void
start(struct player *player)
{
	player_start(player, &plain, 0, 0, false);
	player_begin(player, 1, 0);
}

static const struct {
	const char *name;
	const char *sent; /* by the card; hex behind = */
	const char *answer;
} malformed[] = {
	{ "M1 nothing", "=", "R(0)o" },
	{ "M2 three bytes", "=00 00 02", "R(0)o" },
	{ "M4 LEN larger than received", "=00 00 10 90 00 92", "R(0)o" },
	{ "M6 wrong LRC", "=00 00 02 90 00 93", "R(0)e" },
	{ "M7 NAD of somebody else", "=12 00 02 90 00 80", "R(0)o" },
	{ "M8 reserved bit in an I-block", "=00 01 02 90 00 93", "R(0)o" },
	{ "M9 R-block with bit 5", "=00 A0 00 A0", "R(0)o" },
	{ "M10 R-block with LEN 1", "=00 80 01 00 81", "R(0)o" },
	{ "M11 WTX without its byte", "=00 C3 00 C3", "R(0)o" },
	{ "M12 WTX with two bytes", "=00 C3 02 01 01 C1", "R(0)o" },
	{ "M14 IFSC 0", "=00 C1 01 00 C0", "R(0)o" },
	{ "M14 IFSC FF", "=00 C1 01 FF 3F", "R(0)o" },
	{ "M15 VPP error", "=00 C4 00 C4", "R(0)o" },
	{ "M15 unknown S-response", "=00 DF 00 DF", "R(0)o" },
	{ "NAD FF", "=FF 00 02 90 00 6D", "R(0)o" },
	{ "R-block with an unknown code", "=00 83 00 83", "R(0)o" },
	{ "RESYNCH with a byte", "=00 E0 01 00 E1", "R(0)o" },
	{ "abort with a byte", "=00 C2 01 00 C3", "R(0)o" },
	{ "I-block one byte short of its LRC", "=00 00 02 90 00", "R(0)o" },
};
#define MALFORMED (sizeof malformed / sizeof malformed[0])

static size_t next;

static void
run_malformed(void)
{
	struct player player;
	char blocks[128];

	start(&player);
	snprintf(blocks, sizeof blocks, "h I(0,0); c %s; h %s; c I(0,0)", malformed[next].sent,
	    malformed[next].answer);
	if (player_play(&player, malformed[next].name, blocks)) {
		SUITE_EQUAL_INT(player.step, CCID_STEP_DONE);
		SUITE_EQUAL_BYTES(player.reply, player.out.length, "90 00");
		SUITE_EQUAL_INT(player.t1.ifsc, PIECE);
		player_prove(&player, malformed[next].name, 1, 1);
	}
	next++;
}

static void
reserved_length(void)
{
	struct player player;
	uint8_t bytes[3 + 255 + 1] = { 0x00, 0x00, 0xFF };

	start(&player);
	script_seal(bytes, sizeof bytes - 1, false);
	player_answer(&player, bytes, sizeof bytes);
	CU_ASSERT(player_play(&player, "M3", "h R(0)o; c I(0,0)"));
	SUITE_EQUAL_INT(player.step, CCID_STEP_DONE);
	player_prove(&player, "M3", 1, 1);
}

static void
bytes_behind(void)
{
	struct player player;

	start(&player);
	CU_ASSERT(player_play(&player, "M5", "c =00 00 02 90 00 92 55 55"));
	SUITE_EQUAL_INT(player.step, CCID_STEP_DONE);
	SUITE_EQUAL_BYTES(player.reply, player.out.length, "90 00");
	player_prove(&player, "M5", 1, 1);
}

static void
wtx_zero(void)
{
	struct player player;

	start(&player);
	CU_ASSERT(player_play(&player, "M13", "c =00 C3 01 00 C2"));
	SUITE_EQUAL_INT(player.step, CCID_STEP_SEND);
	SUITE_EQUAL_BYTES(player.t1.block.data, player.t1.block.length, "00 E3 01 00 E2");
	SUITE_EQUAL_INT(player.t1.block.wtx, 1);
	SUITE_EQUAL_INT(player.t1.block.bwi, 0);
	CU_ASSERT(player_play(&player, "M13", "c I(0,0)"));
	SUITE_EQUAL_INT(player.step, CCID_STEP_DONE);
	player_prove(&player, "M13", 1, 1);
}

/* The 600 seconds are the owner's to count; it ends the exchange as it does here. */
static void
wtx_for_ever(void)
{
	struct player player;

	start(&player);
	for (unsigned i = 0; i < 1000; i++) {
		CU_ASSERT(player_play(&player, "M16", "c =00 C3 01 FF 3D"));
		SUITE_EQUAL_INT(player.step, CCID_STEP_SEND);
		SUITE_EQUAL_BYTES(player.t1.block.data, player.t1.block.length, "00 E3 01 FF 1D");
		SUITE_EQUAL_INT(player.t1.block.wtx, 255);
		SUITE_EQUAL_INT(player.t1.block.bwi, 255);
	}
	SUITE_EQUAL_INT(t1_give_up(&player.t1), CCID_STEP_END);
	SUITE_EQUAL_INT(player.t1.result, CCID_LOST);
	CU_ASSERT(player.t1.dead);
	SUITE_EQUAL_INT(player.out.length, 0);
	player_begin(&player, 1, 0);
	SUITE_EQUAL_INT(player.step, CCID_STEP_END);
	SUITE_EQUAL_INT(player.t1.result, CCID_DEAD);
	t1_reset(&player.t1);
	player_prove(&player, "M16", 0, 0);
}

static void
ifs_for_ever(void)
{
	struct player player;

	start(&player);
	for (unsigned i = 0; i < 10; i++)
		CU_ASSERT(player_play(&player, "M17", "c =00 C1 01 20 E0; h =00 E1 01 20 C0"));
	CU_ASSERT(player_play(&player, "M17",
	    "c =00 C1 01 21 E1; h R(0)o; c =00 C1 01 21 E1; h R(0)o; c =00 C1 01 21 E1; "
	    "h S(RESYNCH req); c S(RESYNCH resp)"));
	SUITE_EQUAL_INT(player.step, CCID_STEP_END);
	SUITE_EQUAL_INT(player.t1.result, CCID_LOST);
	SUITE_EQUAL_INT(player.t1.ifsc, PIECE);
	player_prove(&player, "M17", 0, 0);

	/* The count is of one command. */
	for (unsigned i = 0; i < 2; i++) {
		player_begin(&player, 1, 0);
		for (unsigned k = 0; k < 10; k++)
			CU_ASSERT(
			    player_play(&player, "M17", "c =00 C1 01 20 E0; h =00 E1 01 20 C0"));
		CU_ASSERT(player_play(&player, "M17", i == 0 ? "c I(0,0)" : "c I(1,0)"));
		SUITE_EQUAL_INT(player.step, CCID_STEP_DONE);
		SUITE_EQUAL_INT(player.t1.ifsc, 0x20);
	}
	player_prove(&player, "M17", 0, 0);
}

static void
answer_without_status(void)
{
	static const char *const answers[] = { "c =00 00 00 00", "c =00 00 01 90 91" };

	for (size_t i = 0; i < 2; i++) {
		struct player player;

		start(&player);
		CU_ASSERT(player_play(&player, "M20", answers[i]));
		SUITE_EQUAL_INT(player.step, CCID_STEP_END);
		SUITE_EQUAL_INT(player.t1.result, CCID_LOST);
		CU_ASSERT(!player.t1.dead);
		SUITE_EQUAL_INT(player.out.length, 0);
		player_prove(&player, "M20", 1, 1);
	}
}

static void
echo(void)
{
	struct player player;

	start(&player);
	CU_ASSERT(player_play(&player, "M21", "c =00 00 05 00 A4 04 00 00 A5"));
	SUITE_EQUAL_INT(player.step, CCID_STEP_DONE);
	SUITE_EQUAL_BYTES(player.reply, player.out.length, "00 A4 04 00 00");
	player_prove(&player, "M21", 1, 1);
}

static void
other_ifsd(void)
{
	struct player player;

	player_start(&player, &plain, 0, 0, true);
	player_begin(&player, 0, 0);
	CU_ASSERT(
	    player_play(&player, "M22", "h =00 C1 01 FE 3E; c =00 E1 01 20 C0; h =00 C1 01 FE 3E"));
	SUITE_EQUAL_INT(player.t1.ifsd, 32);
	CU_ASSERT(player_play(&player, "M22", "c =00 E1 01 FE 1E"));
	SUITE_EQUAL_INT(player.step, CCID_STEP_DONE);
	SUITE_EQUAL_INT(player.t1.ifsd, 254);
	player_prove(&player, "M22", 0, 0);
}

/*
 * The engine is not asked any more when device or card are gone: what is its own is that nothing
 * further is sent until the card was reset. The codes are the slot's.
 */
static void
left_waiting(void)
{
	static const char *const places[] = { "h I(0,0)", "h I(0,0); c mute; h R(0)o",
		"h I(0,0); c I(0,1); h R(1)", "h I(0,0); c S(WTX req); h S(WTX resp)" };

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		struct player player;

		start(&player);
		CU_ASSERT(player_play(&player, places[i], places[i]));
		SUITE_EQUAL_INT(player.step, CCID_STEP_SEND);
		player_begin(&player, 1, 0);
		SUITE_EQUAL_INT(player.step, CCID_STEP_END);
		SUITE_EQUAL_INT(player.t1.result, CCID_DEAD);
		SUITE_EQUAL_INT(player.t1.block.length, 0);
		player_begin(&player, 0, 0);
		SUITE_EQUAL_INT(player.t1.result, CCID_DEAD);
		t1_reset(&player.t1);
		player_prove(&player, places[i], 0, 0);
	}
}

static void
events(void)
{
	struct player player;

	start(&player);
	player.step = t1_next(&player.t1, &(struct ccid_answer){ .event = CCID_EVENT_OVERRUN });
	CU_ASSERT(player_play(&player, "overrun", "h R(0)o"));
	player.step = t1_next(&player.t1, &(struct ccid_answer){ .event = CCID_EVENT_PARITY });
	CU_ASSERT(player_play(&player, "parity", "h R(0)o; c I(0,0)"));
	SUITE_EQUAL_INT(player.step, CCID_STEP_DONE);
	SUITE_EQUAL_INT(t1_next(&player.t1, &(struct ccid_answer){ .event = CCID_EVENT_SILENT }),
	    CCID_STEP_END);
	SUITE_EQUAL_INT(player.t1.result, CCID_INVALID);
}

static void
vectors(void)
{
	static const struct {
		const char *block, *bytes;
		bool host;
	} known[] = {
		{ "R(0)", "00 80 00 80", true },
		{ "R(1)", "00 90 00 90", true },
		{ "R(0)e", "00 81 00 81", true },
		{ "R(1)e", "00 91 00 91", true },
		{ "R(0)o", "00 82 00 82", true },
		{ "R(1)o", "00 92 00 92", true },
		{ "S(RESYNCH req)", "00 C0 00 C0", true },
		{ "S(RESYNCH resp)", "00 E0 00 E0", false },
		{ "S(IFS req)", "00 C1 01 FE 3E", true },
		{ "S(IFS resp)", "00 E1 01 FE 1E", false },
		{ "S(IFS req)", "00 C1 01 20 E0", false },
		{ "S(ABORT req)", "00 C2 00 C2", true },
		{ "S(ABORT resp)", "00 E2 00 E2", true },
		{ "S(WTX req)", "00 C3 01 05 C7", false },
		{ "S(WTX resp)", "00 E3 01 05 E7", true },
		{ "I(0,0)", "00 00 05 00 A4 04 00 00 A5", true },
		{ "I(0,0)", "00 00 02 90 00 92", false },
		{ "I(1,0)", "00 40 02 90 00 D2", false },
	};

	/* Those of the conversations, and so what the engine was seen to send. */
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		uint8_t bytes[T1_BLOCK_MAX];
		size_t length = script_encode(known[i].block, known[i].host, false, bytes);
		struct t1_view view;

		SUITE_EQUAL_BYTES(bytes, length, known[i].bytes);
		SUITE_EQUAL_INT(t1_block_read(false, bytes, length, &view), T1_FINE);
		SUITE_EQUAL_INT(view.length, length - 4);
	}
}

static void
crc(void)
{
	uint8_t block[T1_BLOCK_MAX];

	SUITE_EQUAL_HEX(t1_crc((const uint8_t *)"123456789", 9), 0x6F91);
	SUITE_EQUAL_INT(t1_block_write(true, 0x80, NULL, 0, block), 5);
	SUITE_EQUAL_BYTES(block, 5, "00 80 00 B5 FF");
	SUITE_EQUAL_INT(t1_block_read(true, block, 4, &(struct t1_view){ 0 }), T1_OTHER);
	SUITE_EQUAL_INT(t1_block_read(true, block, 5, &(struct t1_view){ 0 }), T1_FINE);
	block[3] ^= 0x80;
	SUITE_EQUAL_INT(t1_block_read(true, block, 5, &(struct t1_view){ 0 }), T1_DAMAGED);
	/* Low byte first is not what cards do. */
	memcpy(block + 3, (const uint8_t[]){ 0xFF, 0xB5 }, 2);
	SUITE_EQUAL_INT(t1_block_read(true, block, 5, &(struct t1_view){ 0 }), T1_DAMAGED);
}

/* The two bits of NAD that once switched a voltage. */
static void
nad_voltage_bits(void)
{
	struct t1_view view;

	SUITE_EQUAL_INT(
	    t1_block_read(false, (const uint8_t[]){ 0x88, 0x00, 0x02, 0x90, 0x00, 0x1A }, 6, &view),
	    T1_FINE);
	SUITE_EQUAL_INT(view.length, 2);
}

static const struct suite_test others[] = {
	{ "M3 LEN FF", reserved_length },
	{ "M5 bytes behind the block", bytes_behind },
	{ "M13 WTX 0", wtx_zero },
	{ "M16 WTX FF until the owner's time is over", wtx_for_ever },
	{ "M17 more than ten IFS requests", ifs_for_ever },
	{ "M20 answer without status", answer_without_status },
	{ "M21 echo of the command", echo },
	{ "M22 another IFSD confirmed", other_ifsd },
	{ "M23 device gone: nothing further is sent before a reset", left_waiting },
	{ "M24 card gone: nothing further is sent before a reset", left_waiting },
	{ "overrun and parity as the reader says", events },
	{ "known blocks", vectors },
	{ "CRC", crc },
	{ "NAD with voltage bits", nad_voltage_bits },
};
#define OTHERS (sizeof others / sizeof others[0])

int
main(void)
{
	struct suite_test tests[MALFORMED + OTHERS];

	for (size_t i = 0; i < MALFORMED; i++)
		tests[i] = (struct suite_test){ malformed[i].name, run_malformed };
	memcpy(tests + MALFORMED, others, sizeof others);
	return suite_run("T=1 blocks", tests, MALFORMED + OTHERS);
}
