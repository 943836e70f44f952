/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The border between the caller's text and ours: A functions take UTF-8, W functions UTF-16, the
 * table of calls UTF-8. Failures are explained.
 */
#ifndef RM_API_TEXT_H
#define RM_API_TEXT_H

#include <stddef.h>

#include <winscard.h>

#include "rm/api/buffer.h"

#define API_NAME_SIZE 128u  /* longest reader name in bytes of UTF-8, with NUL */
#define API_LIST_MAX 65536u /* longest text from a caller, in its characters, with NULs */

enum api_form {
	API_FORM_A,
	API_FORM_W
};

/*
 * Checks a reader name, copies it to @ret_name.
 * @what: the name in messages
 * @name: LPCSTR or LPCWSTR, not NULL
 * SCARD_E_UNKNOWN_READER: too long to be the name of any; SCARD_E_INVALID_PARAMETER: not UTF-16.
 */
LONG api_name_read(const char *function, const char *what, enum api_form form, const void *name,
    char ret_name[API_NAME_SIZE]);

/*
 * The same for a text that is no reader's name: not empty, without control characters.
 * SCARD_E_INVALID_PARAMETER: it is not so, not UTF-8 or UTF-16, or @size bytes do not hold it.
 */
LONG api_text_read(const char *function, const char *what, enum api_form form, const void *text,
    char *ret_text, size_t size);

/*
 * Checks a text that must be there and gives it as UTF-8.
 * @what: the text in messages
 * @max: bytes of UTF-8 without the NUL, at most API_LIST_MAX
 * @too_long: the code for more
 * @ret_text: freed with g_free()
 * SCARD_E_INVALID_PARAMETER: NULL, empty, or neither UTF-8 nor UTF-16.
 */
LONG api_string_read(const char *function, const char *what, enum api_form form, const void *text,
    size_t max, LONG too_long, char **ret_text);

/*
 * Checks a multi-string and gives it as UTF-8. NULL stays NULL.
 * @ret_list: freed with g_free()
 * SCARD_E_INVALID_PARAMETER: no end within API_LIST_MAX, or not UTF-16.
 */
LONG api_list_read(const char *function, enum api_form form, const void *list, char **ret_list);

/*
 * Gives text of ours to the caller through the buffer protocol.
 * @list: multi-string of UTF-8, @length bytes with all NULs
 * @output: parameter, buffer and length; the rest is filled here
 * @ret_held: what the filled output refers to, freed with g_free() when the output was stored
 */
LONG api_list_prepare(const char *function, enum api_form form, const char *list, size_t length,
    struct api_output *output, void **ret_held);

/* The same for a single text of ours, with its NUL. */
LONG api_text_prepare(const char *function, enum api_form form, const char *text,
    struct api_output *output, void **ret_held);

/*
 * A single text of ours for an output that counts bytes: as UTF-16 with its NUL. @text: @length
 * bytes, with or without a NUL.
 */
LONG api_text_widen(const char *function, const char *text, size_t length,
    struct api_output *output, void **ret_held);

#endif
