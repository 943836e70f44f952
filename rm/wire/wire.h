/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wire between libtessera-scard and scardd: messages to bytes and back. PROTOCOL is its
 * document, messages.def its table. Pure: no socket, no engine.
 *
 * A message is one packet of a SOCK_SEQPACKET socket: a header and fields, all little-endian.
 *
 *	request  u32 length of the whole, u32 serial, u16 number, u16 0
 *	reply    u32 length of the whole, u32 serial, u16 number, u16 1, i32 result, u32 needed
 *
 * `result` is a code of the API. On success the reply's fields follow; on failure one text field
 * follows instead, which names object, cause and next step and may be empty. `needed` is the length
 * that would have fit, with SCARD_E_INSUFFICIENT_BUFFER; else 0. Bytes after the last known field
 * are allowed and ignored (a newer peer's fields); anything missing is an error.
 */
#ifndef RM_WIRE_WIRE_H
#define RM_WIRE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define WIRE_VERSION_LOWEST 1u
#define WIRE_VERSION_PAGE 2u    /* from this one on there is a status page */
#define WIRE_VERSION_RECORDS 3u /* from this one on there are READ_CACHE and what follows it */
#define WIRE_VERSION_TRACE 4u   /* from this one on there is TRACE */
#define WIRE_VERSION 4u
#define WIRE_MESSAGE_MAX 131072u /* bytes of a packet */
#define WIRE_TOKEN_SIZE 16u
#define WIRE_REQUEST_HEADER 12u
#define WIRE_REPLY_HEADER 20u
#define WIRE_TEXT_MAX 1024u /* bytes of a reader's name, a program, an explaining text, and NUL */
#define WIRE_LIST_MAX 1024u /* entries of a list */
#define WIRE_ABSENT 0xFFFFFFFFu /* length of an absent field */

enum wire_message {
#define MESSAGE(number, name, request, request_names, reply, reply_names) WIRE_##name = number,
#include "rm/wire/messages.def"
#undef MESSAGE
};

/* TRACED: what is not in it of command and reply. */
#define WIRE_HIDDEN_COMMAND 0x1u   /* bytes at its end, which may be a secret */
#define WIRE_HIDDEN_REPLY 0x2u     /* all but the status word of a card's, all of another */
#define WIRE_CUT_COMMAND 0x4u      /* bytes at its end, which are too many */
#define WIRE_CUT_REPLY 0x8u        /* the same */
#define WIRE_TRACE_DATA_MAX 64000u /* bytes of each */

struct wire_info {
	uint16_t number;
	const char *name;
	const char *request, *request_names;
	const char *reply, *reply_names;
};
/* The row of a message; NULL: no such number. */
const struct wire_info *wire_info(uint16_t number);

struct wire_header {
	uint32_t length;
	uint32_t serial;
	uint16_t number;
	bool is_reply;
	int32_t result;  /* reply */
	uint32_t needed; /* reply */
};

/*
 * Writing. The buffer is the caller's; nothing is written past it, an overflow is remembered and
 * told by wire_finish. Begin, fields in order, finish.
 */
struct wire_writer {
	uint8_t *data;
	size_t size, used;
	size_t reserved; /* between reserve and commit */
	bool overflow;
	const void *last; /* behind the buffer's bytes, where somebody else has it */
	size_t last_length;
};
void wire_begin_request(
    struct wire_writer *writer, uint8_t *data, size_t size, uint16_t number, uint32_t serial);
void wire_begin_reply(struct wire_writer *writer, uint8_t *data, size_t size, uint16_t number,
    uint32_t serial, int32_t result, uint32_t needed);
void wire_put_u32(struct wire_writer *writer, uint32_t value);
void wire_put_u64(struct wire_writer *writer, uint64_t value);
/* @data NULL with WIRE_ABSENT as length: absent. */
void wire_put_bytes(struct wire_writer *writer, const void *data, uint32_t length);
/* As the last field, bytes that are not copied: whoever sends the message sends them behind it. */
void wire_put_last(struct wire_writer *writer, const void *data, uint32_t length);
/* Any text (NULL is empty): what the other side would refuse becomes U+FFFD, and it is cut, between
 * two characters, to be shorter than WIRE_TEXT_MAX. */
void wire_put_text(struct wire_writer *writer, const char *text);
/* Room for @most bytes of a bytes field that somebody else fills; wire_commit_bytes says how many
 * it became, before anything else is put. NULL: overflow. */
uint8_t *wire_reserve_bytes(struct wire_writer *writer, uint32_t most);
void wire_commit_bytes(struct wire_writer *writer, uint32_t length);
/* The length of the message, with what is not in the buffer; -EMSGSIZE when it did not fit. */
ssize_t wire_finish(struct wire_writer *writer);

/*
 * Reading. Checks every length against what is there; pointers point into the packet. The first
 * failure is remembered, and later gets give zero and NULL.
 */
struct wire_reader {
	const uint8_t *data;
	size_t size, at;
	bool failed;
};
/* 0; -EBADMSG: not a message (length field, unknown number, direction). */
int wire_open(
    struct wire_reader *reader, const uint8_t *data, size_t size, struct wire_header *ret_header);
uint32_t wire_get_u32(struct wire_reader *reader);
uint64_t wire_get_u64(struct wire_reader *reader);
/* A field that may not be absent; empty is not NULL. */
void wire_get_bytes(struct wire_reader *reader, const uint8_t **ret_data, uint32_t *ret_length);
/* A field with ? before it. @ret_data NULL and length WIRE_ABSENT: absent. */
void
wire_get_optional_bytes(struct wire_reader *reader, const uint8_t **ret_data, uint32_t *ret_length);
/* Copies a text with its NUL; valid UTF-8 without NUL and control characters, shorter than @size,
 * else failed. */
void wire_get_text(struct wire_reader *reader, char *text, size_t size);
/* A list's count, at most WIRE_LIST_MAX. */
uint32_t wire_get_count(struct wire_reader *reader);
/* 0, or -EBADMSG when any get failed. */
int wire_done(const struct wire_reader *reader);

/* 0: the whole message has the fields that its row says; -EBADMSG. For logs, fuzzers and recorded
 * exchanges. */
int wire_check(const uint8_t *data, size_t size);
/*
 * A message as one line of text, "CONNECT #7 context=0x1 reader='...'", ending in "..." when it is
 * longer than @text_size allows. Of a packet that is none, the size and the first bytes. APDUs,
 * control input, attribute values and the token are shown as lengths only.
 */
void wire_describe(const uint8_t *data, size_t size, char *text, size_t text_size);

#endif
