/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is text on the wire, for the side that writes and the side that reads alike.
 */
#ifndef RM_WIRE_TEXT_H
#define RM_WIRE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Whether @text[0..length) is valid UTF-8 without NUL and control characters. */
bool wire_is_text(const char *text, size_t length);
/* Writes @text so that it is text, at most @size bytes and without a NUL behind them; returns their
 * number. */
size_t wire_make_text(const char *text, char *made, size_t size);

#endif
