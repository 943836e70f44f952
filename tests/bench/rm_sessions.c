/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clients that only are there: idle ones, many contexts, the first one after a start. They print
 * a line when they are so far and stay until standard input ends.
 */
#include <endian.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "rm/wire/wire.h"
#include "tests/bench/rm_load.h"
#include "tests/bench/sample.h"

static void
stay(void)
{
	char byte;

	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

static void *
wait_for_change(void *data)
{
	SCARD_READERSTATE state = { 0 };
	char name[128];
	SCARDCONTEXT context = *(SCARDCONTEXT *)data;

	(void)snprintf(name, sizeof name, "%.127s", reader_name(context, 0));
	state.szReader = name;
	need("SCardGetStatusChange", SCardGetStatusChange(context, 0, &state, 1));
	printf("ready\n");
	for (LONG r = 0; r == SCARD_S_SUCCESS;) {
		state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
		r = SCardGetStatusChange(context, INFINITE, &state, 1);
	}
	return NULL;
}

/* A client that is connected, and waits for a movement in a second thread. */
int
load_idle(int argc, char **argv)
{
	SCARDCONTEXT context = context_new();
	pthread_t thread;

	(void)argc;
	(void)argv;
	(void)card_new(context, 1);
	need_system("thread", -pthread_create(&thread, NULL, wait_for_change, &context));
	stay();
	need("SCardCancel", SCardCancel(context));
	(void)pthread_join(thread, NULL);
	return 0;
}

/* Prints: contexts that could be had, microseconds for all. */
int
load_contexts(int argc, char **argv)
{
	unsigned most = (unsigned)atoi(argv[0]), count;
	double start;

	(void)argc;
	start = now_us();
	for (count = 0; count < most; count++) {
		SCARDCONTEXT context;

		if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) !=
		    SCARD_S_SUCCESS)
			break;
	}
	printf("%u %f\n", count, now_us() - start);
	stay();
	return 0;
}

/* Reads when the resource manager was started; prints the microseconds from then to a context. */
int
load_first(int argc, char **argv)
{
	char line[64];

	(void)argc;
	(void)argv;
	printf("ready\n");
	if (fgets(line, sizeof line, stdin) == NULL)
		return 1;
	(void)context_new();
	printf("%f\n", now_us() - atof(line));
	return 0;
}

/* A request of two numbers: HELLO and ESTABLISH. */
static void
ask(int fd, uint16_t number, uint32_t first, uint32_t second)
{
	const uint32_t words[] = { htole32(WIRE_REQUEST_HEADER + 8), htole32(1), htole32(number),
		htole32(first), htole32(second) };

	need_system("send", (int)send(fd, words, sizeof words, MSG_NOSIGNAL));
}

/* Did it succeed? */
static bool
answered(int fd)
{
	uint32_t words[32];

	return recv(fd, words, sizeof words, 0) >= (ssize_t)WIRE_REPLY_HEADER && words[3] == 0;
}

static int
dial(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	need_system("socket", fd);
	if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

/*
 * Sessions of their own, as many processes would have them, without the processes. Prints: sessions
 * with a context, those that were refused, microseconds until all had their first answer.
 */
int
load_sessions(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	unsigned most = (unsigned)atoi(argv[0]), refused = 0;
	struct rlimit limit;
	double start, took;
	int *fds = calloc(most, sizeof *fds);

	(void)argc;
	need_system("memory", fds == NULL ? -1 : 0);
	need_system("limit", getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = limit.rlim_max;
	need_system("limit", setrlimit(RLIMIT_NOFILE, &limit));
	(void)snprintf(address.sun_path, sizeof address.sun_path, "%.107s", argv[1]);
	start = now_us();
	for (unsigned i = 0; i < most; i++)
		if ((fds[i] = dial(&address)) >= 0)
			ask(fds[i], WIRE_HELLO, WIRE_VERSION, WIRE_VERSION);
	for (unsigned i = 0; i < most; i++)
		if (fds[i] < 0 || !answered(fds[i])) {
			fds[i] = -1;
			refused++;
		}
	took = now_us() - start;
	for (unsigned i = 0; i < most; i++)
		if (fds[i] >= 0)
			ask(fds[i], WIRE_ESTABLISH, 0, SCARD_SCOPE_SYSTEM);
	for (unsigned i = 0; i < most; i++)
		if (fds[i] >= 0 && !answered(fds[i]))
			refused++;
	printf("%u %u %f\n", most - refused, refused, took);
	stay();
	return 0;
}
