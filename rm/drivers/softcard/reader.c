/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One reader of the soft card driver: the contract of scardreader.idl in front of the card. It
 * answers at once, so deadlines do not matter and there is nothing to cancel.
 */
#define COBJMACROS
#include "rm/drivers/softcard/reader.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <scarderr.h>
#include <winsmcrd.h>

#include "rm/drivers/answer.h"
#include "rm/drivers/softcard/tpdu.h"

#define VERSION 0x00010000u /* 0.1.0 as SCARD_ATTR_VENDOR_IFD_VERSION has it */

struct softcard_reader {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReader) reader;
	SCARDREADER_INFO info; /* constant */

	/* Exchanges come one at a time; the lock is between them and the end of the driver. */
	pthread_mutex_t lock;
	bool gone;
	struct softcard_card *card; /* NULL: the slot is empty */
	uint8_t atr_bytes[ATR_LENGTH_MAX];
	struct atr atr;
	bool powered;
	ULONG protocol; /* SCARD_PROTOCOL_*; 0: not settled since the reset */
	struct softcard_tpdu tpdu;
	uint8_t reply[SOFTCARD_REPLY_MAX];
};

static struct softcard_reader *
self_of(ISCardReader *iface)
{
	return TESSERA_SELF(struct softcard_reader, iface);
}

/* Takes the lock. On failure the caller only unlocks. */
static HRESULT
begin(struct softcard_reader *self)
{
	pthread_mutex_lock(&self->lock);
	return self->gone ? SCARD_E_READER_UNAVAILABLE : S_OK;
}

static HRESULT
end(struct softcard_reader *self, HRESULT hr)
{
	pthread_mutex_unlock(&self->lock);
	return hr;
}

static HRESULT
reader_GetInfo(ISCardReader *iface, SCARDREADER_INFO *Info)
{
	return answer_info(Info, &self_of(iface)->info);
}

static HRESULT
reader_GetPresence(ISCardReader *iface, ULONGLONG Deadline, BOOL *Present)
{
	struct softcard_reader *self = self_of(iface);
	HRESULT hr;

	(void)Deadline;
	if (Present == NULL)
		return E_POINTER;
	hr = begin(self);
	if (SUCCEEDED(hr))
		*Present = self->card != NULL;
	return end(self, hr);
}

static HRESULT
power(struct softcard_reader *self, SCARDREADER_POWER action, BYTE *atr, ULONG *atr_length)
{
	if (self->card == NULL)
		return SCARD_E_NO_SMARTCARD;
	softcard_card_reset(self->card);
	softcard_tpdu_reset(&self->tpdu);
	self->protocol = SCARD_PROTOCOL_UNDEFINED;
	self->powered = action != SCARDREADER_POWER_DOWN;
	*atr_length = 0;
	if (self->powered) {
		memcpy(atr, self->atr_bytes, self->atr.length);
		*atr_length = (ULONG)self->atr.length;
	}
	return S_OK;
}

static HRESULT
reader_Power(
    ISCardReader *iface, SCARDREADER_POWER Action, ULONGLONG Deadline, BYTE *Atr, ULONG *AtrLength)
{
	struct softcard_reader *self = self_of(iface);
	HRESULT hr;

	(void)Deadline;
	if (AtrLength == NULL || (Atr == NULL && Action != SCARDREADER_POWER_DOWN))
		return E_POINTER;
	if (Action != SCARDREADER_POWER_DOWN && Action != SCARDREADER_COLD_RESET &&
	    Action != SCARDREADER_WARM_RESET)
		return SCARD_E_INVALID_PARAMETER;
	hr = begin(self);
	if (SUCCEEDED(hr))
		hr = power(self, Action, Atr, AtrLength);
	return end(self, hr);
}

/* A call that needs a card with power. */
static HRESULT
begin_powered(struct softcard_reader *self)
{
	HRESULT hr = begin(self);

	if (FAILED(hr))
		return hr;
	if (self->card == NULL)
		return SCARD_E_NO_SMARTCARD;
	return self->powered ? S_OK : SCARD_W_UNPOWERED_CARD;
}

static HRESULT
reader_SetProtocol(ISCardReader *iface, ULONG Protocols, ULONGLONG Deadline, ULONG *Active)
{
	struct softcard_reader *self = self_of(iface);
	HRESULT hr;
	int t;

	(void)Deadline;
	if (Active == NULL)
		return E_POINTER;
	hr = begin_powered(self);
	if (FAILED(hr))
		return end(self, hr);
	t = atr_choose_protocol(&self->atr, Protocols & SCARD_PROTOCOL_Tx);
	if (t < 0)
		return end(self, SCARD_E_PROTO_MISMATCH);
	self->protocol = t == 1 ? SCARD_PROTOCOL_T1 : SCARD_PROTOCOL_T0;
	*Active = self->protocol;
	return end(self, S_OK);
}

static HRESULT
transmit(struct softcard_reader *self, ULONG protocol, const BYTE *command, ULONG length,
    BYTE *reply, ULONG *reply_length)
{
	size_t used;
	HRESULT hr;

	if (protocol == SCARD_PROTOCOL_UNDEFINED || protocol != self->protocol)
		return SCARD_E_PROTO_MISMATCH;
	if (protocol == SCARD_PROTOCOL_T0)
		used =
		    softcard_tpdu_transmit(&self->tpdu, self->card, command, length, self->reply);
	else
		used = softcard_card_transmit(self->card, command, length, self->reply);
	hr = answer_bytes(reply, reply_length, self->reply, used);
	explicit_bzero(self->reply, used);
	return hr;
}

static HRESULT
reader_Transmit(ISCardReader *iface, ULONG Protocol, const BYTE *Command, ULONG CommandLength,
    ULONGLONG Deadline, BYTE *Reply, ULONG *ReplyLength)
{
	struct softcard_reader *self = self_of(iface);
	HRESULT hr;

	(void)Deadline;
	if (Command == NULL || Reply == NULL || ReplyLength == NULL)
		return E_POINTER;
	/* CLA INS P1 P2 at least. */
	if (CommandLength < 4 || CommandLength > self->info.MaxCommand)
		return SCARD_E_INVALID_PARAMETER;
	hr = begin_powered(self);
	if (SUCCEEDED(hr))
		hr = transmit(self, Protocol, Command, CommandLength, Reply, ReplyLength);
	return end(self, hr);
}

static HRESULT
reader_Control(ISCardReader *iface, ULONG Code, const BYTE *In, ULONG InLength, ULONGLONG Deadline,
    BYTE *Out, ULONG *OutLength)
{
	struct softcard_reader *self = self_of(iface);
	HRESULT hr = begin(self);

	(void)In, (void)InLength, (void)Deadline;
	if (SUCCEEDED(hr))
		hr = answer_control(Code, Out, OutLength);
	return end(self, hr);
}

/* Only what is true of a reader without clock, wires and blocks. */
static HRESULT
attribute(struct softcard_reader *self, ULONG id, BYTE *value, ULONG *length)
{
	const BYTE active = self->powered, asynchronous = 1;

	switch (id) {
	case SCARD_ATTR_VENDOR_IFD_VERSION:
		return answer_number(value, length, VERSION);
	case SCARD_ATTR_PROTOCOL_TYPES:
		return answer_number(value, length, self->info.Protocols);
	case SCARD_ATTR_MAX_IFSD:
		return answer_number(value, length, SCARD_T1_MAX_IFS);
	case SCARD_ATTR_CHARACTERISTICS:
		return answer_number(value, length, 0);
	case SCARD_ATTR_MAXINPUT:
		return answer_number(value, length, self->info.MaxCommand);
	case SCARD_ATTR_ICC_INTERFACE_STATUS:
		return answer_bytes(value, length, &active, sizeof active);
	case SCARD_ATTR_ICC_TYPE_PER_ATR:
		if (self->card == NULL)
			return SCARD_E_NO_SMARTCARD;
		return answer_bytes(value, length, &asynchronous, sizeof asynchronous);
	default:
		return SCARD_E_UNSUPPORTED_FEATURE;
	}
}

static HRESULT
reader_GetAttribute(
    ISCardReader *iface, ULONG Id, ULONGLONG Deadline, BYTE *Value, ULONG *ValueLength)
{
	struct softcard_reader *self = self_of(iface);
	HRESULT hr = begin(self);

	(void)Deadline;
	if (SUCCEEDED(hr))
		hr = attribute(self, Id, Value, ValueLength);
	return end(self, hr);
}

static HRESULT
reader_SetAttribute(
    ISCardReader *iface, ULONG Id, const BYTE *Value, ULONG ValueLength, ULONGLONG Deadline)
{
	struct softcard_reader *self = self_of(iface);
	HRESULT hr = begin(self);

	(void)Id, (void)Value, (void)ValueLength, (void)Deadline;
	return end(self, SUCCEEDED(hr) ? SCARD_E_UNSUPPORTED_FEATURE : hr);
}

static HRESULT
reader_Move(ISCardReader *iface, SCARDREADER_MOVEMENT Movement, ULONGLONG Deadline)
{
	struct softcard_reader *self = self_of(iface);
	HRESULT hr = begin(self);

	(void)Movement, (void)Deadline;
	return end(self, SUCCEEDED(hr) ? SCARD_E_UNSUPPORTED_FEATURE : hr);
}

static HRESULT
reader_Cancel(ISCardReader *iface)
{
	(void)iface;
	return S_OK;
}

static HRESULT
construct(struct tessera_object *object)
{
	struct softcard_reader *self = (struct softcard_reader *)(void *)object;

	return pthread_mutex_init(&self->lock, NULL) == 0 ? S_OK : E_OUTOFMEMORY;
}

static void
destruct(struct tessera_object *object)
{
	struct softcard_reader *self = (struct softcard_reader *)(void *)object;

	softcard_card_free(self->card);
	softcard_tpdu_reset(&self->tpdu);
	pthread_mutex_destroy(&self->lock);
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
	{ &IID_ISCardReader, offsetof(struct softcard_reader, reader), &reader_vtbl },
};
static struct tessera_census reader_census;
const struct tessera_class softcard_reader_class = {
	.name = "SoftcardReader",
	.size = sizeof(struct softcard_reader),
	.interfaces = reader_interfaces,
	.interface_count = sizeof reader_interfaces / sizeof reader_interfaces[0],
	.construct = construct,
	.destruct = destruct,
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE | TESSERA_CLASS_SERVICE,
	.census = &reader_census,
};

static int
system_random(void *data, uint8_t *out, size_t length)
{
	(void)data;
	while (length > 0) {
		ssize_t n = getrandom(out, length, 0);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			out += n;
			length -= (size_t)n;
		}
	}
	return 0;
}

static void
fill_info(SCARDREADER_INFO *info, const struct softcard_profile *profile, unsigned number)
{
	info->cbSize = sizeof *info;
	info->DeviceType = SCARD_READER_TYPE_VENDOR;
	info->Protocols = SCARD_PROTOCOL_Tx;
	info->MaxCommand = SCARDREADER_APDU_MAX;
	info->MaxReply = SOFTCARD_REPLY_MAX;
	if (number == 0)
		snprintf(info->Name, sizeof info->Name, "%s", profile->reader_name);
	else
		snprintf(info->Name, sizeof info->Name, "%s %u", profile->reader_name, number + 1);
	snprintf(info->Vendor, sizeof info->Vendor, "Tessera");
	snprintf(info->Model, sizeof info->Model, "Soft Card");
	snprintf(info->DeviceId, sizeof info->DeviceId, "softcard:%.100s:%u", profile->reader_name,
	    number);
}

HRESULT
softcard_reader_new(const struct softcard_profile *profile, unsigned number, ISCardReader **ret)
{
	struct softcard_reader *self;
	ISCardReader *iface;
	HRESULT hr;

	hr =
	    tessera_object_create(&softcard_reader_class, NULL, &IID_ISCardReader, (void **)&iface);
	if (FAILED(hr))
		return hr;
	self = self_of(iface);
	fill_info(&self->info, profile, number);
	if (profile->present) {
		self->card = softcard_card_copy(profile->card);
		if (self->card == NULL) {
			ISCardReader_Release(iface);
			return E_OUTOFMEMORY;
		}
		softcard_card_set_random(self->card, system_random, NULL);
		self->atr = profile->atr;
		memcpy(self->atr_bytes, profile->atr_bytes, sizeof self->atr_bytes);
	}
	*ret = iface;
	return S_OK;
}

void
softcard_reader_end(ISCardReader *reader)
{
	struct softcard_reader *self = self_of(reader);

	pthread_mutex_lock(&self->lock);
	self->gone = true;
	pthread_mutex_unlock(&self->lock);
}

bool
softcard_reader_has_card(ISCardReader *reader)
{
	return self_of(reader)->card != NULL;
}
