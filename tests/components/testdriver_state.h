/* SPDX-License-Identifier: BSD-2-Clause */
/* What the driver and its control share: the readers, and what is to happen to their calls. */
#ifndef TESTS_COMPONENTS_TESTDRIVER_STATE_H
#define TESTS_COMPONENTS_TESTDRIVER_STATE_H

#define COBJMACROS

#include <pthread.h>
#include <stdbool.h>

#include <scarderr.h>
#include <scardreader.h>
#include <tessera_class.h>
#include <winsmcrd.h>

#include "testdriver.h"

#define TESTDRIVER_READERS_MAX 64u
#define TESTDRIVER_REPLY_MAX 65544u

/* A reader object; its fields are guarded by test_driver.lock. */
struct test_reader {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReader) reader;
	ULONG number;
	ULONG group, flags;
	char name[SCARDREADER_NAME_SIZE];
	bool gone, broken;
	bool present, powered;
	BYTE atr[SCARDREADER_ATR_MAX];
	ULONG atr_length; /* 0: the card is mute */
	ULONG protocols, active;
	BYTE *reply;
	ULONG reply_length;
	bool armed, stubborn;
	TESTDRIVER_CALL armed_call;
	bool in_call, blocked, cancelled;
};

/* The module's state. `announcing` is held from a movement until it has been announced, so that
 * movements are announced in order; taken before `lock`, under which no foreign code is called. */
struct test_driver_state {
	pthread_mutex_t announcing;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* CLOCK_MONOTONIC */
	ISCardReaderSink *sink; /* between Start and Stop */
	ISCardReader *readers[TESTDRIVER_READERS_MAX];
	ULONG reader_count; /* numbers given so far */
	TESTDRIVER_RECORD *records;
	ULONG record_count, record_room;
	ULONG exchanges, overlaps;
	ULONG fail_number;
	HRESULT fail_result;
};
extern struct test_driver_state test_driver;

extern const struct tessera_class test_driver_class, test_reader_class, test_control_class;

struct test_reader *test_reader_of(ISCardReader *reader);

/* With the lock: adds to the record. */
void test_driver_record(ULONG reader, TESTDRIVER_CALL call, ULONG argument, HRESULT result);
/* With the lock: waits for a change; false: the deadline (0: none) has passed. */
bool test_driver_wait(ULONGLONG deadline);

/*
 * testdriver_steer.c: takes orders on a socket at @path from Start to Stop. The end waits for the
 * order that is being obeyed, so no lock may be held; without a begin it does nothing.
 */
HRESULT test_driver_steer_begin(const char *path);
void test_driver_steer_end(void);

#endif
