/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg why: one sentence of what to do, for each step that can fail. */
#include <string.h>

#include "runtime/comreg/class_search.h"
#include "runtime/comreg/elf_module.h"
#include "runtime/comreg/why.h"

/* (transfer full) */
static char *
user_folder(const struct why *why)
{
	const GPtrArray *folders = registry_folders(why->registry);

	for (guint i = 0; i < folders->len; i++) {
		const struct layer_folder *folder = g_ptr_array_index(folders, i);

		if (folder->kind == LAYER_USER)
			return g_strdup(folder->path);
	}
	return g_strdup("a components.d folder");
}

static char *
advise_lookup(const struct why *why)
{
	const struct registry_class *class =
	    why->known ? registry_find_class(why->registry, &why->clsid) : NULL;
	const struct registry_file *left_out = why_left_out(why);
	g_autofree char *folder = user_folder(why);

	if (class != NULL)
		return g_strdup_printf("Register the class that TreatAs leads to, or take the "
				       "TreatAs out of %s or the overlay that says it.",
		    class->file->path);
	if (left_out != NULL && left_out->state == REGISTRY_BROKEN)
		return g_strdup_printf("Correct %s: %s.", left_out->path, left_out->reason);
	if (left_out != NULL)
		return g_strdup_printf("If the class is wanted, remove what masks %s: it is %s.",
		    left_out->path, left_out->reason);
	return g_strdup_printf("Install the component that serves it: `comreg register MODULE`, or "
			       "put its manifest into %s.",
	    folder);
}

static char *
advise_loader(const struct class_target *target)
{
	g_autofree char *problem = NULL;
	struct elf_module module;

	if (!elf_module_read(&module, target->module, &problem))
		return g_strdup_printf(
		    "Replace %s by a build for this machine: %s.", target->module, problem);
	elf_module_done(&module);
	return g_strdup_printf(
	    "Install what %s needs, or link it with it: `ldd -r '%s'` lists what "
	    "is missing.",
	    target->module, target->module);
}

static char *
advise_crash(const struct class_target *target, const struct why_step *failure)
{
	return g_strdup_printf("Ask the author of %s, or run `gdb --args comreg why ...` with "
			       "`set follow-fork-mode child`: its code fails at the step %s.",
	    target->module != NULL ? target->module : "the component", failure->what);
}

static char *
advise_module(
    const struct why *why, const struct class_target *target, const struct why_step *failure)
{
	const char *what = failure->what, *module = target->module;
	const struct registry_class *class = target->class;

	(void)why;
	if (failure->result != NULL && strcmp(failure->result, "crash") == 0)
		return advise_crash(target, failure);
	if (strcmp(what, "threading model") == 0)
		return g_strdup_printf("Make the class safe for use by several threads and say "
				       "ThreadingModel=Both in %s.",
		    class->file->path);
	if (strcmp(what, "module file") == 0)
		return g_strdup_printf("Install the module as %s, or correct Module= in %s.",
		    module, class->file->path);
	if (strcmp(what, "loader") == 0)
		return advise_loader(target);
	if (strcmp(what, "entry point") == 0)
		return g_strdup_printf("Export DllGetClassObject from %s, or name the right module "
				       "in %s.",
		    module, class->file->path);
	if (strcmp(what, "class object") == 0)
		return g_strdup_printf("Correct %s, or take the class out of %s: the module does "
				       "not serve it.",
		    module, class->file->path);
	if (strcmp(what, "factory") == 0)
		return g_strdup_printf("Use CoGetClassObject with an interface that the class "
				       "object of %s has, or give it IClassFactory.",
		    module);
	return g_strdup_printf("Give %s what its text asks for, or ask its author.", module);
}

char *
why_advice(const struct why *why)
{
	const struct why_step *failure = why_failure(why);
	struct class_target target;
	char *advice;

	if (failure == NULL)
		return g_strdup("Nothing: the class can be used.");
	if (!why->known || strcmp(failure->what, "lookup") == 0)
		return advise_lookup(why);
	class_target_find(&target, why->registry, &why->clsid);
	advice = target.class != NULL ? advise_module(why, &target, failure)
				      : advise_crash(&target, failure);
	class_target_done(&target);
	return advice;
}
