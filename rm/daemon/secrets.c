/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/daemon/secrets.h"

#include <string.h>

#include <winscard.h>

#define HEADER_LENGTH 4u /* CLA INS P1 P2 */
#define STATUS_LENGTH 2u /* SW1 SW2 */
#define SHORT_DATA 5u    /* place of the data with a length of one byte */
#define EXTENDED_DATA 7u /* with one of three */
#define INS_GET_RESPONSE 0xC0
#define CLASS_PROPRIETARY 0x80

/* Where the data of a command are; false: its length and what it says of it contradict. */
static bool
find_data(const uint8_t *command, size_t length, size_t *ret_at, size_t *ret_length)
{
	size_t lc;

	*ret_at = length;
	*ret_length = 0;
	if (length <= SHORT_DATA) /* without data */
		return length >= HEADER_LENGTH;
	if (command[4] != 0) {
		lc = command[4];
		*ret_at = SHORT_DATA;
		*ret_length = lc;
		/* With Le, or without. */
		return length == SHORT_DATA + lc || length == SHORT_DATA + lc + 1;
	}
	if (length == EXTENDED_DATA) /* Le alone, of three bytes */
		return true;
	if (length < EXTENDED_DATA)
		return false;
	lc = (size_t)command[5] << 8 | command[6];
	*ret_at = EXTENDED_DATA;
	*ret_length = lc;
	return lc != 0 && (length == EXTENDED_DATA + lc || length == EXTENDED_DATA + lc + 2);
}

static bool
is_harmless(const uint8_t *command)
{
	static const uint8_t interindustry[] = { 0x70, 0x84, 0xA4, 0xB0, 0xB1, 0xB2, 0xB3, 0xCA,
		0xCB };
	static const uint8_t sim[] = { 0xA4, 0xB0, 0xB2, 0xF2 };
	static const uint8_t platform[] = { 0xCA, 0xF2 };

	if (command[0] < CLASS_PROPRIETARY)
		return memchr(interindustry, command[1], sizeof interindustry) != NULL;
	if (command[0] == 0xA0)
		return memchr(sim, command[1], sizeof sim) != NULL;
	if (command[0] == 0x80)
		return memchr(platform, command[1], sizeof platform) != NULL;
	return command[0] == 0xFF && command[1] == 0xCA;
}

static bool
is_secure(uint8_t class)
{
	if (class < 0x40)
		return (class & 0x08) != 0;
	return class >= 0x60 && class < CLASS_PROPRIETARY;
}

/* Nothing but data objects that hold cryptograms, checksums, a header, Le or a status word. */
static bool
is_ciphered(const uint8_t *data, size_t length)
{
	static const uint8_t tags[] = { 0x85, 0x86, 0x87, 0x8E, 0x89, 0x97, 0x99 };
	size_t at = 0;

	while (at < length) {
		size_t size, bytes;

		if (memchr(tags, data[at], sizeof tags) == NULL || at + 1 == length)
			return false;
		size = data[++at];
		at++;
		if (size > 0x80) {
			bytes = size - 0x80;
			if (bytes > 2 || bytes > length - at)
				return false;
			for (size = 0; bytes > 0; bytes--)
				size = size << 8 | data[at++];
		} else if (size == 0x80)
			return false;
		if (size > length - at)
			return false;
		at += size;
	}
	return true;
}

static uint32_t
channel_bit(uint8_t class)
{
	if (class >= 0x40 && class < CLASS_PROPRIETARY)
		return UINT32_C(1) << (4 + (class & 0xF));
	return UINT32_C(1) << (class & 3);
}

struct secrets_shown
secrets_exchange(struct secrets *secrets, bool raw, const uint8_t *command, size_t command_length,
    const uint8_t *reply, size_t reply_length)
{
	struct secrets_shown shown = { .command = 0 };
	bool harmless = false, chained, ciphered = false;
	size_t at, length;
	uint32_t channel;

	if (raw || command_length < HEADER_LENGTH) {
		*secrets = SECRETS_BEGIN;
		return shown;
	}
	channel = channel_bit(command[0]);
	chained = command[1] == INS_GET_RESPONSE;
	if (!find_data(command, command_length, &at, &length))
		at = HEADER_LENGTH;
	else if (chained)
		harmless = (secrets->channels & channel) == 0;
	else
		harmless = is_harmless(command);
	if (!harmless && is_secure(command[0]) && !chained && at > HEADER_LENGTH)
		ciphered = is_ciphered(&command[at], length);
	shown.command_whole = harmless || ciphered || at == command_length;
	shown.command = shown.command_whole ? command_length : at;
	shown.reply_whole = harmless || reply_length <= STATUS_LENGTH ||
	    (ciphered && is_ciphered(reply, reply_length - STATUS_LENGTH));
	shown.reply = shown.reply_whole ? reply_length : STATUS_LENGTH;
	if (!chained)
		secrets->channels =
		    harmless ? secrets->channels & ~channel : secrets->channels | channel;
	return shown;
}

bool
secrets_control_shown(uint32_t code)
{
	switch (code) {
	case IOCTL_SMARTCARD_GET_ATTRIBUTE:
	case IOCTL_SMARTCARD_CONFISCATE:
	case IOCTL_SMARTCARD_EJECT:
	case IOCTL_SMARTCARD_SWALLOW:
	case IOCTL_SMARTCARD_IS_PRESENT:
	case IOCTL_SMARTCARD_IS_ABSENT:
	case IOCTL_SMARTCARD_SET_PROTOCOL:
	case IOCTL_SMARTCARD_GET_STATE:
	case IOCTL_SMARTCARD_GET_FEATURE_REQUEST:
		return true;
	default: /* PIN pads; what a driver passes to its reader, for which some use POWER's code */
		return false;
	}
}
