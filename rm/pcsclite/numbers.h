/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers of pcsc-lite where they are not Windows's: what its callers give and get, whether by
 * the drop-in or by its own library's way to the daemon.
 */
#ifndef RM_PCSCLITE_NUMBERS_H
#define RM_PCSCLITE_NUMBERS_H

#include <stdint.h>

#include <winscard.h>

typedef long lp64_long;
typedef unsigned long lp64_dword;

#define LP64_NAME_SIZE 128u      /* of a reader, with NUL */
#define LP64_ATTRIBUTE_MAX 264u  /* bytes of a value */
#define LP64_EXTENDED_MAX 65548u /* bytes of a command or a reply */
#define LP64_REPLY_MIN 2u        /* room for SW1 SW2 */

#define LP64_PROTOCOL_RAW 0x0004u
#define LP64_PROTOCOL_ANY_OLD 0x1000u /* of programs from before 2003 */

/* A code of ours as pcsc-lite's: positive, SCARD_* only. */
lp64_long lp64_result(LONG code);

/* Protocols and masks of them, from pcsc-lite's numbers and back. */
uint32_t lp64_protocols_in(lp64_dword protocols);
lp64_dword lp64_protocol_out(uint32_t protocol);
/*
 * The protocol of a command. 0, which means the active one to us, is no protocol to pcsc-lite:
 * SCARD_E_PROTO_MISMATCH.
 */
LONG lp64_send_protocol(lp64_dword protocol, uint32_t *ret_protocol);

/* Numbers of pcsc-lite become those of Windows, which drivers know; others stay. */
uint32_t lp64_control_in(lp64_dword code);

#endif
