/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A message field by field, as its row in messages.def says: for whoever looks at messages of all
 * kinds and understands none.
 */
#ifndef RM_WIRE_FIELDS_H
#define RM_WIRE_FIELDS_H

#include "rm/wire/wire.h"

struct wire_field {
	/* A letter of messages.def: u, q, b, s; or ( a list begins, comma one more entry of it
	 * begins, ) it ends. */
	char type;
	char mark;        /* of the name: #, @, or NUL */
	const char *name; /* u, q, b, s; not terminated */
	size_t name_length;
	uint64_t number;     /* u, q; of ( how many entries */
	const uint8_t *data; /* b, s; NULL: absent */
	uint32_t length;
};

typedef void (*wire_visit)(void *data, const struct wire_field *field);

/*
 * Calls @visit (may be NULL) for every field behind @header, which wire_open gave with @reader.
 * 0; -EBADMSG where the packet ends early or has what a field may not hold: the fields before that
 * have been visited.
 */
int wire_walk(
    struct wire_reader *reader, const struct wire_header *header, wire_visit visit, void *data);

#endif
