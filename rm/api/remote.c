/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of calls of a client of scardd. */
#include "rm/api/remote_table.h"

const struct rm_calls remote_calls = {
	.version = RM_CALLS_VERSION,
	.establish = remote_establish,
	.release = remote_release,
	.is_valid = remote_is_valid,
	.cancel = remote_cancel,
	.list_readers = remote_list_readers,
	.list_groups = remote_list_groups,
	.status_change = remote_status_change,
	.connect = remote_connect,
	.reconnect = remote_reconnect,
	.disconnect = remote_disconnect,
	.begin = remote_begin,
	.end = remote_end,
	.status = remote_status,
	.transmit = remote_transmit,
	.control = remote_control,
	.get_attribute = remote_get_attribute,
	.set_attribute = remote_set_attribute,
	.holders = remote_holders,
	.cache_read = remote_cache_read,
	.cache_write = remote_cache_write,
	.audit = remote_audit,
	.device = remote_device,
	.list_device = remote_list_device,
	.trace = remote_trace,
};
