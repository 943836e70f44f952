/* SPDX-License-Identifier: BSD-2-Clause */
/* DEVICE and LIST_DEVICE: which device a reader belongs to, and the other way round. */
#include <stdlib.h>

#include <winerror.h>

#include "rm/daemon/daemon.h"

static void
answer_device(struct call *call, struct rm_session *session, SCARDCONTEXT context)
{
	char message[RM_MESSAGE_SIZE] = "";
	struct rm_device device;
	LONG result = rm_reader_device(session, context, call->name, &device, message);

	serve_begin(call, result, 0, message);
	if (result == SCARD_S_SUCCESS) {
		wire_put_u32(&call->answer, device.type);
		wire_put_text(&call->answer, device.id);
	}
}

static void
answer_readers(struct call *call, struct rm_session *session, SCARDCONTEXT context)
{
	char message[RM_MESSAGE_SIZE] = "", *list = NULL;
	size_t length = 0;
	LONG result = rm_list_device_readers(session, context, call->name, &list, &length, message);

	serve_begin(call, result, 0, message);
	if (result == SCARD_S_SUCCESS)
		wire_put_bytes(&call->answer, list, (uint32_t)length);
	free(list);
}

bool
device_serve(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	SCARDCONTEXT context = wire_get_u64(reader);

	wire_get_text(reader, call->name, sizeof call->name);
	if (wire_done(reader) != 0)
		return false;
	if (call->pending.number == WIRE_DEVICE)
		answer_device(call, lane->session->rm, context);
	else
		answer_readers(call, lane->session->rm, context);
	serve_finish(call);
	return true;
}
