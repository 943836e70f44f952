/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks of T=1 as bytes: built, and checked in the order in which a fault decides its code. */
#include "ccid/t1_block.h"

#include <string.h>

#include "ccid/limits.h"

#define CRC_START 0xFFFFu
#define CRC_POLYNOMIAL 0x8408u /* x^16 + x^12 + x^5 + 1, least significant bit first */

#define LEN_RESERVED 0xFFu
/* SAD and DAD; the two bits between them once switched a programming voltage. */
#define NAD_ADDRESSES 0x77u

size_t
t1_edc_size(bool crc)
{
	return crc ? 2 : 1;
}

uint16_t
t1_crc(const uint8_t *bytes, size_t length)
{
	unsigned crc = CRC_START;

	for (size_t i = 0; i < length; i++) {
		crc ^= bytes[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ CRC_POLYNOMIAL : crc >> 1;
	}
	return (uint16_t)(T1_CRC_INVERTED ? ~crc : crc);
}

static void
write_edc(bool crc, const uint8_t *bytes, size_t length, uint8_t *out)
{
	unsigned value = 0;

	if (crc) {
		value = t1_crc(bytes, length);
		out[T1_CRC_HIGH_BYTE_FIRST ? 0 : 1] = (uint8_t)(value >> 8);
		out[T1_CRC_HIGH_BYTE_FIRST ? 1 : 0] = (uint8_t)value;
		return;
	}
	for (size_t i = 0; i < length; i++)
		value ^= bytes[i];
	out[0] = (uint8_t)value;
}

size_t
t1_block_write(bool crc, unsigned pcb, const uint8_t *inf, size_t length, uint8_t *out)
{
	out[0] = 0;
	out[1] = (uint8_t)pcb;
	out[2] = (uint8_t)length;
	if (length > 0)
		memcpy(out + T1_PROLOGUE, inf, length);
	write_edc(crc, out, T1_PROLOGUE + length, out + T1_PROLOGUE + length);
	return T1_PROLOGUE + length + t1_edc_size(crc);
}

static bool
read_s_block(const uint8_t *bytes, struct t1_view *view)
{
	view->service = bytes[1] & 0x1F;
	switch (view->service) {
	case T1_RESYNCH:
	case T1_ABORT:
		return view->length == 0;
	case T1_IFS:
		return view->length == 1 && view->inf[0] >= 1 && view->inf[0] <= T1_INF_MAX;
	case T1_WTX:
		return view->length == 1;
	}
	return false;
}

/* The protocol control byte, and whether the length befits it. */
static bool
read_pcb(const uint8_t *bytes, struct t1_view *view)
{
	unsigned pcb = bytes[1];

	if ((pcb & 0x80) == 0) {
		view->kind = T1_I;
		view->number = (pcb & T1_PCB_NUMBER) != 0;
		view->more = (pcb & T1_PCB_MORE) != 0;
		return (pcb & ~(T1_PCB_NUMBER | T1_PCB_MORE)) == 0;
	}
	if ((pcb & 0xC0) == T1_PCB_R) {
		view->kind = T1_R;
		view->number = (pcb & T1_PCB_R_NUMBER) != 0;
		return (pcb & ~(T1_PCB_R | T1_PCB_R_NUMBER)) <= T1_OTHER && view->length == 0;
	}
	view->kind = (pcb & 0x20) != 0 ? T1_RESPONSE : T1_REQUEST;
	return read_s_block(bytes, view);
}

enum t1_fault
t1_block_read(bool crc, const uint8_t *bytes, size_t length, struct t1_view *ret)
{
	size_t edc_size = t1_edc_size(crc);
	uint8_t edc[2];

	*ret = (struct t1_view){ 0 };
	if (length < T1_PROLOGUE + edc_size || bytes[2] == LEN_RESERVED ||
	    length < T1_PROLOGUE + bytes[2] + edc_size)
		return T1_OTHER;
	ret->inf = bytes + T1_PROLOGUE;
	ret->length = bytes[2];
	write_edc(crc, bytes, T1_PROLOGUE + ret->length, edc);
	if (memcmp(edc, ret->inf + ret->length, edc_size) != 0)
		return T1_DAMAGED;
	if ((bytes[0] & NAD_ADDRESSES) != 0 || !read_pcb(bytes, ret))
		return T1_OTHER;
	return T1_FINE;
}
