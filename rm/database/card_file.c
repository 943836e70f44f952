/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "rm/database/entry.h"
#include "rm/database/parse.h"
#include "runtime/guid_text.h"

#define GROUP "Card"
#define KEY_OTHER "Provider." /* and the identifier, 8 digits */
#define ID_DIGITS 8u
#define HEX_TEXT_MAX 255u /* of an ATR, with separators */

static const struct {
	uint32_t id;
	const char *key;
} provider_keys[] = {
	{ DATABASE_PROVIDER_CSP, "CSP" },
	{ DATABASE_PROVIDER_KSP, "KSP" },
	{ DATABASE_PROVIDER_CARD_MODULE, "CardModule" },
};

/* Bytes of two digits, with or without spaces and colons between them. -1: no such thing. */
static int
parse_hex(const char *text, uint8_t bytes[static DATABASE_ATR_MAX])
{
	size_t n = 0;

	while (*text != '\0') {
		if (*text == ' ' || *text == ':') {
			text++;
			continue;
		}
		if (!g_ascii_isxdigit(text[0]) || !g_ascii_isxdigit(text[1]) ||
		    n == DATABASE_ATR_MAX)
			return -1;
		bytes[n++] =
		    (uint8_t)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));
		text += 2;
	}
	return (int)n;
}

/* 0: absent or refused. */
static size_t
take_hex(struct manifest_parser *parser, const char *key, uint8_t bytes[static DATABASE_ATR_MAX])
{
	g_autofree char *text = manifest_get_text(parser, GROUP, key, HEX_TEXT_MAX);
	int n;

	if (text == NULL)
		return 0;
	n = parse_hex(text, bytes);
	if (n < (int)DATABASE_ATR_MIN) {
		manifest_refuse(parser, GROUP, key, "must be %u to %u bytes in hexadecimal",
		    DATABASE_ATR_MIN, DATABASE_ATR_MAX);
		return 0;
	}
	return (size_t)n;
}

static void
take_atr(struct manifest_parser *parser, struct database_card *card)
{
	size_t mask_length;

	card->atr_length = take_hex(parser, "ATR", card->atr);
	if (card->atr_length == 0)
		manifest_refuse(parser, GROUP, NULL, "ATR= is missing or empty");
	if (!g_key_file_has_key(parser->file, GROUP, "Mask", NULL)) {
		memset(card->mask, 0xFF, card->atr_length);
		return;
	}
	mask_length = take_hex(parser, "Mask", card->mask);
	if (mask_length != card->atr_length)
		manifest_refuse(parser, GROUP, "Mask", "has %zu bytes, and ATR has %zu",
		    mask_length, card->atr_length);
}

static bool
parse_id(const char *digits, uint32_t *ret_id)
{
	guint64 value;

	if (strlen(digits) != ID_DIGITS ||
	    !g_ascii_string_to_unsigned(digits, 16, 0, UINT32_MAX, &value, NULL))
		return false;
	*ret_id = (uint32_t)value;
	return true;
}

static void
take_provider(
    struct manifest_parser *parser, struct database_card *card, const char *key, uint32_t id)
{
	g_autofree char *name = manifest_get_text(parser, GROUP, key, DATABASE_PROVIDER_MAX);

	if (name == NULL)
		return;
	if (id <= DATABASE_PROVIDER_PRIMARY)
		manifest_refuse(parser, GROUP, key,
		    "is not a kind of provider; the primary one is "
		    "PrimaryProvider=");
	else if (database_card_provider(card, id) != NULL)
		manifest_refuse(parser, GROUP, key, "names a provider of this kind again");
	else if (card->providers->len == DATABASE_PROVIDERS_MAX)
		manifest_refuse(
		    parser, GROUP, key, "more than %u providers", DATABASE_PROVIDERS_MAX);
	else
		database_card_set_provider(card, id, name);
}

static void
take_other_providers(struct manifest_parser *parser, struct database_card *card)
{
	g_auto(GStrv) keys = g_key_file_get_keys(parser->file, GROUP, NULL, NULL);

	for (size_t i = 0; keys[i] != NULL && parser->problem == NULL; i++) {
		uint32_t id;

		if (!g_str_has_prefix(keys[i], KEY_OTHER))
			continue;
		if (parse_id(keys[i] + strlen(KEY_OTHER), &id))
			take_provider(parser, card, keys[i], id);
		else
			manifest_refuse(parser, GROUP, NULL,
			    KEY_OTHER " must be followed by %u hexadecimal digits", ID_DIGITS);
	}
}

static void
take_card(struct manifest_parser *parser, struct database_card *card)
{
	card->name = manifest_get_required_text(parser, GROUP, "Name", DATABASE_NAME_MAX);
	take_atr(parser, card);
	card->has_primary = manifest_get_guid(parser, GROUP, "PrimaryProvider", &card->primary);
	manifest_get_guids(parser, GROUP, "Interfaces", card->interfaces);
	if (card->interfaces->len > DATABASE_INTERFACES_MAX)
		manifest_refuse(parser, GROUP, "Interfaces", "more than %u identifiers",
		    DATABASE_INTERFACES_MAX);
	for (size_t i = 0; i < G_N_ELEMENTS(provider_keys); i++)
		take_provider(parser, card, provider_keys[i].key, provider_keys[i].id);
	take_other_providers(parser, card);
}

struct database_card *
database_card_parse(const char *data, size_t size, char **ret_problem)
{
	struct manifest_parser parser;
	struct database_card *card;

	if (!database_parse_begin(&parser, data, size, GROUP, ret_problem))
		return NULL;
	card = database_card_new(NULL);
	take_card(&parser, card);
	if ((*ret_problem = database_parse_end(&parser)) != NULL) {
		database_card_free(card);
		return NULL;
	}
	return card;
}

static void
set_hex(GKeyFile *file, const char *key, const uint8_t *bytes, size_t length)
{
	GString *text = g_string_sized_new(2 * DATABASE_ATR_MAX);

	for (size_t i = 0; i < length; i++)
		g_string_append_printf(text, "%02X", bytes[i]);
	g_key_file_set_string(file, GROUP, key, text->str);
	g_string_free(text, TRUE);
}

static void
set_interfaces(GKeyFile *file, const GArray *interfaces)
{
	GString *text = g_string_new(NULL);
	char guid[GUID_TEXT_LENGTH + 1];

	for (guint i = 0; i < interfaces->len; i++) {
		g_string_append(text, guid_to_text(&g_array_index(interfaces, GUID, i), guid));
		g_string_append_c(text, ';');
	}
	if (text->len > 0)
		g_key_file_set_value(file, GROUP, "Interfaces", text->str);
	g_string_free(text, TRUE);
}

static void
set_provider(GKeyFile *file, const struct database_provider *provider)
{
	char other[sizeof KEY_OTHER + ID_DIGITS];

	for (size_t i = 0; i < G_N_ELEMENTS(provider_keys); i++)
		if (provider_keys[i].id == provider->id) {
			g_key_file_set_string(file, GROUP, provider_keys[i].key, provider->name);
			return;
		}
	(void)g_snprintf(other, sizeof other, KEY_OTHER "%08X", (unsigned)provider->id);
	g_key_file_set_string(file, GROUP, other, provider->name);
}

char *
database_card_format(const struct database_card *card, size_t *ret_size, char **ret_problem)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	char guid[GUID_TEXT_LENGTH + 1], *text;
	struct database_card *again;

	g_key_file_set_string(file, GROUP, "Name", card->name);
	set_hex(file, "ATR", card->atr, card->atr_length);
	set_hex(file, "Mask", card->mask, card->atr_length);
	if (card->has_primary)
		g_key_file_set_string(
		    file, GROUP, "PrimaryProvider", guid_to_text(&card->primary, guid));
	set_interfaces(file, card->interfaces);
	for (guint i = 0; i < card->providers->len; i++)
		set_provider(file, g_ptr_array_index(card->providers, i));
	text = g_key_file_to_data(file, ret_size, NULL);
	/* What is accepted in a file is decided in one place. */
	again = database_card_parse(text, *ret_size, ret_problem);
	if (again == NULL) {
		g_free(text);
		return NULL;
	}
	database_card_free(again);
	return text;
}
