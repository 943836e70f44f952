/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether this is the system's daemon, which serves every user: then it uses components and
 * configuration of administrator and vendor alone, whatever the environment of whoever started it
 * says. The configuration names drivers and gives them settings, which may name files to load.
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
	/* What names the other layers of components, and another scardd.conf. */
	static const char *const names[] = { "TESSERA_COMPONENT_PATH", "XDG_DATA_HOME", "HOME",
		"TESSERA_CONFIG_DIR" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		(void)unsetenv(names[i]);
}
