/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tessera's own additions to <winscard.h>: results in words. Both calls may be made from any
 * thread, never wait, and change neither the text of the other nor the result they describe.
 */
#ifndef TESSERA_SCARD_H
#define TESSERA_SCARD_H

#include <wtypes.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Name and meaning of a code, in English: "SCARD_E_UNKNOWN_READER: reader name not recognised".
 * @code: a code of <scarderr.h>, or a Win32 code that a winscard function returns
 * Never NULL; not to be freed. For these codes the text is static. For any other it is
 * "0x%08X: not a smart card code", in a buffer of the calling thread that the next such call
 * reuses.
 */
const char *tessera_scard_error(LONG code);

/*
 * Why the last winscard call of the calling thread failed: names the object, the cause and the next
 * step, as in "reader 'ACME 1': held exclusively by pid 4120 (scdaemon); try again when it ends".
 * For people: do not parse it. Never NULL; "" when the last call succeeded or there was none.
 * UTF-8; not to be freed; valid until the next winscard call on this thread.
 */
const char *tessera_scard_message(void);

#ifdef __cplusplus
}
#endif

#endif
