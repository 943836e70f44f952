/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slots of the table over the engine in this process that need no turn in a reader: the cache,
 * devices, and the record of PINs, which goes to the system's log as there is no daemon to write
 * it.
 */
#include <string.h>
#include <syslog.h>

#include "rm/api/embedded.h"

LONG
embedded_cache_read(SCARDCONTEXT context, const struct rm_calls_cache_key *key, uint8_t *data,
    size_t *length, char *message)
{
	const struct rm_cache_key own = { key->identifier, key->freshness, key->name };
	size_t used = *length;
	LONG result = embedded_refused(message);

	if (result == SCARD_S_SUCCESS)
		result = rm_cache_read(embedded->session, context, &own, data, &used);
	if (result == SCARD_S_SUCCESS || result == SCARD_E_INSUFFICIENT_BUFFER)
		*length = used;
	return result;
}

LONG
embedded_cache_write(SCARDCONTEXT context, const struct rm_calls_cache_key *key,
    const uint8_t *data, size_t length, char *message)
{
	const struct rm_cache_key own = { key->identifier, key->freshness, key->name };
	LONG result = embedded_refused(message);

	return result != SCARD_S_SUCCESS
	    ? result
	    : rm_cache_write(embedded->session, context, &own, data, length);
}

LONG
embedded_audit(SCARDCONTEXT context, uint32_t event, char *message)
{
	LONG result = embedded_refused(message);

	if (result == SCARD_S_SUCCESS)
		result = rm_context_check(embedded->session, context);
	if (result == SCARD_S_SUCCESS && event > SCARD_AUDIT_CHV_SUCCESS)
		result = SCARD_E_INVALID_PARAMETER;
	if (result == SCARD_S_SUCCESS)
		syslog(LOG_AUTHPRIV | LOG_NOTICE, "smart card: PIN verification %s",
		    event == SCARD_AUDIT_CHV_SUCCESS ? "succeeded" : "failed");
	return result;
}

LONG
embedded_device(
    SCARDCONTEXT context, const char *reader, struct rm_calls_device *ret_device, char *message)
{
	struct rm_device device;
	LONG result = embedded_refused(message);

	_Static_assert(sizeof device.id == sizeof ret_device->id, "the table and the engine agree");
	if (result == SCARD_S_SUCCESS)
		result = rm_reader_device(embedded->session, context, reader, &device, message);
	if (result == SCARD_S_SUCCESS) {
		ret_device->type = device.type;
		memcpy(ret_device->id, device.id, sizeof device.id);
	}
	return result;
}

LONG
embedded_list_device(
    SCARDCONTEXT context, const char *device, char **ret_list, size_t *ret_length, char *message)
{
	LONG result = embedded_refused(message);

	return result != SCARD_S_SUCCESS ? result
					 : rm_list_device_readers(embedded->session, context,
					       device, ret_list, ret_length, message);
}
