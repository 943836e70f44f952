/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/database/names.h"

#include <string.h>

static void
entry_clear(void *data)
{
	g_free(((struct names_entry *)data)->name);
}

/* A digit, or a period for any. -1: neither. */
static int
parse_digit(char c, uint8_t *digit, uint8_t *mask)
{
	*digit = 0;
	*mask = 0;
	if (c == '.')
		return 0;
	if (!g_ascii_isxdigit(c))
		return -1;
	*digit = (uint8_t)g_ascii_xdigit_value(c);
	*mask = 0xF;
	return 0;
}

/* False: no ATR, or one of a form that is not for us. */
static bool
parse_atr(const char *line, const char *end, struct names_entry *entry)
{
	*entry = (struct names_entry){ 0 };
	while (line < end) {
		uint8_t high, low, high_mask, low_mask;

		if (*line == ' ' || *line == '\r' || *line == '\t') {
			line++;
			continue;
		}
		if (end - line < 2 || entry->length == DATABASE_ATR_MAX ||
		    parse_digit(line[0], &high, &high_mask) < 0 ||
		    parse_digit(line[1], &low, &low_mask) < 0)
			return false;
		entry->atr[entry->length] = (uint8_t)(high << 4 | low);
		entry->mask[entry->length] = (uint8_t)(high_mask << 4 | low_mask);
		entry->length++;
		line += 2;
	}
	return entry->length >= DATABASE_ATR_MIN;
}

/* The text of an indented line; empty: nothing to say. (transfer full) */
static char *
parse_name(const char *line, const char *end)
{
	g_autofree char *raw = g_strndup(line, MIN((size_t)(end - line), NAMES_NAME_MAX));
	char *name = g_utf8_make_valid(raw, -1);

	for (char *c = name; *c != '\0'; c++)
		if (g_ascii_iscntrl(*c))
			*c = ' ';
	return g_strstrip(name);
}

/* Takes the entry over, whose name is complete. */
static void
finish_entry(struct names_list *list, struct names_entry *entry)
{
	if (entry->length == 0)
		return;
	if (entry->name == NULL)
		list->skipped++;
	else
		g_array_append_val(list->entries, *entry);
	*entry = (struct names_entry){ 0 };
}

static void
add_name(struct names_entry *entry, const char *line, const char *end)
{
	g_autofree char *name = parse_name(line, end);

	if (entry->length == 0 || name[0] == '\0')
		return;
	if (entry->name == NULL) {
		entry->name = g_steal_pointer(&name);
	} else if (strlen(entry->name) + strlen(name) + 2 <= NAMES_NAME_MAX) {
		char *joined = g_strconcat(entry->name, "; ", name, NULL);

		g_free(entry->name);
		entry->name = joined;
	}
}

static void
take_line(struct names_list *list, struct names_entry *entry, const char *line, const char *end)
{
	if (line == end || *line == '#' || *line == '\r')
		return;
	if (*line == '\t' || *line == ' ') {
		add_name(entry, line, end);
		return;
	}
	finish_entry(list, entry);
	if (!parse_atr(line, end, entry)) {
		list->skipped++;
		*entry = (struct names_entry){ 0 };
	}
}

struct names_list *
names_parse(const char *data, size_t size, char **ret_problem)
{
	struct names_list *list;
	struct names_entry entry = { 0 };
	const char *end = data + size;

	*ret_problem = NULL;
	if (size > NAMES_SIZE_MAX) {
		*ret_problem = g_strdup_printf("larger than %u bytes", NAMES_SIZE_MAX);
		return NULL;
	}
	list = g_new0(struct names_list, 1);
	list->entries = g_array_new(FALSE, FALSE, sizeof(struct names_entry));
	g_array_set_clear_func(list->entries, entry_clear);
	while (data < end && list->entries->len < NAMES_ENTRIES_MAX) {
		const char *line_end = memchr(data, '\n', (size_t)(end - data));

		if (line_end == NULL)
			line_end = end;
		take_line(list, &entry, data, line_end);
		data = line_end < end ? line_end + 1 : end;
	}
	finish_entry(list, &entry);
	if (list->entries->len > 0 && list->entries->len < NAMES_ENTRIES_MAX)
		return list;
	*ret_problem = list->entries->len == 0
	    ? g_strdup("has no ATR with a name behind it")
	    : g_strdup_printf("has %u ATRs or more", NAMES_ENTRIES_MAX);
	names_free(list);
	return NULL;
}

void
names_free(struct names_list *list)
{
	if (list == NULL)
		return;
	g_array_unref(list->entries);
	g_free(list);
}

static unsigned
bits_given(const struct names_entry *entry)
{
	unsigned bits = 0;

	for (size_t i = 0; i < entry->length; i++)
		bits += (unsigned)__builtin_popcount(entry->mask[i]);
	return bits;
}

static bool
is_match(const struct names_entry *entry, const uint8_t *atr, size_t length)
{
	if (entry->length != length)
		return false;
	for (size_t i = 0; i < length; i++)
		if ((atr[i] & entry->mask[i]) != entry->atr[i])
			return false;
	return true;
}

const char *
names_find(const struct names_list *list, const uint8_t *atr, size_t length)
{
	const struct names_entry *best = NULL;

	for (guint i = 0; i < list->entries->len; i++) {
		const struct names_entry *entry =
		    &g_array_index(list->entries, struct names_entry, i);

		if (is_match(entry, atr, length) &&
		    (best == NULL || bits_given(entry) > bits_given(best)))
			best = entry;
	}
	return best != NULL ? best->name : NULL;
}
