/* SPDX-License-Identifier: BSD-2-Clause */
/* READ_CACHE and WRITE_CACHE. The engine writes an item into the answer itself. */
#include <winerror.h>

#include "rm/daemon/daemon.h"

/*
 * Context, identifier, freshness and name. The code for what they are; what is no message, the
 * reader knows.
 */
static LONG
get_key(struct call *call, struct wire_reader *reader, SCARDCONTEXT *ret_context,
    struct rm_cache_key *ret_key)
{
	uint32_t length;

	*ret_context = wire_get_u64(reader);
	wire_get_bytes(reader, &ret_key->identifier, &length);
	ret_key->freshness = wire_get_u32(reader);
	wire_get_text(reader, call->name, sizeof call->name);
	ret_key->name = call->name;
	return length == RM_CACHE_IDENTIFIER_SIZE ? SCARD_S_SUCCESS : SCARD_E_INVALID_PARAMETER;
}

static bool
read_item(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	struct rm_cache_key key;
	SCARDCONTEXT context;
	uint32_t room;
	size_t length;
	uint8_t *out;
	LONG result = get_key(call, reader, &context, &key);

	room = wire_get_u32(reader);
	if (wire_done(reader) != 0)
		return false;
	length = MIN(room, RM_CACHE_ITEM_MAX);
	serve_begin(call, SCARD_S_SUCCESS, 0, NULL);
	out = wire_reserve_bytes(&call->answer, (uint32_t)length);
	if (result == SCARD_S_SUCCESS)
		result = rm_cache_read(lane->session->rm, context, &key, out, &length);
	if (result == SCARD_S_SUCCESS)
		wire_commit_bytes(&call->answer, (uint32_t)length);
	else
		serve_begin(
		    call, result, result == SCARD_E_INSUFFICIENT_BUFFER ? (uint32_t)length : 0, "");
	serve_finish(call);
	return true;
}

static bool
write_item(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	struct rm_cache_key key;
	SCARDCONTEXT context;
	const uint8_t *data;
	uint32_t length;
	LONG result = get_key(call, reader, &context, &key);

	wire_get_bytes(reader, &data, &length);
	if (wire_done(reader) != 0)
		return false;
	if (result == SCARD_S_SUCCESS)
		result = rm_cache_write(lane->session->rm, context, &key, data, length);
	serve_begin(call, result, 0, "");
	serve_finish(call);
	return true;
}

bool
cache_serve(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	return call->pending.number == WIRE_READ_CACHE ? read_item(lane, call, reader)
						       : write_item(lane, call, reader);
}
