/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether this is the system's daemon, which serves every user: then it uses the components of
 * administrator and vendor alone, whatever the environment of whoever started it says.
 */
#include <stdlib.h>

#include "rm/daemon/daemon.h"

#define SYSTEM_FOLDER "/run/tessera/"

bool
system_is(const char *path, bool named, uid_t uid)
{
	return g_str_has_prefix(path, SYSTEM_FOLDER) || (!named && uid == 0);
}

void
system_begin(void)
{
	/* What names the other layers of components. */
	static const char *const names[] = { "TESSERA_COMPONENT_PATH", "XDG_DATA_HOME", "HOME" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		(void)unsetenv(names[i]);
}
