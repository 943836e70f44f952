/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the reading of quirks files and the search in what was read. */
#ifndef CCID_QUIRKS_TABLE_H
#define CCID_QUIRKS_TABLE_H

#include "ccid/limits.h"
#include "ccid/quirks_keys.h"

#define QUIRK_ANY (-1)

/* A group of a file. `set` has a bit for each key that stood in it. */
struct quirk_rule {
	uint16_t vendor;
	int product; /* or QUIRK_ANY */
	int slot;    /* or QUIRK_ANY */
	uint16_t low, high;
	uint64_t set;
	struct ccid_quirks values;
};

struct card_rule {
	uint8_t atr[ATR_LENGTH_MAX];
	size_t length;
	bool begins; /* the answer begins so; otherwise it is that */
	uint64_t set;
	struct ccid_card_quirks values;
};

struct ccid_quirk_table {
	GArray *rules; /* in the order of the files */
	GArray *cards;
};

/* What the group's name in brackets says; false: nothing. */
bool ccid_quirk_rule_name(struct quirk_rule *rule, const char *group);
bool ccid_card_rule_name(struct card_rule *rule, const char *group);
/* `LOW-HIGH` or one release. */
bool ccid_quirk_rule_releases(struct quirk_rule *rule, const char *text);

#endif
