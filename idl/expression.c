/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/expression.h"

#include <errno.h>
#include <string.h>

#include "idl/check.h"
#include "idl/lexer.h"
#include "idl/scope.h"
#include "idl/suggest.h"

static struct idl_value
wrong(void)
{
	return (struct idl_value){ .kind = IDL_VALUE_WRONG };
}

static struct idl_value
integer(int64_t value)
{
	return (struct idl_value){ .kind = IDL_VALUE_INTEGER, .bits = (uint64_t)value };
}

static struct idl_value
unsigned_integer(uint64_t value)
{
	return (struct idl_value){
		.kind = IDL_VALUE_INTEGER,
		.is_unsigned = value > INT64_MAX,
		.bits = value,
	};
}

/* A result that there is none of; in an operand that does not count it is as good as any other. */
static struct idl_value
impossible(struct idl_unit *unit, const struct idl_expression *expression, const char *problem)
{
	if (unit->skipped_operands > 0)
		return integer(0);
	idl_error(unit->diagnostics, &expression->place, "%s", problem);
	return wrong();
}

static struct idl_value
literal(struct idl_unit *unit, const struct idl_expression *expression)
{
	char *end = NULL;
	uint64_t value;

	errno = 0;
	value = g_ascii_strtoull(expression->text, &end, 0);
	while (*end == 'u' || *end == 'U' || *end == 'l' || *end == 'L')
		end++;
	if (errno != 0 || *end != '\0') {
		idl_error(unit->diagnostics, &expression->place,
		    "bad number '%.40s', expected one of at most 64 bits", expression->text);
		return wrong();
	}
	return unsigned_integer(value);
}

/* The text still has its quotes, and L in front of a wide one. */
static struct idl_value
character(struct idl_unit *unit, const struct idl_expression *expression)
{
	static const char letters[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
	const char *text = strchr(expression->text, '\'') + 1;
	char *end = (char *)text;
	guint64 value = 0;

	if (*text != '\\') {
		value = g_utf8_get_char(text);
		end = g_utf8_next_char(text);
	} else if (text[1] >= '0' && text[1] <= '7') {
		value = g_ascii_strtoull(text + 1, &end, 8);
	} else if (text[1] == 'x' && g_ascii_isxdigit(text[2])) {
		value = g_ascii_strtoull(text + 2, &end, 16);
	} else {
		const char *letter = strchr(letters, text[1]);

		value = letter != NULL ? (guint64)values[letter - letters] : (guint64)text[1];
		end = (char *)text + 2;
	}
	if (*text != '\'' && strcmp(end, "'") == 0 && value <= G_MAXUINT16)
		return integer((int64_t)value);
	idl_error(unit->diagnostics, &expression->place,
	    "bad character %.40s, expected one character of at most 16 bits", expression->text);
	return wrong();
}

static struct idl_value
name_value(struct idl_unit *unit, const struct idl_expression *expression)
{
	const struct idl_symbol *symbol = idl_lookup(unit, expression->text);
	int64_t value;

	if (symbol != NULL && symbol->kind == IDL_SYMBOL_ENUM_VALUE)
		return integer(((const struct idl_enum_value *)symbol->node)->value);
	if (symbol != NULL && symbol->kind == IDL_SYMBOL_CONSTANT)
		return ((const struct idl_constant *)symbol->node)->value;
	if (symbol == NULL && idl_builtin_constant(expression->text, &value))
		return integer(value);
	idl_error(unit->diagnostics, &expression->place,
	    "unknown constant '%s', expected a const or an enum value declared before",
	    expression->text);
	idl_suggest(unit, &expression->place, expression->text, IDL_WANT_VALUE);
	return wrong();
}

static struct idl_value
unary(struct idl_unit *unit, const struct idl_expression *expression, struct idl_value value)
{
	switch (expression->operation) {
	case '-':
		if (value.bits == (uint64_t)1 << 63)
			return (struct idl_value){ .kind = IDL_VALUE_INTEGER, .bits = value.bits };
		if (value.is_unsigned)
			return impossible(unit, expression,
			    "value is too large for a sign, expected at most 63 bits");
		return integer(-(int64_t)value.bits);
	case '~':
		return (struct idl_value){
			.kind = IDL_VALUE_INTEGER,
			.is_unsigned = value.is_unsigned && ~value.bits > INT64_MAX,
			.bits = ~value.bits,
		};
	case '!':
		return integer(value.bits == 0);
	case '*':
		idl_error(unit->diagnostics, &expression->place,
		    "'*' in front of a constant, expected a number");
		return wrong();
	default:
		return value;
	}
}

static struct idl_value
overflow(struct idl_unit *unit, const struct idl_expression *expression)
{
	return impossible(
	    unit, expression, "the result does not fit, expected a value of at most 64 bits");
}

static struct idl_value
divide(struct idl_unit *unit, const struct idl_expression *expression, struct idl_value left,
    struct idl_value right)
{
	bool rest = expression->operation == '%';
	int64_t a = (int64_t)left.bits, b = (int64_t)right.bits;

	if (right.bits == 0)
		return impossible(unit, expression, "division by zero, expected another divisor");
	if (left.is_unsigned || right.is_unsigned)
		return unsigned_integer(rest ? left.bits % right.bits : left.bits / right.bits);
	if (b == -1)
		return rest          ? integer(0)
		    : a == INT64_MIN ? overflow(unit, expression)
				     : integer(-a);
	return integer(rest ? a % b : a / b);
}

static struct idl_value
shift(struct idl_unit *unit, const struct idl_expression *expression, struct idl_value left,
    struct idl_value right)
{
	if (right.bits > 63)
		return impossible(unit, expression, "shift by that many bits, expected 0 to 63");
	if (expression->operation == IDL_SHIFT_LEFT) {
		if (!left.is_unsigned && (int64_t)left.bits < 0)
			return integer((int64_t)(left.bits << right.bits));
		return unsigned_integer(left.bits << right.bits);
	}
	if (!left.is_unsigned && (int64_t)left.bits < 0)
		return integer(~(int64_t)(~left.bits >> right.bits));
	return unsigned_integer(left.bits >> right.bits);
}

static struct idl_value
compare(const struct idl_expression *expression, struct idl_value left, struct idl_value right)
{
	bool is_unsigned = left.is_unsigned || right.is_unsigned;
	bool less = is_unsigned ? left.bits < right.bits : (int64_t)left.bits < (int64_t)right.bits;
	bool equal = left.bits == right.bits;

	switch (expression->operation) {
	case IDL_EQUAL:
		return integer(equal);
	case IDL_NOT_EQUAL:
		return integer(!equal);
	case '<':
		return integer(less);
	case '>':
		return integer(!less && !equal);
	case IDL_LESS_EQUAL:
		return integer(less || equal);
	default:
		return integer(!less);
	}
}

static struct idl_value
add_or_multiply(struct idl_unit *unit, const struct idl_expression *expression,
    struct idl_value left, struct idl_value right)
{
	int64_t a = (int64_t)left.bits, b = (int64_t)right.bits, result;
	bool failed;

	if (left.is_unsigned || right.is_unsigned) {
		uint64_t whole;

		failed = expression->operation == '+'
		    ? __builtin_add_overflow(left.bits, right.bits, &whole)
		    : expression->operation == '-'
		    ? __builtin_sub_overflow(left.bits, right.bits, &whole)
		    : __builtin_mul_overflow(left.bits, right.bits, &whole);
		return failed ? overflow(unit, expression) : unsigned_integer(whole);
	}
	failed = expression->operation == '+' ? __builtin_add_overflow(a, b, &result)
	    : expression->operation == '-'    ? __builtin_sub_overflow(a, b, &result)
					      : __builtin_mul_overflow(a, b, &result);
	return failed ? overflow(unit, expression) : integer(result);
}

static struct idl_value
binary(struct idl_unit *unit, const struct idl_expression *expression, struct idl_value left,
    struct idl_value right)
{
	bool keep = left.is_unsigned || right.is_unsigned;
	uint64_t bits;

	switch (expression->operation) {
	case '+':
	case '-':
	case '*':
		return add_or_multiply(unit, expression, left, right);
	case '/':
	case '%':
		return divide(unit, expression, left, right);
	case IDL_SHIFT_LEFT:
	case IDL_SHIFT_RIGHT:
		return shift(unit, expression, left, right);
	case '|':
		bits = left.bits | right.bits;
		break;
	case '&':
		bits = left.bits & right.bits;
		break;
	case '^':
		bits = left.bits ^ right.bits;
		break;
	case IDL_AND:
		return integer(left.bits != 0 && right.bits != 0);
	case IDL_OR:
		return integer(left.bits != 0 || right.bits != 0);
	default:
		return compare(expression, left, right);
	}
	return keep ? unsigned_integer(bits) : integer((int64_t)bits);
}

/* A cast to a predefined integer cuts the value; any other leaves it to the C compiler. */
static struct idl_value
cast(const struct idl_expression *expression, struct idl_value value)
{
	const struct idl_builtin *builtin = expression->type->builtin;
	uint64_t mask;

	if (builtin == NULL || builtin->shape != IDL_SHAPE_INTEGER || builtin->pointers > 0 ||
	    expression->pointers > 0)
		return (struct idl_value){ .kind = IDL_VALUE_OPAQUE };
	mask = builtin->bits >= 64 ? UINT64_MAX : ((uint64_t)1 << builtin->bits) - 1;
	value.bits &= mask;
	value.is_unsigned = false;
	if (builtin->is_signed && (value.bits & (mask ^ (mask >> 1))) != 0)
		value.bits |= ~mask;
	else if (!builtin->is_signed)
		value.is_unsigned = value.bits > INT64_MAX;
	return value;
}

/* What the first operand leaves without effect, as in C: it must be right, not possible. */
static bool
is_skipped(const struct idl_expression *expression, guint operand, const struct idl_value *first)
{
	if (operand == 0 || first->kind != IDL_VALUE_INTEGER)
		return false;
	if (expression->kind == IDL_EXPRESSION_CONDITIONAL)
		return operand == (first->bits != 0 ? 2 : 1);
	return expression->kind == IDL_EXPRESSION_BINARY &&
	    ((expression->operation == IDL_AND && first->bits == 0) ||
		(expression->operation == IDL_OR && first->bits != 0));
}

static struct idl_value
operation(struct idl_unit *unit, const struct idl_expression *expression)
{
	struct idl_value values[3] = { { .kind = IDL_VALUE_INTEGER } };
	bool opaque = false;

	for (guint i = 0; i < G_N_ELEMENTS(values) && expression->operands[i] != NULL; i++) {
		bool skipped = is_skipped(expression, i, &values[0]);

		unit->skipped_operands += skipped;
		values[i] = idl_evaluate(unit, expression->operands[i]);
		unit->skipped_operands -= skipped;
		if (values[i].kind == IDL_VALUE_WRONG)
			return values[i];
		if (values[i].kind == IDL_VALUE_STRING) {
			idl_error(unit->diagnostics, &expression->operands[i]->place,
			    "string inside an expression, expected a number");
			return wrong();
		}
		opaque |= values[i].kind == IDL_VALUE_OPAQUE && !skipped;
	}
	if (opaque)
		return (struct idl_value){ .kind = IDL_VALUE_OPAQUE };
	switch (expression->kind) {
	case IDL_EXPRESSION_UNARY:
		return unary(unit, expression, values[0]);
	case IDL_EXPRESSION_BINARY:
		return binary(unit, expression, values[0], values[1]);
	case IDL_EXPRESSION_CONDITIONAL:
		return values[0].bits != 0 ? values[1] : values[2];
	case IDL_EXPRESSION_CAST:
		return cast(expression, values[0]);
	default:
		return values[0];
	}
}

/* "(A) - 1" where A is a type: the parser, which knows no names, took it for a difference. */
static bool
is_cast(const struct idl_unit *unit, const struct idl_expression *expression)
{
	const struct idl_expression *left = expression->operands[0];
	const struct idl_symbol *symbol;

	if (left->kind != IDL_EXPRESSION_PARENTHESES ||
	    left->operands[0]->kind != IDL_EXPRESSION_NAME)
		return false;
	symbol = idl_lookup(unit, left->operands[0]->text);
	return symbol != NULL && symbol->kind == IDL_SYMBOL_ALIAS;
}

struct idl_value
idl_evaluate(struct idl_unit *unit, const struct idl_expression *expression)
{
	switch (expression->kind) {
	case IDL_EXPRESSION_INTEGER:
		return literal(unit, expression);
	case IDL_EXPRESSION_CHARACTER:
		return character(unit, expression);
	case IDL_EXPRESSION_STRING:
		return (struct idl_value){ .kind = IDL_VALUE_STRING };
	case IDL_EXPRESSION_NAME:
		return name_value(unit, expression);
	case IDL_EXPRESSION_FLOAT:
		return (struct idl_value){ .kind = IDL_VALUE_OPAQUE };
	case IDL_EXPRESSION_SIZEOF:
		if (!idl_check_type_name(unit, expression->type))
			return wrong();
		return (struct idl_value){ .kind = IDL_VALUE_OPAQUE };
	case IDL_EXPRESSION_CAST:
		if (!idl_check_type_name(unit, expression->type))
			return wrong();
		return operation(unit, expression);
	case IDL_EXPRESSION_BINARY:
		if (is_cast(unit, expression))
			return (struct idl_value){ .kind = IDL_VALUE_OPAQUE };
		return operation(unit, expression);
	default:
		return operation(unit, expression);
	}
}

bool
idl_value_fits(const struct idl_value *value, unsigned bits, bool is_signed)
{
	int64_t number = (int64_t)value->bits;

	if (is_signed) {
		if (value->is_unsigned)
			return false;
		return bits >= 64 ||
		    (number >= -((int64_t)1 << (bits - 1)) && number < ((int64_t)1 << (bits - 1)));
	}
	if (!value->is_unsigned && number < 0)
		return false;
	return bits >= 64 || value->bits < ((uint64_t)1 << bits);
}
