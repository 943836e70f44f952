/* SPDX-License-Identifier: BSD-2-Clause */
/* Which readers and groups there are. A list of readers is of all of them, whatever the groups. */
#include <stdlib.h>

#include "rm/api/message.h"
#include "rm/pcsclite/lp64.h"

#define EMPTY_LIST_LENGTH 1u

lp64_long pcsclite_list_readers(lp64_handle context, const char *groups, char *readers,
    lp64_dword *length) LP64_EXPORT("SCardListReaders");
lp64_long pcsclite_list_groups(lp64_handle context, char *groups, lp64_dword *length)
    LP64_EXPORT("SCardListReaderGroups");

static bool
can_give(const void *buffer, const lp64_dword *length)
{
	return length != NULL && (buffer != NULL || *length != LP64_AUTOALLOCATE);
}

lp64_long
pcsclite_list_readers(lp64_handle context, const char *groups, char *readers, lp64_dword *length)
{
	const struct rm_calls *calls;
	size_t size = 0;
	char *list = NULL;
	LONG code;

	(void)groups;
	if (!can_give(readers, length))
		return lp64_result(SCARD_E_INVALID_PARAMETER);
	if ((calls = lp64_context_calls(context)) == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	code = calls->list_readers((SCARDCONTEXT)context, NULL, &list, &size, api_message_clear());
	if (code == SCARD_S_SUCCESS)
		code = lp64_give(readers, length, list, size, false);
	else if (code == SCARD_E_NO_READERS_AVAILABLE)
		*length = EMPTY_LIST_LENGTH;
	free(list);
	return lp64_result(code);
}

lp64_long
pcsclite_list_groups(lp64_handle context, char *groups, lp64_dword *length)
{
	/* With two NULs: a list of one. Always the same, readers or not. */
	static const char all[] = "SCard$DefaultReaders\0";

	if (!can_give(groups, length))
		return lp64_result(SCARD_E_INVALID_PARAMETER);
	if (lp64_context_calls(context) == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	return lp64_result(lp64_give(groups, length, all, sizeof all, false));
}
