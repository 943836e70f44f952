/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The service providers from eight threads at once: objects of their own, clones of one buffer, one
 * buffer as everybody's input, one connection, and many on one card. For the thread sanitizer too.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "tests/unit/scardssp_fixture.h"

#define THREADS 8u
#define ROUNDS 50u

static OLECHAR reader[] = u"Tessera Soft Card";
static pthread_barrier_t start;

struct job {
	pthread_t thread;
	unsigned number;
	void (*run)(struct job *job);
	unsigned failures;
};

/* CUnit is not for threads: a job counts, the test asserts. */
#define MUST(condition) ((condition) ? (void)0 : (void)job->failures++)

static void *
begin(void *data)
{
	struct job *job = data;

	pthread_barrier_wait(&start);
	job->run(job);
	return NULL;
}

static void
run_all(void (*run)(struct job *job))
{
	struct job jobs[THREADS];

	for (unsigned i = 0; i < THREADS; i++) {
		jobs[i] = (struct job){ .number = i, .run = run };
		if (pthread_create(&jobs[i].thread, NULL, begin, &jobs[i]) != 0)
			CU_FAIL_FATAL("no thread");
	}
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(jobs[i].thread, NULL);
		SUITE_EQUAL_INT(jobs[i].failures, 0);
	}
}

/* Everything a thread may own: made, used, released, with an error text of its own in between. */
static void
own_objects_job(struct job *job)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		ISCardISO7816 *iso = NEW_ISO();
		ISCardTypeConv *conv = NEW_CONV();
		IByteBuffer *data = NULL, *apdu = NULL;
		ISCardCmd *cmd = NULL;
		BYTE bytes[8] = { 0 }, got[16], none;
		LONG count = 0;
		char *text;

		bytes[0] = (BYTE)job->number;
		bytes[1] = (BYTE)round;
		MUST(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, bytes, 8, &data) == S_OK);
		MUST(ISCardISO7816_UpdateBinary(iso, 1, 2, data, &cmd) == S_OK);
		MUST(ISCardCmd_get_AlternateClassId(cmd, &none) == E_ACCESSDENIED);
		text = tessera_error_text();
		MUST(text != NULL && strstr(text, "get_AlternateClassId") != NULL);
		CoTaskMemFree(text);
		MUST(ISCardCmd_get_Apdu(cmd, &apdu) == S_OK);
		MUST(IByteBuffer_Read(apdu, got, sizeof got, &count) == S_OK && count == 13);
		MUST(memcmp(got + 5, bytes, 8) == 0);
		IByteBuffer_Release(apdu);
		IByteBuffer_Release(data);
		ISCardCmd_Release(cmd);
		ISCardTypeConv_Release(conv);
		ISCardISO7816_Release(iso);
	}
}

static void
own_objects(void)
{
	run_all(own_objects_job);
}

static IByteBuffer *shared_buffer;

/* Each writes its own stripe of one store through a clone, under a lock, and reads it back. */
static void
clones_job(struct job *job)
{
	LONG place = (LONG)job->number * 16;
	IByteBuffer *clone = NULL;

	MUST(IByteBuffer_Clone(shared_buffer, &clone) == S_OK);
	for (unsigned round = 0; round < ROUNDS; round++) {
		BYTE bytes[16], got[16];
		LONG count = 0;

		memset(bytes, (int)(job->number * ROUNDS + round), sizeof bytes);
		MUST(IByteBuffer_LockRegion(clone, place, 16, LOCK_EXCLUSIVE) == S_OK);
		MUST(IByteBuffer_Seek(clone, place, STREAM_SEEK_SET, NULL) == S_OK);
		MUST(IByteBuffer_Write(clone, bytes, 16, &count) == S_OK && count == 16);
		MUST(IByteBuffer_Seek(clone, place, STREAM_SEEK_SET, NULL) == S_OK);
		MUST(IByteBuffer_Read(clone, got, 16, &count) == S_OK && count == 16);
		MUST(memcmp(bytes, got, 16) == 0);
		MUST(IByteBuffer_UnlockRegion(clone, place, 16, LOCK_EXCLUSIVE) == S_OK);
	}
	IByteBuffer_Release(clone);
}

static void
clones(void)
{
	shared_buffer = ssp_buffer_of(THREADS * 16);
	run_all(clones_job);
	SUITE_EQUAL_INT(ssp_size(shared_buffer), THREADS * 16);
	SUITE_EQUAL_INT(IByteBuffer_Release(shared_buffer), 0);
}

static atomic_uint granted;

/* A lock that many want: who gets it counts, alone; who does not goes on. */
static void
one_lock_job(struct job *job)
{
	IByteBuffer *clone = NULL;

	MUST(IByteBuffer_Clone(shared_buffer, &clone) == S_OK);
	for (unsigned round = 0; round < ROUNDS; round++) {
		HRESULT hr = IByteBuffer_LockRegion(clone, 0, 1, LOCK_EXCLUSIVE);
		BYTE count = 0;

		MUST(hr == S_OK || hr == STG_E_LOCKVIOLATION);
		if (hr != S_OK)
			continue;
		atomic_fetch_add(&granted, 1);
		MUST(IByteBuffer_Seek(clone, 0, STREAM_SEEK_SET, NULL) == S_OK);
		MUST(IByteBuffer_Read(clone, &count, 1, NULL) == S_OK);
		count++;
		MUST(IByteBuffer_Seek(clone, 0, STREAM_SEEK_SET, NULL) == S_OK);
		MUST(IByteBuffer_Write(clone, &count, 1, NULL) == S_OK);
		MUST(IByteBuffer_UnlockRegion(clone, 0, 1, LOCK_EXCLUSIVE) == S_OK);
	}
	IByteBuffer_Release(clone);
}

static void
one_lock(void)
{
	BYTE count = 0;

	shared_buffer = ssp_buffer("00");
	run_all(one_lock_job);
	OK(IByteBuffer_Read(shared_buffer, &count, 1, NULL));
	CU_ASSERT(atomic_load(&granted) > 0);
	SUITE_EQUAL_INT(count, atomic_load(&granted) & 0xFF);
	IByteBuffer_Release(shared_buffer);
}

/* One buffer as the data of everybody's commands. */
static void
input_job(struct job *job)
{
	ISCardISO7816 *iso = NEW_ISO();
	ISCardCmd *cmd = NULL;

	for (unsigned round = 0; round < ROUNDS; round++) {
		LONG length = 0;

		MUST(ISCardISO7816_UpdateBinary(iso, 0, 0, shared_buffer, &cmd) == S_OK);
		MUST(ISCardCmd_get_ApduLength(cmd, &length) == S_OK && length == 205);
	}
	ISCardCmd_Release(cmd);
	ISCardISO7816_Release(iso);
}

static void
one_input(void)
{
	shared_buffer = ssp_buffer_of(200);
	OK(IByteBuffer_Seek(shared_buffer, 77, STREAM_SEEK_SET, NULL));
	run_all(input_job);
	SUITE_EQUAL_INT(ssp_position(shared_buffer), 77);
	SUITE_EQUAL_INT(IByteBuffer_Release(shared_buffer), 0);
}

static ISCard *shared_card;

static void
challenges(struct job *job, ISCard *card, unsigned rounds)
{
	ISCardISO7816 *iso = NEW_ISO();
	ISCardCmd *cmd = NULL;

	for (unsigned round = 0; round < rounds; round++) {
		LONG wanted = (LONG)(job->number + 1), length = 0;
		SCARD_STATES state;
		WORD status = 0;

		MUST(ISCardISO7816_GetChallenge(iso, wanted, &cmd) == S_OK);
		MUST(ISCard_Transaction(card, &cmd) == S_OK);
		MUST(ISCardCmd_get_ReplyStatus(cmd, &status) == S_OK && status == 0x9000);
		MUST(ISCardCmd_get_ApduReplyLength(cmd, &length) == S_OK && length == wanted + 2);
		MUST(ISCard_get_Status(card, &state) == S_OK && state == SPECIFICMODE);
	}
	ISCardCmd_Release(cmd);
	ISCardISO7816_Release(iso);
}

static void
one_connection_job(struct job *job)
{
	challenges(job, shared_card, ROUNDS);
}

static void
one_connection(void)
{
	static const SCARD_PROTOCOLS protocols[] = { T1, T0 };

	for (size_t i = 0; i < SSP_COUNT(protocols); i++) {
		shared_card = NEW_CARD();
		OK(ISCard_AttachByReader(shared_card, reader, SHARED, protocols[i]));
		run_all(one_connection_job);
		OK(ISCard_Detach(shared_card, RESET));
		SUITE_EQUAL_INT(ISCard_Release(shared_card), 0);
	}
}

/* Eight connections to one card, each locking it for a while. */
static void
own_connection_job(struct job *job)
{
	for (unsigned round = 0; round < ROUNDS / 10; round++) {
		ISCard *card = NEW_CARD();

		MUST(ISCard_AttachByReader(card, reader, SHARED, T1) == S_OK);
		MUST(ISCard_LockSCard(card) == S_OK);
		challenges(job, card, 3);
		MUST(ISCard_UnlockSCard(card, LEAVE) == S_OK);
		challenges(job, card, 2);
		if (round % 2 == 0)
			MUST(ISCard_Detach(card, LEAVE) == S_OK);
		ISCard_Release(card);
	}
}

static void
own_connections(void)
{
	run_all(own_connection_job);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "objects of their own", own_objects },
		{ "clones of one buffer", clones },
		{ "one lock that all want", one_lock },
		{ "one buffer as everybody's input", one_input },
		{ "one connection", one_connection },
		{ "connections of their own", own_connections },
	};

	pthread_barrier_init(&start, NULL, THREADS);
	return ssp_run("scardssp threads", tests, SSP_COUNT(tests));
}
