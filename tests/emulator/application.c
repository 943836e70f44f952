/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands behind the contacts: the soft card's file system, and an echo.
 */
#include <stdlib.h>
#include <string.h>

#include "rm/drivers/softcard/card.h"
#include "tests/emulator/card.h"

enum {
	INS_ECHO = 0x10,
	INS_COUNT = 0x12,
	PIN = 0x01
};

static size_t
files_transmit(void *data, const uint8_t *command, size_t length, uint8_t *reply)
{
	return softcard_card_transmit(data, command, length, reply);
}

static void
files_reset(void *data)
{
	softcard_card_reset(data);
}

static void
files_free(void *data)
{
	softcard_card_free(data);
}

/* A transparent file that holds its own places, so that a piece shows where it is from. */
static void
add_file(struct softcard_card *card, int parent, uint16_t id, uint8_t short_id, size_t size,
    struct softcard_access read, struct softcard_access update)
{
	uint8_t *content = malloc(size);
	int file = softcard_card_add_file(card, parent, id, short_id, size, read, update);

	if (content == NULL || file < 0)
		abort();
	for (size_t i = 0; i < size; i++)
		content[i] = (uint8_t)(i % 251);
	softcard_card_fill(card, file, content, size);
	free(content);
}

struct emu_application
emu_application_files(void)
{
	static const uint8_t name[] = { 0xF0, 'T', 'E', 'S', 'T' };
	const struct softcard_access always = { SOFTCARD_ALWAYS, 0 }, never = { SOFTCARD_NEVER, 0 },
				     after_pin = { SOFTCARD_AFTER_PIN, PIN };
	struct softcard_card *card = softcard_card_new();
	int folder;

	if (card == NULL)
		abort();
	softcard_card_add_pin(card, PIN, SOFTCARD_MF, (const uint8_t *)"1234", 4, 3);
	add_file(card, SOFTCARD_MF, 0x2F00, 30, 20, always, never);
	folder = softcard_card_add_directory(card, SOFTCARD_MF, 0x5000, name, sizeof name);
	add_file(card, folder, 0x5001, 1, 64, always, after_pin);
	add_file(card, folder, 0x5002, 2, 16, after_pin, after_pin);
	add_file(card, folder, 0x5003, 3, SOFTCARD_FILE_SIZE_MAX, always, always);
	softcard_card_reset(card);
	return (struct emu_application){ files_transmit, files_reset, files_free, card };
}

static size_t
echo_transmit(void *data, const uint8_t *command, size_t length, uint8_t *reply)
{
	struct softcard_apdu apdu;
	size_t used = 0;
	uint16_t sw = ISO7816_SW_OK;

	(void)data;
	if (softcard_apdu_parse(command, length, &apdu) < 0) {
		sw = ISO7816_SW_WRONG_LENGTH;
	} else if (apdu.ins == INS_ECHO) {
		used = apdu.lc;
		if (used != 0)
			memcpy(reply, apdu.data, used);
	} else if (apdu.ins == INS_COUNT) {
		for (; used < apdu.le; used++)
			reply[used] = (uint8_t)(used % 251);
	}
	reply[used] = (uint8_t)(sw >> 8);
	reply[used + 1] = (uint8_t)sw;
	return used + 2;
}

static void
echo_nothing(void *data)
{
	(void)data;
}

struct emu_application
emu_application_echo(void)
{
	return (struct emu_application){ echo_transmit, echo_nothing, echo_nothing, NULL };
}
