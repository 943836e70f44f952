/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/quirks.h"

#include <string.h>

#include "ccid/quirks_table.h"

/* Copies the members that a group sets. */
static void
apply(const struct quirk_key *keys, size_t count, uint64_t set, const void *from, void *to)
{
	for (size_t i = 0; i < count; i++)
		if ((set >> i & 1) != 0)
			memcpy((char *)to + keys[i].offset, (const char *)from + keys[i].offset,
			    keys[i].size);
}

static bool
is_about(const struct quirk_rule *rule, const struct ccid_model *model)
{
	return rule->vendor == model->vendor &&
	    (rule->product == QUIRK_ANY || rule->product == model->product) &&
	    model->release >= rule->low && model->release <= rule->high;
}

void
ccid_quirks_find(
    const struct ccid_quirk_table *table, const struct ccid_model *model, struct ccid_quirks *ret)
{
	*ret = (struct ccid_quirks){ 0 };
	for (int pass = 0; pass < 2; pass++) {
		int slot = pass == 0 ? QUIRK_ANY : (int)model->slot;

		for (guint i = 0; i < table->rules->len; i++) {
			const struct quirk_rule *rule =
			    &g_array_index(table->rules, struct quirk_rule, i);

			if (rule->slot == slot && is_about(rule, model))
				apply(ccid_quirk_keys, ccid_quirk_key_count, rule->set,
				    &rule->values, ret);
		}
	}
}

void
ccid_quirks_find_card(const struct ccid_quirk_table *table, const uint8_t *atr, size_t length,
    struct ccid_card_quirks *ret)
{
	*ret = (struct ccid_card_quirks){ 0 };
	for (guint i = 0; i < table->cards->len; i++) {
		const struct card_rule *rule = &g_array_index(table->cards, struct card_rule, i);

		if ((rule->begins ? length >= rule->length : length == rule->length) &&
		    memcmp(rule->atr, atr, rule->length) == 0)
			apply(ccid_card_quirk_keys, ccid_card_quirk_key_count, rule->set,
			    &rule->values, ret);
	}
}
