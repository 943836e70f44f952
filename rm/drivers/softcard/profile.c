/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader of profiles. Whatever it does not know, in whatever place, is an error with a text: a
 * misspelt key that is passed over makes a card that nobody asked for.
 */
#include "rm/drivers/softcard/profile.h"

#include <string.h>

#include "rm/drivers/softcard/profile_card.h"

#define READER_NAME "Tessera Soft Card"

static const char *const reader_keys[] = { "Name", "Readers", "Present", NULL };
static const char *const card_keys[] = { "ATR", NULL };
static const char *const pin_keys[] = { "Value", "Tries", "Directory", NULL };
static const char *const directory_keys[] = { "Name", NULL };
static const char *const file_keys[] = { "ShortId", "Size", "Text", "Hex", "Read", "Update", NULL };

struct reading {
	struct profile_keys keys;
	struct softcard_profile *profile;
};

static bool
check_groups(struct reading *r, char *const *groups)
{
	for (size_t i = 0; groups[i] != NULL; i++) {
		const char *const *known = NULL;
		g_autofree char *shown = NULL;

		if (strcmp(groups[i], PROFILE_READER) == 0)
			known = reader_keys;
		else if (strcmp(groups[i], PROFILE_CARD) == 0)
			known = card_keys;
		else if (profile_card_suffix(groups[i], PROFILE_PIN) != NULL)
			known = pin_keys;
		else if (profile_card_suffix(groups[i], PROFILE_DIRECTORY) != NULL)
			known = directory_keys;
		else if (profile_card_suffix(groups[i], PROFILE_FILE) != NULL)
			known = file_keys;
		if (known != NULL) {
			if (!profile_keys_check(&r->keys, groups[i], known))
				return false;
			continue;
		}
		shown = profile_keys_quote(groups[i]);
		return profile_keys_fail(&r->keys, NULL, NULL,
		    "unknown group %s; known: [%s], [%s], [%s REFERENCE], [%s PATH], [%s PATH]",
		    shown, PROFILE_READER, PROFILE_CARD, PROFILE_PIN, PROFILE_DIRECTORY,
		    PROFILE_FILE);
	}
	return true;
}

static bool
read_reader(struct reading *r)
{
	struct softcard_profile *profile = r->profile;
	g_autofree char *name = profile_keys_string(&r->keys, PROFILE_READER, "Name");

	if (r->keys.message != NULL)
		return false;
	if (name != NULL) {
		size_t length = strlen(name);

		if (length == 0 || length > SOFTCARD_READER_NAME_MAX)
			return profile_keys_fail(&r->keys, PROFILE_READER, "Name",
			    "has %zu bytes; 1 to %u are possible", length,
			    SOFTCARD_READER_NAME_MAX);
		for (const char *p = name; *p != '\0'; p = g_utf8_next_char(p))
			if (!g_unichar_isprint(g_utf8_get_char(p)))
				return profile_keys_fail(&r->keys, PROFILE_READER, "Name",
				    "has a character that cannot be displayed");
	}
	profile->reader_name = name != NULL ? g_steal_pointer(&name) : g_strdup(READER_NAME);
	profile->readers = 1;
	profile->present = true;
	return profile_keys_number(&r->keys, PROFILE_READER, "Readers", 1, SOFTCARD_READERS_MAX,
		   &profile->readers) &&
	    profile_keys_boolean(&r->keys, PROFILE_READER, "Present", &profile->present);
}

static bool
read_atr(struct reading *r)
{
	struct softcard_profile *profile = r->profile;
	g_autoptr(GByteArray) bytes =
	    profile_keys_hex(&r->keys, PROFILE_CARD, "ATR", 2, ATR_LENGTH_MAX);
	struct atr atr;

	if (bytes == NULL)
		return profile_keys_fail(&r->keys, PROFILE_CARD, "ATR", "is missing");
	if (atr_parse(bytes->data, bytes->len, &atr) < 0)
		return profile_keys_fail(
		    &r->keys, PROFILE_CARD, "ATR", "is not well formed (ISO 7816-3, 8.2)");
	if (atr.tck_due && !atr.tck_present)
		return profile_keys_fail(
		    &r->keys, PROFILE_CARD, "ATR", "the check byte TCK is missing at its end");
	if (!atr.tck_right)
		return profile_keys_fail(&r->keys, PROFILE_CARD, "ATR",
		    "the check byte TCK is wrong: all bytes but the first must give 00 under XOR");
	if (atr.length != bytes->len)
		return profile_keys_fail(&r->keys, PROFILE_CARD, "ATR",
		    "has %zu bytes too many at its end", bytes->len - atr.length);
	if (atr_choose_protocol(&atr, 3) < 0)
		return profile_keys_fail(
		    &r->keys, PROFILE_CARD, "ATR", "offers neither T=0 nor T=1");
	memcpy(profile->atr_bytes, bytes->data, bytes->len);
	profile->atr = atr;
	return true;
}

static bool
read_card(struct reading *r, char *const *groups)
{
	if (!g_key_file_has_group(r->keys.file, PROFILE_CARD)) {
		if (r->profile->present)
			return profile_keys_fail(&r->keys, NULL, NULL,
			    "there is no [%s]; a reader without a card says Present=false in [%s]",
			    PROFILE_CARD, PROFILE_READER);
		for (size_t i = 0; groups[i] != NULL; i++)
			if (strcmp(groups[i], PROFILE_READER) != 0)
				return profile_keys_fail(&r->keys, groups[i], NULL,
				    "belongs to a card, but there is no [%s]", PROFILE_CARD);
		return true;
	}
	if (!read_atr(r))
		return false;
	r->profile->card = softcard_card_new();
	if (r->profile->card == NULL)
		return profile_keys_fail(&r->keys, NULL, NULL, "out of memory");
	return profile_card_read(&r->keys, groups, r->profile->card);
}

static bool
read_profile(struct reading *r, const char *text, size_t length)
{
	g_auto(GStrv) groups = NULL;

	if (length > SOFTCARD_PROFILE_SIZE_MAX)
		return profile_keys_fail(&r->keys, NULL, NULL, "is larger than %u KiB",
		    SOFTCARD_PROFILE_SIZE_MAX / 1024);
	if (memchr(text, '\0', length) != NULL)
		return profile_keys_fail(&r->keys, NULL, NULL, "has a NUL byte; it is not text");
	if (!profile_keys_load(&r->keys, text, length))
		return false;
	groups = g_key_file_get_groups(r->keys.file, NULL);
	return check_groups(r, groups) && read_reader(r) && read_card(r, groups);
}

struct softcard_profile *
softcard_profile_parse(const char *text, size_t length, const char *origin, char **ret_message)
{
	struct reading r = {
		.keys = { .file = g_key_file_new(), .origin = origin },
		.profile = g_new0(struct softcard_profile, 1),
	};

	if (!read_profile(&r, text, length)) {
		*ret_message = r.keys.message;
		softcard_profile_free(r.profile);
		r.profile = NULL;
	}
	g_key_file_free(r.keys.file);
	return r.profile;
}

void
softcard_profile_free(struct softcard_profile *profile)
{
	if (profile == NULL)
		return;
	softcard_card_free(profile->card);
	g_free(profile->reader_name);
	g_free(profile);
}
