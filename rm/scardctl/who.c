/* SPDX-License-Identifier: BSD-2-Clause */
/* scardctl who: which programs are connected to which reader. */
#include <stdio.h>
#include <time.h>

#include <tessera_scard.h>

#include "rm/scardctl/json.h"
#include "rm/scardctl/scardctl.h"

#define MSEC_IN_SEC 1000

static int64_t
clock_msec(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * MSEC_IN_SEC + now.tv_nsec / 1000000;
}

/* A time of CLOCK_MONOTONIC as local time of day, with its date. (transfer full) */
static char *
since_text(ULONGLONG since_msec)
{
	int64_t at = clock_msec(CLOCK_REALTIME) - clock_msec(CLOCK_MONOTONIC) + (int64_t)since_msec;
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_local(at / MSEC_IN_SEC);

	return date != NULL ? g_date_time_format(date, "%Y-%m-%dT%H:%M:%S%:z") : NULL;
}

static const char *
mode_name(DWORD share_mode)
{
	switch (share_mode) {
	case SCARD_SHARE_EXCLUSIVE:
		return "exclusive";
	case SCARD_SHARE_DIRECT:
		return "direct";
	default:
		return "shared";
	}
}

static void
who_as_text(const struct tessera_scard_holder *holders, DWORD count)
{
	if (count == 0)
		puts("No connections.");
	for (DWORD i = 0; i < count; i++) {
		g_autofree char *since = since_text(holders[i].since_msec);

		printf("%s: pid %u (%s), %s%s, since %s\n", holders[i].reader,
		    (unsigned)holders[i].pid,
		    holders[i].program[0] != '\0' ? holders[i].program : "another user's",
		    mode_name(holders[i].share_mode),
		    holders[i].in_transaction ? ", in a transaction" : "",
		    since != NULL ? since : "?");
	}
}

static void
who_as_json(const struct tessera_scard_holder *holders, DWORD count)
{
	struct json json;

	json_init(&json);
	json_open(&json, NULL, '{');
	json_open(&json, "connections", '[');
	for (DWORD i = 0; i < count; i++) {
		g_autofree char *since = since_text(holders[i].since_msec);

		json_open(&json, NULL, '{');
		json_string(&json, "reader", holders[i].reader);
		json_number(&json, "pid", holders[i].pid);
		json_number(&json, "uid", holders[i].uid);
		json_string(
		    &json, "program", holders[i].program[0] != '\0' ? holders[i].program : NULL);
		json_string(&json, "mode", mode_name(holders[i].share_mode));
		json_boolean(&json, "transaction", holders[i].in_transaction != 0);
		json_string(&json, "since", since);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	json_print(&json);
}

int
scardctl_who(const struct scardctl_options *options, char **arguments)
{
	struct tessera_scard_holder *holders = NULL;
	DWORD count = 0;
	SCARDCONTEXT context = scardctl_establish();
	LONG code;

	(void)arguments;
	if (context == 0)
		return SCARDCTL_FAILURE;
	code = tessera_scard_holders(context, &holders, &count);
	if (code != SCARD_S_SUCCESS)
		(void)scardctl_failed(code, "cannot ask who is connected");
	else if (options->json)
		who_as_json(holders, count);
	else
		who_as_text(holders, count);
	/* The list goes with it. */
	(void)SCardReleaseContext(context);
	return code == SCARD_S_SUCCESS ? SCARDCTL_OK : SCARDCTL_FAILURE;
}
