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

/* Enough of the real file to derive from; and files for the preprocessor. */
static const struct {
	const char *name;
	const char *text;
} files[] = {
	{ "unknwn.idl",
	    "[object, local, uuid(00000000-0000-0000-C000-000000000046)] interface IUnknown {\n"
	    "HRESULT QueryInterface([in] REFIID riid, [out, iid_is(riid)] void **object);\n"
	    "ULONG AddRef(); ULONG Release(); }\n" },
	{ "oaidl.idl",
	    "import \"unknwn.idl\";\n"
	    "[object, local, uuid(00020400-0000-0000-C000-000000000046)] interface IDispatch : "
	    "IUnknown { HRESULT Invoke(DISPID id); }\n" },
	{ "guarded.h",
	    "#ifndef GUARDED\n#define GUARDED\n#include \"input.idl\"\n"
	    "#define NUMBER 1 + \\\n 2\n#define PAIR(a, b) a##b #a\n#endif\n" },
	{ "once.h", "#pragma once\n#include <once.h>\ntypedef LONG ONCE;\n" },
	{ "open.h", "#if 1\n" },
};

/* The input is a file, too, which closes a circle. */
static bool
find_import(void *context, const char *importing_path, const char *name, char **ret_path,
    char **ret_text, gsize *ret_length)
{
	const struct input *input = context;

	(void)importing_path;
	if (strcmp(name, "input.idl") == 0) {
		*ret_text = g_strndup(input->text, input->size);
		*ret_length = input->size;
		*ret_path = g_strdup(name);
		return true;
	}
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		if (strcmp(name, files[i].name) != 0)
			continue;
		*ret_text = g_strdup(files[i].text);
		*ret_length = strlen(files[i].text);
		*ret_path = g_strdup(name);
		return true;
	}
	return false;
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
	static const char *const definitions[] = { "GIVEN", "VALUE=2 + 2" };
	struct input input = { (const char *)data, size };
	struct idl_diagnostics diagnostics;
	struct idl_unit unit;

	idl_diagnostics_init(&diagnostics);
	/* Broken rules let more through to the emitters. */
	diagnostics.is_lenient = size % 2 == 1;
	idl_unit_init(&unit, &diagnostics, find_import, &input);
	unit.definitions = definitions;
	unit.definition_count = G_N_ELEMENTS(definitions);
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
