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

/* What may happen in a reader. */
#define TESSERA_SCARD_TRACED_CONNECT 1u
#define TESSERA_SCARD_TRACED_RECONNECT 2u
#define TESSERA_SCARD_TRACED_DISCONNECT 3u
#define TESSERA_SCARD_TRACED_BEGIN 4u /* of a transaction */
#define TESSERA_SCARD_TRACED_END 5u
#define TESSERA_SCARD_TRACED_TRANSMIT 6u
#define TESSERA_SCARD_TRACED_CONTROL 7u
#define TESSERA_SCARD_TRACED_GET_ATTRIBUTE 8u
#define TESSERA_SCARD_TRACED_SET_ATTRIBUTE 9u
#define TESSERA_SCARD_TRACED_POWER 10u    /* of the card; the reply is its answer to reset */
#define TESSERA_SCARD_TRACED_PROTOCOL 11u /* settled with the card */
#define TESSERA_SCARD_TRACED_INSERTED 12u /* a card */
#define TESSERA_SCARD_TRACED_REMOVED 13u
#define TESSERA_SCARD_TRACED_GONE 14u    /* the reader: nothing follows */
#define TESSERA_SCARD_TRACED_DROPPED 15u /* a connection, its program or context being gone */

/* What of command and reply is not shown. */
#define TESSERA_SCARD_HIDDEN_COMMAND 0x1u /* its end, which may be a secret */
#define TESSERA_SCARD_HIDDEN_REPLY 0x2u   /* all, or all but the status word at its end */
#define TESSERA_SCARD_CUT_COMMAND 0x4u    /* its end, which is too long */
#define TESSERA_SCARD_CUT_REPLY 0x8u

#define TESSERA_SCARD_TRACE_DATA 64000u /* bytes of a command or reply that are shown */

/* One thing that has happened. Members may be added at the end in a later major version only. */
struct tessera_scard_traced {
	DWORD lost;         /* how many are missing since the trace began, because nobody read it */
	DWORD what;         /* TESSERA_SCARD_TRACED_*; there may be others */
	ULONGLONG time;     /* when it began, nanoseconds of CLOCK_REALTIME */
	ULONGLONG duration; /* nanoseconds */
	DWORD pid, uid;     /* whose program did it; 0 and 0xFFFFFFFF: nobody's */
	char program[64];   /* "" when the caller may not know */
	ULONGLONG card;     /* tells connections of one program apart */
	DWORD share_mode;   /* connections: SCARD_SHARE_* */
	DWORD protocol;     /* SCARD_PROTOCOL_*; of one that failed, what was wanted */
	DWORD
	code; /* disposition, control code, attribute, SCARD_*_RESET or POWER_DOWN, protocols */
	LONG result;
	DWORD hidden; /* TESSERA_SCARD_HIDDEN_*, TESSERA_SCARD_CUT_* */
	DWORD command_length, command_shown;
	DWORD reply_length, reply_shown;
	BYTE command[TESSERA_SCARD_TRACE_DATA]; /* its beginning */
	BYTE reply[TESSERA_SCARD_TRACE_DATA];   /* its beginning; its end when it is hidden */
};

/*
 * Begins to trace a reader: from now on, what happens in it can be read from a descriptor, with
 * tessera_scard_trace_read, whenever poll(2) says POLLIN. Secrets are left out by the resource
 * manager; scardctl(1) says which. Exchanges of other users' programs are told to root and to the
 * resource manager's own user only. What is not read in time is lost, and counted: the reader never
 * waits.
 * @ret_fd: receives the descriptor, which the caller closes to end it
 * SCARD_E_UNKNOWN_READER; ERROR_NOT_SUPPORTED: a resource manager within the process;
 * SCARD_E_UNSUPPORTED_FEATURE: an older scardd; SCARD_E_NO_MEMORY: too many traces.
 */
LONG tessera_scard_trace(SCARDCONTEXT context, LPCSTR reader, int *ret_fd);

/*
 * Takes the next record, without waiting. SCARD_E_TIMEOUT: there is none now;
 * SCARD_E_SERVICE_STOPPED: there will be none any more.
 */
LONG tessera_scard_trace_read(int fd, struct tessera_scard_traced *record);

#ifdef __cplusplus
}
#endif

#endif
