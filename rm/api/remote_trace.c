/* SPDX-License-Identifier: BSD-2-Clause */
/* The slot of the table that asks the daemon for a trace of a reader. */
#include <unistd.h>

#include "rm/api/remote.h"

LONG
remote_trace(SCARDCONTEXT context, const char *reader, int *ret_fd, char *message)
{
	struct remote_call call;
	LONG code = remote_call_begin(&call, WIRE_TRACE, REMOTE_CONTEXT, context, message);

	wire_put_text(&call.request, reader);
	code = remote_call_perform(&call, code, message);
	code = remote_call_end(&call, code, message);
	if (code == SCARD_S_SUCCESS && call.descriptor < 0)
		return remote_fail(SCARD_E_NO_MEMORY, message,
		    "scardd's answer brought no descriptor to read the trace from; there may be "
		    "too "
		    "many on their way to this process");
	if (code != SCARD_S_SUCCESS) {
		if (call.descriptor >= 0)
			(void)close(call.descriptor);
		return code;
	}
	*ret_fd = call.descriptor;
	return SCARD_S_SUCCESS;
}
