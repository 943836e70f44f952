/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/check_process.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <glib.h>

#define RUNTIME "/libtessera-com.so"

static unsigned
count_entries(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	unsigned count = 0;

	while (dir != NULL && g_dir_read_name(dir) != NULL)
		count++;
	if (dir != NULL)
		g_dir_close(dir);
	return count;
}

static uint64_t
read_mask(const char *status, const char *field)
{
	const char *line = strstr(status, field);
	unsigned long long mask = 0;

	return line != NULL && sscanf(line + strlen(field), " %llx", &mask) == 1 ? mask : 0;
}

struct mapping {
	unsigned long from, to;
	char permissions[5];
	const char *path; /* "" when it has none */
};

static bool
parse_mapping(const char *line, struct mapping *ret_mapping)
{
	const char *path = strchr(line, '/');

	ret_mapping->path = path != NULL ? path : "";
	return sscanf(line, "%lx-%lx %4s", &ret_mapping->from, &ret_mapping->to,
		   ret_mapping->permissions) == 3;
}

static bool
is_file(const char *path, const struct stat *status)
{
	struct stat own;

	return path[0] == '/' && stat(path, &own) == 0 && own.st_dev == status->st_dev &&
	    own.st_ino == status->st_ino;
}

static GStrv
read_maps(void)
{
	g_autofree char *text = NULL;

	(void)g_file_get_contents("/proc/self/maps", &text, NULL, NULL);
	return g_strsplit(text != NULL ? text : "", "\n", -1);
}

void
check_process_look(struct check_process *ret_process, const char *file)
{
	GStrv maps = read_maps();
	g_autofree char *status = NULL;
	struct stat own;
	bool has_own = stat(file, &own) == 0;

	*ret_process = (struct check_process){ .threads = count_entries("/proc/self/task"),
		.descriptors = count_entries("/proc/self/fd") };
	if (g_file_get_contents("/proc/self/status", &status, NULL, NULL)) {
		ret_process->caught = read_mask(status, "SigCgt:");
		ret_process->ignored = read_mask(status, "SigIgn:");
	}
	for (size_t i = 0; maps[i] != NULL; i++) {
		struct mapping mapping;

		if (has_own && parse_mapping(maps[i], &mapping) && is_file(mapping.path, &own))
			ret_process->mappings++;
	}
	g_strfreev(maps);
}

static enum check_code
code_of(const struct mapping *mapping, const char *file)
{
	struct stat own;

	if (mapping->permissions[2] != 'x')
		return CHECK_NO_CODE;
	if (stat(file, &own) == 0 && is_file(mapping->path, &own))
		return CHECK_MODULE_CODE;
	return strstr(mapping->path, RUNTIME) != NULL ? CHECK_RUNTIME_CODE : CHECK_OTHER_CODE;
}

enum check_code
check_process_code_at(uintptr_t address, const char *file)
{
	enum check_code code = CHECK_NO_CODE;
	GStrv maps = read_maps();

	for (size_t i = 0; maps[i] != NULL; i++) {
		struct mapping mapping;

		if (!parse_mapping(maps[i], &mapping) || address < mapping.from ||
		    address >= mapping.to)
			continue;
		code = code_of(&mapping, file);
		break;
	}
	g_strfreev(maps);
	return code;
}
