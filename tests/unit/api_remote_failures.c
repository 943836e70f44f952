/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client of scardd when things go wrong: a daemon that dies at every message, is started anew,
 * speaks another version, or lies. Whatever happens: a code, a text, and the next context works.
 * No signal is handled here, so that a SIGPIPE would end the program.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <tessera_scard.h>
#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/remote.h"
#include "tests/suite.h"
#include "tests/unit/api_remote_daemon.h"

#define CALLS 17
#define MESSAGES (CALLS + 2) /* HELLO and LANE */
#define STOPPED SCARD_E_SERVICE_STOPPED

static struct daemon scardd;

static void
begin(void)
{
	memset(&scardd, 0, sizeof scardd);
	daemon_start(&scardd);
}

static void
forget(void)
{
	api_remote_close();
	api_backend_install(NULL);
}

static void
end(void)
{
	forget();
	daemon_stop(&scardd);
}

/* All calls in a row, each a message; their codes. The context is released when it was made. */
struct script {
	SCARDCONTEXT context;
	SCARDHANDLE card;
	LONG codes[CALLS];
	const char *names[CALLS];
	size_t count;
	bool explained; /* every failure had a text */
	bool within;    /* no output beyond what was given */
};

static void
note(struct script *script, const char *name, LONG code)
{
	script->names[script->count] = name;
	script->codes[script->count++] = code;
	if (code != SCARD_S_SUCCESS && tessera_scard_message()[0] == '\0')
		script->explained = false;
}

#define NOTE(script, call) note((script), #call, (call))

static void
run_readers(struct script *script)
{
	SCARDCONTEXT context = script->context;
	SCARD_READERSTATEA state = { .szReader = "One" };
	char list[64];
	DWORD length = sizeof list;

	NOTE(script, SCardIsValidContext(context));
	NOTE(script, SCardListReadersA(context, NULL, list, &length));
	length = sizeof list;
	NOTE(script, SCardListReaderGroupsA(context, list, &length));
	NOTE(script, SCardGetStatusChangeA(context, 0, &state, 1));
}

static void
run_card(struct script *script)
{
	SCARDHANDLE card;
	BYTE reply[12];
	char name[16];
	DWORD length = 8, name_length = sizeof name;

	NOTE(script, SCardConnectA(script->context, "One", 2, 3, &script->card, NULL));
	card = script->card;
	memset(reply, 0x5A, sizeof reply);
	NOTE(script, SCardStatusA(card, name, &name_length, NULL, NULL, NULL, NULL));
	NOTE(script, SCardBeginTransaction(card));
	NOTE(script, SCardTransmit(card, NULL, (const BYTE *)"12345", 5, NULL, reply, &length));
	NOTE(script, SCardControl(card, 1, "in", 2, reply, 8, &length));
	length = 8;
	NOTE(script, SCardGetAttrib(card, 1, reply, &length));
	NOTE(script, SCardSetAttrib(card, 1, (const BYTE *)"x", 1));
	NOTE(script, SCardEndTransaction(card, SCARD_LEAVE_CARD));
	NOTE(script, SCardReconnect(card, 2, 3, SCARD_LEAVE_CARD, NULL));
	NOTE(script, SCardDisconnect(card, SCARD_LEAVE_CARD));
	script->within = reply[8] == 0x5A && reply[9] == 0x5A && reply[10] == 0x5A;
}

static void
run(struct script *script)
{
	*script = (struct script){ .explained = true, .context = 1, .card = 1 };
	NOTE(script, SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &script->context));
	run_readers(script);
	run_card(script);
	NOTE(script, SCardCancel(script->context));
	NOTE(script, SCardReleaseContext(script->context));
	SUITE_EQUAL_INT(script->count, CALLS);
}

static bool
all(const struct script *script, LONG code)
{
	for (size_t i = 0; i < script->count; i++)
		if (script->codes[i] != code)
			return false;
	return true;
}

static void
complain(unsigned n, const struct script *script)
{
	printf("# N = %u\n", n);
	for (size_t i = 0; i < script->count; i++)
		printf("#   %s: 0x%08X\n", script->names[i], (unsigned)script->codes[i]);
}

static void
undisturbed(void)
{
	struct script script;

	begin();
	run(&script);
	CU_ASSERT_TRUE(all(&script, SCARD_S_SUCCESS));
	SUITE_EQUAL_INT(scardd.messages, MESSAGES);
	end();
}

/* Whether the codes are those of a session that ended in one of the calls. */
static bool
ends_properly(const struct script *script, unsigned n, bool answered)
{
	size_t dead = n <= 3 ? 0 : n - 3; /* the call that the message belongs to */

	/* An establishment that nobody hears makes no context. */
	if (n <= 2 || (n == 3 && !answered)) {
		if (script->codes[0] != SCARD_E_NO_SERVICE && script->codes[0] != STOPPED)
			return false;
		for (size_t i = 1; i < CALLS; i++)
			if (script->codes[i] != ERROR_INVALID_HANDLE)
				return false;
		return true;
	}
	for (size_t i = 0; i < CALLS; i++) {
		bool went = i < dead || (i == dead && answered);

		if (went ? script->codes[i] != SCARD_S_SUCCESS
			 : script->codes[i] != STOPPED && script->codes[i] != ERROR_INVALID_HANDLE)
			return false;
		/* The context is dead, not unknown; a card may never have been. */
		if (!went && (i <= 5 || i >= 15) && script->codes[i] != STOPPED)
			return false;
	}
	return true;
}

static void
dies_at(unsigned n, bool answered)
{
	struct script script;
	SCARDCONTEXT kept = 0;

	begin();
	scardd.die_at = n;
	scardd.die_answered = answered;
	run(&script);
	if (!ends_properly(&script, n, answered) || !script.explained) {
		complain(n, &script);
		CU_FAIL("the daemon's death was told wrongly");
	}
	daemon_stop(&scardd);
	/* Nobody there, then the next one, in the same process. */
	SUITE_EQUAL_HEX((DWORD)SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &kept),
	    (DWORD)SCARD_E_NO_SERVICE);
	begin();
	run(&script);
	if (!all(&script, SCARD_S_SUCCESS)) {
		complain(n, &script);
		CU_FAIL("the next daemon was not used");
	}
	end();
}

static void
deaths(void)
{
	for (unsigned n = 1; n <= MESSAGES; n++) {
		dies_at(n, false);
		dies_at(n, true);
	}
}

/* The next daemon gives the same handles; the old ones must not become its. */
static void
restart(void)
{
	SCARDCONTEXT old = 0, fresh = 0;
	SCARDHANDLE old_card = 0, fresh_card = 0;
	char list[64];
	DWORD length = sizeof list;

	begin();
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &old), 0);
	SUITE_EQUAL_HEX(SCardConnectA(old, "One", 2, 3, &old_card, NULL), 0);
	daemon_stop(&scardd);
	begin();
	/* The loss is not known yet; a call without a context survives it. */
	SUITE_EQUAL_HEX(SCardListReadersA(0, NULL, list, &length), 0);
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &fresh), 0);
	SUITE_EQUAL_HEX(SCardConnectA(fresh, "One", 2, 3, &fresh_card, NULL), 0);
	CU_ASSERT_NOT_EQUAL(old, fresh);
	CU_ASSERT_NOT_EQUAL(old_card, fresh_card);
	scardd.fails = WIRE_BEGIN;
	SUITE_EQUAL_HEX((DWORD)SCardIsValidContext(old), (DWORD)STOPPED);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "establish a new one"));
	SUITE_EQUAL_HEX((DWORD)SCardBeginTransaction(old_card), (DWORD)STOPPED);
	SUITE_EQUAL_HEX((DWORD)SCardDisconnect(old_card, 0), (DWORD)STOPPED);
	SUITE_EQUAL_HEX((DWORD)SCardReleaseContext(old), (DWORD)STOPPED);
	SUITE_EQUAL_HEX(SCardIsValidContext(old), ERROR_INVALID_HANDLE);
	SUITE_EQUAL_HEX(SCardBeginTransaction(old_card), ERROR_INVALID_HANDLE);
	SUITE_EQUAL_HEX(SCardIsValidContext(fresh), 0);
	SUITE_EQUAL_HEX(SCardReleaseContext(fresh), 0);
	SUITE_EQUAL_INT(scardd.sessions, 1);
	end();
}

/* The establishment itself finds out, and is done on the next session. */
static void
restart_unnoticed(void)
{
	SCARDCONTEXT old = 0, fresh = 0;

	begin();
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &old), 0);
	daemon_stop(&scardd);
	begin();
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &fresh), 0);
	SUITE_EQUAL_STRING(tessera_scard_message(), "");
	SUITE_EQUAL_HEX((DWORD)SCardReleaseContext(old), (DWORD)STOPPED);
	SUITE_EQUAL_HEX(SCardReleaseContext(fresh), 0);
	end();
}

static void
other_version(void)
{
	SCARDCONTEXT context = 4;

	begin();
	scardd.old = true;
	SUITE_EQUAL_HEX(
	    (DWORD)SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), (DWORD)STOPPED);
	SUITE_EQUAL_STRING(
	    tessera_scard_message(), "this scardd speaks version 7, the client version 1");
	SUITE_EQUAL_INT(context, 4);
	end();
}

static void
nobody_there(void)
{
	SCARDCONTEXT context = 4;
	int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "left.sock" };

	/* A socket that was left behind. */
	CU_ASSERT_EQUAL(bind(listener, (const struct sockaddr *)&address, sizeof address), 0);
	(void)close(listener);
	(void)setenv("TESSERA_RM", "unix:left.sock", 1);
	SUITE_EQUAL_HEX((DWORD)SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context),
	    (DWORD)SCARD_E_NO_SERVICE);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "left.sock: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "Connection refused"));
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "start scardd"));
	(void)unlink("left.sock");
	forget();
}

/* The user's daemon, where there is no system's. */
static void
user_socket(void)
{
	char from[160], folder[160], to[200];
	SCARDCONTEXT context = 0;

	begin();
	if (access("/run/tessera/scardd.sock", F_OK) == 0) {
		suite_skip("this machine has a scardd");
		end();
		return;
	}
	(void)snprintf(from, sizeof from, "%s", scardd.path);
	from[strlen(from) - strlen("/scardd.sock")] = '\0';
	(void)setenv("XDG_RUNTIME_DIR", from, 1);
	(void)snprintf(folder, sizeof folder, "%s/tessera", from);
	(void)snprintf(to, sizeof to, "%s/tessera", from);
	CU_ASSERT_EQUAL(symlink(from, to), 0);
	(void)unsetenv("TESSERA_RM");
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	SUITE_EQUAL_INT(scardd.sessions, 1);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
	(void)unlink(to);
	end();
}

/* A lane that is refused for want of means harms one call alone. */
static void
lane_refused(void)
{
	SCARDCONTEXT context = 0;

	begin();
	scardd.fails = WIRE_LANE;
	scardd.code = SCARD_E_NO_MEMORY;
	scardd.text = "too many lanes";
	SUITE_EQUAL_HEX((DWORD)SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context),
	    (DWORD)SCARD_E_NO_MEMORY);
	SUITE_EQUAL_STRING(tessera_scard_message(), "too many lanes");
	scardd.fails = 0;
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	SUITE_EQUAL_INT(scardd.sessions, 1);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
	end();
}

/* The message of each call that waits for nobody, never answered. */
static LONG
ask(uint16_t number, SCARDCONTEXT context)
{
	struct tessera_scard_holder *holders;
	SCARDCONTEXT another;
	char list[64];
	DWORD length = sizeof list;

	switch (number) {
	case WIRE_ESTABLISH:
		return SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &another);
	case WIRE_RELEASE:
		return SCardReleaseContext(context);
	case WIRE_IS_VALID:
		return SCardIsValidContext(context);
	case WIRE_CANCEL:
		return SCardCancel(context);
	case WIRE_LIST_READERS:
		return SCardListReadersA(context, NULL, list, &length);
	case WIRE_LIST_GROUPS:
		return SCardListReaderGroupsA(context, list, &length);
	default:
		return tessera_scard_holders(context, &holders, &length);
	}
}

static void
is_silent(uint16_t number, LONG expected)
{
	SCARDCONTEXT context = 0, fresh = 0;

	begin();
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	scardd.silent = number; /* the daemon has answered, and waits */
	remote_answer_limit_ms = 20;
	SUITE_EQUAL_HEX((DWORD)ask(number, context), (DWORD)expected);
	remote_answer_limit_ms = REMOTE_ANSWER_LIMIT_MS;
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), scardd.path));
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "has not answered for 1 second"));
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "stop and start it"));
	/* The session is over, and nothing is asked again. */
	SUITE_EQUAL_HEX((DWORD)SCardIsValidContext(context),
	    (DWORD)(number == WIRE_RELEASE ? ERROR_INVALID_HANDLE : STOPPED));
	daemon_stop(&scardd);
	SUITE_EQUAL_INT(scardd.messages, 4);
	begin();
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &fresh), 0);
	SUITE_EQUAL_HEX(SCardReleaseContext(fresh), 0);
	end();
}

static void
no_answer(void)
{
	is_silent(WIRE_ESTABLISH, SCARD_E_NO_SERVICE);
	is_silent(WIRE_HOLDERS, SCARD_E_NO_SERVICE);
	is_silent(WIRE_RELEASE, STOPPED);
	is_silent(WIRE_IS_VALID, STOPPED);
	is_silent(WIRE_CANCEL, STOPPED);
	is_silent(WIRE_LIST_READERS, STOPPED);
	is_silent(WIRE_LIST_GROUPS, STOPPED);
}

static void *
begin_transaction(void *card)
{
	return (void *)(intptr_t)SCardBeginTransaction(*(SCARDHANDLE *)card);
}

/* What may wait for a card or another client has no such limit. */
static void
patience(void)
{
	SCARDCONTEXT context = 0;
	SCARDHANDLE card = 0;
	pthread_t thread;
	void *code;

	begin();
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	SUITE_EQUAL_HEX(SCardConnectA(context, "One", 2, 3, &card, NULL), 0);
	scardd.blocks = WIRE_BEGIN;
	remote_answer_limit_ms = 0;
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, begin_transaction, &card), 0);
	daemon_wait(&scardd, 5);
	remote_answer_limit_ms = REMOTE_ANSWER_LIMIT_MS;
	SUITE_EQUAL_HEX(SCardCancel(context), 0);
	(void)pthread_join(thread, &code);
	SUITE_EQUAL_HEX((DWORD)(intptr_t)code, (DWORD)SCARD_E_CANCELLED);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
	end();
}

static void
put_length(uint8_t *packet, size_t length)
{
	for (size_t i = 0; i < 4; i++)
		packet[i] = (uint8_t)(length >> 8 * i);
}

/* Answers that are cut off at `at`, in a packet that says so. */
static void
cut(struct daemon *daemon, uint16_t number, uint8_t *packet, size_t *length)
{
	if (number != daemon->garbled || *length <= daemon->at)
		return;
	*length = daemon->at;
	if (*length >= 4)
		put_length(packet, *length);
}

/* A byte that was changed; the seed is `at`. */
static void
garble(struct daemon *daemon, uint16_t number, uint8_t *packet, size_t *length)
{
	static const uint8_t values[] = { 0xFF, 0x80, 0x7F, 0x01, 0x00 };
	size_t place = daemon->at / sizeof values;

	if (number == daemon->garbled && place < *length)
		packet[place] = values[daemon->at % sizeof values];
}

static unsigned told; /* scripts with a failure */

/* The answer to @number is as @spoil makes it; nothing may come of it but codes. */
static void
lies(uint16_t number, size_t at, void (*spoil)(struct daemon *, uint16_t, uint8_t *, size_t *))
{
	struct script script;

	scardd.spoil = spoil;
	scardd.at = at;
	run(&script);
	told += !all(&script, SCARD_S_SUCCESS);
	if (!script.explained || !script.within) {
		printf("# message %u, place %zu\n", (unsigned)number, at);
		complain((unsigned)at, &script);
		CU_FAIL("a lie went through");
	}
	scardd.spoil = NULL;
	forget();
}

static void
cut_answers(void)
{
	begin();
	told = 0;
	for (uint16_t number = WIRE_HELLO; number <= WIRE_SET_ATTRIBUTE; number++)
		for (size_t at = 1; at < 48; at++) {
			scardd.garbled = number;
			lies(number, at, cut);
		}
	/* Each byte of each answer but its last: none is dispensable. */
	SUITE_EQUAL_INT(told, 500);
	end();
}

/* Serial, number, lengths, counts, codes, texts, ATRs: each byte of each answer. */
static void
garbled_answers(void)
{
	begin();
	told = 0;
	for (uint16_t number = WIRE_HELLO; number <= WIRE_SET_ATTRIBUTE; number++)
		for (size_t at = 0; at < 48 * 5; at++) {
			scardd.garbled = number;
			lies(number, at, garble);
		}
	/* The first 12 bytes of an answer have one value that is right. */
	CU_ASSERT(told >= 19 * 12 * 3);
	end();
}

/* A wrong answer ends the session, so that nothing later is taken for something else. */
static void
serial_wrong(struct daemon *daemon, uint16_t number, uint8_t *packet, size_t *length)
{
	(void)daemon;
	(void)length;
	if (number == WIRE_IS_VALID)
		packet[4] ^= 1;
}

static void
wrong_serial(void)
{
	SCARDCONTEXT context = 0;

	begin();
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	scardd.spoil = serial_wrong;
	SUITE_EQUAL_HEX((DWORD)SCardIsValidContext(context), (DWORD)STOPPED);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "one release"));
	scardd.spoil = NULL;
	SUITE_EQUAL_HEX((DWORD)SCardIsValidContext(context), (DWORD)STOPPED);
	SUITE_EQUAL_HEX((DWORD)SCardReleaseContext(context), (DWORD)STOPPED);
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
	SUITE_EQUAL_INT(scardd.sessions, 2);
	end();
}

static const struct suite_test tests[] = {
	{ "all calls, undisturbed", undisturbed },
	{ "the daemon dies before and after each message", deaths },
	{ "a restarted daemon's handles are never mistaken for the old ones", restart },
	{ "a restart that nobody noticed costs nothing", restart_unnoticed },
	{ "a daemon of another version says so", other_version },
	{ "a socket without a daemon", nobody_there },
	{ "the user's daemon is found", user_socket },
	{ "a refused lane costs one call", lane_refused },
	{ "a daemon that does not answer", no_answer },
	{ "no limit where a card or a client may be waited for", patience },
	{ "answers cut off at each byte", cut_answers },
	{ "answers with each byte changed", garbled_answers },
	{ "an answer to another question ends the session", wrong_serial },
};

int
main(void)
{
	return suite_run("api_remote_failures", tests, sizeof tests / sizeof tests[0]);
}
