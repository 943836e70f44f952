/* SPDX-License-Identifier: BSD-2-Clause */
/* scardctl db list, scardctl db show: what the database says. */
#include <stdio.h>
#include <string.h>

#include "rm/scardctl/db.h"
#include "rm/scardctl/hex.h"
#include "rm/scardctl/json.h"
#include "runtime/guid_text.h"

static const char *
layer_name(enum database_layer layer)
{
	static const char *const names[] = { "environment", "user", "administrator", "vendor" };

	return names[layer];
}

static bool
is_masked(const struct database_card *card)
{
	for (size_t i = 0; i < card->atr_length; i++)
		if (card->mask[i] != 0xFF)
			return true;
	return false;
}

static void
card_line(const struct database_card *card)
{
	g_autofree char *atr = hex_text(card->atr, card->atr_length);
	g_autofree char *mask = hex_text(card->mask, card->atr_length);

	printf("%s: %s\n  ATR %s\n", card->name, layer_name(card->layer), atr);
	if (is_masked(card))
		printf("      %s mask\n", mask);
}

static void
card_text(const struct database_card *card)
{
	char guid[GUID_TEXT_LENGTH + 1];

	card_line(card);
	if (card->has_primary)
		printf("  primary provider %s\n", guid_to_text(&card->primary, guid));
	for (guint i = 0; i < card->providers->len; i++) {
		const struct database_provider *provider = card->providers->pdata[i];
		g_autofree char *kind = db_kind_name(provider->id);

		printf("  %s provider %s\n", kind, provider->name);
	}
	for (guint i = 0; i < card->interfaces->len; i++)
		printf("  interface %s\n",
		    guid_to_text(&g_array_index(card->interfaces, GUID, i), guid));
	printf("  file %s\n", card->path);
}

static void
providers_json(struct json *json, const struct database_card *card)
{
	json_open(json, "providers", '{');
	for (guint i = 0; i < card->providers->len; i++) {
		const struct database_provider *provider = card->providers->pdata[i];
		g_autofree char *kind = db_kind_name(provider->id);

		json_string(json, kind, provider->name);
	}
	json_close(json, '}');
}

static void
card_json(struct json *json, const struct database_card *card)
{
	char guid[GUID_TEXT_LENGTH + 1];

	json_open(json, NULL, '{');
	json_string(json, "name", card->name);
	json_string(json, "layer", layer_name(card->layer));
	json_string(json, "file", card->path);
	json_bytes(json, "atr", card->atr, card->atr_length);
	json_bytes(json, "mask", card->mask, card->atr_length);
	json_string(json, "primary", card->has_primary ? guid_to_text(&card->primary, guid) : NULL);
	providers_json(json, card);
	json_open(json, "interfaces", '[');
	for (guint i = 0; i < card->interfaces->len; i++)
		json_string(
		    json, NULL, guid_to_text(&g_array_index(card->interfaces, GUID, i), guid));
	json_close(json, ']');
	json_close(json, '}');
}

static void
reader_text(const struct database_reader *reader)
{
	g_autofree char *groups = g_strjoinv(", ", reader->groups);

	printf("reader %s: %s%s\n", reader->name, layer_name(reader->layer),
	    reader->hidden ? ", hidden" : "");
	if (strcmp(reader->name, reader->device) != 0)
		printf("  device %s\n", reader->device);
	printf("  groups %s\n", groups[0] != '\0' ? groups : "none");
}

static void
reader_json(struct json *json, const struct database_reader *reader)
{
	json_open(json, NULL, '{');
	json_string(json, "name", reader->name);
	json_string(json, "layer", layer_name(reader->layer));
	json_string(json, "file", reader->path);
	json_string(json, "device", reader->device);
	json_boolean(json, "hidden", reader->hidden);
	json_open(json, "groups", '[');
	for (size_t i = 0; reader->groups[i] != NULL; i++)
		json_string(json, NULL, reader->groups[i]);
	json_close(json, ']');
	json_close(json, '}');
}

static void
list_as_text(const struct database_picture *picture)
{
	if (database_cards(picture)->len == 0)
		puts("No card types.");
	for (guint i = 0; i < database_cards(picture)->len; i++)
		card_line(database_cards(picture)->pdata[i]);
	for (guint i = 0; i < database_readers(picture)->len; i++)
		reader_text(database_readers(picture)->pdata[i]);
}

static void
list_as_json(const struct database_picture *picture)
{
	struct json json;

	json_init(&json);
	json_open(&json, NULL, '{');
	json_open(&json, "cards", '[');
	for (guint i = 0; i < database_cards(picture)->len; i++)
		card_json(&json, database_cards(picture)->pdata[i]);
	json_close(&json, ']');
	json_open(&json, "readers", '[');
	for (guint i = 0; i < database_readers(picture)->len; i++)
		reader_json(&json, database_readers(picture)->pdata[i]);
	json_close(&json, ']');
	json_close(&json, '}');
	json_print(&json);
}

int
db_list(const struct scardctl_options *options, struct database_picture *picture)
{
	const GPtrArray *problems = database_problems(picture);

	if (options->json)
		list_as_json(picture);
	else
		list_as_text(picture);
	for (guint i = 0; i < problems->len; i++)
		(void)scardctl_problem("%s", (const char *)problems->pdata[i]);
	return problems->len == 0 ? SCARDCTL_OK : SCARDCTL_FAILURE;
}

int
db_show(const struct scardctl_options *options, const struct database_card *card)
{
	struct json json;

	if (!options->json) {
		card_text(card);
		return SCARDCTL_OK;
	}
	json_init(&json);
	card_json(&json, card);
	json_print(&json);
	return SCARDCTL_OK;
}
