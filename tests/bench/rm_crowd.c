/* SPDX-License-Identifier: BSD-2-Clause */
/* Many clients at once: their processes, throughput and fairness, and the reader that blocks. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/rm_load.h"
#include "tests/bench/sample.h"

#define START_PATIENCE_MS 20000
#define BLOCK_MS 50u

/* In a client: its ends of the crowd's pipes. */
static int client_ready = -1, client_go = -1;

void *
shared_new(size_t size)
{
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	need_system("mmap", shared == MAP_FAILED ? -1 : 0);
	return shared;
}

void
let_run(int ms)
{
	(void)poll(NULL, 0, ms);
}

void
crowd_start(struct crowd *crowd, unsigned count, void (*client)(unsigned number, void *shared),
    void *shared)
{
	int ready[2], go[2];

	need_system("pipe", pipe2(ready, 0));
	need_system("pipe", pipe2(go, 0));
	crowd->count = count;
	crowd->ready = ready[0];
	crowd->go = go[1];
	for (unsigned i = 0; i < count; i++) {
		need_system("fork", crowd->pids[i] = fork());
		if (crowd->pids[i] != 0)
			continue;
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)close(ready[0]);
		(void)close(go[1]);
		client_ready = ready[1];
		client_go = go[0];
		client(i, shared);
		(void)fflush(stdout);
		_exit(0);
	}
	(void)close(ready[1]);
	(void)close(go[0]);
}

void
crowd_ready(void)
{
	char byte = 0;

	need_system("ready", (int)write(client_ready, &byte, 1));
	while (read(client_go, &byte, 1) < 0 && errno == EINTR)
		;
}

/* A byte of a client; 0: all have ended; -1: none came in time. */
static int
next_byte(const struct crowd *crowd, int patience_ms)
{
	struct pollfd fd = { .fd = crowd->ready, .events = POLLIN };
	char byte;

	if (poll(&fd, 1, patience_ms) != 1)
		return -1;
	return (int)read(crowd->ready, &byte, 1);
}

void
crowd_wait(struct crowd *crowd)
{
	for (unsigned i = 0; i < crowd->count; i++)
		if (next_byte(crowd, START_PATIENCE_MS) != 1) {
			printf("error only %u of %u clients got ready\n", i, crowd->count);
			(void)crowd_end(crowd, 0);
			exit(1);
		}
}

void
crowd_go(struct crowd *crowd)
{
	(void)close(crowd->go);
	crowd->go = -1;
}

unsigned
crowd_end(struct crowd *crowd, int patience_ms)
{
	double end = now_us() + patience_ms * 1e3;
	unsigned killed = 0;
	int r = 1;

	while (r > 0) {
		double left = (end - now_us()) / 1e3;

		r = next_byte(crowd, left > 0 ? (int)left : 0);
	}
	for (unsigned i = 0; i < crowd->count; i++) {
		int ended;

		if (crowd->pids[i] == 0)
			continue;
		if (r < 0 && waitpid(crowd->pids[i], &ended, WNOHANG) == 0) {
			killed++;
			(void)kill(crowd->pids[i], SIGKILL);
			(void)waitpid(crowd->pids[i], &ended, 0);
		} else if (r == 0)
			(void)waitpid(crowd->pids[i], &ended, 0);
		crowd->pids[i] = 0;
	}
	(void)close(crowd->ready);
	if (crowd->go >= 0)
		(void)close(crowd->go);
	return killed;
}

struct many {
	unsigned readers;
	bool transactions;
	atomic_bool stop;
	_Atomic unsigned long done[LOAD_CLIENTS_MAX];
};

static void
many_client(unsigned number, void *shared)
{
	struct many *many = shared;
	SCARDHANDLE card = card_new(context_new(), number % many->readers);

	crowd_ready();
	while (!atomic_load_explicit(&many->stop, memory_order_relaxed)) {
		if (many->transactions)
			need("SCardBeginTransaction", SCardBeginTransaction(card));
		transmit_short(card);
		if (many->transactions)
			need("SCardEndTransaction", SCardEndTransaction(card, SCARD_LEAVE_CARD));
		atomic_fetch_add_explicit(&many->done[number], 1, memory_order_relaxed);
	}
	need("SCardDisconnect", SCardDisconnect(card, SCARD_LEAVE_CARD));
}

/* Prints: operations a second, fewest and most of a client, clients that had to be killed. */
int
load_many(int argc, char **argv)
{
	struct many *many = shared_new(sizeof *many);
	unsigned clients = (unsigned)atoi(argv[0]), killed;
	unsigned long all = 0, least = (unsigned long)-1, most = 0;
	struct crowd crowd;
	double start, took;

	(void)argc;
	many->readers = (unsigned)atoi(argv[1]);
	many->transactions = strcmp(argv[3], "transaction") == 0;
	if (clients == 0 || clients > LOAD_CLIENTS_MAX || many->readers == 0)
		return 2;
	crowd_start(&crowd, clients, many_client, many);
	crowd_wait(&crowd);
	start = now_us();
	crowd_go(&crowd);
	let_run(atoi(argv[2]));
	atomic_store(&many->stop, true);
	took = now_us() - start;
	for (unsigned i = 0; i < clients; i++) {
		unsigned long done = atomic_load(&many->done[i]);

		all += done;
		least = done < least ? done : least;
		most = done > most ? done : most;
	}
	killed = crowd_end(&crowd, 8000);
	printf("%f %lu %lu %u\n", (double)all / took * 1e6, least, most, killed);
	return 0;
}

static void
blocked_client(unsigned number, void *shared)
{
	static const unsigned char command[] = { 0x00, 0x03, BLOCK_MS >> 8, BLOCK_MS & 0xFF };
	atomic_uint *waiting = shared;
	SCARDHANDLE card = card_new(context_new(), 0);

	(void)number;
	crowd_ready();
	atomic_fetch_add(waiting, 1);
	/* Until it is killed, or the card was reset because another one was. */
	for (LONG result = SCARD_S_SUCCESS; result == SCARD_S_SUCCESS;) {
		unsigned char reply[2];
		DWORD length = sizeof reply;

		result = SCardTransmit(
		    card, SCARD_PCI_T1, command, sizeof command, NULL, reply, &length);
	}
}

static void
transmit_for(SCARDHANDLE card, int ms, struct sample_set *set)
{
	for (double start = now_us(), end = start + ms * 1e3; start < end;) {
		double before = start;

		transmit_short(card);
		start = now_us();
		sample_add(set, start - before);
	}
}

/*
 * Transmits to another reader, without and with 64 clients that wait for one that blocks. Prints:
 * p50 and p99 without, p50 and p99 with.
 */
int
load_blocked(int argc, char **argv)
{
	atomic_uint *waiting = shared_new(sizeof *waiting);
	struct sample_set alone = { 0 }, beside = { 0 };
	int ms = atoi(argv[0]);
	struct crowd crowd;
	SCARDHANDLE card;
	double end;

	(void)argc;
	crowd_start(&crowd, LOAD_CLIENTS_MAX, blocked_client, waiting);
	crowd_wait(&crowd);
	card = card_new(context_new(), 1);
	for (int i = 0; i < 100; i++)
		transmit_short(card);
	transmit_for(card, ms / 2, &alone);
	crowd_go(&crowd);
	for (end = now_us() + 5e6; atomic_load(waiting) < LOAD_CLIENTS_MAX && now_us() < end;)
		transmit_short(card);
	transmit_for(card, ms, &beside);
	for (unsigned i = 0; i < crowd.count; i++)
		(void)kill(crowd.pids[i], SIGKILL);
	(void)crowd_end(&crowd, 8000);
	transmit_short(card);
	transmit_for(card, ms / 2, &alone);
	printf("%f %f %f %f\n", sample_part(&alone, 0.5), sample_part(&alone, 0.99),
	    sample_part(&beside, 0.5), sample_part(&beside, 0.99));
	return 0;
}
