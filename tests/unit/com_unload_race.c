/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Eight threads create and release objects while a ninth unmaps modules in name only: this program
 * has the functions of GModule that the runtime calls, and they tell a module that it is mapped or
 * gone. The module counts who comes in then; ThreadSanitizer sees whether unmapping is ordered
 * after every use.
 */
#include <dlfcn.h>
#include <gmodule.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tessera_com.h>

#include "tests/suite.h"
#include "tests/unit/com_guests.h"
#include "tests/unit/com_scratch.h"

#define MODULES 4
#define THREADS 8
#define TIMES 300 /* that a module has to go */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct mapped {
	GModule *module;
	int *gone, *late;
	unsigned opened;
} mapped[MODULES];
static unsigned unmapped; /* how many times */

/* Under the lock. NULL: not one of the guests. */
static struct mapped *
find(GModule *module)
{
	for (unsigned i = 0; i < MODULES; i++)
		if (mapped[i].module == module)
			return &mapped[i];
	return NULL;
}

static struct mapped *
add(GModule *module)
{
	struct mapped *one = find(module);
	void *gone, *late;

	if (one != NULL || !g_module_symbol(module, "guest_gone", &gone) ||
	    !g_module_symbol(module, "guest_late", &late))
		return one;
	one = find(NULL);
	if (one == NULL)
		abort();
	*one = (struct mapped){ module, gone, late, 0 };
	return one;
}

static bool
enough(void)
{
	bool reached;

	pthread_mutex_lock(&lock);
	reached = unmapped >= TIMES;
	pthread_mutex_unlock(&lock);
	return reached;
}

/* The counting of the dynamic linker. */
__attribute__((visibility("default"))) GModule *
g_module_open(const gchar *name, GModuleFlags flags)
{
	static GModule *(*real)(const gchar *, GModuleFlags);
	struct mapped *one;
	GModule *module;

	pthread_mutex_lock(&lock);
	if (real == NULL) {
		void *symbol = dlsym(RTLD_NEXT, "g_module_open");

		memcpy(&real, &symbol, sizeof real);
	}
	module = real(name, flags);
	one = module != NULL ? add(module) : NULL;
	if (one != NULL && one->opened++ == 0)
		*one->gone = 0;
	pthread_mutex_unlock(&lock);
	return module;
}

__attribute__((visibility("default"))) gboolean
g_module_close(GModule *module)
{
	struct mapped *one;

	pthread_mutex_lock(&lock);
	one = find(module);
	if (one != NULL && --one->opened == 0) {
		*one->gone = 1;
		unmapped++;
	}
	pthread_mutex_unlock(&lock);
	return TRUE;
}

static void
nobody_comes_late(void)
{
	unsigned late = 0;

	SUITE_EQUAL_INT(guests_load(MODULES, THREADS, enough), 0);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
	for (unsigned i = 0; i < MODULES && mapped[i].module != NULL; i++)
		late += (unsigned)__atomic_load_n(mapped[i].late, __ATOMIC_RELAXED);
	SUITE_EQUAL_INT(late, 0);
	CU_ASSERT(enough());
}

/* What was kept because somebody was inside goes when nobody is. */
static void
then_all_go(void)
{
	CoFreeUnusedLibrariesEx(0, 0);
	for (unsigned i = 0; i < MODULES; i++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(mapped[i].module);
		SUITE_EQUAL_INT(mapped[i].opened, 0);
	}
}

static const struct suite_test tests[] = {
	{ "no call enters a module that is unmapped", nobody_comes_late },
	{ "afterwards all modules go", then_all_go },
};

int
main(void)
{
	const char *folder = scratch_folder();
	g_autofree char *both = g_strdup_printf("%s:%s", folder, scratch_built("tests/components"));

	for (unsigned i = 0; i < MODULES; i++)
		guests_install(folder, i, "");
	scratch_use(both);
	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	return suite_run("unloading in a race", tests, sizeof tests / sizeof tests[0]);
}
