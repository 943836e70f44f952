/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What of an exchange may be shown to somebody who traces a reader. Only what is known to be
 * harmless: a PIN or key in a command that nobody here has heard of must not be seen either. Pure.
 *
 * Of a command to a card the header and its length are always shown. Its data, and the data of its
 * reply, are shown for the interindustry commands (ISO 7816-4, class below 80) that select, read
 * and get: SELECT, MANAGE CHANNEL, READ BINARY, READ RECORD, GET CHALLENGE, GET DATA; for the same
 * of SIMs (class A0, with STATUS); GET DATA and GET STATUS of GlobalPlatform (80); GET DATA of
 * contactless readers (FF). GET RESPONSE gives what the command before it on its channel has left,
 * and is shown when that was. All else is hidden: VERIFY, CHANGE REFERENCE DATA, RESET RETRY
 * COUNTER, the authentications, PERFORM SECURITY OPERATION, ENVELOPE, PUT DATA and PUT KEY, UPDATE,
 * what is proprietary.
 *
 * With secure messaging (class bits 4 and 3 set as ISO 7816-4 does), data are shown as they are
 * when they are nothing but cryptograms, checksums and what goes with them.
 */
#ifndef RM_DAEMON_SECRETS_H
#define RM_DAEMON_SECRETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is known of a reader: the channels whose last command was hidden, a bit each. */
struct secrets {
	uint32_t channels;
};
/* Nothing is known, so that a GET RESPONSE is hidden. */
#define SECRETS_BEGIN ((struct secrets){ .channels = UINT32_MAX })

struct secrets_shown {
	size_t command; /* bytes from its beginning */
	size_t reply;   /* bytes, from its end when it is not all of it */
	bool command_whole, reply_whole;
};

/* An exchange with a card, the reply maybe empty. @raw: without a protocol, so of no known form. */
struct secrets_shown secrets_exchange(struct secrets *secrets, bool raw, const uint8_t *command,
    size_t command_length, const uint8_t *reply, size_t reply_length);

/* A control code, Windows's; its input and output are shown or not. */
bool secrets_control_shown(uint32_t code);

#endif
