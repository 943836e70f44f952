/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's side of USB: transfers come from the kernel's virtual host controller over a socket,
 * in the form of USB/IP (the kernel's documentation, usbip_protocol). All numbers of a header have
 * the network's order.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/vm/reader/reader.h"

#define CONTROLLER "/sys/devices/platform/vhci_hcd.0/"
#define HEADER_WORDS 12u
#define SUBMIT 1u
#define UNLINK 2u
#define SUBMITTED 3u
#define UNLINKED 4u
#define SPEED_FULL 2u
#define SPEED_HIGH 3u

#define ENDPOINT_CONTROL 0u
#define ENDPOINT_BULK_IN 1u
#define ENDPOINT_BULK_OUT 2u
#define ENDPOINT_INTERRUPT 3u

/* A read that waits for data. */
struct waiting {
	uint32_t sequence;
	size_t length;
};

struct transfer {
	uint32_t sequence, endpoint;
	size_t length;
	bool in;
	uint8_t setup[8];
};

static bool
read_all(int fd, void *to, size_t length)
{
	uint8_t *at = to;

	while (length > 0) {
		ssize_t n = read(fd, at, length);

		if (n <= 0)
			return false;
		at += n;
		length -= (size_t)n;
	}
	return true;
}

static void
write_all(int fd, const void *from, size_t length)
{
	const uint8_t *at = from;

	while (length > 0) {
		ssize_t n = send(fd, at, length, MSG_NOSIGNAL);

		if (n < 0)
			return;
		at += n;
		length -= (size_t)n;
	}
}

/* @status: 0 or a negative error number */
static void
done(struct reader *reader, uint32_t sequence, int status, const void *data, size_t length, bool in)
{
	uint32_t header[HEADER_WORDS] = { htonl(SUBMITTED), htonl(sequence), 0, 0, 0,
		htonl((uint32_t)status), htonl((uint32_t)length) };
	uint8_t out[sizeof header + READER_MESSAGE];

	memcpy(out, header, sizeof header);
	if (in && length > 0)
		memcpy(out + sizeof header, data, length);
	write_all(reader->socket, out, sizeof header + (in ? length : 0));
}

static void
forget(struct reader *reader)
{
	g_queue_clear_full(&reader->bulk_in, g_free);
	g_queue_clear_full(&reader->interrupt_in, g_free);
	g_queue_clear_full(&reader->replies, (GDestroyNotify)g_bytes_unref);
	g_byte_array_set_size(reader->message, 0);
	reader->replied = 0;
}

bool
usbip_plug(struct reader *reader)
{
	const struct settings *settings = &reader->settings;
	int pair[2], fd = open(CONTROLLER "attach", O_WRONLY | O_CLOEXEC), n;
	char line[64];

	if (fd < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		perror(CONTROLLER "attach");
		return false;
	}
	forget(reader);
	ccid_plugged(reader);
	n = snprintf(line, sizeof line, "%u %d %u %u", settings->port, pair[1],
	    0x10001 + settings->port, settings->full_speed ? SPEED_FULL : SPEED_HIGH);
	if (write(fd, line, (size_t)n) != n) {
		perror(CONTROLLER "attach");
		return false;
	}
	(void)close(fd);
	(void)close(pair[1]);
	reader->socket = pair[0];
	return true;
}

void
usbip_unplug(struct reader *reader)
{
	int fd = open(CONTROLLER "detach", O_WRONLY | O_CLOEXEC);
	char line[16];
	int n = snprintf(line, sizeof line, "%u", reader->settings.port);

	if (fd < 0 || write(fd, line, (size_t)n) != n)
		perror(CONTROLLER "detach");
	if (fd >= 0)
		(void)close(fd);
	if (reader->socket >= 0)
		(void)close(reader->socket);
	reader->socket = -1;
	forget(reader);
}

/* The next piece of the first reply, as long as the host's read allows. */
static void
give(struct reader *reader, const struct waiting *read)
{
	size_t packet = reader->settings.full_speed ? 64 : 512, length, part;
	GBytes *reply = g_queue_peek_head(&reader->replies);
	const uint8_t *data = g_bytes_get_data(reply, &length);

	part = MIN(length - reader->replied, read->length);
	done(reader, read->sequence, 0, part > 0 ? data + reader->replied : NULL, part, true);
	reader->counts.in++;
	if (part == 0)
		reader->counts.in_empty++;
	reader->replied += part;
	if (reader->replied < length)
		return;
	g_bytes_unref(g_queue_pop_head(&reader->replies));
	reader->replied = 0;
	if (reader->settings.zero_length && length > 0 && length % packet == 0)
		g_queue_push_head(&reader->replies, g_bytes_new(NULL, 0));
}

void
usbip_answer(struct reader *reader)
{
	struct waiting *read;
	uint8_t notice[8];
	size_t length;

	while (!g_queue_is_empty(&reader->replies) && !g_queue_is_empty(&reader->bulk_in)) {
		read = g_queue_pop_head(&reader->bulk_in);
		give(reader, read);
		g_free(read);
	}
	if (!g_queue_is_empty(&reader->interrupt_in) &&
	    (length = ccid_notice(reader, notice)) > 0) {
		read = g_queue_pop_head(&reader->interrupt_in);
		done(reader, read->sequence, 0, notice, MIN(length, read->length), true);
		reader->counts.interrupts++;
		g_free(read);
	}
}

static void
control(struct reader *reader, const struct transfer *transfer)
{
	const uint8_t *setup = transfer->setup;
	uint8_t data[512] = { 0 };
	size_t length = 0;
	bool good = true;

	switch (setup[0] << 8 | setup[1]) {
	case 0x8006: /* GET_DESCRIPTOR */
	case 0x8106:
		length = descriptor(&reader->settings, setup[3], setup[2], data);
		good = length > 0;
		break;
	case 0x8000: /* GET_STATUS */
	case 0x8100:
		length = 2;
		break;
	case 0x8200:
		data[0] = (uint8_t)(reader->halted >> (setup[4] & 15) & 1);
		length = 2;
		break;
	case 0x8008: /* GET_CONFIGURATION */
		data[0] = 1;
		length = 1;
		break;
	case 0x810A: /* GET_INTERFACE */
		length = 1;
		break;
	case 0x0009: /* SET_CONFIGURATION, SET_INTERFACE, features of the device */
	case 0x010B:
	case 0x0003:
	case 0x0001:
		break;
	case 0x0201: /* CLEAR_FEATURE of an endpoint */
		reader->halted &= (uint16_t) ~(1u << (setup[4] & 15));
		break;
	case 0x2101: /* CCID's ABORT */
		g_queue_clear_full(&reader->replies, (GDestroyNotify)g_bytes_unref);
		g_byte_array_set_size(reader->message, 0);
		reader->replied = 0;
		break;
	default:
		good = false;
	}
	length = MIN(length, transfer->length);
	done(reader, transfer->sequence, good ? 0 : -EPIPE, data, good && transfer->in ? length : 0,
	    transfer->in);
}

static bool
withdraw(GQueue *queue, uint32_t sequence)
{
	for (GList *i = queue->head; i != NULL; i = i->next) {
		struct waiting *read = i->data;

		if (read->sequence == sequence) {
			g_queue_delete_link(queue, i);
			g_free(read);
			return true;
		}
	}
	return false;
}

static void
unlink_transfer(struct reader *reader, uint32_t sequence, uint32_t victim)
{
	bool found = withdraw(&reader->bulk_in, victim) || withdraw(&reader->interrupt_in, victim);
	uint32_t header[HEADER_WORDS] = { htonl(UNLINKED), htonl(sequence), 0, 0, 0,
		htonl((uint32_t)(found ? -ECONNRESET : 0)) };

	write_all(reader->socket, header, sizeof header);
}

static void
bulk_out(struct reader *reader, const struct transfer *transfer, const uint8_t *data)
{
	GByteArray *message = reader->message;

	reader->counts.out++;
	g_byte_array_append(message, data, (guint)transfer->length);
	done(reader, transfer->sequence, 0, NULL, transfer->length, false);
	if (message->len >= READER_HEADER &&
	    message->len >= READER_HEADER +
		    (message->data[1] | (guint)message->data[2] << 8 |
			(guint)message->data[3] << 16)) {
		ccid_message(reader, message->data, message->len);
		g_byte_array_set_size(message, 0);
	}
}

static void
begin(struct reader *reader, const struct transfer *transfer, const uint8_t *data)
{
	struct waiting read = { transfer->sequence, transfer->length };

	if (transfer->endpoint == ENDPOINT_CONTROL)
		control(reader, transfer);
	else if (transfer->endpoint == ENDPOINT_BULK_IN && transfer->in)
		g_queue_push_tail(&reader->bulk_in, g_memdup2(&read, sizeof read));
	else if (transfer->endpoint == ENDPOINT_INTERRUPT && transfer->in)
		g_queue_push_tail(&reader->interrupt_in, g_memdup2(&read, sizeof read));
	else if (transfer->endpoint == ENDPOINT_BULK_OUT && !transfer->in)
		bulk_out(reader, transfer, data);
	else
		done(reader, transfer->sequence, -EPIPE, NULL, 0, transfer->in);
}

void
usbip_request(struct reader *reader)
{
	static uint8_t data[READER_MESSAGE];
	uint32_t header[HEADER_WORDS];
	struct transfer transfer = { 0 };

	if (!read_all(reader->socket, header, sizeof header))
		goto gone;
	if (ntohl(header[0]) == UNLINK) {
		unlink_transfer(reader, ntohl(header[1]), ntohl(header[5]));
		return;
	}
	transfer.sequence = ntohl(header[1]);
	transfer.in = ntohl(header[3]) != 0;
	transfer.endpoint = ntohl(header[4]);
	transfer.length = ntohl(header[6]);
	memcpy(transfer.setup, &header[10], sizeof transfer.setup);
	if (!transfer.in &&
	    (transfer.length > sizeof data || !read_all(reader->socket, data, transfer.length)))
		goto gone;
	begin(reader, &transfer, data);
	usbip_answer(reader);
	return;
gone:
	(void)close(reader->socket);
	reader->socket = -1;
	forget(reader);
}
