/* SPDX-License-Identifier: BSD-2-Clause */
#define COBJMACROS
#include "rm/drivers/vpcd/reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <scarderr.h>
#include <winsmcrd.h>

#include "rm/drivers/answer.h"
#include "rm/drivers/atr.h"
#include "rm/drivers/vpcd/link.h"
#include "rm/drivers/vpcd/message.h"

#define VERSION 0x00010000u /* 0.1.0 as SCARD_ATTR_VENDOR_IFD_VERSION has it */
struct vpcd_reader {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReader) reader;
	SCARDREADER_INFO info; /* constant */
	struct vpcd_connection connection;

	/* Of exchanges, which come one at a time. */
	uint32_t powered_card; /* the card, counted, that the rest is about; another has no power */
	bool powered;
	ULONG protocol;  /* SCARD_PROTOCOL_*; 0: not settled since the reset */
	bool understood; /* the answer to reset could be read: `atr` */
	struct atr atr;
};

static struct vpcd_reader *
self_of(ISCardReader *iface)
{
	return TESSERA_SELF(struct vpcd_reader, iface);
}

static HRESULT
result_of(int error)
{
	switch (error) {
	case 0:
		return S_OK;
	case -ESHUTDOWN:
		return SCARD_E_READER_UNAVAILABLE;
	case -ENODEV:
		return SCARD_E_NO_SMARTCARD;
	case -ETIMEDOUT:
		return SCARD_E_TIMEOUT;
	case -ECANCELED:
		return SCARD_E_CANCELLED;
	default:
		return SCARD_E_COMM_DATA_LOST;
	}
}

static bool
has_power(const struct vpcd_reader *self, uint32_t card)
{
	return self->powered && self->powered_card == card;
}

static HRESULT
reader_GetInfo(ISCardReader *iface, SCARDREADER_INFO *Info)
{
	return answer_info(Info, &self_of(iface)->info);
}

static HRESULT
reader_GetPresence(ISCardReader *iface, ULONGLONG Deadline, BOOL *Present)
{
	int r;

	(void)Deadline;
	if (Present == NULL)
		return E_POINTER;
	r = vpcd_connection_state(&self_of(iface)->connection, NULL);
	if (r == -ESHUTDOWN)
		return result_of(r);
	*Present = r == 0;
	return S_OK;
}

static int
send_control(const struct vpcd_link *link, enum vpcd_control control)
{
	const uint8_t byte = (uint8_t)control;

	return vpcd_link_send(link, &byte, 1);
}

/* Brings the card up and fetches its answer to reset. Cards answer only the last control. */
static int
power_up(const struct vpcd_link *link, bool cold, bool powered, uint8_t *atr, size_t *ret_length)
{
	int r = vpcd_link_check(link);

	if (r == 0 && cold && powered)
		r = send_control(link, VPCD_POWER_OFF);
	if (r == 0)
		r = send_control(link, cold || !powered ? VPCD_POWER_ON : VPCD_RESET);
	if (r == 0)
		r = send_control(link, VPCD_GET_ATR);
	if (r == 0)
		r = vpcd_link_receive(link, atr, ATR_LENGTH_MAX, ret_length);
	return r;
}

static HRESULT
power(struct vpcd_reader *self, SCARDREADER_POWER action, ULONGLONG deadline, uint8_t *atr,
    size_t *ret_length)
{
	struct vpcd_link link;
	uint32_t card = 0;
	bool was_powered;
	int r;

	r = vpcd_connection_begin(&self->connection, deadline, &link, &card);
	if (r < 0)
		return result_of(r);
	was_powered = has_power(self, card);
	self->powered_card = card;
	self->powered = false;
	self->protocol = SCARD_PROTOCOL_UNDEFINED;
	if (action == SCARDREADER_POWER_DOWN) {
		r = send_control(&link, VPCD_POWER_OFF);
		return result_of(vpcd_connection_end(&self->connection, r));
	}
	r = power_up(&link, action == SCARDREADER_COLD_RESET, was_powered, atr, ret_length);
	r = vpcd_connection_end(&self->connection, r);
	if (r < 0)
		return result_of(r);
	if (*ret_length == 0 || *ret_length > ATR_LENGTH_MAX)
		return SCARD_W_UNRESPONSIVE_CARD;
	self->powered = true;
	self->understood = atr_parse(atr, *ret_length, &self->atr) == 0;
	return S_OK;
}

static HRESULT
reader_Power(
    ISCardReader *iface, SCARDREADER_POWER Action, ULONGLONG Deadline, BYTE *Atr, ULONG *AtrLength)
{
	uint8_t atr[ATR_LENGTH_MAX];
	size_t length = 0;
	HRESULT hr;

	if (AtrLength == NULL || (Atr == NULL && Action != SCARDREADER_POWER_DOWN))
		return E_POINTER;
	if (Action != SCARDREADER_POWER_DOWN && Action != SCARDREADER_COLD_RESET &&
	    Action != SCARDREADER_WARM_RESET)
		return SCARD_E_INVALID_PARAMETER;
	hr = power(self_of(iface), Action, Deadline, atr, &length);
	if (FAILED(hr))
		return hr;
	if (length > 0)
		memcpy(Atr, atr, length);
	*AtrLength = (ULONG)length;
	return S_OK;
}

/* The best protocol that card and caller share; 0: none. */
static ULONG
choose_protocol(const struct vpcd_reader *self, ULONG allowed)
{
	int t = -EPROTO;

	if (self->understood)
		t = atr_choose_protocol(&self->atr, allowed & SCARD_PROTOCOL_Tx);
	if (t >= 0)
		return t == 1 ? SCARD_PROTOCOL_T1 : SCARD_PROTOCOL_T0;
	return allowed & SCARD_PROTOCOL_RAW;
}

/* The card of this protocol takes whatever it is sent: nothing has to be told to it. */
static HRESULT
reader_SetProtocol(ISCardReader *iface, ULONG Protocols, ULONGLONG Deadline, ULONG *Active)
{
	struct vpcd_reader *self = self_of(iface);
	uint32_t card = 0;
	ULONG protocol;
	int r;

	(void)Deadline;
	if (Active == NULL)
		return E_POINTER;
	r = vpcd_connection_state(&self->connection, &card);
	if (r < 0)
		return result_of(r);
	if (!has_power(self, card))
		return SCARD_W_UNPOWERED_CARD;
	protocol = choose_protocol(self, Protocols);
	if (protocol == SCARD_PROTOCOL_UNDEFINED)
		return SCARD_E_PROTO_MISMATCH;
	self->protocol = protocol;
	*Active = protocol;
	return S_OK;
}

static HRESULT
transmit(struct vpcd_reader *self, ULONG protocol, const BYTE *command, ULONG command_length,
    ULONGLONG deadline, BYTE *reply, size_t room, size_t *ret_length)
{
	struct vpcd_link link;
	uint32_t card = 0;
	HRESULT hr = S_OK;
	int r;

	r = vpcd_connection_begin(&self->connection, deadline, &link, &card);
	if (r < 0)
		return result_of(r);
	if (!has_power(self, card))
		hr = SCARD_W_UNPOWERED_CARD;
	else if (protocol == SCARD_PROTOCOL_UNDEFINED || protocol != self->protocol)
		hr = SCARD_E_PROTO_MISMATCH;
	if (FAILED(hr)) {
		vpcd_connection_end(&self->connection, 0);
		return hr;
	}
	r = vpcd_link_check(&link);
	if (r == 0)
		r = vpcd_link_send(&link, command, command_length);
	if (r == 0)
		r = vpcd_link_receive(&link, reply, room, ret_length);
	/* Whatever it is, an answer has SW1 SW2. */
	if (r == 0 && *ret_length < 2)
		r = -EPROTO;
	return result_of(vpcd_connection_end(&self->connection, r));
}

static HRESULT
reader_Transmit(ISCardReader *iface, ULONG Protocol, const BYTE *Command, ULONG CommandLength,
    ULONGLONG Deadline, BYTE *Reply, ULONG *ReplyLength)
{
	struct vpcd_reader *self = self_of(iface);
	size_t room, length = 0;
	HRESULT hr;

	if (Command == NULL || Reply == NULL || ReplyLength == NULL)
		return E_POINTER;
	/* A message of one byte would be a control. */
	if (CommandLength < 2 || CommandLength > self->info.MaxCommand)
		return SCARD_E_INVALID_PARAMETER;
	room = *ReplyLength;
	hr = transmit(self, Protocol, Command, CommandLength, Deadline, Reply, room, &length);
	if (FAILED(hr))
		return hr;
	*ReplyLength = (ULONG)length;
	return length > room ? SCARD_E_INSUFFICIENT_BUFFER : S_OK;
}

/* For what does not need the card. */
static HRESULT
check_reader(struct vpcd_reader *self)
{
	int r = vpcd_connection_state(&self->connection, NULL);

	return r == -ESHUTDOWN ? result_of(r) : S_OK;
}

static HRESULT
reader_Control(ISCardReader *iface, ULONG Code, const BYTE *In, ULONG InLength, ULONGLONG Deadline,
    BYTE *Out, ULONG *OutLength)
{
	HRESULT hr = check_reader(self_of(iface));

	(void)In, (void)InLength, (void)Deadline;
	return FAILED(hr) ? hr : answer_control(Code, Out, OutLength);
}

static HRESULT
reader_GetAttribute(
    ISCardReader *iface, ULONG Id, ULONGLONG Deadline, BYTE *Value, ULONG *ValueLength)
{
	struct vpcd_reader *self = self_of(iface);
	HRESULT hr = check_reader(self);
	uint32_t card = 0;
	BYTE active;

	(void)Deadline;
	if (FAILED(hr))
		return hr;
	switch (Id) {
	case SCARD_ATTR_VENDOR_IFD_VERSION:
		return answer_number(Value, ValueLength, VERSION);
	case SCARD_ATTR_PROTOCOL_TYPES:
		return answer_number(Value, ValueLength, SCARD_PROTOCOL_Tx);
	case SCARD_ATTR_CHARACTERISTICS:
		return answer_number(Value, ValueLength, 0);
	case SCARD_ATTR_MAXINPUT:
		return answer_number(Value, ValueLength, self->info.MaxCommand);
	case SCARD_ATTR_ICC_INTERFACE_STATUS:
		active =
		    vpcd_connection_state(&self->connection, &card) == 0 && has_power(self, card);
		return answer_bytes(Value, ValueLength, &active, sizeof active);
	default:
		return SCARD_E_UNSUPPORTED_FEATURE;
	}
}

static HRESULT
reader_SetAttribute(
    ISCardReader *iface, ULONG Id, const BYTE *Value, ULONG ValueLength, ULONGLONG Deadline)
{
	HRESULT hr = check_reader(self_of(iface));

	(void)Id, (void)Value, (void)ValueLength, (void)Deadline;
	return FAILED(hr) ? hr : SCARD_E_UNSUPPORTED_FEATURE;
}

static HRESULT
reader_Move(ISCardReader *iface, SCARDREADER_MOVEMENT Movement, ULONGLONG Deadline)
{
	HRESULT hr = check_reader(self_of(iface));

	(void)Movement, (void)Deadline;
	return FAILED(hr) ? hr : SCARD_E_UNSUPPORTED_FEATURE;
}

static HRESULT
reader_Cancel(ISCardReader *iface)
{
	vpcd_connection_cancel(&self_of(iface)->connection);
	return S_OK;
}

static HRESULT
construct(struct tessera_object *object)
{
	struct vpcd_reader *self = (struct vpcd_reader *)(void *)object;

	return vpcd_connection_init(&self->connection) == 0 ? S_OK : SCARD_E_READER_UNAVAILABLE;
}

static void
destruct(struct tessera_object *object)
{
	struct vpcd_reader *self = (struct vpcd_reader *)(void *)object;

	vpcd_connection_done(&self->connection);
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
	{ &IID_ISCardReader, offsetof(struct vpcd_reader, reader), &reader_vtbl },
};
static struct tessera_census reader_census;
const struct tessera_class vpcd_reader_class = {
	.name = "VpcdReader",
	.size = sizeof(struct vpcd_reader),
	.interfaces = reader_interfaces,
	.interface_count = sizeof reader_interfaces / sizeof reader_interfaces[0],
	.construct = construct,
	.destruct = destruct,
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE | TESSERA_CLASS_SERVICE,
	.census = &reader_census,
};

static void
fill_info(SCARDREADER_INFO *info, const struct vpcd_settings *settings, unsigned slot)
{
	char address[VPCD_PATH_SIZE];

	vpcd_settings_address(settings, slot, address, sizeof address);
	info->cbSize = sizeof *info;
	info->Slot = slot;
	info->DeviceType = SCARD_READER_TYPE_VENDOR;
	info->Protocols = SCARD_PROTOCOL_Tx | SCARD_PROTOCOL_RAW;
	info->MaxCommand = VPCD_PAYLOAD_MAX;
	info->MaxReply = VPCD_PAYLOAD_MAX;
	snprintf(info->Name, sizeof info->Name, "Virtual PCD 00 %02X", slot);
	snprintf(info->Vendor, sizeof info->Vendor, "Tessera");
	snprintf(info->Model, sizeof info->Model, "Virtual PCD");
	snprintf(info->DeviceId, sizeof info->DeviceId, "vpcd:%s", address);
}

HRESULT
vpcd_reader_new(
    const struct vpcd_settings *settings, unsigned slot, int wake_fd, ISCardReader **ret)
{
	ISCardReader *iface;
	HRESULT hr;

	hr = tessera_object_create(&vpcd_reader_class, NULL, &IID_ISCardReader, (void **)&iface);
	if (FAILED(hr))
		return hr;
	self_of(iface)->connection.wake_fd = wake_fd;
	fill_info(&self_of(iface)->info, settings, slot);
	*ret = iface;
	return S_OK;
}

struct vpcd_connection *
vpcd_reader_connection(ISCardReader *reader)
{
	return &self_of(reader)->connection;
}
