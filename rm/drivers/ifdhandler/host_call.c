/* SPDX-License-Identifier: BSD-2-Clause */
/* A request as a call of the handler. */
#include <string.h>

#include "rm/drivers/ifdhandler/host.h"

#define ATR_MAX 33u

static ifd_result
power(struct ifd_slot *slot, enum ifd_power action, uint8_t *out, ifd_dword *length)
{
	const struct ifd_entries *handler = &slot->host->handler;
	ifd_result code;

	*length = ATR_MAX;
	code = handler->power(slot->number, action, out, length);
	/* Handlers say in many ways that there is no card. */
	if (code != IFD_SUCCESS && code != IFD_NO_SUCH_DEVICE &&
	    handler->presence(slot->number) == IFD_ICC_NOT_PRESENT)
		code = IFD_ICC_NOT_PRESENT;
	if (action == IFD_POWER_DOWN)
		*length = 0;
	else if (code == IFD_SUCCESS && (*length == 0 || *length > ATR_MAX))
		code = IFD_ERROR_POWER_ACTION;
	return code;
}

static ifd_result
transmit(struct ifd_slot *slot, uint32_t protocol, uint8_t *command, size_t command_length,
    uint8_t *out, ifd_dword *length)
{
	struct ifd_io_header send = { .protocol = protocol, .length = sizeof send };
	struct ifd_io_header receive = { .protocol = protocol, .length = sizeof receive };

	*length = IFD_PAYLOAD_MAX;
	return slot->host->handler.transmit(
	    slot->number, send, command, command_length, out, length, &receive);
}

static ifd_result
control(struct ifd_slot *slot, uint32_t value, uint8_t *in, size_t in_length, uint8_t *out,
    ifd_dword *length)
{
	const struct ifd_entries *handler = &slot->host->handler;

	if (handler->control == NULL) {
		*length = IFD_PAYLOAD_MAX;
		return handler->control_2(slot->number, in, in_length, out, length);
	}
	*length = 0;
	return handler->control(slot->number, value, in, in_length, out, IFD_PAYLOAD_MAX, length);
}

static ifd_result
call(struct ifd_slot *slot, const struct ifd_request *request, uint8_t *payload, uint8_t *out,
    ifd_dword *out_length)
{
	const struct ifd_entries *handler = &slot->host->handler;
	size_t length = request->length;

	switch ((enum ifd_operation)request->operation) {
	case IFD_DO_POWER:
		return power(slot, (enum ifd_power)request->value, out, out_length);
	case IFD_DO_PROTOCOL:
		/* Protocols are bits here; the handler finds the parameters in the card's answer.
		 */
		return handler->set_protocol(slot->number, 1u << request->value, 0, 0, 0, 0);
	case IFD_DO_TRANSMIT:
		return transmit(slot, request->value, payload, length, out, out_length);
	case IFD_DO_CONTROL:
		return control(slot, request->value, payload, length, out, out_length);
	case IFD_DO_GET:
		*out_length = IFD_PAYLOAD_MAX;
		return handler->get(slot->number, request->value, out_length, out);
	case IFD_DO_SET:
		return handler->set(slot->number, request->value, length, payload);
	}
	return IFD_NOT_SUPPORTED;
}

int32_t
ifd_slot_call(struct ifd_slot *slot, const struct ifd_request *request, uint8_t *payload,
    uint8_t *out, uint32_t *ret_length)
{
	ifd_dword length = 0;
	ifd_result code;

	(void)pthread_mutex_lock(slot->lock);
	code = call(slot, request, payload, out, &length);
	(void)pthread_mutex_unlock(slot->lock);
	if (code < INT32_MIN || code > INT32_MAX ||
	    (code == IFD_SUCCESS && length > IFD_PAYLOAD_MAX))
		code = IFD_COMMUNICATION_ERROR;
	*ret_length = code == IFD_SUCCESS ? (uint32_t)length : 0;
	return (int32_t)code;
}
