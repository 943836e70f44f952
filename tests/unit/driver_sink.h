/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The other side of the contract of reader drivers (scardreader.idl), for tests of drivers: a sink
 * that keeps what it is told, and the making of a driver by its name.
 */
#ifndef TESTS_UNIT_DRIVER_SINK_H
#define TESTS_UNIT_DRIVER_SINK_H

#include <scardreader.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sink_event {
	SINK_NOTHING, /* no such event */
	SINK_ARRIVED,
	SINK_GONE,
	SINK_INSERTED,
	SINK_REMOVED
};

/* (transfer full): an empty one. Exits when there is none to be had. */
ISCardReaderSink *sink_new(void);

/* From the count-th event on (from 0) the sink answers E_OUTOFMEMORY, once; the event is kept. */
void sink_fail_at(ISCardReaderSink *sink, size_t count);

/* Waits for that many events in all. False: they have not come within the tests' patience. */
bool sink_wait(ISCardReaderSink *sink, size_t count);

size_t sink_count(ISCardReaderSink *sink);

/* Event number i. @ret_reader: may be NULL; belongs to the sink. */
enum sink_event sink_event(ISCardReaderSink *sink, size_t i, ISCardReader **ret_reader);

/* (transfer full): a new driver by its short name, through the class registry. Exits on failure. */
ISCardReaderDriver *driver_new(const char *name);

/* Milliseconds from now as a driver's deadline. */
uint64_t driver_deadline(unsigned from_now_ms);

/* No object made with the class helper is left; those that are, are named. */
void driver_check_no_objects(void);

/* The thread's error object holds exactly this text. */
void driver_check_text(const char *expected);

#endif
