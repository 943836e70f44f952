/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines that begin with '#'. */
#include <string.h>

#include "idl/preprocess_state.h"

enum directive {
	DIRECTIVE_IF,
	DIRECTIVE_IFDEF,
	DIRECTIVE_IFNDEF,
	DIRECTIVE_ELIF,
	DIRECTIVE_ELSE,
	DIRECTIVE_ENDIF,
	DIRECTIVE_DEFINE,
	DIRECTIVE_UNDEF,
	DIRECTIVE_INCLUDE,
	DIRECTIVE_ERROR,
	DIRECTIVE_WARNING,
	DIRECTIVE_PRAGMA,
	DIRECTIVE_LINE,
	DIRECTIVE_COUNT
};

static const char *const directive_names[DIRECTIVE_COUNT] = { "if", "ifdef", "ifndef", "elif",
	"else", "endif", "define", "undef", "include", "error", "warning", "pragma", "line" };

static enum directive
find_directive(const struct idl_token *word)
{
	enum directive directive = DIRECTIVE_IF;

	while (directive < DIRECTIVE_COUNT && !idl_token_is(word, directive_names[directive]))
		directive++;
	return directive;
}

/* What stands on the rest of the line, as it is written there. */
static char *
rest_of_line(struct idl_preprocessor *preprocessor)
{
	const char *start = NULL, *end = NULL;
	struct idl_token token;

	while (idl_preprocess_in_line(preprocessor, &token)) {
		if (start == NULL)
			start = token.text;
		end = token.text + token.length;
	}
	return start == NULL ? g_strdup("") : g_strndup(start, (gsize)(end - start));
}

/* #pragma midl_echo("text") is what cpp_quote("text") is; as its tokens it goes to the parser. */
static void
echo(struct idl_preprocessor *preprocessor, const struct idl_token *word)
{
	struct idl_token token = *word;

	token.text = "cpp_quote";
	token.length = (guint)strlen(token.text);
	idl_preprocess_emit(preprocessor, &token);
	while (idl_preprocess_in_line(preprocessor, &token))
		idl_preprocess_emit(preprocessor, &token);
}

/* The pragmas of other compilers are passed over. */
static void
pragma(struct idl_preprocessor *preprocessor)
{
	struct idl_token word;

	if (!idl_preprocess_in_line(preprocessor, &word))
		return;
	if (idl_token_is(&word, "once"))
		g_hash_table_add(preprocessor->once,
		    (gpointer)idl_preprocess_inclusion(preprocessor)->source->path);
	else if (idl_token_is(&word, "midl_echo"))
		echo(preprocessor, &word);
}

/* Those that matter even where nothing else is read. True when it was one. */
static bool
condition(
    struct idl_preprocessor *preprocessor, enum directive directive, const struct idl_token *word)
{
	switch (directive) {
	case DIRECTIVE_IF:
		idl_preprocess_if(preprocessor, &word->place);
		return true;
	case DIRECTIVE_IFDEF:
	case DIRECTIVE_IFNDEF:
		idl_preprocess_ifdef(preprocessor, word, directive == DIRECTIVE_IFDEF);
		return true;
	case DIRECTIVE_ELIF:
		idl_preprocess_elif(preprocessor, &word->place);
		return true;
	case DIRECTIVE_ELSE:
		idl_preprocess_else(preprocessor, &word->place);
		return true;
	case DIRECTIVE_ENDIF:
		idl_preprocess_endif(preprocessor, &word->place);
		return true;
	default:
		return false;
	}
}

static void
report_unknown(struct idl_preprocessor *preprocessor, const struct idl_token *word)
{
	g_autofree char *joined = NULL, *name = g_strndup(word->text, MIN(word->length, 40u));
	const char *words[DIRECTIVE_COUNT + 1] = { NULL };

	memcpy(words, directive_names, sizeof(directive_names));
	joined = g_strjoinv(", #", (char **)words);
	idl_preprocess_error(
	    preprocessor, &word->place, "unknown directive '#%s', expected #%s", name, joined);
}

static void
say(struct idl_preprocessor *preprocessor, const struct idl_token *word, bool is_error)
{
	g_autofree char *text = rest_of_line(preprocessor);

	if (is_error)
		idl_preprocess_error(preprocessor, &word->place, "#error %s", text);
	else
		idl_warning(preprocessor->unit->diagnostics, &word->place, "#warning %s", text);
}

/* #line stands in what another preprocessor wrote. It is passed over: our places are real ones. */
static void
other(struct idl_preprocessor *preprocessor, enum directive directive, const struct idl_token *word)
{
	switch (directive) {
	case DIRECTIVE_DEFINE:
		idl_preprocess_define(preprocessor, &word->place);
		break;
	case DIRECTIVE_UNDEF:
		idl_preprocess_undef(preprocessor, &word->place);
		break;
	case DIRECTIVE_ERROR:
	case DIRECTIVE_WARNING:
		say(preprocessor, word, directive == DIRECTIVE_ERROR);
		break;
	case DIRECTIVE_PRAGMA:
		pragma(preprocessor);
		break;
	case DIRECTIVE_LINE:
		break;
	default:
		if (word->kind != IDL_TOKEN_INTEGER)
			report_unknown(preprocessor, word);
		break;
	}
}

void
idl_preprocess_directive(struct idl_preprocessor *preprocessor)
{
	enum directive directive;
	struct idl_token word;

	if (!idl_preprocess_in_line(preprocessor, &word))
		return;
	directive = find_directive(&word);
	if (!condition(preprocessor, directive, &word) && idl_preprocess_reads(preprocessor)) {
		/* It reads its line itself: what comes behind it belongs to another file. */
		if (directive == DIRECTIVE_INCLUDE) {
			if (idl_preprocess_inclusion(preprocessor)->reopened)
				idl_preprocess_circle(preprocessor);
			else
				idl_preprocess_include(preprocessor, &word.place);
			return;
		}
		other(preprocessor, directive, &word);
	}
	if (!preprocessor->stopped)
		idl_preprocess_skip_line(preprocessor);
}
