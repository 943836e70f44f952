/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a test steers the test driver from another process, or from the same one, which makes no
 * difference: the driver's settings name a socket (SOCK_SEQPACKET) on which the driver takes one
 * order after another. What an order does says the method of ITestDriverControl with its name.
 */
#ifndef TESTS_COMPONENTS_TESTDRIVER_STEER_H
#define TESTS_COMPONENTS_TESTDRIVER_STEER_H

#include <scardreader.h>

enum steer_order_kind {
	STEER_RESET,
	STEER_ADD_READER,
	STEER_REMOVE_READER,
	STEER_INSERT_CARD,
	STEER_REMOVE_CARD,
	STEER_BLOCK,
	STEER_WAIT_BLOCKED,
	STEER_UNBLOCK,
	STEER_FAIL_EXCHANGE,
	STEER_COUNT_EXCHANGES,
	STEER_COUNT_OVERLAPS
};

struct steer_order {
	ULONG kind;
	ULONG reader;
	ULONG number;       /* ADD_READER: flags; BLOCK: call; FAIL_EXCHANGE: number; INSERT_CARD:
			       protocols */
	HRESULT result;     /* FAIL_EXCHANGE */
	ULONGLONG deadline; /* WAIT_BLOCKED */
	ULONG atr_length;
	BYTE atr[SCARDREADER_ATR_MAX];
	char name[SCARDREADER_NAME_SIZE];
};

struct steer_answer {
	HRESULT result;
	ULONG number; /* the reader, the count */
};

#endif
