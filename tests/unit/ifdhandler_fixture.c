/* SPDX-License-Identifier: BSD-2-Clause */
#define COBJMACROS
#include "tests/unit/ifdhandler_fixture.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <objbase.h>
#include <scarderr.h>
#include <winsmcrd.h>

#include "tests/suite.h"

#define START_MS 20000

static const BYTE command[4] = { 0x00, 0xA4, 0x00, 0x0C };

HRESULT
fixture_try(struct fixture *f, const char *library, const char *device, unsigned ms)
{
	g_autofree char *settings = g_strdup_printf(
	    "library:%s/tests/ifd/%s:%s", g_getenv("TESSERA_BUILD"), library, device);
	HRESULT hr;

	f->driver = driver_new("ifdhandler");
	f->sink = sink_new();
	f->reader = NULL;
	hr = ISCardReaderDriver_Start(f->driver, settings, f->sink, driver_deadline(ms));
	if (SUCCEEDED(hr) && sink_event(f->sink, 0, &f->reader) != SINK_ARRIVED)
		hr = E_UNEXPECTED;
	return hr;
}

void
fixture_drop(struct fixture *f)
{
	ISCardReaderDriver_Stop(f->driver);
	ISCardReaderDriver_Release(f->driver);
	ISCardReaderSink_Release(f->sink);
}

struct fixture
fixture_start_handler(const char *library, const char *device)
{
	struct fixture f;

	if (FAILED(fixture_try(&f, library, device, START_MS))) {
		printf("not ok - %s does not start with %s\n", library, device);
		exit(1);
	}
	return f;
}

struct fixture
fixture_start(const char *device)
{
	return fixture_start_handler("ifd_handler.so", device);
}

void
fixture_stop(struct fixture *f)
{
	BOOL present;

	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(f->driver), S_OK);
	SUITE_EQUAL_HEX(
	    ISCardReader_GetPresence(f->reader, 0, &present), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(fixture_use(f->reader, START_MS), SCARD_E_READER_UNAVAILABLE);
	fixture_drop(f);
	driver_check_no_objects();
}

HRESULT
fixture_refused(const char *library, const char *device)
{
	struct fixture f;
	HRESULT hr = fixture_try(&f, library, device, START_MS);

	SUITE_EQUAL_INT(sink_count(f.sink), 0);
	fixture_drop(&f);
	driver_check_no_objects();
	return hr;
}

HRESULT
fixture_transmit(ISCardReader *reader, ULONG protocol, unsigned ms, BYTE *reply, ULONG *length)
{
	return ISCardReader_Transmit(
	    reader, protocol, command, sizeof command, driver_deadline(ms), reply, length);
}

HRESULT
fixture_use(ISCardReader *reader, unsigned ms)
{
	BYTE atr[SCARDREADER_ATR_MAX], reply[8];
	ULONG length = sizeof reply, active = 0, atr_length;
	HRESULT hr;

	hr = ISCardReader_Power(
	    reader, SCARDREADER_COLD_RESET, driver_deadline(ms), atr, &atr_length);
	if (SUCCEEDED(hr))
		hr = ISCardReader_SetProtocol(
		    reader, SCARD_PROTOCOL_T1, driver_deadline(ms), &active);
	if (SUCCEEDED(hr))
		hr = fixture_transmit(reader, active, ms, reply, &length);
	if (SUCCEEDED(hr) && (length != 6 || memcmp(reply, "\x00\xA4\x00\x0C\x90", 6) != 0))
		hr = E_UNEXPECTED;
	return hr;
}
