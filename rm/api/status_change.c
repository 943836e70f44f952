/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for readers and cards. The two forms of the caller's array differ in the name alone. */
#include <winscard.h>

#include "rm/api/message.h"
#include "rm/api/visibility.h"
#include "rm/api/watched.h"

API_EXPORT LONG WINAPI
SCardGetStatusChangeA(
    SCARDCONTEXT hContext, DWORD dwTimeout, LPSCARD_READERSTATEA rgReaderStates, DWORD cReaders)
{
	struct api_watch watch = { .function = "SCardGetStatusChangeA", .count = cReaders };
	LONG code;

	(void)api_message_clear();
	code = api_watch_begin(&watch, rgReaderStates);
	for (DWORD i = 0; i < cReaders && code == SCARD_S_SUCCESS; i++)
		code = api_watch_add(&watch, i, API_FORM_A, rgReaderStates[i].szReader,
		    rgReaderStates[i].dwCurrentState);
	if (code == SCARD_S_SUCCESS)
		code = api_watch_run(&watch, hContext, dwTimeout);
	for (DWORD i = 0; i < cReaders && api_watch_tells(code); i++)
		api_watch_tell(&watch, i, &rgReaderStates[i].dwEventState, &rgReaderStates[i].cbAtr,
		    rgReaderStates[i].rgbAtr);
	return api_watch_end(&watch, code);
}

API_EXPORT LONG WINAPI
SCardGetStatusChangeW(
    SCARDCONTEXT hContext, DWORD dwTimeout, LPSCARD_READERSTATEW rgReaderStates, DWORD cReaders)
{
	struct api_watch watch = { .function = "SCardGetStatusChangeW", .count = cReaders };
	LONG code;

	(void)api_message_clear();
	code = api_watch_begin(&watch, rgReaderStates);
	for (DWORD i = 0; i < cReaders && code == SCARD_S_SUCCESS; i++)
		code = api_watch_add(&watch, i, API_FORM_W, rgReaderStates[i].szReader,
		    rgReaderStates[i].dwCurrentState);
	if (code == SCARD_S_SUCCESS)
		code = api_watch_run(&watch, hContext, dwTimeout);
	for (DWORD i = 0; i < cReaders && api_watch_tells(code); i++)
		api_watch_tell(&watch, i, &rgReaderStates[i].dwEventState, &rgReaderStates[i].cbAtr,
		    rgReaderStates[i].rgbAtr);
	return api_watch_end(&watch, code);
}
