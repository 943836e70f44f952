/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From TESSERA_RM to a table of calls. A program that only links this library must not pay for the
 * engine or the component runtime, so the module with their table is loaded when it is first
 * needed; the client of the daemon is here. The module is found beside this library, so that a tree
 * that was moved as a whole still works, and never unloaded: its threads may outlive any call.
 */
#include "rm/api/backend.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <winerror.h>

#include "rm/api/message.h"
#include "rm/api/remote.h"

#define ENGINE_SYMBOL "tessera_rm_embedded"
#define FORMS "\"embedded\", \"embedded:DRIVER[=SETTINGS][,DRIVER...]\" or \"unix:PATH\""

static _Atomic(const struct rm_calls *) loaded;
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER; /* one thread loads, others wait */

/*
 * A child that was forked while another thread was loading would wait for a thread that it does not
 * have. What the lock guards is one pointer, whole at any moment.
 */
static void
forked_child(void)
{
	(void)pthread_mutex_init(&loading, NULL);
}

static __attribute__((constructor)) void
watch_fork(void)
{
	(void)pthread_atfork(NULL, NULL, forked_child);
}

/* Where the engine module should be; NULL after api_fail. Freed with free(). */
static char *
engine_path(LONG *ret_code)
{
	Dl_info self;
	char *here, *slash, *path = NULL;

	if (dladdr(&loaded, &self) == 0 || self.dli_fname == NULL ||
	    (here = realpath(self.dli_fname, NULL)) == NULL) {
		*ret_code = api_fail(errno == ENOMEM ? SCARD_E_NO_MEMORY : SCARD_E_NO_SERVICE,
		    "TESSERA_RM=embedded: cannot find the place of this library, and with it %s: "
		    "%s; "
		    "load the library by an absolute path",
		    api_engine_module, strerror(errno));
		return NULL;
	}
	slash = strrchr(here, '/');
	if (asprintf(&path, "%.*s/%s", (int)(slash - here), here, api_engine_module) < 0) {
		path = NULL;
		*ret_code = api_fail(SCARD_E_NO_MEMORY, "TESSERA_RM=embedded: out of memory");
	}
	free(here);
	return path;
}

/* The opening function of the engine module at @path; NULL after api_fail. */
static rm_calls_open
engine_entry(const char *path, LONG *ret_code)
{
	union {
		void *symbol;
		rm_calls_open function;
	} entry;
	void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

	if (module == NULL) {
		*ret_code = api_fail(SCARD_E_NO_SERVICE,
		    "TESSERA_RM=embedded: the engine cannot be loaded: %s; install Tessera's "
		    "libraries of one release together",
		    dlerror());
		return NULL;
	}
	entry.symbol = dlsym(module, ENGINE_SYMBOL);
	(void)dlclose(module);
	if (entry.symbol == NULL) {
		*ret_code = api_fail(SCARD_E_NO_SERVICE,
		    "TESSERA_RM=embedded: %s has no %s; install Tessera's libraries of one release "
		    "together",
		    path, ENGINE_SYMBOL);
		return NULL;
	}
	return entry.function;
}

static const struct rm_calls *
open_embedded(const char *settings, LONG *ret_code)
{
	const struct rm_calls *calls = NULL;
	rm_calls_open entry;
	char *path = engine_path(ret_code);

	if (path == NULL || (entry = engine_entry(path, ret_code)) == NULL)
		goto out;
	*ret_code = SCARD_E_NO_SERVICE;
	calls = entry(settings, ret_code, api_message_clear());
	if (calls != NULL && calls->version != RM_CALLS_VERSION) {
		*ret_code = api_fail(SCARD_E_NO_SERVICE,
		    "TESSERA_RM=embedded: %s speaks version %u, this library version %u; install "
		    "Tessera's libraries of one release together",
		    path, (unsigned)calls->version, RM_CALLS_VERSION);
		calls = NULL;
	}
out:
	free(path);
	return calls;
}

static const struct rm_calls *
open_named(const char *name, LONG *ret_code)
{
	if (name == NULL || name[0] == '\0')
		return api_remote_open(NULL, ret_code, api_message_clear());
	if (strnlen(name, API_SETTING_MAX) == API_SETTING_MAX)
		*ret_code = api_fail(SCARD_E_NO_SERVICE,
		    "TESSERA_RM is longer than %u bytes: shorten it, or put the settings into "
		    "files",
		    API_SETTING_MAX - 1);
	else if (strcmp(name, "embedded") == 0)
		return open_embedded("", ret_code);
	else if (strncmp(name, "embedded:", 9) == 0)
		return open_embedded(name + 9, ret_code);
	else if (strncmp(name, "unix:", 5) == 0 && name[5] != '\0')
		return api_remote_open(name + 5, ret_code, api_message_clear());
	else
		*ret_code = api_fail(SCARD_E_NO_SERVICE,
		    "TESSERA_RM is \"%.64s\": expected " FORMS ", or unset it to use the daemon",
		    name);
	return NULL;
}

bool
api_backend_is_daemon(const char **ret_path)
{
	const char *name = secure_getenv("TESSERA_RM");

	*ret_path = NULL;
	if (name == NULL || name[0] == '\0')
		return true;
	if (strncmp(name, "unix:", 5) != 0 || name[5] == '\0' ||
	    strnlen(name, API_SETTING_MAX) == API_SETTING_MAX)
		return false;
	*ret_path = name + 5;
	return true;
}

const struct rm_calls *
api_backend_open(LONG *ret_code)
{
	const struct rm_calls *calls = atomic_load_explicit(&loaded, memory_order_acquire);

	if (calls != NULL)
		return calls;
	(void)pthread_mutex_lock(&loading);
	calls = atomic_load_explicit(&loaded, memory_order_relaxed);
	if (calls == NULL) {
		calls = open_named(secure_getenv("TESSERA_RM"), ret_code);
		atomic_store_explicit(&loaded, calls, memory_order_release);
	}
	(void)pthread_mutex_unlock(&loading);
	return calls;
}

const struct rm_calls *
api_backend_for_context(const char *function, SCARDCONTEXT context)
{
	const struct rm_calls *calls = atomic_load_explicit(&loaded, memory_order_acquire);

	if (context == 0) {
		api_explain("%s: the context is 0: pass one from SCardEstablishContext", function);
		return NULL;
	}
	if (calls == NULL)
		api_explain("%s: context 0x%zX is not valid: this process has established none",
		    function, (size_t)context);
	return calls;
}

const struct rm_calls *
api_backend_for_card(const char *function, SCARDHANDLE card)
{
	const struct rm_calls *calls = atomic_load_explicit(&loaded, memory_order_acquire);

	if (card == 0) {
		api_explain("%s: the card handle is 0: pass one from SCardConnect", function);
		return NULL;
	}
	if (calls == NULL)
		api_explain(
		    "%s: card handle 0x%zX is not valid: this process has connected to none",
		    function, (size_t)card);
	return calls;
}

const struct rm_calls *
api_backend_for_list(const char *function, SCARDCONTEXT context, LONG *ret_code)
{
	const struct rm_calls *calls;

	if (context == 0)
		return api_backend_open(ret_code);
	if ((calls = api_backend_for_context(function, context)) == NULL)
		*ret_code = ERROR_INVALID_HANDLE;
	return calls;
}

void
api_backend_install(const struct rm_calls *calls)
{
	atomic_store_explicit(&loaded, calls, memory_order_release);
}
