/* SPDX-License-Identifier: BSD-2-Clause */
/* An IFD handler's numbers and the contract's (scardreader.idl), both ways. Pure. */
#ifndef IFDHANDLER_CODES_H
#define IFDHANDLER_CODES_H

#include <scardreader.h>

#include "rm/drivers/ifdhandler/message.h"

/* What a handler's result means after an operation. */
HRESULT ifd_code_result(enum ifd_operation operation, int32_t code);

/* Windows's control code -> pcsc-lite's (0x42000000 + n), which handlers compare with. */
uint32_t ifd_code_control(uint32_t code);

/* Turns the codes inside a list of features (PC/SC part 10) into Windows's coding, in place. */
void ifd_code_features(uint8_t *list, size_t length);

/* The protocol that a card speaks when nothing is negotiated, T=0 or T=1; -1: another. */
int ifd_code_first_protocol(const uint8_t *atr, size_t length);

#endif
