/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Modules by path. Two threads that need the same module first both ask the dynamic linker, which
 * maps it once and lets the second wait for the first's constructors; the one that comes second
 * gives its extra handle back. So no lock of ours is held while foreign code runs.
 */
#include "runtime/loader.h"

#include <pthread.h>
#include <string.h>

#include <glib.h>
#include <gmodule.h>

#include "runtime/fork.h"
#include "runtime/module_file.h"

/* All of it under modules_lock, except what is written once. */
static pthread_mutex_t modules_lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *modules; /* path to struct module */
static unsigned loading;    /* threads that are in the dynamic linker for us */
static bool linker_lost;    /* see in_child */
static _Thread_local unsigned own_loading;

/*
 * GModule makes its lock with the first call, in a way that ThreadSanitizer cannot follow and takes
 * for a race. One thread makes that call, on the program itself, before any other can.
 */
static pthread_once_t first_use = PTHREAD_ONCE_INIT;

static void
use_gmodule(void)
{
	GModule *program = g_module_open(NULL, G_MODULE_BIND_LAZY);

	if (program != NULL)
		g_module_close(program);
}

/* A child that was forked while another thread was in the dynamic linker finds that locked. */
static void
in_child(void)
{
	linker_lost = linker_lost || loading > own_loading;
	loading = own_loading;
}

__attribute__((constructor)) static void
prepare_for_fork(void)
{
	fork_guard(&modules_lock, FORK_LEAF, in_child);
}

/* False: it would never come back. */
static bool
enter_linker(void)
{
	bool possible;

	pthread_mutex_lock(&modules_lock);
	possible = !linker_lost;
	loading += possible;
	own_loading += possible;
	pthread_mutex_unlock(&modules_lock);
	return possible;
}

static void
leave_linker(void)
{
	pthread_mutex_lock(&modules_lock);
	loading--;
	own_loading--;
	pthread_mutex_unlock(&modules_lock);
}

static void
close_handle(GModule *handle)
{
	if (!enter_linker())
		return;
	g_module_close(handle);
	leave_linker();
}

/* Under the lock. A module that serves again is no candidate any more. */
static struct module *
use_known(const char *path, bool resident)
{
	struct module *module = modules != NULL ? g_hash_table_lookup(modules, path) : NULL;

	if (module == NULL)
		return NULL;
	module->users++;
	module->candidate = false;
	module->resident = module->resident || resident;
	return module;
}

static struct module *
find_loaded(const char *path, bool resident)
{
	struct module *module;

	pthread_mutex_lock(&modules_lock);
	module = use_known(path, resident);
	pthread_mutex_unlock(&modules_lock);
	return module;
}

/* Takes the handle; gives it back when another thread was faster. */
static struct module *
remember(const char *path, const struct module *opened)
{
	struct module *module;
	bool first;

	pthread_mutex_lock(&modules_lock);
	module = use_known(path, opened->resident);
	first = module == NULL;
	if (first) {
		module = g_new(struct module, 1);
		*module = *opened;
		module->path = g_strdup(path);
		module->users = 1;
		if (modules == NULL)
			modules = g_hash_table_new(g_str_hash, g_str_equal);
		g_hash_table_insert(modules, module->path, module);
	}
	pthread_mutex_unlock(&modules_lock);
	if (!first)
		close_handle(opened->handle);
	return module;
}

static void *
symbol_of(GModule *handle, const char *name)
{
	void *symbol;

	return g_module_symbol(handle, name, &symbol) ? symbol : NULL;
}

/* In the linker. All symbols at once: one that is missing is better told now than by the end of the
 * process. */
static HRESULT
map_and_look(const char *path, struct module *module, struct loader_failure *failure)
{
	void *get, *can_unload;

	module->handle = g_module_open(path, G_MODULE_BIND_LOCAL);
	if (module->handle == NULL) {
		failure->cause = module_file_describe_failure(path, g_module_error());
		return CO_E_ERRORINDLL;
	}
	failure->step = LOADER_ENTRY;
	get = symbol_of(module->handle, "DllGetClassObject");
	if (get == NULL) {
		failure->cause =
		    g_strdup_printf("it does not export DllGetClassObject: %s", g_module_error());
		g_module_close(module->handle);
		return CO_E_ERRORINDLL;
	}
	can_unload = symbol_of(module->handle, "DllCanUnloadNow");
	memcpy(&module->entry, &get, sizeof get);
	memcpy(&module->can_unload, &can_unload, sizeof can_unload);
	return S_OK;
}

static HRESULT
map_module(const char *path, struct module *module, struct loader_failure *failure)
{
	HRESULT hr;

	failure->step = LOADER_MAP;
	pthread_once(&first_use, use_gmodule);
	if (!enter_linker()) {
		failure->cause =
		    g_strdup("this process was forked while another thread of its parent was "
			     "loading a module, and the dynamic linker stays locked in it; load "
			     "before the fork, or call exec after it");
		return CO_E_ERRORINDLL;
	}
	hr = map_and_look(path, module, failure);
	leave_linker();
	return hr;
}

HRESULT
loader_open(
    const char *path, bool resident, struct module **ret_module, struct loader_failure *ret_failure)
{
	struct module opened = { .resident = resident };
	HRESULT hr;

	*ret_failure = (struct loader_failure){ .step = LOADER_FILE };
	*ret_module = find_loaded(path, resident);
	if (*ret_module != NULL)
		return S_OK;
	hr = module_file_check(path, &ret_failure->cause);
	if (SUCCEEDED(hr))
		hr = map_module(path, &opened, ret_failure);
	if (SUCCEEDED(hr))
		*ret_module = remember(path, &opened);
	return hr;
}

void
loader_done(struct module *module)
{
	pthread_mutex_lock(&modules_lock);
	module->users--;
	pthread_mutex_unlock(&modules_lock);
}

void
loader_count_class_objects(struct module *module, int difference)
{
	pthread_mutex_lock(&modules_lock);
	module->class_objects += difference;
	pthread_mutex_unlock(&modules_lock);
}

bool
loader_is_idle(struct module *module, int64_t *ret_class_objects)
{
	bool idle;

	pthread_mutex_lock(&modules_lock);
	idle = module->users == 0;
	*ret_class_objects = module->class_objects;
	pthread_mutex_unlock(&modules_lock);
	return idle;
}

/* The unloader alone takes modules out of the table, so what it is given here stays. */
GPtrArray *
loader_unloadable(void)
{
	GPtrArray *result = g_ptr_array_new();
	GHashTableIter iterator;
	gpointer module;

	pthread_mutex_lock(&modules_lock);
	if (modules != NULL && !linker_lost) {
		g_hash_table_iter_init(&iterator, modules);
		while (g_hash_table_iter_next(&iterator, NULL, &module))
			if (!((struct module *)module)->resident &&
			    ((struct module *)module)->can_unload != NULL)
				g_ptr_array_add(result, module);
	}
	pthread_mutex_unlock(&modules_lock);
	return result;
}

bool
loader_make_candidate(struct module *module)
{
	bool done;

	pthread_mutex_lock(&modules_lock);
	done = module->users == 0 && module->class_objects == 0;
	module->candidate = done;
	pthread_mutex_unlock(&modules_lock);
	return done;
}

void
loader_no_candidate(struct module *module)
{
	pthread_mutex_lock(&modules_lock);
	module->candidate = false;
	pthread_mutex_unlock(&modules_lock);
}

bool
loader_is_candidate(struct module *module)
{
	bool candidate;

	pthread_mutex_lock(&modules_lock);
	candidate = module->candidate;
	pthread_mutex_unlock(&modules_lock);
	return candidate;
}

bool
loader_unload(struct module *module)
{
	bool gone;

	pthread_mutex_lock(&modules_lock);
	gone = module->candidate && !module->resident;
	if (gone)
		g_hash_table_remove(modules, module->path);
	pthread_mutex_unlock(&modules_lock);
	if (!gone)
		return false;
	close_handle(module->handle);
	g_free(module->path);
	g_free(module);
	return true;
}
