/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The load: a client program of the winscard API that makes one kind of load and prints the figures
 * in one line. Its source is compiled against Tessera's library and against pcsc-lite's, so that
 * both are measured with the same code.
 */
#ifndef TESTS_BENCH_RM_LOAD_H
#define TESTS_BENCH_RM_LOAD_H

#include <stddef.h>
#include <sys/types.h>

#include <winscard.h>

#define LOAD_CLIENTS_MAX 64u

/* Ends the program with a text when the call did not succeed. */
void need(const char *what, LONG result);
/* As need, for calls of the system. */
void need_system(const char *what, int result);

SCARDCONTEXT context_new(void);
/* The name of the reader of a slot, from the list; valid until the next call. */
const char *reader_name(SCARDCONTEXT context, unsigned slot);
/* Shared, T=1. */
SCARDHANDLE card_new(SCARDCONTEXT context, unsigned slot);
void transmit(SCARDHANDLE card, const unsigned char *command, size_t length);
/* One that the card answers at once. */
void transmit_short(SCARDHANDLE card);

/*
 * Clients are processes, made before this one uses the API. Each gets ready, says so, and goes on
 * when all are let go; `stop` ends its loop.
 */
struct crowd {
	unsigned count;
	pid_t pids[LOAD_CLIENTS_MAX];
	int ready, go;
};
/* @shared: memory of all, the client's function gets it; it returns to end the client. */
void crowd_start(struct crowd *crowd, unsigned count, void (*client)(unsigned number, void *shared),
    void *shared);
/* In a client: ready; returns when the crowd is let go. */
void crowd_ready(void);
/* Waits until all are ready. */
void crowd_wait(struct crowd *crowd);
void crowd_go(struct crowd *crowd);
/* Waits until all have ended; what has not after @patience_ms is killed. The number of those. */
unsigned crowd_end(struct crowd *crowd, int patience_ms);
/* Memory that children share; zero. */
void *shared_new(size_t size);
/* Sits out the time of a measurement. */
void let_run(int ms);

/* The kinds of load, each with its own arguments. They return the exit status. */
int load_rows(int argc, char **argv);
int load_many(int argc, char **argv);
int load_handover(int argc, char **argv);
int load_killed(int argc, char **argv);
int load_insertion(int argc, char **argv);
int load_blocked(int argc, char **argv);
int load_idle(int argc, char **argv);
int load_contexts(int argc, char **argv);
int load_first(int argc, char **argv);
int load_sessions(int argc, char **argv);

#endif
