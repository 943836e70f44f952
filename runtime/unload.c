/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When a module is unmapped.
 *
 * A module that says that it can go may still have a thread in it: the one that released the last
 * object, on its way out. So it must say so twice, a grace time apart, and serve nobody between.
 * The class objects that the runtime keeps for warm activation would make it say no for ever, and a
 * warm activation tells nobody of itself; so before the first question its class objects leave the
 * table and are released. Whoever needs the class meanwhile comes by the loader, which remembers.
 * Nothing here waits: what is still in use is left for the next call.
 */
#include <stdlib.h>

#include <glib.h>
#include <objbase.h>

#include "runtime/activity.h"
#include "runtime/class_object.h"
#include "runtime/class_table.h"
#include "runtime/export.h"
#include "runtime/loader.h"

#define GRACE_DEFAULT_MS (10u * 60u * 1000u)

/* One unloader at a time. A child that was forked meanwhile has none any more. */
static bool unloading;

static bool
modules_are_kept(void)
{
	const char *keep = secure_getenv("TESSERA_KEEP_MODULES");

	return keep != NULL && keep[0] != '\0' && g_strcmp0(keep, "0") != 0;
}

/*
 * Is it plain, without disturbing anybody, that the module is in use? Only a module made with the
 * class helper can tell our class objects from those of clients.
 */
static bool
is_plainly_busy(struct module *module)
{
	int64_t own;
	HRESULT hr;

	if (!loader_is_idle(module, &own))
		return true;
	thread_state.own_class_objects = own;
	thread_state.helper_asked = false;
	hr = module->can_unload();
	thread_state.own_class_objects = 0;
	return hr != S_OK && thread_state.helper_asked;
}

static bool
says_it_can_go(struct module *module)
{
	return module->can_unload() == S_OK;
}

static void
free_entries(GPtrArray *entries)
{
	for (guint i = 0; entries != NULL && i < entries->len; i++)
		class_entry_free(g_ptr_array_index(entries, i));
	g_clear_pointer(&entries, g_ptr_array_unref);
}

/*
 * A class that was warm is warm again, even if its manifest has gone meanwhile; not if something
 * has been published or redirected since.
 */
static void
put_back(struct module *module)
{
	GPtrArray *taken = g_steal_pointer(&module->taken);

	for (guint i = 0; taken != NULL && i < taken->len; i++) {
		struct class_entry *entry = g_ptr_array_index(taken, i);

		if (entry->object == NULL && FAILED(class_object_get(entry)))
			class_entry_free(entry);
		else
			class_table_add(entry, module->version);
	}
	g_clear_pointer(&taken, g_ptr_array_unref);
}

/* The module's class objects out of the table and given back. False: somebody may be using them. */
static bool
withdraw(struct module *module)
{
	GPtrArray *taken;

	if (module->taken == NULL)
		module->version = class_table_version();
	taken = class_table_take(module, &module->quiet);
	if (module->taken == NULL)
		module->taken = taken;
	else if (taken != NULL)
		g_ptr_array_extend_and_steal(module->taken, taken);
	if (module->taken == NULL)
		return true;
	if (!activity_passed(module->quiet))
		return false;
	for (guint i = 0; i < module->taken->len; i++)
		class_entry_release_objects(g_ptr_array_index(module->taken, i));
	return true;
}

/* It was asked and said no. */
static void
stays(struct module *module)
{
	loader_no_candidate(module);
	put_back(module);
}

/* The first question. */
static void
nominate(struct module *module, gint64 due)
{
	if (is_plainly_busy(module)) {
		put_back(module);
		return;
	}
	/* A candidate before it is asked, so that an activation during the question undoes it. */
	if (!withdraw(module) || !loader_make_candidate(module))
		return;
	module->due = due;
	if (!says_it_can_go(module))
		stays(module);
}

/* The second. */
static void
unload(struct module *module)
{
	GPtrArray *taken;

	if (!says_it_can_go(module)) {
		stays(module);
		return;
	}
	taken = g_steal_pointer(&module->taken);
	if (loader_unload(module))
		free_entries(taken);
	else
		module->taken = taken;
}

static void
consider(struct module *module, gint64 now, gint64 due)
{
	if (loader_is_candidate(module))
		module->due = MIN(module->due, due);
	else
		nominate(module, due);
	if (loader_is_candidate(module) && module->due <= now)
		unload(module);
}

TESSERA_EXPORT void
CoFreeUnusedLibrariesEx(DWORD dwUnloadDelay, DWORD dwReserved)
{
	const gint64 now = g_get_monotonic_time();
	const DWORD delay = dwUnloadDelay == INFINITE ? GRACE_DEFAULT_MS : dwUnloadDelay;
	GPtrArray *modules;

	if (dwReserved != 0 || __atomic_exchange_n(&unloading, true, __ATOMIC_ACQUIRE))
		return;
	activity_reap(true);
	if (!modules_are_kept()) {
		modules = loader_unloadable();
		for (guint i = 0; i < modules->len; i++)
			consider(g_ptr_array_index(modules, i), now, now + (gint64)delay * 1000);
		g_ptr_array_unref(modules);
	}
	__atomic_store_n(&unloading, false, __ATOMIC_RELEASE);
}

TESSERA_EXPORT void
CoFreeUnusedLibraries(void)
{
	CoFreeUnusedLibrariesEx(INFINITE, 0);
}
