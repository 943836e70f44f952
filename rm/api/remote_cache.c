/* SPDX-License-Identifier: BSD-2-Clause */
/* The cache of the daemon, and its record of PINs: the slots of the table. */
#include "rm/api/remote.h"

#define CACHE_ROOM_MAX 65536u /* what a daemon accepts as room for an item */

static LONG
begin(struct remote_call *call, uint16_t number, SCARDCONTEXT context,
    const struct rm_calls_cache_key *key, char *message)
{
	LONG code = remote_call_begin(call, number, REMOTE_CONTEXT, context, message);

	wire_put_bytes(&call->request, key->identifier, sizeof key->identifier);
	wire_put_u32(&call->request, key->freshness);
	wire_put_text(&call->request, key->name);
	return code;
}

LONG
remote_cache_read(SCARDCONTEXT context, const struct rm_calls_cache_key *key, uint8_t *data,
    size_t *length, char *message)
{
	struct remote_call call;
	uint32_t room = *length < CACHE_ROOM_MAX ? (uint32_t)*length : CACHE_ROOM_MAX;
	LONG code = begin(&call, WIRE_READ_CACHE, context, key, message);

	wire_put_u32(&call.request, room);
	code = remote_call_perform(&call, code, message);
	remote_take_data(&call, code, data, room, length);
	return remote_call_end(&call, code, message);
}

LONG
remote_cache_write(SCARDCONTEXT context, const struct rm_calls_cache_key *key, const uint8_t *data,
    size_t length, char *message)
{
	struct remote_call call;
	LONG code;

	if (length > CACHE_ROOM_MAX)
		return SCARD_W_CACHE_ITEM_TOO_BIG;
	code = begin(&call, WIRE_WRITE_CACHE, context, key, message);
	wire_put_bytes(&call.request, data, (uint32_t)length);
	code = remote_call_perform(&call, code, message);
	return remote_call_end(&call, code, message);
}

LONG
remote_audit(SCARDCONTEXT context, uint32_t event, char *message)
{
	struct remote_call call;
	LONG code = remote_call_begin(&call, WIRE_AUDIT, REMOTE_CONTEXT, context, message);

	wire_put_u32(&call.request, event);
	code = remote_call_perform(&call, code, message);
	return remote_call_end(&call, code, message);
}
