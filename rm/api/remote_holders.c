/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is connected to which reader, as the daemon knows. */
#include <stdlib.h>
#include <string.h>

#include "rm/api/remote.h"

/* A text of the reply, cut off at a character where it is longer than @size. */
static void
get_text(struct remote_call *call, char *text, size_t size)
{
	char whole[WIRE_TEXT_MAX + 1];
	const char *end;

	wire_get_text(&call->reply, whole, sizeof whole);
	if (call->reply.failed)
		whole[0] = '\0';
	if (strlen(whole) >= size) {
		whole[size - 1] = '\0';
		(void)g_utf8_validate(whole, -1, &end);
		whole[end - whole] = '\0';
	}
	memcpy(text, whole, strlen(whole) + 1);
}

static void
get_holder(struct remote_call *call, struct rm_calls_holder *holder)
{
	get_text(call, holder->reader, sizeof holder->reader);
	holder->pid = wire_get_u32(&call->reply);
	holder->uid = wire_get_u32(&call->reply);
	holder->share_mode = wire_get_u32(&call->reply);
	holder->in_transaction = wire_get_u32(&call->reply) != 0;
	get_text(call, holder->program, sizeof holder->program);
	holder->since_msec = wire_get_u64(&call->reply);
}

/* The list of the reply; what is wrong with it, the end of the call finds. */
static LONG
get_holders(struct remote_call *call, struct rm_calls_holder **ret_holders, size_t *ret_count)
{
	const uint32_t count = wire_get_count(&call->reply);
	struct rm_calls_holder *holders = NULL;

	if (count > 0 && (holders = calloc(count, sizeof *holders)) == NULL)
		return SCARD_E_NO_MEMORY;
	for (uint32_t i = 0; i < count; i++)
		get_holder(call, &holders[i]);
	*ret_holders = holders;
	*ret_count = count;
	return SCARD_S_SUCCESS;
}

LONG
remote_holders(struct rm_calls_holder **ret_holders, size_t *ret_count, char *message)
{
	struct rm_calls_holder *holders = NULL;
	struct remote_call call;
	size_t count = 0;
	LONG code = remote_call_begin(&call, WIRE_HOLDERS, REMOTE_NONE, 0, message);

	code = remote_call_perform(&call, code, message);
	if (code == SCARD_S_SUCCESS)
		code = get_holders(&call, &holders, &count);
	code = remote_call_end(&call, code, message);
	if (code != SCARD_S_SUCCESS) {
		free(holders);
		return code;
	}
	*ret_holders = holders;
	*ret_count = count;
	return SCARD_S_SUCCESS;
}
