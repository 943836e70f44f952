/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traces as a capture file (pcapng). There is no link type for PC/SC, and Wireshark dissects what
 * is of USB's only with the descriptors of a device that nobody has here. So packets are upper
 * protocol data (link type 252): each names its dissector, `iso7816` for commands and replies,
 * `iso7816.atr` for answers to reset, with the direction that `iso7816` asks for; what else happens
 * is a packet without data and with a text. That needs no setting in Wireshark, and no made-up
 * addresses as packets of a network would have.
 *
 * Hidden bytes are zero, so that lengths are right, and a comment says so.
 */
#include <errno.h>
#include <string.h>

#include "rm/scardctl/trace.h"

#define BLOCK_SECTION 0x0A0D0D0Au
#define BLOCK_INTERFACE 1u
#define BLOCK_PACKET 6u
#define MAGIC 0x1A2B3C4Du
#define LINK_UPPER_PDU 252u
#define OPTION_END 0u
#define OPTION_COMMENT 1u
#define OPTION_APPLICATION 4u /* of a section */
#define OPTION_NAME 2u        /* of an interface */
#define OPTION_RESOLUTION 9u
#define OPTION_FLAGS 2u /* of a packet */
#define OPTION_DROPPED 4u
#define FLAG_INBOUND 1u
#define FLAG_OUTBOUND 2u
#define TAG_END 0u /* of upper protocol data; in the network's byte order */
#define TAG_DISSECTOR 12u
#define TAG_PROTOCOL_TEXT 33u
#define TAG_DIRECTION 35u
#define TAG_INFO_TEXT 36u
#define SENT 0u
#define RECEIVED 1u
#define ALIGNMENT 4u

/* What is to be written of a packet. */
struct packet {
	uint64_t time;
	const char *dissector, *text; /* text NULL: the dissector has its own */
	unsigned flags;
	const uint8_t *head, *tail; /* the bytes: head, zeroes, tail */
	size_t head_length, zeroes, tail_length;
	const char *comment;
	DWORD lost;
};

static void
put_u16(GByteArray *block, unsigned value)
{
	const uint16_t number = (uint16_t)value;

	g_byte_array_append(block, (const guint8 *)&number, sizeof number);
}

static void
put_u32(GByteArray *block, uint32_t number)
{
	g_byte_array_append(block, (const guint8 *)&number, sizeof number);
}

static void
put_zeroes(GByteArray *block, size_t count)
{
	guint length = block->len;

	g_byte_array_set_size(block, length + (guint)count);
	memset(block->data + length, 0, count);
}

static void
align(GByteArray *block)
{
	put_zeroes(block, (ALIGNMENT - block->len % ALIGNMENT) % ALIGNMENT);
}

static GByteArray *
begin_block(uint32_t type)
{
	GByteArray *block = g_byte_array_new();

	put_u32(block, type);
	put_u32(block, 0); /* the length, known at the end */
	return block;
}

static bool
end_block(GByteArray *block, FILE *file)
{
	uint32_t length = block->len + (guint)sizeof length;
	bool written;

	put_u32(block, length);
	memcpy(block->data + sizeof length, &length, sizeof length);
	written = fwrite(block->data, block->len, 1, file) == 1 && fflush(file) == 0;
	g_byte_array_free(block, TRUE);
	return written;
}

static void
put_option(GByteArray *block, unsigned code, const void *value, size_t length)
{
	put_u16(block, code);
	put_u16(block, (unsigned)length);
	g_byte_array_append(block, value, (guint)length);
	align(block);
}

static void
put_text_option(GByteArray *block, unsigned code, const char *text)
{
	put_option(block, code, text, MIN(strlen(text), UINT16_MAX));
}

static void
put_end(GByteArray *block)
{
	put_u16(block, OPTION_END);
	put_u16(block, 0);
}

/* Tags are padded with zeroes, which count. */
static void
put_tag(GByteArray *data, unsigned tag, const void *value, size_t length)
{
	size_t padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

	put_u16(data, GUINT16_TO_BE((guint16)tag));
	put_u16(data, GUINT16_TO_BE((guint16)padded));
	g_byte_array_append(data, value, (guint)length);
	put_zeroes(data, padded - length);
}

static GByteArray *
packet_data(const struct packet *packet)
{
	const uint8_t direction[] = { 0, 0, 0, packet->flags == FLAG_INBOUND ? RECEIVED : SENT };
	GByteArray *data = g_byte_array_new();

	put_tag(data, TAG_DISSECTOR, packet->dissector, strlen(packet->dissector));
	if (packet->flags != 0)
		put_tag(data, TAG_DIRECTION, direction, sizeof direction);
	if (packet->text != NULL) {
		put_tag(data, TAG_PROTOCOL_TEXT, "PC/SC", strlen("PC/SC"));
		put_tag(data, TAG_INFO_TEXT, packet->text, strlen(packet->text));
	}
	put_tag(data, TAG_END, "", 0);
	if (packet->head_length > 0)
		g_byte_array_append(data, packet->head, (guint)packet->head_length);
	put_zeroes(data, packet->zeroes);
	if (packet->tail_length > 0)
		g_byte_array_append(data, packet->tail, (guint)packet->tail_length);
	return data;
}

static bool
put_packet(FILE *file, const struct packet *packet)
{
	GByteArray *block = begin_block(BLOCK_PACKET), *data = packet_data(packet);
	const uint32_t flags = packet->flags;
	const uint64_t lost = packet->lost;

	put_u32(block, 0); /* the interface */
	put_u32(block, (uint32_t)(packet->time >> 32));
	put_u32(block, (uint32_t)packet->time);
	put_u32(block, data->len);
	put_u32(block, data->len);
	g_byte_array_append(block, data->data, data->len);
	g_byte_array_free(data, TRUE);
	align(block);
	if (packet->comment[0] != '\0')
		put_text_option(block, OPTION_COMMENT, packet->comment);
	if (flags != 0)
		put_option(block, OPTION_FLAGS, &flags, sizeof flags);
	if (lost != 0)
		put_option(block, OPTION_DROPPED, &lost, sizeof lost);
	put_end(block);
	return end_block(block, file);
}

bool
pcapng_begin(FILE *file, const char *reader)
{
	const uint8_t nanoseconds = 9;
	GByteArray *block = begin_block(BLOCK_SECTION);

	put_u32(block, MAGIC);
	put_u16(block, 1);
	put_u16(block, 0);
	put_u32(block, UINT32_MAX); /* the length of the section: not known */
	put_u32(block, UINT32_MAX);
	put_text_option(block, OPTION_APPLICATION, "scardctl");
	put_end(block);
	if (!end_block(block, file))
		return false;
	block = begin_block(BLOCK_INTERFACE);
	put_u16(block, LINK_UPPER_PDU);
	put_u16(block, 0);
	put_u32(block, 0); /* nothing is cut off here */
	put_text_option(block, OPTION_NAME, reader);
	put_option(block, OPTION_RESOLUTION, &nanoseconds, sizeof nanoseconds);
	put_end(block);
	return end_block(block, file);
}

static bool
put_exchange(
    FILE *file, const struct tessera_scard_traced *record, struct packet packet, uint64_t end)
{
	bool written;

	packet.dissector = "iso7816";
	packet.flags = FLAG_OUTBOUND;
	packet.head = record->command;
	packet.head_length = record->command_shown;
	packet.zeroes = record->command_length - record->command_shown;
	written = put_packet(file, &packet);
	if (record->result != SCARD_S_SUCCESS || !written)
		return written;
	packet.time = end;
	packet.flags = FLAG_INBOUND;
	packet.lost = 0;
	packet.head = packet.tail = record->reply;
	packet.head_length = packet.tail_length = 0;
	if ((record->hidden & TESSERA_SCARD_HIDDEN_REPLY) != 0)
		packet.tail_length = record->reply_shown;
	else
		packet.head_length = record->reply_shown;
	packet.zeroes = record->reply_length - record->reply_shown;
	return put_packet(file, &packet);
}

bool
pcapng_put(FILE *file, const struct tessera_scard_traced *record, DWORD lost_before)
{
	g_autofree char *who = trace_who(record), *words = trace_words(record);
	g_autofree char *missing = trace_missing(record);
	g_autofree char *comment = g_strdup_printf("%s%s%s%s%s", who, who[0] != '\0' ? ": " : "",
	    words, missing != NULL ? "; " : "", missing != NULL ? missing : "");
	struct packet packet = { .time = record->time, .comment = comment, .lost = lost_before };

	if (record->what == TESSERA_SCARD_TRACED_TRANSMIT)
		return put_exchange(file, record, packet, record->time + record->duration);
	packet.dissector = "data";
	packet.text = comment;
	if (record->what == TESSERA_SCARD_TRACED_POWER && record->reply_shown > 0) {
		packet.time += record->duration;
		packet.dissector = "iso7816.atr";
		packet.text = NULL;
		packet.flags = FLAG_INBOUND;
		packet.head = record->reply;
		packet.head_length = record->reply_shown;
	}
	return put_packet(file, &packet);
}
