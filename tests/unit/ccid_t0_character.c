/* SPDX-License-Identifier: BSD-2-Clause */
/* T=0 at character level (Z): procedure bytes, right and wrong. */
#include "tests/unit/ccid_t0_script.h"

#include <string.h>

#include "tests/suite.h"

#define READ "00 B0 00 00 03"
#define HEADER "> 00 B0 00 00 03 /1; "
#define WRITE "00 D6 00 00 02 AA BB"
#define WRITE_HEADER "> 00 D6 00 00 02 /1; "

static const struct exchange exchanges[] = {
	{ "Z15 two NULL, all data", READ,
	    HEADER "< 60; > /1; < 60; > /1; < B0; > /3; < #3; > /1; < 90; > /1; < 00", CCID_OK,
	    "#3 90 00", .character = true },
	{ "Z16 three single bytes", READ,
	    HEADER "< 4F; > /1; < #1; > /1; < 4F; > /1; < #1; > /1; < 4F; > /1; < #1; > /1; < 90; "
		   "> /1; < 00",
	    CCID_OK, "#3 90 00", .character = true },
	{ "Z16 single bytes to the card", WRITE,
	    WRITE_HEADER "< 29; > AA /1; < 29; > BB /1; < 90; > /1; < 00", CCID_OK, "90 00",
	    .character = true },
	{ "Z18 FF as procedure byte", "00 A4 00 00 02 3F 00", "> 00 A4 00 00 02 /1; < FF",
	    CCID_LOST, NULL, .character = true },
	{ "Z18 00 as procedure byte", "00 A4 00 00 02 3F 00", "> 00 A4 00 00 02 /1; < 00",
	    CCID_LOST, NULL, .character = true },
	{ "Z19 INS 6E", "00 6E 00 00 00", "", CCID_INVALID, NULL, .character = true },
	{ "Z19 INS 60", "00 60 00 00", "", CCID_INVALID, NULL, .character = true },
	{ "Z19 INS 9F", "00 9F 00 00 02 AA BB", "", CCID_INVALID, NULL, .character = true },
	{ "Z19 INS 6E at the level of TPDUs", "00 6E 00 00 00", "", CCID_INVALID, NULL,
	    .level_alone = true },
	{ "Z20 ACK twice, data from the card", "00 B0 00 00 02",
	    "> 00 B0 00 00 02 /1; < B0; > /2; < #2; > /1; < B0", CCID_LOST, NULL,
	    .character = true },
	{ "Z20 ACK twice, data to the card", WRITE, WRITE_HEADER "< D6; > AA BB /1; < D6",
	    CCID_LOST, NULL, .character = true },
	{ "Z20 single byte once too often", "00 B0 00 00 01",
	    "> 00 B0 00 00 01 /1; < 4F; > /1; < #1; > /1; < 4F", CCID_LOST, NULL,
	    .character = true },
	{ "ACK where nothing is due", "00 A4 00 00", "> 00 A4 00 00 00 /1; < A4", CCID_LOST, NULL,
	    .character = true },
	{ "case 1: P3 is added", "00 A4 00 00", "> 00 A4 00 00 00 /1; < 90; > /1; < 00", CCID_OK,
	    "90 00", .character = true },
	{ "ACK with the old sign for a voltage", READ,
	    HEADER "< B1; > /3; < #3; > /1; < 90; > /1; < 00", CCID_OK, "#3 90 00",
	    .character = true },
	{ "single byte with it", READ,
	    HEADER "< 4E; > /1; < #1; > /1; < B0; > /2; < #2; > /1; < 90; > /1; < 00", CCID_OK,
	    "#3 90 00", .character = true },
	{ "single bytes, then the rest", WRITE,
	    WRITE_HEADER "< 29; > AA /1; < D6; > BB /1; < 60; > /1; < 90; > /1; < 00", CCID_OK,
	    "90 00", .character = true },
	{ "NULL before the status", READ,
	    HEADER "< B0; > /3; < #3; > /1; < 60; > /1; < 62; > /1; < 82", CCID_OK, "#3 62 82",
	    .character = true },
	{ "status at once", READ, HEADER "< 69; > /1; < 82", CCID_OK, "69 82", .character = true },
	{ "status 9x, SW2 60", READ, HEADER "< 9F; > /1; < 60", CCID_OK, "9F 60",
	    .character = true },
	{ "status in the middle of data", READ, HEADER "< 4F; > /1; < #1; > /1; < 6F; > /1; < 00",
	    CCID_OK, "#1 6F 00", .character = true },
	{ "data to the card refused", WRITE, WRITE_HEADER "< 67; > /1; < 00", CCID_OK, "67 00",
	    .character = true },
	{ "256 bytes", "00 B0 00 00 00",
	    "> 00 B0 00 00 00 /1; < B0; > /256; < #256; > /1; < 90; > /1; < 00", CCID_OK,
	    "#256 90 00", .character = true },
	{ "split reads", "00 B0 00 00 78",
	    "> 00 B0 00 00 78 /1; < B0; > /53; < #53; > /53; < #53; > /14; < #14; > /1; < 90; > "
	    "/1; "
	    "< 00",
	    CCID_OK, "#120 90 00", .character = true, .split_reads = true },
	{ "split reads of a small answer", READ, HEADER "< B0; > /3; < #3; > /1; < 90; > /1; < 00",
	    CCID_OK, "#3 90 00", .character = true, .split_reads = true },
	{ "6Cxx resolved", READ,
	    HEADER
	    "< 6C; > /1; < 02; > 00 B0 00 00 02 /1; < B0; > /2; < #2; > /1; < 90; > /1; < 00",
	    CCID_OK, "#2 90 00", .character = true, .mode = T0_APDU },
	{ "GET RESPONSE", "00 A4 00 00 02 3F 00 00",
	    "> 00 A4 00 00 02 /1; < A4; > 3F 00 /1; < 61; > /1; < 02; > 00 C0 00 00 02 /1; < C0; "
	    "> /2; < #2; > /1; < 90; > /1; < 00",
	    CCID_OK, "#2 90 00", .character = true },
	{ "more bytes than asked for", READ, HEADER "< B0 B0", CCID_LOST, NULL, .character = true },
	{ "data longer than asked for", READ, HEADER "< B0; > /3; < #4", CCID_LOST, NULL,
	    .character = true },
	{ "data shorter than asked for", READ, HEADER "< B0; > /3; < #2", CCID_LOST, NULL,
	    .character = true },
	{ "SW2 missing", READ, HEADER "< 90; > /1; <", CCID_SILENT, NULL, .character = true },
	{ "SW2 of two bytes", READ, HEADER "< 90; > /1; < 00 00", CCID_LOST, NULL,
	    .character = true },
	{ "silent before the procedure byte", READ, HEADER "!", CCID_SILENT, NULL,
	    .character = true },
	{ "parity among data", READ, HEADER "< B0; > /3; !p", CCID_LOST, NULL, .character = true },
	{ "answer too long for the room", READ, HEADER "< B0; > /3; < #3; > /1; < 90; > /1; < 00",
	    CCID_SMALL, NULL, .character = true, .room = 4 },
};
#define COUNT (sizeof exchanges / sizeof exchanges[0])

static size_t next;

static void
run_next(void)
{
	exchange_run(&exchanges[next++]);
}

static void
endless_nulls(void)
{
	struct t0 t0 = { .character = true };
	uint8_t reply[5];
	struct ccid_room out = { .bytes = reply, .room = sizeof reply };
	static const uint8_t command[] = { 0x00, 0xB0, 0x00, 0x00, 0x03 };
	static const uint8_t null = 0x60, single = 0x4F;
	enum ccid_step step = t0_begin(&t0, command, sizeof command, &out);
	unsigned nulls = 0;

	/* They count in a row. */
	for (unsigned i = 0; i < 10000; i++)
		step = t0_next(&t0, &(struct ccid_answer){ .data = &null, .length = 1 });
	step = t0_next(&t0, &(struct ccid_answer){ .data = &single, .length = 1 });
	step = t0_next(&t0, &(struct ccid_answer){ .data = &null, .length = 1 });
	SUITE_EQUAL_INT(step, CCID_STEP_SEND);
	while (step == CCID_STEP_SEND && nulls < 20000) {
		step = t0_next(&t0, &(struct ccid_answer){ .data = &null, .length = 1 });
		nulls++;
	}
	SUITE_EQUAL_INT(nulls, 10001);
	SUITE_EQUAL_INT(step, CCID_STEP_END);
	SUITE_EQUAL_INT(t0.result, CCID_LOST);
}

int
main(void)
{
	struct suite_test tests[COUNT + 1];

	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct suite_test){ exchanges[i].name, run_next };
	tests[COUNT] = (struct suite_test){ "Z17 NULL for ever", endless_nulls };
	return suite_run("T=0 characters", tests, COUNT + 1);
}
