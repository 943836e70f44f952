/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The load of com_unload_race.c with modules that really go, in a child: whoever comes late
 * crashes. Each mapping adds a byte to a file, so the file tells how often a module came back.
 */
#include <errno.h>
#include <glib.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <tessera_com.h>
#include <unistd.h>

#include "tests/suite.h"
#include "tests/unit/com_guests.h"
#include "tests/unit/com_scratch.h"

#define MODULES 4
#define THREADS 8
#define CAME_BACK 300 /* mappings beyond the first of each, at least */
#define CHILD_SECONDS 50u

enum {
	CHILD_FINE = 0,
	CHILD_FAILURES = 3,
	CHILD_STILL_MAPPED = 4,
	CHILD_LIVE_OBJECTS = 5,
	CHILD_NOT_MAPPED = 6,
	CHILD_CANNOT = 7,
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

/* A kernel without membarrier, for this process and for good. */
static bool
deny_membarrier(void)
{
	struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof rules / sizeof rules[0], rules };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static int
load(void)
{
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

static int
load_without_membarrier(void)
{
	return deny_membarrier() ? load() : CHILD_CANNOT;
}

/* Nobody can tell any more who is inside: everything stays, and works. */
static int
lose_membarrier(void)
{
	const CLSID clsid = guests_class(0);

	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return CHILD_FAILURES;
	for (int i = 0; i < 3; i++) {
		IUnknown *object = NULL;

		if (CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown,
			(void **)&object) != S_OK)
			return CHILD_FAILURES;
		object->lpVtbl->Release(object);
		if (i == 0 && !deny_membarrier())
			return CHILD_CANNOT;
		CoFreeUnusedLibrariesEx(0, 0);
		if (!guests_is_mapped(paths[0]))
			return CHILD_NOT_MAPPED;
	}
	return CHILD_FINE;
}

static void
in_child(int (*run)(void))
{
	int status = -1;
	pid_t pid;

	(void)unlink(loads);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		alarm(CHILD_SECONDS);
		_exit(run());
	}
	CU_ASSERT_FATAL(pid > 0 && waitpid(pid, &status, 0) == pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_CANNOT)
		suite_skip("system calls cannot be filtered here");
	SUITE_EQUAL_INT(WIFSIGNALED(status) ? WTERMSIG(status) : 0, 0);
	SUITE_EQUAL_INT(WEXITSTATUS(status), CHILD_FINE);
}

static void
survives(void)
{
	in_child(load);
	CU_ASSERT(enough());
}

static void
survives_without_membarrier(void)
{
	in_child(load_without_membarrier);
	CU_ASSERT(enough());
}

static void
survives_losing_membarrier(void)
{
	const char *sanitizer = getenv("SANITIZE");

	if (sanitizer != NULL && strcmp(sanitizer, "thread") == 0)
		suite_skip("membarrier is not used under ThreadSanitizer");
	in_child(lose_membarrier);
}

static const struct suite_test tests[] = {
	{ "modules really go under load, and nobody crashes", survives },
	{ "the same without membarrier", survives_without_membarrier },
	{ "membarrier lost on the way: nothing goes", survives_losing_membarrier },
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
