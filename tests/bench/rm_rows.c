/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One client, one call after another, each row beside its floor. Reads lines from standard input:
 * `run NAME COUNT` makes a round of floor and calls, `tell NAME` prints p50, p99, the floor's two,
 * and both as multiples of the floor's. So rounds of several loads can alternate. Each figure is
 * the median of the rounds' figures: a moment in which the machine does something else spoils a
 * round, not the row.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/null/card.h"
#include "tests/bench/rm_floor.h"
#include "tests/bench/rm_load.h"
#include "tests/bench/sample.h"

#define NAME_LENGTH 7u /* "Null 01" */
#define LONG_APDU 65000u
#define LISTED 16u /* readers while these rows run */

static SCARDCONTEXT context;
static SCARDHANDLE card;
static char names[2][128];
static SCARD_READERSTATE state;
static unsigned char command[LONG_APDU];

static void
establish_release(void)
{
	SCARDCONTEXT one = context_new();

	need("SCardReleaseContext", SCardReleaseContext(one));
}

static void
connect_disconnect(void)
{
	SCARDHANDLE one;
	DWORD active;

	need("SCardConnect",
	    SCardConnect(context, names[1], SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &one, &active));
	need("SCardDisconnect", SCardDisconnect(one, SCARD_LEAVE_CARD));
}

static void
transmit_5(void)
{
	transmit(card, command, 5);
}

static void
transmit_255(void)
{
	transmit(card, command, 255);
}

static void
transmit_4096(void)
{
	transmit(card, command, 4096);
}

static void
transmit_65000(void)
{
	transmit(card, command, LONG_APDU);
}

static void
receive_65000(void)
{
	static const unsigned char ask[] = { 0x00, 0x02, LONG_APDU >> 8, LONG_APDU & 0xFF, 0x00 };

	transmit(card, ask, sizeof ask);
}

static void
begin_end(void)
{
	need("SCardBeginTransaction", SCardBeginTransaction(card));
	need("SCardEndTransaction", SCardEndTransaction(card, SCARD_LEAVE_CARD));
}

static void
status(void)
{
	char name[128];
	DWORD length = sizeof name, now, protocol, atr_length = 33;
	unsigned char atr[33];

	need("SCardStatus", SCardStatus(card, name, &length, &now, &protocol, atr, &atr_length));
}

static void
status_change(void)
{
	LONG result = SCardGetStatusChange(context, 0, &state, 1);

	if (result != (LONG)SCARD_E_TIMEOUT)
		need("SCardGetStatusChange", result);
	state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
}

static void
list_readers(void)
{
	char list[16384];
	DWORD length = sizeof list;

	need("SCardListReaders", SCardListReaders(context, NULL, list, &length));
}

/* Sizes of request and reply with their headers (12 and 20 bytes), and the round trips. */
static const struct row {
	const char *name;
	void (*call)(void);
	size_t out, in;
	unsigned trips;
} rows[] = {
	{ "establish", establish_release, 20, 28, 2 },
	{ "connect", connect_disconnect, 32 + NAME_LENGTH, 32, 2 },
	{ "transmit-5", transmit_5, 32 + 5, 30, 1 },
	{ "transmit-255", transmit_255, 32 + 255, 30, 1 },
	{ "transmit-4096", transmit_4096, 32 + 4096, 30, 1 },
	{ "transmit-65000", transmit_65000, 32 + LONG_APDU, 30, 1 },
	{ "receive-65000", receive_65000, 32 + 5, 30 + LONG_APDU, 1 },
	{ "transaction", begin_end, 24, 20, 2 },
	{ "status", status, 20, 41 + NAME_LENGTH, 1 },
	{ "status-change", status_change, 32 + NAME_LENGTH, 37, 1 },
	{ "list", list_readers, 24, 25 + LISTED *(NAME_LENGTH + 1), 1 },
};

#define ROWS (sizeof rows / sizeof rows[0])

/* The figures of each round. */
static struct rounds {
	struct sample_set half, most, floor_half, floor_most, half_ratio, most_ratio;
} all_rounds[ROWS];

static void
note(struct rounds *rounds, struct sample_set *calls, struct sample_set *floors)
{
	double half = sample_part(calls, 0.5), most = sample_part(calls, 0.99);
	double floor_half = sample_part(floors, 0.5), floor_most = sample_part(floors, 0.99);

	sample_add(&rounds->half, half);
	sample_add(&rounds->most, most);
	sample_add(&rounds->floor_half, floor_half);
	sample_add(&rounds->floor_most, floor_most);
	sample_add(&rounds->half_ratio, half / floor_half);
	sample_add(&rounds->most_ratio, most / floor_most);
}

static void
run(const struct row *row, unsigned count)
{
	struct sample_set calls = { 0 }, floors = { 0 };

	row->call();
	for (unsigned i = 0; i < count; i++) {
		double start = now_us();

		for (unsigned t = 0; t < row->trips; t++)
			floor_trip(row->out, row->in);
		sample_add(&floors, now_us() - start);
	}
	for (unsigned i = 0; i < count; i++) {
		double start = now_us();

		row->call();
		sample_add(&calls, now_us() - start);
	}
	note(&all_rounds[row - rows], &calls, &floors);
	sample_clear(&calls);
	sample_clear(&floors);
	printf("done\n");
}

static void
tell(const struct row *row)
{
	struct rounds *rounds = &all_rounds[row - rows];

	printf("%f %f %f %f %f %f\n", sample_part(&rounds->half, 0.5),
	    sample_part(&rounds->most, 0.5), sample_part(&rounds->floor_half, 0.5),
	    sample_part(&rounds->floor_most, 0.5), sample_part(&rounds->half_ratio, 0.5),
	    sample_part(&rounds->most_ratio, 0.5));
}

static const struct row *
row_of(const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(name, rows[i].name) == 0)
			return &rows[i];
	printf("error no row '%s'\n", name);
	exit(1);
}

int
load_rows(int argc, char **argv)
{
	char line[128], name[64];
	unsigned count;

	(void)argc;
	(void)argv;
	floor_start();
	context = context_new();
	for (unsigned i = 0; i < 2; i++)
		(void)snprintf(names[i], sizeof names[i], "%.127s", reader_name(context, i));
	card = card_new(context, 0);
	state.szReader = names[0];
	status_change();
	while (fgets(line, sizeof line, stdin) != NULL) {
		if (sscanf(line, "run %63s %u", name, &count) == 2 && count > 0)
			run(row_of(name), count);
		else if (sscanf(line, "tell %63s", name) == 1)
			tell(row_of(name));
	}
	return 0;
}
