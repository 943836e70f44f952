/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/database/parse.h"

#include "rm/database/database.h"
#include "runtime/manifest_place.h"

bool
database_parse_begin(struct manifest_parser *parser, const char *data, size_t size,
    const char *group, char **ret_problem)
{
	g_autoptr(GError) error = NULL;

	*parser = (struct manifest_parser){ .data = data, .size = size };
	if (size > DATABASE_FILE_SIZE_MAX) {
		*ret_problem = g_strdup_printf("larger than %u bytes", DATABASE_FILE_SIZE_MAX);
		return false;
	}
	if ((*ret_problem = manifest_check_text(data, size)) != NULL)
		return false;
	parser->file = g_key_file_new();
	if (!g_key_file_load_from_data(parser->file, data, size, G_KEY_FILE_NONE, &error))
		*ret_problem = manifest_describe_syntax_error(data, size, error);
	else if (!g_key_file_has_group(parser->file, group))
		*ret_problem = g_strdup_printf("line 1: there is no group [%s]", group);
	else
		return true;
	g_key_file_unref(parser->file);
	return false;
}

char *
database_parse_end(struct manifest_parser *parser)
{
	g_key_file_unref(parser->file);
	return parser->problem;
}
