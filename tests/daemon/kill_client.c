/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/daemon/kill_client.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <tessera_scard.h>
#include <winerror.h>
#include <winscard.h>
#include <winsmcrd.h>

#define WAIT_MS 20000

static int
status_of(const char *call, LONG code)
{
	int status = KILL_CLIENT_UNCLEAR;

	switch (code) {
	case SCARD_E_NO_SERVICE:
	case SCARD_E_SERVICE_STOPPED:
		status = KILL_CLIENT_NO_MANAGER;
		break;
	case SCARD_W_REMOVED_CARD:
	case SCARD_E_NO_SMARTCARD:
	case SCARD_E_COMM_DATA_LOST:
		status = KILL_CLIENT_NO_CARD;
		break;
	default:
		break;
	}
	fprintf(stderr, "# client: %s: %s (%s)\n", call, tessera_scard_error(code),
	    tessera_scard_message());
	return status;
}

/* Ends the scenario with the first call that fails. */
#define DO(call, ...)                                   \
	do {                                            \
		LONG code_ = call(__VA_ARGS__);         \
		if (code_ != SCARD_S_SUCCESS)           \
			return status_of(#call, code_); \
	} while (0)

static int
use_card(SCARDHANDLE card)
{
	static const BYTE get_challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };
	BYTE reply[16], atr[33], value[264];
	DWORD length = sizeof reply, state, protocol, atr_length = sizeof atr, name_length = 128;
	char name[128];
	LONG code;

	DO(SCardBeginTransaction, card);
	DO(SCardTransmit, card, SCARD_PCI_T1, get_challenge, sizeof get_challenge, NULL, reply,
	    &length);
	if (length != 10)
		return KILL_CLIENT_UNCLEAR;
	DO(SCardStatusA, card, name, &name_length, &state, &protocol, atr, &atr_length);
	length = sizeof value;
	DO(SCardGetAttrib, card, SCARD_ATTR_VENDOR_NAME, value, &length);
	code = SCardSetAttrib(card, SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, value, 1);
	if (code != ERROR_NOT_SUPPORTED)
		return status_of("SCardSetAttrib", code);
	DO(SCardControl, card, CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0, value, sizeof value, &length);
	DO(SCardEndTransaction, card, SCARD_RESET_CARD);
	DO(SCardReconnect, card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD,
	    &protocol);
	DO(SCardDisconnect, card, SCARD_LEAVE_CARD);
	return KILL_CLIENT_FINE;
}

int
kill_client(void)
{
	SCARD_READERSTATEA state = { 0 };
	struct tessera_scard_holder *holders;
	char readers[256], groups[256];
	DWORD length = sizeof readers, count, protocol;
	SCARDCONTEXT context;
	SCARDHANDLE card;
	int status;

	DO(SCardEstablishContext, SCARD_SCOPE_USER, NULL, NULL, &context);
	DO(SCardIsValidContext, context);
	DO(SCardListReadersA, context, NULL, readers, &length);
	length = sizeof groups;
	DO(SCardListReaderGroupsA, context, groups, &length);
	state.szReader = readers;
	DO(SCardGetStatusChangeA, context, 0, &state, 1);
	DO(SCardConnectA, context, readers, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card,
	    &protocol);
	DO(tessera_scard_holders, context, &holders, &count);
	DO(SCardFreeMemory, context, holders);
	if ((status = use_card(card)) != KILL_CLIENT_FINE)
		return status;
	DO(SCardCancel, context);
	DO(SCardReleaseContext, context);
	return KILL_CLIENT_FINE;
}

struct load {
	unsigned user;
	SCARDCONTEXT context; /* 0: none */
	SCARDHANDLE card;     /* 0: not connected */
	char reader[256];
};

static void
let_go(struct load *load)
{
	if (load->card != 0)
		(void)SCardDisconnect(load->card, SCARD_LEAVE_CARD);
	load->card = 0;
}

/* Says a letter and waits until it may go on; ends the process when it shall not. */
static void
stand_still(struct load *load, char letter)
{
	char told;

	let_go(load);
	if (write(STDOUT_FILENO, &letter, 1) != 1)
		exit(1);
	if (read(STDIN_FILENO, &told, 1) == 1)
		return;
	if (load->context != 0)
		(void)SCardReleaseContext(load->context);
	exit(0);
}

static LONG
attach(struct load *load)
{
	DWORD length = sizeof load->reader, protocol;
	LONG code = SCARD_S_SUCCESS;

	if (load->context == 0) {
		code = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &load->context);
		if (code == SCARD_S_SUCCESS)
			code = SCardListReadersA(load->context, NULL, load->reader, &length);
	}
	if (code == SCARD_S_SUCCESS)
		code = SCardConnectA(load->context, load->reader, SCARD_SHARE_SHARED,
		    SCARD_PROTOCOL_Tx, &load->card, &protocol);
	return code;
}

static LONG
transact(struct load *load)
{
	const BYTE select[] = { 0x00, 0xA4, 0x00, (BYTE)load->user };
	BYTE reply[16];
	DWORD length = sizeof reply;
	LONG code, ended;

	if ((code = SCardBeginTransaction(load->card)) != SCARD_S_SUCCESS)
		return code;
	code = SCardTransmit(load->card, SCARD_PCI_T1, select, sizeof select, NULL, reply, &length);
	ended = SCardEndTransaction(load->card, SCARD_LEAVE_CARD);
	return code != SCARD_S_SUCCESS ? code : ended;
}

static LONG
wait_for_card(struct load *load)
{
	SCARD_READERSTATEA state = { .szReader = load->reader };
	LONG code = SCardGetStatusChangeA(load->context, 0, &state, 1);

	while (code == SCARD_S_SUCCESS && !(state.dwEventState & SCARD_STATE_PRESENT)) {
		state.dwCurrentState = state.dwEventState;
		code = SCardGetStatusChangeA(load->context, WAIT_MS, &state, 1);
	}
	return code;
}

/* Makes the best of a code; the value is the next one. */
static LONG
react(struct load *load, LONG code)
{
	DWORD protocol;

	switch (code) {
	case SCARD_W_RESET_CARD:
		return SCardReconnect(
		    load->card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, &protocol);
	case SCARD_W_REMOVED_CARD:
	case SCARD_E_NO_SMARTCARD:
	case SCARD_E_COMM_DATA_LOST:
		let_go(load);
		return wait_for_card(load);
	case SCARD_E_NO_SERVICE:
	case SCARD_E_SERVICE_STOPPED:
		if (load->context != 0)
			(void)SCardReleaseContext(load->context);
		load->context = 0;
		load->card = 0;
		stand_still(load, 'S');
		return SCARD_S_SUCCESS;
	default:
		fprintf(stderr, "# load %u: %s (%s)\n", load->user, tessera_scard_error(code),
		    tessera_scard_message());
		exit(1);
	}
}

int
kill_load(unsigned user)
{
	struct load load = { .user = user };

	for (;;) {
		struct pollfd told = { .fd = STDIN_FILENO, .events = POLLIN };
		LONG code = load.card == 0 ? attach(&load) : transact(&load);
		char letter;

		while (code != SCARD_S_SUCCESS)
			code = react(&load, code);
		if (poll(&told, 1, 0) <= 0)
			continue;
		if (read(STDIN_FILENO, &letter, 1) == 1)
			stand_still(&load, letter);
		else
			break;
	}
	let_go(&load);
	return SCardReleaseContext(load.context) != SCARD_S_SUCCESS;
}
