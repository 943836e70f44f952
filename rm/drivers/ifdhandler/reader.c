/* SPDX-License-Identifier: BSD-2-Clause */
#define COBJMACROS
#include "rm/drivers/ifdhandler/reader.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <scarderr.h>
#include <winsmcrd.h>

#include "rm/drivers/answer.h"
#include "rm/drivers/atr.h"
#include "rm/drivers/ifdhandler/codes.h"
#include "rm/drivers/ifdhandler/handler.h"

/* All slots of one handler, when it does one thing at a time. */
#define SERIAL_GROUP 1u
/* Below it are the handler's own tags, which are no attributes. */
#define ATTRIBUTE_MIN 0x10000u
/* Of a name or a device's name in what is made of it. */
#define PART_MAX 100u

struct ifd_reader {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReader) reader;
	SCARDREADER_INFO info; /* constant */
	struct ifd_link link;

	/* Of exchanges, which come one at a time. */
	uint32_t powered_card; /* the card, counted, that the rest is about; another has no power */
	bool powered;
	ULONG protocol; /* SCARD_PROTOCOL_*; 0: not settled since the reset */
	uint8_t atr[ATR_LENGTH_MAX];
	size_t atr_length;
};

static struct ifd_reader *
self_of(ISCardReader *iface)
{
	return TESSERA_SELF(struct ifd_reader, iface);
}

static HRESULT
result_of(int error)
{
	switch (error) {
	case -ETIMEDOUT:
		return SCARD_E_TIMEOUT;
	case -ECANCELED:
		return SCARD_E_CANCELLED;
	case -ENODEV:
		return SCARD_E_NO_SMARTCARD;
	default:
		return SCARD_E_READER_UNAVAILABLE;
	}
}

/* The exchange, and what the handler says of it. */
static HRESULT
exchange(struct ifd_reader *self, struct ifd_exchange *e, ULONGLONG deadline)
{
	int r = ifd_link_exchange(&self->link, e, deadline);

	return r < 0 ? result_of(r) : ifd_code_result(e->operation, e->code);
}

/* The same with an answer into the caller's memory. */
static HRESULT
exchange_out(struct ifd_reader *self, struct ifd_exchange *e, ULONGLONG deadline, ULONG *length)
{
	HRESULT hr;

	e->room = *length < IFD_PAYLOAD_MAX ? *length : IFD_PAYLOAD_MAX;
	hr = exchange(self, e, deadline);
	if (FAILED(hr))
		return hr;
	*length = (ULONG)e->length;
	return e->length > e->room ? SCARD_E_INSUFFICIENT_BUFFER : S_OK;
}

static bool
has_power(struct ifd_reader *self)
{
	uint32_t card;

	return ifd_link_state(&self->link, &card) == 0 && self->powered &&
	    self->powered_card == card;
}

static HRESULT
reader_GetInfo(ISCardReader *iface, SCARDREADER_INFO *Info)
{
	return answer_info(Info, &self_of(iface)->info);
}

static HRESULT
reader_GetPresence(ISCardReader *iface, ULONGLONG Deadline, BOOL *Present)
{
	uint32_t card;
	int r;

	(void)Deadline;
	if (Present == NULL)
		return E_POINTER;
	r = ifd_link_state(&self_of(iface)->link, &card);
	if (r == -ESHUTDOWN)
		return result_of(r);
	*Present = r == 0;
	return S_OK;
}

static HRESULT
power(struct ifd_reader *self, enum ifd_power action, ULONGLONG deadline, uint8_t *atr,
    size_t *ret_length)
{
	struct ifd_exchange e = { .operation = IFD_DO_POWER,
		.value = (uint32_t)action,
		.out = atr,
		.room = ATR_LENGTH_MAX };
	HRESULT hr = exchange(self, &e, deadline);

	*ret_length = SUCCEEDED(hr) ? e.length : 0;
	return hr;
}

static HRESULT
power_up(struct ifd_reader *self, SCARDREADER_POWER action, ULONGLONG deadline, uint8_t *atr,
    size_t *ret_length)
{
	HRESULT hr = SCARD_W_UNRESPONSIVE_CARD;

	if (action == SCARDREADER_WARM_RESET && self->powered)
		hr = power(self, IFD_RESET, deadline, atr, ret_length);
	else if (self->powered)
		(void)power(self, IFD_POWER_DOWN, deadline, atr, ret_length);
	/* Also after a warm reset that the card or the handler does not know. */
	if (hr == SCARD_W_UNRESPONSIVE_CARD)
		hr = power(self, IFD_POWER_UP, deadline, atr, ret_length);
	return hr;
}

static HRESULT
reader_Power(
    ISCardReader *iface, SCARDREADER_POWER Action, ULONGLONG Deadline, BYTE *Atr, ULONG *AtrLength)
{
	struct ifd_reader *self = self_of(iface);
	uint8_t atr[ATR_LENGTH_MAX];
	size_t length = 0;
	uint32_t card;
	HRESULT hr;
	int r;

	if (AtrLength == NULL || (Atr == NULL && Action != SCARDREADER_POWER_DOWN))
		return E_POINTER;
	if (Action != SCARDREADER_POWER_DOWN && Action != SCARDREADER_COLD_RESET &&
	    Action != SCARDREADER_WARM_RESET)
		return SCARD_E_INVALID_PARAMETER;
	if ((r = ifd_link_state(&self->link, &card)) < 0)
		return result_of(r);
	self->powered = has_power(self);
	self->protocol = SCARD_PROTOCOL_UNDEFINED;
	if (Action == SCARDREADER_POWER_DOWN)
		hr = power(self, IFD_POWER_DOWN, Deadline, atr, &length);
	else
		hr = power_up(self, Action, Deadline, atr, &length);
	self->powered = SUCCEEDED(hr) && Action != SCARDREADER_POWER_DOWN;
	self->powered_card = card;
	if (FAILED(hr))
		return hr;
	if (self->powered) {
		memcpy(self->atr, atr, length);
		memcpy(Atr, atr, length);
	}
	self->atr_length = self->powered ? length : 0;
	*AtrLength = (ULONG)self->atr_length;
	return S_OK;
}

/* T=0 or T=1, the better one that card and caller share; -1: none. */
static int
choose_protocol(const struct ifd_reader *self, ULONG allowed)
{
	struct atr atr;

	if (atr_parse(self->atr, self->atr_length, &atr) < 0)
		return -1;
	return atr_choose_protocol(&atr, allowed & SCARD_PROTOCOL_Tx);
}

static HRESULT
reader_SetProtocol(ISCardReader *iface, ULONG Protocols, ULONGLONG Deadline, ULONG *Active)
{
	struct ifd_reader *self = self_of(iface);
	struct ifd_exchange e = { .operation = IFD_DO_PROTOCOL };
	uint32_t card;
	HRESULT hr;
	int r, t;

	if (Active == NULL)
		return E_POINTER;
	if ((r = ifd_link_state(&self->link, &card)) < 0)
		return result_of(r);
	if (!has_power(self))
		return SCARD_W_UNPOWERED_CARD;
	if ((t = choose_protocol(self, Protocols)) < 0)
		return SCARD_E_PROTO_MISMATCH;
	e.value = (uint32_t)t;
	hr = exchange(self, &e, Deadline);
	/* Nothing need be negotiated for what the card begins with. */
	if (hr == SCARD_E_PROTO_MISMATCH &&
	    (e.code == IFD_NOT_SUPPORTED || e.code == IFD_ERROR_NOT_SUPPORTED) &&
	    ifd_code_first_protocol(self->atr, self->atr_length) == t)
		hr = S_OK;
	if (FAILED(hr))
		return hr;
	self->protocol = t == 1 ? SCARD_PROTOCOL_T1 : SCARD_PROTOCOL_T0;
	*Active = self->protocol;
	return S_OK;
}

static HRESULT
reader_Transmit(ISCardReader *iface, ULONG Protocol, const BYTE *Command, ULONG CommandLength,
    ULONGLONG Deadline, BYTE *Reply, ULONG *ReplyLength)
{
	struct ifd_reader *self = self_of(iface);
	struct ifd_exchange e = { .operation = IFD_DO_TRANSMIT,
		.in = Command,
		.in_length = CommandLength,
		.out = Reply };
	uint32_t card;
	HRESULT hr;
	int r;

	if (Command == NULL || Reply == NULL || ReplyLength == NULL)
		return E_POINTER;
	/* CLA INS P1 P2 at least. */
	if (CommandLength < 4 || CommandLength > self->info.MaxCommand)
		return SCARD_E_INVALID_PARAMETER;
	if ((r = ifd_link_state(&self->link, &card)) < 0)
		return result_of(r);
	if (!has_power(self))
		return SCARD_W_UNPOWERED_CARD;
	if (Protocol == SCARD_PROTOCOL_UNDEFINED || Protocol != self->protocol)
		return SCARD_E_PROTO_MISMATCH;
	e.value = Protocol == SCARD_PROTOCOL_T1;
	hr = exchange_out(self, &e, Deadline, ReplyLength);
	/* Whatever it is, an answer has SW1 SW2. */
	return SUCCEEDED(hr) && *ReplyLength < 2 ? SCARD_E_COMM_DATA_LOST : hr;
}

static HRESULT
reader_Control(ISCardReader *iface, ULONG Code, const BYTE *In, ULONG InLength, ULONGLONG Deadline,
    BYTE *Out, ULONG *OutLength)
{
	struct ifd_exchange e = { .operation = IFD_DO_CONTROL,
		.value = ifd_code_control(Code),
		.in = In,
		.in_length = InLength,
		.out = Out };
	HRESULT hr;

	if (OutLength == NULL || (Out == NULL && *OutLength != 0) || (In == NULL && InLength != 0))
		return E_POINTER;
	if (InLength > IFD_PAYLOAD_MAX)
		return SCARD_E_INVALID_PARAMETER;
	hr = exchange_out(self_of(iface), &e, Deadline, OutLength);
	if (Code == CM_IOCTL_GET_FEATURE_REQUEST && SUCCEEDED(hr) && Out != NULL)
		ifd_code_features(Out, *OutLength);
	return hr == SCARD_E_UNSUPPORTED_FEATURE ? answer_control(Code, Out, OutLength) : hr;
}

static HRESULT
reader_GetAttribute(
    ISCardReader *iface, ULONG Id, ULONGLONG Deadline, BYTE *Value, ULONG *ValueLength)
{
	struct ifd_exchange e = { .operation = IFD_DO_GET, .value = Id, .out = Value };

	if (ValueLength == NULL || (Value == NULL && *ValueLength != 0))
		return E_POINTER;
	if (Id < ATTRIBUTE_MIN)
		return SCARD_E_UNSUPPORTED_FEATURE;
	return exchange_out(self_of(iface), &e, Deadline, ValueLength);
}

static HRESULT
reader_SetAttribute(
    ISCardReader *iface, ULONG Id, const BYTE *Value, ULONG ValueLength, ULONGLONG Deadline)
{
	struct ifd_exchange e = {
		.operation = IFD_DO_SET, .value = Id, .in = Value, .in_length = ValueLength
	};

	if (Value == NULL && ValueLength != 0)
		return E_POINTER;
	if (ValueLength > IFD_PAYLOAD_MAX)
		return SCARD_E_INVALID_PARAMETER;
	if (Id < ATTRIBUTE_MIN)
		return SCARD_E_UNSUPPORTED_FEATURE;
	return exchange(self_of(iface), &e, Deadline);
}

static HRESULT
reader_Move(ISCardReader *iface, SCARDREADER_MOVEMENT Movement, ULONGLONG Deadline)
{
	uint32_t card;
	int r = ifd_link_state(&self_of(iface)->link, &card);

	(void)Movement, (void)Deadline;
	return r == -ESHUTDOWN ? result_of(r) : SCARD_E_UNSUPPORTED_FEATURE;
}

static HRESULT
reader_Cancel(ISCardReader *iface)
{
	ifd_link_cancel(&self_of(iface)->link);
	return S_OK;
}

static HRESULT
construct(struct tessera_object *object)
{
	struct ifd_reader *self = (struct ifd_reader *)(void *)object;

	ifd_link_init(&self->link);
	return S_OK;
}

static void
destruct(struct tessera_object *object)
{
	struct ifd_reader *self = (struct ifd_reader *)(void *)object;

	ifd_link_done(&self->link);
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
	{ &IID_ISCardReader, offsetof(struct ifd_reader, reader), &reader_vtbl },
};
static struct tessera_census reader_census;
const struct tessera_class ifd_reader_class = {
	.name = "IfdHandlerReader",
	.size = sizeof(struct ifd_reader),
	.interfaces = reader_interfaces,
	.interface_count = sizeof reader_interfaces / sizeof reader_interfaces[0],
	.construct = construct,
	.destruct = destruct,
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE | TESSERA_CLASS_SERVICE,
	.census = &reader_census,
};

/* What to call it when nobody says: the library's name without "lib" and what follows the dot. */
static void
name_from_library(const char *library, char *out, size_t size)
{
	g_autofree char *base = g_path_get_basename(library);
	char *begin = g_str_has_prefix(base, "lib") ? base + 3 : base;
	char *dot = strchr(begin, '.');

	if (dot != NULL)
		*dot = '\0';
	(void)g_strlcpy(out, begin, size);
}

/* So long at most, and no character in half. */
static void
cut(char *text, size_t most)
{
	const char *end;

	text[MIN(strlen(text), most)] = '\0';
	(void)g_utf8_validate(text, -1, &end);
	text[end - text] = '\0';
}

static void
fill_info(SCARDREADER_INFO *info, const struct ifd_settings *settings,
    const struct ifd_event *ready, unsigned slot)
{
	char name[IFD_TEXT_SIZE], device[IFD_DEVICE_SIZE];

	if (settings->name[0] != '\0')
		(void)g_strlcpy(name, settings->name, sizeof name);
	else if (ready->model[0] != '\0')
		(void)g_strlcpy(name, ready->model, sizeof name);
	else
		name_from_library(settings->library, name, sizeof name);
	cut(name, PART_MAX);
	info->cbSize = sizeof *info;
	info->Slot = slot;
	info->SerialGroup = ready->serial != 0 ? SERIAL_GROUP : 0;
	info->DeviceType = SCARD_READER_TYPE_VENDOR;
	info->Protocols = SCARD_PROTOCOL_Tx;
	info->MaxCommand = SCARDREADER_APDU_MAX;
	info->MaxReply = SCARDREADER_APDU_MAX;
	(void)g_snprintf(info->Name, sizeof info->Name, "%s 00 %02X", name, slot);
	(void)g_strlcpy(info->Vendor, ready->vendor, sizeof info->Vendor);
	(void)g_strlcpy(
	    info->Model, ready->model[0] != '\0' ? ready->model : name, sizeof info->Model);
	(void)g_strlcpy(info->Serial, ready->serial_number, sizeof info->Serial);
	(void)g_strlcpy(device, settings->device, sizeof device);
	cut(device, PART_MAX);
	if (device[0] != '\0')
		(void)g_snprintf(
		    info->DeviceId, sizeof info->DeviceId, "ifdhandler:%s+%u", device, slot);
	else
		(void)g_snprintf(info->DeviceId, sizeof info->DeviceId, "ifdhandler:%u+%u",
		    settings->channel, slot);
}

HRESULT
ifd_reader_new(const struct ifd_settings *settings, const struct ifd_event *ready, unsigned slot,
    const int fds[IFD_SLOT_FDS], int wake_fd, ISCardReader **ret)
{
	ISCardReader *iface;
	HRESULT hr;

	hr = tessera_object_create(&ifd_reader_class, NULL, &IID_ISCardReader, (void **)&iface);
	if (FAILED(hr)) {
		for (unsigned i = 0; i < IFD_SLOT_FDS; i++)
			(void)close(fds[i]);
		return hr;
	}
	if (ifd_channel_take(&self_of(iface)->link.channel, fds) < 0) {
		(void)ISCardReader_Release(iface);
		return SCARD_E_READER_UNAVAILABLE;
	}
	self_of(iface)->link.wake_fd = wake_fd;
	fill_info(&self_of(iface)->info, settings, ready, slot);
	*ret = iface;
	return S_OK;
}

struct ifd_link *
ifd_reader_link(ISCardReader *reader)
{
	return &self_of(reader)->link;
}
