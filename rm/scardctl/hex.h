/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes as hexadecimal text. */
#ifndef RM_SCARDCTL_HEX_H
#define RM_SCARDCTL_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Upper case, without spaces. (transfer full) */
char *hex_text(const uint8_t *data, size_t length);

/*
 * Bytes of two digits, with or without white space or colons between them. False: other characters,
 * an odd number of digits, no byte at all, or more than @size bytes.
 */
bool hex_parse(const char *text, uint8_t *data, size_t size, size_t *ret_length);

#endif
