/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/engine/look.h"

#include <string.h>

#define PNP_NAME "\\\\?PnP?\\Notification"
#define COUNTER_SHIFT 16

bool
rm_look_is_pnp(const char *name)
{
	return g_ascii_strcasecmp(name, PNP_NAME) == 0;
}

bool
rm_look_is_ignored(uint32_t current)
{
	return (current & SCARD_STATE_IGNORE) != 0;
}

static struct rm_sight
look_at_set(
    const struct rm_rules *rules, uint32_t current, const struct rm_set *set, uint32_t begun)
{
	uint32_t given = current >> COUNTER_SHIFT, number;
	bool meanwhile = set->reader_events != begun, changed;

	if (rules->pnp_counts_readers) {
		number = set->reader_count;
		changed = given != number || meanwhile;
	} else {
		number = set->reader_events;
		changed = given != 0 ? given != number : meanwhile;
	}
	return (struct rm_sight){ .event = number << COUNTER_SHIFT, .changed = changed };
}

struct rm_sight
rm_look(const struct rm_rules *rules, const char *name, uint32_t current,
    const struct rm_view *view, const struct rm_set *set, uint32_t begun)
{
	struct rm_sight sight = { .event = SCARD_STATE_IGNORE };

	if (rm_look_is_ignored(current))
		return sight;
	if (rm_look_is_pnp(name))
		sight = look_at_set(rules, current, set, begun);
	else {
		sight.event = view != NULL ? rm_rules_event(rules, view) : rules->unknown_event;
		sight.changed = rm_rules_changed(rules, current, sight.event);
		if (view != NULL && sight.event & SCARD_STATE_PRESENT) {
			sight.atr = view->atr;
			sight.atr_length = view->atr_length;
		}
	}
	if (sight.changed)
		sight.event |= SCARD_STATE_CHANGED;
	return sight;
}

bool
rm_look_groups(const struct rm_rules *rules, const char *groups)
{
	/* What the database knows of groups is the client's business; here all are in this one. */
	static const char *const known[] = { "SCard$AllReaders", "SCard$DefaultReaders",
		"SCard$LocalReaders" };

	if (!rules->groups_count || groups == NULL || *groups == '\0')
		return true;
	for (; *groups != '\0'; groups += strlen(groups) + 1)
		for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
			if (g_ascii_strcasecmp(groups, known[i]) == 0)
				return true;
	return false;
}
