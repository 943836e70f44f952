/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client of the driver's benchmark, for one resource manager at a time and built for each of
 *both libraries. Commands come on standard input, one a line:
 *
 *	present          waits for the one reader and a card in it
 *	empty            waits until the card is gone
 *	absent           waits until there is no reader
 *	connect | disconnect
 *	echo SIZE COUNT  commands whose data come back
 *
 * Waits first answer `waiting`, then with the time (microseconds, CLOCK_MONOTONIC) at which they
 * ended. echo answers with its processor time an exchange and COUNT times; all in microseconds. All
 * else answers `ok`. `failed` stands for anything that went wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/bench/sample.h"
#include "tests/vm/client.h"

static SCARDCONTEXT context;
static SCARDHANDLE card;
static char names[CLIENT_READERS][CLIENT_NAME];
static unsigned protocol;

static double
cpu_us(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
	    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static bool
wait_for(const char *what)
{
	puts("waiting");
	if (strcmp(what, "absent") == 0)
		return client_readers(context, 0, names);
	if (strcmp(what, "present") != 0)
		return client_state(context, names[0], SCARD_STATE_EMPTY, SCARD_STATE_PRESENT)
			   .dwEventState != 0;
	return client_readers(context, 1, names) &&
	    client_state(context, names[0], SCARD_STATE_PRESENT, SCARD_STATE_MUTE).cbAtr > 0;
}

static bool
echo(size_t size, unsigned count)
{
	static uint8_t data[CLIENT_APDU], command[CLIENT_APDU];
	const uint8_t header[4] = { 0x00, 0x10, 0x00, 0x00 };
	size_t length = client_command(command, header, data, size, size > 255 ? 65536 : 256);
	double *times = malloc(count * sizeof *times), cpu = cpu_us();
	bool good = times != NULL;

	for (unsigned i = 0; good && i < count; i++) {
		double start = now_us();
		const struct client_reply *reply = client_transmit(card, protocol, command, length);

		times[i] = now_us() - start;
		good = reply->length == size + 2 && reply->status == 0x9000;
	}
	if (good) {
		printf("%.2f", (cpu_us() - cpu) / count);
		for (unsigned i = 0; i < count; i++)
			printf(" %.1f", times[i]);
		printf("\n");
	}
	free(times);
	return good;
}

static bool
obey(const char *word, unsigned long size, unsigned long count)
{
	if (strcmp(word, "echo") == 0)
		return size <= 65535 && count > 0 && count <= 100000 && echo(size, (unsigned)count);
	if (strcmp(word, "connect") == 0)
		card = client_connect(context, names[0], &protocol);
	else if (strcmp(word, "disconnect") == 0)
		(void)SCardDisconnect(card, SCARD_LEAVE_CARD);
	else {
		if (!wait_for(word))
			return false;
		printf("%.1f\n", now_us());
		return true;
	}
	puts("ok");
	return card != 0;
}

int
main(void)
{
	char line[128], word[16];
	unsigned long size, count;

	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	if (SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context) != SCARD_S_SUCCESS)
		return 1;
	while (fgets(line, sizeof line, stdin) != NULL) {
		size = count = 0;
		if (sscanf(line, "%15s %lu %lu", word, &size, &count) < 1 ||
		    !obey(word, size, count))
			puts("failed");
	}
	(void)SCardReleaseContext(context);
	return 0;
}
