/* SPDX-License-Identifier: BSD-2-Clause */
/* A client that speaks pcsc-lite's protocol byte by byte, and a scardd that listens to it. */
#ifndef TESTS_UNIT_LITE_FIXTURE_H
#define TESTS_UNIT_LITE_FIXTURE_H

#include "rm/daemon/pcsclite/message.h"
#include "tests/unit/scardd_fixture.h"

#define LITE_CODE(actual, expected) SUITE_EQUAL_HEX((actual), (uint32_t)lp64_result(expected))

extern char lite_socket[108];

/* scardd with that socket, and with one soft card. */
void lite_start(void);

int lite_connect(void);
/* Header and body; data behind it are the caller's to send. */
void lite_send(int fd, uint32_t command, const void *body, size_t size);
/* Exactly so many bytes; false: the connection has ended. */
bool lite_receive(int fd, void *data, size_t size);
/* Both, with a body of the same size; false: the connection has ended. */
bool lite_ask(int fd, uint32_t command, void *body, size_t size);
/* The connection has been closed by the daemon. */
bool lite_is_closed(int fd);

/* The calls, and the codes of their answers; FFFFFFFF: the connection has ended. */
#define LITE_NO_ANSWER 0xFFFFFFFFu
uint32_t lite_version(int fd, uint32_t minor);
uint32_t lite_context(int fd, uint32_t *ret_context);
/* Shared, with T=1, to the soft card. */
uint32_t lite_card(int fd, uint32_t context, uint32_t share_mode, uint32_t *ret_card);
/* A command with a card alone, or with a disposition. */
uint32_t lite_simple(int fd, uint32_t command, uint32_t card);
uint32_t lite_dispose(int fd, uint32_t command, uint32_t card, uint32_t disposition);
/* 00 A4 00 00 02 3F 00; its answer must be 90 00 at the end. */
uint32_t lite_exchange(int fd, uint32_t card);
/* The array until 4:5; the first entry. */
bool lite_look(int fd, uint32_t command, size_t entries, struct lite_reader *ret_first);

/* A connection with a context, in that version. */
int lite_session(uint32_t minor, uint32_t *ret_context);

#endif
