/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that may hold a PIN: see secret_bytes.h. realloc is no use here, it may leave a copy. */
#include "providers/scardssp/secret_bytes.h"

#include <stdlib.h>
#include <string.h>

bool
secret_bytes_reserve(struct secret_bytes *bytes, size_t capacity)
{
	uint8_t *data;

	if (capacity <= bytes->capacity)
		return true;
	data = malloc(capacity);
	if (data == NULL)
		return false;
	if (bytes->size != 0)
		memcpy(data, bytes->data, bytes->size);
	if (bytes->data != NULL)
		explicit_bzero(bytes->data, bytes->capacity);
	free(bytes->data);
	bytes->data = data;
	bytes->capacity = capacity;
	return true;
}

void
secret_bytes_clear(struct secret_bytes *bytes)
{
	if (bytes->data != NULL)
		explicit_bzero(bytes->data, bytes->capacity);
	free(bytes->data);
	*bytes = (struct secret_bytes){ 0 };
}

void
secret_bytes_move(struct secret_bytes *to, struct secret_bytes *from)
{
	secret_bytes_clear(to);
	*to = *from;
	*from = (struct secret_bytes){ 0 };
}
