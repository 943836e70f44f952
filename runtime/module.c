/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of modules and libraries whose classes are written with the class helper, their entry
 * points, and the counts over all of them.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <tessera_class.h>
#include <tessera_com.h>

#include "runtime/census.h"
#include "runtime/export.h"
#include "runtime/factory.h"
#include "runtime/fork.h"
#include "runtime/thread_state.h"

static pthread_mutex_t modules_lock = PTHREAD_MUTEX_INITIALIZER;
static struct tessera_module *modules;

__attribute__((constructor)) static void
prepare_for_fork(void)
{
	fork_guard(&modules_lock, FORK_LEAF, NULL);
}

TESSERA_EXPORT void
tessera_module_begin(struct tessera_module *module)
{
	pthread_mutex_lock(&modules_lock);
	module->next = modules;
	modules = module;
	pthread_mutex_unlock(&modules_lock);
}

TESSERA_EXPORT void
tessera_module_end(struct tessera_module *module)
{
	pthread_mutex_lock(&modules_lock);
	for (struct tessera_module **link = &modules; *link != NULL; link = &(*link)->next)
		if (*link == module) {
			*link = module->next;
			break;
		}
	pthread_mutex_unlock(&modules_lock);
}

TESSERA_EXPORT HRESULT
tessera_module_get_class_object(
    struct tessera_module *module, REFCLSID rclsid, REFIID riid, LPVOID *ppv)
{
	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	if (rclsid == NULL || riid == NULL)
		return E_INVALIDARG;
	for (size_t i = 0; i < module->class_count; i++) {
		const struct tessera_class *type = module->classes[i];

		if (type->clsid != NULL && IsEqualCLSID(type->clsid, rclsid))
			return factory_create(module, type, riid, ppv);
	}
	return CLASS_E_CLASSNOTAVAILABLE;
}

TESSERA_EXPORT HRESULT
tessera_module_can_unload_now(struct tessera_module *module)
{
	/* In this order: without a class object no lock can come, and no object but by another. The
	 * runtime's own class objects do not count while it asks whether asking is worth while. */
	thread_state.helper_asked = true;
	if (__atomic_load_n(&module->factories, __ATOMIC_ACQUIRE) >
		thread_state.own_class_objects ||
	    __atomic_load_n(&module->locks, __ATOMIC_ACQUIRE) != 0)
		return S_FALSE;
	for (size_t i = 0; i < module->class_count; i++)
		if (module->classes[i]->census == NULL ||
		    census_sum(module->classes[i]->census) != 0)
			return S_FALSE;
	return S_OK;
}

struct class_count {
	char *name;
	ULONG count;
};

static size_t
count_classes(void)
{
	size_t n = 0;

	for (const struct tessera_module *m = modules; m != NULL; m = m->next)
		n += m->class_count;
	return n;
}

/*
 * The classes that have objects, those that serve the process or those that serve clients, copied:
 * the visitor is foreign code and is called without the lock.
 */
static struct class_count *
take_counts(bool service, size_t *ret_length)
{
	struct class_count *counts;
	size_t n = 0;

	pthread_mutex_lock(&modules_lock);
	counts = calloc(count_classes() + 1, sizeof *counts);
	for (const struct tessera_module *m = modules; counts != NULL && m != NULL; m = m->next)
		for (size_t i = 0; i < m->class_count; i++) {
			const struct tessera_class *type = m->classes[i];
			ULONG count = census_sum(type->census);

			if (count != 0 && ((type->flags & TESSERA_CLASS_SERVICE) != 0) == service)
				counts[n++] = (struct class_count){ strdup(type->name), count };
		}
	pthread_mutex_unlock(&modules_lock);
	*ret_length = n;
	return counts;
}

static ULONG
report(bool service, void (*visit)(const char *class_name, ULONG count, void *data), void *data)
{
	size_t n;
	struct class_count *counts = take_counts(service, &n);
	ULONG total = 0;

	for (size_t i = 0; i < n; i++) {
		total += counts[i].count;
		if (visit != NULL)
			visit(counts[i].name != NULL ? counts[i].name : "?", counts[i].count, data);
		free(counts[i].name);
	}
	free(counts);
	return total;
}

TESSERA_EXPORT ULONG
tessera_live_objects(void (*visit)(const char *class_name, ULONG count, void *data), void *data)
{
	return report(false, visit, data);
}

TESSERA_EXPORT ULONG
tessera_live_services(void (*visit)(const char *class_name, ULONG count, void *data), void *data)
{
	return report(true, visit, data);
}

TESSERA_EXPORT ULONG
tessera_live_locks(void)
{
	int64_t locks = 0;

	pthread_mutex_lock(&modules_lock);
	for (const struct tessera_module *m = modules; m != NULL; m = m->next)
		locks += __atomic_load_n(&m->locks, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&modules_lock);
	return (ULONG)locks;
}
