/* SPDX-License-Identifier: BSD-2-Clause */
/* The types a VARIANT or an array may hold, told by their number. */
#ifndef TESSERA_RUNTIME_VARIANT_TYPE_H
#define TESSERA_RUNTIME_VARIANT_TYPE_H

#include <stdbool.h>

#include <wtypes.h>

/* Bytes of a value of that type as an element or behind a VT_BYREF; 0: there is no such value. */
ULONG variant_type_size(VARTYPE vt);

/* Whether a VARIANT may carry this vt, modifiers included. */
bool variant_type_is_valid(VARTYPE vt);

#endif
