/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the embedded resource manager adds to a short exchange with a card: its call beside that of
 * the driver, round by round in one run on one CPU.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#define COBJMACROS
#include <objbase.h>
#include <scardreader.h>
#include <tessera_scard.h>
#include <winscard.h>

#include "tests/bench/sample.h"

#define ROUNDS 31
#define COUNT 20000u /* operations in a round */

static SCARDHANDLE card;
static ISCardReader *bare_reader;
static const BYTE command[5] = { 0x00, 0x84, 0x00, 0x00, 0x02 };

static void
exchange(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		BYTE reply[16];
		DWORD length = sizeof reply;

		if (SCardTransmit(card, NULL, command, sizeof command, NULL, reply, &length) !=
		    SCARD_S_SUCCESS)
			abort();
	}
}

/* The floor of an exchange: the driver's function, called without a resource manager. */
static void
exchange_floor(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		BYTE reply[16];
		ULONG length = sizeof reply;

		if (FAILED(ISCardReader_Transmit(bare_reader, SCARD_PROTOCOL_T1, command,
			sizeof command, 0, reply, &length)))
			abort();
	}
}

/* A sink that keeps the first reader it hears of; the bench is its only client. */
static HRESULT
sink_QueryInterface(ISCardReaderSink *iface, REFIID riid, void **ppv)
{
	(void)riid;
	*ppv = iface;
	return S_OK;
}
static ULONG
sink_count(ISCardReaderSink *iface)
{
	(void)iface;
	return 1;
}
static HRESULT
sink_arrived(ISCardReaderSink *iface, ISCardReader *reader)
{
	(void)iface;
	if (bare_reader == NULL) {
		bare_reader = reader;
		ISCardReader_AddRef(reader);
	}
	return S_OK;
}
static HRESULT
sink_ignore(ISCardReaderSink *iface, ISCardReader *reader)
{
	(void)iface;
	(void)reader;
	return S_OK;
}
static const ISCardReaderSinkVtbl sink_vtbl = { sink_QueryInterface, sink_count, sink_count,
	sink_arrived, sink_ignore, sink_ignore, sink_ignore };
static ISCardReaderSink sink = { &sink_vtbl };

static void
need(const char *what, LONG result)
{
	if (result >= 0)
		return;
	fprintf(
	    stderr, "embedded: %s: 0x%08X %s\n", what, (unsigned)result, tessera_scard_message());
	exit(1);
}

static void
prepare(void)
{
	ISCardReaderDriver *driver;
	SCARDCONTEXT context;
	CLSID clsid;
	DWORD active;
	char *list;
	DWORD length = SCARD_AUTOALLOCATE;
	BYTE atr[SCARDREADER_ATR_MAX];
	ULONG atr_length, protocol;

	setenv("TESSERA_RM", "embedded:softcard", 1);
	need("CoInitializeEx", CoInitializeEx(NULL, COINIT_MULTITHREADED));
	need("context", SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context));
	need("readers", SCardListReadersA(context, NULL, (char *)&list, &length));
	need("connect",
	    SCardConnectA(context, list, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &active));

	need("softcard driver", CLSIDFromProgID(u"SCardReaderDriver.softcard", &clsid));
	need("softcard driver",
	    CoCreateInstance(&clsid, NULL, CLSCTX_ALL, &IID_ISCardReaderDriver, (void **)&driver));
	need("driver start", ISCardReaderDriver_Start(driver, NULL, &sink, 0));
	need("power", ISCardReader_Power(bare_reader, SCARDREADER_COLD_RESET, 0, atr, &atr_length));
	need("protocol", ISCardReader_SetProtocol(bare_reader, SCARD_PROTOCOL_T1, 0, &protocol));
}

static double
time_one(void (*what)(unsigned), unsigned count)
{
	double start = now_us();

	what(count);
	return (now_us() - start) * 1e3 / count;
}

int
main(void)
{
	struct sample_set measured = { 0 }, floor = { 0 }, ratio = { 0 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	(void)sched_setaffinity(0, sizeof one, &one);
	prepare();
	(void)time_one(exchange, COUNT);
	(void)time_one(exchange_floor, COUNT);
	for (int i = 0; i < ROUNDS; i++) {
		double ours = time_one(exchange, COUNT), least = time_one(exchange_floor, COUNT);

		sample_add(&measured, ours);
		sample_add(&floor, least);
		sample_add(&ratio, ours / least);
	}
	printf("embedded transmit, 5 bytes, T=1: %.0f ns; the driver's Transmit: %.0f ns; %.2f x\n",
	    sample_part(&measured, 0.5), sample_part(&floor, 0.5), sample_part(&ratio, 0.5));
	return 0;
}
