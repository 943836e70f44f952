/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tessera's own additions to <winscard.h>: results in words, and who is connected to which reader.
 * Any thread may call them.
 */
#ifndef TESSERA_SCARD_H
#define TESSERA_SCARD_H

#include <winscard.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Results in words: these two never wait, and change neither the text of the other nor the result
 * they describe.
 */

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

/* A connection to a reader, of any program that the resource manager serves. */
struct tessera_scard_holder {
	const char *reader;   /* UTF-8, as the other texts */
	const char *program;  /* name of its process; "" when the caller may not know */
	DWORD pid;            /* process */
	DWORD uid;            /* user */
	DWORD share_mode;     /* SCARD_SHARE_* */
	BOOL in_transaction;  /* it keeps all others from the card now */
	ULONGLONG since_msec; /* when it connected, in milliseconds of CLOCK_MONOTONIC */
};

/*
 * Lists who is connected, a moment's view: the answer to SCARD_E_SHARING_VIOLATION. Never waits for
 * a card or reader. Other users' programs are named to root and to the resource manager's own user
 * only. A resource manager in the process (TESSERA_RM=embedded) knows that process alone.
 * @context: a context; may be 0: not limited to one
 * @ret_holders: receives an array in one block with its texts, readers in their order, connections
 * of a reader in theirs; the caller gives it to SCardFreeMemory with the same context. NULL when
 * there is no connection
 * @ret_count: receives the number of entries
 * Results as those of a winscard function, written on success only. SCARD_E_INVALID_PARAMETER: a
 * pointer is NULL; ERROR_INVALID_HANDLE: the context; ERROR_NOT_SUPPORTED: the resource manager
 * does not tell.
 */
LONG tessera_scard_holders(
    SCARDCONTEXT context, struct tessera_scard_holder **ret_holders, DWORD *ret_count);

#ifdef __cplusplus
}
#endif

#endif
