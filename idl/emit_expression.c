/* SPDX-License-Identifier: BSD-2-Clause */
/* C text of expressions, as written in the IDL file. */
#include <string.h>

#include "idl/emit.h"
#include "idl/lexer.h"

static const char *
operation_text(int operation)
{
	static const char *const pairs[] = { "<<", ">>", "<=", ">=", "==", "!=", "&&", "||" };

	return operation >= IDL_SHIFT_LEFT && operation <= IDL_OR
	    ? pairs[operation - IDL_SHIFT_LEFT]
	    : NULL;
}

static void
print_operation(GString *out, int operation)
{
	const char *text = operation_text(operation);

	if (text != NULL)
		g_string_append(out, text);
	else
		g_string_append_c(out, (char)operation);
}

static void
print_type_in_parentheses(GString *out, const struct idl_expression *expression)
{
	const struct idl_declarator abstract = { .pointers = expression->pointers };

	g_string_append_c(out, '(');
	idl_print_type(out, expression->type, 0);
	idl_print_declarator(out, expression->type, &abstract);
	g_string_append_c(out, ')');
}

static bool
is_arithmetic(int operation)
{
	return operation == '+' || operation == '-' || operation == '*' || operation == '/' ||
	    operation == '%';
}

/* Compilers warn of operators whose order few people know; parentheses keep the macros quiet. */
static void
print_operand(GString *out, const struct idl_expression *expression, guint number)
{
	const struct idl_expression *operand = expression->operands[number];
	bool parentheses = operand->kind == IDL_EXPRESSION_BINARY &&
	    !(is_arithmetic(operand->operation) && is_arithmetic(expression->operation)) &&
	    operand->operation != expression->operation;

	if (parentheses)
		g_string_append_c(out, '(');
	idl_print_expression(out, operand);
	if (parentheses)
		g_string_append_c(out, ')');
}

void
idl_print_expression(GString *out, const struct idl_expression *expression)
{
	g_autofree char *escaped = NULL;

	switch (expression->kind) {
	case IDL_EXPRESSION_INTEGER:
	case IDL_EXPRESSION_FLOAT:
	case IDL_EXPRESSION_NAME:
		g_string_append(out, expression->text);
		break;
	case IDL_EXPRESSION_CHARACTER:
		if (expression->text[0] == 'L')
			g_string_append_c(out, 'u');
		g_string_append(out, strchr(expression->text, '\''));
		break;
	case IDL_EXPRESSION_STRING:
		escaped = idl_escape_c(expression->text);
		g_string_append_printf(
		    out, expression->wide ? "OLESTR(\"%s\")" : "\"%s\"", escaped);
		break;
	case IDL_EXPRESSION_PARENTHESES:
		g_string_append_c(out, '(');
		idl_print_expression(out, expression->operands[0]);
		g_string_append_c(out, ')');
		break;
	case IDL_EXPRESSION_UNARY:
		print_operation(out, expression->operation);
		if (expression->operands[0]->kind == IDL_EXPRESSION_UNARY)
			g_string_append_c(out, ' ');
		idl_print_expression(out, expression->operands[0]);
		break;
	case IDL_EXPRESSION_BINARY:
		print_operand(out, expression, 0);
		g_string_append_c(out, ' ');
		print_operation(out, expression->operation);
		g_string_append_c(out, ' ');
		print_operand(out, expression, 1);
		break;
	case IDL_EXPRESSION_CONDITIONAL:
		idl_print_expression(out, expression->operands[0]);
		g_string_append(out, " ? ");
		idl_print_expression(out, expression->operands[1]);
		g_string_append(out, " : ");
		idl_print_expression(out, expression->operands[2]);
		break;
	case IDL_EXPRESSION_CAST:
		print_type_in_parentheses(out, expression);
		idl_print_expression(out, expression->operands[0]);
		break;
	case IDL_EXPRESSION_SIZEOF:
		g_string_append(out, "sizeof");
		print_type_in_parentheses(out, expression);
		break;
	}
}
