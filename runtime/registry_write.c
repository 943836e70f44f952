/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/registry_write.h"

#include <stdlib.h>
#include <string.h>

#include <winerror.h>

#include "runtime/folder_picture.h"
#include "runtime/layer_writer.h"
#include "runtime/manifest.h"
#include "runtime/manifest_place.h"

enum layer_kind
registry_write_layer(void)
{
	const char *wish = secure_getenv("TESSERA_REGISTER_LAYER");

	return wish != NULL && strcmp(wish, "administrator") == 0 ? LAYER_ADMINISTRATOR
								  : LAYER_USER;
}

static HRESULT
check_name(const char *name, char **ret_cause)
{
	g_autofree char *shown = manifest_quotable(name);
	const char *problem = NULL;

	if (strlen(name) > LAYER_WRITER_NAME_MAX)
		problem = "is too long";
	else if (strchr(name, '/') != NULL || name[0] == '.' || strcmp(shown, name) != 0)
		problem = "is no file's name";
	else if (!g_str_has_suffix(name, FOLDER_SUFFIX))
		problem = "does not end in " FOLDER_SUFFIX;
	else if (strcmp(name, MANIFEST_OVERLAY_NAME) == 0)
		problem = "is kept for overrides";
	if (problem == NULL)
		return S_OK;
	*ret_cause = g_strdup_printf("the manifest's name \"%s\" %s", shown, problem);
	return E_INVALIDARG;
}

static HRESULT
check_text(const char *name, const char *text, char **ret_cause)
{
	g_autofree char *problem = NULL;
	struct manifest *manifest = manifest_parse(text, strlen(text), &problem);

	if (manifest == NULL)
		*ret_cause = g_strdup_printf("%s: %s", name, problem);
	else if (manifest->module == NULL)
		*ret_cause = g_strdup_printf("%s: line 1: there is no group [Component]", name);
	manifest_free(manifest);
	return *ret_cause != NULL ? E_INVALIDARG : S_OK;
}

HRESULT
registry_write_manifest(enum layer_kind layer, const char *name, const char *text, char **ret_cause)
{
	struct layer_writer writer;
	HRESULT hr;

	*ret_cause = NULL;
	hr = check_name(name, ret_cause);
	if (SUCCEEDED(hr))
		hr = check_text(name, text, ret_cause);
	if (SUCCEEDED(hr))
		hr = layer_writer_open(layer, &writer, ret_cause);
	if (FAILED(hr))
		return hr;
	hr = layer_writer_put(&writer, name, text, strlen(text), ret_cause);
	layer_writer_close(&writer);
	return hr;
}

HRESULT
registry_remove_manifest(enum layer_kind layer, const char *name, char **ret_cause)
{
	struct layer_writer writer;
	HRESULT hr;

	*ret_cause = NULL;
	hr = check_name(name, ret_cause);
	if (SUCCEEDED(hr))
		hr = layer_writer_open(layer, &writer, ret_cause);
	if (FAILED(hr))
		return hr;
	hr = layer_writer_remove(&writer, name, ret_cause);
	layer_writer_close(&writer);
	return hr;
}
