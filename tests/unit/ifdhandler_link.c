/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A slot's exchange over shared memory, with a process on the other side that has gone astray: it
 * may write what it likes there, and costs its own reader only, in time.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "rm/drivers/ifdhandler/link.h"
#include "tests/suite.h"

#define SHORT_NS 200000000u

struct both {
	struct ifd_link link;
	struct ifd_channel host;
	uint8_t answer[16];
	bool over; /* atomic */
};

static uint64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void
begin(struct both *both)
{
	int memory, fds[IFD_SLOT_FDS];

	memset(both, 0, sizeof *both);
	ifd_link_init(&both->link);
	both->link.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	CU_ASSERT_EQUAL_FATAL(ifd_channel_make(&both->host, &memory), 0);
	fds[0] = memory;
	fds[1] = dup(both->host.request_fd);
	fds[2] = dup(both->host.reply_fd);
	CU_ASSERT_EQUAL_FATAL(ifd_channel_take(&both->link.channel, fds), 0);
}

static void
end(struct both *both)
{
	ifd_link_done(&both->link);
	ifd_channel_close(&both->host);
	close(both->link.wake_fd);
}

static int
exchange(struct both *both, uint64_t deadline, size_t *ret_length)
{
	static const uint8_t command[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };
	struct ifd_exchange one = { .operation = IFD_DO_TRANSMIT,
		.in = command,
		.in_length = sizeof command,
		.out = both->answer,
		.room = sizeof both->answer };
	int r = ifd_link_exchange(&both->link, &one, deadline);

	*ret_length = one.length;
	return r;
}

/* Says all the time that nobody waits, and that something has come. */
static void *
stir(void *data)
{
	struct both *both = data;

	while (!__atomic_load_n(&both->over, __ATOMIC_ACQUIRE)) {
		__atomic_store_n(&both->host.shared->waiting, 0, __ATOMIC_SEQ_CST);
		(void)eventfd_write(both->host.reply_fd, 1);
	}
	return NULL;
}

static void
stirred_without_an_answer(void)
{
	struct both both;
	pthread_t thread;
	size_t length;

	begin(&both);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, stir, &both), 0);
	SUITE_EQUAL_INT(exchange(&both, now() + SHORT_NS, &length), -ETIMEDOUT);
	__atomic_store_n(&both.over, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	end(&both);
}

/* Answers once with these lengths; waits for the request first. */
struct answerer {
	struct both *both;
	uint32_t sent, length;
};

static void *
answer_once(void *data)
{
	struct answerer *answerer = data;
	struct ifd_shared *shared = answerer->both->host.shared;
	eventfd_t count;

	(void)eventfd_read(answerer->both->host.request_fd, &count);
	__atomic_store_n(&shared->request.length, answerer->sent, __ATOMIC_RELAXED);
	shared->reply.code = 0;
	shared->reply.length = answerer->length;
	memcpy(shared->out, "\x90", 1);
	__atomic_store_n(&shared->reply.number,
	    __atomic_load_n(&shared->request.number, __ATOMIC_ACQUIRE), __ATOMIC_SEQ_CST);
	(void)eventfd_write(answerer->both->host.reply_fd, 1);
	return NULL;
}

static int
answered(uint32_t sent, uint32_t length, size_t *ret_length)
{
	struct both both;
	struct answerer answerer = { &both, sent, length };
	pthread_t thread;
	int r;

	begin(&both);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, answer_once, &answerer), 0);
	r = exchange(&both, now() + 10ull * 1000000000u, ret_length);
	pthread_join(thread, NULL);
	end(&both);
	return r;
}

static void
lengths_that_lie(void)
{
	size_t length;

	SUITE_EQUAL_INT(answered(5, 2, &length), 0);
	SUITE_EQUAL_INT(length, 2);
	/* The command's length became nonsense: no more is wiped than there is. */
	SUITE_EQUAL_INT(answered(UINT32_MAX, 2, &length), 0);
	SUITE_EQUAL_INT(answered(5, IFD_PAYLOAD_MAX, &length), 0);
	SUITE_EQUAL_INT(length, IFD_PAYLOAD_MAX);
	SUITE_EQUAL_INT(answered(5, IFD_PAYLOAD_MAX + 1, &length), -ESHUTDOWN);
	SUITE_EQUAL_INT(answered(5, UINT32_MAX, &length), -ESHUTDOWN);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "stirred without an answer, it ends at the deadline", stirred_without_an_answer },
		{ "lengths that lie", lengths_that_lie },
	};

	return suite_run("ifdhandler link", tests, sizeof tests / sizeof tests[0]);
}
