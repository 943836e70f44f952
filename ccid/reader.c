/* SPDX-License-Identifier: BSD-2-Clause */
#define COBJMACROS
#include "ccid/reader.h"

#include <stdio.h>
#include <string.h>

#include <scarderr.h>
#include <winsmcrd.h>

#include "ccid/functions.h"
#include "rm/drivers/answer.h"

struct ccid_reader {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReader) reader;
	SCARDREADER_INFO info;      /* constant */
	struct ccid_device *device; /* a reference */
	unsigned slot;
	bool escape;
};

static struct ccid_reader *
self_of(ISCardReader *iface)
{
	return TESSERA_SELF(struct ccid_reader, iface);
}

static HRESULT
result_of(enum ccid_result result)
{
	switch (result) {
	case CCID_OK:
		return S_OK;
	case CCID_GONE:
		return SCARD_E_READER_UNAVAILABLE;
	case CCID_ABSENT:
		return SCARD_E_NO_SMARTCARD;
	case CCID_UNPOWERED:
		return SCARD_W_UNPOWERED_CARD;
	case CCID_MUTE:
		return SCARD_W_UNRESPONSIVE_CARD;
	case CCID_MISMATCH:
	case CCID_NO_PPS:
		return SCARD_E_PROTO_MISMATCH;
	case CCID_UNSUPPORTED:
		return SCARD_E_UNSUPPORTED_FEATURE;
	case CCID_SMALL:
		return SCARD_E_INSUFFICIENT_BUFFER;
	case CCID_INVALID:
	case CCID_TOO_LONG:
		return SCARD_E_INVALID_PARAMETER;
	case CCID_DEADLINE:
		return SCARD_E_TIMEOUT;
	case CCID_CANCELLED:
		return SCARD_E_CANCELLED;
	case CCID_NO_MEMORY:
		return E_OUTOFMEMORY;
	default:
		return SCARD_E_COMM_DATA_LOST;
	}
}

static HRESULT
reader_GetInfo(ISCardReader *iface, SCARDREADER_INFO *Info)
{
	return answer_info(Info, &self_of(iface)->info);
}

static HRESULT
reader_GetPresence(ISCardReader *iface, ULONGLONG Deadline, BOOL *Present)
{
	struct ccid_reader *self = self_of(iface);
	struct ccid_slot *slot;
	bool present = false;
	enum ccid_result r;

	if (Present == NULL)
		return E_POINTER;
	r = ccid_device_enter(self->device, self->slot, Deadline, &slot);
	if (r == CCID_OK) {
		r = ccid_device_look(self->device, self->slot, Deadline, &present);
		ccid_device_leave(self->device);
	}
	if (r == CCID_OK)
		*Present = present;
	return result_of(r);
}

static HRESULT
reader_Power(
    ISCardReader *iface, SCARDREADER_POWER Action, ULONGLONG Deadline, BYTE *Atr, ULONG *AtrLength)
{
	struct ccid_reader *self = self_of(iface);
	struct ccid_slot *slot;
	enum ccid_result r;

	if (AtrLength == NULL || (Atr == NULL && Action != SCARDREADER_POWER_DOWN))
		return E_POINTER;
	if (Action != SCARDREADER_POWER_DOWN && Action != SCARDREADER_COLD_RESET &&
	    Action != SCARDREADER_WARM_RESET)
		return SCARD_E_INVALID_PARAMETER;
	r = ccid_device_enter(self->device, self->slot, Deadline, &slot);
	if (r != CCID_OK)
		return result_of(r);
	if (Action == SCARDREADER_POWER_DOWN)
		r = ccid_slot_power_down(slot, Deadline);
	else
		r = ccid_slot_power_up(slot, Action == SCARDREADER_WARM_RESET, Deadline);
	if (r == CCID_OK)
		*AtrLength = (ULONG)slot->atr_length;
	if (r == CCID_OK && Action != SCARDREADER_POWER_DOWN)
		memcpy(Atr, slot->atr_bytes, slot->atr_length);
	ccid_device_leave(self->device);
	return result_of(r);
}

static ULONG
protocol_of(const struct ccid_slot *slot)
{
	switch (slot->protocol) {
	case 0:
		return SCARD_PROTOCOL_T0;
	case 1:
		return SCARD_PROTOCOL_T1;
	case CCID_PROTOCOL_RAW:
		return SCARD_PROTOCOL_RAW;
	default:
		return SCARD_PROTOCOL_UNDEFINED;
	}
}

static HRESULT
reader_SetProtocol(ISCardReader *iface, ULONG Protocols, ULONGLONG Deadline, ULONG *Active)
{
	struct ccid_reader *self = self_of(iface);
	struct ccid_slot *slot;
	enum ccid_result r;

	if (Active == NULL)
		return E_POINTER;
	r = ccid_device_enter(self->device, self->slot, Deadline, &slot);
	if (r != CCID_OK)
		return result_of(r);
	r = ccid_slot_select(slot, Protocols & SCARD_PROTOCOL_Tx, Deadline);
	if (r == CCID_MISMATCH && (Protocols & SCARD_PROTOCOL_RAW) != 0)
		r = ccid_slot_select_raw(slot);
	if (r == CCID_OK)
		*Active = protocol_of(slot);
	ccid_device_leave(self->device);
	return result_of(r);
}

static HRESULT
reader_Transmit(ISCardReader *iface, ULONG Protocol, const BYTE *Command, ULONG CommandLength,
    ULONGLONG Deadline, BYTE *Reply, ULONG *ReplyLength)
{
	struct ccid_reader *self = self_of(iface);
	struct ccid_room room;
	struct ccid_slot *slot;
	enum ccid_result r;

	if (Command == NULL || Reply == NULL || ReplyLength == NULL)
		return E_POINTER;
	if (CommandLength == 0 || CommandLength > self->info.MaxCommand)
		return SCARD_E_INVALID_PARAMETER;
	r = ccid_device_enter(self->device, self->slot, Deadline, &slot);
	if (r != CCID_OK)
		return result_of(r);
	room = (struct ccid_room){ Reply, *ReplyLength, 0 };
	if (slot->powered && !slot->dead && protocol_of(slot) != Protocol)
		r = CCID_MISMATCH;
	else
		r = ccid_slot_transmit(slot, Command, CommandLength, Deadline, &room);
	if (r == CCID_OK || r == CCID_SMALL)
		*ReplyLength = (ULONG)room.length;
	ccid_device_leave(self->device);
	return result_of(r);
}

static HRESULT
reader_Control(ISCardReader *iface, ULONG Code, const BYTE *In, ULONG InLength, ULONGLONG Deadline,
    BYTE *Out, ULONG *OutLength)
{
	struct ccid_reader *self = self_of(iface);
	struct ccid_room room;
	struct ccid_slot *slot;
	enum ccid_result r;

	if (OutLength == NULL || (In == NULL && InLength != 0) || (Out == NULL && *OutLength != 0))
		return E_POINTER;
	r = ccid_device_enter(self->device, self->slot, Deadline, &slot);
	if (r != CCID_OK)
		return result_of(r);
	room = (struct ccid_room){ Out, *OutLength, 0 };
	r = ccid_device_control(self->device, slot, self->escape, Code, CCID_CODES_WINDOWS, In,
	    InLength, Deadline, &room);
	*OutLength = r == CCID_OK || r == CCID_SMALL ? (ULONG)room.length : 0;
	ccid_device_leave(self->device);
	return result_of(r);
}

static HRESULT
reader_GetAttribute(
    ISCardReader *iface, ULONG Id, ULONGLONG Deadline, BYTE *Value, ULONG *ValueLength)
{
	struct ccid_reader *self = self_of(iface);
	struct ccid_slot *slot;
	enum ccid_result r;
	size_t length = 0;

	if (ValueLength == NULL || (Value == NULL && *ValueLength != 0))
		return E_POINTER;
	r = ccid_device_enter(self->device, self->slot, Deadline, &slot);
	if (r != CCID_OK)
		return result_of(r);
	r = ccid_device_attribute(self->device, slot, Id, Value, *ValueLength, &length);
	if (r == CCID_OK && Value == NULL && length > 0)
		r = CCID_SMALL; /* the length alone was asked for */
	/* Texts and answers to reset that there are not. */
	if (r == CCID_OK && length == 0)
		r = CCID_UNSUPPORTED;
	if (r == CCID_OK || r == CCID_SMALL)
		*ValueLength = (ULONG)length;
	ccid_device_leave(self->device);
	return result_of(r);
}

static HRESULT
reader_SetAttribute(
    ISCardReader *iface, ULONG Id, const BYTE *Value, ULONG ValueLength, ULONGLONG Deadline)
{
	(void)iface, (void)Id, (void)Value, (void)ValueLength, (void)Deadline;
	return SCARD_E_UNSUPPORTED_FEATURE;
}

static HRESULT
reader_Move(ISCardReader *iface, SCARDREADER_MOVEMENT Movement, ULONGLONG Deadline)
{
	struct ccid_reader *self = self_of(iface);
	struct ccid_slot *slot;
	unsigned function;
	enum ccid_result r;

	switch (Movement) {
	case SCARDREADER_SWALLOW:
		function = 1;
		break;
	case SCARDREADER_EJECT:
		function = 2;
		break;
	case SCARDREADER_CONFISCATE:
		function = 3;
		break;
	default:
		return SCARD_E_INVALID_PARAMETER;
	}
	r = ccid_device_enter(self->device, self->slot, Deadline, &slot);
	if (r != CCID_OK)
		return result_of(r);
	r = ccid_slot_move(slot, function, Deadline);
	ccid_device_leave(self->device);
	return result_of(r);
}

static HRESULT
reader_Cancel(ISCardReader *iface)
{
	ccid_device_cancel(self_of(iface)->device);
	return S_OK;
}

static void
destruct(struct tessera_object *object)
{
	struct ccid_reader *self = (struct ccid_reader *)(void *)object;

	if (self->device != NULL)
		ccid_device_unref(self->device);
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
	{ &IID_ISCardReader, offsetof(struct ccid_reader, reader), &reader_vtbl },
};
static struct tessera_census reader_census;
const struct tessera_class ccid_reader_class = {
	.name = "CcidReader",
	.size = sizeof(struct ccid_reader),
	.interfaces = reader_interfaces,
	.interface_count = sizeof reader_interfaces / sizeof reader_interfaces[0],
	.destruct = destruct,
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE | TESSERA_CLASS_SERVICE,
	.census = &reader_census,
};

static void
fill_info(
    SCARDREADER_INFO *info, struct ccid_device *device, unsigned slot, unsigned number, ULONG group)
{
	const struct ccid_about *about = ccid_device_about(device);
	const struct ccid_labels labels = { about->vendor, about->product, about->vendor_name,
		about->product_name, about->interface_name, about->serial };

	info->cbSize = sizeof *info;
	info->Slot = slot;
	info->SerialGroup = group;
	info->DeviceType = SCARD_READER_TYPE_USB;
	info->Protocols = ccid_device_descriptor(device)->protocols | SCARD_PROTOCOL_RAW;
	info->MaxCommand = CCID_COMMAND_MAX;
	info->MaxReply = CCID_REPLY_MAX;
	info->Flags = ccid_device_tells(device) ? 0 : SCARDREADER_FLAG_POLLED;
	snprintf(info->Vendor, sizeof info->Vendor, "%s", about->vendor_name);
	snprintf(info->Model, sizeof info->Model, "%s", about->product_name);
	snprintf(info->Serial, sizeof info->Serial, "%s", about->serial);
	ccid_name_make(&labels, number, slot, (char *)info->Name);
	ccid_name_identity(&labels, &about->place, slot, (char *)info->DeviceId);
}

HRESULT
ccid_reader_new(struct ccid_device *device, unsigned slot, unsigned number, ULONG group,
    bool escape, ISCardReader **ret)
{
	struct ccid_reader *self;
	ISCardReader *iface;
	HRESULT hr;

	hr = tessera_object_create(&ccid_reader_class, NULL, &IID_ISCardReader, (void **)&iface);
	if (FAILED(hr))
		return hr;
	self = self_of(iface);
	self->device = ccid_device_ref(device);
	self->slot = slot;
	self->escape = escape;
	fill_info(&self->info, device, slot, number, group);
	*ret = iface;
	return S_OK;
}
