/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TESSERA_RM in all its forms. Each test loads a copy of the library from a folder of its own, with
 * what the test wants as engine beside it, and unloads it again.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <winscard.h>

#include "tests/suite.h"

struct library {
	char folder[512];
	void *handle;
	LONG (*establish)(DWORD, LPCVOID, LPCVOID, LPSCARDCONTEXT);
	LONG (*release)(SCARDCONTEXT);
	LONG (*list)(SCARDCONTEXT, LPCSTR, LPSTR, LPDWORD);
	const char *(*message)(void);
};

static void
copy(const char *from, const char *to)
{
	char buffer[65536];
	ssize_t n;
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	if (in < 0 || out < 0) {
		fprintf(stderr, "%s to %s: %s\n", from, to, strerror(errno));
		exit(1);
	}
	while ((n = read(in, buffer, sizeof buffer)) > 0)
		if (write(out, buffer, (size_t)n) != n)
			exit(1);
	close(in);
	close(out);
}

static const char *
required(const char *name)
{
	const char *value = getenv(name);

	if (value == NULL) {
		fprintf(stderr, "%s is not set: tests/run sets it\n", name);
		exit(1);
	}
	return value;
}

/* dlsym without a conversion between object and function pointers. */
static void
find(void *handle, const char *name, void *ret_function)
{
	void *symbol = dlsym(handle, name);

	if (symbol == NULL) {
		fprintf(stderr, "%s\n", dlerror());
		exit(1);
	}
	memcpy(ret_function, &symbol, sizeof symbol);
}

static void
load_from(struct library *library, const char *path)
{
	library->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (library->handle == NULL) {
		fprintf(stderr, "%s\n", dlerror());
		exit(1);
	}
	find(library->handle, "tessera_SCardEstablishContext", &library->establish);
	find(library->handle, "tessera_SCardReleaseContext", &library->release);
	find(library->handle, "SCardListReadersA", &library->list);
	find(library->handle, "tessera_scard_message", &library->message);
}

/* @engine: the file to use as engine; NULL: none; "": an empty file */
static void
load(struct library *library, const char *engine)
{
	static unsigned number;
	char from[600], to[700];

	snprintf(
	    library->folder, sizeof library->folder, "%s/copy%u", required("TMPDIR"), number++);
	(void)mkdir(library->folder, 0755);
	snprintf(from, sizeof from, "%s/libtessera-scard.so.0", required("TESSERA_LIB"));
	snprintf(to, sizeof to, "%s/libtessera-scard.so.0", library->folder);
	copy(from, to);
	load_from(library, to);
	if (engine != NULL) {
		snprintf(to, sizeof to, "%s/tessera", library->folder);
		(void)mkdir(to, 0755);
		snprintf(to, sizeof to, "%s/tessera/libtessera-engine.so", library->folder);
		copy(engine[0] != '\0' ? engine : "/dev/null", to);
	}
}

static void
unload(struct library *library)
{
	CU_ASSERT_EQUAL(dlclose(library->handle), 0);
}

/* Expects SCARD_E_NO_SERVICE and a message with all of the words. */
static void
no_service(struct library *library, const char *setting, const char *const *words)
{
	SCARDCONTEXT context = 5;
	DWORD length = 0;

	if (setting != NULL)
		(void)setenv("TESSERA_RM", setting, 1);
	else
		(void)unsetenv("TESSERA_RM");
	SUITE_EQUAL_HEX(
	    (DWORD)library->establish(SCARD_SCOPE_USER, NULL, NULL, &context), 0x8010001D);
	SUITE_EQUAL_INT(context, 5);
	for (; *words != NULL; words++)
		if (strstr(library->message(), *words) == NULL)
			SUITE_EQUAL_STRING(library->message(), *words);
	SUITE_EQUAL_HEX((DWORD)library->list(0, NULL, NULL, &length), 0x8010001D);
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
sockets(void)
{
	struct library library;

	load(&library, NULL);
	(void)setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
	no_service(&library, NULL,
	    WORDS("/run/tessera/scardd.sock", "/run/user/7/tessera/scardd.sock",
		"TESSERA_RM=embedded"));
	no_service(&library, "", WORDS("/run/tessera/scardd.sock", "TESSERA_RM=embedded"));
	(void)unsetenv("XDG_RUNTIME_DIR");
	no_service(&library, NULL,
	    WORDS("/run/tessera/scardd.sock", "XDG_RUNTIME_DIR", "TESSERA_RM=embedded"));
	no_service(&library, "unix:/tmp/of/mine", WORDS("/tmp/of/mine", "TESSERA_RM=embedded"));
	unload(&library);
}

static void
bad_settings(void)
{
	static const char *const bad[] = { "embed", "embeddedx", "unix", "unix:", "tcp:1234",
		"EMBEDDED", " embedded", "nonsense" };
	char longer[5000];
	struct library library;

	load(&library, NULL);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		no_service(&library, bad[i],
		    WORDS(bad[i], "\"embedded\"", "embedded:DRIVER", "unix:PATH"));
	memset(longer, 'x', sizeof longer);
	memcpy(longer, "embedded:", 9);
	longer[sizeof longer - 1] = '\0';
	no_service(&library, longer, WORDS("longer than 4095 bytes"));
	unload(&library);
}

static void
engine_missing(void)
{
	struct library library;
	char path[600];

	load(&library, NULL);
	snprintf(path, sizeof path, "%s/tessera/libtessera-engine.so", library.folder);
	no_service(&library, "embedded", WORDS(path));
	unload(&library);
}

static void
engine_garbage(void)
{
	struct library library;
	char path[600];

	load(&library, "");
	no_service(&library, "embedded", WORDS("libtessera-engine.so", "cannot be loaded"));
	unload(&library);
	/* A proper module, but not an engine. */
	snprintf(path, sizeof path, "%s/libtessera-scard.so.0", required("TESSERA_LIB"));
	load(&library, path);
	no_service(&library, "embedded", WORDS("libtessera-engine.so has no tessera_rm_embedded"));
	unload(&library);
}

static const char *
fake_engine(void)
{
	static char path[600];

	snprintf(path, sizeof path, "%s/tests/api_engine.so", required("TESSERA_BUILD"));
	return path;
}

static void
engine_version(void)
{
	struct library library;

	load(&library, fake_engine());
	no_service(&library, "embedded:version", WORDS("speaks version 4, this library version 3"));
	unload(&library);
}

static void
engine_settings(void)
{
	static const struct {
		const char *setting;
		SCARDCONTEXT context;
	} good[] = { { "embedded", 1000 }, { "embedded:", 1000 }, { "embedded:a=b,c", 1005 } };
	struct library library;
	SCARDCONTEXT context;

	for (size_t i = 0; i < 3; i++) {
		load(&library, fake_engine());
		(void)setenv("TESSERA_RM", good[i].setting, 1);
		SUITE_EQUAL_HEX(library.establish(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
		SUITE_EQUAL_INT(context, good[i].context);
		/* The choice stands. */
		(void)setenv("TESSERA_RM", "nonsense", 1);
		SUITE_EQUAL_HEX(library.release(context), 0);
		SUITE_EQUAL_HEX(library.establish(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
		SUITE_EQUAL_HEX(library.release(context), 0);
		unload(&library);
	}
}

static void
engine_retry(void)
{
	struct library library;
	SCARDCONTEXT context = 0;

	load(&library, fake_engine());
	(void)setenv("TESSERA_RM", "embedded:fail once", 1);
	SUITE_EQUAL_HEX(
	    (DWORD)library.establish(SCARD_SCOPE_USER, NULL, NULL, &context), 0x8010001A);
	SUITE_EQUAL_STRING(library.message(), "driver 'fail once': as it was told");
	SUITE_EQUAL_HEX(library.establish(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	SUITE_EQUAL_STRING(library.message(), "");
	SUITE_EQUAL_HEX(library.release(context), 0);
	unload(&library);
}

/* The real library and its engine, as a plug-in would load them: unloaded, loaded again. */
static void
unloaded(void)
{
	char path[600];

	snprintf(path, sizeof path, "%s/libtessera-scard.so.0", required("TESSERA_LIB"));
	(void)setenv("TESSERA_RM", "embedded:softcard", 1);
	for (int i = 0; i < 3; i++) {
		struct library library;
		SCARDCONTEXT context = 0;
		DWORD length = 0;

		load_from(&library, path);
		SUITE_EQUAL_HEX(library.establish(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
		SUITE_EQUAL_STRING(library.message(), "");
		SUITE_EQUAL_HEX(library.list(context, NULL, NULL, &length), 0);
		CU_ASSERT(length > 2);
		SUITE_EQUAL_HEX(library.release(context), 0);
		unload(&library);
	}
}

static const struct suite_test tests[] = {
	{ "without a daemon: both socket paths and what works without one", sockets },
	{ "other values: the value and the accepted forms", bad_settings },
	{ "the engine is missing: where it was looked for", engine_missing },
	{ "the engine is not a module, or not an engine", engine_garbage },
	{ "the engine is of another version", engine_version },
	{ "settings reach the engine, and the first choice stands", engine_settings },
	{ "after a failure the next call tries again", engine_retry },
	{ "the library is unloaded and loaded again", unloaded },
};

int
main(void)
{
	return suite_run("api_backend", tests, sizeof tests / sizeof tests[0]);
}
