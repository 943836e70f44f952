/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks every pair first, then allocates, then writes: a call with several pairs changes all of
 * them or none.
 */
#include "rm/api/buffer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <winerror.h>

#include "rm/api/memory.h"
#include "rm/api/message.h"

#define OUTPUTS_MAX 2u /* pairs of one call: SCardStatus has two */

static LONG
check(const char *function, const struct api_output *output)
{
	if (output->length == NULL)
		return SCARD_S_SUCCESS;
	if (output->count > UINT32_MAX - 1)
		return api_fail(SCARD_F_INTERNAL_ERROR,
		    "%s: %s would be longer than a DWORD can count", function, output->parameter);
	if (*output->length == SCARD_AUTOALLOCATE) {
		if (output->buffer == NULL)
			return api_fail(SCARD_E_INVALID_PARAMETER,
			    "%s: the length is SCARD_AUTOALLOCATE and %s is NULL: pass the address "
			    "of a pointer",
			    function, output->parameter);
	} else if (output->buffer != NULL && *output->length < output->count) {
		return api_fail(SCARD_E_INSUFFICIENT_BUFFER,
		    "%s: %s has room for %u, %zu are needed", function, output->parameter,
		    (unsigned)*output->length, output->count);
	}
	return SCARD_S_SUCCESS;
}

static void
tell_lengths(const struct api_output *outputs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (outputs[i].length != NULL && *outputs[i].length != SCARD_AUTOALLOCATE)
			*outputs[i].length = (DWORD)outputs[i].count;
}

static bool
wants_block(const struct api_output *output)
{
	return output->length != NULL && *output->length == SCARD_AUTOALLOCATE;
}

/* Makes the blocks that are asked for, with their contents. */
static LONG
make_blocks(const struct api_output *outputs, size_t count, void **blocks)
{
	for (size_t i = 0; i < count; i++) {
		size_t size = outputs[i].count * outputs[i].unit;

		if (!wants_block(&outputs[i]))
			continue;
		if ((blocks[i] = malloc(size > 0 ? size : 1)) == NULL)
			return SCARD_E_NO_MEMORY;
		if (size > 0)
			memcpy(blocks[i], outputs[i].data, size);
	}
	return SCARD_S_SUCCESS;
}

/*
 * Gives the blocks to their context. Only finished ones: from here on the context may be released
 * by another thread, and they with it.
 */
static LONG
give_blocks(const char *function, SCARDCONTEXT context, size_t count, void **blocks)
{
	for (size_t i = 0; i < count; i++) {
		if (blocks[i] == NULL || api_block_add(context, blocks[i]))
			continue;
		/* Those given before went with the context. */
		while (i-- > 0)
			blocks[i] = NULL;
		return api_fail(
		    ERROR_INVALID_HANDLE, "%s: the context was released meanwhile", function);
	}
	return SCARD_S_SUCCESS;
}

static void
store(const struct api_output *output, const void *block)
{
	if (output->length == NULL)
		return;
	if (block != NULL)
		memcpy(output->buffer, &block,
		    sizeof block); /* the caller's pointer may lie anywhere */
	else if (output->buffer != NULL && output->count > 0)
		memcpy(output->buffer, output->data, output->count * output->unit);
	*output->length = (DWORD)output->count;
}

LONG
api_outputs_store(const char *function, SCARDCONTEXT context, const struct api_output *outputs,
    size_t output_count)
{
	void *blocks[OUTPUTS_MAX] = { NULL, NULL };
	LONG code = SCARD_S_SUCCESS;

	if (output_count > OUTPUTS_MAX)
		return SCARD_F_INTERNAL_ERROR;
	for (size_t i = 0; i < output_count && code == SCARD_S_SUCCESS; i++)
		code = check(function, &outputs[i]);
	if (code == SCARD_E_INSUFFICIENT_BUFFER)
		tell_lengths(outputs, output_count);
	if (code == SCARD_S_SUCCESS)
		code = make_blocks(outputs, output_count, blocks);
	if (code == SCARD_S_SUCCESS)
		code = give_blocks(function, context, output_count, blocks);
	for (size_t i = 0; i < output_count; i++)
		if (code == SCARD_S_SUCCESS)
			store(&outputs[i], blocks[i]);
		else
			free(blocks[i]);
	return code;
}

LONG
api_outputs_store_for_card(
    const char *function, SCARDHANDLE card, const struct api_output *outputs, size_t output_count)
{
	SCARDCONTEXT context;

	if (!api_card_context(card, &context))
		return api_fail(ERROR_INVALID_HANDLE,
		    "%s: card handle 0x%zX was disconnected meanwhile", function, (size_t)card);
	return api_outputs_store(function, context, outputs, output_count);
}
