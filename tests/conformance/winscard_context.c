/* SPDX-License-Identifier: BSD-2-Clause */
/* Contexts: established, asked about, cancelled, released. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/conformance/fixture.h"

#define CONTEXTS 100

static bool
mapped(const char *library)
{
	char line[1024];
	bool found = false;
	FILE *maps = fopen("/proc/self/maps", "re");

	if (maps == NULL) {
		CU_FAIL("/proc/self/maps cannot be read");
		return false;
	}
	while (fgets(line, sizeof line, maps) != NULL)
		if (strstr(line, library) != NULL)
			found = true;
	(void)fclose(maps);
	return found;
}

/* Comes first: nothing was called before. */
static void
loaded_late(void)
{
	const char *manager = getenv("TESSERA_RM");
	bool embedded = strncmp(manager, "embedded", 8) == 0;
	SCARDCONTEXT context;

	CU_ASSERT_TRUE(mapped("libtessera-scard"));
	CU_ASSERT_FALSE(mapped("libtessera-com"));
	CU_ASSERT_FALSE(mapped("libtessera-engine"));
	/* What needs no resource manager loads none. */
	SUITE_EQUAL_STRING(tessera_scard_message(), "");
	CU_ASSERT_PTR_NOT_NULL(tessera_scard_error(SCARD_E_TIMEOUT));
	CODE(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardIsValidContext(0), ERROR_INVALID_HANDLE);
	CODE(SCardReleaseContext(77), ERROR_INVALID_HANDLE);
	CODE(SCardDisconnect(77, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
	CU_ASSERT_FALSE(mapped("libtessera-com"));
	CU_ASSERT_FALSE(mapped("libtessera-engine"));
	OK(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context));
	CU_ASSERT_EQUAL(mapped("libtessera-engine"), embedded);
	CU_ASSERT_EQUAL(mapped("libtessera-com"), embedded);
	OK(SCardReleaseContext(context));
}

static void
establish_null(void)
{
	CODE(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(
	    SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, NULL), SCARD_E_INVALID_PARAMETER);
}

static void
validity(void)
{
	SCARDCONTEXT context = 0;

	OK(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context));
	CU_ASSERT_NOT_EQUAL(context, 0);
	OK(SCardIsValidContext(context));
	OK(SCardCancel(context));
	OK(SCardReleaseContext(context));
	CODE(SCardIsValidContext(context), ERROR_INVALID_HANDLE);
	CODE(SCardReleaseContext(context), ERROR_INVALID_HANDLE);
	CODE(SCardCancel(context), ERROR_INVALID_HANDLE);
	CODE(SCardIsValidContext(0), ERROR_INVALID_HANDLE);
	CODE(SCardReleaseContext(0), ERROR_INVALID_HANDLE);
	CODE(SCardCancel(0), ERROR_INVALID_HANDLE);
	CODE(SCardDisconnect(0, 0), ERROR_INVALID_HANDLE);
}

static void
scopes(void)
{
	static const struct {
		DWORD scope;
		LONG code;
	} cases[] = {
		{ SCARD_SCOPE_USER, SCARD_S_SUCCESS },
		{ SCARD_SCOPE_TERMINAL, SCARD_S_SUCCESS },
		{ SCARD_SCOPE_SYSTEM, SCARD_S_SUCCESS },
		{ 4, SCARD_E_INVALID_VALUE },
		{ 0xFFFFFFFF, SCARD_E_INVALID_VALUE },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		SCARDCONTEXT context = 0;

		CODE(SCardEstablishContext(cases[i].scope, NULL, NULL, &context), cases[i].code);
		CU_ASSERT_EQUAL(context != 0, cases[i].code == SCARD_S_SUCCESS);
		if (context != 0)
			OK(SCardReleaseContext(context));
		else
			CU_ASSERT_NOT_EQUAL(tessera_scard_message()[0], '\0');
	}
}

static void
many(void)
{
	SCARDCONTEXT contexts[CONTEXTS];

	for (size_t i = 0; i < CONTEXTS; i++) {
		contexts[i] = fixture_context();
		for (size_t j = 0; j < i; j++)
			CU_ASSERT_NOT_EQUAL(contexts[i], contexts[j]);
	}
	for (size_t i = 0; i < CONTEXTS; i += 2)
		OK(SCardReleaseContext(contexts[i]));
	for (size_t i = 0; i < CONTEXTS; i++)
		CODE(SCardIsValidContext(contexts[i]), i % 2 == 0 ? ERROR_INVALID_HANDLE : 0);
	for (size_t i = 1; i < CONTEXTS; i += 2)
		OK(SCardReleaseContext(contexts[i]));
}

static void
release_ends_handles(void)
{
	SCARDCONTEXT context = fixture_context(), other = fixture_context();
	SCARDHANDLE card = fixture_connect(context), others = fixture_connect(other);

	OK(SCardReleaseContext(context));
	CODE(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CODE(SCardDisconnect(card, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
	OK(SCardStatusA(others, NULL, NULL, NULL, NULL, NULL, NULL));
	OK(SCardReleaseContext(other));
}

static void
dead_context(void)
{
	SCARDCONTEXT context = fixture_context();
	SCARD_READERSTATEA state = { .szReader = fixture_reader() };
	SCARDHANDLE card = 3;
	DWORD length = 0;

	OK(SCardReleaseContext(context));
	CODE(SCardListReadersA(context, NULL, NULL, &length), ERROR_INVALID_HANDLE);
	CODE(SCardListReaderGroupsA(context, NULL, &length), ERROR_INVALID_HANDLE);
	CODE(SCardGetStatusChangeA(context, 0, &state, 1), ERROR_INVALID_HANDLE);
	CODE(SCardConnectA(
		 context, fixture_reader(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    ERROR_INVALID_HANDLE);
	CU_ASSERT_EQUAL(card, 3);
	CODE(SCardFreeMemory(context, NULL), ERROR_INVALID_HANDLE);
}

/* A child says by its exit status what it saw. */
static void
fork_child(void)
{
	SCARDCONTEXT context = fixture_context();
	SCARDHANDLE card = fixture_connect(context);
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		(void)alarm(30);
		if (SCardIsValidContext(context) == SCARD_S_SUCCESS)
			_exit(1);
		if (SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL) == SCARD_S_SUCCESS)
			_exit(2);
		if (tessera_scard_message()[0] == '\0')
			_exit(3);
		_exit(0);
	}
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	SUITE_EQUAL_INT(WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), 0);
	/* What the child did is nothing to the parent. */
	OK(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL));
	OK(SCardReleaseContext(context));
}

static void *
wait_for_ever(void *data)
{
	SCARDCONTEXT context = *(const SCARDCONTEXT *)data;
	SCARD_READERSTATEA state = { .szReader = fixture_reader(),
		.dwCurrentState = SCARD_STATE_PRESENT | SCARD_STATE_INUSE };

	(void)SCardGetStatusChangeA(context, INFINITE, &state, 1);
	return NULL;
}

/* What a careless program does: ends with everything open, and a thread that waits. */
static int
leave_open(void)
{
	static SCARDCONTEXT context;
	char *block = NULL;
	DWORD length = SCARD_AUTOALLOCATE;
	pthread_t thread;
	SCARDHANDLE card;

	(void)alarm(60);
	context = fixture_context();
	card = fixture_connect(context);
	if (SCardBeginTransaction(card) != SCARD_S_SUCCESS ||
	    SCardListReadersA(context, NULL, (LPSTR)&block, &length) != SCARD_S_SUCCESS ||
	    pthread_create(&thread, NULL, wait_for_ever, &context) != 0)
		return 2;
	(void)pthread_detach(thread);
	return 0;
}

static void
careless_end(void)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		(void)execl("/proc/self/exe", "winscard_context", "leave-open", (char *)NULL);
		_exit(127);
	}
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	SUITE_EQUAL_INT(WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), 0);
}

static const struct suite_test tests[] = {
	{ "engine and component runtime are loaded by the first call that needs them",
	    loaded_late },
	{ "9.1 SCardEstablishContext without a place for the context", establish_null },
	{ "9.2 SCardIsValidContext, SCardReleaseContext, SCardCancel, SCardDisconnect", validity },
	{ "scopes", scopes },
	{ "a hundred contexts", many },
	{ "a released context takes its handles along", release_ends_handles },
	{ "every call refuses a released context", dead_context },
	{ "a forked child cannot use its parent's context", fork_child },
	{ "a program that ends with everything open", careless_end },
};

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "leave-open") == 0)
		return leave_open();
	return fixture_run("winscard_context", tests, sizeof tests / sizeof tests[0]);
}
