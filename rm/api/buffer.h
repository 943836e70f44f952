/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The buffer protocol of the API: a pair of a buffer and a pointer to its length, which can ask for
 * the length, receive data, or receive a block (SCARD_AUTOALLOCATE).
 */
#ifndef RM_API_BUFFER_H
#define RM_API_BUFFER_H

#include <stddef.h>

#include <winscard.h>

/* One pair of the caller's, and what it should receive. */
struct api_output {
	const char *parameter; /* name of the buffer, for messages */
	void *buffer;
	LPDWORD length;   /* NULL: the caller does not want this one */
	const void *data; /* `count` units */
	size_t count;
	size_t unit; /* bytes of what `length` counts */
};

/*
 * Stores all of @outputs or none; blocks belong to @context. With SCARD_E_INSUFFICIENT_BUFFER all
 * lengths become those needed, except where a block was asked for.
 * SCARD_E_INVALID_PARAMETER: a block was asked for and the buffer is NULL; SCARD_E_NO_MEMORY;
 * ERROR_INVALID_HANDLE: the context has ended. Failures are explained.
 */
LONG api_outputs_store(const char *function, SCARDCONTEXT context, const struct api_output *outputs,
    size_t output_count);

/* The same for a call on a card handle: blocks belong to the handle's context. */
LONG api_outputs_store_for_card(
    const char *function, SCARDHANDLE card, const struct api_output *outputs, size_t output_count);

#endif
