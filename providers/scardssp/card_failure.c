/* SPDX-License-Identifier: BSD-2-Clause */
/* Results of the resource manager: see card_failure.h. */
#include "providers/scardssp/card_failure.h"

#include <tessera_scard.h>

HRESULT
card_failure(LONG code, const char *what)
{
	HRESULT hr = code > 0 ? HRESULT_FROM_WIN32((DWORD)code) : code;
	const char *message = tessera_scard_message();

	if (message[0] == '\0')
		return CARD_FAIL(hr, "%s: %s", what, tessera_scard_error(code));
	return CARD_FAIL(hr, "%s: %s (%s)", what, message, tessera_scard_error(code));
}
