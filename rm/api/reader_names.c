/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/api/reader_names.h"

#include <string.h>

bool
reader_names_has(const char *list, const char *name)
{
	for (; *list != '\0'; list += strlen(list) + 1)
		if (strcmp(list, name) == 0)
			return true;
	return false;
}

bool
reader_names_has_other(const struct database_picture *picture, const char *device, const char *name)
{
	for (guint i = 0; i < database_readers(picture)->len; i++) {
		const struct database_reader *reader = database_readers(picture)->pdata[i];

		if (!reader->hidden && strcmp(reader->device, device) == 0 &&
		    strcmp(reader->name, name) != 0)
			return true;
	}
	return false;
}

/* @reader NULL: nothing is known, so it is in the default group. */
static bool
is_in(const struct database_reader *reader, const char *group)
{
	if (reader != NULL)
		return database_reader_in(reader, group);
	return g_ascii_strcasecmp(group, DATABASE_DEFAULT_GROUP) == 0;
}

static bool
is_wanted(const struct database_reader *reader, const char *groups)
{
	if (groups == NULL || *groups == '\0')
		return true;
	for (; *groups != '\0'; groups += strlen(groups) + 1)
		if (g_ascii_strcasecmp(groups, "SCard$AllReaders") == 0 ||
		    g_ascii_strcasecmp(groups, "SCard$LocalReaders") == 0 ||
		    (g_utf8_validate(groups, -1, NULL) && is_in(reader, groups)))
			return true;
	return false;
}

static void
add(GString *list, const char *name)
{
	g_string_append_len(list, name, (gssize)strlen(name) + 1);
}

/* What the database says of the name itself; not of another device that it gives this name to. */
static const struct database_reader *
find_own(const struct database_picture *picture, const char *name)
{
	const struct database_reader *reader = database_find_reader(picture, name);

	return reader != NULL && strcmp(reader->device, name) == 0 ? reader : NULL;
}

GString *
reader_names_list(const struct database_picture *picture, const char *attached, const char *groups)
{
	GString *list = g_string_new(NULL);

	for (const char *name = attached; *name != '\0'; name += strlen(name) + 1) {
		const struct database_reader *own = find_own(picture, name);
		bool hidden =
		    own != NULL && own->hidden && reader_names_has_other(picture, name, name);

		if (!hidden && is_wanted(own, groups))
			add(list, name);
		for (guint i = 0; i < database_readers(picture)->len; i++) {
			const struct database_reader *other = database_readers(picture)->pdata[i];

			if (strcmp(other->device, name) == 0 && other != own && !other->hidden &&
			    !reader_names_has(attached, other->name) && is_wanted(other, groups))
				add(list, other->name);
		}
	}
	return list;
}

static void
add_groups(GString *list, const struct database_reader *reader)
{
	for (size_t i = 0; reader->groups[i] != NULL; i++) {
		bool there = g_ascii_strcasecmp(reader->groups[i], "SCard$AllReaders") == 0;

		for (const char *group = list->str; !there && *group != '\0';
		     group += strlen(group) + 1)
			there = g_ascii_strcasecmp(group, reader->groups[i]) == 0;
		if (!there)
			add(list, reader->groups[i]);
	}
}

GString *
reader_names_groups(const struct database_picture *picture, const char *attached)
{
	GString *list = g_string_new(NULL);
	bool in_default = false;

	for (const char *name = attached; *name != '\0' && !in_default; name += strlen(name) + 1)
		in_default = find_own(picture, name) == NULL;
	if (in_default)
		add(list, DATABASE_DEFAULT_GROUP);
	for (guint i = 0; i < database_readers(picture)->len; i++) {
		const struct database_reader *reader = database_readers(picture)->pdata[i];

		if (!reader->hidden)
			add_groups(list, reader);
	}
	return list;
}
