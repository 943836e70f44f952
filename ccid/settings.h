/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands behind `ccid=`: words joined by `+`.
 *   rising   tries 1.8 V, 3 V, 5 V, in this order, where the reader does not choose
 *   apdu     answers 61xx and 6Cxx of T=0 cards itself instead of passing them on
 *   escape   allows every escape command to the reader, not only those of the quirks file
 *   VVVV:PPPP, or BUS-PORT (1-4.2): only such devices; may be repeated
 * Pure.
 */
#ifndef CCID_SETTINGS_H
#define CCID_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "ccid/slot.h"

#define CCID_SELECTIONS_MAX 16u
#define CCID_MESSAGE_SIZE 256u

struct ccid_selection {
	bool by_model;
	uint16_t vendor, product;
	char path[64];
};

struct ccid_settings {
	struct ccid_options slot;
	bool escape;
	struct ccid_selection only[CCID_SELECTIONS_MAX];
	unsigned only_count; /* 0: all devices */
};

/*
 * @text: NULL: none given
 * @message: CCID_MESSAGE_SIZE bytes; on failure says which word is wrong and what is expected
 * Returns 0 or -EINVAL.
 */
int ccid_settings_parse(const char *text, struct ccid_settings *ret, char *message);

bool ccid_settings_select(
    const struct ccid_settings *settings, uint16_t vendor, uint16_t product, const char *path);

#endif
