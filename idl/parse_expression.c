/* SPDX-License-Identifier: BSD-2-Clause */
/* Constant expressions with the precedence of C, by climbing. */
#include "idl/parser_state.h"

static struct idl_expression *parse_conditional(struct idl_parser *parser);

static struct idl_expression *
new_expression(
    struct idl_parser *parser, enum idl_expression_kind kind, const struct idl_place *place)
{
	struct idl_expression *expression;

	if (++parser->expression_size > IDL_EXPRESSION_MAX) {
		idl_error(parser->diagnostics, place,
		    "expression is too long, expected at most %u operators and operands",
		    IDL_EXPRESSION_MAX);
		return NULL;
	}
	expression = idl_arena_new(parser->arena, struct idl_expression);
	expression->kind = kind;
	expression->place = *place;
	return expression;
}

static struct idl_expression *
parse_literal(struct idl_parser *parser, enum idl_expression_kind kind)
{
	const struct idl_token *token = idl_token_at(parser, 0);
	struct idl_place place = idl_place_here(parser);
	struct idl_expression *expression = new_expression(parser, kind, &place);

	if (expression == NULL)
		return NULL;
	if (token->length > IDL_STRING_MAX) {
		idl_error(parser->diagnostics, &place,
		    "literal is too long, expected at most %u bytes", IDL_STRING_MAX);
		return NULL;
	}
	if (kind == IDL_EXPRESSION_STRING) {
		expression->wide = token->text[0] == 'L';
		expression->text = idl_literal_text(parser, token);
	} else {
		expression->text = idl_token_text(parser, token);
	}
	idl_next(parser);
	return expression;
}

/* "(type *)" behind the opening parenthesis, or the same for sizeof. */
static bool
parse_type_in_parentheses(struct idl_parser *parser, struct idl_expression *expression)
{
	expression->type = idl_parse_type(parser);
	if (expression->type == NULL)
		return false;
	while (idl_accept(parser, '*')) {
		if (++expression->pointers > IDL_POINTERS_MAX) {
			idl_unexpected(parser, "fewer stars");
			return false;
		}
	}
	return idl_expect(parser, ')', "')' after the type");
}

/*
 * Without names, "(A) - 1" could be a cast. It is one only when a type keyword or a predefined
 * type opens it, or when what follows could not continue an expression.
 */
static bool
at_cast(struct idl_parser *parser)
{
	const struct idl_token *word = idl_token_at(parser, 1), *after;
	guint ahead = 2;

	if (!idl_at(parser, '(') || word->kind != IDL_TOKEN_WORD)
		return false;
	if (idl_at_type_keyword(parser, 1) ||
	    idl_builtin_type(idl_token_text(parser, word)) != NULL)
		return true;
	while (idl_token_at(parser, ahead)->kind == IDL_TOKEN_PUNCTUATION &&
	    idl_token_at(parser, ahead)->code == '*')
		ahead++;
	after = idl_token_at(parser, ahead);
	if (after->kind != IDL_TOKEN_PUNCTUATION || after->code != ')')
		return false;
	after = idl_token_at(parser, ahead + 1);
	return after->kind == IDL_TOKEN_WORD || after->kind == IDL_TOKEN_INTEGER ||
	    after->kind == IDL_TOKEN_FLOAT || after->kind == IDL_TOKEN_CHARACTER ||
	    (after->kind == IDL_TOKEN_PUNCTUATION &&
		(after->code == '(' || after->code == '~' || after->code == '!'));
}

static struct idl_expression *
parse_parentheses(struct idl_parser *parser)
{
	struct idl_place place = idl_place_here(parser);
	struct idl_expression *expression =
	    new_expression(parser, IDL_EXPRESSION_PARENTHESES, &place);

	if (expression == NULL)
		return NULL;
	idl_next(parser);
	expression->operands[0] = parse_conditional(parser);
	if (expression->operands[0] == NULL || !idl_expect(parser, ')', "')' or an operator"))
		return NULL;
	return expression;
}

static struct idl_expression *
parse_sizeof(struct idl_parser *parser)
{
	struct idl_place place = idl_place_here(parser);
	struct idl_expression *expression = new_expression(parser, IDL_EXPRESSION_SIZEOF, &place);

	idl_next(parser);
	if (expression == NULL || !idl_expect(parser, '(', "'(' after sizeof") ||
	    !parse_type_in_parentheses(parser, expression))
		return NULL;
	return expression;
}

static struct idl_expression *
parse_primary(struct idl_parser *parser)
{
	switch (idl_token_at(parser, 0)->kind) {
	case IDL_TOKEN_INTEGER:
		return parse_literal(parser, IDL_EXPRESSION_INTEGER);
	case IDL_TOKEN_FLOAT:
		return parse_literal(parser, IDL_EXPRESSION_FLOAT);
	case IDL_TOKEN_CHARACTER:
		return parse_literal(parser, IDL_EXPRESSION_CHARACTER);
	case IDL_TOKEN_STRING:
		return parse_literal(parser, IDL_EXPRESSION_STRING);
	case IDL_TOKEN_WORD:
		if (idl_at_word(parser, "sizeof"))
			return parse_sizeof(parser);
		return parse_literal(parser, IDL_EXPRESSION_NAME);
	default:
		break;
	}
	if (idl_at(parser, '('))
		return parse_parentheses(parser);
	idl_unexpected(parser, "a number, a string, a name or '('");
	return NULL;
}

static struct idl_expression *
parse_cast(struct idl_parser *parser)
{
	struct idl_place place = idl_place_here(parser);
	struct idl_expression *expression = new_expression(parser, IDL_EXPRESSION_CAST, &place);

	idl_next(parser);
	if (expression == NULL || !parse_type_in_parentheses(parser, expression))
		return NULL;
	return expression;
}

static struct idl_expression *
parse_unary(struct idl_parser *parser)
{
	struct idl_place place = idl_place_here(parser);
	struct idl_expression *expression;

	if (at_cast(parser)) {
		expression = parse_cast(parser);
	} else if (idl_at(parser, '-') || idl_at(parser, '+') || idl_at(parser, '~') ||
	    idl_at(parser, '!') || idl_at(parser, '*')) {
		expression = new_expression(parser, IDL_EXPRESSION_UNARY, &place);
		if (expression != NULL)
			expression->operation = idl_token_at(parser, 0)->code;
		idl_next(parser);
	} else {
		return parse_primary(parser);
	}
	if (expression == NULL || !idl_enter(parser))
		return NULL;
	expression->operands[0] = parse_unary(parser);
	idl_leave(parser);
	return expression->operands[0] != NULL ? expression : NULL;
}

static int
precedence(const struct idl_token *token)
{
	if (token->kind != IDL_TOKEN_PUNCTUATION)
		return 0;
	switch (token->code) {
	case IDL_OR:
		return 1;
	case IDL_AND:
		return 2;
	case '|':
		return 3;
	case '^':
		return 4;
	case '&':
		return 5;
	case IDL_EQUAL:
	case IDL_NOT_EQUAL:
		return 6;
	case '<':
	case '>':
	case IDL_LESS_EQUAL:
	case IDL_GREATER_EQUAL:
		return 7;
	case IDL_SHIFT_LEFT:
	case IDL_SHIFT_RIGHT:
		return 8;
	case '+':
	case '-':
		return 9;
	case '*':
	case '/':
	case '%':
		return 10;
	default:
		return 0;
	}
}

static struct idl_expression *
parse_binary(struct idl_parser *parser, int minimum)
{
	struct idl_expression *left = parse_unary(parser);

	while (left != NULL) {
		const struct idl_token *token = idl_token_at(parser, 0);
		struct idl_place place = idl_place_here(parser);
		struct idl_expression *expression;
		int level = precedence(token);

		if (level < minimum || level == 0)
			return left;
		expression = new_expression(parser, IDL_EXPRESSION_BINARY, &place);
		if (expression == NULL)
			return NULL;
		expression->operation = token->code;
		idl_next(parser);
		expression->operands[0] = left;
		expression->operands[1] = parse_binary(parser, level + 1);
		left = expression->operands[1] != NULL ? expression : NULL;
	}
	return NULL;
}

static struct idl_expression *
parse_conditional(struct idl_parser *parser)
{
	struct idl_expression *condition, *expression;
	struct idl_place place;

	if (!idl_enter(parser))
		return NULL;
	condition = expression = parse_binary(parser, 1);
	place = idl_place_here(parser);
	if (condition != NULL && idl_accept(parser, '?')) {
		expression = new_expression(parser, IDL_EXPRESSION_CONDITIONAL, &place);
		if (expression != NULL) {
			expression->operands[0] = condition;
			expression->operands[1] = parse_conditional(parser);
		}
		if (expression == NULL || expression->operands[1] == NULL ||
		    !idl_expect(parser, ':', "':' of the conditional"))
			expression = NULL;
		else if ((expression->operands[2] = parse_conditional(parser)) == NULL)
			expression = NULL;
	}
	idl_leave(parser);
	return expression;
}

struct idl_expression *
idl_parse_expression(struct idl_parser *parser)
{
	parser->expression_size = 0;
	return parse_conditional(parser);
}
