/* SPDX-License-Identifier: BSD-2-Clause */
/* A hosted IFD handler in use: what the tests of the driver begin with. */
#ifndef TESTS_UNIT_IFDHANDLER_FIXTURE_H
#define TESTS_UNIT_IFDHANDLER_FIXTURE_H

#include <scardreader.h>

#include "tests/unit/driver_sink.h"

struct fixture {
	ISCardReaderDriver *driver;
	ISCardReaderSink *sink;
	ISCardReader *reader; /* the first */
};

/* A started driver with a handler of the tests. Exits when it cannot. */
struct fixture fixture_start_handler(const char *library, const char *device);
struct fixture fixture_start(const char *device);
/* Stops it; no object is left when `others` are none. */
void fixture_stop(struct fixture *f);
/* What Start says. */
HRESULT fixture_refused(const char *library, const char *device);

/* Starts with a time limit; f->reader is NULL on failure, and fixture_drop is to follow always. */
HRESULT fixture_try(struct fixture *f, const char *library, const char *device, unsigned ms);
void fixture_drop(struct fixture *f);

/* Sends a command; the card sends it back. */
HRESULT
fixture_transmit(ISCardReader *reader, ULONG protocol, unsigned ms, BYTE *reply, ULONG *length);
/* Power, protocol T=1, a command, its echo; each within the time. Ends at the first failure. */
HRESULT fixture_use(ISCardReader *reader, unsigned ms);

#endif
