/* SPDX-License-Identifier: BSD-2-Clause */
/* Which device a reader belongs to, as the daemon knows: the slots of the table. */
#include <stdlib.h>

#include "rm/api/remote.h"

LONG
remote_device(
    SCARDCONTEXT context, const char *reader, struct rm_calls_device *ret_device, char *message)
{
	struct rm_calls_device device = { .type = 0 };
	struct remote_call call;
	LONG code = remote_call_begin(&call, WIRE_DEVICE, REMOTE_CONTEXT, context, message);

	wire_put_text(&call.request, reader);
	code = remote_call_perform(&call, code, message);
	if (code == SCARD_S_SUCCESS) {
		device.type = wire_get_u32(&call.reply);
		wire_get_text(&call.reply, device.id, sizeof device.id);
	}
	code = remote_call_end(&call, code, message);
	if (code == SCARD_S_SUCCESS)
		*ret_device = device;
	return code;
}

LONG
remote_list_device(
    SCARDCONTEXT context, const char *device, char **ret_list, size_t *ret_length, char *message)
{
	struct remote_call call;
	char *list = NULL;
	size_t length = 0;
	LONG code = remote_call_begin(&call, WIRE_LIST_DEVICE, REMOTE_CONTEXT, context, message);

	wire_put_text(&call.request, device);
	code = remote_call_perform(&call, code, message);
	if (code == SCARD_S_SUCCESS && (list = remote_take_list(&call, &length)) == NULL)
		code = SCARD_E_NO_MEMORY;
	code = remote_call_end(&call, code, message);
	if (code != SCARD_S_SUCCESS) {
		free(list);
		return code;
	}
	*ret_list = list;
	*ret_length = length;
	return code;
}
