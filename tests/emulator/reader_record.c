/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a client did with the reader, in order, and waiting until it did.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/emulator/reader_state.h"

#define PATIENCE_SECONDS 10

void
emu_record_init(struct emu_record *record)
{
	pthread_condattr_t attributes;

	pthread_mutex_init(&record->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&record->changed, &attributes);
	pthread_condattr_destroy(&attributes);
}

void
emu_record_done(struct emu_record *record)
{
	free(record->messages);
	free(record->steps);
	pthread_cond_destroy(&record->changed);
	pthread_mutex_destroy(&record->lock);
}

/* Room for one more element. */
static void *
grow(void *array, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return array;
	*room = *room * 2 + 64;
	array = realloc(array, *room * size);
	if (array == NULL)
		abort();
	return array;
}

void
emu_record_message(struct emu_record *record, const uint8_t *bytes, size_t length)
{
	pthread_mutex_lock(&record->lock);
	record->messages = grow(record->messages, record->message_count, &record->message_room,
	    sizeof record->messages[0]);
	record->messages[record->message_count].length = length;
	memcpy(record->messages[record->message_count].head, bytes,
	    length < sizeof record->messages[0].head ? length : sizeof record->messages[0].head);
	record->message_count++;
	pthread_cond_broadcast(&record->changed);
	pthread_mutex_unlock(&record->lock);
}

void
emu_record_step(struct emu_record *record, enum vusb_step step, uint8_t endpoint)
{
	pthread_mutex_lock(&record->lock);
	record->steps =
	    grow(record->steps, record->step_count, &record->step_room, sizeof record->steps[0]);
	record->steps[record->step_count].step = (uint8_t)step;
	record->steps[record->step_count].endpoint = endpoint;
	record->step_count++;
	pthread_cond_broadcast(&record->changed);
	pthread_mutex_unlock(&record->lock);
}

void
emu_record_control(struct emu_record *record, const uint8_t setup[8])
{
	pthread_mutex_lock(&record->lock);
	memcpy(record->control, setup, sizeof record->control);
	record->control_count++;
	pthread_cond_broadcast(&record->changed);
	pthread_mutex_unlock(&record->lock);
}

void
emu_record_late(struct emu_record *record, int change)
{
	pthread_mutex_lock(&record->lock);
	record->late_count = (size_t)((ptrdiff_t)record->late_count + change);
	pthread_cond_broadcast(&record->changed);
	pthread_mutex_unlock(&record->lock);
}

static size_t
read_count(struct emu_record *record, const size_t *count)
{
	size_t value;

	pthread_mutex_lock(&record->lock);
	value = *count;
	pthread_mutex_unlock(&record->lock);
	return value;
}

size_t
emu_reader_steps(struct emu_reader *reader)
{
	return read_count(&reader->record, &reader->record.step_count);
}

size_t
emu_reader_messages(struct emu_reader *reader)
{
	return read_count(&reader->record, &reader->record.message_count);
}

enum vusb_step
emu_reader_step(struct emu_reader *reader, size_t number, uint8_t *ret_endpoint)
{
	struct emu_record *record = &reader->record;
	enum vusb_step step = VUSB_STEP_CLOSE;

	pthread_mutex_lock(&record->lock);
	*ret_endpoint = 0;
	if (number < record->step_count) {
		step = record->steps[number].step;
		*ret_endpoint = record->steps[number].endpoint;
	}
	pthread_mutex_unlock(&record->lock);
	return step;
}

size_t
emu_reader_count(struct emu_reader *reader, uint8_t type)
{
	struct emu_record *record = &reader->record;
	size_t count = 0;

	pthread_mutex_lock(&record->lock);
	for (size_t i = 0; i < record->message_count; i++)
		count += record->messages[i].length > 0 && record->messages[i].head[0] == type;
	pthread_mutex_unlock(&record->lock);
	return count;
}

size_t
emu_reader_message(struct emu_reader *reader, size_t i, uint8_t *bytes, size_t room)
{
	struct emu_record *record = &reader->record;
	size_t length = 0;

	pthread_mutex_lock(&record->lock);
	memset(bytes, 0, room);
	if (i < record->message_count) {
		length = record->messages[i].length;
		if (room > sizeof record->messages[i].head)
			room = sizeof record->messages[i].head;
		memcpy(bytes, record->messages[i].head, length < room ? length : room);
	}
	pthread_mutex_unlock(&record->lock);
	return length;
}

size_t
emu_reader_controls(struct emu_reader *reader, uint8_t last[8])
{
	struct emu_record *record = &reader->record;
	size_t count;

	pthread_mutex_lock(&record->lock);
	count = record->control_count;
	memcpy(last, record->control, sizeof record->control);
	pthread_mutex_unlock(&record->lock);
	return count;
}

static bool
wait_for(struct emu_record *record, const size_t *count, size_t wanted)
{
	struct timespec end;
	bool reached;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += PATIENCE_SECONDS;
	pthread_mutex_lock(&record->lock);
	while (
	    *count < wanted && pthread_cond_timedwait(&record->changed, &record->lock, &end) == 0)
		;
	reached = *count >= wanted;
	pthread_mutex_unlock(&record->lock);
	return reached;
}

bool
emu_reader_wait_messages(struct emu_reader *reader, size_t count)
{
	return wait_for(&reader->record, &reader->record.message_count, count);
}

bool
emu_reader_wait_late(struct emu_reader *reader, size_t count)
{
	return wait_for(&reader->record, &reader->record.late_count, count);
}

bool
emu_reader_wait_steps(struct emu_reader *reader, size_t count)
{
	return wait_for(&reader->record, &reader->record.step_count, count);
}
