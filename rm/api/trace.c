/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens in a reader, for who wants to watch it closely. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <glib.h>
#include <tessera_scard.h>
#include <winerror.h>

#include "rm/api/backend.h"
#include "rm/api/input.h"
#include "rm/api/memory.h"
#include "rm/api/message.h"
#include "rm/api/visibility.h"
#include "rm/wire/wire.h"

_Static_assert(TESSERA_SCARD_TRACE_DATA == WIRE_TRACE_DATA_MAX, "the API and the wire agree");

API_EXPORT LONG
tessera_scard_trace(SCARDCONTEXT context, LPCSTR reader, int *ret_fd)
{
	static const char function[] = "tessera_scard_trace";
	const struct rm_calls *calls;

	(void)api_message_clear();
	if (reader == NULL || ret_fd == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: a pointer is NULL: pass a reader's name and the address of the result",
		    function);
	if ((calls = api_backend_for_context(function, context)) == NULL)
		return api_result(function, ERROR_INVALID_HANDLE);
	if (!api_context_known(context))
		return api_fail(ERROR_INVALID_HANDLE,
		    "%s: context 0x%zX is not valid: it was released, or never established",
		    function, (size_t)context);
	if (calls->trace == NULL)
		return api_fail(ERROR_NOT_SUPPORTED,
		    "%s: a resource manager within the process serves nobody else who could be "
		    "traced; run scardd",
		    function);
	return api_result(function, calls->trace(context, reader, ret_fd, api_message_clear()));
}

static void
get_bytes(struct wire_reader *reader, BYTE *data, DWORD *ret_shown)
{
	const uint8_t *bytes;
	uint32_t length;

	wire_get_bytes(reader, &bytes, &length);
	if (length > TESSERA_SCARD_TRACE_DATA)
		reader->failed = true;
	else if (length > 0)
		memcpy(data, bytes, length);
	*ret_shown = length;
}

/* False: it is no record. */
static bool
get_record(const uint8_t *data, size_t size, struct tessera_scard_traced *record)
{
	char program[WIRE_TEXT_MAX];
	struct wire_reader reader;
	struct wire_header header;

	if (wire_open(&reader, data, size, &header) < 0 || header.is_reply ||
	    header.number != WIRE_TRACED)
		return false;
	record->lost = wire_get_u32(&reader);
	record->what = wire_get_u32(&reader);
	record->time = wire_get_u64(&reader);
	record->duration = wire_get_u64(&reader);
	record->pid = wire_get_u32(&reader);
	record->uid = wire_get_u32(&reader);
	wire_get_text(&reader, program, sizeof program);
	record->card = wire_get_u64(&reader);
	record->share_mode = wire_get_u32(&reader);
	record->protocol = wire_get_u32(&reader);
	record->code = wire_get_u32(&reader);
	record->result = (LONG)wire_get_u32(&reader);
	record->hidden = wire_get_u32(&reader);
	record->command_length = wire_get_u32(&reader);
	get_bytes(&reader, record->command, &record->command_shown);
	record->reply_length = wire_get_u32(&reader);
	get_bytes(&reader, record->reply, &record->reply_shown);
	if (wire_done(&reader) < 0 || record->command_shown > record->command_length ||
	    record->reply_shown > record->reply_length)
		return false;
	(void)g_strlcpy(record->program, program, sizeof record->program);
	return true;
}

API_EXPORT LONG
tessera_scard_trace_read(int fd, struct tessera_scard_traced *record)
{
	static const char function[] = "tessera_scard_traced";
	LONG code = SCARD_S_SUCCESS;
	uint8_t *data;
	ssize_t size;

	(void)api_message_clear();
	if (record == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER, "%s: the record is NULL", function);
	if ((data = malloc(WIRE_MESSAGE_MAX)) == NULL)
		return api_fail(SCARD_E_NO_MEMORY, "%s: no memory for a record", function);
	do
		size = recv(fd, data, WIRE_MESSAGE_MAX, MSG_DONTWAIT | MSG_TRUNC);
	while (size < 0 && errno == EINTR);
	if (size < 0 && errno == EAGAIN)
		code = SCARD_E_TIMEOUT;
	else if (size == 0 || (size < 0 && errno == ECONNRESET))
		code =
		    api_fail(SCARD_E_SERVICE_STOPPED, "%s: scardd has ended the trace", function);
	else if (size < 0)
		code = api_fail(SCARD_E_INVALID_PARAMETER, "%s: %s", function, strerror(errno));
	else if (size > (ssize_t)WIRE_MESSAGE_MAX || !get_record(data, (size_t)size, record))
		code =
		    api_fail(SCARD_F_COMM_ERROR, "%s: what came is no record of a trace", function);
	if (size > 0)
		explicit_bzero(data, MIN((size_t)size, WIRE_MESSAGE_MAX));
	free(data);
	return code;
}
