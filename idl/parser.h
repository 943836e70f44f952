/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tokens to tree. The parser knows no names: whether a type exists is for the checks to say.
 * After an error it goes on behind the next ';' or '}', to report more than one a run.
 */
#ifndef TESSERA_IDL_PARSER_H
#define TESSERA_IDL_PARSER_H

#include "idl/ast.h"
#include "idl/lexer.h"

/*
 * Parse what became of one file. The source must live as long as the arena, the tokens need not.
 * Never NULL; whether the tree is whole is for diagnostics->errors to say.
 */
struct idl_file *idl_parse(struct idl_arena *arena, struct idl_diagnostics *diagnostics,
    const struct idl_source *source, const struct idl_tokens *tokens);

#endif
