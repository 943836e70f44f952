/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of constant expressions. */
#ifndef TESSERA_IDL_EXPRESSION_H
#define TESSERA_IDL_EXPRESSION_H

#include "idl/compile.h"

struct idl_value idl_evaluate(struct idl_unit *unit, const struct idl_expression *expression);

/* Does an integer value fit into so many bits, with or without a sign? */
bool idl_value_fits(const struct idl_value *value, unsigned bits, bool is_signed);

#endif
