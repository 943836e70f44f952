/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traces of a reader of scardd: what they tell, what they hide, what becomes of one that nobody
 * reads, and who may see what.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tessera_scard.h>
#include <winerror.h>

#include "tests/daemon/scardd_process.h"
#include "tests/suite.h"

#define CODE(actual, expected) SUITE_EQUAL_HEX((uint32_t)(actual), (uint32_t)(expected))
#define LIMIT_MS 30000
#define READER "Tessera Soft Card"
#define TRACES_MAX 8u /* that scardd makes at a time */
#define FLOOD 5000u   /* exchanges, more than a socket holds */
#define WORKERS 3u
#define ROUNDS 200u
#define NOBODY 65534u

static struct scardd_process scardd;
static struct tessera_scard_traced record;

static SCARDCONTEXT
establish(void)
{
	SCARDCONTEXT context = 0;

	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	return context;
}

static SCARDHANDLE
connect_card(SCARDCONTEXT context)
{
	SCARDHANDLE card = 0;
	DWORD protocol;

	SUITE_EQUAL_HEX(
	    SCardConnectA(context, READER, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, &protocol),
	    0);
	return card;
}

static LONG
transmit(SCARDHANDLE card, const char *command, size_t length)
{
	BYTE reply[300];
	DWORD size = sizeof reply;

	return SCardTransmit(
	    card, SCARD_PCI_T1, (LPCBYTE)command, (DWORD)length, NULL, reply, &size);
}

static int
trace(SCARDCONTEXT context)
{
	int fd = -1;

	CODE(tessera_scard_trace(context, READER, &fd), 0);
	CU_ASSERT_FATAL(fd >= 0);
	return fd;
}

/* The next record, which must come. */
static LONG
next(int fd)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };
	LONG code;

	while ((code = tessera_scard_trace_read(fd, &record)) == SCARD_E_TIMEOUT)
		if (poll(&polled, 1, LIMIT_MS) < 1)
			return code;
	return code;
}

static void
expect(int fd, DWORD what)
{
	CODE(next(fd), 0);
	SUITE_EQUAL_INT(record.what, what);
	SUITE_EQUAL_INT(record.lost, 0);
	SUITE_EQUAL_INT(record.pid, getpid());
	SUITE_EQUAL_INT(record.uid, getuid());
	CU_ASSERT(record.time > 0);
}

static void
tells_what_happens(void)
{
	SCARDCONTEXT context = establish();
	SCARDHANDLE card;
	BYTE value[64];
	DWORD size = sizeof value;
	int fd = trace(context);

	CODE(tessera_scard_trace_read(fd, &record), SCARD_E_TIMEOUT);
	card = connect_card(context);
	expect(fd, TESSERA_SCARD_TRACED_PROTOCOL);
	SUITE_EQUAL_INT(record.protocol, SCARD_PROTOCOL_T1);
	expect(fd, TESSERA_SCARD_TRACED_CONNECT);
	SUITE_EQUAL_INT(record.share_mode, SCARD_SHARE_SHARED);
	SUITE_EQUAL_INT(record.result, 0);
	SUITE_EQUAL_STRING(record.program, "trace");
	SUITE_EQUAL_HEX(SCardBeginTransaction(card), 0);
	expect(fd, TESSERA_SCARD_TRACED_BEGIN);
	SUITE_EQUAL_HEX(transmit(card, "\x00\xA4\x00\x00\x02\x3F\x00", 7), 0);
	expect(fd, TESSERA_SCARD_TRACED_TRANSMIT);
	SUITE_EQUAL_BYTES(record.command, record.command_shown, "00 A4 00 00 02 3F 00");
	SUITE_EQUAL_INT(record.command_length, 7);
	CU_ASSERT(record.reply_shown >= 2 && record.reply_shown == record.reply_length);
	SUITE_EQUAL_INT(record.hidden, 0);
	SUITE_EQUAL_INT(record.protocol, SCARD_PROTOCOL_T1);
	SUITE_EQUAL_HEX(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, value, &size), 0);
	expect(fd, TESSERA_SCARD_TRACED_GET_ATTRIBUTE);
	SUITE_EQUAL_HEX(record.code, SCARD_ATTR_ATR_STRING);
	SUITE_EQUAL_INT(record.reply_shown, size);
	SUITE_EQUAL_HEX(SCardEndTransaction(card, SCARD_RESET_CARD), 0);
	expect(fd, TESSERA_SCARD_TRACED_POWER);
	SUITE_EQUAL_INT(record.code, SCARD_WARM_RESET);
	CU_ASSERT(record.reply_shown == size && memcmp(record.reply, value, size) == 0);
	expect(fd, TESSERA_SCARD_TRACED_END);
	SUITE_EQUAL_INT(record.code, SCARD_RESET_CARD);
	SUITE_EQUAL_HEX(SCardDisconnect(card, SCARD_LEAVE_CARD), 0);
	expect(fd, TESSERA_SCARD_TRACED_DISCONNECT);
	card = connect_card(context);
	expect(fd, TESSERA_SCARD_TRACED_PROTOCOL);
	expect(fd, TESSERA_SCARD_TRACED_CONNECT);
	/* It goes with its context; the trace does not. */
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
	expect(fd, TESSERA_SCARD_TRACED_DROPPED);
	(void)close(fd);
}

static void
hides_secrets(void)
{
	static const char verify[] = "\x00\x20\x00\x81\x08"
				     "31415926";
	SCARDCONTEXT context = establish();
	SCARDHANDLE card = connect_card(context);
	BYTE out[16];
	DWORD size;
	int fd = trace(context);

	memset(&record, 0xEE, sizeof record);
	SUITE_EQUAL_HEX(transmit(card, verify, sizeof verify - 1), 0);
	expect(fd, TESSERA_SCARD_TRACED_TRANSMIT);
	SUITE_EQUAL_BYTES(record.command, record.command_shown, "00 20 00 81 08");
	SUITE_EQUAL_INT(record.command_length, sizeof verify - 1);
	SUITE_EQUAL_INT(record.hidden, TESSERA_SCARD_HIDDEN_COMMAND);
	SUITE_EQUAL_INT(record.reply_shown, 2);
	CU_ASSERT_PTR_NULL(memmem(&record, sizeof record, "31415926", 8));
	CU_ASSERT(SCardControl(card, SCARD_CTL_CODE(2049), "31415926", 8, out, sizeof out, &size) !=
	    SCARD_S_SUCCESS);
	expect(fd, TESSERA_SCARD_TRACED_CONTROL);
	SUITE_EQUAL_HEX(record.code, SCARD_CTL_CODE(2049));
	SUITE_EQUAL_INT(record.command_length, 8);
	SUITE_EQUAL_INT(record.command_shown, 0);
	CU_ASSERT_PTR_NULL(memmem(&record, sizeof record, "31415926", 8));
	CU_ASSERT(SCardSetAttrib(card, SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, (LPCBYTE) "31415926",
		      8) != SCARD_S_SUCCESS);
	expect(fd, TESSERA_SCARD_TRACED_SET_ATTRIBUTE);
	SUITE_EQUAL_INT(record.command_shown, 0);
	SUITE_EQUAL_INT(record.command_length, 8);
	(void)close(fd);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
}

/* Nobody waits for who does not read; what he reads at last, and what is missing, is all of it. */
static void
loses_what_nobody_reads(void)
{
	SCARDCONTEXT context = establish();
	SCARDHANDLE card = connect_card(context);
	int fd = trace(context);
	unsigned seen = 0, last;

	for (unsigned i = 0; i < FLOOD; i++)
		if (transmit(card, "\x00\xB0\x00\x00\x10", 5) != SCARD_S_SUCCESS) {
			CU_FAIL("an exchange");
			break;
		}
	while (tessera_scard_trace_read(fd, &record) == SCARD_S_SUCCESS)
		seen++;
	CU_ASSERT(seen > 10 && seen < FLOOD);
	SUITE_EQUAL_INT(record.lost, 0);
	/* The next one says how many. */
	SUITE_EQUAL_HEX(transmit(card, "\x00\xB0\x00\x00\x10", 5), 0);
	CODE(next(fd), 0);
	last = record.lost;
	SUITE_EQUAL_INT(seen + last, FLOOD);
	(void)close(fd);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
}

static void
so_many_and_no_more(void)
{
	SCARDCONTEXT context = establish();
	int fds[TRACES_MAX], more = -1;
	LONG code;

	for (unsigned i = 0; i < TRACES_MAX; i++)
		fds[i] = trace(context);
	CODE(tessera_scard_trace(context, READER, &more), SCARD_E_NO_MEMORY);
	CU_ASSERT(more == -1 && strstr(tessera_scard_message(), "as many traces") != NULL);
	(void)close(fds[0]);
	/* scardd hears of it in its own time. */
	while ((code = tessera_scard_trace(context, READER, &fds[0])) == SCARD_E_NO_MEMORY)
		;
	CODE(code, 0);
	/* One who says something ends his trace. */
	CU_ASSERT(write(fds[1], "x", 1) == 1);
	CODE(next(fds[1]), SCARD_E_SERVICE_STOPPED);
	for (unsigned i = 0; i < TRACES_MAX; i++)
		(void)close(fds[i]);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
}

static void
wrong_use(void)
{
	SCARDCONTEXT context = establish();
	int fd = -1, ends[2];

	SUITE_EQUAL_HEX(tessera_scard_trace(context, "nobody", &fd), SCARD_E_UNKNOWN_READER);
	SUITE_EQUAL_HEX(tessera_scard_trace(context, NULL, &fd), SCARD_E_INVALID_PARAMETER);
	SUITE_EQUAL_HEX(tessera_scard_trace(context, READER, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(tessera_scard_trace(context + 1, READER, &fd), ERROR_INVALID_HANDLE);
	CU_ASSERT_EQUAL(fd, -1);
	CODE(tessera_scard_trace_read(0, NULL), SCARD_E_INVALID_PARAMETER);
	CU_ASSERT_FATAL(pipe(ends) == 0);
	SUITE_EQUAL_HEX(tessera_scard_trace_read(ends[0], &record), SCARD_E_INVALID_PARAMETER);
	(void)close(ends[0]);
	(void)close(ends[1]);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
}

static atomic_uint at_work;

static void *
work(void *unused)
{
	SCARDCONTEXT context = establish();
	SCARDHANDLE card = connect_card(context);

	for (unsigned i = 0; i < ROUNDS; i++) {
		SUITE_EQUAL_HEX(transmit(card, "\x00\x84\x00\x00\x08", 5), 0);
		if (i % 16 == 0)
			SUITE_EQUAL_HEX(SCardDisconnect(card, SCARD_LEAVE_CARD), 0);
		if (i % 16 == 0)
			card = connect_card(context);
	}
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
	atomic_fetch_sub(&at_work, 1);
	return unused;
}

/* Traces begin and end while programs are at work in the reader. */
static void
come_and_go(void)
{
	SCARDCONTEXT context = establish();
	pthread_t threads[WORKERS];
	unsigned records = 0;

	atomic_store(&at_work, WORKERS);
	for (unsigned i = 0; i < WORKERS; i++)
		CU_ASSERT_FATAL(pthread_create(&threads[i], NULL, work, NULL) == 0);
	while (atomic_load(&at_work) > 0) {
		int fd, other;

		if (tessera_scard_trace(context, READER, &fd) != SCARD_S_SUCCESS)
			continue;
		if (tessera_scard_trace(context, READER, &other) == SCARD_S_SUCCESS)
			(void)close(other);
		for (unsigned i = 0; i < 20 && atomic_load(&at_work) > 0; i++)
			records += tessera_scard_trace_read(fd, &record) == SCARD_S_SUCCESS;
		(void)close(fd);
	}
	for (unsigned i = 0; i < WORKERS; i++)
		(void)pthread_join(threads[i], NULL);
	CU_ASSERT(records > 0);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
}

/* As another user: the exit status says what went wrong. */
static int
be_nobody(int begin, int done)
{
	SCARDCONTEXT context;
	SCARDHANDLE card;
	DWORD protocol;
	unsigned exchanges = 0, connects = 0;
	char byte;
	int fd;

	if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0 ||
	    SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context) != SCARD_S_SUCCESS ||
	    tessera_scard_trace(context, READER, &fd) != SCARD_S_SUCCESS)
		return 2;
	if (write(done, "t", 1) != 1 || read(begin, &byte, 1) != 1)
		return 3;
	/* The parent has done its exchange; now this one's own. */
	if (SCardConnectA(context, READER, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card,
		&protocol) != SCARD_S_SUCCESS ||
	    transmit(card, "\x00\x84\x00\x00\x08", 5) != SCARD_S_SUCCESS)
		return 4;
	while (tessera_scard_trace_read(fd, &record) == SCARD_S_SUCCESS) {
		bool own = record.uid == NOBODY;

		if (record.what == TESSERA_SCARD_TRACED_TRANSMIT && !own)
			return 5;
		if (!own && record.program[0] != '\0')
			return 6;
		exchanges += record.what == TESSERA_SCARD_TRACED_TRANSMIT;
		connects += record.what == TESSERA_SCARD_TRACED_CONNECT;
	}
	return exchanges == 1 && connects == 2 ? 0 : 7;
}

static void
other_users(void)
{
	int begin[2], done[2], status = -1;
	SCARDCONTEXT context;
	SCARDHANDLE card;
	pid_t pid;
	char byte;

	if (getuid() != 0) {
		suite_skip("only root can be somebody else");
		return;
	}
	CU_ASSERT_FATAL(pipe(begin) == 0 && pipe(done) == 0 && chmod(".", 0711) == 0);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0)
		_exit(be_nobody(begin[0], done[1]));
	(void)close(done[1]);
	if (read(done[0], &byte, 1) == 1) {
		context = establish();
		card = connect_card(context);
		SUITE_EQUAL_HEX(transmit(card, "\x00\x84\x00\x00\x08", 5), 0);
		CU_ASSERT(write(begin[1], "b", 1) == 1);
		SUITE_EQUAL_INT(waitpid(pid, &status, 0), pid);
		SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
	} else
		(void)waitpid(pid, &status, 0);
	SUITE_EQUAL_INT(status, 0);
	(void)close(begin[0]);
	(void)close(begin[1]);
	(void)close(done[0]);
}

static void
ends_with_scardd(void)
{
	SCARDCONTEXT context = establish();
	int fd = trace(context);
	LONG code;

	CU_ASSERT_TRUE(scardd_stop(&scardd));
	while ((code = next(fd)) == SCARD_S_SUCCESS)
		;
	CODE(code, SCARD_E_SERVICE_STOPPED);
	(void)close(fd);
}

int
main(void)
{
	char place[100];
	static const char *const drivers[] = { "softcard", NULL };
	static const struct suite_test tests[] = {
		{ "what happens in a reader", tells_what_happens },
		{ "secrets are not in it", hides_secrets },
		{ "what nobody reads is lost and counted", loses_what_nobody_reads },
		{ "so many at a time", so_many_and_no_more },
		{ "wrong use", wrong_use },
		{ "they begin and end while others work", come_and_go },
		{ "what other users see", other_users },
		{ "the end of scardd is theirs", ends_with_scardd },
	};

	(void)setenv("TESSERA_LOG", "error", 1);
	if (!scardd_start(&scardd, drivers))
		return 1;
	/* Without the folders above, into which nobody else may go. */
	(void)snprintf(place, sizeof place, "unix:%.90s", strrchr(scardd.socket, '/') + 1);
	(void)setenv("TESSERA_RM", place, 1);
	return suite_run("trace", tests, sizeof tests / sizeof tests[0]);
}
