/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader as a program, for root in a kernel with vhci_hcd:
 *
 *	software_reader [OPTION]...
 *
 *	-i VENDOR:PRODUCT  hexadecimal; 08e6:3437, a TPDU reader that libccid's list has
 *	-f FEATURES        dwFeatures; 0x00010230, TPDU level
 *	-p PROTOCOLS       dwProtocols; 3, T=0 and T=1
 *	-m BYTES           dwMaxCCIDMessageLength; 271
 *	-n SLOTS           1 to 8; 1
 *	-0                 a card for T=0 instead of T=1
 *	-a ATR             hexadecimal, another than the default for the protocol
 *	-P PORT            of the virtual controller; 0
 *	-l                 full speed: packets of 64 bytes instead of 512
 *	-z                 a zero-length transfer of its own ends what is a multiple of a packet
 *	-e                 the slots begin empty
 *	-u                 it begins unplugged
 *	-v                 show all messages on standard error
 *
 * Commands come on standard input, one a line, and each is answered with a line when it is done:
 * `insert [SLOT]`, `remove [SLOT]`, `plug`, `unplug`: `ok` or `failed`; `count`: what the host sent
 * since the last time, `transfer N status N parameters N other N in N empty N out N interrupt N`;
 * `silence`: `ok`, and `silent` when the next exchange came, which is then never answered.
 * It ends with its input.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/vm/reader/reader.h"

#define LINE 64u

static struct reader reader = {
	.settings = { .vendor = 0x08e6,
	    .product = 0x3437,
	    .features = 0x10230,
	    .protocols = 3,
	    .message_max = 271,
	    .slots = 1 },
	.socket = -1,
};

static bool
set_atr(const char *hex)
{
	static const uint8_t t0[] = { 0x3B, 0x04, 'T', 'E', 'S', 'T' };
	/* TA1 = 18, TD1 = 81, TD2 = 31, TA3 = FE, TB3 = 45 */
	static const uint8_t t1[] = { 0x3B, 0x94, 0x18, 0x81, 0x31, 0xFE, 0x45, 'T', 'E', 'S',
		'T' };
	struct settings *settings = &reader.settings;
	unsigned byte;

	if (hex == NULL) {
		settings->atr_length = settings->t0 ? sizeof t0 : sizeof t1;
		memcpy(settings->atr, settings->t0 ? t0 : t1, settings->atr_length);
		if (settings->t0)
			return true;
		/* TCK */
		for (size_t i = 1; i < sizeof t1; i++)
			settings->atr[sizeof t1] ^= t1[i];
		settings->atr_length++;
		return true;
	}
	while (settings->atr_length < READER_ATR && sscanf(hex, "%2x", &byte) == 1) {
		settings->atr[settings->atr_length++] = (uint8_t)byte;
		hex += 2;
	}
	return *hex == '\0' && settings->atr_length >= 2;
}

static bool
set(int argc, char **argv, bool *empty, bool *unplugged)
{
	struct settings *settings = &reader.settings;
	const char *atr = NULL;
	int option;

	while ((option = getopt(argc, argv, "i:f:p:m:n:a:0P:lzeuv")) != -1)
		switch (option) {
		case 'i':
			if (sscanf(optarg, "%x:%x", &settings->vendor, &settings->product) != 2)
				return false;
			break;
		case 'f':
			settings->features = (uint32_t)strtoul(optarg, NULL, 0);
			break;
		case 'p':
			settings->protocols = (uint32_t)strtoul(optarg, NULL, 0);
			break;
		case 'm':
			settings->message_max = (uint32_t)strtoul(optarg, NULL, 0);
			break;
		case 'n':
			settings->slots = (unsigned)strtoul(optarg, NULL, 0);
			break;
		case 'a':
			atr = optarg;
			break;
		case '0':
			settings->t0 = true;
			break;
		case 'P':
			settings->port = (unsigned)strtoul(optarg, NULL, 0);
			break;
		case 'l':
			settings->full_speed = true;
			break;
		case 'z':
			settings->zero_length = true;
			break;
		case 'e':
			*empty = true;
			break;
		case 'u':
			*unplugged = true;
			break;
		case 'v':
			settings->verbose = true;
			break;
		default:
			return false;
		}
	return set_atr(atr) && settings->slots >= 1 && settings->slots <= READER_SLOTS &&
	    settings->message_max > READER_HEADER && settings->message_max <= READER_MESSAGE;
}

static void
tell_counts(void)
{
	const struct counts *c = &reader.counts;
	unsigned transfer = c->messages[0x6F], status = c->messages[0x65];
	unsigned parameters = c->messages[0x61] + c->messages[0x6C] + c->messages[0x6D], all = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(c->messages); i++)
		all += c->messages[i];
	printf("transfer %u status %u parameters %u other %u in %u empty %u out %u interrupt %u\n",
	    transfer, status, parameters, all - transfer - status - parameters, c->in, c->in_empty,
	    c->out, c->interrupts);
	reader.counts = (struct counts){ 0 };
}

static bool
obey(const char *word, unsigned slot)
{
	if (strcmp(word, "plug") == 0)
		return reader.socket < 0 && usbip_plug(&reader);
	if (strcmp(word, "unplug") == 0) {
		usbip_unplug(&reader);
		return true;
	}
	if (strcmp(word, "silence") == 0)
		return reader.silent = true;
	if (slot >= reader.settings.slots ||
	    (strcmp(word, "insert") != 0 && strcmp(word, "remove") != 0))
		return false;
	ccid_move(&reader, slot, word[0] == 'i');
	if (reader.socket >= 0)
		usbip_answer(&reader);
	return true;
}

/* False: the input has ended. */
static bool
command(void)
{
	char line[LINE], word[16] = "";
	unsigned slot = 0;
	size_t length = 0;
	ssize_t n;

	while ((n = read(STDIN_FILENO, line + length, 1)) == 1 && line[length] != '\n')
		length = MIN(length + 1, sizeof line - 2);
	if (n != 1)
		return false;
	line[length] = '\0';
	(void)sscanf(line, "%15s %u", word, &slot);
	if (strcmp(word, "count") == 0)
		tell_counts();
	else
		puts(obey(word, slot) ? "ok" : "failed");
	return true;
}

int
main(int argc, char **argv)
{
	struct pollfd polled[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
		{ .events = POLLIN } };
	bool empty = false, unplugged = false;

	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	if (!set(argc, argv, &empty, &unplugged)) {
		fprintf(stderr, "%s: wrong use\n", argv[0]);
		return 2;
	}
	reader.message = g_byte_array_new();
	for (unsigned i = 0; i < reader.settings.slots; i++)
		reader.slots[i].present = !empty;
	if (!unplugged && !usbip_plug(&reader))
		return 1;
	for (;;) {
		polled[1].fd = reader.socket;
		if (poll(polled, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return 1;
		}
		if (polled[1].fd >= 0 && polled[1].revents != 0)
			usbip_request(&reader);
		if (polled[0].revents != 0 && !command())
			break;
	}
	if (reader.socket >= 0)
		usbip_unplug(&reader);
	return 0;
}
