/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a client makes of a status page. Input: the page from its first byte; what is missing is
 * zero.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rm/api/remote.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct wire_page *page;
static uint32_t dialect;

/* In place of the session's: there is none. */
struct wire_page_copy *
remote_session_look(SCARDCONTEXT context, uint32_t *ret_dialect)
{
	(void)context;
	*ret_dialect = dialect;
	return wire_page_read(page);
}

static void
check_list(void)
{
	char *list;
	size_t length, at = 0;

	if (!remote_page_list_readers(1, NULL, &list, &length))
		return;
	assert(length >= 3 && list[length - 1] == '\0' && list[length - 2] == '\0');
	while (list[at] != '\0') {
		assert(strlen(list + at) < WIRE_PAGE_NAME_SIZE);
		at += strlen(list + at) + 1;
	}
	assert(at == length - 1);
	free(list);
}

static void
check_states(const char *first)
{
	struct rm_calls_state states[] = { { .name = first },
		{ .name = "\\\\?PnP?\\Notification", .current = 0x10000 },
		{ .name = "none", .current = SCARD_STATE_IGNORE } };
	LONG code = 1;

	if (!remote_page_status_change(1, 0, states, 3, &code))
		return;
	assert(code == SCARD_S_SUCCESS || code == SCARD_E_TIMEOUT);
	for (size_t i = 0; i < 3; i++)
		assert(states[i].atr_length <= sizeof states[i].atr);
	assert(states[2].event == SCARD_STATE_IGNORE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_page_copy *copy;

	page = calloc(1, sizeof *page);
	memcpy(page, data, size < sizeof *page ? size : sizeof *page);
	for (dialect = RM_CALLS_WINDOWS; dialect <= RM_CALLS_PCSCLITE_IMPATIENT; dialect++) {
		check_list();
		check_states("Reader");
		if ((copy = wire_page_read(page)) != NULL && copy->set.readers > 0)
			check_states(copy->readers[copy->set.readers - 1].name);
		free(copy);
	}
	free(page);
	return 0;
}
