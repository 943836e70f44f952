/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * comreg register of a module that registers itself: its function runs in a child process, where
 * tessera_register_manifest writes into the layer that was asked for.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <objbase.h>
#include <tessera_com.h>

#include "runtime/comreg/child.h"
#include "runtime/comreg/comreg.h"
#include "runtime/comreg/options.h"
#include "runtime/comreg/register.h"
#include "runtime/comreg/terminal.h"

#define LAYER_VARIABLE "TESSERA_REGISTER_LAYER"

struct call {
	const struct registration *registration;
	const char *function;
};

/* In the child. Fields: "problem" and the loader's words, or "result", a code, a text; then "end".
 */
static int
call_function(int report, void *data)
{
	const struct call *call = data;
	HRESULT (*function)(void);
	void *handle, *symbol;
	HRESULT hr;
	char *text;

	(void)setenv(LAYER_VARIABLE, layers_kind_name(call->registration->layer), 1);
	(void)CoInitializeEx(NULL, COINIT_MULTITHREADED);
	handle = dlopen(call->registration->module, RTLD_NOW | RTLD_LOCAL);
	symbol = handle != NULL ? dlsym(handle, call->function) : NULL;
	if (symbol == NULL) {
		const char *reason = dlerror();

		child_say(report, "problem");
		child_say(report, reason != NULL ? reason : "the function is at address 0");
	} else {
		memcpy(&function, &symbol, sizeof function);
		hr = function();
		text = tessera_error_text();
		child_say(report, SUCCEEDED(hr) ? "done" : "failed");
		child_say(report, tessera_hresult_name(hr));
		child_say(report, FAILED(hr) && text != NULL ? text : "");
		CoTaskMemFree(text);
	}
	child_say(report, "end");
	return 0;
}

static int
tell(const struct call *call, const struct child *child)
{
	const char *module = call->registration->module;
	g_autofree char *ended = child_problem(child, call->registration->limit_ms);
	size_t cursor = 0;
	const char *what = child_field(child, &cursor), *code = child_field(child, &cursor);
	const char *text;

	if (what != NULL && code != NULL && strcmp(what, "problem") == 0)
		return comreg_problem("%s: the loader refuses it: %s", module, code);
	text = child_field(child, &cursor);
	if (what == NULL || text == NULL || child_field(child, &cursor) == NULL || ended != NULL)
		return comreg_problem("%s: %s: %s; what it had written by then stays: `comreg find "
				      "%s` shows it",
		    module, call->function,
		    ended != NULL ? ended : "the process ended by itself, without an answer",
		    module);
	if (strcmp(what, "failed") == 0)
		return comreg_problem("%s: %s failed with %s%s%s", module, call->function, code,
		    text[0] != '\0' ? ": " : "", text);
	terminal_line(TERMINAL_PLAIN, "%s: its %s says %s (%s layer)", module, call->function, code,
	    layers_kind_name(call->registration->layer));
	return COMREG_OK;
}

int
register_self(const struct registration *registration, const char *function)
{
	struct call call = { registration, function };
	struct child child;
	int status;

	child_run(&child, registration->limit_ms, call_function, &call);
	status = tell(&call, &child);
	child_done(&child);
	return status;
}
