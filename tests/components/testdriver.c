/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver of testdriver.idl and its readers. What happens, happens on the thread that steers or
 * in the call.
 */
#include "tests/components/testdriver_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NANOSECONDS 1000000000u
#define SOURCE "SCardReaderDriver.test"
#define IFD_VERSION 0x01020003u

struct test_driver_state test_driver = {
	.announcing = PTHREAD_MUTEX_INITIALIZER,
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

__attribute__((constructor)) static void
state_begin(void)
{
	pthread_condattr_t attributes;

	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&test_driver.changed, &attributes);
	(void)pthread_condattr_destroy(&attributes);
}

struct test_reader *
test_reader_of(ISCardReader *reader)
{
	return TESSERA_SELF(struct test_reader, reader);
}

void
test_driver_record(ULONG reader, TESTDRIVER_CALL call, ULONG argument, HRESULT result)
{
	TESTDRIVER_RECORD *records = test_driver.records;

	if (test_driver.record_count == test_driver.record_room) {
		ULONG room = test_driver.record_room == 0 ? 64 : 2 * test_driver.record_room;

		if ((records = realloc(records, room * sizeof *records)) == NULL)
			abort();
		test_driver.records = records;
		test_driver.record_room = room;
	}
	records[test_driver.record_count++] = (TESTDRIVER_RECORD){
		.Reader = reader, .Call = call, .Argument = argument, .Result = result
	};
	(void)pthread_cond_broadcast(&test_driver.changed);
}

bool
test_driver_wait(ULONGLONG deadline)
{
	const struct timespec until = { .tv_sec = (time_t)(deadline / NANOSECONDS),
		.tv_nsec = (long)(deadline % NANOSECONDS) };

	if (deadline == 0)
		return pthread_cond_wait(&test_driver.changed, &test_driver.lock) == 0;
	return pthread_cond_timedwait(&test_driver.changed, &test_driver.lock, &until) != ETIMEDOUT;
}

/* Notes an overlap with another exchange that may not run at the same time. */
static void
check_overlap(const struct test_reader *self)
{
	for (ULONG i = 0; i < test_driver.reader_count; i++) {
		const struct test_reader *other;

		if (test_driver.readers[i] == NULL)
			continue;
		other = test_reader_of(test_driver.readers[i]);
		if (other->in_call &&
		    (other == self || (self->group != 0 && other->group == self->group)))
			test_driver.overlaps++;
	}
}

/* With the lock. The call has been armed: waits until it may go on. */
static HRESULT
block(struct test_reader *self, ULONGLONG deadline)
{
	bool in_time = true;

	self->armed = false;
	self->blocked = true;
	(void)pthread_cond_broadcast(&test_driver.changed);
	while (self->blocked && (self->stubborn || (!self->cancelled && !self->gone && in_time)))
		in_time = test_driver_wait(self->stubborn ? 0 : deadline);
	self->blocked = false;
	if (self->gone)
		return SCARD_E_READER_UNAVAILABLE;
	if (self->cancelled)
		return SCARD_E_CANCELLED;
	return in_time ? S_OK : SCARD_E_TIMEOUT;
}

/* Begins an exchange and takes the lock. What it returns, the exchange returns. */
static HRESULT
exchange_begin(struct test_reader *self, TESTDRIVER_CALL call, ULONGLONG deadline)
{
	HRESULT hr = S_OK;

	(void)pthread_mutex_lock(&test_driver.lock);
	check_overlap(self);
	self->in_call = true;
	self->cancelled = false;
	test_driver.exchanges++;
	if (self->gone || self->broken)
		hr = SCARD_E_READER_UNAVAILABLE;
	else if (test_driver.exchanges == test_driver.fail_number)
		hr = test_driver.fail_result;
	else if (self->armed && self->armed_call == call)
		hr = block(self, deadline);
	return hr;
}

static HRESULT
exchange_end(struct test_reader *self, TESTDRIVER_CALL call, ULONG argument, HRESULT hr)
{
	self->in_call = false;
	test_driver_record(self->number, call, argument, hr);
	(void)pthread_mutex_unlock(&test_driver.lock);
	return hr;
}

static HRESULT
reader_GetInfo(ISCardReader *iface, SCARDREADER_INFO *Info)
{
	struct test_reader *self = test_reader_of(iface);
	ULONG size;

	if (Info == NULL || Info->cbSize < sizeof *Info)
		return E_INVALIDARG;
	size = Info->cbSize;
	memset(Info, 0, sizeof *Info);
	Info->cbSize = size;
	Info->SerialGroup = self->group;
	Info->DeviceType = SCARD_READER_TYPE_VENDOR;
	Info->Protocols = SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1;
	Info->MaxCommand = SCARDREADER_APDU_MAX;
	Info->MaxReply = SCARDREADER_APDU_MAX;
	Info->Flags = self->flags;
	memcpy(Info->Name, self->name, sizeof Info->Name);
	(void)snprintf(Info->Vendor, sizeof Info->Vendor, "Tessera");
	(void)snprintf(Info->Model, sizeof Info->Model, "Test reader");
	(void)snprintf(Info->Serial, sizeof Info->Serial, "%04u", (unsigned)self->number);
	return S_OK;
}

static HRESULT
reader_GetPresence(ISCardReader *iface, ULONGLONG Deadline, BOOL *Present)
{
	struct test_reader *self = test_reader_of(iface);
	HRESULT hr = exchange_begin(self, TESTDRIVER_PRESENCE, Deadline);

	if (hr == S_OK)
		*Present = self->present;
	return exchange_end(self, TESTDRIVER_PRESENCE, 0, hr);
}

static HRESULT
reader_Power(
    ISCardReader *iface, SCARDREADER_POWER Action, ULONGLONG Deadline, BYTE *Atr, ULONG *AtrLength)
{
	struct test_reader *self = test_reader_of(iface);
	HRESULT hr = exchange_begin(self, TESTDRIVER_POWER, Deadline);

	if (hr == S_OK && !self->present)
		hr = SCARD_E_NO_SMARTCARD;
	if (hr == S_OK) {
		self->powered = Action != SCARDREADER_POWER_DOWN && self->atr_length != 0;
		self->active = 0;
		*AtrLength = 0;
		if (Action != SCARDREADER_POWER_DOWN && self->atr_length == 0)
			hr = SCARD_W_UNRESPONSIVE_CARD;
		else if (Action != SCARDREADER_POWER_DOWN) {
			memcpy(Atr, self->atr, self->atr_length);
			*AtrLength = self->atr_length;
		}
	}
	return exchange_end(self, TESTDRIVER_POWER, (ULONG)Action, hr);
}

static HRESULT
reader_SetProtocol(ISCardReader *iface, ULONG Protocols, ULONGLONG Deadline, ULONG *Active)
{
	struct test_reader *self = test_reader_of(iface);
	HRESULT hr = exchange_begin(self, TESTDRIVER_PROTOCOL, Deadline);
	ULONG common = self->protocols & Protocols;

	if (hr == S_OK && !self->present)
		hr = SCARD_E_NO_SMARTCARD;
	else if (hr == S_OK && !self->powered)
		hr = SCARD_W_UNPOWERED_CARD;
	else if (hr == S_OK && common == 0)
		hr = SCARD_E_PROTO_MISMATCH;
	if (hr == S_OK) {
		self->active = common & SCARD_PROTOCOL_T1 ? SCARD_PROTOCOL_T1
		    : common & SCARD_PROTOCOL_T0          ? SCARD_PROTOCOL_T0
							  : SCARD_PROTOCOL_RAW;
		*Active = self->active;
	}
	return exchange_end(self, TESTDRIVER_PROTOCOL, Protocols, hr);
}

/* With the lock: gives an answer, or the room it needs. */
static HRESULT
answer(const BYTE *data, ULONG length, BYTE *out, ULONG *out_length)
{
	ULONG room = *out_length;

	*out_length = length;
	if (room < length)
		return SCARD_E_INSUFFICIENT_BUFFER;
	if (length != 0)
		memcpy(out, data, length);
	return S_OK;
}

static HRESULT
reader_Transmit(ISCardReader *iface, ULONG Protocol, const BYTE *Command, ULONG CommandLength,
    ULONGLONG Deadline, BYTE *Reply, ULONG *ReplyLength)
{
	static const BYTE done[] = { 0x90, 0x00 };
	struct test_reader *self = test_reader_of(iface);
	HRESULT hr = exchange_begin(self, TESTDRIVER_TRANSMIT, Deadline);

	if (hr == S_OK && !self->present)
		hr = SCARD_E_NO_SMARTCARD;
	else if (hr == S_OK && !self->powered)
		hr = SCARD_W_UNPOWERED_CARD;
	else if (hr == S_OK && Protocol != self->active)
		hr = SCARD_E_PROTO_MISMATCH;
	else if (hr == S_OK && (Command == NULL || CommandLength == 0))
		hr = SCARD_E_INVALID_PARAMETER;
	if (hr == S_OK)
		hr = self->reply != NULL
		    ? answer(self->reply, self->reply_length, Reply, ReplyLength)
		    : answer(done, sizeof done, Reply, ReplyLength);
	return exchange_end(self, TESTDRIVER_TRANSMIT, Protocol, hr);
}

static HRESULT
reader_Control(ISCardReader *iface, ULONG Code, const BYTE *In, ULONG InLength, ULONGLONG Deadline,
    BYTE *Out, ULONG *OutLength)
{
	struct test_reader *self = test_reader_of(iface);
	HRESULT hr = exchange_begin(self, TESTDRIVER_CONTROL, Deadline);

	if (hr == S_OK && Code != SCARD_CTL_CODE(1) && Code < SCARD_CTL_CODE(TESTDRIVER_ECHO))
		hr = SCARD_E_UNSUPPORTED_FEATURE;
	if (hr == S_OK)
		hr = answer(In, InLength, Out, OutLength);
	return exchange_end(self, TESTDRIVER_CONTROL, Code, hr);
}

static HRESULT
reader_GetAttribute(
    ISCardReader *iface, ULONG Id, ULONGLONG Deadline, BYTE *Value, ULONG *ValueLength)
{
	static const BYTE version[] = { IFD_VERSION & 0xFF, IFD_VERSION >> 8 & 0xFF,
		IFD_VERSION >> 16 & 0xFF, IFD_VERSION >> 24 };
	struct test_reader *self = test_reader_of(iface);
	HRESULT hr = exchange_begin(self, TESTDRIVER_GET_ATTRIBUTE, Deadline);

	if (hr == S_OK)
		hr = Id == SCARD_ATTR_VENDOR_IFD_VERSION
		    ? answer(version, sizeof version, Value, ValueLength)
		    : SCARD_E_UNSUPPORTED_FEATURE;
	return exchange_end(self, TESTDRIVER_GET_ATTRIBUTE, Id, hr);
}

static HRESULT
reader_SetAttribute(
    ISCardReader *iface, ULONG Id, const BYTE *Value, ULONG ValueLength, ULONGLONG Deadline)
{
	struct test_reader *self = test_reader_of(iface);
	HRESULT hr = exchange_begin(self, TESTDRIVER_SET_ATTRIBUTE, Deadline);

	if (hr == S_OK && Id != SCARD_ATTR_SUPRESS_T1_IFS_REQUEST)
		hr = SCARD_E_UNSUPPORTED_FEATURE;
	else if (hr == S_OK && (Value == NULL || ValueLength == 0))
		hr = SCARD_E_INVALID_PARAMETER;
	return exchange_end(self, TESTDRIVER_SET_ATTRIBUTE, Id, hr);
}

static HRESULT
reader_Move(ISCardReader *iface, SCARDREADER_MOVEMENT Movement, ULONGLONG Deadline)
{
	struct test_reader *self = test_reader_of(iface);
	HRESULT hr = exchange_begin(self, TESTDRIVER_MOVE, Deadline);

	if (hr == S_OK)
		hr = SCARD_E_UNSUPPORTED_FEATURE;
	return exchange_end(self, TESTDRIVER_MOVE, (ULONG)Movement, hr);
}

static HRESULT
reader_Cancel(ISCardReader *iface)
{
	struct test_reader *self = test_reader_of(iface);

	(void)pthread_mutex_lock(&test_driver.lock);
	if (self->in_call)
		self->cancelled = true;
	test_driver_record(self->number, TESTDRIVER_CANCEL, 0, S_OK);
	(void)pthread_mutex_unlock(&test_driver.lock);
	return S_OK;
}

static void
reader_destruct(struct tessera_object *object)
{
	free(((struct test_reader *)object)->reply);
}

static const ISCardReaderVtbl reader_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ISCardReader),
	.GetInfo = reader_GetInfo,
	.GetPresence = reader_GetPresence,
	.Power = reader_Power,
	.SetProtocol = reader_SetProtocol,
	.Transmit = reader_Transmit,
	.Control = reader_Control,
	.GetAttribute = reader_GetAttribute,
	.SetAttribute = reader_SetAttribute,
	.Move = reader_Move,
	.Cancel = reader_Cancel,
};
static const struct tessera_interface reader_interfaces[] = {
	{ &IID_ISCardReader, offsetof(struct test_reader, reader), &reader_vtbl },
};
static struct tessera_census reader_census;
const struct tessera_class test_reader_class = {
	.name = "TestReader",
	.size = sizeof(struct test_reader),
	.interfaces = reader_interfaces,
	.interface_count = 1,
	.destruct = reader_destruct,
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE,
	.census = &reader_census,
};

struct test_driver {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReaderDriver) driver;
};

/* Announces what is there already; the lock is given up meanwhile, `announcing` is held. */
static HRESULT
announce_all(ISCardReaderSink *sink)
{
	HRESULT hr = S_OK;

	for (ULONG i = 0; i < TESTDRIVER_READERS_MAX && hr == S_OK; i++) {
		ISCardReader *reader = test_driver.readers[i];

		if (reader == NULL)
			continue;
		hr = ISCardReaderSink_ReaderArrived(sink, reader);
		if (hr == S_OK && test_reader_of(reader)->present)
			hr = ISCardReaderSink_CardInserted(sink, reader);
	}
	return hr;
}

static HRESULT
start(const char *settings, ISCardReaderSink *sink)
{
	HRESULT hr;

	if (settings != NULL && strcmp(settings, "refuse") == 0)
		return tessera_error(SCARD_E_INVALID_PARAMETER, &IID_ISCardReaderDriver, SOURCE,
		    "settings '%s': the word 'refuse' is refused; expected nothing", settings);
	if (test_driver.sink != NULL)
		return SCARD_E_READER_UNAVAILABLE;
	if ((hr = announce_all(sink)) != S_OK)
		return hr;
	if (settings != NULL && strcmp(settings, "absent") == 0)
		return SCARD_E_READER_UNAVAILABLE;
	if (settings != NULL && settings[0] == '/' &&
	    (hr = test_driver_steer_begin(settings)) != S_OK)
		return tessera_error(hr, &IID_ISCardReaderDriver, SOURCE,
		    "settings '%s': no socket can be made there", settings);
	(void)ISCardReaderSink_AddRef(sink);
	test_driver.sink = sink;
	return S_OK;
}

static HRESULT
driver_Start(ISCardReaderDriver *iface, LPCSTR Settings, ISCardReaderSink *Sink, ULONGLONG Deadline)
{
	HRESULT hr;

	(void)iface;
	(void)Deadline;
	(void)pthread_mutex_lock(&test_driver.announcing);
	hr = start(Settings, Sink);
	(void)pthread_mutex_lock(&test_driver.lock);
	test_driver_record(0, TESTDRIVER_START, 0, hr);
	(void)pthread_mutex_unlock(&test_driver.lock);
	(void)pthread_mutex_unlock(&test_driver.announcing);
	return hr;
}

/* With the lock: no call is in progress any more. */
static bool
all_quiet(void)
{
	for (ULONG i = 0; i < TESTDRIVER_READERS_MAX; i++)
		if (test_driver.readers[i] != NULL &&
		    test_reader_of(test_driver.readers[i])->in_call)
			return false;
	return true;
}

static HRESULT
driver_Stop(ISCardReaderDriver *iface)
{
	ISCardReader *readers[TESTDRIVER_READERS_MAX];
	ISCardReaderSink *sink;

	(void)iface;
	(void)pthread_mutex_lock(&test_driver.announcing);
	(void)pthread_mutex_lock(&test_driver.lock);
	sink = test_driver.sink;
	test_driver.sink = NULL;
	for (ULONG i = 0; i < TESTDRIVER_READERS_MAX; i++)
		if (test_driver.readers[i] != NULL)
			test_reader_of(test_driver.readers[i])->gone = true;
	(void)pthread_cond_broadcast(&test_driver.changed);
	while (!all_quiet())
		(void)test_driver_wait(0);
	memcpy(readers, test_driver.readers, sizeof readers);
	memset(test_driver.readers, 0, sizeof test_driver.readers);
	test_driver.reader_count = 0;
	test_driver_record(0, TESTDRIVER_STOP, 0, S_OK);
	(void)pthread_mutex_unlock(&test_driver.lock);
	for (ULONG i = 0; i < TESTDRIVER_READERS_MAX; i++)
		if (readers[i] != NULL)
			(void)ISCardReader_Release(readers[i]);
	if (sink != NULL)
		(void)ISCardReaderSink_Release(sink);
	(void)pthread_mutex_unlock(&test_driver.announcing);
	test_driver_steer_end();
	return S_OK;
}

static const ISCardReaderDriverVtbl driver_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ISCardReaderDriver),
	.Start = driver_Start,
	.Stop = driver_Stop,
};
static const struct tessera_interface driver_interfaces[] = {
	{ &IID_ISCardReaderDriver, offsetof(struct test_driver, driver), &driver_vtbl },
};
static struct tessera_census driver_census;
const struct tessera_class test_driver_class = {
	.clsid = &CLSID_TestDriver,
	.name = "TestDriver",
	.size = sizeof(struct test_driver),
	.interfaces = driver_interfaces,
	.interface_count = 1,
	.census = &driver_census,
};

TESSERA_MODULE(&test_driver_class, &test_reader_class, &test_control_class);
