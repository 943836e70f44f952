/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls of the table over the wire: what each puts into its request and takes from the reply.
 * What a reply holds is measured before it is believed, and reaches the caller only when all of it
 * was right. What they do, says rm/api/calls.h.
 */
#ifndef RM_API_REMOTE_TABLE_H
#define RM_API_REMOTE_TABLE_H

#include "rm/api/remote.h"

LONG remote_establish(uint32_t dialect, uint32_t scope, SCARDCONTEXT *ret_context, char *message);
LONG remote_release(SCARDCONTEXT context, char *message);
LONG remote_is_valid(SCARDCONTEXT context, char *message);
LONG remote_cancel(SCARDCONTEXT context, char *message);
LONG remote_list_readers(
    SCARDCONTEXT context, const char *groups, char **ret_list, size_t *ret_length, char *message);
LONG remote_list_groups(SCARDCONTEXT context, char **ret_list, size_t *ret_length, char *message);
LONG remote_status_change(SCARDCONTEXT context, uint32_t timeout_ms, struct rm_calls_state *states,
    size_t count, int wake, char *message);
LONG remote_connect(SCARDCONTEXT context, const char *reader, uint32_t share_mode,
    uint32_t protocols, SCARDHANDLE *ret_card, uint32_t *ret_active, char *message);
LONG remote_reconnect(SCARDHANDLE card, uint32_t share_mode, uint32_t protocols,
    uint32_t initialization, uint32_t *ret_active, char *message);
LONG remote_disconnect(SCARDHANDLE card, uint32_t disposition, char *message);
LONG remote_begin(SCARDHANDLE card, char *message);
LONG remote_end(SCARDHANDLE card, uint32_t disposition, char *message);
LONG remote_status(SCARDHANDLE card, struct rm_calls_status *ret_status, char *message);
LONG
remote_transmit(SCARDHANDLE card, uint32_t protocol, const uint8_t *command, size_t command_length,
    uint8_t *reply, size_t *reply_length, uint32_t *ret_protocol, char *message);
LONG remote_control(SCARDHANDLE card, uint32_t code, const uint8_t *in, size_t in_length,
    uint8_t *out, size_t *out_length, char *message);
LONG
remote_get_attribute(SCARDHANDLE card, uint32_t id, uint8_t *value, size_t *length, char *message);
LONG remote_set_attribute(
    SCARDHANDLE card, uint32_t id, const uint8_t *value, size_t length, char *message);

#endif
