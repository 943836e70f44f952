/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/conformance/moving.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <testdriver.h>

#include "tests/components/testdriver_steer.h"
#include "tests/conformance/rows.h"

const BYTE moving_atr[4] = { 0x3B, 0x81, 0x00, 0x11 };

SCARDCONTEXT moving_context;

static int mover = -1;

/* A step of the test itself, not what is tested: without it nothing else makes sense. */
static void
must(HRESULT result, const char *what)
{
	if (result == S_OK)
		return;
	printf("not ok - %s: 0x%08X\n", what, (unsigned)result);
	exit(1);
}

/* The driver is there as soon as there is a context. */
static void
reach_driver(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	/* The driver answers a wait when its deadline is over: this one is later. */
	const struct timeval limit = { .tv_sec = 2 * MOVING_PATIENCE_MS / 1000 };

	mover = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (strlen(path) >= sizeof address.sun_path)
		must(E_INVALIDARG, path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	(void)setsockopt(mover, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	if (connect(mover, (const struct sockaddr *)&address, sizeof address) == 0)
		return;
	printf("not ok - %s: %s\n", path, strerror(errno));
	exit(1);
}

/* One order, and what the driver says to it. */
static struct steer_answer
steer(const struct steer_order *order)
{
	struct steer_answer answer = { .number = 0 };

	if (send(mover, order, sizeof *order, MSG_NOSIGNAL) != (ssize_t)sizeof *order ||
	    recv(mover, &answer, sizeof answer, 0) != (ssize_t)sizeof answer)
		must(E_FAIL, "the test driver does not answer");
	return answer;
}

static void
steer_reader(ULONG kind, ULONG reader, const char *what)
{
	must(steer(&(struct steer_order){ .kind = kind, .reader = reader }).result, what);
}

static ULONG
count(ULONG kind)
{
	struct steer_answer answer = steer(&(struct steer_order){ .kind = kind });

	must(answer.result, "a count");
	return answer.number;
}

int
moving_run(const char *name, const struct suite_test *tests, size_t count)
{
	char place[1024], setting[1100];
	int status;

	(void)snprintf(place, sizeof place, "%s/tests/components", getenv("TESSERA_BUILD"));
	(void)setenv("TESSERA_COMPONENT_PATH", place, 1);
	(void)snprintf(place, sizeof place, "%s/mover", getenv("TMPDIR"));
	(void)snprintf(setting, sizeof setting, "embedded:test=%s", place);
	(void)setenv("TESSERA_RM", setting, 0);
	moving_context = fixture_context();
	reach_driver(place);
	status = rows_end(name, suite_run(name, tests, count));
	(void)SCardReleaseContext(moving_context);
	(void)close(mover);
	return status;
}

DWORD
moving_wait(const char *name, DWORD mask, DWORD wanted)
{
	SCARD_READERSTATEA state = { .szReader = name };
	LONG code;

	do {
		code = SCardGetStatusChangeA(moving_context, MOVING_PATIENCE_MS, &state, 1);
		if (code != SCARD_S_SUCCESS)
			fixture_die(name, code);
		state.dwCurrentState =
		    state.dwEventState & ~(DWORD)(SCARD_STATE_CHANGED | SCARD_STATE_IGNORE);
	} while ((state.dwEventState & mask) != wanted);
	return state.dwEventState;
}

ULONG
moving_reader(const char *name)
{
	struct steer_order order = { .kind = STEER_ADD_READER };
	struct steer_answer answer;

	(void)snprintf(order.name, sizeof order.name, "%s", name);
	answer = steer(&order);
	must(answer.result, "AddReader");
	(void)moving_wait(name, SCARD_STATE_UNKNOWN, 0);
	return answer.number;
}

ULONG
moving_reader_with_card(const char *name)
{
	ULONG reader = moving_reader(name);

	moving_insert(reader, name);
	return reader;
}

void
moving_insert(ULONG reader, const char *name)
{
	moving_announce_card(reader, SCARD_PROTOCOL_Tx);
	(void)moving_wait(name, SCARD_STATE_PRESENT | SCARD_STATE_UNPOWERED, SCARD_STATE_PRESENT);
}

void
moving_remove(ULONG reader, const char *name)
{
	moving_announce_removal(reader);
	(void)moving_wait(name, SCARD_STATE_EMPTY, SCARD_STATE_EMPTY);
}

void
moving_unplug(ULONG reader)
{
	steer_reader(STEER_REMOVE_READER, reader, "RemoveReader");
}

static void
insert(ULONG reader, ULONG protocols, ULONG atr_length)
{
	struct steer_order order = { .kind = STEER_INSERT_CARD,
		.reader = reader,
		.number = protocols,
		.atr_length = atr_length };

	memcpy(order.atr, moving_atr, sizeof moving_atr);
	must(steer(&order).result, "InsertCard");
}

void
moving_announce_card(ULONG reader, ULONG protocols)
{
	insert(reader, protocols, sizeof moving_atr);
}

void
moving_announce_mute_card(ULONG reader)
{
	insert(reader, SCARD_PROTOCOL_Tx, 0);
}

void
moving_announce_removal(ULONG reader)
{
	steer_reader(STEER_REMOVE_CARD, reader, "RemoveCard");
}

void
moving_block(ULONG reader)
{
	must(steer(&(struct steer_order){
		       .kind = STEER_BLOCK, .reader = reader, .number = TESTDRIVER_TRANSMIT })
		 .result,
	    "Block");
}

void
moving_wait_blocked(ULONG reader)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	must(steer(&(struct steer_order){ .kind = STEER_WAIT_BLOCKED,
		       .reader = reader,
		       .deadline =
			   ((ULONGLONG)now.tv_sec + MOVING_PATIENCE_MS / 1000) * 1000000000u })
		 .result,
	    "WaitBlocked");
}

void
moving_unblock(ULONG reader)
{
	steer_reader(STEER_UNBLOCK, reader, "Unblock");
}

void
moving_reset(void)
{
	steer_reader(STEER_RESET, 0, "Reset");
}

void
moving_fail_exchange(ULONG number, LONG code)
{
	must(steer(&(struct steer_order){
		       .kind = STEER_FAIL_EXCHANGE, .number = number, .result = code })
		 .result,
	    "FailExchange");
}

ULONG
moving_exchanges(void)
{
	return count(STEER_COUNT_EXCHANGES);
}

ULONG
moving_overlaps(void)
{
	return count(STEER_COUNT_OVERLAPS);
}

SCARDHANDLE
moving_connect(SCARDCONTEXT context, const char *name)
{
	SCARDHANDLE card;
	LONG code =
	    SCardConnectA(context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL);

	if (code != SCARD_S_SUCCESS)
		fixture_die(name, code);
	return card;
}

LONG
moving_transmit(SCARDHANDLE card)
{
	static const BYTE command[] = { 0x00, 0xA4, 0x00, 0x00 };
	BYTE reply[16];
	DWORD length = sizeof reply;
	LONG code = SCardTransmit(card, NULL, command, sizeof command, NULL, reply, &length);

	if (code == SCARD_S_SUCCESS && (length != 2 || reply[0] != 0x90 || reply[1] != 0x00))
		return SCARD_F_INTERNAL_ERROR;
	return code;
}
