/* SPDX-License-Identifier: BSD-2-Clause */
/* "Did you mean": the name most like one that nobody knows. */
#ifndef TESSERA_IDL_SUGGEST_H
#define TESSERA_IDL_SUGGEST_H

#include "idl/scope.h"

/*
 * Letters to change, to add, to take away or to swap with the next to make one name of the other;
 * of names that are too long or plainly different some number above IDL_SUGGEST_STEPS.
 */
#define IDL_SUGGEST_STEPS 2u
guint idl_name_distance(const char *one, const char *other);

/* What a name is wanted for, as bits. */
enum idl_wanted {
	IDL_WANT_TYPE = 1,
	IDL_WANT_INTERFACE = 2,
	IDL_WANT_VALUE = 4,
};

/* Add a note to the error just reported at place, when a known name is like this one. */
void idl_suggest(
    struct idl_unit *unit, const struct idl_place *place, const char *name, enum idl_wanted wanted);

#endif
