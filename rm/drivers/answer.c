/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/answer.h"

#include <scarderr.h>
#include <string.h>
#include <winerror.h>
#include <winsmcrd.h>

HRESULT
answer_bytes(BYTE *out, ULONG *length, const void *bytes, size_t count)
{
	ULONG room;

	if (length == NULL || (out == NULL && *length != 0))
		return E_POINTER;
	room = *length;
	*length = (ULONG)count;
	if (count > room)
		return SCARD_E_INSUFFICIENT_BUFFER;
	if (count > 0)
		memcpy(out, bytes, count);
	return S_OK;
}

HRESULT
answer_number(BYTE *out, ULONG *length, ULONG value)
{
	return answer_bytes(out, length, &value, sizeof value);
}

HRESULT
answer_info(SCARDREADER_INFO *out, const SCARDREADER_INFO *info)
{
	ULONG size;

	if (out == NULL)
		return E_POINTER;
	size = out->cbSize;
	if (size < sizeof *info)
		return E_INVALIDARG;
	*out = *info;
	out->cbSize = size;
	return S_OK;
}

HRESULT
answer_control(ULONG code, BYTE *out, ULONG *length)
{
	if (code == CM_IOCTL_GET_FEATURE_REQUEST)
		return answer_bytes(out, length, NULL, 0);
	if (length == NULL)
		return E_POINTER;
	*length = 0;
	return SCARD_E_UNSUPPORTED_FEATURE;
}
