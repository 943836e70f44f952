/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table of calls that does nothing but note what it was given and answer what it was told: the
 * library above it, alone.
 */
#ifndef TESTS_UNIT_API_FAKE_H
#define TESTS_UNIT_API_FAKE_H

#include <stddef.h>
#include <stdint.h>

#include "rm/api/calls.h"

#define FAKE_CONTEXT ((SCARDCONTEXT)0x1111)
#define FAKE_CARD ((SCARDHANDLE)0x2222)

struct fake {
	/* The answer. */
	LONG code;
	const char *message;
	const char *list; /* of readers and groups, `list_length` bytes */
	size_t list_length;
	struct rm_calls_status status;
	const uint8_t *data; /* of transmit, control, get_attribute */
	size_t data_length;
	uint32_t protocol;
	struct rm_calls_state state; /* of each row of status_change */

	/* What was called last, and with what. */
	const char *call;
	ULONG_PTR handle;
	char text[512]; /* reader name, or the groups */
	size_t text_length;
	uint32_t a, b, c;
	uint8_t in[64];
	const void *in_address;
	size_t in_length;
	size_t room;
	size_t count;
	char names[8][128];
	uint32_t currents[8];
};

extern struct fake fake;
extern const struct rm_calls fake_calls;

/* Forgets everything and installs the table. */
void fake_reset(void);

#endif
