/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of the tests of the CCID driver, written as hexadecimal text. */
#ifndef TESTS_UNIT_CCID_HEX_H
#define TESTS_UNIT_CCID_HEX_H

#include <stddef.h>
#include <stdint.h>

/*
 * Returns an allocation of exactly the bytes (transfer full), so that a sanitizer sees a read
 * behind them; `*N` after a byte repeats it N times: "90*300 00".
 */
uint8_t *ccid_hex(const char *text, size_t *ret_length);

#endif
