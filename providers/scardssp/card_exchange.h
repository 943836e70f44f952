/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The work of ISCard::Transaction: a command out of an ISCardCmd, to the card, and the reply back
 * into it. The ISCardCmd may be anybody's: only its interface is used. Failures have left their
 * text.
 */
#ifndef PROVIDERS_SCARDSSP_CARD_EXCHANGE_H
#define PROVIDERS_SCARDSSP_CARD_EXCHANGE_H

#include <stdbool.h>

#include <scardssp.h>
#include <winscard.h>

#include "providers/scardssp/apdu.h"
#include "providers/scardssp/secret_bytes.h"

struct card_link {
	SCARDHANDLE handle;
	DWORD protocol; /* SCARD_PROTOCOL_*; corrected when another one turns out to be in use */
	bool locked;    /* the caller holds a transaction already */
};

/* A command on its way. All zero, then in order: take, send, store; clear in any case. */
struct card_exchange {
	struct secret_bytes command;
	struct secret_bytes reply;
	struct apdu apdu; /* `command` */
	int alternate_class;
};

/*
 * card_exchange_take: the command of an ISCardCmd, whose reply is emptied: an old status must not
 * pass for the answer to this command. E_INVALIDARG: there is none; E_OUTOFMEMORY; what the
 * ISCardCmd returned.
 */
HRESULT card_exchange_take(struct card_exchange *exchange, ISCardCmd *cmd);

/*
 * card_exchange_send: to the card and back; blocks as long as the card, and other users'
 * transactions, take. Success whatever the card answered; else the transport's code, or
 * SCARD_E_PROTO_MISMATCH for a long command under T=0 to a card without ENVELOPE.
 */
HRESULT card_exchange_send(struct card_exchange *exchange, struct card_link *link);

/* card_exchange_store: the reply, into the ISCardCmd. */
HRESULT card_exchange_store(const struct card_exchange *exchange, ISCardCmd *cmd);

void card_exchange_clear(struct card_exchange *exchange);

#endif
