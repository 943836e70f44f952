/* SPDX-License-Identifier: BSD-2-Clause */
/* A thing that registers itself, into the user layer; right. */
#include "tests/conformance/broken/thing.h"

#include <stdio.h>
#include <unistd.h>

#define PATH_MAX_OWN 4096

/* A file of the user's data folder. */
static SPARE const char *
data_file(const char *name, char path[static PATH_MAX_OWN])
{
	const char *folder = secure_getenv("XDG_DATA_HOME");

	(void)snprintf(path, PATH_MAX_OWN, "%s/%s", folder != NULL ? folder : ".", name);
	return path;
}

static SPARE HRESULT
write_manifest(const char *name, const char *mode)
{
	char path[PATH_MAX_OWN];
	FILE *file = fopen(data_file(name, path), mode);

	if (file == NULL)
		return SELFREG_E_CLASS;
	(void)fputs("[Component]\nModule=thing.so\n", file);
	return fclose(file) == 0 ? S_OK : SELFREG_E_CLASS;
}

static SPARE void
remove_manifest(const char *name)
{
	char path[PATH_MAX_OWN];

	(void)unlink(data_file(name, path));
}

#define OWN "tessera/components.d/thing.component"

static SPARE HRESULT
register_server(void)
{
	return write_manifest(OWN, "w");
}

static SPARE HRESULT
unregister_server(void)
{
	remove_manifest(OWN);
	return S_OK;
}
