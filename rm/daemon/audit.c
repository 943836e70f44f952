/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AUDIT: a program tells how a PIN fared. The record is a line of the log, with who says so: the
 * peer's user and process, which the kernel vouches for.
 */
#include <winerror.h>

#include "rm/daemon/daemon.h"

bool
audit_serve(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	SCARDCONTEXT context = wire_get_u64(reader);
	uint32_t event = wire_get_u32(reader);
	const char *message = "";
	LONG result;

	if (wire_done(reader) != 0)
		return false;
	result = rm_context_check(lane->session->rm, context);
	if (result == SCARD_S_SUCCESS && event > SCARD_AUDIT_CHV_SUCCESS)
		result = SCARD_E_INVALID_PARAMETER;
	if (result == SCARD_S_SUCCESS && !log_wants(LOG_LEVEL_INFO)) {
		result = SCARD_E_UNSUPPORTED_FEATURE;
		message = "scardd writes errors only: start it without TESSERA_LOG=error";
	}
	if (result == SCARD_S_SUCCESS)
		log_line(LOG_LEVEL_INFO, "audit: user %u, process %d: PIN verification %s",
		    (unsigned)lane->session->uid, (int)lane->session->pid,
		    event == SCARD_AUDIT_CHV_SUCCESS ? "succeeded" : "failed");
	serve_begin(call, result, 0, message);
	serve_finish(call);
	return true;
}
