/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scardd of the build tree, and a client that speaks the protocol with nothing between: so the
 * tests can say what no library would.
 */
#ifndef TESTS_UNIT_SCARDD_FIXTURE_H
#define TESTS_UNIT_SCARDD_FIXTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <winscard.h>

#include <winerror.h>

#include "rm/wire/wire.h"
#include "tests/suite.h"

#define PATIENCE_MS 60000 /* reached only when something is broken */
#define ANY (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1)
#define CODE(actual, expected) SUITE_EQUAL_HEX((uint32_t)(actual), (uint32_t)(expected))

/* The daemon under test; its socket. */
extern pid_t scardd_pid;
extern char scardd_socket[108];

/*
 * Starts scardd with --socket and these arguments (NULL ends them) and waits until it says that it
 * is ready.
 */
void scardd_start(const char *const *arguments);
/* The same with one soft card, in a profile of the built-in kind. */
void scardd_start_softcard(void);
/* Waits for a message of the daemon to the service manager. */
void scardd_expect(const char *text);
/* Has it stop, waits; the exit status, or -1 when a signal ended it. */
int scardd_stop(void);
/* Runs scardd to its end; its exit status, standard error in @text. */
int scardd_run(const char *const *arguments, char *text, size_t size);
/* Threads that the daemon has now. */
unsigned scardd_threads(void);

/* A connection, without a message on it. */
int lane_connect(void);
/* A session's control lane. */
int session_begin(uint8_t token[WIRE_TOKEN_SIZE]);
/* One more lane of it. */
int lane_join(const uint8_t token[WIRE_TOKEN_SIZE]);

struct answer {
	struct wire_header header;
	struct wire_reader reader;
	uint8_t data[WIRE_MESSAGE_MAX];
};
/*
 * Sends a message: its fields as its row in messages.def says, u and q as uint32_t and uint64_t, s
 * as const char *, b as const void * and uint32_t; a list has one entry.
 */
void say(int lane, unsigned number, ...);
/* Waits for the answer; false: the lane has ended. */
bool hear(int lane, struct answer *answer);
/* Both; the result, or SCARD_F_COMM_ERROR when the lane ended. */
LONG ask(int lane, struct answer *answer, unsigned number, ...);
/* Nothing has come yet. */
bool is_silent(int lane);

uint64_t establish(int lane);
/* The first reader's name. */
void first_reader(int lane, uint64_t context, char name[128]);
/* Connects to the first reader, shared. */
uint64_t connect_card(int lane, uint64_t context);
/* Sends 00 A4 00 00 02 3F 00; asserts 90 00 at the end. */
void transmit(int lane, uint64_t card);

#endif
