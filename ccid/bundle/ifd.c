/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver as an IFD handler (IFDHandler 3.0), for managers such as pcscd. No part of Tessera's
 * runtime is in it. Each function may be called from any thread.
 */
#include <string.h>

#include "ccid/bundle/channel.h"
#include "ccid/bundle/log.h"
#include "ccid/functions.h"
#include "ccid/thread.h"
#include "interfaces/pcsclite/ifdhandler.h"
#include "interfaces/pcsclite/reader.h"

#define EXPORT __attribute__((visibility("default")))
/* Whatever a manager waits for, it does not wait for ever. */
#define CALL_TIME 900000000000ull
#define POLL_MAX_MS 3600000

static RESPONSECODE
code_of(enum ccid_result result)
{
	switch (result) {
	case CCID_OK:
		return IFD_SUCCESS;
	case CCID_GONE:
		return IFD_NO_SUCH_DEVICE;
	case CCID_ABSENT:
		return IFD_ICC_NOT_PRESENT;
	case CCID_MUTE:
		return IFD_ERROR_POWER_ACTION;
	case CCID_SILENT:
	case CCID_DEADLINE:
		return IFD_RESPONSE_TIMEOUT;
	case CCID_MISMATCH:
		return IFD_PROTOCOL_NOT_SUPPORTED;
	case CCID_NO_PPS:
		return IFD_ERROR_PTS_FAILURE;
	case CCID_UNSUPPORTED:
		return IFD_ERROR_NOT_SUPPORTED;
	case CCID_SMALL:
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	default:
		return IFD_COMMUNICATION_ERROR;
	}
}

/* A slot for the length of a call. */
struct call {
	struct channel *channel;
	struct ccid_slot *slot;
	uint64_t deadline;
};

static enum ccid_result
begin(struct call *call, DWORD lun)
{
	unsigned number;
	enum ccid_result r;

	call->deadline = ccid_now() + CALL_TIME;
	call->channel = channel_hold(lun, &number);
	if (call->channel == NULL)
		return CCID_INVALID;
	r = ccid_device_enter(channel_device(call->channel), number, call->deadline, &call->slot);
	if (r != CCID_OK)
		channel_release(call->channel);
	return r;
}

static RESPONSECODE
end(struct call *call, enum ccid_result r)
{
	ccid_device_leave(channel_device(call->channel));
	channel_release(call->channel);
	return code_of(r);
}

static const char *
reason(enum ccid_result result)
{
	switch (result) {
	case CCID_INVALID:
		return "it is not named usb:VVVV/PPPP[:...], or the number has more than 32 bits";
	case CCID_BUSY:
		return "it is open already, or another program or a kernel driver holds it";
	case CCID_REFUSED:
		return "access to the device is refused";
	case CCID_UNSUPPORTED:
		return "libusb cannot be used here, or this kind of reader is not supported";
	case CCID_DEADLINE:
		return "it took too long";
	default:
		return ccid_result_name(result);
	}
}

/* That there is no such device, or interface, managers find out by trying: no word about it. */
static RESPONSECODE
open_channel(DWORD lun, const char *name)
{
	enum ccid_result r = channel_open(lun, name);

	if (r != CCID_OK && r != CCID_GONE)
		bundle_log(BUNDLE_LOG_CRITICAL, "%s cannot be opened: %s",
		    name != NULL ? name : "a reader", reason(r));
	return code_of(r);
}

EXPORT RESPONSECODE
IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName)
{
	if (DeviceName == NULL)
		return IFD_COMMUNICATION_ERROR;
	return open_channel(Lun, DeviceName);
}

/* The first reader that is not open yet: a number says nothing about USB. */
EXPORT RESPONSECODE
IFDHCreateChannel(DWORD Lun, DWORD Channel)
{
	(void)Channel;
	return open_channel(Lun, NULL);
}

EXPORT RESPONSECODE
IFDHCloseChannel(DWORD Lun)
{
	return code_of(channel_close(Lun));
}

/* Waits for a card to move; a time that is not positive is no limit of the manager's. */
static RESPONSECODE
poll_reader(DWORD Lun, int timeout)
{
	unsigned number;
	struct channel *channel = channel_hold(Lun, &number);
	enum ccid_result r;

	if (channel == NULL)
		return IFD_NO_SUCH_DEVICE;
	r = watch_wait(channel_watch(channel), number,
	    timeout > 0 && timeout < POLL_MAX_MS ? (unsigned)timeout : POLL_MAX_MS);
	channel_release(channel);
	return r == CCID_GONE ? IFD_NO_SUCH_DEVICE : IFD_SUCCESS;
}

static RESPONSECODE
stop_polling(DWORD Lun)
{
	unsigned number;
	struct channel *channel = channel_hold(Lun, &number);

	if (channel == NULL)
		return IFD_NO_SUCH_DEVICE;
	watch_wake(channel_watch(channel), number);
	channel_release(channel);
	return IFD_SUCCESS;
}

static RESPONSECODE
answer(const void *bytes, size_t size, PDWORD length, PUCHAR value)
{
	DWORD room = *length;

	*length = size;
	if (value != NULL && room < size)
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	if (value != NULL && size > 0)
		memcpy(value, bytes, size);
	return IFD_SUCCESS;
}

/* What managers ask about the driver itself; IFD_ERROR_TAG: no such tag. */
static RESPONSECODE
tag_of_driver(struct channel *channel, DWORD tag, PDWORD length, PUCHAR value)
{
	RESPONSECODE (*poll)(DWORD, int) = poll_reader;
	RESPONSECODE (*stop)(DWORD) = stop_polling;
	UCHAR byte;

	switch (tag) {
	case TAG_IFD_SIMULTANEOUS_ACCESS:
		byte = 255;
		break;
	case TAG_IFD_THREAD_SAFE:
	case TAG_IFD_DEVICE_REMOVED:
		byte = 1;
		break;
	case TAG_IFD_SLOT_THREAD_SAFE:
	case TAG_IFD_POLLING_THREAD_KILLABLE:
		byte = 0;
		break;
	case TAG_IFD_SLOTS_NUMBER:
		byte = (UCHAR)ccid_device_slots(channel_device(channel));
		break;
	case TAG_IFD_POLLING_THREAD_WITH_TIMEOUT:
		if (!ccid_device_tells(channel_device(channel)))
			return answer(NULL, 0, length, value);
		return answer(&poll, sizeof poll, length, value);
	case TAG_IFD_STOP_POLLING_THREAD:
		if (!ccid_device_tells(channel_device(channel)))
			return answer(NULL, 0, length, value);
		return answer(&stop, sizeof stop, length, value);
	default:
		return IFD_ERROR_TAG;
	}
	return answer(&byte, 1, length, value);
}

static RESPONSECODE
attribute(DWORD lun, DWORD tag, PDWORD length, PUCHAR value)
{
	struct call call;
	size_t size = 0;
	enum ccid_result r = begin(&call, lun);

	if (r != CCID_OK)
		return code_of(r);
	if (tag == TAG_IFD_ATR)
		tag = SCARD_ATTR_ATR_STRING;
	r = ccid_device_attribute(channel_device(call.channel), call.slot, (uint32_t)tag, value,
	    value == NULL ? 0 : *length, &size);
	if (r == CCID_OK || r == CCID_SMALL)
		*length = size;
	return end(&call, r) == IFD_ERROR_NOT_SUPPORTED ? IFD_ERROR_TAG : code_of(r);
}

EXPORT RESPONSECODE
IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value)
{
	struct channel *channel;
	RESPONSECODE code;
	unsigned number;

	if (Length == NULL)
		return IFD_COMMUNICATION_ERROR;
	channel = channel_hold(Lun, &number);
	if (channel == NULL)
		return IFD_COMMUNICATION_ERROR;
	code = tag_of_driver(channel, Tag, Length, Value);
	channel_release(channel);
	return code == IFD_ERROR_TAG ? attribute(Lun, Tag, Length, Value) : code;
}

/* The manager heard that the device was unplugged. */
static RESPONSECODE
set_removed(struct channel *channel, DWORD length, const UCHAR *value)
{
	if (length != 1 || value == NULL || *value != 1)
		return IFD_ERROR_SET_FAILURE;
	channel_set_gone(channel);
	return IFD_SUCCESS;
}

/* Everything else that there is can only be read. */
static RESPONSECODE
refuse(DWORD lun, DWORD tag)
{
	DWORD length = 0;
	RESPONSECODE code = IFDHGetCapabilities(lun, tag, &length, NULL);

	return code == IFD_SUCCESS ? IFD_ERROR_VALUE_READ_ONLY : code;
}

EXPORT RESPONSECODE
IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value)
{
	unsigned number;
	struct channel *channel;
	RESPONSECODE code;

	if (Tag != TAG_IFD_DEVICE_REMOVED)
		return refuse(Lun, Tag);
	channel = channel_hold(Lun, &number);
	if (channel == NULL)
		return IFD_COMMUNICATION_ERROR;
	code = set_removed(channel, Length, Value);
	channel_release(channel);
	return code;
}

EXPORT RESPONSECODE
IFDHSetProtocolParameters(
    DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1, UCHAR PTS2, UCHAR PTS3)
{
	struct call call;
	enum ccid_result r = begin(&call, Lun);

	/* The rate is the driver's to choose: it knows what the reader can do. */
	(void)Flags, (void)PTS1, (void)PTS2, (void)PTS3;
	if (r != CCID_OK)
		return code_of(r);
	return end(&call, ccid_slot_select(call.slot, (unsigned)Protocol & 3u, call.deadline));
}

EXPORT RESPONSECODE
IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength)
{
	struct call call;
	enum ccid_result r;

	if (AtrLength != NULL)
		*AtrLength = 0;
	if (Action != IFD_POWER_UP && Action != IFD_POWER_DOWN && Action != IFD_RESET)
		return IFD_NOT_SUPPORTED;
	if (Action != IFD_POWER_DOWN && (Atr == NULL || AtrLength == NULL))
		return IFD_COMMUNICATION_ERROR;
	r = begin(&call, Lun);
	if (r != CCID_OK)
		return code_of(r);
	if (Action == IFD_POWER_DOWN)
		return end(&call, ccid_slot_power_down(call.slot, call.deadline));
	r = ccid_slot_power_up(call.slot, Action == IFD_RESET, call.deadline);
	if (r == CCID_OK) {
		memcpy(Atr, call.slot->atr_bytes, call.slot->atr_length);
		*AtrLength = call.slot->atr_length;
	}
	return end(&call, r == CCID_ABSENT ? CCID_MUTE : r);
}

/* Raw exchanges are not announced by IFDHSetProtocolParameters: the first one says so itself. */
static enum ccid_result
agree(struct ccid_slot *slot, DWORD protocol)
{
	const bool raw = protocol > 1;

	if (raw && slot->powered && slot->protocol == CCID_NO_PROTOCOL)
		return ccid_slot_select_raw(slot);
	if (slot->protocol == CCID_NO_PROTOCOL)
		return CCID_OK;
	if (slot->protocol == CCID_PROTOCOL_RAW)
		return raw ? CCID_OK : CCID_MISMATCH;
	return (DWORD)slot->protocol == protocol ? CCID_OK : CCID_MISMATCH;
}

EXPORT RESPONSECODE
IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength,
    PUCHAR RxBuffer, PDWORD RxLength, PSCARD_IO_HEADER RecvPci)
{
	struct ccid_room room;
	struct call call;
	enum ccid_result r;

	if (RxLength == NULL || RxBuffer == NULL || TxBuffer == NULL)
		return IFD_COMMUNICATION_ERROR;
	room = (struct ccid_room){ RxBuffer, *RxLength, 0 };
	*RxLength = 0;
	/* Every answer has SW1 SW2. */
	if (room.room < 2)
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	if (TxLength > CCID_COMMAND_MAX)
		return IFD_COMMUNICATION_ERROR;
	r = begin(&call, Lun);
	if (r != CCID_OK)
		return code_of(r);
	r = agree(call.slot, SendPci.Protocol);
	if (r == CCID_OK)
		r = ccid_slot_transmit(call.slot, TxBuffer, TxLength, call.deadline, &room);
	if (r == CCID_OK) {
		*RxLength = room.length;
		if (RecvPci != NULL)
			RecvPci->Protocol = (DWORD)call.slot->protocol;
	}
	return end(&call, r);
}

EXPORT RESPONSECODE
/* cppcheck-suppress funcArgOrderDifferent ; the header declares version 2 as well */
IFDHControl(DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer,
    DWORD RxLength, LPDWORD pdwBytesReturned)
{
	struct ccid_room room = { RxBuffer, RxBuffer == NULL ? 0 : RxLength, 0 };
	struct call call;
	enum ccid_result r;

	if (pdwBytesReturned == NULL || (TxBuffer == NULL && TxLength != 0) ||
	    TxLength > CCID_COMMAND_MAX)
		return IFD_COMMUNICATION_ERROR;
	*pdwBytesReturned = 0;
	r = begin(&call, Lun);
	if (r != CCID_OK)
		return code_of(r);
	r = ccid_device_control(channel_device(call.channel), call.slot, channel_allows_escape(),
	    (uint32_t)dwControlCode, CCID_CODES_PCSCLITE, TxBuffer, TxLength, call.deadline, &room);
	if (r == CCID_OK)
		*pdwBytesReturned = room.length;
	return end(&call, r);
}

EXPORT RESPONSECODE
IFDHICCPresence(DWORD Lun)
{
	struct call call;
	bool present = false;
	enum ccid_result r = begin(&call, Lun);

	if (r != CCID_OK)
		return code_of(r);
	r = ccid_device_look(
	    channel_device(call.channel), call.slot->number, call.deadline, &present);
	/* A card that was changed between two looks: gone once, so that its users notice. */
	if (r == CCID_OK && watch_take_removal(channel_watch(call.channel), call.slot->number) &&
	    present) {
		watch_wake(channel_watch(call.channel), call.slot->number);
		present = false;
	}
	if (r != CCID_OK)
		return end(&call, r);
	end(&call, r);
	return present ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}
