/* SPDX-License-Identifier: BSD-2-Clause */
/* A shared object that is no component: it has no entry point. */
int plain_answer(void);

int
plain_answer(void)
{
	return 42;
}
