/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/api_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rm/api/backend.h"

struct fake fake;

void
fake_reset(void)
{
	memset(&fake, 0, sizeof fake);
	api_backend_install(&fake_calls);
}

static LONG
answer(const char *call, ULONG_PTR handle, char *message)
{
	fake.call = call;
	fake.handle = handle;
	if (fake.code != SCARD_S_SUCCESS && fake.message != NULL)
		(void)snprintf(message, RM_CALLS_MESSAGE_SIZE, "%s", fake.message);
	return fake.code;
}

static void
note_text(const char *text, size_t length)
{
	fake.text_length = length < sizeof fake.text ? length : sizeof fake.text;
	memcpy(fake.text, text, fake.text_length);
}

static LONG
fake_establish(uint32_t dialect, uint32_t scope, SCARDCONTEXT *ret_context, char *message)
{
	fake.a = dialect;
	fake.b = scope;
	*ret_context = FAKE_CONTEXT;
	return answer("establish", 0, message);
}

static LONG
fake_release(SCARDCONTEXT context, char *message)
{
	return answer("release", context, message);
}

static LONG
fake_is_valid(SCARDCONTEXT context, char *message)
{
	return answer("is_valid", context, message);
}

static LONG
fake_cancel(SCARDCONTEXT context, char *message)
{
	return answer("cancel", context, message);
}

static LONG
give_list(char **ret_list, size_t *ret_length)
{
	if (fake.code == SCARD_S_SUCCESS) {
		*ret_list = malloc(fake.list_length);
		memcpy(*ret_list, fake.list, fake.list_length);
		*ret_length = fake.list_length;
	}
	return fake.code;
}

static LONG
fake_list_readers(
    SCARDCONTEXT context, const char *groups, char **ret_list, size_t *ret_length, char *message)
{
	size_t length = 0;

	if (groups != NULL) {
		while (groups[length] != '\0')
			length += strlen(groups + length) + 1;
		note_text(groups, length + 1);
	}
	(void)answer("list_readers", context, message);
	return give_list(ret_list, ret_length);
}

static LONG
fake_list_groups(SCARDCONTEXT context, char **ret_list, size_t *ret_length, char *message)
{
	(void)answer("list_groups", context, message);
	return give_list(ret_list, ret_length);
}

static LONG
fake_status_change(SCARDCONTEXT context, uint32_t timeout_ms, struct rm_calls_state *states,
    size_t count, int wake, char *message)
{
	fake.a = timeout_ms;
	fake.b = (uint32_t)wake;
	fake.count = count;
	for (size_t i = 0; i < count; i++) {
		if (i < 8) {
			(void)snprintf(fake.names[i], sizeof fake.names[i], "%s", states[i].name);
			fake.currents[i] = states[i].current;
		}
		states[i].event = fake.state.event;
		states[i].atr_length = fake.state.atr_length;
		memcpy(states[i].atr, fake.state.atr, sizeof states[i].atr);
	}
	return answer("status_change", context, message);
}

static LONG
fake_connect(SCARDCONTEXT context, const char *reader, uint32_t share_mode, uint32_t protocols,
    SCARDHANDLE *ret_card, uint32_t *ret_active, char *message)
{
	note_text(reader, strlen(reader) + 1);
	fake.a = share_mode;
	fake.b = protocols;
	*ret_card = FAKE_CARD;
	*ret_active = fake.protocol;
	return answer("connect", context, message);
}

static LONG
fake_reconnect(SCARDHANDLE card, uint32_t share_mode, uint32_t protocols, uint32_t initialization,
    uint32_t *ret_active, char *message)
{
	fake.a = share_mode;
	fake.b = protocols;
	fake.c = initialization;
	*ret_active = fake.protocol;
	return answer("reconnect", card, message);
}

static LONG
fake_disconnect(SCARDHANDLE card, uint32_t disposition, char *message)
{
	fake.a = disposition;
	return answer("disconnect", card, message);
}

static LONG
fake_begin(SCARDHANDLE card, char *message)
{
	return answer("begin", card, message);
}

static LONG
fake_end(SCARDHANDLE card, uint32_t disposition, char *message)
{
	fake.a = disposition;
	return answer("end", card, message);
}

static LONG
fake_status(SCARDHANDLE card, struct rm_calls_status *ret_status, char *message)
{
	*ret_status = fake.status;
	return answer("status", card, message);
}

static void
note_input(const uint8_t *in, size_t length, size_t room)
{
	fake.in_address = in;
	fake.in_length = length;
	if (in != NULL)
		memcpy(fake.in, in, length < sizeof fake.in ? length : sizeof fake.in);
	fake.room = room;
}

/* What a driver does: writes what fits, tells how much there is. */
static void
give_data(uint8_t *out, size_t *length)
{
	size_t fits = fake.data_length < *length ? fake.data_length : *length;

	if (fits > 0)
		memcpy(out, fake.data, fits);
	if (fake.data_length > *length)
		fake.code = SCARD_E_INSUFFICIENT_BUFFER;
	*length = fake.data_length;
}

static LONG
fake_transmit(SCARDHANDLE card, uint32_t protocol, const uint8_t *command, size_t command_length,
    uint8_t *reply, size_t *reply_length, uint32_t *ret_protocol, char *message)
{
	fake.a = protocol;
	note_input(command, command_length, *reply_length);
	give_data(reply, reply_length);
	/* A driver that writes before it has read everything would show here. */
	if (command != NULL && command_length <= sizeof fake.in)
		memcpy(fake.in, command, command_length);
	*ret_protocol = fake.protocol;
	return answer("transmit", card, message);
}

static LONG
fake_control(SCARDHANDLE card, uint32_t code, const uint8_t *in, size_t in_length, uint8_t *out,
    size_t *out_length, char *message)
{
	fake.a = code;
	note_input(in, in_length, *out_length);
	give_data(out, out_length);
	if (in != NULL && in_length <= sizeof fake.in)
		memcpy(fake.in, in, in_length);
	return answer("control", card, message);
}

static LONG
fake_get_attribute(SCARDHANDLE card, uint32_t id, uint8_t *value, size_t *length, char *message)
{
	fake.a = id;
	fake.room = *length;
	give_data(value, length);
	return answer("get_attribute", card, message);
}

static LONG
fake_set_attribute(
    SCARDHANDLE card, uint32_t id, const uint8_t *value, size_t length, char *message)
{
	fake.a = id;
	note_input(value, length, 0);
	return answer("set_attribute", card, message);
}

const struct rm_calls fake_calls = {
	.version = RM_CALLS_VERSION,
	.establish = fake_establish,
	.release = fake_release,
	.is_valid = fake_is_valid,
	.cancel = fake_cancel,
	.list_readers = fake_list_readers,
	.list_groups = fake_list_groups,
	.status_change = fake_status_change,
	.connect = fake_connect,
	.reconnect = fake_reconnect,
	.disconnect = fake_disconnect,
	.begin = fake_begin,
	.end = fake_end,
	.status = fake_status,
	.transmit = fake_transmit,
	.control = fake_control,
	.get_attribute = fake_get_attribute,
	.set_attribute = fake_set_attribute,
};
