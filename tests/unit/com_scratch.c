/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/com_scratch.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tessera_com.h>

#include "tests/suite.h"

#define BUFFERS 4

const char *
scratch_built(const char *rest)
{
	static char *buffers[BUFFERS];
	static unsigned next;
	char **buffer = &buffers[next++ % BUFFERS];
	const char *build = getenv("TESSERA_BUILD");

	g_free(*buffer);
	*buffer = g_strdup_printf("%s/%s", build != NULL ? build : "build", rest);
	return *buffer;
}

static const char *
keep(char *text)
{
	static GPtrArray *kept;

	if (kept == NULL)
		kept = g_ptr_array_new();
	g_ptr_array_add(kept, text);
	return text;
}

const char *
scratch_folder(void)
{
	static unsigned number;
	g_autofree char *here = g_get_current_dir();
	char *path = g_strdup_printf("%s/scratch-%u", here, number++);

	if (g_mkdir_with_parents(path, 0755) != 0)
		abort();
	return keep(path);
}

const char *
scratch_write_bytes(const char *folder, const char *name, const void *contents, size_t size)
{
	char *path = g_build_filename(folder, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);
	FILE *file;

	if (g_mkdir_with_parents(parent, 0755) != 0 || (file = fopen(path, "we")) == NULL ||
	    fwrite(contents, 1, size, file) != size || fclose(file) != 0)
		abort();
	return keep(path);
}

const char *
scratch_write(const char *folder, const char *name, const char *contents)
{
	return scratch_write_bytes(folder, name, contents, strlen(contents));
}

const char *
scratch_manifest(const char *module, const char *clsid, const char *name, const char *more)
{
	static char *buffers[BUFFERS];
	static unsigned next;
	char **buffer = &buffers[next++ % BUFFERS];

	g_free(*buffer);
	*buffer = g_strdup_printf(
	    "[Component]\nModule=%s\n\n[Class %s]\nName=%s\n%s", module, clsid, name, more);
	return *buffer;
}

GUID
scratch_guid(const char *text)
{
	OLECHAR wide[64];
	GUID guid;
	size_t n = strlen(text);

	if (n >= G_N_ELEMENTS(wide))
		abort();
	for (size_t i = 0; i <= n; i++)
		wide[i] = (OLECHAR)text[i];
	if (FAILED(IIDFromString(wide, &guid)))
		abort();
	return guid;
}

void
scratch_use(const char *folders)
{
	if (setenv("TESSERA_COMPONENT_PATH", folders, 1) != 0)
		abort();
}

void
scratch_hresult(HRESULT actual, HRESULT expected, const char *text, const char *file, unsigned line)
{
	char message[1024], name[64];

	snprintf(name, sizeof name, "%s", tessera_hresult_name(expected));
	snprintf(message, sizeof message, "%.700s is %s, expected %s", text,
	    tessera_hresult_name(actual), name);
	CU_assertImplementation(actual == expected, line, message, file, "", CU_FALSE);
}

void
scratch_text_has(const char *file, unsigned line, const char *const parts[])
{
	char *text = tessera_error_text();
	char message[1024];

	for (size_t i = 0; parts[i] != NULL; i++) {
		snprintf(message, sizeof message, "error text \"%.600s\" lacks \"%.200s\"",
		    text != NULL ? text : "(none)", parts[i]);
		CU_assertImplementation(text != NULL && strstr(text, parts[i]) != NULL, line,
		    message, file, "", CU_FALSE);
	}
	CoTaskMemFree(text);
}
