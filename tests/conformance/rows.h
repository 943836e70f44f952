/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of a conformance program: which function gave which code, and whose success had an
 * effect that was seen. names.sh compares them with what names.list asks for.
 */
#ifndef TESTS_CONFORMANCE_ROWS_H
#define TESTS_CONFORMANCE_ROWS_H

#include <stdbool.h>

#define ROWS_EFFECT "effect"

/*
 * Notes a row. Nothing is noted when @call is not of the API, but of a helper. One that failed once
 * does not hold any more. Any thread.
 * @call: as written in the source, or the function's name alone
 * @what: a code with what stands behind its name, or ROWS_EFFECT
 */
void rows_note(const char *call, const char *what, bool held);

/*
 * Writes those that hold to $TESSERA_BUILD/tests/rows/NAME.KIND, and last the line "passed" when
 * @status is 0. KIND: the resource manager, "embedded" or "scardd". Returns @status; 1: no file.
 */
int rows_end(const char *name, int status);

#endif
