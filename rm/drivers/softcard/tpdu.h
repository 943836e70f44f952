/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card under T=0 (ISO 7816-3, 12.2): commands are TPDUs, a header of five bytes and perhaps
 * data, and P3 means data in one direction only. A command with data that has an answer keeps the
 * answer for GET RESPONSE (61xx); one that expects another number of bytes is told so (6Cxx).
 */
#ifndef SOFTCARD_TPDU_H
#define SOFTCARD_TPDU_H

#include "rm/drivers/softcard/card.h"

/* Header and data. */
#define SOFTCARD_TPDU_MAX (5u + 255u)

struct softcard_tpdu {
	size_t held_length; /* 0: nothing is held */
	size_t held_offset;
	uint16_t held_sw; /* comes with the last byte */
	uint8_t held[SOFTCARD_LE_SHORT_MAX];
};

/* Forgets what is held: at a reset, and before any command but GET RESPONSE. */
void softcard_tpdu_reset(struct softcard_tpdu *tpdu);

/* As softcard_card_transmit; the reply has at most 258 bytes. */
size_t softcard_tpdu_transmit(struct softcard_tpdu *tpdu, struct softcard_card *card,
    const uint8_t *command, size_t length, uint8_t *reply);

#endif
