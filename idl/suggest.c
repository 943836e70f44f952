/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/suggest.h"

#include <string.h>

#define NAME_MAX_LENGTH 63u /* longer names get no hints */

static bool
same_letter(char one, char other)
{
	return g_ascii_tolower(one) == g_ascii_tolower(other);
}

guint
idl_name_distance(const char *one, const char *other)
{
	gsize length = strlen(one), columns = strlen(other);
	guint rows[3][NAME_MAX_LENGTH + 1]; /* of the letter before the last, the last, this one */

	if (length > NAME_MAX_LENGTH || columns > NAME_MAX_LENGTH ||
	    MAX(length, columns) - MIN(length, columns) > IDL_SUGGEST_STEPS)
		return IDL_SUGGEST_STEPS + 1;
	for (guint j = 0; j <= columns; j++)
		rows[0][j] = j;
	for (guint i = 1; i <= length; i++) {
		guint *row = rows[i % 3];
		const guint *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

		row[0] = i;
		for (guint j = 1; j <= columns; j++) {
			bool swapped = i > 1 && j > 1 && same_letter(one[i - 1], other[j - 2]) &&
			    same_letter(one[i - 2], other[j - 1]);

			row[j] = last[j - 1] + !same_letter(one[i - 1], other[j - 1]);
			row[j] = MIN(row[j], MIN(last[j], row[j - 1]) + 1);
			if (swapped)
				row[j] = MIN(row[j], before[j - 2] + 1);
		}
	}
	return rows[length % 3][columns];
}

static enum idl_wanted
serves_as(const struct idl_symbol *symbol)
{
	switch (symbol->kind) {
	case IDL_SYMBOL_ALIAS:
		return IDL_WANT_TYPE;
	case IDL_SYMBOL_INTERFACE:
		return IDL_WANT_TYPE | IDL_WANT_INTERFACE;
	case IDL_SYMBOL_CONSTANT:
	case IDL_SYMBOL_ENUM_VALUE:
		return IDL_WANT_VALUE;
	default:
		return 0;
	}
}

/* The nearest symbol; of several the first by its name, so that it is always the same. */
static const struct idl_symbol *
nearest_symbol(const struct idl_unit *unit, const char *name, enum idl_wanted wanted, guint *steps)
{
	const struct idl_symbol *nearest = NULL;
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, unit->scope.names);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct idl_symbol *symbol = value;
		guint distance;

		if ((serves_as(symbol) & wanted) == 0)
			continue;
		distance = idl_name_distance(name, symbol->name);
		if (distance < *steps ||
		    (nearest != NULL && distance == *steps &&
			strcmp(symbol->name, nearest->name) < 0)) {
			nearest = symbol;
			*steps = distance;
		}
	}
	return nearest;
}

void
idl_suggest(
    struct idl_unit *unit, const struct idl_place *place, const char *name, enum idl_wanted wanted)
{
	/* A short name is like every other; two thirds of it must be right. */
	guint steps = MIN((guint)strlen(name) / 3, IDL_SUGGEST_STEPS) + 1, other = steps;
	const struct idl_symbol *symbol = nearest_symbol(unit, name, wanted, &steps);
	const char *predefined =
	    (wanted & IDL_WANT_TYPE) != 0 ? idl_builtin_nearest(name, &other) : NULL;

	if (predefined != NULL && (symbol == NULL || other <= steps))
		idl_note(unit->diagnostics, place, "did you mean '%s', which is predefined?",
		    predefined);
	else if (symbol != NULL)
		idl_note(unit->diagnostics, &symbol->place,
		    "did you mean '%s', which is declared here?", symbol->name);
}
