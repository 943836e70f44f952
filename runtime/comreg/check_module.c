/* SPDX-License-Identifier: BSD-2-Clause */
/* The module as a whole: what it exports, what it counts, whom it serves. */
#include <dlfcn.h>
#include <string.h>

#include "runtime/comreg/check_elf.h"
#include "runtime/comreg/check_process.h"
#include "runtime/comreg/check_trial.h"

static void
run_exports(struct trial *trial)
{
	static const char *const entries[] = { "DllGetClassObject", "DllCanUnloadNow",
		"DllRegisterServer", "DllUnregisterServer", "DllInstall", NULL };
	g_autofree char *problem = NULL;
	g_autoptr(GPtrArray) names = check_elf_exports(trial->target->module, &problem);

	if (names == NULL) {
		trial_fail(trial, "%s", problem);
		return;
	}
	if (!g_ptr_array_find_with_equal_func(names, "DllGetClassObject", g_str_equal, NULL))
		trial_fail(trial, "DllGetClassObject is not exported");
	if (!g_ptr_array_find_with_equal_func(names, "DllCanUnloadNow", g_str_equal, NULL))
		trial_note(trial, "DllCanUnloadNow is not exported: the module is never unloaded");
	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);

		if (!g_strv_contains(entries, name) && name[0] != '_')
			trial_fail(
			    trial, "%s is exported as well; hide what is no entry point", name);
	}
}

static void
run_symbols(struct trial *trial)
{
	if (dlopen(trial->target->module, RTLD_NOW | RTLD_LOCAL) == NULL)
		trial_fail(trial, "bound at once, the dynamic linker says: %s", dlerror());
}

static void
run_load(struct trial *trial)
{
	struct check_process before, after;
	bool is_resident = trial->target->manifest != NULL && trial->target->manifest->resident;

	for (unsigned round = 0; round < 2; round++) {
		void *handle;

		check_process_look(&before, trial->target->module);
		handle = dlopen(trial->target->module, RTLD_LAZY | RTLD_LOCAL);
		if (handle == NULL) {
			trial_skip(trial, "the module cannot be loaded, see module.symbols");
			return;
		}
		dlclose(handle);
		check_process_look(&after, trial->target->module);
		if (after.threads > before.threads)
			trial_fail(trial, "loaded and unloaded, it leaves %u threads",
			    after.threads - before.threads);
		if (after.descriptors > before.descriptors)
			trial_fail(trial, "loaded and unloaded, it leaves %u descriptors open",
			    after.descriptors - before.descriptors);
		if (after.caught != before.caught || after.ignored != before.ignored)
			trial_fail(trial,
			    "loaded and unloaded, it leaves signals handled "
			    "otherwise");
		if (round > 0 && after.mappings > before.mappings)
			trial_fail(trial, "loaded again, it leaves %u more mappings of itself",
			    after.mappings - before.mappings);
		if (round > 0 && after.mappings > 0 && !is_resident)
			trial_note(trial,
			    "the dynamic linker keeps it mapped; if that is meant, "
			    "say Resident=true");
	}
}

static void
run_idle(struct trial *trial)
{
	if (trial->can_unload_now == NULL)
		trial_skip(trial, "DllCanUnloadNow is not exported");
	else
		trial_expect_idle(trial, "loading, before any object,");
}

static void
run_objects(struct trial *trial)
{
	IUnknown *object;
	HRESULT hr;

	if (trial->can_unload_now == NULL) {
		trial_skip(trial, "DllCanUnloadNow is not exported");
		return;
	}
	object = trial_object(trial);
	if (object == NULL)
		return;
	hr = trial_can_unload(trial);
	if (hr != S_FALSE)
		trial_fail(trial, "with a live object DllCanUnloadNow gives %s, not S_FALSE",
		    tessera_hresult_name(hr));
	object->lpVtbl->Release(object);
	trial_expect_idle(trial, "the last Release");
}

static void
run_lock(struct trial *trial)
{
	IClassFactory *factory;
	HRESULT hr;

	if (trial->can_unload_now == NULL) {
		trial_skip(trial, "DllCanUnloadNow is not exported");
		return;
	}
	factory = trial_factory(trial);
	if (factory == NULL)
		return;
	trial_note(trial, "while a class object is held, DllCanUnloadNow gives %s",
	    tessera_hresult_name(trial_can_unload(trial)));
	hr = factory->lpVtbl->LockServer(factory, TRUE);
	factory->lpVtbl->Release(factory);
	if (FAILED(hr))
		trial_fail(trial, "LockServer(TRUE) gives %s", tessera_hresult_name(hr));
	hr = trial_can_unload(trial);
	if (hr != S_FALSE)
		trial_fail(trial, "locked, DllCanUnloadNow gives %s, not S_FALSE",
		    tessera_hresult_name(hr));
	factory = trial_factory(trial);
	if (factory == NULL)
		return;
	hr = factory->lpVtbl->LockServer(factory, FALSE);
	factory->lpVtbl->Release(factory);
	if (FAILED(hr))
		trial_fail(trial, "LockServer(FALSE) gives %s", tessera_hresult_name(hr));
	trial_expect_idle(trial, "the matching LockServer(FALSE)");
}

static void
run_unknown_class(struct trial *trial)
{
	CLSID clsid = trial_random_iid();
	void *object = CHECK_POISON;
	HRESULT hr = trial->get_class_object(&clsid, &IID_IClassFactory, &object);

	if (hr != CLASS_E_CLASSNOTAVAILABLE)
		trial_fail(trial, "a CLSID that nobody has gives %s, not CLASS_E_CLASSNOTAVAILABLE",
		    tessera_hresult_name(hr));
	if (object != NULL)
		trial_fail(trial, "a CLSID that nobody has leaves the result uncleared");
}

static void
run_unknown_interface(struct trial *trial)
{
	IID iid = trial_random_iid();
	void *object = CHECK_POISON;
	HRESULT hr = trial->get_class_object(&trial->clsid, &iid, &object);

	if (hr == CLASS_E_CLASSNOTAVAILABLE) {
		trial_skip(trial, "the class is not served, see module.served");
		return;
	}
	if (hr != E_NOINTERFACE)
		trial_fail(trial, "an IID that nobody has gives %s, not E_NOINTERFACE",
		    tessera_hresult_name(hr));
	if (object != NULL)
		trial_fail(trial, "an IID that nobody has leaves the result uncleared");
}

static void
run_null_out(struct trial *trial)
{
	HRESULT hr;

	trial_step(trial, "DllGetClassObject without place for the result");
	hr = trial->get_class_object(&trial->clsid, &IID_IClassFactory, NULL);
	if (!trial_refuses_null(hr) && hr != CLASS_E_CLASSNOTAVAILABLE)
		trial_fail(trial,
		    "without place for the result it gives %s, not E_POINTER or "
		    "E_INVALIDARG",
		    tessera_hresult_name(hr));
}

static void
run_served(struct trial *trial)
{
	IUnknown *object = CHECK_POISON;
	HRESULT hr = trial->get_class_object(&trial->clsid, &IID_IUnknown, (void **)&object);

	if (FAILED(hr))
		trial_fail(
		    trial, "DllGetClassObject refuses the class with %s", tessera_hresult_name(hr));
	else if (object == NULL || object == CHECK_POISON)
		trial_fail(trial, "DllGetClassObject gives %s and no class object",
		    tessera_hresult_name(hr));
	else
		object->lpVtbl->Release(object);
}

#define UNLOAD "DllCanUnloadNow"
#define CLASS_OBJECT "DllGetClassObject"

static const struct check checks[] = {
	{ "module.exports", run_exports,
	    "DllGetClassObject is exported, and nothing that is no entry point", CLASS_OBJECT,
	    CHECK_MODULE, CHECK_LOADS_ITSELF },
	{ "module.symbols", run_symbols, "all symbols resolve when bound at once", "dlopen(3)",
	    CHECK_MODULE, CHECK_LOADS_ITSELF },
	{ "module.load", run_load,
	    "loading and unloading leaves no threads, descriptors, mappings or signal handlers",
	    UNLOAD, CHECK_MODULE, CHECK_LOADS_ITSELF },
	{ "module.idle", run_idle, "before any object DllCanUnloadNow gives S_OK", UNLOAD,
	    CHECK_MODULE, 0 },
	{ "module.unknown-class", run_unknown_class,
	    "a foreign CLSID gives CLASS_E_CLASSNOTAVAILABLE and NULL", CLASS_OBJECT, CHECK_MODULE,
	    0 },
	{ "module.served", run_served, "every class of the manifest has a class object",
	    CLASS_OBJECT, CHECK_CLASS, 0 },
	{ "module.unknown-interface", run_unknown_interface,
	    "a class object asked for a foreign IID gives E_NOINTERFACE and NULL", CLASS_OBJECT,
	    CHECK_CLASS, 0 },
	{ "module.null-out", run_null_out,
	    "without place for the class object: E_POINTER or E_INVALIDARG", CLASS_OBJECT,
	    CHECK_CLASS, 0 },
	{ "module.objects", run_objects,
	    "DllCanUnloadNow gives S_FALSE while an object lives, S_OK after", UNLOAD, CHECK_CLASS,
	    0 },
	{ "module.lock", run_lock,
	    "DllCanUnloadNow gives S_FALSE while the server is locked, S_OK after",
	    "IClassFactory::LockServer", CHECK_CLASS, 0 },
};
const struct check_group check_module = CHECK_GROUP(checks);
