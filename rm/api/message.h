/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The explanation of a thread's last failure, which tessera_scard_message() gives to the caller.
 * Every function of the API begins with api_message_clear and ends with api_result or api_fail.
 */
#ifndef RM_API_MESSAGE_H
#define RM_API_MESSAGE_H

#include <wtypes.h>

/* Empties the calling thread's buffer (RM_CALLS_MESSAGE_SIZE bytes) and returns it. */
char *api_message_clear(void);

/* The buffer as it is. */
char *api_message(void);

/* Writes the explanation, as valid UTF-8. No argument may lie in the buffer. */
void api_explain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, as an expression whose value is the code. */
#define api_fail(code, ...) (api_explain(__VA_ARGS__), (code))

/*
 * Returns @code. A success leaves no message; a failure that nobody explained gets the general text
 * of its code, so that a failed call always has one.
 */
LONG api_result(const char *function, LONG code);

#endif
