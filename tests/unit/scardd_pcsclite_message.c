/* SPDX-License-Identifier: BSD-2-Clause */
/* The messages of pcsc-lite's library: how long each is, seen byte by byte. */
#include <string.h>

#include "rm/daemon/pcsclite/message.h"
#include "tests/suite.h"

/* From the library as Debian has it, and from what is written of later versions. */
static const struct {
	uint32_t command, body;
} commands[] = {
	{ 0x01, 12 },
	{ 0x02, 8 },
	{ 0x04, 152 },
	{ 0x05, 24 },
	{ 0x06, 12 },
	{ 0x07, 8 },
	{ 0x08, 12 },
	{ 0x09, 32 },
	{ 0x0A, 24 },
	{ 0x0B, 8 },
	{ 0x0D, 8 },
	{ 0x0F, 280 },
	{ 0x10, 280 },
	{ 0x11, 12 },
	{ 0x12, 0 },
	{ 0x13, 0 },
	{ 0x14, 0 },
	{ 0x15, 0 },
	{ 0x16, 0 },
	{ 0x17, 0 },
};
#define COUNT (sizeof commands / sizeof commands[0])

static uint8_t message[LITE_HEADER + 512];

static void
put(size_t offset, uint32_t value)
{
	memcpy(message + offset, &value, sizeof value);
}

static void
make(uint32_t size, uint32_t command)
{
	memset(message, 0, sizeof message);
	put(0, size);
	put(4, command);
}

static void
whole(void)
{
	for (size_t i = 0; i < COUNT; i++) {
		size_t all = LITE_HEADER + commands[i].body;

		make(commands[i].body, commands[i].command);
		SUITE_EQUAL_INT(lite_message_size(message, all), all);
		SUITE_EQUAL_HEX(lite_message_command(message), commands[i].command);
		SUITE_EQUAL_INT(lite_body_size(commands[i].command), commands[i].body);
		CU_ASSERT_PTR_NOT_NULL(lite_command_name(commands[i].command));
	}
}

/* Whatever has come, it tells what is missing; never less than has come. */
static void
in_pieces(void)
{
	for (size_t i = 0; i < COUNT; i++) {
		size_t all = LITE_HEADER + commands[i].body;

		make(commands[i].body, commands[i].command);
		for (size_t have = 0; have < all; have++)
			SUITE_EQUAL_INT(lite_message_size(message, have),
			    have < LITE_HEADER ? LITE_HEADER : all);
	}
}

static void
wrong_sizes(void)
{
	for (size_t i = 0; i < COUNT; i++) {
		make(commands[i].body + 1, commands[i].command);
		SUITE_EQUAL_INT(lite_message_size(message, LITE_HEADER), 0);
		make(commands[i].body - 1, commands[i].command);
		SUITE_EQUAL_INT(lite_message_size(message, LITE_HEADER), 0);
		make(0xFFFFFFFF, commands[i].command);
		SUITE_EQUAL_INT(lite_message_size(message, LITE_HEADER), 0);
	}
}

static void
unknown(void)
{
	static const uint32_t others[] = { 0, 0x03, 0x0C, 0x0E, 0x18, 0x100, 0x80000001,
		0xFFFFFFFF };

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		for (uint32_t size = 0; size <= 280; size += 4) {
			make(size, others[i]);
			SUITE_EQUAL_INT(lite_message_size(message, LITE_HEADER), 0);
		}
}

/* TRANSMIT has its length in the fourth field, CONTROL in the third. */
static void
with_data(void)
{
	static const struct {
		uint32_t command, body, length_at;
	} both[] = { { 0x09, 32, 12 }, { 0x0A, 24, 8 } };

	for (size_t i = 0; i < 2; i++) {
		size_t fixed = LITE_HEADER + both[i].body;

		make(both[i].body, both[i].command);
		put(LITE_HEADER + both[i].length_at, 5);
		SUITE_EQUAL_INT(lite_message_size(message, fixed - 1), fixed);
		for (size_t more = 0; more <= 5; more++)
			SUITE_EQUAL_INT(lite_message_size(message, fixed + more), fixed + 5);
		put(LITE_HEADER + both[i].length_at, 65548);
		SUITE_EQUAL_INT(lite_message_size(message, fixed), fixed + 65548);
		put(LITE_HEADER + both[i].length_at, 65549);
		SUITE_EQUAL_INT(lite_message_size(message, fixed), 0);
		put(LITE_HEADER + both[i].length_at, 0xFFFFFFFF);
		SUITE_EQUAL_INT(lite_message_size(message, fixed), 0);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "every command, whole", whole },
		{ "byte by byte", in_pieces },
		{ "bodies of another size", wrong_sizes },
		{ "commands that are none", unknown },
		{ "data behind the body", with_data },
	};

	return suite_run("scardd pcsc-lite messages", tests, sizeof tests / sizeof tests[0]);
}
