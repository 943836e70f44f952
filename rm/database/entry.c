/* SPDX-License-Identifier: BSD-2-Clause */
/* Entries in memory. */
#include "rm/database/entry.h"

#include <string.h>

char *
database_fold(const char *name)
{
	g_autofree char *folded = g_utf8_casefold(name, -1);

	return g_utf8_normalize(folded, -1, G_NORMALIZE_ALL);
}

static void
provider_free(void *data)
{
	struct database_provider *provider = data;

	g_free(provider->name);
	g_free(provider);
}

struct database_card *
database_card_new(const char *name)
{
	struct database_card *card = g_new0(struct database_card, 1);

	card->name = g_strdup(name);
	card->interfaces = g_array_new(FALSE, FALSE, sizeof(GUID));
	card->providers = g_ptr_array_new_with_free_func(provider_free);
	return card;
}

struct database_card *
database_card_copy(const struct database_card *card)
{
	struct database_card *copy = database_card_new(card->name);

	memcpy(copy->atr, card->atr, sizeof copy->atr);
	memcpy(copy->mask, card->mask, sizeof copy->mask);
	copy->atr_length = card->atr_length;
	copy->has_primary = card->has_primary;
	copy->primary = card->primary;
	g_array_append_vals(copy->interfaces, card->interfaces->data, card->interfaces->len);
	for (guint i = 0; i < card->providers->len; i++) {
		const struct database_provider *provider = g_ptr_array_index(card->providers, i);

		database_card_set_provider(copy, provider->id, provider->name);
	}
	return copy;
}

void
database_card_free(struct database_card *card)
{
	if (card == NULL)
		return;
	g_free(card->name);
	g_free(card->path);
	g_array_unref(card->interfaces);
	g_ptr_array_unref(card->providers);
	g_free(card);
}

const char *
database_card_provider(const struct database_card *card, uint32_t id)
{
	for (guint i = 0; i < card->providers->len; i++) {
		const struct database_provider *provider = g_ptr_array_index(card->providers, i);

		if (provider->id == id)
			return provider->name;
	}
	return NULL;
}

void
database_card_set_provider(struct database_card *card, uint32_t id, const char *name)
{
	struct database_provider *provider;
	guint at = 0;

	while (at < card->providers->len &&
	    ((const struct database_provider *)card->providers->pdata[at])->id < id)
		at++;
	if (at < card->providers->len &&
	    ((const struct database_provider *)card->providers->pdata[at])->id == id)
		g_ptr_array_remove_index(card->providers, at);
	if (name == NULL)
		return;
	provider = g_new0(struct database_provider, 1);
	provider->id = id;
	provider->name = g_strdup(name);
	g_ptr_array_insert(card->providers, (gint)at, provider);
}

struct database_reader *
database_reader_new(const char *name, const char *device)
{
	static const char *const groups[] = { DATABASE_DEFAULT_GROUP, NULL };
	struct database_reader *reader = g_new0(struct database_reader, 1);

	reader->name = g_strdup(name);
	reader->device = g_strdup(device);
	reader->groups = g_strdupv((GStrv)groups);
	return reader;
}

struct database_reader *
database_reader_copy(const struct database_reader *reader)
{
	struct database_reader *copy = database_reader_new(reader->name, reader->device);

	g_strfreev(copy->groups);
	copy->groups = g_strdupv(reader->groups);
	copy->hidden = reader->hidden;
	return copy;
}

void
database_reader_free(struct database_reader *reader)
{
	if (reader == NULL)
		return;
	g_free(reader->name);
	g_free(reader->device);
	g_free(reader->path);
	g_strfreev(reader->groups);
	g_free(reader);
}

static bool
same_name(const char *a, const char *b)
{
	g_autofree char *left = database_fold(a);
	g_autofree char *right = database_fold(b);

	return strcmp(left, right) == 0;
}

bool
database_reader_in(const struct database_reader *reader, const char *group)
{
	for (size_t i = 0; reader->groups[i] != NULL; i++)
		if (same_name(reader->groups[i], group))
			return true;
	return false;
}

bool
database_reader_join(struct database_reader *reader, const char *group)
{
	size_t n = g_strv_length(reader->groups);

	if (database_reader_in(reader, group))
		return true;
	if (n == DATABASE_GROUPS_MAX)
		return false;
	reader->groups = g_renew(char *, reader->groups, n + 2);
	reader->groups[n] = g_strdup(group);
	reader->groups[n + 1] = NULL;
	return true;
}

void
database_reader_leave(struct database_reader *reader, const char *group)
{
	size_t kept = 0;

	for (size_t i = 0; reader->groups[i] != NULL; i++)
		if (same_name(reader->groups[i], group))
			g_free(reader->groups[i]);
		else
			reader->groups[kept++] = reader->groups[i];
	reader->groups[kept] = NULL;
}
