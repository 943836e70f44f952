/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How an operation of the driver ended, the same in every layer. The two fronts translate: the
 * component into HRESULTs (scardreader.idl), the bundle into IFD_* codes (IFDHandler 3.0).
 */
#ifndef CCID_RESULT_H
#define CCID_RESULT_H

enum ccid_result {
	CCID_OK,
	CCID_GONE,        /* the device is gone; a latch */
	CCID_ABSENT,      /* no card in the slot */
	CCID_UNPOWERED,   /* the card has no power */
	CCID_MUTE,        /* no, or no well formed answer to reset */
	CCID_SILENT,      /* the card did not answer a command in its time */
	CCID_LOST,        /* the exchange failed: reader, card or bytes between them */
	CCID_DEAD,        /* the protocol is out of step: the card is to be reset */
	CCID_MISMATCH,    /* card and reader share no such protocol */
	CCID_NO_PPS,      /* the card refused the negotiation; it was reset */
	CCID_UNSUPPORTED, /* the reader, or policy, has no such function */
	CCID_SMALL,       /* the answer is larger than the room for it */
	CCID_INVALID,     /* an argument makes no sense */
	CCID_TOO_LONG,    /* the command is longer than reader or level can carry */
	CCID_DEADLINE,    /* the caller's deadline passed */
	CCID_CANCELLED,   /* the caller ended it */
	CCID_BUSY,        /* somebody else holds the device or the slot */
	CCID_REFUSED,     /* the system does not let this user open the device */
	CCID_NO_MEMORY
};

/* One word for logs. */
const char *ccid_result_name(enum ccid_result result);

#endif
