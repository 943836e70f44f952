/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device vanishes at step N of a session, for every N that there is, before the step and after
 * it: whatever the driver was doing ends soon, with the code that says so, and nothing is left
 * over. Then the moments that no step shows: a person at the PIN pad, a reader that is late, a
 * close.
 */
#define COBJMACROS
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <objbase.h>

#include "tests/emulator/session.h"

#define SOON_MS 3000u /* for the whole of a session that was cut off: it never waits */

static struct session s;

static unsigned
count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned count = 0;

	while (folder != NULL && readdir(folder) != NULL)
		count++;
	if (folder != NULL)
		closedir(folder);
	return count;
}

/* Once gone, always gone. */
static void
check_latch(HRESULT hr, bool *gone)
{
	if (*gone)
		SUITE_EQUAL_HEX(hr, SCARD_E_READER_UNAVAILABLE);
	else if (hr != S_OK)
		SUITE_EQUAL_HEX(hr, SCARD_E_READER_UNAVAILABLE);
	*gone |= hr != S_OK;
}

struct kind {
	const char *name;
	uint32_t level;
	const char *atr;
	unsigned protocol;
};

/* A session from the driver's start to its end; 0: not cut off. Returns how many steps it had. */
static size_t
run_session(const struct kind *kind, size_t cut, bool after)
{
	const struct emu_reader_params params = emu_reader_defaults(kind->level);
	struct emu_application echo = emu_application_echo();
	struct emu_reader *emulated = emu_reader_new(&params);
	uint64_t limit = driver_deadline(SOON_MS);
	SCARDREADER_INFO info = { .cbSize = sizeof info };
	bool gone = false;
	size_t steps, events;
	HRESULT hr;

	emu_reader_insert(emulated, 0, 0,
	    kind->protocol == 0 ? emu_card_t0(kind->atr, echo) : emu_card_t1(kind->atr, echo));
	emu_reader_unplug_at(emulated, cut, after);
	emu_reader_plug(emulated, 1, 2);
	session_start_driver(&s, emulated, NULL);
	if (s.reader != NULL) {
		check_latch(session_power(&s), &gone);
		check_latch(session_set_protocol(&s), &gone);
		check_latch(session_transmit(&s, "00 12 00 00 03"), &gone);
		session_is_present(&s, &hr);
		check_latch(hr, &gone);
		check_latch(session_transmit(&s, "00 10 00 00 03 01 02 03 00"), &gone);
		emu_reader_remove(emulated, 0, 0);
		if (!gone && cut == 0)
			CU_ASSERT(sink_wait(s.sink, 3));
		SUITE_EQUAL_HEX(ISCardReader_GetInfo(s.reader, &info), S_OK);
	}
	if (cut != 0) {
		emu_reader_unplug(emulated);
		/* Whoever was told that it came is told that it went, and that comes last. */
		for (events = 0; s.reader != NULL; events++)
			if (!sink_wait(s.sink, events + 1) ||
			    sink_event(s.sink, events, NULL) == SINK_GONE)
				break;
		if (s.reader != NULL)
			SUITE_EQUAL_INT(sink_count(s.sink), events + 1);
		CU_ASSERT(driver_deadline(0) < limit);
	}
	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(s.driver), S_OK);
	steps = emu_reader_steps(emulated);
	ISCardReaderDriver_Release(s.driver);
	ISCardReaderSink_Release(s.sink);
	emu_reader_free(emulated);
	driver_check_no_objects();
	return steps;
}

static void
run_matrix(const struct kind *kind)
{
	unsigned descriptors = count_descriptors();
	size_t steps = run_session(kind, 0, false);

	printf("# %s: %zu steps\n", kind->name, steps);
	CU_ASSERT(steps > 20);
	for (size_t cut = 1; cut <= steps; cut++) {
		run_session(kind, cut, false);
		run_session(kind, cut, true);
	}
	SUITE_EQUAL_INT(count_descriptors(), descriptors);
}

static void
matrix_extended(void)
{
	static const struct kind kind = { "extended level", EMU_LEVEL_EXTENDED, SESSION_ATR_T1, 1 };

	run_matrix(&kind);
}

static void
matrix_tpdu(void)
{
	static const struct kind kind = { "TPDU level", EMU_LEVEL_TPDU, SESSION_ATR_T1_FAST, 1 };

	run_matrix(&kind);
}

static void
matrix_character(void)
{
	static const struct kind kind = { "character level", EMU_LEVEL_CHARACTER, SESSION_ATR_T0,
		0 };

	run_matrix(&kind);
}

/* What another thread is in the middle of. */
struct call {
	pthread_t thread;
	HRESULT hr;
};

static void *
transmit(void *data)
{
	struct call *call = data;

	call->hr = session_transmit(&s, "00 12 00 00 03");
	return NULL;
}

static void *
verify(void *data)
{
	struct call *call = data;
	BYTE in[64], list[128], out[16];
	ULONG length = sizeof list, code = 0;
	ULONG size = (ULONG)emu_hex(
	    "00 00 82 00 00 08 04 02 00 0904 00 000000 05000000 0020000100", in, sizeof in);

	ISCardReader_Control(s.reader, SCARD_CTL_CODE(3400), NULL, 0,
	    driver_deadline(SESSION_PATIENCE_MS), list, &length);
	for (ULONG at = 0; at + 6 <= length; at += 6)
		if (list[at] == 6)
			code = (ULONG)list[at + 2] << 24 | (ULONG)list[at + 3] << 16 |
			    (ULONG)list[at + 4] << 8 | list[at + 5];
	length = sizeof out;
	call->hr = ISCardReader_Control(
	    s.reader, code, in, size, driver_deadline(SESSION_PATIENCE_MS), out, &length);
	return NULL;
}

static void
start_pin_pad(void)
{
	static const struct emu_user thinks = { EMU_USER_THINKS, "1234", NULL, NULL };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);

	params.function[0].ccid.pin_support = 1;
	session_start(&s, &params, emu_card_t1(SESSION_ATR_T1, emu_application_echo()), NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s.reader);
	emu_reader_user(s.emulated, 0, &thinks);
	SUITE_EQUAL_HEX(session_connect(&s), S_OK);
}

static void
while_a_person_thinks(void)
{
	struct call call;

	start_pin_pad();
	pthread_create(&call.thread, NULL, verify, &call);
	CU_ASSERT(emu_reader_wait_late(s.emulated, 1));
	emu_reader_unplug(s.emulated);
	pthread_join(call.thread, NULL);
	SUITE_EQUAL_HEX(call.hr, SCARD_E_READER_UNAVAILABLE);
	session_stop(&s);
}

static const struct emu_fault late = { 1, EMU_XFR_BLOCK, EMU_LATE, 0, NULL };

static void
start_late(struct call *call)
{
	session_start_level(&s, EMU_LEVEL_EXTENDED, SESSION_ATR_T1, 1);
	SUITE_EQUAL_HEX(session_connect(&s), S_OK);
	session_fault(&s, &late);
	pthread_create(&call->thread, NULL, transmit, call);
	CU_ASSERT(emu_reader_wait_late(s.emulated, 1));
}

static void
while_the_reader_is_late(void)
{
	struct call call;

	start_late(&call);
	usbfs_unplug(emu_reader_usb(s.emulated), false);
	pthread_join(call.thread, NULL);
	SUITE_EQUAL_HEX(call.hr, SCARD_E_READER_UNAVAILABLE);
	session_stop(&s);
}

/* The driver is stopped while somebody is inside. */
static void
while_it_is_closed(void)
{
	struct call call;

	start_late(&call);
	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(s.driver), S_OK);
	pthread_join(call.thread, NULL);
	CU_ASSERT(call.hr == SCARD_E_READER_UNAVAILABLE || call.hr == SCARD_E_CANCELLED);
	session_stop(&s);
}

static void
while_it_is_cancelled(void)
{
	struct call call;

	start_late(&call);
	SUITE_EQUAL_HEX(ISCardReader_Cancel(s.reader), S_OK);
	pthread_join(call.thread, NULL);
	SUITE_EQUAL_HEX(call.hr, SCARD_E_CANCELLED);
	session_check_recovers(&s);
	session_stop(&s);
}

struct canceller {
	ISCardReader *reader;
	bool over; /* atomic */
};

static void *
cancel_all_the_time(void *data)
{
	struct canceller *canceller = data;

	while (!__atomic_load_n(&canceller->over, __ATOMIC_ACQUIRE))
		if (ISCardReader_Cancel(canceller->reader) != S_OK)
			break;
	return NULL;
}

/* Somebody cancels while the device goes and is closed: what they reach must still be there. */
static void
while_somebody_cancels(void)
{
	for (unsigned round = 0; round < 20; round++) {
		struct canceller canceller = { NULL, false };
		pthread_t thread;

		session_start_level(&s, EMU_LEVEL_EXTENDED, SESSION_ATR_T1, 1);
		canceller.reader = s.reader;
		ISCardReader_AddRef(s.reader);
		CU_ASSERT_EQUAL_FATAL(
		    pthread_create(&thread, NULL, cancel_all_the_time, &canceller), 0);
		emu_reader_unplug(s.emulated);
		/* It waits until the device is closed. */
		SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(s.driver), S_OK);
		__atomic_store_n(&canceller.over, true, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
		ISCardReader_Release(canceller.reader);
		session_stop(&s);
	}
}

/* Every step of the way back into step: abort, and what comes after it. */
static void
while_it_is_brought_in_step(void)
{
	static const struct emu_fault lost = { 1, EMU_XFR_BLOCK, EMU_STALL_IN, 0, NULL };

	for (size_t cut = 1; cut <= 16; cut++) {
		HRESULT hr;

		session_start_level(&s, EMU_LEVEL_EXTENDED, SESSION_ATR_T1, 1);
		SUITE_EQUAL_HEX(session_connect(&s), S_OK);
		session_fault(&s, &lost);
		emu_reader_unplug_at(s.emulated, cut, cut % 2 == 0);
		hr = session_transmit(&s, "00 12 00 00 03");
		CU_ASSERT(hr == SCARD_E_READER_UNAVAILABLE || hr == SCARD_E_COMM_DATA_LOST);
		emu_reader_unplug(s.emulated);
		SUITE_EQUAL_HEX(session_power(&s), SCARD_E_READER_UNAVAILABLE);
		session_stop(&s);
	}
}

/* The same device in the same place is another reader; the old one stays dead. */
static void
plugged_in_again(void)
{
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);
	struct emu_reader *again = emu_reader_new(&params);
	ISCardReader *old, *reader = NULL;
	SCARDREADER_INFO before = { .cbSize = sizeof before }, after = { .cbSize = sizeof after };

	session_start(&s, &params, NULL, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s.reader);
	old = s.reader;
	emu_reader_unplug(s.emulated);
	CU_ASSERT(sink_wait(s.sink, 2));
	SUITE_EQUAL_INT(sink_event(s.sink, 1, NULL), SINK_GONE);
	emu_reader_plug(again, 1, 2);
	CU_ASSERT(sink_wait(s.sink, 3));
	SUITE_EQUAL_INT(sink_event(s.sink, 2, &reader), SINK_ARRIVED);
	CU_ASSERT(reader != old);
	ISCardReader_GetInfo(old, &before);
	ISCardReader_GetInfo(reader, &after);
	CU_ASSERT(before.DeviceId[0] != '\0');
	SUITE_EQUAL_STRING(after.DeviceId, before.DeviceId);
	SUITE_EQUAL_STRING(after.Name, before.Name);
	SUITE_EQUAL_HEX(session_power(&s), SCARD_E_READER_UNAVAILABLE);
	emu_reader_insert(again, 0, 0, emu_card_t1(SESSION_ATR_T1, emu_application_echo()));
	s.reader = reader;
	session_check_recovers(&s);
	s.reader = old;
	SUITE_EQUAL_HEX(session_power(&s), SCARD_E_READER_UNAVAILABLE);
	session_stop(&s);
	emu_reader_free(again);
}

/* Between its arrival and udev's permissions; and held by somebody else. */
static void
while_it_cannot_be_opened(void)
{
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);

	for (int round = 0; round < 2; round++) {
		struct emu_reader *emulated = emu_reader_new(&params);

		session_start_driver(&s, emulated, NULL);
		vusb_set_open_error(emu_reader_usb(emulated), -13); /* EACCES */
		emu_reader_plug(emulated, 1, 2);
		CU_ASSERT(emu_reader_wait_steps(emulated, 2));
		if (round == 0) {
			emu_reader_unplug(emulated);
		} else {
			vusb_set_open_error(emu_reader_usb(emulated), 0);
			CU_ASSERT(sink_wait(s.sink, 1));
			SUITE_EQUAL_INT(sink_event(s.sink, 0, NULL), SINK_ARRIVED);
		}
		session_stop(&s);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "at every step, extended level", matrix_extended },
		{ "at every step, TPDU level with PPS and T=1", matrix_tpdu },
		{ "at every step, character level", matrix_character },
		{ "while a person is at the PIN pad", while_a_person_thinks },
		{ "while the reader is late, and udev says nothing", while_the_reader_is_late },
		{ "stopped while somebody is inside", while_it_is_closed },
		{ "cancelled while the reader is late", while_it_is_cancelled },
		{ "closed while somebody cancels", while_somebody_cancels },
		{ "while it is brought in step again", while_it_is_brought_in_step },
		{ "plugged in again in the same place", plugged_in_again },
		{ "while it may not be opened yet", while_it_cannot_be_opened },
	};
	int failed;

	CoInitializeEx(NULL, COINIT_MULTITHREADED);
	failed = suite_run("ccid unplug", tests, sizeof tests / sizeof tests[0]);
	CoUninitialize();
	return failed;
}
