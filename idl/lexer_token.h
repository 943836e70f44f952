/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a token ends, and what kind it is. */
#ifndef TESSERA_IDL_LEXER_TOKEN_H
#define TESSERA_IDL_LEXER_TOKEN_H

#include "idl/lexer.h"

/* Length of the token that text begins with; text is not empty and begins with nothing blank. */
guint idl_token_measure(
    const char *text, guint text_length, enum idl_token_kind *ret_kind, int *ret_code);

#endif
