/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the conformance programs share. They know <winscard.h> and nothing of what is behind it, so
 * that the same program runs on any resource manager: TESSERA_RM chooses it, embedded:softcard when
 * nothing is set. They need one reader with a card that answers
 *   SELECT 00 A4 00 00 02 3F 00 and GET CHALLENGE 00 84 00 00 08 with 90 00.
 */
#ifndef TESTS_CONFORMANCE_FIXTURE_H
#define TESTS_CONFORMANCE_FIXTURE_H

#include <stdbool.h>

#include <tessera_scard.h>
#include <winerror.h>
#include <winscard.h>

#include "tests/suite.h"

#define FIXTURE_NAME_SIZE 256u

/* Expects a result; on failure both codes are reported by name, with the message. */
#define CODE(call, expected) fixture_expect((call), (expected), #call, __FILE__, __LINE__)
#define OK(call) CODE(call, SCARD_S_SUCCESS)

bool fixture_expect(LONG actual, LONG expected, const char *call, const char *file, unsigned line);

/*
 * What a function's success has done, seen from outside. With CODE and OK these are the rows that
 * names.list asks for: a function with a code, a function with an effect.
 */
#define EFFECT(function, condition) \
	((void)(function), fixture_effect((condition), #function, #condition, __FILE__, __LINE__))

bool fixture_effect(
    bool seen, const char *function, const char *condition, const char *file, unsigned line);

/* As suite_run, with a resource manager chosen; then the rows are written down (rows.h). */
int fixture_run(const char *name, const struct suite_test *tests, size_t count);

/* A new context; ends the program when there is none. */
SCARDCONTEXT fixture_context(void);

/* The first reader with a card that answers; ends the program when there is none. Static. */
const char *fixture_reader(void);
const WCHAR *fixture_reader_wide(void);

/* Connects to that reader, shared, T=0 or T=1; ends the program on failure. */
SCARDHANDLE fixture_connect(SCARDCONTEXT context);

/* Ends the program with the explanation of the last failure. */
_Noreturn void fixture_die(const char *what, LONG code);

/* Units of a multi-string with all NULs; 0 when it has no end within `max`. */
size_t fixture_list_length(const char *list, size_t max);

bool fixture_list_has(const char *list, const char *name);

/* Sends a command; the reply with its length; expects success. */
size_t
fixture_transmit(SCARDHANDLE card, const BYTE *command, DWORD length, BYTE *reply, DWORD room);

#endif
