/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands to the card and to its reader, and the reader's attributes. */
#include <string.h>

#include "rm/api/input.h"
#include "rm/api/message.h"
#include "rm/pcsclite/lp64.h"

lp64_long pcsclite_transmit(lp64_handle card, const struct lp64_pci *send, const uint8_t *command,
    lp64_dword command_length, struct lp64_pci *receive, uint8_t *reply, lp64_dword *reply_length)
    LP64_EXPORT("SCardTransmit");
lp64_long
pcsclite_control(lp64_handle card, lp64_dword control_code, const void *in, lp64_dword in_length,
    void *out, lp64_dword out_length, lp64_dword *ret_length) LP64_EXPORT("SCardControl");
lp64_long pcsclite_get_attribute(lp64_handle card, lp64_dword id, uint8_t *value,
    lp64_dword *length) LP64_EXPORT("SCardGetAttrib");
lp64_long pcsclite_set_attribute(lp64_handle card, lp64_dword id, const uint8_t *value,
    lp64_dword length) LP64_EXPORT("SCardSetAttrib");

lp64_long
pcsclite_transmit(lp64_handle card, const struct lp64_pci *send, const uint8_t *command,
    lp64_dword command_length, struct lp64_pci *receive, uint8_t *reply, lp64_dword *reply_length)
{
	const struct rm_calls *calls = lp64_card_calls(card);
	struct api_input input;
	uint32_t protocol;
	size_t length;
	LONG code;

	if (command == NULL || reply == NULL || reply_length == NULL || send == NULL)
		return lp64_result(SCARD_E_INVALID_PARAMETER);
	if (*reply_length < LP64_REPLY_MIN || *reply_length > LP64_EXTENDED_MAX ||
	    command_length > LP64_EXTENDED_MAX)
		return lp64_result(SCARD_E_INSUFFICIENT_BUFFER);
	if (calls == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	if ((code = lp64_send_protocol(send->protocol, &protocol)) != SCARD_S_SUCCESS)
		return lp64_result(code);
	length = *reply_length;
	code = api_input_begin(&input, command, command_length, reply, length);
	if (code == SCARD_S_SUCCESS)
		code = calls->transmit((SCARDHANDLE)card, protocol, input.data, input.length, reply,
		    &length, &protocol, api_message_clear());
	api_input_done(&input);
	if (code == SCARD_S_SUCCESS || code == SCARD_E_INSUFFICIENT_BUFFER)
		*reply_length = length;
	if (code == SCARD_S_SUCCESS && receive != NULL)
		*receive = (struct lp64_pci){ lp64_protocol_out(protocol), sizeof *receive };
	return lp64_result(code);
}

lp64_long
pcsclite_control(lp64_handle card, lp64_dword control_code, const void *in, lp64_dword in_length,
    void *out, lp64_dword out_length, lp64_dword *ret_length)
{
	const struct rm_calls *calls = lp64_card_calls(card);
	struct api_input input;
	size_t length = out_length;
	LONG code;

	if (ret_length != NULL)
		*ret_length = 0;
	if ((in == NULL && in_length != 0) || (out == NULL && out_length != 0))
		return lp64_result(SCARD_E_INVALID_PARAMETER);
	if (in_length > LP64_EXTENDED_MAX || out_length > LP64_EXTENDED_MAX)
		return lp64_result(SCARD_E_INSUFFICIENT_BUFFER);
	if (calls == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	code = api_input_begin(&input, in, in_length, out, length);
	if (code == SCARD_S_SUCCESS)
		code = calls->control((SCARDHANDLE)card, lp64_control_in(control_code), input.data,
		    input.length, out, &length, api_message_clear());
	api_input_done(&input);
	if ((code == SCARD_S_SUCCESS || code == SCARD_E_INSUFFICIENT_BUFFER) && ret_length != NULL)
		*ret_length = length;
	return lp64_result(code);
}

lp64_long
pcsclite_get_attribute(lp64_handle card, lp64_dword id, uint8_t *value, lp64_dword *length)
{
	const struct rm_calls *calls = lp64_card_calls(card);
	uint8_t found[LP64_ATTRIBUTE_MAX];
	size_t size = sizeof found;
	LONG code;

	if (length == NULL || (value == NULL && *length == LP64_AUTOALLOCATE))
		return lp64_result(SCARD_E_INVALID_PARAMETER);
	if (value != NULL && *length != LP64_AUTOALLOCATE && *length > sizeof found)
		return lp64_result(SCARD_E_INSUFFICIENT_BUFFER);
	if (calls == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	/* The manager would answer in 8-bit text, which the caller of a wide name does not expect.
	 */
	if (id == SCARD_ATTR_DEVICE_FRIENDLY_NAME_W || id == SCARD_ATTR_DEVICE_SYSTEM_NAME_W)
		return lp64_result(SCARD_E_UNSUPPORTED_FEATURE);
	code = calls->get_attribute(
	    (SCARDHANDLE)card, (uint32_t)id, found, &size, api_message_clear());
	if (code == SCARD_S_SUCCESS)
		code = lp64_give(value, length, found, size, true);
	return lp64_result(code);
}

lp64_long
pcsclite_set_attribute(lp64_handle card, lp64_dword id, const uint8_t *value, lp64_dword length)
{
	const struct rm_calls *calls = lp64_card_calls(card);

	if (value == NULL || length == 0)
		return lp64_result(SCARD_E_INVALID_PARAMETER);
	if (length > LP64_ATTRIBUTE_MAX)
		return lp64_result(SCARD_E_INSUFFICIENT_BUFFER);
	if (calls == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	return lp64_result(calls->set_attribute(
	    (SCARDHANDLE)card, (uint32_t)id, value, length, api_message_clear()));
}
