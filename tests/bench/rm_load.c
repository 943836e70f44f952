/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/bench/rm_load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/null/card.h"

#define LIST_SIZE 16384u

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	int arguments;
	const char *usage;
} kinds[] = {
	{ "rows", load_rows, 0, "" },
	{ "many", load_many, 4, "CLIENTS READERS MS transmit|transaction" },
	{ "handover", load_handover, 1, "MS" },
	{ "killed", load_killed, 1, "TIMES" },
	{ "insertion", load_insertion, 2, "TIMES CONTROL-BLOCK" },
	{ "blocked", load_blocked, 1, "MS" },
	{ "idle", load_idle, 0, "" },
	{ "contexts", load_contexts, 1, "COUNT" },
	{ "first", load_first, 0, "" },
	{ "sessions", load_sessions, 2, "COUNT SOCKET" },
};

void
need(const char *what, LONG result)
{
	if (result == SCARD_S_SUCCESS)
		return;
	printf("error %s: 0x%08X\n", what, (unsigned)result);
	exit(1);
}

void
need_system(const char *what, int result)
{
	if (result >= 0)
		return;
	printf("error %s: %s\n", what, strerror(errno));
	exit(1);
}

SCARDCONTEXT
context_new(void)
{
	SCARDCONTEXT context;

	need("SCardEstablishContext",
	    SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context));
	return context;
}

const char *
reader_name(SCARDCONTEXT context, unsigned slot)
{
	static char list[LIST_SIZE];
	DWORD length = sizeof list;
	unsigned found;

	need("SCardListReaders", SCardListReaders(context, NULL, list, &length));
	for (const char *name = list; *name != '\0'; name += strlen(name) + 1)
		if (sscanf(name, "Null %u", &found) == 1 && found == slot)
			return name;
	printf("error no reader 'Null %02u'\n", slot);
	exit(1);
}

SCARDHANDLE
card_new(SCARDCONTEXT context, unsigned slot)
{
	SCARDHANDLE card;
	DWORD active;

	need("SCardConnect",
	    SCardConnect(context, reader_name(context, slot), SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1,
		&card, &active));
	return card;
}

void
transmit(SCARDHANDLE card, const unsigned char *command, size_t length)
{
	static unsigned char reply[65538];
	DWORD reply_length = sizeof reply;

	need("SCardTransmit",
	    SCardTransmit(card, SCARD_PCI_T1, command, (DWORD)length, NULL, reply, &reply_length));
}

void
transmit_short(SCARDHANDLE card)
{
	static const unsigned char command[] = { 0x00, 0x84, 0x00, 0x00, 0x00 };

	transmit(card, command, sizeof command);
}

int
main(int argc, char **argv)
{
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; argc >= 2 && i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(argv[1], kinds[i].name) == 0 && argc == 2 + kinds[i].arguments)
			return kinds[i].run(argc - 2, argv + 2);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		fprintf(stderr, "usage: %s %s %s\n", argv[0], kinds[i].name, kinds[i].usage);
	return 2;
}
