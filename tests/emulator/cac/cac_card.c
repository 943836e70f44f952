/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A CAC smart card for any reader that listens in the vpcd protocol:
 *
 *	cac_card HOST PORT NSSDB CERT[,CERT...]
 *	cac_card unix:PATH NSSDB CERT[,CERT...]
 *
 * The card is libcacard's: applets, certificates, PIN and signatures that nobody here wrote. This
 * program only carries bytes between it and the reader, and ends when the reader hangs up.
 *
 * A message is a length of two bytes, the higher one first, and so many bytes. From the reader, one
 * byte is a control, more are a command; the card answers "get ATR" and commands, nothing else.
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <libcacard.h>

#define PAYLOAD_MAX 65535
#define ATR_ROOM 64 /* libcacard wants to be told of more than any ATR has */
#define OPTIONS_MAX 1024
#define UNIX_PREFIX "unix:"

enum control {
	POWER_OFF = 0,
	POWER_ON = 1,
	RESET = 2,
	GET_ATR = 4
};

struct card {
	VReader *reader;
	uint8_t atr[ATR_ROOM];
	int atr_length; /* 0: not powered */
};

static bool
receive(int fd, uint8_t *out, size_t length)
{
	while (length > 0) {
		ssize_t n = recv(fd, out, length, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		out += n;
		length -= (size_t)n;
	}
	return true;
}

/* Head and payload in one write: apart they cost an acknowledgement's delay. */
static bool
respond(int fd, const uint8_t *payload, size_t length)
{
	uint8_t message[2 + PAYLOAD_MAX];
	size_t sent = 0;

	message[0] = (uint8_t)(length >> 8);
	message[1] = (uint8_t)length;
	memcpy(message + 2, payload, length);
	while (sent < 2 + length) {
		ssize_t n = send(fd, message + sent, 2 + length - sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		sent += (size_t)n;
	}
	return true;
}

/* libcacard tells of its reader and card as events. */
static VReader *
wait_for_card(void)
{
	VReader *reader = NULL;

	while (reader == NULL) {
		VEvent *event = vevent_wait_next_vevent();

		if (event == NULL)
			return NULL;
		if (event->type == VEVENT_CARD_INSERT)
			reader = vreader_reference(event->reader);
		vevent_delete(event);
	}
	return reader;
}

static void
power_on(struct card *card)
{
	card->atr_length = sizeof card->atr;
	if (vreader_power_on(card->reader, card->atr, &card->atr_length) != VREADER_OK)
		card->atr_length = 0;
}

/* Asking for the ATR must not reset the card: readers may do it at any time. */
static bool
obey(struct card *card, int fd, uint8_t control)
{
	switch (control) {
	case POWER_OFF:
		vreader_power_off(card->reader);
		card->atr_length = 0;
		return true;
	case POWER_ON:
	case RESET:
		power_on(card);
		return true;
	case GET_ATR:
		if (card->atr_length == 0)
			power_on(card);
		return respond(fd, card->atr, (size_t)card->atr_length);
	default:
		return true;
	}
}

static bool
execute(struct card *card, int fd, uint8_t *command, size_t length)
{
	static const uint8_t no_diagnosis[] = { 0x6F, 0x00 };
	uint8_t reply[PAYLOAD_MAX];
	int reply_length = sizeof reply;

	if (vreader_xfr_bytes(card->reader, command, (int)length, reply, &reply_length) !=
	    VREADER_OK)
		return respond(fd, no_diagnosis, sizeof no_diagnosis);
	return respond(fd, reply, (size_t)reply_length);
}

static void
serve(struct card *card, int fd)
{
	uint8_t head[2], payload[PAYLOAD_MAX];
	bool there = true;

	while (there && receive(fd, head, sizeof head)) {
		size_t length = (size_t)head[0] << 8 | head[1];

		if (!receive(fd, payload, length))
			return;
		if (length == 1)
			there = obey(card, fd, payload[0]);
		else if (length > 1)
			there = execute(card, fd, payload, length);
	}
}

static int
connect_unix(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof address.sun_path) {
		fprintf(stderr, "cac_card: the path %s is too long for a socket\n", path);
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
		fprintf(stderr, "cac_card: no reader listens at %s: %s\n", path, strerror(errno));
		return -1;
	}
	return fd;
}

static int
connect_tcp(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
	int one = 1, fd = -1, r;

	r = getaddrinfo(host, port, &hints, &list);
	if (r != 0) {
		fprintf(stderr, "cac_card: %s port %s: %s\n", host, port, gai_strerror(r));
		return -1;
	}
	for (struct addrinfo *address = list; address != NULL && fd < 0;
	     address = address->ai_next) {
		fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, address->ai_addr, address->ai_addrlen) < 0) {
			close(fd);
			fd = -1;
		}
	}
	if (fd < 0)
		fprintf(stderr, "cac_card: no reader listens on %s port %s: %s\n", host, port,
		    strerror(errno));
	else
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	freeaddrinfo(list);
	return fd;
}

/* @database: a folder, or as NSS has it with the kind before it. */
static bool
open_card(struct card *card, const char *database, const char *certificates)
{
	char options[OPTIONS_MAX];
	const char *kind = strchr(database, ':') != NULL ? "" : "sql:";

	if ((size_t)snprintf(options, sizeof options,
		"db=\"%s%s\" use_hw=no soft=(,Virtual Reader,CAC,,%s)", kind, database,
		certificates) >= sizeof options) {
		fprintf(stderr, "cac_card: the names of database and certificates are too long\n");
		return false;
	}
	if (vcard_emul_init(vcard_emul_options(options)) != VCARD_EMUL_OK) {
		fprintf(stderr,
		    "cac_card: libcacard cannot use the database %s; make-database makes one\n",
		    database);
		return false;
	}
	card->reader = wait_for_card();
	if (card->reader == NULL)
		fprintf(stderr, "cac_card: no card of %s in %s\n", certificates, database);
	return card->reader != NULL;
}

int
main(int argc, char **argv)
{
	struct card card = { .atr_length = 0 };
	bool is_unix = argc == 4 && strncmp(argv[1], UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0;
	int fd;

	if (!is_unix && argc != 5) {
		fprintf(stderr,
		    "usage: cac_card HOST PORT NSSDB CERT[,CERT...]\n"
		    "       cac_card unix:PATH NSSDB CERT[,CERT...]\n");
		return 100;
	}
	if (!open_card(&card, argv[argc - 2], argv[argc - 1]))
		return 1;
	fd = is_unix ? connect_unix(argv[1] + strlen(UNIX_PREFIX)) : connect_tcp(argv[1], argv[2]);
	if (fd < 0)
		return 1;
	serve(&card, fd);
	close(fd);
	return 0;
}
