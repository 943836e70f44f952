/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages of every kind with different values in every field, and their reading back.
 */
#ifndef TESTS_UNIT_WIRE_SAMPLE_H
#define TESTS_UNIT_WIRE_SAMPLE_H

#include "rm/wire/wire.h"

#define SAMPLE_SIZE 4096u
#define SAMPLE_ENTRIES 2u /* of every list */
#define SAMPLE_SERIAL 0x11223344u

/* The fields of a row, one after another; lists SAMPLE_ENTRIES times. @absent: the fields that may
 * be absent are. */
void sample_put(struct wire_writer *writer, const char *types, bool absent);
/* Gets the same fields; whether all were read and have the values that sample_put gave. */
bool sample_get(struct wire_reader *reader, const char *types, bool absent);

/* A whole request, or reply of success. Returns its length. */
size_t sample_message(uint8_t data[SAMPLE_SIZE], const struct wire_info *info, bool is_reply);

/* The next row of the table after @number, 0 for the first; NULL at the end. */
const struct wire_info *sample_next(unsigned number);

/* Writes a message's length field. */
void sample_set_length(uint8_t *data, uint32_t length);

#endif
