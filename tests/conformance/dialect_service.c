/* SPDX-License-Identifier: BSD-2-Clause */
/* The differences when a service stands behind the library: forks, deaths of clients, its own end.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/conformance/dialect.h"
#include "tests/daemon/scardd_process.h"

static struct scardd_process scardd;
static SCARDCONTEXT context;
static char reader[128];

static void
begin(void)
{
	static const char *const drivers[] = { "softcard", NULL };
	DWORD length = sizeof reader;

	if (!scardd_start(&scardd, drivers))
		exit(1);
	context = dialect_context();
	OK(SCardListReaders(context, NULL, reader, &length));
}

/* What a child that was forked here returns. */
static int
child_gives(int (*work)(void))
{
	pid_t child = fork();
	int status = -1;

	if (child == 0)
		_exit(work());
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	return status;
}

static int
use_inherited(void)
{
	DWORD length = 0;
	SCARDCONTEXT own;

	/* Bits that are set are failures. */
	return (SCardListReaders(context, NULL, NULL, &length) == SCARD_S_SUCCESS) |
	    (SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &own) != SCARD_S_SUCCESS) << 1 |
	    (SCardListReaders(own, NULL, NULL, &length) != SCARD_S_SUCCESS) << 2;
}

static void
forked(void)
{
	DWORD length = 0;

	SUITE_EQUAL_INT(child_gives(use_inherited), 0);
	OK(SCardListReaders(context, NULL, NULL, &length));
}

static int
die_in_transaction(void)
{
	SCARDHANDLE card = dialect_connect(dialect_context(), reader);

	return SCardBeginTransaction(card) != SCARD_S_SUCCESS;
}

/* The card is reset before anyone else gets it. */
static void
death(void)
{
	SCARDHANDLE card = dialect_connect(context, reader);

	SUITE_EQUAL_INT(child_gives(die_in_transaction), 0);
	/* Until the death is known the transaction is held, and this waits. */
	BOTH(SCardBeginTransaction(card), SCARD_W_RESET_CARD);
	BOTH(SCardStatus(card, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_W_RESET_CARD);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
}

static void
stopped(void)
{
	SCARDCONTEXT other;
	DWORD length = 0;
	LONG code;

	CU_ASSERT_TRUE(scardd_stop(&scardd));
	code = SCardListReaders(context, NULL, NULL, &length);
	CU_ASSERT_TRUE(code == SCARD_E_SERVICE_STOPPED || code == SCARD_E_NO_SERVICE);
	/* A question to the service; or to the library's own table. */
	CU_ASSERT_EQUAL(SCardIsValidContext(context) == SCARD_S_SUCCESS, EITHER(false, true));
	BOTH(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &other), SCARD_E_NO_SERVICE);
	(void)SCardReleaseContext(context);
	GIVES(SCardIsValidContext(context), WIN32_INVALID_HANDLE, SCARD_E_INVALID_HANDLE);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ DIALECT ": a service", begin },
		{ DIALECT ": a forked child", forked },
		{ DIALECT ": a client that dies in its transaction", death },
		{ DIALECT ": the service's end", stopped },
	};

	return suite_run("dialect service", tests, sizeof tests / sizeof tests[0]);
}
