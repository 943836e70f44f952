/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a portable program notices: one source, compiled twice, with <winscard.h> and with
 * pcsc-lite's. The expectations stand side by side, and each library is held to its own.
 */
#ifndef TESTS_CONFORMANCE_DIALECT_H
#define TESTS_CONFORMANCE_DIALECT_H

#include <stdbool.h>
#include <stdint.h>
#include <winscard.h>

#include "tests/conformance/steer.h"

#ifdef TESSERA_PCSC_WINSCARD_H
#define DIALECT "pcsc-lite"
#define EITHER(windows, pcsclite) (pcsclite)
typedef unsigned long dialect_code;
#define SCARD_PROTOCOL_Tx SCARD_PROTOCOL_ANY
#include <reader.h>
#else
#define DIALECT "Windows"
#define EITHER(windows, pcsclite) (windows)
typedef uint32_t dialect_code;
#endif

/* With pcsc-lite's own library, version 1.9, in place of ours, which is as version 2 is. */
#define OLDER(older, current) (dialect_is_older() ? (older) : (current))

/* Codes of Win32, which pcsc-lite never gives. */
#define WIN32_INVALID_FUNCTION 1
#define WIN32_INVALID_HANDLE 6
#define WIN32_NOT_SUPPORTED 50

#define BOTH(call, expected) GIVES(call, expected, expected)
#define OK(call) BOTH(call, SCARD_S_SUCCESS)
#define GIVES(call, windows, pcsclite)                                                        \
	suite_equal_hex((dialect_code)(call), (dialect_code)EITHER(windows, pcsclite), #call, \
	    #windows " / " #pcsclite, __FILE__, __LINE__)

#define DIALECT_PNP "\\\\?PnP?\\Notification"

bool dialect_is_older(void);
SCARDCONTEXT dialect_context(void);
SCARDHANDLE dialect_connect(SCARDCONTEXT context, const char *name);
/* One command to the card, T=0 or T=1 as connected. */
LONG dialect_transmit(SCARDHANDLE card);
LONG dialect_control(SCARDHANDLE card);
/* The state of a reader without waiting; the caller's belief is @current. */
LONG dialect_look(SCARDCONTEXT context, const char *name, DWORD current, DWORD *ret_event);

/*
 * Makes @call on @card in another thread while @holder has a transaction, ends the transaction, and
 * expects that the call came back with @expected, and not before.
 */
void dialect_waits(SCARDHANDLE holder, SCARDHANDLE card, LONG (*call)(SCARDHANDLE), LONG expected);

#endif
