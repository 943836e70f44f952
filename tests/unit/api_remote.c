/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client of scardd, call by call, against a daemon that notes: what goes over the wire, what
 * comes back to the caller, how lanes are used and what a forked child may do.
 *
 * The program's own sendmsg() and recv() see what the library gives to the kernel.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tessera_scard.h>
#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/remote.h"
#include "tests/suite.h"
#include "tests/unit/api_remote_daemon.h"

#define BIG 65000

static struct daemon scardd;

static _Atomic(const void *) sent; /* what the main thread sent last */
static atomic_size_t sent_length;
static _Atomic(const void *) sent_last; /* its second part */
static atomic_int interruptions, failure;
static _Thread_local bool main_thread;

ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
	struct mmsghdr one = { .msg_len = 0 };

	if (main_thread) {
		sent = message->msg_iov[0].iov_base;
		sent_length = message->msg_iov[0].iov_len;
		sent_last = message->msg_iovlen > 1 ? message->msg_iov[1].iov_base : NULL;
		CU_ASSERT_EQUAL(flags & MSG_NOSIGNAL, MSG_NOSIGNAL);
		if (interruptions > 0) {
			interruptions--;
			errno = EINTR;
			return -1;
		}
		if (failure != 0) {
			errno = atomic_exchange(&failure, 0);
			return -1;
		}
	}
	/* Not as a system call: a sanitizer of threads must see it. */
	one.msg_hdr = *message;
	return sendmmsg(fd, &one, 1, flags) == 1 ? (ssize_t)one.msg_len : -1;
}

ssize_t
recv(int fd, void *data, size_t length, int flags)
{
	if (main_thread && interruptions > 0) {
		interruptions--;
		errno = EINTR;
		return -1;
	}
	return recvmsg(fd,
	    &(struct msghdr){ .msg_iov = &(struct iovec){ data, length }, .msg_iovlen = 1 }, flags);
}

static SCARDCONTEXT
begin(void)
{
	SCARDCONTEXT context = 0;

	main_thread = true;
	memset(&scardd, 0, sizeof scardd);
	daemon_start(&scardd);
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	SUITE_EQUAL_STRING(tessera_scard_message(), "");
	return context;
}

static SCARDHANDLE
begin_card(SCARDCONTEXT *ret_context)
{
	SCARDHANDLE card = 0;

	*ret_context = begin();
	SUITE_EQUAL_HEX(
	    SCardConnectA(*ret_context, "One", SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    0);
	return card;
}

static void
end(SCARDCONTEXT context)
{
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
	api_remote_close();
	api_backend_install(NULL);
	daemon_stop(&scardd);
}

static void
contexts(void)
{
	SCARDCONTEXT context = begin(), second = 0;
	struct wire_reader reader = daemon_request(&scardd, WIRE_ESTABLISH);

	SUITE_EQUAL_INT(wire_get_u32(&reader), RM_CALLS_WINDOWS);
	SUITE_EQUAL_INT(wire_get_u32(&reader), SCARD_SCOPE_USER);
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &second), 0);
	CU_ASSERT_NOT_EQUAL(context, second);
	SUITE_EQUAL_HEX(SCardIsValidContext(second), 0);
	reader = daemon_request(&scardd, WIRE_IS_VALID);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 2);
	SUITE_EQUAL_HEX(SCardCancel(context), 0);
	reader = daemon_request(&scardd, WIRE_CANCEL);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 1);
	SUITE_EQUAL_HEX(SCardReleaseContext(second), 0);
	reader = daemon_request(&scardd, WIRE_RELEASE);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 2);
	/* From here on nobody is asked. */
	scardd.fails = WIRE_IS_VALID;
	SUITE_EQUAL_HEX(SCardIsValidContext(second), ERROR_INVALID_HANDLE);
	SUITE_EQUAL_HEX(SCardIsValidContext(context + 1), ERROR_INVALID_HANDLE);
	SUITE_EQUAL_HEX(SCardReleaseContext(second), ERROR_INVALID_HANDLE);
	SUITE_EQUAL_INT(scardd.sessions, 1);
	end(context);
}

/* What a daemon of an earlier version would take for no message at all is not sent to it. */
static void
earlier_version(void)
{
	SCARDCONTEXT context = begin();
	unsigned messages = daemon_messages(&scardd);

	SUITE_EQUAL_HEX(SCardAudit(context, SCARD_AUDIT_CHV_SUCCESS), SCARD_E_UNSUPPORTED_FEATURE);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "version 1"));
	SUITE_EQUAL_INT(daemon_messages(&scardd), messages);
	SUITE_EQUAL_HEX(SCardIsValidContext(context), 0);
	end(context);
}

static void
lists(void)
{
	SCARDCONTEXT context = begin();
	char list[32];
	DWORD length = sizeof list;
	const uint8_t *data;
	uint32_t size;
	struct wire_reader reader;

	SUITE_EQUAL_HEX(SCardListReadersA(context, "A\0Bb\0", list, &length), 0);
	SUITE_EQUAL_BYTES(list, length, "4F 6E 65 00 54 77 6F 00 00");
	reader = daemon_request(&scardd, WIRE_LIST_READERS);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 1);
	wire_get_optional_bytes(&reader, &data, &size);
	SUITE_EQUAL_BYTES(data, size, "41 00 42 62 00 00");
	length = sizeof list;
	SUITE_EQUAL_HEX(SCardListReadersA(0, NULL, list, &length), 0);
	reader = daemon_request(&scardd, WIRE_LIST_READERS);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 0);
	wire_get_optional_bytes(&reader, &data, &size);
	SUITE_EQUAL_HEX(size, WIRE_ABSENT);
	length = sizeof list;
	SUITE_EQUAL_HEX(SCardListReaderGroupsA(context, list, &length), 0);
	SUITE_EQUAL_BYTES(list, length, "47 72 6F 75 70 00 00");
	reader = daemon_request(&scardd, WIRE_LIST_GROUPS);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 1);
	end(context);
}

static void
changes(void)
{
	SCARDCONTEXT context = begin();
	SCARD_READERSTATEA states[2] = { { .szReader = "One", .dwCurrentState = 0x20 },
		{ .szReader = "T", .dwCurrentState = 0x10 } };
	struct wire_reader reader;
	char name[16];

	SUITE_EQUAL_HEX(SCardGetStatusChangeA(context, 500, states, 2), 0);
	SUITE_EQUAL_HEX(states[0].dwEventState, 0x22);
	SUITE_EQUAL_BYTES(states[0].rgbAtr, states[0].cbAtr, "3B 02 14 50");
	SUITE_EQUAL_HEX(states[1].dwEventState, 0x12);
	SUITE_EQUAL_INT(states[1].cbAtr, 0);
	reader = daemon_request(&scardd, WIRE_STATUS_CHANGE);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 1);
	SUITE_EQUAL_INT(wire_get_u32(&reader), 500);
	SUITE_EQUAL_INT(wire_get_count(&reader), 2);
	wire_get_text(&reader, name, sizeof name);
	SUITE_EQUAL_STRING(name, "One");
	SUITE_EQUAL_HEX(wire_get_u32(&reader), 0x20);
	wire_get_text(&reader, name, sizeof name);
	SUITE_EQUAL_STRING(name, "T");
	end(context);
}

/* SCARD_E_TIMEOUT has fields instead of a text. */
static void
time_out(struct daemon *daemon, uint16_t number, uint8_t *packet, size_t *length)
{
	const uint32_t code = (uint32_t)SCARD_E_TIMEOUT;

	(void)daemon;
	(void)length;
	if (number == WIRE_STATUS_CHANGE)
		memcpy(packet + 12, &code, sizeof code);
}

static void
changes_late(void)
{
	SCARDCONTEXT context = begin();
	SCARD_READERSTATEA state = { .szReader = "One", .dwCurrentState = 0x20 };

	scardd.spoil = time_out;
	SUITE_EQUAL_HEX(
	    (DWORD)SCardGetStatusChangeA(context, 0, &state, 1), (DWORD)SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(state.dwEventState, 0x22);
	SUITE_EQUAL_INT(state.cbAtr, 4);
	end(context);
}

static void
cards(void)
{
	SCARDCONTEXT context = begin();
	SCARDHANDLE card = 0;
	DWORD active = 0, state = 0, protocol = 0, names_length, atr_length = 33;
	char name[16], names[16];
	BYTE atr[33];
	struct wire_reader reader;

	SUITE_EQUAL_HEX(SCardConnectA(context, "One", SCARD_SHARE_EXCLUSIVE, 3, &card, &active), 0);
	SUITE_EQUAL_INT(active, SCARD_PROTOCOL_T1);
	reader = daemon_request(&scardd, WIRE_CONNECT);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 1);
	wire_get_text(&reader, name, sizeof name);
	SUITE_EQUAL_STRING(name, "One");
	SUITE_EQUAL_INT(wire_get_u32(&reader), SCARD_SHARE_EXCLUSIVE);
	SUITE_EQUAL_INT(wire_get_u32(&reader), 3);

	SUITE_EQUAL_HEX(SCardReconnect(card, SCARD_SHARE_SHARED, 1, SCARD_RESET_CARD, &active), 0);
	SUITE_EQUAL_INT(active, SCARD_PROTOCOL_T0);
	reader = daemon_request(&scardd, WIRE_RECONNECT);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 2);
	SUITE_EQUAL_INT(wire_get_u32(&reader), SCARD_SHARE_SHARED);
	SUITE_EQUAL_INT(wire_get_u32(&reader), 1);
	SUITE_EQUAL_INT(wire_get_u32(&reader), SCARD_RESET_CARD);

	names_length = sizeof names;
	SUITE_EQUAL_HEX(
	    SCardStatusA(card, names, &names_length, &state, &protocol, atr, &atr_length), 0);
	SUITE_EQUAL_STRING(names, "One");
	SUITE_EQUAL_INT(state, SCARD_SPECIFIC);
	SUITE_EQUAL_INT(protocol, SCARD_PROTOCOL_T1);
	SUITE_EQUAL_BYTES(atr, atr_length, "3B 02 14 50");

	SUITE_EQUAL_HEX(SCardBeginTransaction(card), 0);
	reader = daemon_request(&scardd, WIRE_BEGIN);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 2);
	SUITE_EQUAL_HEX(SCardEndTransaction(card, SCARD_UNPOWER_CARD), 0);
	reader = daemon_request(&scardd, WIRE_END);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 2);
	SUITE_EQUAL_INT(wire_get_u32(&reader), SCARD_UNPOWER_CARD);

	SUITE_EQUAL_HEX(SCardDisconnect(card, SCARD_EJECT_CARD), 0);
	reader = daemon_request(&scardd, WIRE_DISCONNECT);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 2);
	SUITE_EQUAL_INT(wire_get_u32(&reader), SCARD_EJECT_CARD);
	SUITE_EQUAL_HEX(SCardDisconnect(card, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
	/* A context is no card. */
	SUITE_EQUAL_HEX(SCardDisconnect(context, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
	end(context);
}

static void
exchanges(void)
{
	SCARDCONTEXT context;
	SCARDHANDLE card = begin_card(&context);
	static BYTE command[BIG], reply[BIG];
	SCARD_IO_REQUEST pci = { .cbPciLength = sizeof pci };
	DWORD length = sizeof reply;
	struct wire_reader reader;

	for (size_t i = 0; i < BIG; i++)
		command[i] = (BYTE)(i * 7);
	SUITE_EQUAL_HEX(SCardTransmit(card, SCARD_PCI_T1, command, BIG, &pci, reply, &length), 0);
	SUITE_EQUAL_INT(length, BIG);
	CU_ASSERT_EQUAL(memcmp(command, reply, BIG), 0);
	SUITE_EQUAL_INT(pci.dwProtocol, SCARD_PROTOCOL_T1);
	reader = daemon_request(&scardd, WIRE_TRANSMIT);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 2);
	SUITE_EQUAL_INT(wire_get_u32(&reader), SCARD_PROTOCOL_T1);
	SUITE_EQUAL_INT(wire_get_u32(&reader), BIG);

	length = 10;
	SUITE_EQUAL_HEX(
	    (DWORD)SCardTransmit(card, NULL, command, 12, NULL, reply, &length), 0x80100008);
	SUITE_EQUAL_INT(length, 12);
	SUITE_EQUAL_STRING(tessera_scard_message(), "more room");

	SUITE_EQUAL_HEX(SCardControl(card, 0x313520, command, 5, reply, 7, &length), 0);
	SUITE_EQUAL_BYTES(reply, length, "00 07 0E 15 1C");
	reader = daemon_request(&scardd, WIRE_CONTROL);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 2);
	SUITE_EQUAL_HEX(wire_get_u32(&reader), 0x313520);
	SUITE_EQUAL_INT(wire_get_u32(&reader), 7);
	SUITE_EQUAL_HEX(SCardControl(card, 0, NULL, 0, NULL, 0, &length), 0);
	SUITE_EQUAL_INT(length, 0);

	length = sizeof reply;
	SUITE_EQUAL_HEX(SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, reply, &length), 0);
	SUITE_EQUAL_BYTES(reply, length, "76 61 6C 75 65");
	reader = daemon_request(&scardd, WIRE_GET_ATTRIBUTE);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 2);
	SUITE_EQUAL_HEX(wire_get_u32(&reader), SCARD_ATTR_VENDOR_NAME);
	SUITE_EQUAL_INT(wire_get_u32(&reader), 264);
	SUITE_EQUAL_HEX(SCardSetAttrib(card, 0x1234, command, 3), 0);
	reader = daemon_request(&scardd, WIRE_SET_ATTRIBUTE);
	SUITE_EQUAL_INT(wire_get_u64(&reader), 2);
	SUITE_EQUAL_HEX(wire_get_u32(&reader), 0x1234);
	end(context);
}

/* Whether what was sent last is still where it was sent from, behind the bytes of an answer. */
static bool
remains(void)
{
	const uint8_t *data = sent;
	size_t length = sent_length;

	for (size_t i = 256; i < length; i++)
		if (data[i] != 0)
			return true;
	return false;
}

static void
secrets(void)
{
	SCARDCONTEXT context;
	SCARDHANDLE card = begin_card(&context);
	BYTE command[512], reply[16];
	DWORD length = sizeof reply;

	memset(command, 0xAB, sizeof command);
	SUITE_EQUAL_HEX(
	    (DWORD)SCardTransmit(card, NULL, command, 512, NULL, reply, &length), 0x80100008);
	/* A command is not even copied. */
	CU_ASSERT(sent_length < 64);
	CU_ASSERT_PTR_EQUAL(sent_last, command);
	failure = ENOBUFS;
	SUITE_EQUAL_HEX((DWORD)SCardControl(card, 1, command, 512, reply, 16, &length), 0x80100006);
	CU_ASSERT(sent_length > 512);
	CU_ASSERT_FALSE(remains());
	SUITE_EQUAL_HEX(SCardSetAttrib(card, 1, command, 264), 0);
	CU_ASSERT(sent_length > 264);
	CU_ASSERT_FALSE(remains());
	/* The connection went on. */
	SUITE_EQUAL_HEX(SCardIsValidContext(context), 0);
	SUITE_EQUAL_INT(scardd.sessions, 1);
	end(context);
}

static void
interrupted(void)
{
	SCARDCONTEXT context = begin();

	interruptions = 6;
	SUITE_EQUAL_HEX(SCardIsValidContext(context), 0);
	SUITE_EQUAL_INT(interruptions, 0);
	end(context);
}

static void
failures(void)
{
	char longer[WIRE_TEXT_MAX], expected[RM_CALLS_MESSAGE_SIZE];
	SCARDCONTEXT context = begin(), none = 9;
	SCARDHANDLE card = 9;

	scardd.fails = WIRE_CONNECT;
	scardd.code = SCARD_E_SHARING_VIOLATION;
	scardd.text = "reader 'One': held by pid 7 (x)";
	SUITE_EQUAL_HEX((DWORD)SCardConnectA(context, "One", 2, 3, &card, NULL), 0x8010000B);
	SUITE_EQUAL_STRING(tessera_scard_message(), "reader 'One': held by pid 7 (x)");
	SUITE_EQUAL_INT(card, 9);
	/* Cut within a character of two bytes. */
	memset(longer, 'x', sizeof longer);
	memcpy(longer + RM_CALLS_MESSAGE_SIZE - 2, "\xC3\xA4", 2);
	longer[sizeof longer - 1] = '\0';
	scardd.text = longer;
	SUITE_EQUAL_HEX((DWORD)SCardConnectA(context, "One", 2, 3, &card, NULL), 0x8010000B);
	memset(expected, 'x', sizeof expected);
	memcpy(expected + RM_CALLS_MESSAGE_SIZE - 2, "?", 2);
	SUITE_EQUAL_STRING(tessera_scard_message(), expected);
	scardd.text = "";
	scardd.fails = WIRE_ESTABLISH;
	scardd.code = SCARD_E_NO_MEMORY;
	SUITE_EQUAL_HEX((DWORD)SCardEstablishContext(2, NULL, NULL, &none), 0x80100006);
	CU_ASSERT_NOT_EQUAL(tessera_scard_message()[0], '\0');
	SUITE_EQUAL_INT(none, 9);
	end(context);
}

/* More than a packet holds is refused here. */
static void
too_long(void)
{
	static char groups[200000];
	static WCHAR wide[65000];
	SCARDCONTEXT context = begin();
	DWORD length = 0;

	memset(groups, 'x', sizeof groups);
	for (size_t i = 0; i < 64998; i++)
		wide[i] = 0x20AC;
	SUITE_EQUAL_HEX((DWORD)SCardListReadersW(context, wide, NULL, &length),
	    (DWORD)SCARD_E_INVALID_PARAMETER);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "131072"));
	SUITE_EQUAL_HEX(SCardIsValidContext(context), 0);
	end(context);
}

static void *
wait_for_change(void *data)
{
	SCARD_READERSTATEA state = { .szReader = "One" };
	LONG code = SCardGetStatusChangeA(*(const SCARDCONTEXT *)data, INFINITE, &state, 1);

	return (void *)(uintptr_t)(DWORD)code;
}

static void
cancelled(void)
{
	SCARDCONTEXT context = begin();
	pthread_t thread;
	void *code = NULL;

	scardd.blocks = WIRE_STATUS_CHANGE;
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, wait_for_change, &context), 0);
	daemon_wait(&scardd, 4);
	SUITE_EQUAL_HEX(SCardIsValidContext(context), 0);
	SUITE_EQUAL_HEX(SCardCancel(context), 0);
	(void)pthread_join(thread, &code);
	SUITE_EQUAL_HEX((uintptr_t)code, 0x80100002);
	/* Control, waiter's, canceller's. */
	SUITE_EQUAL_INT(scardd.lanes_most, 3);
	end(context);
}

static void
lanes_reused(void)
{
	SCARDCONTEXT context = begin();

	for (int i = 0; i < 200; i++)
		SUITE_EQUAL_HEX(SCardIsValidContext(context), 0);
	SUITE_EQUAL_INT(scardd.lanes_most, 2);
	SUITE_EQUAL_INT(scardd.joined, 1);
	end(context);
}

static void *
begin_transaction(void *data)
{
	(void)SCardBeginTransaction(*(const SCARDHANDLE *)data);
	return NULL;
}

/* As many threads wait for a card as may: who keeps it can still work, and end. */
static void
lanes_exhausted(void)
{
	enum {
		THREADS = 250
	};
	static pthread_t threads[THREADS];
	SCARDCONTEXT context;
	SCARDHANDLE holder = begin_card(&context), other = 0;
	BYTE reply[8];
	DWORD length = sizeof reply;
	unsigned before;

	SUITE_EQUAL_HEX(SCardConnectA(context, "One", 2, 3, &other, NULL), 0);
	SUITE_EQUAL_HEX(SCardBeginTransaction(holder), 0);
	before = daemon_messages(&scardd);
	scardd.blocks = WIRE_BEGIN;
	for (size_t i = 0; i < THREADS; i++)
		CU_ASSERT_EQUAL_FATAL(
		    pthread_create(&threads[i], NULL, begin_transaction, &other), 0);
	/* A lane each, the first of them was there. */
	daemon_wait(&scardd, before + 240 + 239);
	SUITE_EQUAL_HEX(
	    SCardTransmit(holder, NULL, (const BYTE *)"12", 2, NULL, reply, &length), 0);
	SUITE_EQUAL_HEX(SCardEndTransaction(holder, SCARD_LEAVE_CARD), 0);
	SUITE_EQUAL_HEX(SCardIsValidContext(context), 0);
	SUITE_EQUAL_INT(scardd.lanes_most, 1 + 240 + 1);
	/* The daemon's end ends them all. */
	daemon_stop(&scardd);
	for (size_t i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
	SUITE_EQUAL_HEX((DWORD)SCardReleaseContext(context), (DWORD)SCARD_E_SERVICE_STOPPED);
	api_remote_close();
	api_backend_install(NULL);
}

static void *
call_once(void *data)
{
	(void)pthread_barrier_wait(data);
	(void)pthread_barrier_wait(data);
	return NULL;
}

/* A child says by its exit status what it saw. */
static int
child(SCARDCONTEXT context, SCARDHANDLE card)
{
	SCARDCONTEXT own = 0;
	SCARDHANDLE other = 0;

	(void)alarm(60);
	if (SCardIsValidContext(context) != SCARD_E_SERVICE_STOPPED)
		return 1;
	if (strstr(tessera_scard_message(), "forked") == NULL)
		return 2;
	if (SCardBeginTransaction(card) != SCARD_E_SERVICE_STOPPED)
		return 3;
	if (SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &own) != SCARD_S_SUCCESS)
		return 4;
	if (SCardConnectA(own, "One", 2, 3, &other, NULL) != SCARD_S_SUCCESS)
		return 5;
	if (own == context || other == card || SCardIsValidContext(own) != SCARD_S_SUCCESS)
		return 6;
	if (SCardReleaseContext(context) != SCARD_E_SERVICE_STOPPED ||
	    SCardReleaseContext(context) != ERROR_INVALID_HANDLE)
		return 7;
	return SCardReleaseContext(own) == SCARD_S_SUCCESS ? 0 : 8;
}

static void
forked(void)
{
	SCARDCONTEXT context;
	SCARDHANDLE card = begin_card(&context);
	pthread_barrier_t barrier;
	pthread_t thread;
	int status = -1;
	pid_t pid;

	(void)pthread_barrier_init(&barrier, NULL, 2);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, call_once, &barrier), 0);
	(void)pthread_barrier_wait(&barrier);
	pid = fork();
	if (pid == 0)
		_exit(child(context, card));
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	SUITE_EQUAL_INT(WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), 0);
	(void)pthread_barrier_wait(&barrier);
	(void)pthread_join(thread, NULL);
	(void)pthread_barrier_destroy(&barrier);
	/* Nothing of it was the parent's: its own session and lanes are as they were. */
	SUITE_EQUAL_HEX(SCardBeginTransaction(card), 0);
	SUITE_EQUAL_HEX(SCardIsValidContext(context), 0);
	SUITE_EQUAL_INT(scardd.sessions, 2);
	end(context);
}

static const struct suite_test tests[] = {
	{ "contexts", contexts },
	{ "a daemon of an earlier version", earlier_version },
	{ "lists, also without a context", lists },
	{ "status change", changes },
	{ "status change that times out tells states too", changes_late },
	{ "cards: connect, reconnect, status, transaction, disconnect", cards },
	{ "transmit, control and attributes", exchanges },
	{ "what may be a PIN is wiped once it was sent, or could not be", secrets },
	{ "signals interrupt nothing", interrupted },
	{ "failures keep their code and text", failures },
	{ "what no packet holds is refused", too_long },
	{ "cancel goes on another lane", cancelled },
	{ "calls in turn use one lane", lanes_reused },
	{ "a full house leaves the holder its way out", lanes_exhausted },
	{ "a forked child: a clear code for the parent's, a session of its own", forked },
};

int
main(void)
{
	return suite_run("api_remote", tests, sizeof tests / sizeof tests[0]);
}
