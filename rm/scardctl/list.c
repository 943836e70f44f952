/* SPDX-License-Identifier: BSD-2-Clause */
/* scardctl list: the readers, what is in them. */
#include <stdio.h>

#include "rm/scardctl/hex.h"
#include "rm/scardctl/reader.h"
#include "rm/scardctl/scardctl.h"

static void
list_as_text(GStrv names, const SCARD_READERSTATEA *states)
{
	if (names[0] == NULL)
		puts("No readers.");
	for (guint i = 0; names[i] != NULL; i++) {
		g_autofree char *text = reader_state_text(states[i].dwEventState);
		g_autofree char *atr = hex_text(states[i].rgbAtr, states[i].cbAtr);

		printf("%s: %s\n", names[i], text);
		if (atr[0] != '\0')
			printf("  ATR %s\n", atr);
	}
}

static void
list_as_json(GStrv names, const SCARD_READERSTATEA *states)
{
	struct json json;

	json_init(&json);
	json_open(&json, NULL, '{');
	json_open(&json, "readers", '[');
	for (guint i = 0; names[i] != NULL; i++) {
		json_open(&json, NULL, '{');
		json_string(&json, "reader", names[i]);
		reader_state_json(&json, "state", states[i].dwEventState);
		json_number(&json, "counter", reader_counter(states[i].dwEventState));
		json_bytes(&json, "atr", states[i].rgbAtr, states[i].cbAtr);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	json_print(&json);
}

int
scardctl_list(const struct scardctl_options *options, char **arguments)
{
	g_auto(GStrv) names = NULL;
	g_autofree SCARD_READERSTATEA *states = NULL;
	SCARDCONTEXT context = scardctl_establish();

	(void)arguments;
	if (context == 0)
		return SCARDCTL_FAILURE;
	if ((names = reader_names(context)) != NULL)
		states = reader_states(context, names);
	(void)SCardReleaseContext(context);
	if (states == NULL)
		return SCARDCTL_FAILURE;
	if (options->json)
		list_as_json(names, states);
	else
		list_as_text(names, states);
	return SCARDCTL_OK;
}
