/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One TPDU of T=0 byte by byte (ISO 7816-3, 10.3), for readers that leave the procedure bytes to
 * the host. The engine's own (t0.c).
 */
#ifndef CCID_T0_CHARACTER_H
#define CCID_T0_CHARACTER_H

#include "ccid/t0.h"

/* Begins with t0->tpdu; t0->expected is what the card may send. */
enum ccid_step t0_character_begin(struct t0 *t0);
/* CCID_STEP_DONE: t0->buffer is the answer. CCID_STEP_END: t0->result. */
enum ccid_step t0_character_next(struct t0 *t0, const uint8_t *bytes, size_t length);

#endif
