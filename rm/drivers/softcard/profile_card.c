/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/softcard/profile_card.h"

#include <errno.h>
#include <string.h>

#define TRIES 3u
#define PATH_MAX_LENGTH (SOFTCARD_DEPTH_MAX * 5u)

struct reading {
	struct profile_keys *keys;
	struct softcard_card *card;
	GHashTable *directories; /* path -> number; the MF under "" */
};

const char *
profile_card_suffix(const char *group, const char *kind)
{
	size_t length = strlen(kind);

	return strncmp(group, kind, length) == 0 && group[length] == ' ' ? group + length + 1
									 : NULL;
}

/*
 * Splits a path, identifiers of four digits with slashes between, into the directory's path and
 * the last identifier. (transfer full): the directory's path in capitals, "" for the MF.
 */
static char *
split_path(struct reading *r, const char *group, const char *path, uint16_t *ret)
{
	size_t length = strlen(path);
	bool well_formed = length % 5 == 4 && length < PATH_MAX_LENGTH;
	g_autofree char *upper = NULL;

	for (size_t i = 0; well_formed && i < length; i++)
		well_formed = i % 5 == 4 ? path[i] == '/' : g_ascii_isxdigit(path[i]);
	if (!well_formed) {
		g_autofree char *shown = profile_keys_quote(path);

		profile_keys_fail(r->keys, group, NULL,
		    "%s is no path: up to %u identifiers of four hexadecimal digits below the MF, "
		    "a slash between two",
		    shown, SOFTCARD_DEPTH_MAX);
		return NULL;
	}
	*ret = (uint16_t)g_ascii_strtoull(path + length - 4, NULL, 16);
	upper = g_ascii_strup(path, (gssize)length);
	upper[length > 4 ? length - 5 : 0] = '\0';
	return g_steal_pointer(&upper);
}

/* The number of a directory, or -1 and a message. */
static int
find_directory(struct reading *r, const char *group, const char *path)
{
	void *number;

	if (!g_hash_table_lookup_extended(r->directories, path, NULL, &number)) {
		profile_keys_fail(r->keys, group, NULL, "there is no [%s %s] for it to lie in",
		    PROFILE_DIRECTORY, path);
		return -1;
	}
	return GPOINTER_TO_INT(number);
}

/* What the model refused, in words. */
static bool
refused(struct reading *r, const char *group, int error)
{
	switch (error) {
	case -EEXIST:
		return profile_keys_fail(
		    r->keys, group, NULL, "its identifier or ShortId is taken in that directory");
	case -ELOOP:
		return profile_keys_fail(
		    r->keys, group, NULL, "lies deeper than %u", SOFTCARD_DEPTH_MAX);
	case -ENOSPC:
		return profile_keys_fail(
		    r->keys, group, NULL, "more than %u files and directories", SOFTCARD_FILES_MAX);
	case -ENOMEM:
		return profile_keys_fail(r->keys, group, NULL, "out of memory");
	default:
		return profile_keys_fail(
		    r->keys, group, NULL, "3F00, 3FFF, FFFF and 0000 are reserved identifiers");
	}
}

static bool
read_directory(struct reading *r, const char *group, const char *path)
{
	g_autofree char *parent_path = NULL;
	g_autoptr(GByteArray) name = profile_keys_hex(r->keys, group, "Name", 1, SOFTCARD_NAME_MAX);
	uint16_t id;
	int parent, number;

	if (r->keys->message != NULL || (parent_path = split_path(r, group, path, &id)) == NULL)
		return false;
	parent = find_directory(r, group, parent_path);
	if (parent < 0)
		return false;
	number = softcard_card_add_directory(
	    r->card, parent, id, name != NULL ? name->data : NULL, name != NULL ? name->len : 0);
	if (number < 0)
		return refused(r, group, number);
	g_hash_table_insert(r->directories, g_ascii_strup(path, -1), GINT_TO_POINTER(number));
	return true;
}

/* Parents first: by depth. */
static bool
read_directories(struct reading *r, char *const *groups)
{
	for (unsigned depth = 0; depth <= SOFTCARD_DEPTH_MAX; depth++) {
		for (size_t i = 0; groups[i] != NULL; i++) {
			const char *path = profile_card_suffix(groups[i], PROFILE_DIRECTORY);
			unsigned slashes = 0;

			if (path == NULL)
				continue;
			for (const char *p = path; *p != '\0'; p++)
				slashes += *p == '/';
			/* The last round takes what is too deep, for its message. */
			if (slashes != depth && (depth < SOFTCARD_DEPTH_MAX || slashes < depth))
				continue;
			if (!read_directory(r, groups[i], path))
				return false;
		}
	}
	return true;
}

static bool
parse_reference(const char *text, uint8_t *ret)
{
	unsigned reference;

	if (strlen(text) != 2 || !g_ascii_isxdigit(text[0]) || !g_ascii_isxdigit(text[1]))
		return false;
	reference = (unsigned)g_ascii_strtoull(text, NULL, 16);
	if ((reference & 0x60) != 0 || (reference & SOFTCARD_PIN_NUMBER_MAX) == 0)
		return false;
	*ret = (uint8_t)reference;
	return true;
}

/* The directory of a local PIN; the MF for others. */
static bool
read_pin_directory(struct reading *r, const char *group, uint8_t reference, int *ret)
{
	g_autofree char *path = profile_keys_string(r->keys, group, "Directory");
	g_autofree char *upper = NULL;

	if (r->keys->message != NULL)
		return false;
	*ret = SOFTCARD_MF;
	if ((reference & SOFTCARD_PIN_LOCAL) == 0) {
		if (path == NULL)
			return true;
		return profile_keys_fail(r->keys, group, "Directory",
		    "only PINs of one directory have it (references 81 to 9F)");
	}
	if (path == NULL)
		return profile_keys_fail(r->keys, group, "Directory",
		    "is missing: references 81 to 9F belong to one directory");
	upper = g_ascii_strup(path, -1);
	if (!g_hash_table_contains(r->directories, upper)) {
		g_autofree char *shown = profile_keys_quote(path);

		return profile_keys_fail(r->keys, group, "Directory",
		    "there is no [%s] with the path %s", PROFILE_DIRECTORY, shown);
	}
	*ret = GPOINTER_TO_INT(g_hash_table_lookup(r->directories, upper));
	return true;
}

/* @name: reference, and behind a space whatever tells local PINs with the same one apart. */
static bool
read_pin(struct reading *r, const char *group, const char *name)
{
	g_autofree char *value = NULL, *text = g_strndup(name, strcspn(name, " "));
	unsigned tries = TRIES;
	size_t length;
	uint8_t reference;
	int directory, error;

	if (!parse_reference(text, &reference))
		return profile_keys_fail(r->keys, group, NULL,
		    "the reference is two hexadecimal digits: 01 to 1F for the card, "
		    "81 to 9F for one directory");
	if (!read_pin_directory(r, group, reference, &directory) ||
	    !profile_keys_number(r->keys, group, "Tries", 1, SOFTCARD_TRIES_MAX, &tries))
		return false;
	value = profile_keys_string(r->keys, group, "Value");
	if (value == NULL)
		return profile_keys_fail(r->keys, group, "Value", "is missing");
	length = strlen(value);
	if (length < SOFTCARD_PIN_LENGTH_MIN || length > SOFTCARD_PIN_LENGTH_MAX) {
		explicit_bzero(value, length);
		return profile_keys_fail(r->keys, group, "Value",
		    "has %zu bytes; %u to %u are possible", length, SOFTCARD_PIN_LENGTH_MIN,
		    SOFTCARD_PIN_LENGTH_MAX);
	}
	error = softcard_card_add_pin(
	    r->card, reference, directory, (const uint8_t *)value, length, tries);
	explicit_bzero(value, length);
	if (error == -EEXIST)
		return profile_keys_fail(
		    r->keys, group, NULL, "there is another PIN with that reference");
	if (error == -ENOSPC)
		return profile_keys_fail(
		    r->keys, group, NULL, "more than %u PINs", SOFTCARD_PINS_MAX);
	return error == 0 || refused(r, group, error);
}

/* "always", "never", or "pin" and a reference. An absent key leaves *ret as it is. */
static bool
get_access(struct reading *r, const char *group, const char *key, int directory,
    struct softcard_access *ret)
{
	g_autofree char *value = profile_keys_string(r->keys, group, key), *shown = NULL;

	if (value == NULL)
		return r->keys->message == NULL;
	if (strcmp(value, "always") == 0) {
		ret->rule = SOFTCARD_ALWAYS;
		return true;
	}
	if (strcmp(value, "never") == 0) {
		ret->rule = SOFTCARD_NEVER;
		return true;
	}
	shown = profile_keys_quote(value);
	if (strncmp(value, "pin ", 4) != 0 || !parse_reference(value + 4, &ret->pin))
		return profile_keys_fail(
		    r->keys, group, key, "%s is neither always, never nor pin REFERENCE", shown);
	if (!softcard_card_has_pin(r->card, ret->pin, directory))
		return profile_keys_fail(r->keys, group, key, "there is no [%s %02X] for this file",
		    PROFILE_PIN, ret->pin);
	ret->rule = SOFTCARD_AFTER_PIN;
	return true;
}

/* (transfer full) (nullable): Text or Hex; without a message: neither. */
static GByteArray *
get_content(struct reading *r, const char *group)
{
	bool has_text = g_key_file_has_key(r->keys->file, group, "Text", NULL);
	char *text;

	if (has_text && g_key_file_has_key(r->keys->file, group, "Hex", NULL)) {
		profile_keys_fail(r->keys, group, "Hex", "a file has Text or Hex, not both");
		return NULL;
	}
	if (!has_text)
		return profile_keys_hex(r->keys, group, "Hex", 0, SOFTCARD_FILE_SIZE_MAX);
	text = profile_keys_string(r->keys, group, "Text");
	if (text == NULL)
		return NULL;
	return g_byte_array_new_take((guint8 *)text, strlen(text));
}

static bool
read_file(struct reading *r, const char *group, const char *path)
{
	struct softcard_access read = { .rule = SOFTCARD_ALWAYS };
	struct softcard_access update = { .rule = SOFTCARD_NEVER };
	g_autofree char *parent_path = NULL;
	g_autoptr(GByteArray) content = NULL;
	unsigned short_id = 0, size = 0;
	uint16_t id;
	int parent, number;

	parent_path = split_path(r, group, path, &id);
	if (parent_path == NULL)
		return false;
	parent = find_directory(r, group, parent_path);
	if (parent < 0)
		return false;
	content = get_content(r, group);
	if (r->keys->message != NULL ||
	    !profile_keys_number(r->keys, group, "ShortId", 1, SOFTCARD_SHORT_ID_MAX, &short_id) ||
	    !profile_keys_number(r->keys, group, "Size", 1, SOFTCARD_FILE_SIZE_MAX, &size) ||
	    !get_access(r, group, "Read", parent, &read) ||
	    !get_access(r, group, "Update", parent, &update))
		return false;
	if (size == 0)
		size = content != NULL ? content->len : 0;
	if (size == 0)
		return profile_keys_fail(
		    r->keys, group, "Size", "is missing, and there is no content to tell it");
	if (size > SOFTCARD_FILE_SIZE_MAX)
		return profile_keys_fail(r->keys, group, "Text",
		    "has %u bytes; at most %u are possible", size, SOFTCARD_FILE_SIZE_MAX);
	if (content != NULL && content->len > size)
		return profile_keys_fail(r->keys, group, "Size",
		    "%u is too small: the content has %u bytes", size, content->len);
	number = softcard_card_add_file(r->card, parent, id, (uint8_t)short_id, size, read, update);
	if (number < 0)
		return refused(r, group, number);
	if (content != NULL)
		softcard_card_fill(r->card, number, content->data, content->len);
	return true;
}

/* All groups of a kind, in the file's order. */
static bool
read_each(struct reading *r, char *const *groups, const char *kind,
    bool (*read)(struct reading *r, const char *group, const char *name))
{
	for (size_t i = 0; groups[i] != NULL; i++) {
		const char *name = profile_card_suffix(groups[i], kind);

		if (name != NULL && !read(r, groups[i], name))
			return false;
	}
	return true;
}

bool
profile_card_read(struct profile_keys *keys, char *const *groups, struct softcard_card *card)
{
	struct reading r = {
		.keys = keys,
		.card = card,
		.directories = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
	bool good;

	g_hash_table_insert(r.directories, g_strdup(""), GINT_TO_POINTER(SOFTCARD_MF));
	/* Files refer to PINs, both to directories. */
	good = read_directories(&r, groups) && read_each(&r, groups, PROFILE_PIN, read_pin) &&
	    read_each(&r, groups, PROFILE_FILE, read_file);
	g_hash_table_destroy(r.directories);
	return good;
}
