/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of calls over the engine in this process.
 */
#include "rm/api/embedded.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FEW_STATES 8u /* on the stack */

static LONG
call_establish(uint32_t dialect, uint32_t scope, SCARDCONTEXT *ret_context, char *message)
{
	LONG result = embedded_refused(message);

	if (result != SCARD_S_SUCCESS)
		/* There is no earlier context that could have stopped working. */
		return SCARD_E_NO_SERVICE;
	return rm_context_new(embedded->session,
	    dialect <= RM_CALLS_PCSCLITE_IMPATIENT ? (enum rm_dialect)dialect : RM_DIALECT_WINDOWS,
	    scope, ret_context);
}

static LONG
call_release(SCARDCONTEXT context, char *message)
{
	LONG result = embedded_refused(message);

	return result != SCARD_S_SUCCESS ? result : rm_context_release(embedded->session, context);
}

static LONG
call_is_valid(SCARDCONTEXT context, char *message)
{
	LONG result = embedded_refused(message);

	return result != SCARD_S_SUCCESS ? result : rm_context_check(embedded->session, context);
}

static LONG
call_cancel(SCARDCONTEXT context, char *message)
{
	LONG result = embedded_refused(message);

	return result != SCARD_S_SUCCESS ? result : rm_context_cancel(embedded->session, context);
}

static LONG
call_list_readers(
    SCARDCONTEXT context, const char *groups, char **ret_list, size_t *ret_length, char *message)
{
	LONG result = embedded_refused(message);

	return result != SCARD_S_SUCCESS
	    ? result
	    : rm_list_readers(embedded->session, context, groups, ret_list, ret_length, message);
}

static LONG
call_list_groups(SCARDCONTEXT context, char **ret_list, size_t *ret_length, char *message)
{
	LONG result = embedded_refused(message);

	return result != SCARD_S_SUCCESS
	    ? result
	    : rm_list_groups(embedded->session, context, ret_list, ret_length, message);
}

static LONG
call_status_change(SCARDCONTEXT context, uint32_t timeout_ms, struct rm_calls_state *states,
    size_t count, int wake, char *message)
{
	struct rm_reader_state few[FEW_STATES], *own = few;
	LONG result = embedded_refused(message);

	if (result != SCARD_S_SUCCESS)
		return result;
	if (count > RM_STATES_MAX)
		return SCARD_E_INVALID_PARAMETER;
	if (count > FEW_STATES && (own = calloc(count, sizeof *own)) == NULL)
		return SCARD_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		own[i].name = states[i].name;
		own[i].current = states[i].current;
	}
	result = embedded_watch(context, timeout_ms, own, count, wake, message);
	if (result == SCARD_S_SUCCESS || result == SCARD_E_TIMEOUT)
		for (size_t i = 0; i < count; i++) {
			states[i].event = own[i].event;
			states[i].atr_length = own[i].atr_length;
			memcpy(states[i].atr, own[i].atr, own[i].atr_length);
		}
	if (own != few)
		free(own);
	return result;
}

static LONG
call_connect(SCARDCONTEXT context, const char *reader, uint32_t share_mode, uint32_t protocols,
    SCARDHANDLE *ret_card, uint32_t *ret_active, char *message)
{
	struct embedded_call call = { .request = { .operation = RM_CONNECT,
					  .context = context,
					  .reader_name = reader,
					  .share_mode = share_mode,
					  .protocols = protocols } };
	LONG result = embedded_perform(&call, message);

	if (result == SCARD_S_SUCCESS) {
		*ret_card = call.request.card;
		*ret_active = call.request.protocols;
	}
	return result;
}

static LONG
call_reconnect(SCARDHANDLE card, uint32_t share_mode, uint32_t protocols, uint32_t initialization,
    uint32_t *ret_active, char *message)
{
	struct embedded_call call = { .request = { .operation = RM_RECONNECT,
					  .card = card,
					  .share_mode = share_mode,
					  .protocols = protocols,
					  .disposition = initialization } };
	LONG result = embedded_perform(&call, message);

	if (result == SCARD_S_SUCCESS)
		*ret_active = call.request.protocols;
	return result;
}

static LONG
call_disconnect(SCARDHANDLE card, uint32_t disposition, char *message)
{
	struct embedded_call call = {
		.request = { .operation = RM_DISCONNECT, .card = card, .disposition = disposition }
	};

	return embedded_perform(&call, message);
}

static LONG
call_begin(SCARDHANDLE card, char *message)
{
	struct embedded_call call = { .request = { .operation = RM_BEGIN, .card = card } };

	return embedded_perform(&call, message);
}

static LONG
call_end(SCARDHANDLE card, uint32_t disposition, char *message)
{
	struct embedded_call call = {
		.request = { .operation = RM_END, .card = card, .disposition = disposition }
	};

	return embedded_perform(&call, message);
}

static LONG
call_status(SCARDHANDLE card, struct rm_calls_status *ret_status, char *message)
{
	struct embedded_call call = { .request = { .operation = RM_STATUS, .card = card } };
	LONG result = embedded_perform(&call, message);

	_Static_assert(sizeof ret_status->name == sizeof call.request.status.name &&
		sizeof ret_status->atr == sizeof call.request.status.atr,
	    "the table and the engine agree");
	if (result == SCARD_S_SUCCESS) {
		memcpy(ret_status->name, call.request.status.name, sizeof ret_status->name);
		ret_status->state = call.request.status.state;
		ret_status->protocol = call.request.status.protocol;
		memcpy(ret_status->atr, call.request.status.atr, sizeof ret_status->atr);
		ret_status->atr_length = call.request.status.atr_length;
	}
	return result;
}

static LONG
call_transmit(SCARDHANDLE card, uint32_t protocol, const uint8_t *command, size_t command_length,
    uint8_t *reply, size_t *reply_length, uint32_t *ret_protocol, char *message)
{
	/* The most frequent call: the rest of a request is not for it and need not be cleared. */
	struct embedded_call call;
	LONG result;

	call.request.operation = RM_TRANSMIT;
	call.request.card = card;
	call.request.protocols = protocol;
	call.request.impatient = false;
	call.request.in = command;
	call.request.in_length = command_length;
	call.request.out = reply;
	call.request.out_length = *reply_length;
	result = embedded_perform(&call, message);
	if (result == SCARD_S_SUCCESS || result == SCARD_E_INSUFFICIENT_BUFFER)
		*reply_length = call.request.out_length;
	if (result == SCARD_S_SUCCESS)
		*ret_protocol = call.request.protocols;
	return result;
}

static LONG
call_control(SCARDHANDLE card, uint32_t code, const uint8_t *in, size_t in_length, uint8_t *out,
    size_t *out_length, char *message)
{
	struct embedded_call call = { .request = { .operation = RM_CONTROL,
					  .card = card,
					  .code = code,
					  .in = in,
					  .in_length = in_length,
					  .out = out,
					  .out_length = *out_length } };
	LONG result = embedded_perform(&call, message);

	if (result == SCARD_S_SUCCESS || result == SCARD_E_INSUFFICIENT_BUFFER)
		*out_length = call.request.out_length;
	return result;
}

static LONG
call_get_attribute(SCARDHANDLE card, uint32_t id, uint8_t *value, size_t *length, char *message)
{
	struct embedded_call call = { .request = { .operation = RM_GET_ATTRIBUTE,
					  .card = card,
					  .code = id,
					  .out = value,
					  .out_length = *length } };
	LONG result = embedded_perform(&call, message);

	if (result == SCARD_S_SUCCESS || result == SCARD_E_INSUFFICIENT_BUFFER)
		*length = call.request.out_length;
	return result;
}

static LONG
call_set_attribute(
    SCARDHANDLE card, uint32_t id, const uint8_t *value, size_t length, char *message)
{
	struct embedded_call call = { .request = { .operation = RM_SET_ATTRIBUTE,
					  .card = card,
					  .code = id,
					  .in = value,
					  .in_length = length } };

	return embedded_perform(&call, message);
}

/* This engine has one client, this process, and names it as a daemon would. */
static void
convert_holder(const struct rm_holder *holder, struct rm_calls_holder *ret)
{
	_Static_assert(
	    sizeof ret->reader == sizeof holder->reader, "the table and the engine agree");
	memcpy(ret->reader, holder->reader, sizeof ret->reader);
	(void)snprintf(ret->program, sizeof ret->program, "%s", program_invocation_short_name);
	ret->pid = (uint32_t)holder->pid;
	ret->uid = (uint32_t)holder->uid;
	ret->share_mode = holder->share_mode;
	ret->in_transaction = holder->in_transaction;
	ret->since_msec = holder->since;
}

static LONG
call_holders(struct rm_calls_holder **ret_holders, size_t *ret_count, char *message)
{
	struct rm_calls_holder *list = NULL;
	struct rm_holder *holders = NULL;
	size_t count = 0;
	LONG result = embedded_refused(message);

	if (result == SCARD_S_SUCCESS)
		result = rm_list_holders(embedded->engine, &holders, &count);
	if (result != SCARD_S_SUCCESS)
		return result;
	if (count > 0 && (list = calloc(count, sizeof *list)) == NULL)
		result = SCARD_E_NO_MEMORY;
	for (size_t i = 0; list != NULL && i < count; i++)
		convert_holder(&holders[i], &list[i]);
	free(holders);
	if (result == SCARD_S_SUCCESS) {
		*ret_holders = list;
		*ret_count = count;
	}
	return result;
}

const struct rm_calls embedded_calls = {
	.version = RM_CALLS_VERSION,
	.establish = call_establish,
	.release = call_release,
	.is_valid = call_is_valid,
	.cancel = call_cancel,
	.list_readers = call_list_readers,
	.list_groups = call_list_groups,
	.status_change = call_status_change,
	.connect = call_connect,
	.reconnect = call_reconnect,
	.disconnect = call_disconnect,
	.begin = call_begin,
	.end = call_end,
	.status = call_status,
	.transmit = call_transmit,
	.control = call_control,
	.get_attribute = call_get_attribute,
	.set_attribute = call_set_attribute,
	.holders = call_holders,
	.cache_read = embedded_cache_read,
	.cache_write = embedded_cache_write,
	.audit = embedded_audit,
	.device = embedded_device,
	.list_device = embedded_list_device,
};
