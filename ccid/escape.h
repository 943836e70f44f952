/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which vendor commands (PC_to_RDR_Escape) a client may send to a reader. They reach code of the
 * vendor's that can write firmware or switch off what protects a PIN; so none is allowed unless the
 * quirks list it for the model, or the administrator allowed all. Pure.
 */
#ifndef CCID_ESCAPE_H
#define CCID_ESCAPE_H

#include "ccid/quirks.h"

/*
 * A pattern is bytes in hexadecimal, spaces between them or not; `..` is any byte; `*` at the end
 * allows more bytes behind, without it the length must be the pattern's. At least one byte must be
 * given in digits: what allows everything is the administrator's switch.
 */
bool ccid_escape_is_pattern(const char *text);

/* @administrator: the switch is on */
bool ccid_escape_allowed(
    const struct ccid_quirks *quirks, bool administrator, const uint8_t *bytes, size_t length);

#endif
