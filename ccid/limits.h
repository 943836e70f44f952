/* SPDX-License-Identifier: BSD-2-Clause */
/* Every limit of the driver, in one place. Sizes in bytes. */
#ifndef CCID_LIMITS_H
#define CCID_LIMITS_H

#include "rm/drivers/atr.h" /* ATR_LENGTH_MAX */

#define CCID_SLOTS_MAX 16u
#define CCID_READERS_MAX 1024u
#define CCID_HEADER 10u
#define CCID_COMMAND_MAX 65544u    /* extended APDU: 4 + 3 + 65535 + 2 */
#define CCID_REPLY_MAX 65538u      /* 65536 + SW1 SW2 */
#define CCID_MESSAGE_MAX 65556u    /* a message out: header and the longest APDU, even */
#define CCID_IN_SIZE (65u * 1024u) /* a message in, in whole packets of any size */
#define CCID_SHORT_MESSAGE 271u    /* header, 5 + 255 + 1 */
#define CCID_SHORT_MAX (CCID_SHORT_MESSAGE - CCID_HEADER) /* a short APDU: 261 */
#define CCID_TEXT_MAX 127u  /* a string of the device, as it is shown */
#define CCID_RATES_MAX 255u /* bNumDataRatesSupported is a byte */
#define T1_INF_MAX 254u
#define T1_BLOCK_MAX 259u /* NAD PCB LEN, 254, CRC */

/* Counts. */
#define CCID_STALE_MAX \
	10u /* replies to earlier commands, dropped before the reader is resynchronised */
#define CCID_PADDING_MAX CCID_IN_SIZE /* bytes of zeros behind an answer */
#define CCID_EMPTY_MAX 8u             /* zero-length transfers in a row */
#define CCID_BUSY_MAX 50u             /* CMD_SLOT_BUSY, CCID_BUSY_WAIT_US apart */
#define CCID_EXTENSIONS_MAX 10u       /* time extensions of commands that need none */
#define CCID_PIECES_MAX 300u          /* empty pieces of a chain */
#define CCID_DRAIN_MAX 16u            /* reads that empty the pipe */
#define T0_ROUNDS_MAX 300u            /* GET RESPONSE */
#define T0_NULLS_MAX 10000u           /* procedure bytes 60 in a row */
#define T1_ATTEMPTS 3u
#define T1_RESYNCHS_MAX 3u
#define T1_IFS_MAX 10u         /* S(IFS request) of the card for one APDU */
#define CCID_DOWNGRADES_MAX 3u /* of the data rate */

/* Times, in microseconds. */
#define CCID_SECOND 1000000u
#define CCID_OUT_US (5u * CCID_SECOND)
#define CCID_SHORT_US (3u * CCID_SECOND) /* commands that do not wait for the card */
#define CCID_POWER_US (60u * CCID_SECOND)
#define CCID_ESCAPE_US (30u * CCID_SECOND)
#define CCID_SECURE_US (90u * CCID_SECOND)
#define CCID_CONTROL_US (1u * CCID_SECOND)
#define CCID_ABORT_US (1u * CCID_SECOND)
#define CCID_RUNG_US (1u * CCID_SECOND) /* one question on the ladder */
#define CCID_DRAIN_US 100000u
#define CCID_BUSY_WAIT_US 10000u
#define CCID_WAIT_MAX_US (300ull * CCID_SECOND)   /* one wait, however often extended */
#define CCID_TOTAL_MAX_US (600ull * CCID_SECOND)  /* one exchange with the card */
#define CCID_TOTAL_SHORT_US (60ull * CCID_SECOND) /* one command of another kind */

#endif
