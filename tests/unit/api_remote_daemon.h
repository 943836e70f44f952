/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scardd that is none: a thread that speaks the wire and does what a test wants of it. It gives
 * the same handles in each session, as the real one does.
 */
#ifndef TESTS_UNIT_API_REMOTE_DAEMON_H
#define TESTS_UNIT_API_REMOTE_DAEMON_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rm/wire/wire.h"

#define DAEMON_LANES 300
#define DAEMON_ATR "\x3B\x02\x14\x50"

struct daemon {
	/* What it shall do; set before it is started. */
	unsigned die_at;   /* at this message, counted from 1; 0: never */
	bool die_answered; /* after the answer */
	bool old;          /* it speaks another version */
	bool has_page;     /* it speaks version 2 and gives this descriptor */
	int page;
	uint16_t fails; /* the message that fails, with this code and text */
	int32_t code;
	uint32_t needed;
	const char *text;
	uint16_t blocks; /* the message that is answered when CANCEL has come */
	uint16_t silent; /* the message that is never answered */
	/* Changes an answer to @number before it is sent. */
	void (*spoil)(struct daemon *daemon, uint16_t number, uint8_t *packet, size_t *length);
	size_t at; /* for it */
	uint16_t garbled;

	/* What it has seen; under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t seen; /* a message */
	unsigned messages, sessions, lanes, lanes_most, joined;
	uint16_t number; /* the last message, with its fields behind the header */
	struct wire_reader request;
	uint8_t packet[WIRE_MESSAGE_MAX];

	/* Its own. */
	char path[108];
	pthread_t thread;
	int listener, stop;
	bool dead;
	struct {
		int fd;
		unsigned session; /* 0: none yet */
		bool control;
	} lane[DAEMON_LANES];
	unsigned count;
	int blocked;
	uint32_t blocked_serial;
	uint64_t handles;
};

/* Starts to serve "scardd.sock" in the current folder; TESSERA_RM names it then. */
void daemon_start(struct daemon *daemon);
/* Ends it, and all connections. */
void daemon_stop(struct daemon *daemon);
/* The fields of the last message, which must be this one. */
struct wire_reader daemon_request(struct daemon *daemon, uint16_t number);
/* Waits until so many messages have come, as soon as they have. */
void daemon_wait(struct daemon *daemon, unsigned messages);
unsigned daemon_messages(struct daemon *daemon);

#endif
