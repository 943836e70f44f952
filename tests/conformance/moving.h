/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests that need a hand on readers and cards: the embedded resource manager with the test
 * driver of tests/components, steered in the same process. Movements are announced, not waited for;
 * moving_wait waits for what clients see of them.
 */
#ifndef TESTS_CONFORMANCE_MOVING_H
#define TESTS_CONFORMANCE_MOVING_H

#define COBJMACROS

#include "tests/conformance/fixture.h"

#include <testdriver.h>

#define MOVING_PATIENCE_MS 60000u /* passes only when something is broken */

extern ITestDriverControl *mover;
extern SCARDCONTEXT moving_context; /* of this file; tests may use it, too */

/* As suite_run, with the test driver. */
int moving_run(const char *name, const struct suite_test *tests, size_t count);

/* Adds a reader and waits until it is listed; its number. Names are not used twice. */
ULONG moving_reader(const char *name);
/* With a card that speaks T=0 and T=1 and answers 90 00. */
ULONG moving_reader_with_card(const char *name);
void moving_insert(ULONG reader, const char *name);
void moving_remove(ULONG reader, const char *name);
void moving_unplug(ULONG reader);

/* Waits until the reader's state has `wanted` among the bits of `mask`; returns the event state. */
DWORD moving_wait(const char *name, DWORD mask, DWORD wanted);

SCARDHANDLE moving_connect(SCARDCONTEXT context, const char *name);

/* Result of one exchange; the reply must be 90 00. */
LONG moving_transmit(SCARDHANDLE card);

/* A deadline of that many milliseconds for ITestDriverControl. */
ULONGLONG moving_deadline(void);

/* The ATR of the cards: 3B 81 00 11. */
extern const BYTE moving_atr[4];

#endif
