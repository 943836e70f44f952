/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scardctl watch over a resource manager that is a script: what no driver does at a word, readers
 * that come and go, and cards that move too quickly to be seen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tessera_scard.h>

#include "rm/scardctl/scardctl.h"
#include "tests/suite.h"

#define STATE(counter, bits) ((DWORD)(counter) << 16 | (bits))
#define OUTPUT_MAX 4096u

/* One step: what is there from then on. */
struct reader {
	const char *name; /* NULL: no more */
	DWORD state;
};
struct step {
	struct reader readers[3];
	bool set_changes; /* readers came or went */
};

static const struct step *script;
static size_t at, steps;

/* What scardctl prints goes here. */
static char output[OUTPUT_MAX];

LONG WINAPI
SCardEstablishContext(DWORD scope, LPCVOID reserved1, LPCVOID reserved2, LPSCARDCONTEXT context)
{
	(void)scope, (void)reserved1, (void)reserved2;
	*context = 1;
	return SCARD_S_SUCCESS;
}

LONG WINAPI
SCardReleaseContext(SCARDCONTEXT context)
{
	(void)context;
	return SCARD_S_SUCCESS;
}

LONG WINAPI
SCardFreeMemory(SCARDCONTEXT context, LPCVOID block)
{
	(void)context;
	free((void *)(uintptr_t)block);
	return SCARD_S_SUCCESS;
}

LONG WINAPI
SCardListReadersA(SCARDCONTEXT context, LPCSTR groups, LPSTR list, LPDWORD length)
{
	const struct reader *readers = script[at].readers;
	char *block, *end;

	(void)context, (void)groups, (void)length;
	if (readers[0].name == NULL)
		return SCARD_E_NO_READERS_AVAILABLE;
	end = block = calloc(1, 256);
	for (size_t i = 0; i < 3 && readers[i].name != NULL; i++)
		end = stpcpy(end, readers[i].name) + 1;
	memcpy(list, &block, sizeof block);
	return SCARD_S_SUCCESS;
}

static bool
compare(SCARD_READERSTATEA *state)
{
	const struct reader *readers = script[at].readers;
	DWORD is = SCARD_STATE_UNKNOWN | SCARD_STATE_IGNORE;

	if (state->szReader[0] == '\\')
		is = STATE(at, 0);
	for (size_t i = 0; i < 3 && readers[i].name != NULL; i++)
		if (strcmp(readers[i].name, state->szReader) == 0)
			is = readers[i].state;
	if (state->szReader[0] == '\\' && !script[at].set_changes && state->dwCurrentState != 0)
		is = state->dwCurrentState;
	state->dwEventState = is;
	if (is == state->dwCurrentState)
		return false;
	state->dwEventState |= SCARD_STATE_CHANGED;
	return true;
}

LONG WINAPI
SCardGetStatusChangeA(SCARDCONTEXT context, DWORD timeout, LPSCARD_READERSTATEA states, DWORD count)
{
	(void)context;
	for (;;) {
		bool changed = false;

		for (DWORD i = 0; i < count; i++)
			changed = compare(&states[i]) || changed;
		if (changed)
			return SCARD_S_SUCCESS;
		if (timeout == 0)
			return SCARD_E_TIMEOUT;
		/* The end of the script is the end of the manager. */
		if (at + 1 == steps)
			return SCARD_E_SERVICE_STOPPED;
		at++;
	}
}

const char *
tessera_scard_error(LONG code)
{
	return code == SCARD_E_SERVICE_STOPPED ? "stopped" : "another code";
}

const char *
tessera_scard_message(void)
{
	return "";
}

/* Runs a watch and keeps its lines, without their times. */
static int
watch(const struct step *wanted, size_t count, unsigned long limit)
{
	const struct scardctl_options options = { .count = limit };
	char *arguments[] = { NULL };
	FILE *file = tmpfile();
	char line[256];
	int kept = dup(STDOUT_FILENO), errors = dup(STDERR_FILENO), result;

	script = wanted;
	steps = count;
	at = 0;
	output[0] = '\0';
	(void)fflush(stdout);
	(void)dup2(fileno(file), STDOUT_FILENO);
	(void)dup2(fileno(file), STDERR_FILENO);
	result = scardctl_watch(&options, arguments);
	(void)fflush(stdout);
	(void)dup2(kept, STDOUT_FILENO);
	(void)dup2(errors, STDERR_FILENO);
	(void)close(kept);
	(void)close(errors);
	rewind(file);
	while (fgets(line, sizeof line, file) != NULL)
		(void)strncat(output, strchr(line, ' ') + 1, OUTPUT_MAX - strlen(output) - 1);
	(void)fclose(file);
	return result;
}

#define EMPTY SCARD_STATE_EMPTY
#define PRESENT SCARD_STATE_PRESENT

static void
readers_move(void)
{
	static const struct step story[] = {
		{ .readers = { { "A", STATE(0, EMPTY) } } },
		{ .readers = { { "A", STATE(0, EMPTY) }, { "B", STATE(1, PRESENT) } },
		    .set_changes = true },
		{ .readers = { { "B", STATE(1, PRESENT) } }, .set_changes = true },
		{ .readers = { { NULL, 0 } }, .set_changes = true },
		{ .readers = { { "A", STATE(0, EMPTY) } }, .set_changes = true },
	};

	SUITE_EQUAL_INT(watch(story, sizeof story / sizeof story[0], 4), SCARDCTL_OK);
	SUITE_EQUAL_STRING(output,
	    "A: found (empty), counter 0\n"
	    "B: reader-added (present), counter 1\n"
	    "A: reader-removed (unknown), counter 0\n"
	    "B: reader-removed (unknown), counter 1\n"
	    "A: reader-added (empty), counter 0\n");
}

static void
no_reader_at_first(void)
{
	static const struct step story[] = {
		{ .readers = { { NULL, 0 } } },
		{ .readers = { { "A", STATE(0, EMPTY) } }, .set_changes = true },
	};

	SUITE_EQUAL_INT(watch(story, sizeof story / sizeof story[0], 1), SCARDCTL_OK);
	SUITE_EQUAL_STRING(output, "A: reader-added (empty), counter 0\n");
}

static void
states_change(void)
{
	static const struct {
		DWORD from, to;
		const char *line;
	} changes[] = {
		{ STATE(0, EMPTY), STATE(1, PRESENT), "card-inserted (present), counter 1" },
		{ STATE(1, PRESENT), STATE(2, EMPTY), "card-removed (empty), counter 2" },
		{ STATE(1, PRESENT), STATE(3, PRESENT),
		    "card-removed, card-inserted (present), counter 3" },
		{ STATE(2, EMPTY), STATE(4, EMPTY),
		    "card-inserted, card-removed (empty), counter 4" },
		{ STATE(0xFFFF, PRESENT), STATE(0, EMPTY), "card-removed (empty), counter 0" },
		{ STATE(0, EMPTY), STATE(1, PRESENT | SCARD_STATE_MUTE),
		    "card-inserted, mute (present, mute), counter 1" },
		{ STATE(1, PRESENT | SCARD_STATE_MUTE), STATE(2, EMPTY),
		    "card-removed (empty), counter 2" },
		{ STATE(1, PRESENT), STATE(1, PRESENT | SCARD_STATE_UNPOWERED),
		    "unpowered (present, unpowered), counter 1" },
		{ STATE(1, PRESENT | SCARD_STATE_UNPOWERED), STATE(1, PRESENT | SCARD_STATE_INUSE),
		    "powered, in-use (present, in-use), counter 1" },
		{ STATE(1, PRESENT | SCARD_STATE_INUSE), STATE(1, PRESENT | SCARD_STATE_EXCLUSIVE),
		    "exclusive, not-in-use (present, exclusive), counter 1" },
		{ STATE(1, EMPTY | SCARD_STATE_EXCLUSIVE), STATE(1, EMPTY),
		    "not-exclusive (empty), counter 1" },
		{ STATE(1, EMPTY), STATE(1, SCARD_STATE_UNAVAILABLE),
		    "unavailable (unavailable), counter 1" },
	};

	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		const struct step story[] = {
			{ .readers = { { "A", changes[i].from } } },
			{ .readers = { { "A", changes[i].to } } },
		};
		char expected[256];
		char *second;

		SUITE_EQUAL_INT(watch(story, 2, 1), SCARDCTL_OK);
		(void)snprintf(expected, sizeof expected, "A: %s\n", changes[i].line);
		second = strchr(output, '\n');
		SUITE_EQUAL_STRING(second != NULL ? second + 1 : NULL, expected);
	}
}

static void
manager_stops(void)
{
	static const struct step story[] = {
		{ .readers = { { "A", STATE(0, EMPTY) } } },
	};

	SUITE_EQUAL_INT(watch(story, 1, 0), SCARDCTL_FAILURE);
	SUITE_EQUAL_STRING(
	    output, "A: found (empty), counter 0\ncannot watch the readers: stopped\n");
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "readers come and go", readers_move },
		{ "no reader at first", no_reader_at_first },
		{ "what changes in a reader", states_change },
		{ "the resource manager stops", manager_stops },
	};

	return suite_run("scardctl_watch", tests, sizeof tests / sizeof tests[0]);
}
