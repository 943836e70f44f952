/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/ifdhandler/codes.h"

#include <scarderr.h>
#include <winerror.h>
#include <winsmcrd.h>

#include "rm/drivers/ifdhandler/handler.h"

#define PCSCLITE_CONTROL 0x42000000u
#define WINDOWS_CONTROL SCARD_CTL_CODE(0)
/* Function numbers have 12 bits in Windows's codes. */
#define FUNCTION_MAX 0xFFFu
#define FEATURE_SIZE 6u /* tag, length 4, four bytes of code, the highest first */

static HRESULT
failure(enum ifd_operation operation)
{
	switch (operation) {
	case IFD_DO_POWER:
		return SCARD_W_UNRESPONSIVE_CARD;
	case IFD_DO_PROTOCOL:
		return SCARD_E_PROTO_MISMATCH;
	case IFD_DO_GET:
	case IFD_DO_SET:
		return SCARD_E_UNSUPPORTED_FEATURE;
	default:
		return SCARD_E_COMM_DATA_LOST;
	}
}

HRESULT
ifd_code_result(enum ifd_operation operation, int32_t code)
{
	switch (code) {
	case IFD_SUCCESS:
		return S_OK;
	case IFD_NO_SUCH_DEVICE:
		return SCARD_E_READER_UNAVAILABLE;
	case IFD_ICC_NOT_PRESENT:
		return SCARD_E_NO_SMARTCARD;
	case IFD_PROTOCOL_NOT_SUPPORTED:
		return SCARD_E_PROTO_MISMATCH;
	case IFD_ERROR_INSUFFICIENT_BUFFER:
		return SCARD_E_INSUFFICIENT_BUFFER;
	case IFD_ERROR_TAG:
	case IFD_ERROR_NOT_SUPPORTED:
	case IFD_NOT_SUPPORTED:
	case IFD_ERROR_VALUE_READ_ONLY:
		return operation == IFD_DO_POWER || operation == IFD_DO_PROTOCOL ||
			operation == IFD_DO_TRANSMIT
		    ? failure(operation)
		    : SCARD_E_UNSUPPORTED_FEATURE;
	case IFD_COMMUNICATION_ERROR:
		return operation == IFD_DO_PROTOCOL ? SCARD_E_COMM_DATA_LOST : failure(operation);
	default:
		return failure(operation);
	}
}

uint32_t
ifd_code_control(uint32_t code)
{
	uint32_t function = (code - WINDOWS_CONTROL) >> 2;

	if (code < WINDOWS_CONTROL || code % 4 != 0 || function > FUNCTION_MAX)
		return code;
	return PCSCLITE_CONTROL + function;
}

void
ifd_code_features(uint8_t *list, size_t length)
{
	for (size_t at = 0; length - at >= FEATURE_SIZE && list[at + 1] == 4; at += FEATURE_SIZE) {
		uint8_t *bytes = list + at + 2;
		uint32_t code = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
		    (uint32_t)bytes[2] << 8 | bytes[3];

		if (code < PCSCLITE_CONTROL || code - PCSCLITE_CONTROL > FUNCTION_MAX)
			continue;
		code = SCARD_CTL_CODE(code - PCSCLITE_CONTROL);
		bytes[0] = (uint8_t)(code >> 24);
		bytes[1] = (uint8_t)(code >> 16);
		bytes[2] = (uint8_t)(code >> 8);
		bytes[3] = (uint8_t)code;
	}
}

int
ifd_code_first_protocol(const uint8_t *atr, size_t length)
{
	size_t td1;

	if (length < 2)
		return -1;
	if ((atr[1] & 0x80) == 0)
		return 0;
	td1 = 2u + (atr[1] >> 4 & 1) + (atr[1] >> 5 & 1) + (atr[1] >> 6 & 1);
	if (td1 >= length)
		return -1;
	return (atr[td1] & 0x0F) <= 1 ? atr[td1] & 0x0F : -1;
}
