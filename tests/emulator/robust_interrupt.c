/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CCID driver against its reader's interrupt endpoint: whatever it says is a hint, and cards
 * are noticed with it and without.
 */
#include <errno.h>
#include <string.h>

#include <objbase.h>

#include "tests/emulator/session.h"

#define INTERRUPT_IN 0x83
#define STORM 500

static struct session s;

static struct emu_card *
new_card(void)
{
	return emu_card_t0(SESSION_ATR_T0, emu_application_echo());
}

/* An empty reader, whose packets of interrupts are large. */
static void
start(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);

	params.function[0].interrupt_packet = 64;
	session_start(&s, &params, NULL, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s.reader);
	SUITE_EQUAL_INT(sink_count(s.sink), 1);
}

/* A card that comes now is the next event, and works; then it goes. */
static void
check_noticed(void)
{
	size_t events = sink_count(s.sink);

	emu_reader_insert(s.emulated, 0, 0, new_card());
	CU_ASSERT(sink_wait(s.sink, events + 1));
	SUITE_EQUAL_INT(sink_event(s.sink, events, NULL), SINK_INSERTED);
	session_check_recovers(&s);
	emu_reader_remove(s.emulated, 0, 0);
	CU_ASSERT(sink_wait(s.sink, events + 2));
	SUITE_EQUAL_INT(sink_event(s.sink, events + 1, NULL), SINK_REMOVED);
	SUITE_EQUAL_INT(sink_count(s.sink), events + 2);
}

static void
send(const char *hex)
{
	uint8_t bytes[64];

	emu_reader_interrupt(s.emulated, 0, bytes, emu_hex(hex, bytes, sizeof bytes));
}

static void
r50(void)
{
	uint8_t full[64] = { 0x50 };

	start();
	memset(full + 1, 0xFF, sizeof full - 1);
	send("");
	check_noticed();
	send("50");
	check_noticed();
	emu_reader_interrupt(s.emulated, 0, full, sizeof full);
	check_noticed();
	send("99 03");
	check_noticed();
	send("00");
	check_noticed();
	session_stop(&s);
}

/* Five hundred at once cost no more than a few questions. */
static void
r51(void)
{
	size_t before;

	start();
	before = emu_reader_count(s.emulated, EMU_GET_SLOT_STATUS);
	for (int i = 0; i < STORM; i++)
		send("50 03");
	check_noticed();
	CU_ASSERT(emu_reader_count(s.emulated, EMU_GET_SLOT_STATUS) - before < 20);
	session_stop(&s);
}

static void
r52(void)
{
	start();
	send("50 FC FF FF FF");
	check_noticed();
	send("50 08");
	check_noticed();
	session_stop(&s);
}

static void
r53(void)
{
	start();
	send("51 C8 00 01");
	check_noticed();
	send("51 C8");
	check_noticed();
	send("51 00 00 01");
	check_noticed();
	session_stop(&s);
}

/* A halt is cleared; what fails for good is done without. */
static void
r54(void)
{
	start();
	vusb_stall(emu_reader_usb(s.emulated), INTERRUPT_IN);
	check_noticed();
	CU_ASSERT(vusb_was_cleared(emu_reader_usb(s.emulated), INTERRUPT_IN));
	for (int i = 0; i < 20; i++)
		vusb_fail_in(emu_reader_usb(s.emulated), INTERRUPT_IN, -EPROTO);
	/* Nothing tells of this card: it is asked for. */
	emu_reader_swap(s.emulated, 0, 0, new_card());
	CU_ASSERT(sink_wait(s.sink, 4));
	SUITE_EQUAL_INT(sink_event(s.sink, 3, NULL), SINK_INSERTED);
	emu_reader_swap(s.emulated, 0, 0, NULL);
	CU_ASSERT(sink_wait(s.sink, 5));
	SUITE_EQUAL_INT(sink_event(s.sink, 4, NULL), SINK_REMOVED);
	session_stop(&s);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "R50 messages of no, one, many bytes, and of no known type", r50 },
		{ "R51 a storm", r51 },
		{ "R52 slots that there are not", r52 },
		{ "R53 hardware errors", r53 },
		{ "R54 stall, and failure for good", r54 },
	};
	int failed;

	CoInitializeEx(NULL, COINIT_MULTITHREADED);
	failed = suite_run("ccid interrupt", tests, sizeof tests / sizeof tests[0]);
	CoUninitialize();
	return failed;
}
