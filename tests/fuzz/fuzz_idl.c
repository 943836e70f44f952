/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IDL files come from strangers as soon as somebody builds their component. Whatever the bytes
 * are, the compiler ends with errors it reported, or with outputs, and leaks nothing.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "idl/emit.h"
#include "idl/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const char *text;
	size_t size;
};

/* Enough of the real file to derive from; and the input itself, which closes a circle. */
static bool
find_import(void *context, const char *importing_path, const char *name, char **ret_path,
    char **ret_text, gsize *ret_length)
{
	static const char unknown[] =
	    "[object, local, uuid(00000000-0000-0000-C000-000000000046)] interface IUnknown {\n"
	    "HRESULT QueryInterface([in] REFIID riid, [out, iid_is(riid)] void **object);\n"
	    "ULONG AddRef(); ULONG Release(); }\n";
	const struct input *input = context;

	(void)importing_path;
	if (strcmp(name, "unknwn.idl") == 0) {
		*ret_text = g_strdup(unknown);
		*ret_length = strlen(unknown);
	} else if (strcmp(name, "input.idl") == 0) {
		*ret_text = g_strndup(input->text, input->size);
		*ret_length = input->size;
	} else {
		return false;
	}
	*ret_path = g_strdup(name);
	return true;
}

static void
emit_all(struct idl_unit *unit)
{
	static const char *const outputs[] = { "input.h", NULL };
	g_autofree char *header = idl_emit_header(unit);
	g_autofree char *ids = idl_emit_ids(unit);
	g_autofree char *manifest = idl_emit_manifest(unit, "input.so");
	g_autofree char *depfile = idl_emit_depfile(unit, outputs, G_N_ELEMENTS(outputs));
	g_autoptr(GKeyFile) file = g_key_file_new();

	assert(g_str_has_prefix(header, "/* SPDX") && g_str_has_prefix(ids, "/* SPDX"));
	assert(g_str_has_prefix(depfile, "input.h:"));
	assert(g_key_file_load_from_data(file, manifest, (gsize)-1, G_KEY_FILE_NONE, NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { (const char *)data, size };
	struct idl_diagnostics diagnostics;
	struct idl_unit unit;

	idl_diagnostics_init(&diagnostics);
	idl_unit_init(&unit, &diagnostics, find_import, &input);
	if (idl_compile(&unit, "input.idl", input.text, input.size)) {
		assert(diagnostics.errors == 0);
		emit_all(&unit);
	} else {
		assert(diagnostics.errors > 0 && diagnostics.errors <= IDL_ERRORS_MAX);
		assert(strstr(diagnostics.text->str, ": error: ") != NULL);
		assert(g_utf8_validate(diagnostics.text->str, -1, NULL));
	}
	idl_unit_done(&unit);
	idl_diagnostics_done(&diagnostics);
	return 0;
}
