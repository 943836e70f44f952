/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is connected to which reader. */
#include <stdlib.h>
#include <string.h>

#include <tessera_scard.h>
#include <winerror.h>

#include "rm/api/backend.h"
#include "rm/api/memory.h"
#include "rm/api/message.h"
#include "rm/api/visibility.h"

#define HOLDERS_MAX 65536u /* entries; what is beyond is left out */

/* Copies a text to the end of the block and moves that end. */
static const char *
put_text(char **end, const char *text, size_t size)
{
	size_t length = strnlen(text, size - 1);
	char *copy = *end;

	memcpy(copy, text, length);
	copy[length] = '\0';
	*end += length + 1;
	return copy;
}

/* The array of the API with its texts behind it; NULL: no memory. */
static struct tessera_scard_holder *
make_block(const struct rm_calls_holder *list, size_t count)
{
	struct tessera_scard_holder *holders;
	char *end;
	size_t size = count * sizeof *holders;

	for (size_t i = 0; i < count; i++)
		size += strnlen(list[i].reader, sizeof list[i].reader - 1) + 1 +
		    strnlen(list[i].program, sizeof list[i].program - 1) + 1;
	if ((holders = malloc(size)) == NULL)
		return NULL;
	end = (char *)(holders + count);
	for (size_t i = 0; i < count; i++) {
		holders[i] = (struct tessera_scard_holder){ .pid = list[i].pid,
			.uid = list[i].uid,
			.share_mode = list[i].share_mode,
			.in_transaction = list[i].in_transaction != 0,
			.since_msec = list[i].since_msec };
		holders[i].reader = put_text(&end, list[i].reader, sizeof list[i].reader);
		holders[i].program = put_text(&end, list[i].program, sizeof list[i].program);
	}
	return holders;
}

/* Hands the list to the caller as a block of the context. */
static LONG
give(const char *function, SCARDCONTEXT context, const struct rm_calls_holder *list, size_t count,
    struct tessera_scard_holder **ret_holders, DWORD *ret_count)
{
	struct tessera_scard_holder *holders = NULL;

	if (count > HOLDERS_MAX)
		count = HOLDERS_MAX;
	if (count > 0) {
		if ((holders = make_block(list, count)) == NULL)
			return SCARD_E_NO_MEMORY;
		if (!api_block_add(context, holders)) {
			free(holders);
			return api_fail(ERROR_INVALID_HANDLE,
			    "%s: the context was released meanwhile", function);
		}
	}
	*ret_holders = holders;
	*ret_count = (DWORD)count;
	return SCARD_S_SUCCESS;
}

API_EXPORT LONG
tessera_scard_holders(
    SCARDCONTEXT context, struct tessera_scard_holder **ret_holders, DWORD *ret_count)
{
	static const char function[] = "tessera_scard_holders";
	const struct rm_calls *calls;
	struct rm_calls_holder *list = NULL;
	size_t count = 0;
	LONG code;

	(void)api_message_clear();
	if (ret_holders == NULL || ret_count == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: a result pointer is NULL: pass the addresses of both", function);
	if ((calls = api_backend_for_list(function, context, &code)) == NULL)
		return api_result(function, code);
	if (context != 0 && !api_context_known(context))
		return api_fail(ERROR_INVALID_HANDLE,
		    "%s: context 0x%zX is not valid: it was released, or never established",
		    function, (size_t)context);
	if (calls->holders == NULL)
		return api_fail(ERROR_NOT_SUPPORTED,
		    "%s: this resource manager does not tell who is connected", function);
	code = calls->holders(&list, &count, api_message_clear());
	if (code == SCARD_S_SUCCESS)
		code = give(function, context, list, count, ret_holders, ret_count);
	free(list);
	return api_result(function, code);
}
