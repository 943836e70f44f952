/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A caller may pass one buffer for what goes out and what comes back. Drivers are promised two, so
 * where the caller's overlap the input is copied first.
 */
#ifndef RM_API_INPUT_H
#define RM_API_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include <wtypes.h>

struct api_input {
	const uint8_t *data;
	size_t length;
	uint8_t *copy; /* NULL when the caller's own bytes are used */
};

/* SCARD_E_NO_MEMORY. @input is ready for api_input_done in any case. */
LONG api_input_begin(
    struct api_input *input, const void *data, size_t length, const void *output, size_t room);

/* Wipes and frees the copy: it may hold a PIN. */
void api_input_done(struct api_input *input);

#endif
