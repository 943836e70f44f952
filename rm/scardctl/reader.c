/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/scardctl/reader.h"

#include <string.h>

#include "rm/scardctl/scardctl.h"

static const struct {
	DWORD bit;
	const char *word;
} state_words[] = {
	{ SCARD_STATE_UNKNOWN, "unknown" },
	{ SCARD_STATE_UNAVAILABLE, "unavailable" },
	{ SCARD_STATE_EMPTY, "empty" },
	{ SCARD_STATE_PRESENT, "present" },
	{ SCARD_STATE_MUTE, "mute" },
	{ SCARD_STATE_UNPOWERED, "unpowered" },
	{ SCARD_STATE_EXCLUSIVE, "exclusive" },
	{ SCARD_STATE_INUSE, "in-use" },
};

GStrv
reader_names(SCARDCONTEXT context)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	char *list = NULL;
	DWORD length = SCARD_AUTOALLOCATE;
	LONG code = SCardListReadersA(context, NULL, (LPSTR)&list, &length);

	if (code != SCARD_S_SUCCESS && code != SCARD_E_NO_READERS_AVAILABLE) {
		(void)scardctl_failed(code, "cannot list the readers");
		return NULL;
	}
	for (const char *name = list; name != NULL && *name != '\0'; name += strlen(name) + 1)
		g_ptr_array_add(names, g_strdup(name));
	if (list != NULL)
		(void)SCardFreeMemory(context, list);
	g_ptr_array_add(names, NULL);
	return (GStrv)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

SCARD_READERSTATEA *
reader_states(SCARDCONTEXT context, GStrv names)
{
	guint count = g_strv_length(names);
	SCARD_READERSTATEA *states = g_new0(SCARD_READERSTATEA, count + 1);
	LONG code;

	for (guint i = 0; i < count; i++)
		states[i].szReader = names[i];
	code = SCardGetStatusChangeA(context, 0, states, count);
	if (code == SCARD_S_SUCCESS || code == SCARD_E_TIMEOUT)
		return states;
	(void)scardctl_failed(code, "cannot ask for the state of the readers");
	g_free(states);
	return NULL;
}

static char *
fold(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	return g_utf8_casefold(valid, -1);
}

/* The only name with @wanted in it; an equal one comes first. */
static char *
find_named(GStrv names, const char *wanted)
{
	g_autofree char *wanted_fold = fold(wanted);
	const char *found = NULL;
	guint matches = 0;

	for (guint i = 0; names[i] != NULL; i++) {
		g_autofree char *name_fold = fold(names[i]);

		if (strcmp(name_fold, wanted_fold) == 0)
			return g_strdup(names[i]);
		if (strstr(name_fold, wanted_fold) != NULL) {
			found = names[i];
			matches++;
		}
	}
	if (matches == 1)
		return g_strdup(found);
	if (matches > 1)
		(void)scardctl_problem(
		    "%u readers have \"%s\" in their names: say more of it", matches, wanted);
	else
		(void)scardctl_problem(
		    "no reader has \"%s\" in its name; scardctl list shows all", wanted);
	return NULL;
}

static char *
find_only(SCARDCONTEXT context, GStrv names)
{
	g_autofree SCARD_READERSTATEA *states = NULL;
	const char *found = NULL;
	guint cards = 0;

	if (names[0] == NULL) {
		(void)scardctl_problem("there is no reader");
		return NULL;
	}
	if (names[1] == NULL)
		return g_strdup(names[0]);
	if ((states = reader_states(context, names)) == NULL)
		return NULL;
	for (guint i = 0; names[i] != NULL; i++)
		if ((states[i].dwEventState & SCARD_STATE_PRESENT) != 0) {
			found = names[i];
			cards++;
		}
	if (cards == 1)
		return g_strdup(found);
	(void)scardctl_problem("%u readers, %u with a card: name one; scardctl list shows all",
	    g_strv_length(names), cards);
	return NULL;
}

char *
reader_find(SCARDCONTEXT context, const char *wanted)
{
	g_auto(GStrv) names = reader_names(context);

	if (names == NULL)
		return NULL;
	return wanted != NULL ? find_named(names, wanted) : find_only(context, names);
}

char *
reader_state_text(DWORD state)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(state_words); i++)
		if ((state & state_words[i].bit) != 0)
			g_string_append_printf(
			    text, "%s%s", text->len > 0 ? ", " : "", state_words[i].word);
	return g_string_free(text, FALSE);
}

void
reader_state_json(struct json *json, const char *name, DWORD state)
{
	json_open(json, name, '[');
	for (size_t i = 0; i < G_N_ELEMENTS(state_words); i++)
		if ((state & state_words[i].bit) != 0)
			json_string(json, NULL, state_words[i].word);
	json_close(json, ']');
}

unsigned
reader_counter(DWORD state)
{
	return (unsigned)(state >> 16);
}
