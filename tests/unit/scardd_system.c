/* SPDX-License-Identifier: BSD-2-Clause */
/* Which scardd is the system's, and what that one forgets. */
#include <stdlib.h>

#include "rm/daemon/daemon.h"
#include "tests/suite.h"

static void
which(void)
{
	static const struct {
		const char *path;
		bool named;
		uid_t uid;
		bool expected;
	} rows[] = {
		/* The system's unit: its user is not root, its socket was given. */
		{ "/run/tessera/scardd.sock", true, 990, true },
		{ "/run/tessera/scardd.sock", true, 0, true },
		{ "/run/tessera/scardd.sock", false, 0, true },
		{ "/run/tessera/other.sock", true, 990, true },
		/* Root's, where the configuration says. */
		{ "/srv/scardd.sock", false, 0, true },
		/* Root's for a test, and a user's. */
		{ "/tmp/x/scardd.sock", true, 0, false },
		{ "/run/user/1000/tessera/scardd.sock", false, 1000, false },
		{ "/run/user/1000/tessera/scardd.sock", true, 1000, false },
		{ "/run/tesseract/scardd.sock", true, 1000, false },
		{ "", true, 0, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		SUITE_EQUAL_INT(
		    system_is(rows[i].path, rows[i].named, rows[i].uid), rows[i].expected);
}

static void
forgets(void)
{
	(void)setenv("TESSERA_COMPONENT_PATH", "/x", 1);
	(void)setenv("XDG_DATA_HOME", "/x", 1);
	(void)setenv("HOME", "/x", 1);
	(void)setenv("TESSERA_CONFIG_DIR", "/x", 1);
	(void)setenv("TESSERA_LOG", "debug", 1);
	system_begin();
	CU_ASSERT_PTR_NULL(getenv("TESSERA_COMPONENT_PATH"));
	CU_ASSERT_PTR_NULL(getenv("XDG_DATA_HOME"));
	CU_ASSERT_PTR_NULL(getenv("HOME"));
	CU_ASSERT_PTR_NULL(getenv("TESSERA_CONFIG_DIR"));
	SUITE_EQUAL_STRING(getenv("TESSERA_LOG"), "debug");
}

static const struct suite_test tests[] = {
	{ "which one it is", which },
	{ "what it forgets", forgets },
};

int
main(void)
{
	return suite_run("scardd_system", tests, sizeof tests / sizeof tests[0]);
}
