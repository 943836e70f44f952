/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A handler that crashes, hangs, fails or loses its device at each of its calls, one after another:
 * another handler does not notice, and a later try works.
 */
#define COBJMACROS
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <objbase.h>
#include <scarderr.h>

#include "tests/suite.h"
#include "tests/unit/ifdhandler_fixture.h"

#define FLAG "fault.flag"
/* How long a handler that hangs is waited for. */
#define SHORT_MS 300
#define LONG_MS 20000
/* More calls than are made from start to end. */
#define CALLS_MAX 40

static void
arm(const char *kind, int call)
{
	char number[16];

	(void)snprintf(number, sizeof number, "%d", call);
	setenv("IFD_FAULT", kind, 1);
	setenv("IFD_FAULT_CALL", number, 1);
	setenv("IFD_FAULT_FLAG", FLAG, 1);
	CU_ASSERT_TRUE(g_file_set_contents(FLAG, "", 0, NULL));
}

/* Waits for the readers to go and to come again; the first that came is in f->reader. */
static void
wait_for_restart(struct fixture *f)
{
	CU_ASSERT_TRUE(sink_wait(f->sink, 4));
	SUITE_EQUAL_INT(sink_event(f->sink, 2, NULL), SINK_GONE);
	SUITE_EQUAL_HEX(fixture_use(f->reader, LONG_MS), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_INT(sink_event(f->sink, 3, &f->reader), SINK_ARRIVED);
	CU_ASSERT_TRUE(sink_wait(f->sink, 5));
}

/* The whole life of a driver with that fault. False: the call was not made. */
static bool
live_with(const char *kind, int call, struct fixture *other, unsigned ms)
{
	bool deadly = g_strcmp0(kind, "error") != 0, struck;
	struct fixture f;
	HRESULT hr;

	arm(kind, call);
	hr = fixture_try(&f, "ifd_handler.so", "fault", ms);
	if (FAILED(hr)) {
		SUITE_EQUAL_HEX(hr, SCARD_E_READER_UNAVAILABLE);
		fixture_drop(&f);
		hr = fixture_try(&f, "ifd_handler.so", "fault", LONG_MS);
		SUITE_EQUAL_HEX(hr, S_OK);
	} else if (FAILED(hr = fixture_use(f.reader, ms)) && deadly) {
		CU_ASSERT_TRUE(hr == SCARD_E_TIMEOUT || hr == SCARD_E_READER_UNAVAILABLE);
		wait_for_restart(&f);
	}
	SUITE_EQUAL_HEX(fixture_use(other->reader, LONG_MS), S_OK);
	if (f.reader != NULL && access(FLAG, F_OK) < 0) {
		CU_ASSERT_TRUE(sink_wait(f.sink, 2));
		SUITE_EQUAL_HEX(fixture_use(f.reader, LONG_MS), S_OK);
	}
	fixture_drop(&f);
	struck = access(FLAG, F_OK) < 0;
	(void)unlink(FLAG);
	return struck;
}

static void
at_each_call(const char *kind, unsigned ms)
{
	struct fixture other = fixture_start("echo");
	int call = 1;

	/* On a busy machine the time may be over before the call is made. */
	while (call < CALLS_MAX &&
	    (live_with(kind, call, &other, ms) || live_with(kind, call, &other, LONG_MS)))
		call++;
	printf("# %s: %d calls\n", kind, call - 1);
	CU_ASSERT_TRUE(call > 10 && call < CALLS_MAX);
	SUITE_EQUAL_INT(sink_count(other.sink), 2);
	fixture_stop(&other);
}

static void
crashes(void)
{
	at_each_call("crash", LONG_MS);
}

static void
hangs(void)
{
	at_each_call("hang", SHORT_MS);
}

static void
fails(void)
{
	at_each_call("error", LONG_MS);
}

static void
loses_its_device(void)
{
	at_each_call("gone", LONG_MS);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "a handler that crashes, at each call", crashes },
		{ "a handler that hangs, at each call", hangs },
		{ "a handler that fails, at each call", fails },
		{ "a handler that loses its device, at each call", loses_its_device },
	};
	int status;

	CoInitializeEx(NULL, COINIT_MULTITHREADED);
	status = suite_run("ifdhandler faults", tests, G_N_ELEMENTS(tests));
	CoUninitialize();
	return status;
}
