/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys of a quirks file: which member of which structure each one sets, and to what. */
#ifndef CCID_QUIRKS_KEYS_H
#define CCID_QUIRKS_KEYS_H

#include <glib.h>

#include "ccid/quirks.h"

/* What is set is remembered in 64 bits. */
#define QUIRK_KEYS_MAX 64u

struct quirk_key {
	const char *name;
	int kind;
	size_t offset, size; /* of the member */
	uint32_t minimum, maximum;
};

extern const struct quirk_key ccid_quirk_keys[], ccid_card_quirk_keys[];
extern const size_t ccid_quirk_key_count, ccid_card_quirk_key_count;

/* Its number, or -1. */
int ccid_quirk_key_find(const struct quirk_key *keys, size_t count, const char *name);

/*
 * Sets the member in the structure at `values`.
 * Returns NULL, or why the text is no value of this key (transfer full).
 */
char *ccid_quirk_key_set(const struct quirk_key *key, const char *text, void *values);

#endif
