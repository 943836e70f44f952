/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine of T=1 in conversation: without errors (A), with single errors (B), brought back in
 * step or given up (C), aborted (D); and what those lists leave open.
 */
#include "tests/unit/ccid_t1_script.h"

#include "tests/suite.h"

static const struct conversation conversations[] = {
	{ "A1 simple exchange", 0, 0, 1, "h I(0,0); c I(0,0)", CCID_OK, "90 00", .end_ns = 1,
	    .end_nr = 1 },
	{ "A2 second exchange, numbers 1", 1, 1, 1, "h I(1,0); c I(1,0)", CCID_OK, "90 00",
	    .end_ns = 0, .end_nr = 0 },
	{ "A3 WTX before answer", 0, 0, 1, "h I(0,0); c S(WTX req); h S(WTX resp); c I(0,0)",
	    CCID_OK, "90 00", .end_ns = 1, .end_nr = 1 },
	{ "A4 two WTX in a row", 0, 0, 1,
	    "h I(0,0); c S(WTX req); h S(WTX resp); c S(WTX req); h S(WTX resp); c I(0,0)", CCID_OK,
	    "90 00", .end_ns = 1, .end_nr = 1 },
	{ "A5 IFSD announcement as first block", 0, 0, 0, "h S(IFS req); c S(IFS resp)", CCID_OK,
	    NULL, .end_ns = 0, .end_nr = 0, .fresh = true },
	{ "A6 card announces IFSC", 0, 0, 1, "h I(0,0); c S(IFS req); h S(IFS resp); c I(0,0)",
	    CCID_OK, "90 00", .end_ns = 1, .end_nr = 1 },
	{ "A7 host chain 3 blocks", 0, 0, 3,
	    "h I(0,1); c R(1); h I(1,1)b; c R(0); h I(0,0)c; c I(0,0)", CCID_OK, "90 00",
	    .end_ns = 1, .end_nr = 1 },
	{ "A8 card chain 3 blocks", 0, 0, 1,
	    "h I(0,0); c I(0,1); h R(1); c I(1,1)b; h R(0); c I(0,0)", CCID_OK,
	    "D0 11 11 D1 11 11 90 00", .end_ns = 1, .end_nr = 1 },
	{ "A9 both chains", 0, 0, 2, "h I(0,1); c R(1); h I(1,0)b; c I(0,1); h R(1); c I(1,0)",
	    CCID_OK, "D0 11 11 90 00", .end_ns = 0, .end_nr = 0 },
	{ "A10 IFS inside host chain", 0, 0, 2,
	    "h I(0,1); c S(IFS req); h S(IFS resp); c R(1); h I(1,0)b; c I(0,0)", CCID_OK, "90 00",
	    .end_ns = 0, .end_nr = 1 },
	{ "A11 WTX inside card chain", 0, 0, 1,
	    "h I(0,0); c I(0,1); h R(1); c S(WTX req); h S(WTX resp); c I(1,0)", CCID_OK,
	    "D0 11 11 90 00", .end_ns = 1, .end_nr = 0 },
	{ "A12 WTX inside host chain", 0, 0, 2,
	    "h I(0,1); c S(WTX req); h S(WTX resp); c R(1); h I(1,0)b; c I(0,0)", CCID_OK, "90 00",
	    .end_ns = 0, .end_nr = 1 },
	{ "B1 host I damaged, card asks again", 0, 0, 1, "h I(0,0); c R(0)e; h I(0,0); c I(0,0)",
	    CCID_OK, "90 00", .end_ns = 1, .end_nr = 1 },
	{ "B2 card I damaged", 0, 0, 1, "h I(0,0); c damaged; h R(0)e; c I(0,0)", CCID_OK, "90 00",
	    .end_ns = 1, .end_nr = 1 },
	{ "B3 card mute once", 0, 0, 1, "h I(0,0); c mute; h R(0)o; c I(0,0)", CCID_OK, "90 00",
	    .end_ns = 1, .end_nr = 1 },
	{ "B4 host I lost: mute, then R for same I", 0, 0, 1,
	    "h I(0,0); c mute; h R(0)o; c R(0)o; h I(0,0); c I(0,0)", CCID_OK, "90 00", .end_ns = 1,
	    .end_nr = 1 },
	{ "B5 card I damaged, host R damaged too, card answers R", 0, 0, 1,
	    "h I(0,0); c damaged; h R(0)e; c R(1)e; h R(0)e; c I(0,0)", CCID_OK, "90 00",
	    .end_ns = 1, .end_nr = 1 },
	{ "B6 two damaged answers then good", 0, 0, 1,
	    "h I(0,0); c damaged; h R(0)e; c damaged; h R(0)e; c I(0,0)", CCID_OK, "90 00",
	    .end_ns = 1, .end_nr = 1 },
	{ "B7 wrong N(S) from card", 0, 0, 1, "h I(0,0); c I(1,0); h R(0)o; c I(0,0)", CCID_OK,
	    "90 00", .end_ns = 1, .end_nr = 1 },
	{ "B8 R with wrong number to unchained I", 0, 0, 1, "h I(0,0); c R(1); h R(0)o; c I(0,0)",
	    CCID_OK, "90 00", .end_ns = 1, .end_nr = 1 },
	{ "B9 host chain: first I damaged", 0, 0, 2,
	    "h I(0,1); c R(0)e; h I(0,1); c R(1); h I(1,0)b; c I(0,0)", CCID_OK, "90 00",
	    .end_ns = 0, .end_nr = 1 },
	{ "B10 host chain: card R damaged", 0, 0, 2,
	    "h I(0,1); c damaged; h R(0)e; c R(1); h I(1,0)b; c I(0,0)", CCID_OK, "90 00",
	    .end_ns = 0, .end_nr = 1 },
	{ "B11 host chain: mute, card already has the block", 0, 0, 2,
	    "h I(0,1); c mute; h R(0)o; c R(1); h I(1,0)b; c I(0,0)", CCID_OK, "90 00", .end_ns = 0,
	    .end_nr = 1 },
	{ "B12 card chain: second I damaged", 0, 0, 1,
	    "h I(0,0); c I(0,1); h R(1); c damaged; h R(1); c I(1,0)", CCID_OK, "D0 11 11 90 00",
	    .end_ns = 1, .end_nr = 0 },
	{ "B13 card chain: host R damaged, card sends R", 0, 0, 1,
	    "h I(0,0); c I(0,1); h R(1); c R(1)e; h R(1); c I(1,0)", CCID_OK, "D0 11 11 90 00",
	    .end_ns = 1, .end_nr = 0 },
	{ "B14 WTX request damaged", 0, 0, 1,
	    "h I(0,0); c damaged; h R(0)e; c S(WTX req); h S(WTX resp); c I(0,0)", CCID_OK, "90 00",
	    .end_ns = 1, .end_nr = 1 },
	{ "B15 WTX response damaged, card repeats request", 0, 0, 1,
	    "h I(0,0); c S(WTX req); h S(WTX resp); c S(WTX req); h S(WTX resp); c I(0,0)", CCID_OK,
	    "90 00", .end_ns = 1, .end_nr = 1 },
	{ "B16 block after WTX response damaged", 0, 0, 1,
	    "h I(0,0); c S(WTX req); h S(WTX resp); c damaged; h R(0)e; c I(0,0)", CCID_OK, "90 00",
	    .end_ns = 1, .end_nr = 1 },
	{ "B17 IFSC request damaged", 0, 0, 1,
	    "h I(0,0); c damaged; h R(0)e; c S(IFS req); h S(IFS resp); c I(0,0)", CCID_OK, "90 00",
	    .end_ns = 1, .end_nr = 1 },
	{ "B18 IFSD request unanswered once", 0, 0, 0,
	    "h S(IFS req); c mute; h S(IFS req); c S(IFS resp)", CCID_OK, NULL, .end_ns = 0,
	    .end_nr = 0, .fresh = true },
	{ "B19 IFSD answer is not S(IFS resp)", 0, 0, 0,
	    "h S(IFS req); c R(0)e; h S(IFS req); c S(IFS resp)", CCID_OK, NULL, .end_ns = 0,
	    .end_nr = 0, .fresh = true },
	{ "B20 I-block while host chain unfinished (strict)", 0, 0, 2,
	    "h I(0,1); c I(0,0); h R(0)o; c R(1); h I(1,0)b; c I(0,0)", CCID_OK, "90 00",
	    .end_ns = 0, .end_nr = 1 },
	{ "B21 unexpected S response", 0, 0, 1, "h I(0,0); c S(WTX resp); h R(0)o; c I(0,0)",
	    CCID_OK, "90 00", .end_ns = 1, .end_nr = 1 },
	{ "B22 S(RESYNCH req) from card", 0, 0, 1, "h I(0,0); c S(RESYNCH req); h R(0)o; c I(0,0)",
	    CCID_OK, "90 00", .end_ns = 1, .end_nr = 1 },
	{ "C1 three bad answers then RESYNCH, no replay", 0, 0, 1,
	    "h I(0,0); c damaged; h R(0)e; c damaged; h R(0)e; c damaged; h S(RESYNCH req); c "
	    "S(RESYNCH resp)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "C2 same with replay on", 0, 0, 1,
	    "h I(0,0); c damaged; h R(0)e; c damaged; h R(0)e; c damaged; h S(RESYNCH req); c "
	    "S(RESYNCH resp); h I(0,0); c I(0,0)",
	    CCID_OK, "90 00", .end_ns = 1, .end_nr = 1, .replay = true },
	{ "C3 mute three times", 0, 0, 1,
	    "h I(0,0); c mute; h R(0)o; c mute; h R(0)o; c mute; h S(RESYNCH req); c S(RESYNCH "
	    "resp)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "C4 RESYNCH answered at third attempt", 0, 0, 1,
	    "h I(0,0); c damaged; h R(0)e; c damaged; h R(0)e; c damaged; h S(RESYNCH req); c "
	    "damaged; h S(RESYNCH req); c mute; h S(RESYNCH req); c S(RESYNCH resp)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "C5 RESYNCH never answered", 0, 0, 1,
	    "h I(0,0); c damaged; h R(0)e; c damaged; h R(0)e; c damaged; h S(RESYNCH req); c "
	    "mute; h S(RESYNCH req); c mute; h S(RESYNCH req); c mute",
	    CCID_DEAD, NULL, .end_ns = 0, .end_nr = 0, .dead = true },
	{ "C6 host chain breaks, automatic restart allowed", 0, 0, 2,
	    "h I(0,1); c damaged; h R(0)e; c damaged; h R(0)e; c damaged; h S(RESYNCH req); c "
	    "S(RESYNCH resp); h I(0,1); c R(1); h I(1,0)b; c I(0,0)",
	    CCID_OK, "90 00", .end_ns = 0, .end_nr = 1 },
	{ "C7 start of protocol, nothing valid ever received", 0, 0, 1,
	    "h I(0,0); c mute; h R(0)o; c mute; h R(0)o; c mute", CCID_DEAD, NULL, .end_ns = 0,
	    .end_nr = 0, .fresh = true, .dead = true },
	{ "C8 IFSD negotiation dead at start", 0, 0, 0,
	    "h S(IFS req); c mute; h S(IFS req); c mute; h S(IFS req); c mute", CCID_DEAD, NULL,
	    .end_ns = 0, .end_nr = 0, .fresh = true, .dead = true },
	{ "C9 endless retransmission request", 0, 0, 1,
	    "h I(0,0); c R(0)e; h I(0,0); c R(0)e; h I(0,0); c R(0)e; h I(0,0); c R(0)e; h "
	    "S(RESYNCH req); c S(RESYNCH resp)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "C10 sequence numbers 1/1 then RESYNCH", 1, 1, 1,
	    "h I(1,0); c damaged; h R(1)e; c damaged; h R(1)e; c damaged; h S(RESYNCH req); c "
	    "S(RESYNCH resp)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "D1 card aborts host chain, gives turn back", 0, 0, 3,
	    "h I(0,1); c R(1); h I(1,1)b; c S(ABORT req); h S(ABORT resp); c R(0)", CCID_LOST, NULL,
	    .end_ns = 0, .end_nr = 0 },
	{ "D2 card aborts its own chain", 0, 0, 1,
	    "h I(0,0); c I(0,1); h R(1); c S(ABORT req); h S(ABORT resp); c R(1)", CCID_LOST, NULL,
	    .end_ns = 1, .end_nr = 1 },
	{ "D3 abort request damaged", 0, 0, 3,
	    "h I(0,1); c R(1); h I(1,1)b; c damaged; h R(0)e; c S(ABORT req); h S(ABORT resp); c "
	    "R(0)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "D4 abort outside a chain", 0, 0, 1, "h I(0,0); c S(ABORT req); h R(0)o; c I(0,0)",
	    CCID_OK, "90 00", .end_ns = 1, .end_nr = 1 },
	{ "D5 block after abort response damaged", 0, 0, 3,
	    "h I(0,1); c R(1); h I(1,1)b; c S(ABORT req); h S(ABORT resp); c damaged; h R(0)e; c "
	    "R(0)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "D6 host aborts the card's chain (buffer full)", 0, 0, 1,
	    "h I(0,0); c I(0,1); h S(ABORT req); c S(ABORT resp)", CCID_SMALL, NULL, .end_ns = 1,
	    .end_nr = 1, .room = 2 },
	{ "D7 same, abort request unanswered once", 0, 0, 1,
	    "h I(0,0); c I(0,1); h S(ABORT req); c mute; h S(ABORT req); c S(ABORT resp)",
	    CCID_SMALL, NULL, .end_ns = 1, .end_nr = 1, .room = 2 },

	{ "card asks for its chain's R for ever", 0, 0, 1,
	    "h I(0,0); c I(0,1); h R(1); c R(1); h R(1); c R(1)o; h R(1); c R(1); h S(RESYNCH "
	    "req); "
	    "c S(RESYNCH resp)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "early answer accepted where allowed", 0, 0, 3, "h I(0,1); c R(1); h I(1,1)b; c I(0,0)",
	    CCID_OK, "90 00", .end_ns = 0, .end_nr = 1, .early_answer = true },
	{ "early answer in a chain", 0, 0, 2, "h I(0,1); c I(0,1); h R(1); c I(1,0)", CCID_OK,
	    "D0 11 11 90 00", .end_ns = 1, .end_nr = 0, .early_answer = true },
	{ "host chain breaks twice: restarted once", 0, 0, 2,
	    "h I(0,1); c mute; h R(0)o; c mute; h R(0)o; c mute; h S(RESYNCH req); c S(RESYNCH "
	    "resp); "
	    "h I(0,1); c mute; h R(0)o; c mute; h R(0)o; c mute; h S(RESYNCH req); c S(RESYNCH "
	    "resp)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "last block of a host chain lost: not restarted", 0, 0, 2,
	    "h I(0,1); c R(1); h I(1,0)b; c mute; h R(0)o; c mute; h R(0)o; c mute; "
	    "h S(RESYNCH req); c S(RESYNCH resp)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "replay on: a fourth round of RESYNCH is not tried", 0, 0, 1,
	    "h I(0,0); c mute; h R(0)o; c mute; h R(0)o; c mute; h S(RESYNCH req); c S(RESYNCH "
	    "resp); "
	    "h I(0,0); c mute; h R(0)o; c mute; h R(0)o; c mute; h S(RESYNCH req); c S(RESYNCH "
	    "resp); "
	    "h I(0,0); c mute; h R(0)o; c mute; h R(0)o; c mute; h S(RESYNCH req); c S(RESYNCH "
	    "resp); "
	    "h I(0,0); c mute; h R(0)o; c mute; h R(0)o; c mute",
	    CCID_DEAD, NULL, .end_ns = 0, .end_nr = 0, .replay = true, .dead = true },
	{ "RESYNCH answered with another block", 0, 0, 1,
	    "h I(0,0); c mute; h R(0)o; c mute; h R(0)o; c mute; h S(RESYNCH req); c I(0,0); "
	    "h S(RESYNCH req); c S(WTX req); h S(RESYNCH req); c S(RESYNCH resp)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "numbers 1/1 after RESYNCH in a card chain", 0, 0, 1,
	    "h I(0,0); c I(0,1); h R(1); c mute; h R(1); c mute; h R(1); c mute; h S(RESYNCH req); "
	    "c S(RESYNCH resp)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "asked for the I-block between good progress", 0, 0, 3,
	    "h I(0,1); c R(0); h I(0,1); c R(0); h I(0,1); c R(0); h I(0,1); c R(1); h I(1,1)b; "
	    "c R(1); h I(1,1)b; c R(1); h I(1,1)b; c R(1); h I(1,1)b; c R(0); h I(0,0)c; c I(0,0)",
	    CCID_OK, "90 00", .end_ns = 1, .end_nr = 1 },
	{ "abort of the last block of a chain", 0, 0, 2,
	    "h I(0,1); c R(1); h I(1,0)b; c S(ABORT req); h S(ABORT resp); c R(1)", CCID_LOST, NULL,
	    .end_ns = 1, .end_nr = 0 },
	{ "abort response lost: request repeated", 0, 0, 2,
	    "h I(0,1); c S(ABORT req); h S(ABORT resp); c S(ABORT req); h S(ABORT resp); c R(0)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "abort requested for ever", 0, 0, 2,
	    "h I(0,1); c S(ABORT req); h S(ABORT resp); c S(ABORT req); h S(ABORT resp); "
	    "c S(ABORT req); h S(ABORT resp); c S(ABORT req); h S(ABORT resp); c S(ABORT req); "
	    "h S(RESYNCH req); c S(RESYNCH resp)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "after an abort no I-block is accepted", 0, 0, 1,
	    "h I(0,0); c I(0,1); h R(1); c S(ABORT req); h S(ABORT resp); c I(1,0); h R(1)o; c "
	    "R(1)",
	    CCID_LOST, NULL, .end_ns = 1, .end_nr = 1 },
	{ "host's abort never answered: RESYNCH", 0, 0, 1,
	    "h I(0,0); c I(0,1); h S(ABORT req); c mute; h S(ABORT req); c I(1,0); h S(ABORT req); "
	    "c mute; h S(RESYNCH req); c S(RESYNCH resp)",
	    CCID_SMALL, NULL, .end_ns = 0, .end_nr = 0, .room = 2 },
	{ "last piece overflows: no abort, in step", 0, 0, 1,
	    "h I(0,0); c I(0,1); h R(1); c I(1,0)", CCID_SMALL, NULL, .end_ns = 1, .end_nr = 0,
	    .room = 4 },
	{ "replay on: what came of the first answer is dropped", 0, 0, 1,
	    "h I(0,0); c I(0,1); h R(1); c mute; h R(1); c mute; h R(1); c mute; h S(RESYNCH req); "
	    "c S(RESYNCH resp); h I(0,0); c I(0,0)",
	    CCID_OK, "90 00", .end_ns = 1, .end_nr = 1, .replay = true },
	{ "replay on: repetitions are counted anew", 0, 0, 1,
	    "h I(0,0); c R(0); h I(0,0); c R(0); h I(0,0); c R(0); h I(0,0); c R(0); "
	    "h S(RESYNCH req); c S(RESYNCH resp); h I(0,0); c R(0); h I(0,0); c I(0,0)",
	    CCID_OK, "90 00", .end_ns = 1, .end_nr = 1, .replay = true },
	{ "RESYNCH answered with another response", 0, 0, 1,
	    "h I(0,0); c mute; h R(0)o; c mute; h R(0)o; c mute; h S(RESYNCH req); c S(ABORT "
	    "resp); "
	    "h S(RESYNCH req); c S(RESYNCH resp)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "abort requested again after repetitions", 0, 0, 2,
	    "h I(0,1); c R(0); h I(0,1); c R(0); h I(0,1); c R(0); h I(0,1); c S(ABORT req); "
	    "h S(ABORT resp); c S(ABORT req); h S(ABORT resp); c R(0)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0 },
	{ "fresh until the first valid block only", 0, 0, 1,
	    "h I(0,0); c mute; h R(0)o; c S(WTX req); h S(WTX resp); c mute; h R(0)o; c mute; h "
	    "R(0)o; "
	    "c mute; h S(RESYNCH req); c S(RESYNCH resp)",
	    CCID_LOST, NULL, .end_ns = 0, .end_nr = 0, .fresh = true },
	{ "IFSD announced to a card that has answered before", 1, 0, 0,
	    "h S(IFS req); c mute; h S(IFS req); c mute; h S(IFS req); c mute", CCID_DEAD, NULL,
	    .end_ns = 0, .end_nr = 0, .dead = true },
};
#define COUNT (sizeof conversations / sizeof conversations[0])

/* The tests run in the order of the table. */
static size_t next;

static void
run_next(void)
{
	conversation_run(&conversations[next++]);
}

int
main(void)
{
	struct suite_test tests[COUNT];

	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct suite_test){ conversations[i].name, run_next };
	return suite_run("T=1", tests, COUNT);
}
