/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A module in the place of libtessera-engine.so. The settings say what it does: "fail once", so
 * that a second try can be seen, "version", a table of another version, else contexts that hold the
 * length of the settings.
 */
#include <stdio.h>
#include <string.h>

#include "rm/api/calls.h"

const struct rm_calls *tessera_rm_embedded(const char *settings, LONG *ret_code, char *message);

static size_t settings_length;

static LONG
establish(uint32_t dialect, uint32_t scope, SCARDCONTEXT *ret_context, char *message)
{
	(void)dialect;
	(void)scope;
	(void)message;
	*ret_context = 1000 + settings_length;
	return SCARD_S_SUCCESS;
}

static LONG
release(SCARDCONTEXT context, char *message)
{
	(void)message;
	return context == 1000 + settings_length ? SCARD_S_SUCCESS : SCARD_E_INVALID_HANDLE;
}

__attribute__((visibility("default"))) const struct rm_calls *
tessera_rm_embedded(const char *settings, LONG *ret_code, char *message)
{
	static const struct rm_calls calls = {
		.version = RM_CALLS_VERSION, .establish = establish, .release = release
	};
	static const struct rm_calls other = { .version = RM_CALLS_VERSION + 1 };
	static int tries;

	settings_length = strlen(settings);
	if (strcmp(settings, "version") == 0)
		return &other;
	if (strcmp(settings, "fail once") == 0 && tries++ == 0) {
		*ret_code = SCARD_E_READER_UNSUPPORTED;
		(void)snprintf(
		    message, RM_CALLS_MESSAGE_SIZE, "driver 'fail once': as it was told");
		return NULL;
	}
	return &calls;
}
