/* SPDX-License-Identifier: BSD-2-Clause */
/* From something that happens in one process to the call that returns in another. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/null/card.h"
#include "tests/bench/rm_load.h"
#include "tests/bench/sample.h"

#define SAMPLES_MAX 65536u

/*
 * Two clients in transactions on one card. The end counts from the first moment at which the card
 * was free and the other one waited.
 */
struct handover {
	atomic_bool stop;
	_Atomic double waits_since[2]; /* 0: does not wait */
	int freed_for;                 /* -1: nobody; guarded by the transaction */
	double freed_at;
	unsigned count;
	double samples[SAMPLES_MAX];
};

static void
handover_client(unsigned number, void *shared)
{
	struct handover *h = shared;
	SCARDHANDLE card = card_new(context_new(), 0);
	unsigned other = 1 - number;

	crowd_ready();
	while (!atomic_load(&h->stop)) {
		double before;

		atomic_store(&h->waits_since[number], now_us());
		need("SCardBeginTransaction", SCardBeginTransaction(card));
		if (h->freed_for == (int)number) {
			if (h->count < SAMPLES_MAX)
				h->samples[h->count++] = now_us() - h->freed_at;
			h->freed_for = -1;
		}
		atomic_store(&h->waits_since[number], 0);
		transmit_short(card);
		/* Whoever waited before this exchange and does so after it is in the queue. */
		before = atomic_load(&h->waits_since[other]);
		transmit_short(card);
		if (h->freed_for < 0 && before > 0 &&
		    atomic_load(&h->waits_since[other]) == before) {
			h->freed_for = (int)other;
			h->freed_at = now_us();
		}
		need("SCardEndTransaction", SCardEndTransaction(card, SCARD_LEAVE_CARD));
	}
	/* Ending without this would reset the card under the other one. */
	need("SCardDisconnect", SCardDisconnect(card, SCARD_LEAVE_CARD));
}

/* Prints: p50, p99, count. */
int
load_handover(int argc, char **argv)
{
	struct handover *h = shared_new(sizeof *h);
	struct sample_set set = { 0 };
	struct crowd crowd;

	(void)argc;
	h->freed_for = -1;
	crowd_start(&crowd, 2, handover_client, h);
	crowd_wait(&crowd);
	crowd_go(&crowd);
	let_run(atoi(argv[0]));
	atomic_store(&h->stop, true);
	(void)crowd_end(&crowd, 8000);
	for (unsigned i = 0; i < h->count; i++)
		sample_add(&set, h->samples[i]);
	printf("%f %f %u\n", sample_part(&set, 0.5), sample_part(&set, 0.99), h->count);
	return 0;
}

/*
 * A second thread that acts when the first one is about to wait: it lets a round trip of its own
 * pass, so that the first one's request is there before, and notes the time of the deed.
 */
struct deed {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool wanted, ending;
	SCARDCONTEXT context;
	void (*act)(void *data);
	void *data;
	double at;
};

static void *
deed_thread(void *data)
{
	struct deed *deed = data;

	(void)pthread_mutex_lock(&deed->lock);
	for (;;) {
		while (!deed->wanted && !deed->ending)
			(void)pthread_cond_wait(&deed->changed, &deed->lock);
		if (deed->ending)
			break;
		deed->wanted = false;
		(void)pthread_mutex_unlock(&deed->lock);
		for (int i = 0; i < 3; i++) {
			DWORD length = 0;

			need("SCardListReaders",
			    SCardListReaders(deed->context, NULL, NULL, &length));
		}
		deed->at = now_us();
		deed->act(deed->data);
		(void)pthread_mutex_lock(&deed->lock);
	}
	(void)pthread_mutex_unlock(&deed->lock);
	return NULL;
}

static pthread_t
deed_start(struct deed *deed)
{
	pthread_t thread;

	(void)pthread_mutex_init(&deed->lock, NULL);
	(void)pthread_cond_init(&deed->changed, NULL);
	deed->context = context_new();
	need_system("thread", -pthread_create(&thread, NULL, deed_thread, deed));
	return thread;
}

static void
deed_tell(struct deed *deed, bool ending)
{
	(void)pthread_mutex_lock(&deed->lock);
	deed->wanted = !ending;
	deed->ending = ending;
	(void)pthread_cond_signal(&deed->changed);
	(void)pthread_mutex_unlock(&deed->lock);
}

/* The victims wait each for its turn: made before the API is used here, told by a pipe. */
struct victim {
	pid_t pid;
	int turn, holds;
};

static struct victim
victim_new(void)
{
	struct victim victim;
	int turn[2], holds[2];
	char byte = 0;

	need_system("pipe", pipe2(turn, 0));
	need_system("pipe", pipe2(holds, 0));
	need_system("fork", victim.pid = fork());
	if (victim.pid == 0) {
		SCARDHANDLE card;

		(void)close(turn[1]);
		if (read(turn[0], &byte, 1) != 1)
			_exit(0);
		card = card_new(context_new(), 0);
		need("SCardBeginTransaction", SCardBeginTransaction(card));
		need_system("holds", (int)write(holds[1], &byte, 1));
		/* The end of the pipe is this process's end at the latest. */
		(void)read(turn[0], &byte, 1);
		_exit(0);
	}
	(void)close(turn[0]);
	(void)close(holds[1]);
	victim.turn = turn[1];
	victim.holds = holds[0];
	return victim;
}

static void
kill_victim(void *data)
{
	(void)kill(((const struct victim *)data)->pid, SIGKILL);
}

static double
kill_one(struct deed *deed, struct victim *victim, SCARDHANDLE card)
{
	char byte = 0;
	double got;
	LONG result;
	int status;

	need_system("turn", (int)write(victim->turn, &byte, 1));
	if (read(victim->holds, &byte, 1) != 1)
		need_system("victim", -1);
	deed->data = victim;
	deed_tell(deed, false);
	result = SCardBeginTransaction(card);
	got = now_us();
	/* The card was reset for whoever comes next; some are told so. */
	if (result == (LONG)SCARD_W_RESET_CARD) {
		DWORD active;

		need("SCardReconnect",
		    SCardReconnect(
			card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD, &active));
	} else {
		need("SCardBeginTransaction", result);
		need("SCardEndTransaction", SCardEndTransaction(card, SCARD_LEAVE_CARD));
	}
	(void)waitpid(victim->pid, &status, 0);
	(void)close(victim->turn);
	(void)close(victim->holds);
	return got - deed->at;
}

/* Prints: p50, p99, count. */
int
load_killed(int argc, char **argv)
{
	struct victim victims[64];
	struct sample_set set = { 0 };
	struct deed deed = { .act = kill_victim };
	unsigned count = (unsigned)atoi(argv[0]);
	SCARDHANDLE card;
	pthread_t thread;

	(void)argc;
	if (count > 64)
		return 2;
	for (unsigned i = 0; i < count; i++)
		victims[i] = victim_new();
	card = card_new(context_new(), 0);
	thread = deed_start(&deed);
	for (unsigned i = 0; i < count; i++)
		sample_add(&set, kill_one(&deed, &victims[i], card));
	deed_tell(&deed, true);
	(void)pthread_join(thread, NULL);
	printf("%f %f %zu\n", sample_part(&set, 0.5), sample_part(&set, 0.99), set.count);
	return 0;
}

struct movement {
	struct null_block *block;
	bool present;
};

static void
move(void *data)
{
	const struct movement *movement = data;

	null_block_set(movement->block, 0, movement->present);
}

/* Waits until the reader is as the deed makes it; the time from the deed to the return. */
static double
move_one(
    struct deed *deed, struct movement *movement, SCARDCONTEXT context, SCARD_READERSTATE *state)
{
	DWORD wanted = movement->present ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY;

	deed_tell(deed, false);
	do {
		need("SCardGetStatusChange", SCardGetStatusChange(context, 10000, state, 1));
		state->dwCurrentState = state->dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	} while ((state->dwEventState & wanted) == 0);
	return now_us() - deed->at;
}

/* Prints for insertions: p50, p99, count. */
int
load_insertion(int argc, char **argv)
{
	struct movement movement = { .present = true };
	struct deed deed = { .act = move, .data = &movement };
	struct sample_set set = { 0 };
	SCARD_READERSTATE state = { 0 };
	SCARDCONTEXT context = context_new();
	char name[128];
	pthread_t thread;

	(void)argc;
	movement.block = null_block_open(argv[1]);
	need_system("control block", movement.block == NULL ? -1 : 0);
	(void)snprintf(name, sizeof name, "%.127s", reader_name(context, 0));
	state.szReader = name;
	need("SCardGetStatusChange", SCardGetStatusChange(context, 0, &state, 1));
	state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	thread = deed_start(&deed);
	for (int i = 0; i < atoi(argv[0]); i++) {
		movement.present = false;
		(void)move_one(&deed, &movement, context, &state);
		movement.present = true;
		sample_add(&set, move_one(&deed, &movement, context, &state));
	}
	deed_tell(&deed, true);
	(void)pthread_join(thread, NULL);
	printf("%f %f %zu\n", sample_part(&set, 0.5), sample_part(&set, 0.99), set.count);
	return 0;
}
