/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A resource manager that follows a script, linked instead of libtessera-scard. Calls are written
 * to a log; results come from the script. One reader "Fake", one card.
 */
#ifndef TESTS_UNIT_SCARDSSP_FAKE_SCARD_H
#define TESTS_UNIT_SCARDSSP_FAKE_SCARD_H

#include <pthread.h>
#include <winscard.h>

#define FAKE_CONTEXT ((SCARDCONTEXT)0xC0)
#define FAKE_HANDLE ((SCARDHANDLE)0xCA)  /* what SCardConnect gives */
#define FAKE_FOREIGN ((SCARDHANDLE)0xF0) /* open, but not connected by CSCard */
#define FAKE_ANSWERS_MAX 8

struct fake_scard {
	/* Results; 0 is success. */
	LONG establish, connect, reconnect, disconnect, status, begin, end;
	DWORD protocol; /* active */
	DWORD state;
	struct {
		LONG code;
		const char *reply;   /* hex */
	} answers[FAKE_ANSWERS_MAX]; /* of SCardTransmit, in order; then 6F00 */
	size_t answered;
	/* Not NULL: SCardTransmit and SCardBeginTransaction wait for each other's turn on it. */
	void (*on_transmit)(void);
	void (*on_begin)(void);
	DWORD capacity; /* of the last SCardTransmit */
	char log[4096]; /* "begin, T0 00B0000004, end 0" */
};
extern struct fake_scard fake_scard;

/* Protocol T0, state SPECIFIC, all calls succeed, nothing logged. */
void fake_scard_reset(void);

/* The log since the last call of this. */
const char *fake_scard_log(void);

#endif
