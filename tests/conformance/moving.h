/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests that need a hand on readers and cards: a resource manager with the test driver of
 * tests/components, steered through the socket $TMPDIR/mover. TESSERA_RM chooses it, the embedded
 * one when nothing is set; a scardd is started with that socket in the driver's settings.
 */
#ifndef TESTS_CONFORMANCE_MOVING_H
#define TESTS_CONFORMANCE_MOVING_H

#include "tests/conformance/fixture.h"

#define MOVING_PATIENCE_MS 60000u /* passes only when something is broken */

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

/* The driver announces it; what clients see of it is not waited for. */
void moving_announce_card(ULONG reader, ULONG protocols);
void moving_announce_mute_card(ULONG reader);
void moving_announce_removal(ULONG reader);

/* The reader's next exchange of SCardTransmit stays in the driver until it is unblocked. */
void moving_block(ULONG reader);
void moving_wait_blocked(ULONG reader);
void moving_unblock(ULONG reader);

/* Forgets failures and counts; the exchange of that number, from 1, then fails. */
void moving_reset(void);
void moving_fail_exchange(ULONG number, LONG code);
ULONG moving_exchanges(void);
/* How often two exchanges of one reader ran at once, which must never be. */
ULONG moving_overlaps(void);

/* Waits until the reader's state has `wanted` among the bits of `mask`; returns the event state. */
DWORD moving_wait(const char *name, DWORD mask, DWORD wanted);

SCARDHANDLE moving_connect(SCARDCONTEXT context, const char *name);

/* Result of one exchange; the reply must be 90 00. */
LONG moving_transmit(SCARDHANDLE card);

/* The ATR of the cards: 3B 81 00 11. */
extern const BYTE moving_atr[4];

#endif
