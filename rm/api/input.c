/* SPDX-License-Identifier: BSD-2-Clause */
/* The copy is made only for buffers that overlap: elsewhere an exchange allocates nothing. */
#include "rm/api/input.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <scarderr.h>

static bool
overlap(const void *a, size_t a_length, const void *b, size_t b_length)
{
	uintptr_t x = (uintptr_t)a, y = (uintptr_t)b;

	if (a == NULL || b == NULL)
		return false;
	return x < y ? y - x < a_length : x - y < b_length;
}

LONG
api_input_begin(
    struct api_input *input, const void *data, size_t length, const void *output, size_t room)
{
	*input = (struct api_input){ .data = data, .length = length };
	if (length == 0 || room == 0 || !overlap(data, length, output, room))
		return SCARD_S_SUCCESS;
	if ((input->copy = malloc(length)) == NULL)
		return SCARD_E_NO_MEMORY;
	memcpy(input->copy, data, length);
	input->data = input->copy;
	return SCARD_S_SUCCESS;
}

void
api_input_done(struct api_input *input)
{
	if (input->copy == NULL)
		return;
	explicit_bzero(input->copy, input->length);
	free(input->copy);
	input->copy = NULL;
}
