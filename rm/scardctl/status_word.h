/* SPDX-License-Identifier: BSD-2-Clause */
/* What a card's status word means: ISO 7816-4, clause "Status bytes". */
#ifndef RM_SCARDCTL_STATUS_WORD_H
#define RM_SCARDCTL_STATUS_WORD_H

#include <stddef.h>
#include <stdint.h>

enum status_kind {
	STATUS_GOOD,    /* 9000, 61xx */
	STATUS_WARNING, /* 62xx, 63xx */
	STATUS_BAD
};

enum status_kind status_word_kind(uint16_t word);

#define STATUS_TEXT_SIZE 80u

/* The meaning, in @text of STATUS_TEXT_SIZE bytes, which is returned. */
const char *status_word_text(uint16_t word, char *text);

#endif
