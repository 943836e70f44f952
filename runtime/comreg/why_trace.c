/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg why, second half: the activation itself, in a child process. */
#include <string.h>

#include <objbase.h>
#include <tessera_com.h>

#include "runtime/comreg/child.h"
#include "runtime/comreg/class_search.h"
#include "runtime/comreg/why.h"

/* A step of this program, beside those of tessera_trace_activation. */
#define STEP_OBJECT "object"

/*
 * In the child. A step is four fields: state, word, result, text; "end" closes the account.
 */
static void
say_step(int report, enum why_state state, const char *what, HRESULT result, const char *text)
{
	char number[2] = { (char)('0' + (int)state), '\0' };

	child_say(report, number);
	child_say(report, what);
	child_say(report, tessera_hresult_name(result));
	child_say(report, text != NULL ? text : "");
}

struct account {
	int report;
	bool failed;
};

static void
take_step(LPCSTR what, HRESULT result, LPCSTR text, void *data)
{
	struct account *account = data;

	account->failed = account->failed || FAILED(result);
	say_step(account->report,
	    FAILED(result)          ? WHY_FAILED
		: result == S_FALSE ? WHY_NOTHING
				    : WHY_OK,
	    what, result, text);
}

static void
make_object(int report, const CLSID *clsid)
{
	IUnknown *object = NULL;
	HRESULT hr =
	    CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&object);
	char *text;

	if (SUCCEEDED(hr)) {
		say_step(report, WHY_OK, STEP_OBJECT, hr, "made, and released again");
		object->lpVtbl->Release(object);
		return;
	}
	text = tessera_error_text();
	say_step(report, WHY_FAILED, STEP_OBJECT, hr,
	    text != NULL ? text : "the factory made none, and does not say why");
	CoTaskMemFree(text);
}

static int
trace(int report, void *data)
{
	const CLSID *clsid = data;
	struct account account = { .report = report };

	(void)CoInitializeEx(NULL, COINIT_MULTITHREADED);
	(void)tessera_trace_activation(clsid, take_step, &account);
	if (!account.failed)
		make_object(report, clsid);
	child_say(report, "end");
	return 0;
}

/* The trace tells of the module's file, the loader and the entry point only when all are done. */
static const char *
step_after(const char *last)
{
	static const char *const order[][2] = {
		{ "threading model", "loader" },
		{ "entry point", "class object" },
		{ "class object", "factory" },
		{ "factory", STEP_OBJECT },
	};

	if (last == NULL)
		return "lookup";
	for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
		if (strcmp(order[i][0], last) == 0)
			return order[i][1];
	return STEP_OBJECT;
}

/* Whether the account is complete. */
static bool
take_account(struct why *why, const struct child *child, const char **ret_last)
{
	const char *state, *what, *result, *text;
	size_t cursor = 0;

	*ret_last = NULL;
	while ((state = child_field(child, &cursor)) != NULL && state[0] >= '0' &&
	    state[0] <= '0' + WHY_FAILED) {
		if ((what = child_field(child, &cursor)) == NULL ||
		    (result = child_field(child, &cursor)) == NULL ||
		    (text = child_field(child, &cursor)) == NULL)
			return false;
		why_step(why, (enum why_state)(state[0] - '0'), what, result, "%s", text);
		*ret_last = what;
	}
	return state != NULL && strcmp(state, "end") == 0;
}

static void
keep_output(struct why *why, const struct child *child)
{
	g_autofree char *output = g_strndup(child->output->str, child->output->len);

	g_strstrip(output);
	if (output[0] != '\0' && why->output == NULL)
		why->output = g_steal_pointer(&output);
}

void
why_trace(struct why *why)
{
	g_autofree char *ended = NULL;
	struct class_target target;
	struct child child;
	const char *last;
	bool complete;

	class_target_find(&target, why->registry, &why->clsid);
	child_run(&child, why->limit_ms, trace, &why->clsid);
	keep_output(why, &child);
	complete = take_account(why, &child, &last);
	ended = child_problem(&child, why->limit_ms);
	if (!complete || ended != NULL)
		why_step(why, WHY_FAILED, complete ? "end" : step_after(last), "crash",
		    "code of %s: %s", target.module != NULL ? target.module : "a component",
		    ended != NULL ? ended : "the process ended by itself, without an answer");
	child_done(&child);
	class_target_done(&target);
}
