/* SPDX-License-Identifier: BSD-2-Clause */
/* What both kinds of file have in common: the key file itself, before its keys. */
#ifndef RM_DATABASE_PARSE_H
#define RM_DATABASE_PARSE_H

#include "runtime/manifest_value.h"

/* Loads the text; @group must be there. False: *ret_problem. End it with database_parse_end. */
bool database_parse_begin(struct manifest_parser *parser, const char *data, size_t size,
    const char *group, char **ret_problem);
/* The problem found meanwhile (transfer full), NULL: none. */
char *database_parse_end(struct manifest_parser *parser);

#endif
