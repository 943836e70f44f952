/* SPDX-License-Identifier: BSD-2-Clause */
/* The resource managers that are measured, each with null readers and a socket of its own. */
#ifndef TESTS_BENCH_RM_DAEMON_H
#define TESTS_BENCH_RM_DAEMON_H

#include "tests/bench/process.h"

struct daemon_figures {
	double rss_kb, threads, switches, cpu_us;
};

struct daemon {
	const char *name; /* "scardd", "drop-in", "hosted", "pcscd" */
	bool packets;     /* its socket's kind */
	unsigned readers;
	struct process process;
	int listener;
	char socket[108], block[256], log[256];
	char program[512], load[512];
	char words[3][512];         /* what the lists below point to */
	const char *argv[8];        /* the daemon's */
	const char *environment[8]; /* the daemon's */
	char client_word[256];
	char client_library[600];
	const char *client_environment[3];
};

/*
 * @build: the build tree
 * @folder: of this run
 * False: not there to be measured.
 */
bool daemon_scardd(struct daemon *daemon, const char *build, const char *folder);
bool daemon_pcscd(struct daemon *daemon, const char *build, const char *folder);
/* scardd, with the peer's load on the library that stands in for the peer's. */
bool daemon_dropin(struct daemon *daemon, const char *build, const char *folder);
/* scardd, with the peer's handler of the null card in processes of its own. */
bool daemon_hosted(struct daemon *daemon, const char *build, const char *folder);

/* How many readers it has, from its next start on; pcscd has what it can. */
bool daemon_set_readers(struct daemon *daemon, unsigned count);
/* Makes the socket and starts it. Clients may come at once: they wait in the socket. */
bool daemon_start(struct daemon *daemon);
/* Ends it. False: it had to be killed. */
bool daemon_end(struct daemon *daemon);
bool daemon_lives(const struct daemon *daemon);
/* Starts a load for it; @words end with NULL. */
bool daemon_load(const struct daemon *daemon, struct process *load, const char *const *words);
/* What /proc says of all its threads; switches and CPU since its start. */
bool daemon_read(const struct daemon *daemon, struct daemon_figures *figures);

#endif
