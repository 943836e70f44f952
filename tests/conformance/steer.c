/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/conformance/steer.h"

#include <testdriver.h>

#include "tests/conformance/moving.h"

_Static_assert(STEER_CONTROL_ECHO == TESTDRIVER_ECHO, "the driver echoes another code");

int
steer_run(const char *name, const struct suite_test *tests, size_t count)
{
	return moving_run(name, tests, count);
}

unsigned
steer_reader(const char *name)
{
	return moving_reader(name);
}

unsigned
steer_reader_with_card(const char *name)
{
	return moving_reader_with_card(name);
}

unsigned
steer_reader_with_mute(const char *name)
{
	ULONG reader = moving_reader(name);

	moving_announce_mute_card(reader);
	(void)moving_wait(name, SCARD_STATE_MUTE, SCARD_STATE_MUTE);
	return reader;
}

void
steer_remove(unsigned reader, const char *name)
{
	moving_remove(reader, name);
}

void
steer_insert(unsigned reader, const char *name)
{
	moving_insert(reader, name);
}

void
steer_unplug(unsigned reader, const char *name)
{
	moving_unplug(reader);
	(void)moving_wait(name, SCARD_STATE_UNKNOWN, SCARD_STATE_UNKNOWN);
}

bool
steer_loses_power(const char *name, unsigned milliseconds)
{
	SCARD_READERSTATEA state = { .szReader = name };

	OK(SCardGetStatusChangeA(moving_context, 0, &state, 1));
	state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	if (SCardGetStatusChangeA(moving_context, milliseconds, &state, 1) != SCARD_S_SUCCESS)
		return false;
	return (state.dwEventState & SCARD_STATE_UNPOWERED) != 0;
}

void
steer_let_pass(const char *name, unsigned milliseconds)
{
	SCARD_READERSTATEA state = { .szReader = name };

	OK(SCardGetStatusChangeA(moving_context, 0, &state, 1));
	state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	(void)SCardGetStatusChangeA(moving_context, milliseconds, &state, 1);
}
