/* SPDX-License-Identifier: BSD-2-Clause */
/* Protocol and parameters selection (ISO 7816-3, 9). Pure. */
#ifndef CCID_PPS_H
#define CCID_PPS_H

#include <stddef.h>
#include <stdint.h>

#define CCID_PPS_MAX 6u /* PPSS PPS0 PPS1 PPS2 PPS3 PCK */

/* @pps1: 0x11: left out. Returns the length, 3 or 4. */
size_t ccid_pps_request(unsigned protocol, uint8_t pps1, uint8_t out[CCID_PPS_MAX]);

enum ccid_pps {
	CCID_PPS_AGREED,   /* as asked for */
	CCID_PPS_DEFAULTS, /* the protocol, with Fd 372 and Dd 1 */
	CCID_PPS_FAILED
};
enum ccid_pps ccid_pps_check(
    const uint8_t *request, size_t request_length, const uint8_t *answer, size_t answer_length);

#endif
