/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/wire_sample.h"

#include <stdio.h>
#include <string.h>

#include "tests/suite.h"

struct sample {
	struct wire_writer *writer; /* NULL: reading */
	struct wire_reader *reader;
	unsigned fields; /* so far; every value comes from it */
	bool absent, same;
};

static void
number(struct sample *sample, bool is_64)
{
	uint64_t value = is_64 ? 0x8070605040302000u : 0x90807000u;

	value += ++sample->fields;
	if (sample->writer != NULL && is_64)
		wire_put_u64(sample->writer, value);
	else if (sample->writer != NULL)
		wire_put_u32(sample->writer, (uint32_t)value);
	else if (is_64)
		sample->same = wire_get_u64(sample->reader) == value && sample->same;
	else
		sample->same = wire_get_u32(sample->reader) == (uint32_t)value && sample->same;
}

static void
bytes(struct sample *sample)
{
	uint8_t value[] = { 0x00, 0xFF, 0x80, (uint8_t)++sample->fields };
	const uint8_t *data;
	uint32_t length;

	if (sample->writer != NULL) {
		wire_put_bytes(sample->writer, value, sizeof value);
		return;
	}
	wire_get_bytes(sample->reader, &data, &length);
	sample->same = sample->same && length == sizeof value && memcmp(data, value, length) == 0;
}

static void
optional_bytes(struct sample *sample)
{
	static const uint8_t value[] = { 0x41, 0x00, 0x00 };
	const uint8_t *data;
	uint32_t length;

	sample->fields++;
	if (sample->writer != NULL && sample->absent) {
		wire_put_bytes(sample->writer, NULL, WIRE_ABSENT);
		return;
	}
	if (sample->writer != NULL) {
		wire_put_bytes(sample->writer, value, sizeof value);
		return;
	}
	wire_get_optional_bytes(sample->reader, &data, &length);
	if (sample->absent)
		sample->same = sample->same && data == NULL && length == WIRE_ABSENT;
	else
		sample->same =
		    sample->same && length == sizeof value && memcmp(data, value, length) == 0;
}

static void
text(struct sample *sample)
{
	char value[32], read[32];

	snprintf(value, sizeof value, "Zweifürst €%u", ++sample->fields);
	if (sample->writer != NULL) {
		wire_put_text(sample->writer, value);
		return;
	}
	wire_get_text(sample->reader, read, sizeof read);
	sample->same = sample->same && strcmp(read, value) == 0;
}

static void
fields(struct sample *sample, const char *types, const char *end)
{
	for (const char *t = types; t < end; t++) {
		const char *list_end;

		switch (*t) {
		case 'u':
		case 'q':
			number(sample, *t == 'q');
			break;
		case 'b':
			bytes(sample);
			break;
		case 's':
			text(sample);
			break;
		case '?':
			CU_ASSERT_EQUAL_FATAL(*++t, 'b');
			optional_bytes(sample);
			break;
		case '(':
			list_end = strchr(t, ')');
			CU_ASSERT_PTR_NOT_NULL_FATAL(list_end);
			if (sample->writer != NULL)
				wire_put_u32(sample->writer, SAMPLE_ENTRIES);
			else
				sample->same = wire_get_count(sample->reader) == SAMPLE_ENTRIES &&
				    sample->same;
			for (unsigned i = 0; i < SAMPLE_ENTRIES; i++)
				fields(sample, t + 1, list_end);
			t = list_end;
			break;
		default:
			CU_FAIL_FATAL("a letter that messages.def does not know");
		}
	}
}

void
sample_put(struct wire_writer *writer, const char *types, bool absent)
{
	struct sample sample = { .writer = writer, .absent = absent };

	fields(&sample, types, types + strlen(types));
}

bool
sample_get(struct wire_reader *reader, const char *types, bool absent)
{
	struct sample sample = { .reader = reader, .absent = absent, .same = true };

	fields(&sample, types, types + strlen(types));
	return sample.same && wire_done(reader) == 0;
}

size_t
sample_message(uint8_t data[SAMPLE_SIZE], const struct wire_info *info, bool is_reply)
{
	struct wire_writer writer;
	ssize_t length;

	if (is_reply)
		wire_begin_reply(&writer, data, SAMPLE_SIZE, info->number, SAMPLE_SERIAL, 0, 0);
	else
		wire_begin_request(&writer, data, SAMPLE_SIZE, info->number, SAMPLE_SERIAL);
	sample_put(&writer, is_reply ? info->reply : info->request, false);
	length = wire_finish(&writer);
	CU_ASSERT_FATAL(length > 0);
	return (size_t)length;
}

const struct wire_info *
sample_next(unsigned after)
{
	for (unsigned i = after + 1; i <= UINT16_MAX; i++)
		if (wire_info((uint16_t)i) != NULL)
			return wire_info((uint16_t)i);
	return NULL;
}

void
sample_set_length(uint8_t *data, uint32_t length)
{
	for (unsigned i = 0; i < 4; i++)
		data[i] = (uint8_t)(length >> 8 * i);
}
