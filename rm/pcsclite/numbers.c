/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/pcsclite/numbers.h"

#include <winerror.h>

#define LP64_UNSUPPORTED_FEATURE 0x8010001Fl

#define LP64_CONTROL_BASE 0x42000000u /* SCARD_CTL_CODE(0) of pcsc-lite */
#define CONTROL_NUMBERS 0x4000u       /* of functions that a control code of Windows can hold */

/* The Win32 codes that the table may give although its context speaks pcsc-lite's dialect. */
static LONG
without_win32(LONG code)
{
	switch (code) {
	case ERROR_INVALID_HANDLE:
		return SCARD_E_INVALID_HANDLE;
	case ERROR_INVALID_FUNCTION:
	case ERROR_NOT_SUPPORTED:
		return SCARD_E_UNSUPPORTED_FEATURE;
	case ERROR_NOT_ENOUGH_MEMORY:
	case ERROR_OUTOFMEMORY:
		return SCARD_E_NO_MEMORY;
	case ERROR_ACCESS_DENIED:
		return SCARD_W_SECURITY_VIOLATION;
	default:
		return code > 0 ? SCARD_F_UNKNOWN_ERROR : code;
	}
}

lp64_long
lp64_result(LONG code)
{
	code = without_win32(code);
	if (code == SCARD_E_UNSUPPORTED_FEATURE)
		return LP64_UNSUPPORTED_FEATURE;
	return (lp64_long)(uint32_t)code;
}

uint32_t
lp64_protocols_in(lp64_dword protocols)
{
	uint32_t result = (uint32_t)protocols & SCARD_PROTOCOL_Tx;

	if (protocols & LP64_PROTOCOL_RAW)
		result |= SCARD_PROTOCOL_RAW;
	if (protocols & LP64_PROTOCOL_ANY_OLD)
		result |= SCARD_PROTOCOL_Tx;
	return result;
}

lp64_dword
lp64_protocol_out(uint32_t protocol)
{
	return protocol == SCARD_PROTOCOL_RAW ? LP64_PROTOCOL_RAW : protocol;
}

LONG
lp64_send_protocol(lp64_dword protocol, uint32_t *ret_protocol)
{
	*ret_protocol = lp64_protocols_in(protocol);
	if (protocol == LP64_PROTOCOL_ANY_OLD)
		*ret_protocol = 0;
	else if (*ret_protocol == 0)
		return SCARD_E_PROTO_MISMATCH;
	return SCARD_S_SUCCESS;
}

uint32_t
lp64_control_in(lp64_dword code)
{
	if (code < LP64_CONTROL_BASE || code - LP64_CONTROL_BASE >= CONTROL_NUMBERS)
		return (uint32_t)code;
	return SCARD_CTL_CODE(code - LP64_CONTROL_BASE);
}
