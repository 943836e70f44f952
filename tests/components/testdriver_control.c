/* SPDX-License-Identifier: BSD-2-Clause */
/* The test's hand on readers and cards. */
#include "tests/components/testdriver_state.h"

#include <stdlib.h>
#include <string.h>

struct test_control {
	struct tessera_object object;
	TESSERA_INTERFACE(ITestDriverControl) control;
};

static HRESULT
control_Reset(ITestDriverControl *iface)
{
	(void)iface;
	(void)pthread_mutex_lock(&test_driver.lock);
	free(test_driver.records);
	test_driver.records = NULL;
	test_driver.record_count = test_driver.record_room = 0;
	test_driver.exchanges = test_driver.overlaps = 0;
	test_driver.fail_number = 0;
	for (ULONG i = 0; i < TESTDRIVER_READERS_MAX; i++)
		if (test_driver.readers[i] != NULL)
			test_reader_of(test_driver.readers[i])->armed = false;
	(void)pthread_mutex_unlock(&test_driver.lock);
	return S_OK;
}

static HRESULT
make_reader(LPCSTR name, ULONG group, ULONG flags, ISCardReader **ret_reader)
{
	struct test_reader *self;
	void *object;
	HRESULT hr;

	if (strlen(name) >= sizeof self->name)
		return E_INVALIDARG;
	hr = tessera_object_create(&test_reader_class, NULL, &IID_ISCardReader, &object);
	if (hr != S_OK)
		return hr;
	self = test_reader_of(object);
	memcpy(self->name, name, strlen(name) + 1);
	self->group = group;
	self->flags = flags;
	*ret_reader = object;
	return S_OK;
}

static HRESULT
control_AddReader(
    ITestDriverControl *iface, LPCSTR Name, ULONG SerialGroup, ULONG Flags, ULONG *Reader)
{
	ISCardReader *reader;
	ISCardReaderSink *sink;
	HRESULT hr;

	(void)iface;
	if ((hr = make_reader(Name, SerialGroup, Flags, &reader)) != S_OK)
		return hr;
	(void)pthread_mutex_lock(&test_driver.announcing);
	(void)pthread_mutex_lock(&test_driver.lock);
	if (test_driver.reader_count == TESTDRIVER_READERS_MAX)
		hr = E_OUTOFMEMORY;
	else {
		test_driver.readers[test_driver.reader_count++] = reader;
		test_reader_of(reader)->number = test_driver.reader_count;
		*Reader = test_driver.reader_count;
	}
	sink = test_driver.sink;
	(void)pthread_mutex_unlock(&test_driver.lock);
	if (hr != S_OK)
		(void)ISCardReader_Release(reader);
	else if (sink != NULL)
		hr = ISCardReaderSink_ReaderArrived(sink, reader);
	(void)pthread_mutex_unlock(&test_driver.announcing);
	return hr;
}

/* With the lock. NULL: no such reader. */
static struct test_reader *
find(ULONG number)
{
	if (number == 0 || number > TESTDRIVER_READERS_MAX ||
	    test_driver.readers[number - 1] == NULL)
		return NULL;
	return test_reader_of(test_driver.readers[number - 1]);
}

enum movement {
	READER_GONE,
	CARD_INSERTED,
	CARD_REMOVED
};

/* With `announcing`: tells the sink. */
static HRESULT
announce(struct test_reader *self, enum movement movement)
{
	ISCardReader *reader = &self->reader.iface;

	if (test_driver.sink == NULL)
		return S_OK;
	switch (movement) {
	case READER_GONE:
		return ISCardReaderSink_ReaderGone(test_driver.sink, reader);
	case CARD_INSERTED:
		return ISCardReaderSink_CardInserted(test_driver.sink, reader);
	default:
		return ISCardReaderSink_CardRemoved(test_driver.sink, reader);
	}
}

static HRESULT
control_RemoveReader(ITestDriverControl *iface, ULONG Reader)
{
	struct test_reader *self;
	HRESULT hr = E_INVALIDARG;

	(void)iface;
	(void)pthread_mutex_lock(&test_driver.announcing);
	(void)pthread_mutex_lock(&test_driver.lock);
	if ((self = find(Reader)) != NULL)
		test_driver.readers[Reader - 1] = NULL;
	(void)pthread_mutex_unlock(&test_driver.lock);
	if (self != NULL) {
		/* First, so that nobody learns of it from a call. */
		hr = announce(self, READER_GONE);
		(void)pthread_mutex_lock(&test_driver.lock);
		self->gone = true;
		self->present = false;
		(void)pthread_cond_broadcast(&test_driver.changed);
		(void)pthread_mutex_unlock(&test_driver.lock);
		(void)ISCardReader_Release(&self->reader.iface);
	}
	(void)pthread_mutex_unlock(&test_driver.announcing);
	return hr;
}

static HRESULT
control_BreakReader(ITestDriverControl *iface, ULONG Reader)
{
	struct test_reader *self;

	(void)iface;
	(void)pthread_mutex_lock(&test_driver.lock);
	if ((self = find(Reader)) != NULL)
		self->broken = true;
	(void)pthread_mutex_unlock(&test_driver.lock);
	return self != NULL ? S_OK : E_INVALIDARG;
}

static HRESULT
control_InsertCard(
    ITestDriverControl *iface, ULONG Reader, const BYTE *Atr, ULONG AtrLength, ULONG Protocols)
{
	struct test_reader *self;
	HRESULT hr = E_INVALIDARG;

	(void)iface;
	if (AtrLength > SCARDREADER_ATR_MAX)
		return E_INVALIDARG;
	(void)pthread_mutex_lock(&test_driver.announcing);
	(void)pthread_mutex_lock(&test_driver.lock);
	if ((self = find(Reader)) != NULL && !self->present) {
		self->present = true;
		self->powered = false;
		self->active = 0;
		self->atr_length = AtrLength;
		if (AtrLength != 0)
			memcpy(self->atr, Atr, AtrLength);
		self->protocols = Protocols;
		hr = S_OK;
	}
	(void)pthread_mutex_unlock(&test_driver.lock);
	if (hr == S_OK && !(self->flags & SCARDREADER_FLAG_POLLED))
		hr = announce(self, CARD_INSERTED);
	(void)pthread_mutex_unlock(&test_driver.announcing);
	return hr;
}

static HRESULT
control_RemoveCard(ITestDriverControl *iface, ULONG Reader)
{
	struct test_reader *self;
	HRESULT hr = E_INVALIDARG;

	(void)iface;
	(void)pthread_mutex_lock(&test_driver.announcing);
	(void)pthread_mutex_lock(&test_driver.lock);
	if ((self = find(Reader)) != NULL && self->present) {
		self->present = false;
		self->powered = false;
		hr = S_OK;
	}
	(void)pthread_mutex_unlock(&test_driver.lock);
	if (hr == S_OK && !(self->flags & SCARDREADER_FLAG_POLLED))
		hr = announce(self, CARD_REMOVED);
	(void)pthread_mutex_unlock(&test_driver.announcing);
	return hr;
}

static HRESULT
control_SetReply(ITestDriverControl *iface, ULONG Reader, const BYTE *Reply, ULONG Length)
{
	struct test_reader *self;
	BYTE *copy;

	(void)iface;
	if (Length > TESTDRIVER_REPLY_MAX)
		return E_INVALIDARG;
	if ((copy = malloc(Length + 1)) == NULL)
		return E_OUTOFMEMORY;
	memcpy(copy, Reply, Length);
	(void)pthread_mutex_lock(&test_driver.lock);
	if ((self = find(Reader)) != NULL) {
		free(self->reply);
		self->reply = copy;
		self->reply_length = Length;
	}
	(void)pthread_mutex_unlock(&test_driver.lock);
	if (self == NULL)
		free(copy);
	return self != NULL ? S_OK : E_INVALIDARG;
}

static HRESULT
arm(ULONG number, TESTDRIVER_CALL call, bool stubborn)
{
	struct test_reader *self;

	(void)pthread_mutex_lock(&test_driver.lock);
	if ((self = find(number)) != NULL) {
		self->armed = true;
		self->armed_call = call;
		self->stubborn = stubborn;
	}
	(void)pthread_mutex_unlock(&test_driver.lock);
	return self != NULL ? S_OK : E_INVALIDARG;
}

static HRESULT
control_Block(ITestDriverControl *iface, ULONG Reader, TESTDRIVER_CALL Call)
{
	(void)iface;
	return arm(Reader, Call, false);
}

static HRESULT
control_BlockForGood(ITestDriverControl *iface, ULONG Reader, TESTDRIVER_CALL Call)
{
	(void)iface;
	return arm(Reader, Call, true);
}

static HRESULT
control_WaitBlocked(ITestDriverControl *iface, ULONG Reader, ULONGLONG Deadline)
{
	const struct test_reader *self;
	bool in_time = true;

	(void)iface;
	(void)pthread_mutex_lock(&test_driver.lock);
	while ((self = find(Reader)) != NULL && !self->blocked && in_time)
		in_time = test_driver_wait(Deadline);
	(void)pthread_mutex_unlock(&test_driver.lock);
	if (self == NULL)
		return E_INVALIDARG;
	return in_time ? S_OK : SCARD_E_TIMEOUT;
}

static HRESULT
control_Unblock(ITestDriverControl *iface, ULONG Reader)
{
	struct test_reader *self;

	(void)iface;
	(void)pthread_mutex_lock(&test_driver.lock);
	if ((self = find(Reader)) != NULL) {
		self->armed = false;
		self->blocked = false;
		(void)pthread_cond_broadcast(&test_driver.changed);
	}
	(void)pthread_mutex_unlock(&test_driver.lock);
	return self != NULL ? S_OK : E_INVALIDARG;
}

static HRESULT
control_FailExchange(ITestDriverControl *iface, ULONG Number, HRESULT Result)
{
	(void)iface;
	(void)pthread_mutex_lock(&test_driver.lock);
	test_driver.fail_number = Number;
	test_driver.fail_result = Result;
	(void)pthread_mutex_unlock(&test_driver.lock);
	return S_OK;
}

static HRESULT
get(const ULONG *value, ULONG *ret_value)
{
	(void)pthread_mutex_lock(&test_driver.lock);
	*ret_value = *value;
	(void)pthread_mutex_unlock(&test_driver.lock);
	return S_OK;
}

static HRESULT
control_CountExchanges(ITestDriverControl *iface, ULONG *Count)
{
	(void)iface;
	return get(&test_driver.exchanges, Count);
}

static HRESULT
control_CountRecords(ITestDriverControl *iface, ULONG *Count)
{
	(void)iface;
	return get(&test_driver.record_count, Count);
}

static HRESULT
control_GetRecord(ITestDriverControl *iface, ULONG Index, TESTDRIVER_RECORD *Record)
{
	HRESULT hr = E_INVALIDARG;

	(void)iface;
	(void)pthread_mutex_lock(&test_driver.lock);
	if (Index < test_driver.record_count) {
		*Record = test_driver.records[Index];
		hr = S_OK;
	}
	(void)pthread_mutex_unlock(&test_driver.lock);
	return hr;
}

static HRESULT
control_WaitRecords(ITestDriverControl *iface, ULONG Count, ULONGLONG Deadline)
{
	bool in_time = true;
	HRESULT hr;

	(void)iface;
	(void)pthread_mutex_lock(&test_driver.lock);
	while (test_driver.record_count < Count && in_time)
		in_time = test_driver_wait(Deadline);
	hr = test_driver.record_count >= Count ? S_OK : SCARD_E_TIMEOUT;
	(void)pthread_mutex_unlock(&test_driver.lock);
	return hr;
}

static HRESULT
control_CountOverlaps(ITestDriverControl *iface, ULONG *Count)
{
	(void)iface;
	return get(&test_driver.overlaps, Count);
}

static const ITestDriverControlVtbl control_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ITestDriverControl),
	.Reset = control_Reset,
	.AddReader = control_AddReader,
	.RemoveReader = control_RemoveReader,
	.BreakReader = control_BreakReader,
	.InsertCard = control_InsertCard,
	.RemoveCard = control_RemoveCard,
	.SetReply = control_SetReply,
	.Block = control_Block,
	.BlockForGood = control_BlockForGood,
	.WaitBlocked = control_WaitBlocked,
	.Unblock = control_Unblock,
	.FailExchange = control_FailExchange,
	.CountExchanges = control_CountExchanges,
	.CountRecords = control_CountRecords,
	.GetRecord = control_GetRecord,
	.WaitRecords = control_WaitRecords,
	.CountOverlaps = control_CountOverlaps,
};
static const struct tessera_interface control_interfaces[] = {
	{ &IID_ITestDriverControl, offsetof(struct test_control, control), &control_vtbl },
};
const struct tessera_class test_control_class = {
	.clsid = &CLSID_TestDriverControl,
	.name = "TestDriverControl",
	.size = sizeof(struct test_control),
	.interfaces = control_interfaces,
	.interface_count = 1,
};
