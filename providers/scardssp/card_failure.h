/* SPDX-License-Identifier: BSD-2-Clause */
/* Results of the resource manager as results of ISCard, with their texts. */
#ifndef PROVIDERS_SCARDSSP_CARD_FAILURE_H
#define PROVIDERS_SCARDSSP_CARD_FAILURE_H

#include <scardssp.h>
#include <tessera_class.h>

#define CARD_FAIL(code, ...) tessera_error((code), &IID_ISCard, "SCardSSP.SCard.1", __VA_ARGS__)

/*
 * card_failure: leaves the text of the winscard call that failed last on this thread, and returns
 * its code as HRESULT: SCARD_* as they are, Win32 codes wrapped. Call it before the next winscard
 * call.
 * @code: what that call returned, not 0
 * @what: what failed, with its object where that helps: "ISCard::AttachByReader('ACME 1')"
 */
HRESULT card_failure(LONG code, const char *what);

#endif
