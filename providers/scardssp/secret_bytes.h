/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes that may hold a PIN: a growing block that leaves no copy behind when it moves or goes.
 */
#ifndef PROVIDERS_SCARDSSP_SECRET_BYTES_H
#define PROVIDERS_SCARDSSP_SECRET_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero: empty. */
struct secret_bytes {
	uint8_t *data;
	size_t size;
	size_t capacity;
};

/* Makes room for `capacity` bytes in all; the content stays. false: no memory, nothing changed. */
bool secret_bytes_reserve(struct secret_bytes *bytes, size_t capacity);

/* Wipes, frees, and leaves an empty one. */
void secret_bytes_clear(struct secret_bytes *bytes);

/* `to` takes over what `from` has, which is then empty; what `to` had is wiped. */
void secret_bytes_move(struct secret_bytes *to, struct secret_bytes *from);

#endif
