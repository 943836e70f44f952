/* SPDX-License-Identifier: BSD-2-Clause */
/* What the functions about card types have in common. */
#ifndef RM_API_DATABASE_CARDS_H
#define RM_API_DATABASE_CARDS_H

#include "rm/api/text.h"
#include "rm/database/database.h"

/* Reads a card type's name. SCARD_E_UNKNOWN_CARD: longer than any. */
LONG
api_card_name_read(const char *function, enum api_form form, const void *name, char **ret_name);

/* The length of an ATR, from itself. SCARD_E_INVALID_ATR: it is none. */
LONG api_atr_length(const char *function, LPCBYTE atr, size_t *ret_length);

#endif
