/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/vpcd_card.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGE_MAX (2 + 65535)

const uint8_t card_atr[5] = { 0x3B, 0x80, 0x80, 0x01, 0x01 };

static int
connect_to(int family, const void *address, socklen_t length)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, address, length) < 0) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

int
card_connect(const struct vpcd_settings *settings, unsigned slot)
{
	struct sockaddr_un path = { .sun_family = AF_UNIX };
	struct sockaddr_in port = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)(settings->port + slot)),
		.sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
	int one = 1, fd;

	if (settings->transport == VPCD_UNIX) {
		vpcd_settings_address(settings, slot, path.sun_path, sizeof path.sun_path);
		return connect_to(AF_UNIX, &path, sizeof path);
	}
	fd = connect_to(AF_INET, &port, sizeof port);
	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

/* What has come and was not looked at yet: controls may come close behind one another. */
struct inbox {
	uint8_t bytes[2 * MESSAGE_MAX];
	size_t count;
};

/* The next message, without its head and with room for SW1 SW2 behind it; false: it is over. */
static bool
read_message(struct card *card, struct inbox *inbox, uint8_t *message, size_t *ret_length)
{
	size_t length;

	for (;;) {
		ssize_t n;

		length = (size_t)inbox->bytes[0] << 8 | inbox->bytes[1];
		if (inbox->count >= 2 && inbox->count >= 2 + length)
			break;
		n = recv(
		    card->fd, inbox->bytes + inbox->count, sizeof inbox->bytes - inbox->count, 0);
		if (n <= 0)
			return false;
		if (inbox->count > 0)
			card->pieces++;
		inbox->count += (size_t)n;
	}
	memcpy(message, inbox->bytes + 2, length);
	inbox->count -= 2 + length;
	memmove(inbox->bytes, inbox->bytes + 2 + length, inbox->count);
	*ret_length = length;
	return true;
}

static void
send_bytes(int fd, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		bytes += n;
		length -= (size_t)n;
	}
}

static void
send_message(int fd, const uint8_t *payload, size_t length)
{
	uint8_t *message = malloc(2 + length);

	message[0] = (uint8_t)(length >> 8);
	message[1] = (uint8_t)length;
	memcpy(message + 2, payload, length);
	send_bytes(fd, message, 2 + length);
	free(message);
}

/* False: the card has left. */
static bool
answer(struct card *card, uint8_t *command, size_t length)
{
	static const uint8_t half[] = { 0, 10, 1, 2, 3, 4, 5 };
	static const uint8_t two[] = { 0, 2, 0x90, 0x00, 0, 2, 0x90, 0x00 };
	uint8_t head[2], *long_answer;

	switch (card->manner) {
	case CARD_ECHO:
		command[length] = 0x90;
		command[length + 1] = 0x00;
		send_message(card->fd, command, length + 2);
		break;
	case CARD_DRIP:
		command[length] = 0x90;
		command[length + 1] = 0x00;
		head[0] = (uint8_t)((length + 2) >> 8);
		head[1] = (uint8_t)(length + 2);
		send_bytes(card->fd, head, 1);
		send_bytes(card->fd, head + 1, 1);
		for (size_t i = 0; i < length + 2; i++)
			send_bytes(card->fd, command + i, 1);
		break;
	case CARD_MUTE:
		break;
	case CARD_HALF:
		send_bytes(card->fd, half, sizeof half);
		break;
	case CARD_EMPTY:
		send_message(card->fd, half, 0);
		break;
	case CARD_ONE_BYTE:
		send_message(card->fd, half, 1);
		break;
	case CARD_TWICE:
		send_bytes(card->fd, two, sizeof two);
		break;
	case CARD_LEAVES:
		return false;
	case CARD_LEAVES_HALF:
		send_bytes(card->fd, half, sizeof half);
		return false;
	case CARD_LONG:
		long_answer = calloc(1, 65535);
		long_answer[65533] = 0x90;
		send_message(card->fd, long_answer, 65535);
		free(long_answer);
		break;
	}
	return true;
}

static void *
serve(void *data)
{
	struct card *card = data;
	struct inbox *inbox = calloc(1, sizeof *inbox);
	uint8_t *message = malloc(MESSAGE_MAX + 2);
	bool here = true;
	size_t length;

	while (here && read_message(card, inbox, message, &length)) {
		if (length != 1) {
			sem_post(&card->commanded);
			here = answer(card, message, length);
			continue;
		}
		if (card->control_count < CARD_CONTROLS_MAX)
			card->controls[card->control_count++] = message[0];
		if (message[0] == 4)
			send_message(card->fd, card->atr, card->atr_length);
	}
	free(message);
	free(inbox);
	shutdown(card->fd, SHUT_RDWR);
	return NULL;
}

void
card_begin(struct card *card, const struct vpcd_settings *settings, unsigned slot,
    enum card_manner manner, const uint8_t *atr, size_t atr_length)
{
	memset(card, 0, sizeof *card);
	card->manner = manner;
	card->atr = atr != NULL ? atr : card_atr;
	card->atr_length = atr != NULL ? atr_length : sizeof card_atr;
	sem_init(&card->commanded, 0, 0);
	card->fd = card_connect(settings, slot);
	if (card->fd < 0 || pthread_create(&card->thread, NULL, serve, card) != 0) {
		perror("vpcd_card");
		exit(1);
	}
}

void
card_wait(struct card *card)
{
	pthread_join(card->thread, NULL);
	close(card->fd);
	sem_destroy(&card->commanded);
}

void
card_end(struct card *card)
{
	shutdown(card->fd, SHUT_RDWR);
	card_wait(card);
}
