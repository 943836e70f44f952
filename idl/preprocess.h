/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between lexer and parser: includes, macros and conditionals. It works on tokens
 * as they come and never prints text, so that everything keeps the place where the user wrote it.
 */
#ifndef TESSERA_IDL_PREPROCESS_H
#define TESSERA_IDL_PREPROCESS_H

#include "idl/compile.h"
#include "idl/lexer.h"

/*
 * The tokens of one file with everything it includes; tokens is filled in any case. What one file
 * defines is not seen by another that it imports, nor the other way. False after an error; it makes
 * no sense to parse then.
 */
bool
idl_preprocess(struct idl_unit *unit, const struct idl_source *source, struct idl_tokens *tokens);

/* Is this NAME or NAME=VALUE, as in the option -D? */
bool idl_is_definition(const char *text);

#endif
