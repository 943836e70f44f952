/* SPDX-License-Identifier: BSD-2-Clause */
/* A virtual reader in use: what the tests of the vpcd driver begin with. */
#ifndef TESTS_UNIT_VPCD_FIXTURE_H
#define TESTS_UNIT_VPCD_FIXTURE_H

#include <scardreader.h>

#include "tests/unit/vpcd_card.h"

/* A started driver, with the address it listens on. */
struct fixture {
	ISCardReaderDriver *driver;
	ISCardReaderSink *sink;
	ISCardReader *readers[VPCD_SLOTS_MAX];
	struct vpcd_settings settings;
	char text[64];
};

/* Starts a driver; its readers are announced. Exits when it cannot. */
struct fixture fixture_start_settings(const char *text);
/* On a Unix socket in the test's folder, one slot. */
struct fixture fixture_start(void);
/* On a free port, one slot. */
struct fixture fixture_start_tcp(void);
/* Stops it; no object is left. */
void fixture_stop(struct fixture *f);

HRESULT fixture_power(ISCardReader *reader, SCARDREADER_POWER action);

/* A card in slot 0 that is there, has power and speaks T=1. */
void fixture_insert(struct fixture *f, struct card *card, enum card_manner manner);

/* A command, and what a card that echoes answers. */
extern const BYTE fixture_command[4];
#define ECHOED "00 A4 00 0C 90 00"

/* Sends it under T=1. */
HRESULT fixture_transmit(ISCardReader *reader, uint64_t deadline, BYTE *reply, ULONG *length);
/* Sends it, and checks the echo. */
void fixture_check_echo(ISCardReader *reader);

/* Event `number` of all, which is waited for, is a removal. */
void fixture_check_removed(struct fixture *f, size_t number);

#endif
