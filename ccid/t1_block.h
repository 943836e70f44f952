/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocks of T=1 (ISO 7816-3, 11.3): their bytes, and whether received ones are well formed by
 * themselves. Whether a block may come at this point is for the engine (t1.c) to say. Pure.
 */
#ifndef CCID_T1_BLOCK_H
#define CCID_T1_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define T1_PROLOGUE 3u /* NAD, PCB, LEN */

/*
 * ISO 7816-3 takes its CRC from ISO/IEC 13239, which inverts the result; cards and readers in the
 * field do not, and send the high byte first.
 */
#define T1_CRC_INVERTED false
#define T1_CRC_HIGH_BYTE_FIRST true

/* Protocol control bytes. */
#define T1_PCB_NUMBER 0x40u /* N(S) of an I-block */
#define T1_PCB_MORE 0x20u
#define T1_PCB_R 0x80u
#define T1_PCB_R_NUMBER 0x10u
#define T1_PCB_REQUEST 0xC0u
#define T1_PCB_RESPONSE 0xE0u

enum t1_kind {
	T1_I,
	T1_R,
	T1_REQUEST, /* S-blocks */
	T1_RESPONSE
};

enum t1_service {
	T1_RESYNCH = 0,
	T1_IFS = 1,
	T1_ABORT = 2,
	T1_WTX = 3
};

/* What is wrong with an answer, as an R-block says it. */
enum t1_fault {
	T1_FINE = 0,
	T1_DAMAGED = 1, /* error detection code or parity */
	T1_OTHER = 2
};

struct t1_view {
	enum t1_kind kind;
	unsigned number; /* N(S) or N(R) */
	bool more;
	enum t1_service service;
	const uint8_t *inf; /* inside the bytes that were read */
	size_t length;
};

/* Bytes of the error detection code. */
size_t t1_edc_size(bool crc);
uint16_t t1_crc(const uint8_t *bytes, size_t length);

/*
 * Writes a block with NAD 00.
 * @length: of inf, at most T1_INF_MAX
 * @out: T1_BLOCK_MAX bytes
 * Returns its length.
 */
size_t t1_block_write(bool crc, unsigned pcb, const uint8_t *inf, size_t length, uint8_t *out);

/* Reads a block; bytes behind it are not looked at. *ret is whole only when T1_FINE is returned. */
enum t1_fault t1_block_read(bool crc, const uint8_t *bytes, size_t length, struct t1_view *ret);

#endif
