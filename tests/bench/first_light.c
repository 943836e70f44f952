/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Three costs beside their floors, in one run on one CPU: a reference taken and given back, a warm
 * activation, a short exchange with the embedded resource manager.
 *
 * Rounds of measured thing and floor alternate, so that a change of the machine's speed meets both;
 * the medians of the rounds and the median of the rounds' ratios are printed.
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COBJMACROS
#include <oleauto.h>
#include <scardreader.h>
#include <scardssp.h>
#include <tessera_scard.h>
#include <winscard.h>

#define ROUNDS 31

struct row {
	const char *name;
	const char *floor_name;
	void (*measured)(unsigned count);
	void (*floor)(unsigned count);
	unsigned count; /* operations in a round */
};

static ISCardCmd *object;
static SCARDHANDLE card;
static ISCardReader *bare_reader;
static const BYTE command[5] = { 0x00, 0x84, 0x00, 0x00, 0x02 };

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values)
{
	qsort(values, ROUNDS, sizeof values[0], compare);
	return values[ROUNDS / 2];
}

static void
reference(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		ISCardCmd_AddRef(object);
		ISCardCmd_Release(object);
	}
}

/* The floor of a reference: two calls through a table, each with one C11 atomic. */
struct counted {
	const struct counted_vtbl *vtbl;
	atomic_uint count;
};
struct counted_vtbl {
	unsigned (*take)(struct counted *);
	unsigned (*give)(struct counted *);
};

static unsigned
counted_take(struct counted *c)
{
	return atomic_fetch_add_explicit(&c->count, 1, memory_order_relaxed) + 1;
}

static unsigned
counted_give(struct counted *c)
{
	return atomic_fetch_sub_explicit(&c->count, 1, memory_order_release) - 1;
}

static const struct counted_vtbl counted_vtbl = { counted_take, counted_give };
static struct counted counted_object = { &counted_vtbl, 1 };
static struct counted *volatile counted = &counted_object;

static void
reference_floor(unsigned count)
{
	struct counted *c = counted;

	for (unsigned i = 0; i < count; i++) {
		c->vtbl->take(c);
		c->vtbl->give(c);
	}
}

static void
activation(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		ISCardCmd *cmd;

		if (FAILED(CoCreateInstance(&CLSID_CSCardCmd, NULL, CLSCTX_INPROC_SERVER,
			&IID_ISCardCmd, (void **)&cmd)))
			abort();
		ISCardCmd_Release(cmd);
	}
}

/* The floor of an activation: a constructor at a known address, and malloc. */
static void *
make(size_t size)
{
	struct counted *c = calloc(1, size);

	if (c == NULL)
		abort();
	c->vtbl = &counted_vtbl;
	atomic_init(&c->count, 1);
	return c;
}
static void *(*volatile cached_maker)(size_t) = make;

static void
activation_floor(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct counted *c = cached_maker(256);

		if (c->vtbl->give(c) == 0)
			free(c);
	}
}

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
	fprintf(stderr, "first_light: %s: 0x%08X %s\n", what, (unsigned)result,
	    tessera_scard_message());
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
	need("ISCardCmd",
	    CoCreateInstance(&CLSID_CSCardCmd, NULL, CLSCTX_ALL, &IID_ISCardCmd, (void **)&object));
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
	double start = now();

	what(count);
	return (now() - start) / count;
}

int
main(void)
{
	static const struct row rows[] = {
		{ "AddRef + Release", "two table calls with C11 atomics", reference,
		    reference_floor, 200000 },
		{ "CoCreateInstance + Release, warm", "cached pointer and calloc/free", activation,
		    activation_floor, 50000 },
		{ "embedded transmit, 5 bytes, T=1", "the driver's Transmit", exchange,
		    exchange_floor, 20000 },
	};
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	sched_setaffinity(0, sizeof one, &one);
	prepare();
	printf("%-36s %10s %10s %7s   floor\n", "medians, one CPU", "ns", "floor ns", "ratio");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		double measured[ROUNDS], floor[ROUNDS], ratio[ROUNDS];

		time_one(rows[i].measured, rows[i].count);
		time_one(rows[i].floor, rows[i].count);
		for (int r = 0; r < ROUNDS; r++) {
			measured[r] = time_one(rows[i].measured, rows[i].count);
			floor[r] = time_one(rows[i].floor, rows[i].count);
			ratio[r] = measured[r] / floor[r];
		}
		printf("%-36s %10.1f %10.1f %7.2f   %s\n", rows[i].name, median(measured),
		    median(floor), median(ratio), rows[i].floor_name);
	}
	return 0;
}
