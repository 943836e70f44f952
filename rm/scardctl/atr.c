/* SPDX-License-Identifier: BSD-2-Clause */
/* scardctl atr: an answer to reset, byte by byte, and which card it is. */
#include <stdio.h>
#include <string.h>

#include "rm/database/names.h"
#include "rm/scardctl/atr_explain.h"
#include "rm/scardctl/db.h"
#include "rm/scardctl/hex.h"
#include "rm/scardctl/json.h"
#include "rm/scardctl/reader.h"

#define INPUT_MAX 256u /* bytes that are read; what is behind ATR_MAX is told, not looked at */
#define CARDS_MAX 16u  /* card types that are named */

struct subject {
	uint8_t bytes[INPUT_MAX];
	size_t length;
	struct atr_explanation *explanation;
	GPtrArray *cards; /* names of card types */
	char *listed;     /* what an imported list says; NULL: nothing */
};

static void
name_cards(const struct scardctl_options *options, struct subject *subject)
{
	struct database *database = db_open(options);
	struct database_picture *picture = database_look(database);
	const struct database_card *found[CARDS_MAX];
	size_t length = MIN(subject->length, ATR_MAX), count = 0;

	subject->cards = g_ptr_array_new_with_free_func(g_free);
	if (length >= DATABASE_ATR_MIN)
		count = database_match(picture, subject->bytes, length, found, CARDS_MAX);
	for (size_t i = 0; i < MIN(count, CARDS_MAX); i++)
		g_ptr_array_add(subject->cards, g_strdup(found[i]->name));
	if (length >= DATABASE_ATR_MIN)
		subject->listed = names_look(database, subject->bytes, length);
	database_picture_unref(picture);
	database_free(database);
}

/* "3B 00". (transfer full) */
static char *
spaced(const uint8_t *data, size_t length)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < length; i++)
		g_string_append_printf(text, "%s%02X", i > 0 ? " " : "", data[i]);
	return g_string_free(text, FALSE);
}

static void
line_as_text(const struct subject *subject, const struct atr_line *line)
{
	g_autofree char *bytes = spaced(&subject->explanation->bytes[line->at], line->length);

	/* Beside a byte; what has several stands in a line of its own, so that it can be read. */
	if (line->length == 1)
		printf("  %s  %-3s  %s\n", bytes, line->name, line->meaning);
	else
		printf("           %s\n             %s%s\n", line->meaning,
		    line->meaning[0] == ' ' ? "  " : "", bytes);
}

static void
show_as_text(const struct subject *subject)
{
	const struct atr_explanation *explanation = subject->explanation;
	g_autofree char *bytes = spaced(subject->bytes, subject->length);

	printf("ATR %s\n", bytes);
	for (guint i = 0; i < explanation->lines->len; i++)
		line_as_text(subject, &g_array_index(explanation->lines, struct atr_line, i));
	for (unsigned t = 0; t < 15; t++)
		if ((explanation->protocols >> t & 1) != 0)
			printf("protocol T=%u\n", t);
	for (guint i = 0; i < subject->cards->len; i++)
		printf("card type %s\n", (const char *)subject->cards->pdata[i]);
	if (subject->listed != NULL)
		printf("listed as %s\n", subject->listed);
	if (subject->cards->len == 0 && subject->listed == NULL)
		puts("no card type and no list has a name for it; scardctl db add makes a card "
		     "type");
}

static void
show_as_json(const struct subject *subject)
{
	const struct atr_explanation *explanation = subject->explanation;
	struct json json;

	json_init(&json);
	json_open(&json, NULL, '{');
	json_bytes(&json, "atr", subject->bytes, subject->length);
	json_open(&json, "fields", '[');
	for (guint i = 0; i < explanation->lines->len; i++) {
		const struct atr_line *line =
		    &g_array_index(explanation->lines, struct atr_line, i);

		json_open(&json, NULL, '{');
		json_number(&json, "at", (int64_t)line->at);
		json_bytes(&json, "bytes", &explanation->bytes[line->at], line->length);
		json_string(&json, "name", line->name[0] != '\0' ? line->name : NULL);
		json_string(&json, "meaning", line->meaning + strspn(line->meaning, " "));
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_open(&json, "protocols", '[');
	for (unsigned t = 0; t < 15; t++)
		if ((explanation->protocols >> t & 1) != 0)
			json_number(&json, NULL, t);
	json_close(&json, ']');
	json_open(&json, "cards", '[');
	for (guint i = 0; i < subject->cards->len; i++)
		json_string(&json, NULL, subject->cards->pdata[i]);
	json_close(&json, ']');
	json_string(&json, "listed", subject->listed);
	json_string(&json, "problem", explanation->problem);
	json_close(&json, '}');
	json_print(&json);
}

static int
explain(const struct scardctl_options *options, struct subject *subject)
{
	int result = SCARDCTL_OK;

	subject->explanation = atr_explain(subject->bytes, subject->length);
	name_cards(options, subject);
	if (options->json)
		show_as_json(subject);
	else
		show_as_text(subject);
	if (subject->explanation->problem != NULL)
		result = scardctl_problem(
		    "the answer to reset is not well formed: %s", subject->explanation->problem);
	atr_explanation_free(subject->explanation);
	g_ptr_array_free(subject->cards, TRUE);
	g_free(subject->listed);
	return result;
}

/* That of the card in a reader. False after a message. */
static bool
ask_reader(const char *wanted, struct subject *subject)
{
	SCARDCONTEXT context = scardctl_establish();
	g_autofree char *name = context != 0 ? reader_find(context, wanted) : NULL;
	g_autofree SCARD_READERSTATEA *states = NULL;
	char *names[] = { name, NULL };

	if (name != NULL && (states = reader_states(context, names)) != NULL) {
		subject->length = MIN(states[0].cbAtr, ATR_MAX);
		memcpy(subject->bytes, states[0].rgbAtr, subject->length);
		if (subject->length == 0)
			(void)scardctl_problem("reader \"%s\": %s", name,
			    (states[0].dwEventState & SCARD_STATE_MUTE) != 0
				? "the card does not answer to a reset; turn it, or clean its "
				  "contacts"
				: "there is no card in it");
	}
	if (context != 0)
		(void)SCardReleaseContext(context);
	return subject->length > 0;
}

int
scardctl_atr(const struct scardctl_options *options, char **arguments)
{
	struct subject subject = { .length = 0 };
	const char *wanted = options->reader;

	if (wanted == NULL && arguments[0] != NULL) {
		if (hex_parse(arguments[0], subject.bytes, sizeof subject.bytes, &subject.length))
			return explain(options, &subject);
		wanted = arguments[0];
	}
	return ask_reader(wanted, &subject) ? explain(options, &subject) : SCARDCTL_FAILURE;
}
