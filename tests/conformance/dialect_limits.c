/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many contexts and handles a program can have: 4,096 of each, with either library. pcsc-lite's
 * own limits, 200 of each, are its administrator's to choose, and no program relies on being
 * refused.
 */
#include "tests/conformance/dialect.h"

#define LIMIT 4096u

static SCARDCONTEXT contexts[LIMIT];
static SCARDHANDLE cards[LIMIT];

static LONG
establish(SCARDCONTEXT *ret_context)
{
	return SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, ret_context);
}

static void
many_contexts(void)
{
	SCARDCONTEXT one_more = 0;
	size_t count = 0;

	/* One more is there already: that by which the readers are steered. */
	while (count < LIMIT && establish(&contexts[count]) == SCARD_S_SUCCESS)
		count++;
	SUITE_EQUAL_INT(count, LIMIT - 1);
	BOTH(establish(&one_more), SCARD_E_NO_MEMORY);
	SUITE_EQUAL_INT(one_more, 0);
	OK(SCardIsValidContext(contexts[0]));
	/* Room again. */
	OK(SCardReleaseContext(contexts[--count]));
	OK(establish(&contexts[count++]));
	while (count > 0)
		OK(SCardReleaseContext(contexts[--count]));
}

static LONG
connect_one(SCARDCONTEXT context, SCARDHANDLE *ret_card)
{
	DWORD active;

	return SCardConnect(
	    context, "Limits", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, ret_card, &active);
}

static void
many_handles(void)
{
	unsigned reader = steer_reader_with_card("Limits");
	SCARDCONTEXT context = dialect_context();
	SCARDHANDLE one_more = 0;
	size_t count = 0;

	while (count < LIMIT && connect_one(context, &cards[count]) == SCARD_S_SUCCESS)
		count++;
	SUITE_EQUAL_INT(count, LIMIT);
	BOTH(connect_one(context, &one_more), SCARD_E_NO_MEMORY);
	OK(dialect_transmit(cards[LIMIT - 1]));
	OK(SCardDisconnect(cards[--count], SCARD_LEAVE_CARD));
	OK(connect_one(context, &cards[count++]));
	OK(SCardReleaseContext(context));
	steer_unplug(reader, "Limits");
}

static const struct suite_test tests[] = {
	{ DIALECT ": 7.2.52 as many contexts as there can be", many_contexts },
	{ DIALECT ": 7.2.52 as many handles as there can be", many_handles },
};

int
main(void)
{
	return steer_run("dialect limits", tests, sizeof tests / sizeof tests[0]);
}
