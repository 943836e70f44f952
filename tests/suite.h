/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A test program: a table of CUnit tests, run in order, each reported as a TAP line that tests/run
 * counts. A failed assertion is reported with its place and text; the others still run.
 */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <CUnit/CUnit.h>
#include <stddef.h>

struct suite_test {
	const char *name;
	void (*run)(void);
};

/* Runs tests[0..count); returns the exit status for main: 0 when all passed, else 1. */
int suite_run(const char *name, const struct suite_test *tests, size_t count);

/* Skips the rest of the running test, with the reason; only where the machine cannot do it. */
void suite_skip(const char *reason);

/* Compares and reports both values on failure. */
#define SUITE_EQUAL_INT(actual, expected) \
	suite_equal_int(                  \
	    (long long)(actual), (long long)(expected), #actual, #expected, __FILE__, __LINE__)
#define SUITE_EQUAL_HEX(actual, expected)                                                      \
	suite_equal_hex((unsigned long long)(actual), (unsigned long long)(expected), #actual, \
	    #expected, __FILE__, __LINE__)
#define SUITE_EQUAL_STRING(actual, expected) \
	suite_equal_string((actual), (expected), #actual, __FILE__, __LINE__)
/* expected is hex text with or without spaces. */
#define SUITE_EQUAL_BYTES(actual, length, expected) \
	suite_equal_bytes((actual), (length), (expected), #actual, __FILE__, __LINE__)

int suite_equal_int(long long actual, long long expected, const char *actual_text,
    const char *expected_text, const char *file, unsigned line);
int suite_equal_hex(unsigned long long actual, unsigned long long expected, const char *actual_text,
    const char *expected_text, const char *file, unsigned line);
int suite_equal_string(
    const char *actual, const char *expected, const char *text, const char *file, unsigned line);
int suite_equal_bytes(const void *actual, size_t length, const char *expected, const char *text,
    const char *file, unsigned line);

#endif
