/* SPDX-License-Identifier: BSD-2-Clause */
/* The structures of Get-, Reset- and SetParameters (USB CCID 1.1, 6.1.7). Pure. */
#ifndef CCID_PARAMETERS_H
#define CCID_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CCID_PARAMETERS_T0 5u
#define CCID_PARAMETERS_T1 7u

struct ccid_parameters {
	unsigned protocol;  /* 0 or 1 */
	uint8_t factors;    /* bmFindexDindex */
	bool inverse;       /* convention */
	bool crc;           /* T=1 */
	uint8_t guard;      /* TC1 */
	uint8_t wi;         /* T=0 */
	uint8_t bwi, cwi;   /* T=1 */
	uint8_t clock_stop; /* 0 to 3 */
	uint8_t ifsc;       /* T=1 */
};

/* Returns the length, 5 or 7. */
size_t
ccid_parameters_write(const struct ccid_parameters *parameters, uint8_t out[CCID_PARAMETERS_T1]);
/*
 * @protocol_number: bProtocolNum of the reply, which decides
 * Returns false: not 5 or 7 bytes as it says, or neither T=0 nor T=1; *ret is untouched.
 */
bool ccid_parameters_read(
    struct ccid_parameters *ret, unsigned protocol_number, const uint8_t *bytes, size_t length);

#endif
