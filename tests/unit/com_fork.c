/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A child of a process whose threads activate, load and unload all the time: what it activates
 * works, or fails with a code that says why; it never hangs.
 */
#include <glib.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <tessera_com.h>
#include <unistd.h>

#include "counter.h"
#include "tests/suite.h"
#include "tests/unit/com_guests.h"
#include "tests/unit/com_scratch.h"

#define MODULES 2
#define THREADS 2
#define CHILDREN 30
#define CHILD_SECONDS 20u

static unsigned children, refused;

/* Works, or was forked while the linker was locked. */
static int
try_class(const CLSID *clsid)
{
	ICounter *counter = NULL;
	LONG value = -1;
	HRESULT hr =
	    CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter, (void **)&counter);
	char *text;
	int status;

	if (SUCCEEDED(hr)) {
		status = counter->lpVtbl->Next(counter, &value) == S_OK && value == 0 ? 0 : 2;
		counter->lpVtbl->Release(counter);
		return status;
	}
	text = tessera_error_text();
	status =
	    hr == CO_E_ERRORINDLL && text != NULL && strstr(text, "was forked") != NULL ? 1 : 3;
	CoTaskMemFree(text);
	return status;
}

static int
child(void)
{
	const CLSID known = guests_class(0), host = guests_host_class(1), never = guests_class(7);
	int worst = try_class(&known), status;

	status = try_class(&host);
	worst = MAX(worst, status);
	status = try_class(&never);
	worst = MAX(worst, status);
	CoFreeUnusedLibrariesEx(0, 0);
	status = try_class(&known);
	return MAX(worst, status);
}

/* Called over and over while the threads work. */
static bool
fork_one(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(CHILD_SECONDS);
		_exit(child());
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		abort();
	SUITE_EQUAL_INT(WIFSIGNALED(status) ? WTERMSIG(status) : 0, 0);
	CU_ASSERT(WEXITSTATUS(status) <= 1);
	if (WEXITSTATUS(status) > 1)
		SUITE_EQUAL_INT(WEXITSTATUS(status), 0);
	refused += WEXITSTATUS(status) == 1;
	return ++children >= CHILDREN;
}

/* A sanitizer's allocator has locks that its children find taken. */
static void
busy_parent(void)
{
	const char *sanitizer = getenv("SANITIZE");

	if (sanitizer != NULL && sanitizer[0] != '\0')
		suite_skip("a sanitizer's allocator is not for children of threads");
	fflush(NULL);
	SUITE_EQUAL_INT(guests_load(MODULES, THREADS, fork_one), 0);
	SUITE_EQUAL_INT(children, CHILDREN);
	printf("# %u of %u children were refused a module\n", refused, children);
}

static void
quiet_parent(void)
{
	refused = 0;
	children = 0;
	fork_one();
	SUITE_EQUAL_INT(refused, 0);
}

static const struct suite_test tests[] = {
	{ "a child of a busy parent activates, or is told why not", busy_parent },
	{ "a child of a quiet parent activates", quiet_parent },
};

int
main(void)
{
	const char *folder = scratch_folder();
	g_autofree char *both = g_strdup_printf("%s:%s", folder, scratch_built("tests/components"));

	for (unsigned i = 0; i < MODULES; i++)
		guests_install(folder, i, "");
	guests_install(folder, 7, "");
	scratch_use(both);
	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	return suite_run("forked", tests, sizeof tests / sizeof tests[0]);
}
