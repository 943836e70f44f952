/* SPDX-License-Identifier: BSD-2-Clause */
/* #if and what belongs to it. Its expression is one of the language, of integers only. */
#include <string.h>

#include "idl/expression.h"
#include "idl/limits.h"
#include "idl/parser_state.h"
#include "idl/preprocess_state.h"

static struct idl_condition *
innermost(struct idl_preprocessor *preprocessor)
{
	GArray *conditions = preprocessor->conditions;

	return &g_array_index(conditions, struct idl_condition, conditions->len - 1);
}

static void
open_condition(struct idl_preprocessor *preprocessor, const struct idl_place *place, bool holds)
{
	struct idl_condition condition = {
		.place = *place,
		.outer = idl_preprocess_reads(preprocessor),
	};

	if (preprocessor->conditions->len >= IDL_CONDITIONS_MAX) {
		idl_preprocess_stop(preprocessor, place,
		    "conditions nested too deeply, expected at most %u levels", IDL_CONDITIONS_MAX);
		return;
	}
	condition.reads = condition.taken = condition.outer && holds;
	g_array_append_val(preprocessor->conditions, condition);
}

/* Words that are left when macros are replaced count as 0, as in C. */
static void
add_operand(void *context, const struct idl_token *token)
{
	GArray *tokens = context;
	struct idl_token operand = *token;

	if (operand.kind == IDL_TOKEN_WORD) {
		operand.kind = IDL_TOKEN_INTEGER;
		operand.text = "0";
		operand.length = 1;
	}
	g_array_append_val(tokens, operand);
}

/* defined NAME, or defined(NAME), which no macro may change. */
static bool
add_defined(struct idl_preprocessor *preprocessor, GArray *tokens, const struct idl_token *word)
{
	struct idl_token token = *word, value = *word;
	bool parentheses = false, named;

	named = idl_preprocess_in_line(preprocessor, &token);
	if (named && idl_token_is_mark(&token, '(')) {
		parentheses = true;
		named = idl_preprocess_in_line(preprocessor, &token);
	}
	if (named && token.kind == IDL_TOKEN_WORD) {
		value.kind = IDL_TOKEN_INTEGER;
		value.text = idl_preprocess_macro(preprocessor, &token) != NULL ? "1" : "0";
		value.length = 1;
		g_array_append_val(tokens, value);
		if (!parentheses ||
		    (idl_preprocess_in_line(preprocessor, &token) &&
			idl_token_is_mark(&token, ')')))
			return true;
	}
	idl_preprocess_error(
	    preprocessor, &word->place, "bad 'defined', expected defined(NAME) or defined NAME");
	return false;
}

static bool
read_operands(struct idl_preprocessor *preprocessor, GArray *tokens, struct idl_token *end)
{
	struct idl_token token;

	while (idl_preprocess_in_line(preprocessor, &token)) {
		*end = token;
		if (idl_token_is(&token, "defined")) {
			if (!add_defined(preprocessor, tokens, &token))
				return false;
			continue;
		}
		if (!idl_preprocess_expand(preprocessor, &token, true, add_operand, tokens))
			return false;
	}
	end->kind = IDL_TOKEN_END;
	g_array_append_val(tokens, *end);
	return true;
}

static bool
evaluate(struct idl_preprocessor *preprocessor, GArray *operands, struct idl_value *ret)
{
	const struct idl_tokens tokens = { operands, preprocessor->out->comments };
	struct idl_parser parser = {
		.arena = &preprocessor->unit->arena,
		.diagnostics = preprocessor->unit->diagnostics,
		.tokens = &tokens,
		.end = "the end of the line",
	};
	const struct idl_expression *expression = idl_parse_expression(&parser);

	ret->kind = IDL_VALUE_WRONG;
	if (expression == NULL)
		return false;
	if (idl_token_at(&parser, 0)->kind != IDL_TOKEN_END) {
		idl_unexpected(&parser, "the end of the line or an operator");
		return false;
	}
	*ret = idl_evaluate(preprocessor->unit, expression);
	if (ret->kind == IDL_VALUE_STRING || ret->kind == IDL_VALUE_OPAQUE)
		idl_preprocess_error(
		    preprocessor, &expression->place, "condition is no integer, expected one");
	return ret->kind == IDL_VALUE_INTEGER;
}

/* The condition on the rest of the line; false, too, when it is wrong, which is reported. */
static bool
holds(struct idl_preprocessor *preprocessor, const struct idl_place *place)
{
	g_autoptr(GArray) operands = g_array_new(FALSE, FALSE, sizeof(struct idl_token));
	struct idl_token end = { .place = *place };
	struct idl_value value;

	if (!read_operands(preprocessor, operands, &end))
		return false;
	if (operands->len == 1) {
		idl_preprocess_error(preprocessor, place, "condition is missing, expected one");
		return false;
	}
	if (!evaluate(preprocessor, operands, &value)) {
		preprocessor->failed = true;
		return false;
	}
	return value.bits != 0;
}

void
idl_preprocess_if(struct idl_preprocessor *preprocessor, const struct idl_place *place)
{
	bool taken = idl_preprocess_reads(preprocessor) && holds(preprocessor, place);

	if (!preprocessor->stopped)
		open_condition(preprocessor, place, taken);
}

void
idl_preprocess_ifdef(
    struct idl_preprocessor *preprocessor, const struct idl_token *word, bool wanted)
{
	struct idl_token name;
	bool known = false;

	if (!idl_preprocess_reads(preprocessor)) {
		open_condition(preprocessor, &word->place, false);
		return;
	}
	if (idl_preprocess_in_line(preprocessor, &name) && name.kind == IDL_TOKEN_WORD)
		known = idl_preprocess_macro(preprocessor, &name) != NULL;
	else
		idl_preprocess_error(preprocessor, &word->place,
		    "found no name behind #%.*s, expected the name of a macro", (int)word->length,
		    word->text);
	open_condition(preprocessor, &word->place, known == wanted);
}

/* The condition that #elif, #else and #endif belong to: one that this file opened. */
static struct idl_condition *
own_condition(
    struct idl_preprocessor *preprocessor, const struct idl_place *place, const char *name)
{
	if (preprocessor->conditions->len > idl_preprocess_inclusion(preprocessor)->conditions)
		return innermost(preprocessor);
	idl_preprocess_error(preprocessor, place, "#%s without #if, expected one before", name);
	return NULL;
}

static bool
check_order(struct idl_preprocessor *preprocessor, const struct idl_condition *condition,
    const struct idl_place *place, const char *name)
{
	if (!condition->in_else)
		return true;
	idl_preprocess_error(preprocessor, place, "#%s behind #else, expected #endif", name);
	idl_note(preprocessor->unit->diagnostics, &condition->place, "the #if is here");
	return false;
}

void
idl_preprocess_elif(struct idl_preprocessor *preprocessor, const struct idl_place *place)
{
	struct idl_condition *condition = own_condition(preprocessor, place, "elif");

	if (condition == NULL || !check_order(preprocessor, condition, place, "elif"))
		return;
	condition->reads = false;
	if (condition->outer && !condition->taken && holds(preprocessor, place))
		condition->reads = condition->taken = true;
}

void
idl_preprocess_else(struct idl_preprocessor *preprocessor, const struct idl_place *place)
{
	struct idl_condition *condition = own_condition(preprocessor, place, "else");

	if (condition == NULL || !check_order(preprocessor, condition, place, "else"))
		return;
	condition->in_else = true;
	condition->reads = condition->outer && !condition->taken;
	condition->taken = true;
}

void
idl_preprocess_endif(struct idl_preprocessor *preprocessor, const struct idl_place *place)
{
	if (own_condition(preprocessor, place, "endif") != NULL)
		g_array_set_size(preprocessor->conditions, preprocessor->conditions->len - 1);
}

void
idl_preprocess_close_conditions(struct idl_preprocessor *preprocessor, guint open)
{
	while (preprocessor->conditions->len > open) {
		idl_preprocess_error(preprocessor, &innermost(preprocessor)->place,
		    "unterminated condition, expected #endif before the end of the file");
		g_array_set_size(preprocessor->conditions, preprocessor->conditions->len - 1);
	}
}
