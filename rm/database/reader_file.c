/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "rm/database/entry.h"
#include "rm/database/parse.h"

#define GROUP "Reader"

/* A group's name is bounded and is one line; what is wrong is said of the whole list. */
static bool
is_group_name(const char *name)
{
	if (name[0] == '\0' || strlen(name) > DATABASE_GROUP_NAME_MAX)
		return false;
	for (; *name != '\0'; name++)
		if (g_ascii_iscntrl(*name))
			return false;
	return true;
}

static void
take_groups(struct manifest_parser *parser, struct database_reader *reader)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) groups = NULL;

	if (!g_key_file_has_key(parser->file, GROUP, "Groups", NULL))
		return;
	groups = g_key_file_get_string_list(parser->file, GROUP, "Groups", NULL, &error);
	if (error != NULL) {
		manifest_refuse(parser, GROUP, "Groups", "is not a list of names");
		return;
	}
	database_reader_leave(reader, DATABASE_DEFAULT_GROUP);
	for (size_t i = 0; groups[i] != NULL; i++)
		if (!is_group_name(groups[i]))
			manifest_refuse(parser, GROUP, "Groups",
			    "item %zu is not a name of 1 to %u bytes", i + 1,
			    DATABASE_GROUP_NAME_MAX);
		else if (!database_reader_join(reader, groups[i]))
			manifest_refuse(
			    parser, GROUP, "Groups", "more than %u groups", DATABASE_GROUPS_MAX);
}

struct database_reader *
database_reader_parse(const char *data, size_t size, char **ret_problem)
{
	struct manifest_parser parser;
	struct database_reader *reader;

	if (!database_parse_begin(&parser, data, size, GROUP, ret_problem))
		return NULL;
	reader = database_reader_new(NULL, NULL);
	reader->name = manifest_get_required_text(&parser, GROUP, "Name", DATABASE_READER_NAME_MAX);
	reader->device = manifest_get_text(&parser, GROUP, "Device", DATABASE_READER_NAME_MAX);
	if (reader->device == NULL)
		reader->device = g_strdup(reader->name);
	reader->hidden = manifest_get_boolean(&parser, GROUP, "Hidden");
	take_groups(&parser, reader);
	if ((*ret_problem = database_parse_end(&parser)) != NULL) {
		database_reader_free(reader);
		return NULL;
	}
	return reader;
}

char *
database_reader_format(const struct database_reader *reader, size_t *ret_size, char **ret_problem)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	struct database_reader *again;
	char *text;

	g_key_file_set_string(file, GROUP, "Name", reader->name);
	if (strcmp(reader->name, reader->device) != 0)
		g_key_file_set_string(file, GROUP, "Device", reader->device);
	g_key_file_set_string_list(file, GROUP, "Groups", (const char *const *)reader->groups,
	    g_strv_length(reader->groups));
	if (reader->hidden)
		g_key_file_set_boolean(file, GROUP, "Hidden", TRUE);
	text = g_key_file_to_data(file, ret_size, NULL);
	again = database_reader_parse(text, *ret_size, ret_problem);
	if (again == NULL) {
		g_free(text);
		return NULL;
	}
	database_reader_free(again);
	return text;
}
