/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands and what comes between them and their answers: numbers, late answers, time extensions,
 * a busy slot, and the ladder back into step.
 */
#include "tests/unit/ccid_double.h"

#include <string.h>

#include "tests/suite.h"

#define STATUS "> 65 00000000 00 qq 000000"
#define STATUS_DONE "< 81 00000000 00 qq 01 00 00"
#define SECONDS 1000000000ull

struct scenario {
	const char *name;
	const char *script;
	enum ccid_command_type type;
	struct ccid_patience patience;
	uint64_t deadline; /* nanoseconds from the beginning; 0: none */
	enum ccid_result result;
	int error;        /* of the reply, when it failed; -1: it did not */
	uint64_t elapsed; /* milliseconds; 0: not compared */
	const char *notes;
};

#define SHORT                            \
	{                                \
		3000000, 60000000, false \
	}
#define CARD                             \
	{                                \
		3000000, 600000000, true \
	}
#define AFTER_LOSS "; < nothing; " STATUS "; " STATUS_DONE

static const struct scenario scenarios[] = {
	{ "a question and its answer", STATUS "; " STATUS_DONE, CCID_GET_SLOT_STATUS, SHORT, 0,
	    CCID_OK, -1, 0, "" },
	{ "R42 a late answer to an earlier command is dropped",
	    STATUS "; < 81 00000000 00 FE 01 00 00; " STATUS_DONE, CCID_GET_SLOT_STATUS, SHORT, 0,
	    CCID_OK, -1, 0, "" },
	{ "R24 an answer of another slot is dropped",
	    STATUS "; < 81 00000000 C8 qq 01 00 00; " STATUS_DONE, CCID_GET_SLOT_STATUS, SHORT, 0,
	    CCID_OK, -1, 0, "" },
	{ "R25 wrong numbers for ever: ten are dropped, then the pipe is emptied",
	    STATUS "; < 81 00000000 00 FE 01 00 00; < 81 00000000 00 FE 01 00 00;"
		   "< 81 00000000 00 FE 01 00 00; < 81 00000000 00 FE 01 00 00;"
		   "< 81 00000000 00 FE 01 00 00; < 81 00000000 00 FE 01 00 00;"
		   "< 81 00000000 00 FE 01 00 00; < 81 00000000 00 FE 01 00 00;"
		   "< 81 00000000 00 FE 01 00 00; < 81 00000000 00 FE 01 00 00;"
		   "< 81 00000000 00 FE 01 00 00" AFTER_LOSS,
	    CCID_GET_SLOT_STATUS, SHORT, 0, CCID_LOST, -1, 0, "slot 0: emptying the pipe\n" },
	{ "R21 nine bytes", STATUS "; < 81 00000000 00 qq 01 00" AFTER_LOSS, CCID_GET_SLOT_STATUS,
	    SHORT, 0, CCID_LOST, -1, 0, "slot 0: emptying the pipe\n" },
	{ "R22 more announced than received", STATUS "; < 81 FFFFFFFF 00 qq 01 00 00" AFTER_LOSS,
	    CCID_GET_SLOT_STATUS, SHORT, 0, CCID_LOST, -1, 0, "slot 0: emptying the pipe\n" },
	{ "R26 right number, wrong type", STATUS "; < 80 00000000 00 qq 01 00 00" AFTER_LOSS,
	    CCID_GET_SLOT_STATUS, SHORT, 0, CCID_LOST, -1, 0, "slot 0: emptying the pipe\n" },
	{ "R26 wrong type, but a failure",
	    "> 62 00000000 00 qq 000000; < 81 00000000 00 qq 42 FE 00", CCID_POWER_ON, CARD, 0,
	    CCID_OK, 0xFE, 0, "" },
	{ "R27 command status 3 is a failure",
	    "> 62 00000000 00 qq 000000; < 80 00000000 00 qq C1 00 00", CCID_POWER_ON, CARD, 0,
	    CCID_OK, CCID_ERROR_HARDWARE, 0, "" },
	{ "time extension: the wait is multiplied, not compounded",
	    "> 6F 00000000 00 qq 000000; < 80 00000000 00 qq 80 05 00; < 80 00000000 00 qq 80 05 "
	    "00;"
	    "< nothing; abort; > 72 00000000 00 qq 000000; < 81 00000000 00 qq 00 00 00",
	    CCID_XFR_BLOCK, CARD, 0, CCID_SILENT, -1, 15000, "slot 0: aborting the command\n" },
	{ "R29 time extension 255 waits no longer than 300 s",
	    "> 6F 00000000 00 qq 000000; < 80 00000000 00 qq 80 FF 00; < nothing; abort;"
	    "> 72 00000000 00 qq 000000; < 81 00000000 00 qq 00 00 00",
	    CCID_XFR_BLOCK, CARD, 0, CCID_SILENT, -1, 300000, "slot 0: aborting the command\n" },
	{ "R30 time extensions of a SlotStatus: ten, then an error",
	    STATUS "; < 81 00000000 00 qq 81 01 00; < 81 00000000 00 qq 81 01 00;"
		   "< 81 00000000 00 qq 81 01 00; < 81 00000000 00 qq 81 01 00;"
		   "< 81 00000000 00 qq 81 01 00; < 81 00000000 00 qq 81 01 00;"
		   "< 81 00000000 00 qq 81 01 00; < 81 00000000 00 qq 81 01 00;"
		   "< 81 00000000 00 qq 81 01 00; < 81 00000000 00 qq 81 01 00;"
		   "< 81 00000000 00 qq 81 01 00" AFTER_LOSS,
	    CCID_GET_SLOT_STATUS, SHORT, 0, CCID_LOST, -1, 0, "slot 0: emptying the pipe\n" },
	{ "a busy slot is asked again, with a new number",
	    "> 62 00000000 00 00 000000; < 80 00000000 00 qq 41 E0 00; rest 10000;"
	    "> 62 00000000 00 01 000000; < 80 00000000 00 qq 40 FE 00",
	    CCID_POWER_ON, CARD, 0, CCID_OK, 0xFE, 10, "" },
	{ "no answer: aborted, and the real answer that comes after all is dropped",
	    "> 6F 00000000 00 qq 000000; < nothing; abort; > 72 00000000 00 qq 000000;"
	    "< 80 00000000 00 pp 00 00 00; < 81 00000000 00 qq 00 00 00",
	    CCID_XFR_BLOCK, CARD, 0, CCID_SILENT, -1, 3000, "slot 0: aborting the command\n" },
	{ "ABORT stalls: the next rung",
	    "> 6F 00000000 00 qq 000000; < nothing; abort stall; < nothing; " STATUS
	    "; " STATUS_DONE,
	    CCID_XFR_BLOCK, CARD, 0, CCID_SILENT, -1, 0,
	    "slot 0: aborting the command\nslot 0: emptying the pipe\n" },
	{ "R39 a stall: emptied, then the halt is cleared",
	    "> 6F 00000000 00 qq 000000; < lost; < lost; " STATUS "; < lost; halt; " STATUS
	    "; " STATUS_DONE,
	    CCID_XFR_BLOCK, CARD, 0, CCID_LOST, -1, 0,
	    "slot 0: emptying the pipe\nslot 0: clearing the endpoints' halt\n" },
	{ "the whole ladder, to the port's reset",
	    "> 6F 00000000 00 qq 000000; < nothing; abort stall; < nothing; " STATUS
	    "; < nothing; halt; " STATUS "; < nothing; " STATUS "; < nothing; " STATUS
	    "; < nothing; " STATUS "; < nothing; > 63 00000000 00 qq 000000; < nothing; " STATUS
	    "; < nothing; reset; " STATUS "; " STATUS_DONE,
	    CCID_XFR_BLOCK, CARD, 0, CCID_SILENT, -1, 0,
	    "slot 0: aborting the command\nslot 0: emptying the pipe\n"
	    "slot 0: clearing the endpoints' halt\nslot 0: asking for its state again\n"
	    "slot 0: switching the card off\nslot 0: resetting the device's port\n" },
	{ "no rung helps: the reader is given up",
	    "> 6F 00000000 00 qq 000000; < nothing; abort stall; < nothing; " STATUS
	    "; < nothing; halt; " STATUS "; < nothing; " STATUS "; < nothing; " STATUS
	    "; < nothing; " STATUS "; < nothing; > 63 00000000 00 qq 000000; < nothing; " STATUS
	    "; < nothing; reset refused",
	    CCID_XFR_BLOCK, CARD, 0, CCID_GONE, -1, 0,
	    "slot 0: aborting the command\nslot 0: emptying the pipe\n"
	    "slot 0: clearing the endpoints' halt\nslot 0: asking for its state again\n"
	    "slot 0: switching the card off\nslot 0: resetting the device's port\n"
	    "slot 0: nothing helped; unplug the reader and plug it in again\n" },
	{ "the caller's deadline: answered after the abort alone",
	    "> 6F 00000000 00 qq 000000; < nothing; abort stall", CCID_XFR_BLOCK, CARD, 1 * SECONDS,
	    CCID_DEADLINE, -1, 1000, "slot 0: aborting the command\n" },
	{ "cancelled: the reader is told",
	    "> 6F 00000000 00 qq 000000; < cancel; abort; > 72 00000000 00 qq 000000;"
	    "< 80 00000000 00 pp 40 FF 00; < 81 00000000 00 qq 00 00 00",
	    CCID_XFR_BLOCK, CARD, 0, CCID_CANCELLED, -1, 0, "slot 0: aborting the command\n" },
	{ "M23 unplugged during a wait: no further step", "> 6F 00000000 00 qq 000000; < gone",
	    CCID_XFR_BLOCK, CARD, 0, CCID_GONE, -1, 0, "" },
	{ "unplugged on the ladder: it stops at once",
	    "> 6F 00000000 00 qq 000000; < nothing; abort; > 72 00000000 00 qq 000000; < gone",
	    CCID_XFR_BLOCK, CARD, 0, CCID_GONE, -1, 0, "slot 0: aborting the command\n" },
};

static void
play(const struct scenario *scenario)
{
	struct ccid_command command = { .type = scenario->type };
	struct ccid_double twin;
	struct ccid_reply reply;
	uint64_t began;

	ccid_double_begin(&twin, scenario->script, 1, 271);
	began = twin.clock;
	SUITE_EQUAL_INT(ccid_command_run(&twin.link, &command, &scenario->patience,
			    scenario->deadline == 0 ? 0 : began + scenario->deadline, &reply),
	    scenario->result);
	if (scenario->result == CCID_OK)
		SUITE_EQUAL_INT(
		    reply.status == CCID_STATUS_FAILED ? reply.error : -1, scenario->error);
	if (scenario->elapsed != 0)
		SUITE_EQUAL_INT((twin.clock - began) / 1000000, scenario->elapsed);
	SUITE_EQUAL_STRING(twin.notes, scenario->notes);
	/* Whoever lost a command's end lost the state of the card. */
	SUITE_EQUAL_INT(twin.link.disturbed != 0, scenario->notes[0] != '\0');
	ccid_double_end(&twin);
}

#define COUNT (sizeof scenarios / sizeof scenarios[0])

static size_t current;

static void
play_next(void)
{
	play(&scenarios[current++]);
}

static enum ccid_result
run(struct ccid_double *twin, enum ccid_command_type type, struct ccid_reply *reply)
{
	struct ccid_command command = { .type = type };

	return ccid_command_run(
	    &twin->link, &command, &ccid_patience_short, twin->clock + 60 * SECONDS, reply);
}

static void
after_a_deadline_the_ladder_goes_on(void)
{
	struct ccid_command command = { .type = CCID_XFR_BLOCK };
	const struct ccid_patience patience = CARD;
	struct ccid_double twin;
	struct ccid_reply reply;

	ccid_double_begin(&twin,
	    "> 6F 00000000 00 00 000000; < nothing; abort stall; < nothing;"
	    "> 65 00000000 00 02 000000; " STATUS_DONE "; > 65 00000000 00 03 000000; " STATUS_DONE,
	    1, 271);
	SUITE_EQUAL_INT(
	    ccid_command_run(&twin.link, &command, &patience, twin.clock + SECONDS, &reply),
	    CCID_DEADLINE);
	SUITE_EQUAL_INT(run(&twin, CCID_GET_SLOT_STATUS, &reply), CCID_OK);
	SUITE_EQUAL_STRING(twin.notes, "slot 0: aborting the command\nslot 0: emptying the pipe\n");
	ccid_double_end(&twin);
}

static void
a_command_it_does_not_have_is_asked_for_once(void)
{
	struct ccid_double twin;
	struct ccid_reply reply;

	ccid_double_begin(
	    &twin, "> 6E 00000000 00 qq 000000; < 81 00000000 00 qq 40 00 00", 1, 271);
	SUITE_EQUAL_INT(run(&twin, CCID_ICC_CLOCK, &reply), CCID_OK);
	SUITE_EQUAL_INT(ccid_command_failure(&reply), CCID_UNSUPPORTED);
	SUITE_EQUAL_INT(run(&twin, CCID_ICC_CLOCK, &reply), CCID_UNSUPPORTED);
	ccid_double_end(&twin);
}

static void
too_long_a_message_is_not_sent(void)
{
	uint8_t data[262] = { 0 };
	struct ccid_command command = { .type = CCID_XFR_BLOCK, .data = data, .length = 262 };
	struct ccid_double twin;
	struct ccid_reply reply;

	ccid_double_begin(&twin, "", 1, 271);
	SUITE_EQUAL_INT(
	    ccid_command_run(&twin.link, &command, &ccid_patience_short, 0, &reply), CCID_TOO_LONG);
	ccid_double_end(&twin);
}

static void
numbers_wrap_and_are_shared(void)
{
	struct ccid_double twin;
	struct ccid_reply reply;

	ccid_double_begin(&twin,
	    "> 65 00000000 00 FF 000000; " STATUS_DONE "; > 65 00000000 00 00 000000; " STATUS_DONE,
	    2, 271);
	twin.link.sequence = 0xFF;
	SUITE_EQUAL_INT(run(&twin, CCID_GET_SLOT_STATUS, &reply), CCID_OK);
	SUITE_EQUAL_INT(run(&twin, CCID_GET_SLOT_STATUS, &reply), CCID_OK);
	ccid_double_end(&twin);
}

int
main(void)
{
	static const struct suite_test more[] = {
		{ "after a deadline the ladder goes on with the next command",
		    after_a_deadline_the_ladder_goes_on },
		{ "a command that it does not have is asked for once",
		    a_command_it_does_not_have_is_asked_for_once },
		{ "a message too long is not sent", too_long_a_message_is_not_sent },
		{ "numbers wrap, one counter for all slots", numbers_wrap_and_are_shared },
	};
	struct suite_test tests[COUNT + sizeof more / sizeof more[0]];

	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct suite_test){ scenarios[i].name, play_next };
	memcpy(tests + COUNT, more, sizeof more);
	return suite_run("ccid_command", tests, sizeof tests / sizeof tests[0]);
}
