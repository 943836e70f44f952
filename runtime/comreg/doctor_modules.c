/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * comreg doctor: the shared objects. Their files are read; with --run each is loaded, in a process
 * of its own for each class, so that one that crashes takes nothing along.
 */
#include <dlfcn.h>
#include <string.h>

#include <objbase.h>
#include <tessera_com.h>

#include "runtime/comreg/child.h"
#include "runtime/comreg/doctor.h"
#include "runtime/comreg/elf_module.h"
#include "runtime/guid_text.h"

#define ENTRY_POINT "DllGetClassObject"

struct trial {
	const char *module;
	const CLSID *clsid;
};

/* In the child. Fields: "problem" and a text, or "answer" and the name of a code; then "end". */
static int
try_class(int report, void *data)
{
	const struct trial *trial = data;
	HRESULT (*get_class_object)(REFCLSID, REFIID, void **);
	IClassFactory *factory = NULL;
	void *handle, *symbol;
	HRESULT hr;

	(void)CoInitializeEx(NULL, COINIT_MULTITHREADED);
	handle = dlopen(trial->module, RTLD_NOW | RTLD_LOCAL);
	symbol = handle != NULL ? dlsym(handle, ENTRY_POINT) : NULL;
	if (symbol == NULL) {
		const char *reason = dlerror();

		child_say(report, "problem");
		child_say(report, reason != NULL ? reason : ENTRY_POINT " is at address 0");
	} else {
		memcpy(&get_class_object, &symbol, sizeof get_class_object);
		hr = get_class_object(trial->clsid, &IID_IClassFactory, (void **)&factory);
		child_say(report, "answer");
		child_say(report,
		    SUCCEEDED(hr) && factory == NULL ? "success, but no class object"
						     : tessera_hresult_name(hr));
		if (SUCCEEDED(hr) && factory != NULL)
			(void)factory->lpVtbl->Release(factory);
	}
	child_say(report, "end");
	return 0;
}

static void
note_trial(struct doctor *doctor, const struct registry_file *file,
    const struct manifest_class *info, const char *module, const struct child *child)
{
	g_autofree char *ended = child_problem(child, doctor->limit_ms);
	size_t cursor = 0;
	const char *what = child_field(child, &cursor), *text = child_field(child, &cursor);
	bool complete = child_field(child, &cursor) != NULL;
	char clsid[GUID_TEXT_LENGTH + 1];

	guid_to_text(&info->clsid, clsid);
	if (!complete)
		doctor_note(doctor, DOCTOR_ERROR, "class-object", module,
		    "run it in a debugger, or ask who made it",
		    "loading it and asking for class %s %s: %s", clsid, info->name,
		    ended != NULL ? ended : "the process ended by itself, without an answer");
	else if (strcmp(what, "problem") == 0)
		doctor_note(doctor, DOCTOR_ERROR, "module", module,
		    "install what it needs, or build it again", "the loader refuses it: %s", text);
	else if (strcmp(text, "S_OK") != 0)
		doctor_note(doctor, DOCTOR_ERROR, "class-object", module,
		    "correct the module, or take the class out of the manifest",
		    ENTRY_POINT " answers %s for class %s %s, which %s promises", text, clsid,
		    info->name, file->path);
	else if (ended != NULL)
		doctor_note(doctor, DOCTOR_ERROR, "class-object", module,
		    "run it in a debugger, or ask who made it",
		    "releasing the class object of %s %s: %s", clsid, info->name, ended);
}

static void
try_classes(struct doctor *doctor, const struct registry_file *file, const char *module)
{
	for (guint i = 0; i < file->manifest->classes->len; i++) {
		const struct manifest_class *info = g_ptr_array_index(file->manifest->classes, i);
		struct trial trial = { module, &info->clsid };
		struct child child;

		/* Another class serves it. */
		if (!IsEqualGUID(&info->treat_as, &GUID_NULL))
			continue;
		child_run(&child, doctor->limit_ms, try_class, &trial);
		note_trial(doctor, file, info, module, &child);
		child_done(&child);
	}
}

static bool
needs_module(const struct manifest *manifest)
{
	for (guint i = 0; i < manifest->classes->len; i++) {
		const struct manifest_class *info = g_ptr_array_index(manifest->classes, i);

		if (IsEqualGUID(&info->treat_as, &GUID_NULL))
			return true;
	}
	return false;
}

static void
examine_module(struct doctor *doctor, const struct registry_file *file)
{
	g_autofree char *path = registry_module_path(file), *problem = NULL, *next = NULL;
	struct elf_module module;

	if (!elf_module_read(&module, path, &problem)) {
		next = g_strdup_printf(
		    "install the module there, or correct Module= in %s", file->path);
		doctor_note(doctor, DOCTOR_ERROR, "module", file->path, next, "module %s: %s", path,
		    problem);
		return;
	}
	if (!module.symbols_known && !doctor->run)
		doctor_note(doctor, DOCTOR_WARNING, "entry-point", path,
		    "comreg doctor --run loads it and sees",
		    "its file does not tell which functions it exports");
	else if (module.symbols_known && !elf_module_exports(&module, ENTRY_POINT))
		doctor_note(doctor, DOCTOR_ERROR, "entry-point", path,
		    "export the function: tessera_class.h makes it, a linker's version script must "
		    "leave it visible",
		    "it does not export " ENTRY_POINT ", so %s promises in vain", file->path);
	else if (doctor->run)
		try_classes(doctor, file, path);
	elf_module_done(&module);
}

void
doctor_examine_modules(struct doctor *doctor)
{
	const GPtrArray *files = registry_files(doctor->registry);

	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		if (file->manifest != NULL && file->manifest->module != NULL &&
		    needs_module(file->manifest))
			examine_module(doctor, file);
	}
}
