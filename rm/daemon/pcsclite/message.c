/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/daemon/pcsclite/message.h"

#include <string.h>

_Static_assert(sizeof(struct lite_connect) == 152, "as the library sends it");
_Static_assert(sizeof(struct lite_transmit) == 32, "as the library sends it");
_Static_assert(sizeof(struct lite_attribute) == 280, "as the library sends it");
_Static_assert(sizeof(struct lite_reader) == 184, "as the library reads it");

static const struct {
	const char *name; /* NULL: no such command */
	size_t body;
	size_t
	    length_at; /* where the body has the length of the data behind it; 0: there is none */
} shapes[LITE_COMMANDS] = {
	[LITE_ESTABLISH] = { "ESTABLISH", sizeof(struct lite_establish), 0 },
	[LITE_RELEASE] = { "RELEASE", sizeof(struct lite_release), 0 },
	[LITE_CONNECT] = { "CONNECT", sizeof(struct lite_connect), 0 },
	[LITE_RECONNECT] = { "RECONNECT", sizeof(struct lite_reconnect), 0 },
	[LITE_DISCONNECT] = { "DISCONNECT", sizeof(struct lite_disconnect), 0 },
	[LITE_BEGIN] = { "BEGIN", sizeof(struct lite_begin), 0 },
	[LITE_END] = { "END", sizeof(struct lite_disconnect), 0 },
	[LITE_TRANSMIT] = { "TRANSMIT", sizeof(struct lite_transmit),
	    offsetof(struct lite_transmit, length) },
	[LITE_CONTROL] = { "CONTROL", sizeof(struct lite_control),
	    offsetof(struct lite_control, length) },
	[LITE_STATUS] = { "STATUS", sizeof(struct lite_begin), 0 },
	[LITE_CANCEL] = { "CANCEL", sizeof(struct lite_release), 0 },
	[LITE_GET_ATTRIBUTE] = { "GET_ATTRIBUTE", sizeof(struct lite_attribute), 0 },
	[LITE_SET_ATTRIBUTE] = { "SET_ATTRIBUTE", sizeof(struct lite_attribute), 0 },
	[LITE_VERSION] = { "VERSION", sizeof(struct lite_version), 0 },
	[LITE_READERS_STATE] = { "READERS_STATE", 0, 0 },
	[LITE_WAIT] = { "WAIT", 0, 0 },
	[LITE_STOP_WAITING] = { "STOP_WAITING", 0, 0 },
	[LITE_READER_EVENTS] = { "READER_EVENTS", 0, 0 },
	[LITE_ARRAY_SIZE] = { "ARRAY_SIZE", 0, 0 },
	[LITE_ARRAY] = { "ARRAY", 0, 0 },
};

static uint32_t
number_at(const uint8_t *data, size_t offset)
{
	uint32_t number;

	memcpy(&number, data + offset, sizeof number);
	return number;
}

uint32_t
lite_message_command(const uint8_t *data)
{
	return number_at(data, sizeof(uint32_t));
}

size_t
lite_body_size(uint32_t command)
{
	return shapes[command].body;
}

const char *
lite_command_name(uint32_t command)
{
	return shapes[command].name;
}

size_t
lite_message_size(const uint8_t *data, size_t have)
{
	uint32_t command, length;
	size_t size;

	if (have < LITE_HEADER)
		return LITE_HEADER;
	command = lite_message_command(data);
	if (command >= LITE_COMMANDS || shapes[command].name == NULL ||
	    number_at(data, 0) != shapes[command].body)
		return 0;
	size = LITE_HEADER + shapes[command].body;
	if (have < size || shapes[command].length_at == 0)
		return size;
	length = number_at(data, LITE_HEADER + shapes[command].length_at);
	return length <= LITE_DATA_MAX ? size + length : 0;
}
