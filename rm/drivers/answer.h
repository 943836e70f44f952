/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers of a driver into its caller's memory, as scardreader.idl wants them.
 */
#ifndef RM_DRIVERS_ANSWER_H
#define RM_DRIVERS_ANSWER_H

#include <scardreader.h>

#include <stddef.h>

/*
 * Copies an answer.
 * @out: may be NULL when there is no room
 * @length: in the room, out the length of the answer
 * S_OK; SCARD_E_INSUFFICIENT_BUFFER; E_POINTER.
 */
HRESULT answer_bytes(BYTE *out, ULONG *length, const void *bytes, size_t count);

/* An attribute that is a DWORD, in the machine's byte order as on Windows. */
HRESULT answer_number(BYTE *out, ULONG *length, ULONG value);

/* GetInfo: E_INVALIDARG: the caller's structure is smaller than its first version. */
HRESULT answer_info(SCARDREADER_INFO *out, const SCARDREADER_INFO *info);

/*
 * Control: a reader without functions of its own answers the question for its features with an
 * empty list, and nothing else.
 */
HRESULT answer_control(ULONG code, BYTE *out, ULONG *length);

#endif
