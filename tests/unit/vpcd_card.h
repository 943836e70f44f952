/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card for the virtual reader that does as the test says, in a thread of its own.
 */
#ifndef TESTS_UNIT_VPCD_CARD_H
#define TESTS_UNIT_VPCD_CARD_H

#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdint.h>

#include "rm/drivers/vpcd/settings.h"

/* What it does with a command. */
enum card_manner {
	CARD_ECHO,        /* answers the command itself and 9000 */
	CARD_DRIP,        /* the same, byte by byte */
	CARD_MUTE,        /* nothing */
	CARD_HALF,        /* announces ten bytes, sends five */
	CARD_EMPTY,       /* an answer of length 0 */
	CARD_ONE_BYTE,    /* an answer of one byte */
	CARD_TWICE,       /* two answers */
	CARD_LEAVES,      /* closes the connection */
	CARD_LEAVES_HALF, /* closes it in the middle of an answer */
	CARD_LONG         /* an answer of 65535 bytes */
};

#define CARD_CONTROLS_MAX 64

struct card {
	int fd;
	enum card_manner manner;
	const uint8_t *atr;
	size_t atr_length;
	sem_t commanded; /* posted for each command received, before it is answered */
	/* To be looked at after card_end only, or when the reader has answered. */
	uint8_t controls[CARD_CONTROLS_MAX];
	size_t control_count;
	size_t pieces; /* reads beyond the first that a message took */
	pthread_t thread;
};

/* 3B 80 80 01 01: T=0 and T=1. */
extern const uint8_t card_atr[5];

/* A connection to the slot, and nothing behind it; -1 when it is refused. */
int card_connect(const struct vpcd_settings *settings, unsigned slot);

/* Connects and serves. @atr NULL: card_atr. Exits when it cannot. */
void card_begin(struct card *card, const struct vpcd_settings *settings, unsigned slot,
    enum card_manner manner, const uint8_t *atr, size_t atr_length);

/* Waits until the reader, or the card's manner, has closed the connection. */
void card_wait(struct card *card);

/* Hangs up, and waits. */
void card_end(struct card *card);

#endif
