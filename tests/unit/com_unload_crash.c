/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The load of com_unload_race.c with modules that really go, in a child: whoever comes late
 * crashes. Each mapping adds a byte to a file, so the file tells how often a module came back.
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <tessera_com.h>
#include <unistd.h>

#include "tests/suite.h"
#include "tests/unit/com_guests.h"
#include "tests/unit/com_scratch.h"

#define MODULES 4
#define THREADS 8
#define CAME_BACK 25 /* mappings beyond the first of each, at least */
#define CHILD_SECONDS 100u

enum {
	CHILD_FINE = 0,
	CHILD_FAILURES = 3,
	CHILD_STILL_MAPPED = 4,
	CHILD_LIVE_OBJECTS = 5,
};

static const char *paths[MODULES];
static char *loads;

static size_t
mappings(void)
{
	struct stat status;

	return stat(loads, &status) == 0 ? (size_t)status.st_size : 0;
}

static bool
enough(void)
{
	return mappings() >= MODULES + CAME_BACK;
}

static int
child(void)
{
	alarm(CHILD_SECONDS);
	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) ||
	    guests_load(MODULES, THREADS, enough) != 0)
		return CHILD_FAILURES;
	if (tessera_live_objects(NULL, NULL) != 0)
		return CHILD_LIVE_OBJECTS;
	CoFreeUnusedLibrariesEx(0, 0);
	for (unsigned i = 0; i < MODULES; i++)
		if (guests_is_mapped(paths[i]))
			return CHILD_STILL_MAPPED;
	return CHILD_FINE;
}

static void
survives(void)
{
	int status = -1;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0)
		_exit(child());
	CU_ASSERT_FATAL(pid > 0 && waitpid(pid, &status, 0) == pid);
	SUITE_EQUAL_INT(WIFSIGNALED(status) ? WTERMSIG(status) : 0, 0);
	SUITE_EQUAL_INT(WEXITSTATUS(status), CHILD_FINE);
	CU_ASSERT(enough());
}

static const struct suite_test tests[] = {
	{ "modules really go under load, and nobody crashes", survives },
};

int
main(void)
{
	const char *folder = scratch_folder();
	g_autofree char *here = g_get_current_dir();
	g_autofree char *both = g_strdup_printf("%s:%s", folder, scratch_built("tests/components"));

	for (unsigned i = 0; i < MODULES; i++)
		paths[i] = guests_install(folder, i, "");
	scratch_use(both);
	loads = g_build_filename(here, "loads", NULL);
	setenv("TEST_GUEST_LOADS", loads, 1);
	return suite_run("unloading for real", tests, sizeof tests / sizeof tests[0]);
}
