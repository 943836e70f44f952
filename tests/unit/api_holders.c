/* SPDX-License-Identifier: BSD-2-Clause */
/* tessera_scard_holders over a table that answers what it is told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera_scard.h>
#include <winerror.h>

#include "rm/api/backend.h"
#include "tests/suite.h"

#define CONTEXT ((SCARDCONTEXT)0x1111)
#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static struct {
	LONG code;
	const char *message;
	const struct rm_calls_holder *list;
	size_t count;
	unsigned calls;
} answer;

static LONG
answer_establish(uint32_t dialect, uint32_t scope, SCARDCONTEXT *ret_context, char *message)
{
	(void)dialect, (void)scope, (void)message;
	*ret_context = CONTEXT;
	return SCARD_S_SUCCESS;
}

static LONG
answer_release(SCARDCONTEXT context, char *message)
{
	(void)context, (void)message;
	return SCARD_S_SUCCESS;
}

static LONG
answer_holders(struct rm_calls_holder **ret_holders, size_t *ret_count, char *message)
{
	const size_t size = answer.count * sizeof *answer.list;

	answer.calls++;
	if (answer.code != SCARD_S_SUCCESS) {
		(void)snprintf(message, RM_CALLS_MESSAGE_SIZE, "%s", answer.message);
		return answer.code;
	}
	*ret_holders = NULL;
	*ret_count = answer.count;
	if (size > 0 && (*ret_holders = malloc(size)) != NULL)
		memcpy(*ret_holders, answer.list, size);
	return SCARD_S_SUCCESS;
}

static const struct rm_calls answering = {
	.version = RM_CALLS_VERSION,
	.establish = answer_establish,
	.release = answer_release,
	.holders = answer_holders,
};
/* As a table without the slot. */
static const struct rm_calls silent = {
	.version = RM_CALLS_VERSION,
	.establish = answer_establish,
	.release = answer_release,
};

static const struct rm_calls_holder two[] = {
	{ .reader = "First",
	    .program = "one",
	    .pid = 42,
	    .uid = 1000,
	    .share_mode = SCARD_SHARE_EXCLUSIVE,
	    .in_transaction = 1,
	    .since_msec = UINT64_C(0x123456789A) },
	{ .reader = "S\xC3\xA9"
		    "cond",
	    .pid = 43,
	    .share_mode = SCARD_SHARE_DIRECT },
};

static SCARDCONTEXT
begin(const struct rm_calls *calls)
{
	SCARDCONTEXT context = 0;

	memset(&answer, 0, sizeof answer);
	api_backend_install(calls);
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	return context;
}

static void
list(void)
{
	SCARDCONTEXT context = begin(&answering);
	const SCARDCONTEXT contexts[] = { context, 0 };
	struct tessera_scard_holder *holders;
	DWORD count;

	answer.list = two;
	answer.count = ARRAY_LENGTH(two);
	for (size_t i = 0; i < ARRAY_LENGTH(contexts); i++) {
		holders = NULL;
		count = 0;
		SUITE_EQUAL_HEX(tessera_scard_holders(contexts[i], &holders, &count), 0);
		SUITE_EQUAL_STRING(tessera_scard_message(), "");
		SUITE_EQUAL_INT(count, 2);
		SUITE_EQUAL_STRING(holders[0].reader, "First");
		SUITE_EQUAL_STRING(holders[0].program, "one");
		SUITE_EQUAL_INT(holders[0].pid, 42);
		SUITE_EQUAL_INT(holders[0].uid, 1000);
		SUITE_EQUAL_INT(holders[0].share_mode, SCARD_SHARE_EXCLUSIVE);
		SUITE_EQUAL_INT(holders[0].in_transaction, 1);
		SUITE_EQUAL_HEX(holders[0].since_msec, 0x123456789A);
		SUITE_EQUAL_STRING(holders[1].reader,
		    "S\xC3\xA9"
		    "cond");
		SUITE_EQUAL_STRING(holders[1].program, "");
		SUITE_EQUAL_INT(holders[1].in_transaction, 0);
		SUITE_EQUAL_HEX(SCardFreeMemory(contexts[i], holders), 0);
	}
	/* What is not freed goes with the context. */
	SUITE_EQUAL_HEX(tessera_scard_holders(context, &holders, &count), 0);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
}

static void
nobody(void)
{
	SCARDCONTEXT context = begin(&answering);
	struct tessera_scard_holder some, *holders = &some;
	DWORD count = 9;

	SUITE_EQUAL_HEX(tessera_scard_holders(context, &holders, &count), 0);
	CU_ASSERT_PTR_NULL(holders);
	SUITE_EQUAL_INT(count, 0);
	SUITE_EQUAL_HEX(SCardFreeMemory(context, holders), 0);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
}

static void
full_texts(void)
{
	SCARDCONTEXT context = begin(&answering);
	struct rm_calls_holder full = { 0 };
	struct tessera_scard_holder *holders = NULL;
	DWORD count;

	/* No table should, and no reader past the end would follow. */
	memset(full.reader, 'r', sizeof full.reader);
	memset(full.program, 'p', sizeof full.program);
	answer.list = &full;
	answer.count = 1;
	SUITE_EQUAL_HEX(tessera_scard_holders(context, &holders, &count), 0);
	SUITE_EQUAL_INT(strlen(holders[0].reader), sizeof full.reader - 1);
	SUITE_EQUAL_INT(strlen(holders[0].program), sizeof full.program - 1);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
}

static void
refused(void)
{
	SCARDCONTEXT context = begin(&answering);
	struct tessera_scard_holder some, *holders = &some;
	DWORD count = 9;

	SUITE_EQUAL_HEX(
	    (DWORD)tessera_scard_holders(context, NULL, &count), (DWORD)SCARD_E_INVALID_PARAMETER);
	SUITE_EQUAL_HEX((DWORD)tessera_scard_holders(context, &holders, NULL),
	    (DWORD)SCARD_E_INVALID_PARAMETER);
	SUITE_EQUAL_HEX(tessera_scard_holders(context + 1, &holders, &count), ERROR_INVALID_HANDLE);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "0x1112 is not valid"));
	SUITE_EQUAL_INT(answer.calls, 0);
	answer.code = SCARD_E_SERVICE_STOPPED;
	answer.message = "it went; come again";
	SUITE_EQUAL_HEX((DWORD)tessera_scard_holders(context, &holders, &count),
	    (DWORD)SCARD_E_SERVICE_STOPPED);
	SUITE_EQUAL_STRING(tessera_scard_message(), "it went; come again");
	SUITE_EQUAL_INT(answer.calls, 1);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
	SUITE_EQUAL_HEX(tessera_scard_holders(context, &holders, &count), ERROR_INVALID_HANDLE);
	/* Results are written on success only. */
	CU_ASSERT_PTR_EQUAL(holders, &some);
	SUITE_EQUAL_INT(count, 9);
}

static void
no_slot(void)
{
	SCARDCONTEXT context = begin(&silent);
	struct tessera_scard_holder *holders;
	DWORD count;

	SUITE_EQUAL_HEX(tessera_scard_holders(context, &holders, &count), ERROR_NOT_SUPPORTED);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "does not tell"));
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "who is connected", list },
		{ "nobody is", nobody },
		{ "texts without an end", full_texts },
		{ "what is refused", refused },
		{ "a table that cannot tell", no_slot },
	};

	return suite_run("api_holders", tests, ARRAY_LENGTH(tests));
}
