/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The null card as a reader driver in the resource manager's process. One thread waits for changes
 * of the control block; while nothing changes it does not wake up.
 */
#define COBJMACROS
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <scarderr.h>
#include <scardreader.h>
#include <tessera_class.h>
#include <winsmcrd.h>

#include "null.h"
#include "rm/drivers/answer.h"
#include "tests/bench/null/card.h"

#define SOURCE "SCardReaderDriver.null"
#define PATH_SIZE 512u

struct null_reader {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReader) reader;
	struct null_block *block; /* mapped for as long as the process lives */
	unsigned slot;
	_Atomic uint32_t cancels;
	atomic_bool gone;
};

static struct null_reader *
self_of(ISCardReader *iface)
{
	return TESSERA_SELF(struct null_reader, iface);
}

static HRESULT
state(const struct null_reader *self)
{
	if (atomic_load_explicit(&self->gone, memory_order_relaxed))
		return SCARD_E_READER_UNAVAILABLE;
	return null_block_present(self->block, self->slot) ? S_OK : SCARD_E_NO_SMARTCARD;
}

static HRESULT
reader_GetInfo(ISCardReader *iface, SCARDREADER_INFO *Info)
{
	SCARDREADER_INFO info = { .cbSize = sizeof info,
		.DeviceType = SCARD_READER_TYPE_VENDOR,
		.Protocols = SCARD_PROTOCOL_T1,
		.MaxCommand = SCARDREADER_APDU_MAX,
		.MaxReply = SCARDREADER_APDU_MAX,
		.Vendor = "Tessera",
		.Model = "Null" };

	(void)snprintf(info.Name, sizeof info.Name, NULL_READER_NAME, self_of(iface)->slot);
	return answer_info(Info, &info);
}

static HRESULT
reader_GetPresence(ISCardReader *iface, ULONGLONG Deadline, BOOL *Present)
{
	HRESULT hr = state(self_of(iface));

	(void)Deadline;
	if (hr == SCARD_E_READER_UNAVAILABLE)
		return hr;
	*Present = hr == S_OK;
	return S_OK;
}

static HRESULT
reader_Power(
    ISCardReader *iface, SCARDREADER_POWER Action, ULONGLONG Deadline, BYTE *Atr, ULONG *AtrLength)
{
	HRESULT hr = state(self_of(iface));

	(void)Deadline;
	if (FAILED(hr))
		return hr;
	*AtrLength = 0;
	if (Action == SCARDREADER_POWER_DOWN)
		return S_OK;
	memcpy(Atr, null_atr, sizeof null_atr);
	*AtrLength = sizeof null_atr;
	return S_OK;
}

static HRESULT
reader_SetProtocol(ISCardReader *iface, ULONG Protocols, ULONGLONG Deadline, ULONG *Active)
{
	HRESULT hr = state(self_of(iface));

	(void)Deadline;
	if (FAILED(hr))
		return hr;
	if ((Protocols & SCARD_PROTOCOL_T1) == 0)
		return SCARD_E_PROTO_MISMATCH;
	*Active = SCARD_PROTOCOL_T1;
	return S_OK;
}

static HRESULT
reader_Transmit(ISCardReader *iface, ULONG Protocol, const BYTE *Command, ULONG CommandLength,
    ULONGLONG Deadline, BYTE *Reply, ULONG *ReplyLength)
{
	struct null_reader *self = self_of(iface);
	HRESULT hr = state(self);
	size_t length = *ReplyLength;

	(void)Deadline;
	if (FAILED(hr))
		return hr;
	if (Protocol != SCARD_PROTOCOL_T1)
		return SCARD_E_PROTO_MISMATCH;
	switch (null_card_answer(Command, CommandLength, &self->cancels, Reply, &length)) {
	case NULL_CANCELLED:
		return SCARD_E_CANCELLED;
	case NULL_NO_ROOM:
		hr = SCARD_E_INSUFFICIENT_BUFFER;
		break;
	case NULL_ANSWERED:
		break;
	}
	*ReplyLength = (ULONG)length;
	return hr;
}

static HRESULT
reader_Control(ISCardReader *iface, ULONG Code, const BYTE *In, ULONG InLength, ULONGLONG Deadline,
    BYTE *Out, ULONG *OutLength)
{
	(void)iface;
	(void)In;
	(void)InLength;
	(void)Deadline;
	return answer_control(Code, Out, OutLength);
}

static HRESULT
reader_GetAttribute(
    ISCardReader *iface, ULONG Id, ULONGLONG Deadline, BYTE *Value, ULONG *ValueLength)
{
	(void)iface;
	(void)Id;
	(void)Deadline;
	(void)Value;
	(void)ValueLength;
	return SCARD_E_UNSUPPORTED_FEATURE;
}

static HRESULT
reader_SetAttribute(
    ISCardReader *iface, ULONG Id, const BYTE *Value, ULONG ValueLength, ULONGLONG Deadline)
{
	(void)iface;
	(void)Id;
	(void)Value;
	(void)ValueLength;
	(void)Deadline;
	return SCARD_E_UNSUPPORTED_FEATURE;
}

static HRESULT
reader_Move(ISCardReader *iface, SCARDREADER_MOVEMENT Movement, ULONGLONG Deadline)
{
	(void)iface;
	(void)Movement;
	(void)Deadline;
	return SCARD_E_UNSUPPORTED_FEATURE;
}

static HRESULT
reader_Cancel(ISCardReader *iface)
{
	struct null_reader *self = self_of(iface);

	null_wake(&self->cancels);
	return S_OK;
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
	{ &IID_ISCardReader, offsetof(struct null_reader, reader), &reader_vtbl },
};
static struct tessera_census reader_census;
static const struct tessera_class reader_class = {
	.name = "NullReader",
	.size = sizeof(struct null_reader),
	.interfaces = reader_interfaces,
	.interface_count = 1,
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE | TESSERA_CLASS_SERVICE,
	.census = &reader_census,
};

struct null_driver {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReaderDriver) driver;
	struct null_block *block;
	ISCardReaderSink *sink;
	ISCardReader *readers[NULL_SLOTS_MAX];
	bool present[NULL_SLOTS_MAX]; /* as announced */
	unsigned count;
	atomic_bool stopping;
	pthread_t watcher;
	bool watching;
};

static void
announce_movements(struct null_driver *self)
{
	for (unsigned i = 0; i < self->count; i++) {
		bool now = null_block_present(self->block, i);

		if (now == self->present[i])
			continue;
		self->present[i] = now;
		if (now)
			(void)ISCardReaderSink_CardInserted(self->sink, self->readers[i]);
		else
			(void)ISCardReaderSink_CardRemoved(self->sink, self->readers[i]);
	}
}

static void *
watch(void *data)
{
	struct null_driver *self = data;

	while (!atomic_load(&self->stopping)) {
		uint32_t seen = atomic_load(&self->block->generation);

		announce_movements(self);
		if (!atomic_load(&self->stopping))
			null_wait(&self->block->generation, seen, 0);
	}
	return NULL;
}

static bool
start_watcher(struct null_driver *self)
{
	sigset_t all, before;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	self->watching = pthread_create(&self->watcher, NULL, watch, self) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return self->watching;
}

/* One NAME=VALUE of the settings; false when it is none. */
static bool
set(struct null_driver *self, const char *word, size_t length, char *path)
{
	char *end;
	unsigned long count;

	if (length > 4 && length - 4 < PATH_SIZE && memcmp(word, "shm=", 4) == 0) {
		memcpy(path, word + 4, length - 4);
		path[length - 4] = '\0';
		return true;
	}
	if (length <= 8 || memcmp(word, "readers=", 8) != 0)
		return false;
	count = strtoul(word + 8, &end, 10);
	if (end != word + length || count == 0 || count > NULL_SLOTS_MAX)
		return false;
	self->count = (unsigned)count;
	return true;
}

static HRESULT
read_settings(struct null_driver *self, const char *settings, char *path)
{
	self->count = 1;
	path[0] = '\0';
	while (settings != NULL && *settings != '\0') {
		size_t length = strcspn(settings, "+");

		if (!set(self, settings, length, path))
			return tessera_error(SCARD_E_INVALID_PARAMETER, &IID_ISCardReaderDriver,
			    SOURCE,
			    "settings '%.*s': expected readers=1..%u or shm=PATH, with '+' "
			    "between them",
			    (int)length, settings, NULL_SLOTS_MAX);
		settings += length + (settings[length] == '+');
	}
	return S_OK;
}

static HRESULT
make_reader(struct null_driver *self, unsigned slot)
{
	HRESULT hr = tessera_object_create(
	    &reader_class, NULL, &IID_ISCardReader, (void **)&self->readers[slot]);

	if (FAILED(hr))
		return hr;
	self_of(self->readers[slot])->block = self->block;
	self_of(self->readers[slot])->slot = slot;
	hr = ISCardReaderSink_ReaderArrived(self->sink, self->readers[slot]);
	self->present[slot] = null_block_present(self->block, slot);
	if (SUCCEEDED(hr) && self->present[slot])
		hr = ISCardReaderSink_CardInserted(self->sink, self->readers[slot]);
	return hr;
}

static void
drop(struct null_driver *self)
{
	for (unsigned i = 0; i < NULL_SLOTS_MAX; i++) {
		if (self->readers[i] == NULL)
			continue;
		atomic_store(&self_of(self->readers[i])->gone, true);
		(void)ISCardReader_Cancel(self->readers[i]);
		(void)ISCardReader_Release(self->readers[i]);
		self->readers[i] = NULL;
	}
	if (self->sink != NULL)
		(void)ISCardReaderSink_Release(self->sink);
	self->sink = NULL;
}

static HRESULT
driver_Start(ISCardReaderDriver *iface, LPCSTR Settings, ISCardReaderSink *Sink, ULONGLONG Deadline)
{
	struct null_driver *self = TESSERA_SELF(struct null_driver, iface);
	char path[PATH_SIZE];
	HRESULT hr = read_settings(self, Settings, path);

	(void)Deadline;
	if (FAILED(hr))
		return hr;
	if ((self->block = null_block_open(path[0] != '\0' ? path : NULL)) == NULL)
		return tessera_error(SCARD_E_READER_UNAVAILABLE, &IID_ISCardReaderDriver, SOURCE,
		    "control block '%s': cannot be mapped", path);
	self->sink = Sink;
	(void)ISCardReaderSink_AddRef(Sink);
	for (unsigned i = 0; i < self->count && SUCCEEDED(hr); i++)
		hr = make_reader(self, i);
	if (SUCCEEDED(hr) && !start_watcher(self))
		hr = E_OUTOFMEMORY;
	if (FAILED(hr))
		drop(self);
	return hr;
}

static HRESULT
driver_Stop(ISCardReaderDriver *iface)
{
	struct null_driver *self = TESSERA_SELF(struct null_driver, iface);

	if (self->watching) {
		atomic_store(&self->stopping, true);
		null_wake(&self->block->generation);
		(void)pthread_join(self->watcher, NULL);
		self->watching = false;
	}
	drop(self);
	return S_OK;
}

static const ISCardReaderDriverVtbl driver_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ISCardReaderDriver),
	.Start = driver_Start,
	.Stop = driver_Stop,
};
static const struct tessera_interface driver_interfaces[] = {
	{ &IID_ISCardReaderDriver, offsetof(struct null_driver, driver), &driver_vtbl },
};
static struct tessera_census driver_census;
static const struct tessera_class driver_class = {
	.clsid = &CLSID_NullDriver,
	.name = "NullDriver",
	.size = sizeof(struct null_driver),
	.interfaces = driver_interfaces,
	.interface_count = 1,
	.flags = TESSERA_CLASS_SERVICE,
	.census = &driver_census,
};
TESSERA_MODULE(&driver_class, &reader_class);
