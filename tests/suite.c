/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reporting half of the unit tests: CUnit runs them, this prints what tests/run counts.
 */
#include "tests/suite.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int number;
static const char *skipped;

static void
report(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failures)
{
	number++;
	if (failures != NULL)
		printf("not ok %d - %s: %s\n", number, suite->pName, test->pName);
	else if (skipped != NULL)
		printf("ok %d - %s: %s # SKIP %s\n", number, suite->pName, test->pName, skipped);
	else
		printf("ok %d - %s: %s\n", number, suite->pName, test->pName);
	for (CU_pFailureRecord f = failures; f != NULL && f->pSuite == suite && f->pTest == test;
	     f = f->pNext)
		printf("#   %s:%u: %s\n", f->strFileName, f->uiLineNumber, f->strCondition);
	fflush(stdout);
	skipped = NULL;
}

void
suite_skip(const char *reason)
{
	skipped = reason;
}

int
suite_run(const char *name, const struct suite_test *tests, size_t count)
{
	CU_pSuite suite;
	unsigned failed;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (CU_initialize_registry() != CUE_SUCCESS ||
	    (suite = CU_add_suite(name, NULL, NULL)) == NULL) {
		fprintf(stderr, "%s: CUnit: %s\n", name, CU_get_error_msg());
		return 1;
	}
	for (size_t i = 0; i < count; i++)
		if (CU_add_test(suite, tests[i].name, tests[i].run) == NULL) {
			fprintf(stderr, "%s: CUnit: %s\n", name, CU_get_error_msg());
			return 1;
		}
	CU_set_test_complete_handler(report);
	CU_run_all_tests();
	failed = CU_get_number_of_tests_failed();
	CU_cleanup_registry();
	printf("1..%d\n", number);
	return failed != 0;
}

static int
verdict(int pass, const char *message, const char *file, unsigned line)
{
	CU_assertImplementation(pass, line, message, file, "", CU_FALSE);
	return pass;
}

int
suite_equal_int(long long actual, long long expected, const char *actual_text,
    const char *expected_text, const char *file, unsigned line)
{
	char message[512];

	snprintf(message, sizeof message, "%s is %lld, expected %s = %lld", actual_text, actual,
	    expected_text, expected);
	return verdict(actual == expected, message, file, line);
}

int
suite_equal_hex(unsigned long long actual, unsigned long long expected, const char *actual_text,
    const char *expected_text, const char *file, unsigned line)
{
	char message[512];

	snprintf(message, sizeof message, "%s is 0x%llX, expected %s = 0x%llX", actual_text, actual,
	    expected_text, expected);
	return verdict(actual == expected, message, file, line);
}

int
suite_equal_string(
    const char *actual, const char *expected, const char *text, const char *file, unsigned line)
{
	char message[1024];
	int pass =
	    actual != NULL && expected != NULL ? strcmp(actual, expected) == 0 : actual == expected;

	snprintf(message, sizeof message, "%s is \"%s\", expected \"%s\"", text,
	    actual != NULL ? actual : "(null)", expected != NULL ? expected : "(null)");
	return verdict(pass, message, file, line);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
suite_equal_bytes(const void *actual, size_t length, const char *expected, const char *text,
    const char *file, unsigned line)
{
	const uint8_t *bytes = actual;
	char message[1024];
	size_t used, n = 0;
	int pass = 1;

	for (const char *p = expected; *p != '\0';) {
		if (*p == ' ') {
			p++;
			continue;
		}
		if (hex_digit(p[0]) < 0 || hex_digit(p[1]) < 0 || n >= length ||
		    bytes[n] != (uint8_t)(hex_digit(p[0]) << 4 | hex_digit(p[1]))) {
			pass = 0;
			break;
		}
		n++;
		p += 2;
	}
	if (n != length)
		pass = 0;
	used = (size_t)snprintf(message, sizeof message, "%s is", text);
	for (size_t i = 0; i < length && used + 4 < 480; i++)
		used += (size_t)snprintf(message + used, sizeof message - used, " %02X", bytes[i]);
	snprintf(message + used, sizeof message - used, ", expected %.400s", expected);
	return verdict(pass, message, file, line);
}
