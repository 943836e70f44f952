/* SPDX-License-Identifier: BSD-2-Clause */
/* What a connection's reader and card are like. */
#include <string.h>

#include "rm/engine/private.h"

uint32_t
rm_status_state(const struct rm_reader *reader)
{
	if (reader->lost || reader->gone)
		return SCARD_UNKNOWN;
	if (!reader->present)
		return SCARD_ABSENT;
	if (!reader->powered)
		return SCARD_SWALLOWED;
	return reader->protocol != 0 ? SCARD_SPECIFIC : SCARD_NEGOTIABLE;
}

LONG
rm_status_run(struct rm_turn *turn)
{
	struct rm_request *request = turn->request;
	const struct rm_reader *reader = turn->reader;
	LONG result;

	if (reader->gone || reader->lost)
		return rm_fail(turn, SCARD_E_READER_UNAVAILABLE);
	if ((result = rm_card_mark_result(turn->card)) != SCARD_S_SUCCESS)
		return rm_fail(turn, result);
	memcpy(request->status.name, reader->name, sizeof request->status.name);
	request->status.state =
	    rm_rules_status(turn->rules, rm_status_state(reader), reader->mute, reader->counter);
	request->status.protocol = reader->protocol;
	memcpy(request->status.atr, reader->atr, sizeof request->status.atr);
	request->status.atr_length = reader->atr_length;
	return SCARD_S_SUCCESS;
}
