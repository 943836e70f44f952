/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kill tests' processes do. Each runs one of these, against what TESSERA_RM says. */
#ifndef TESTS_DAEMON_KILL_CLIENT_H
#define TESTS_DAEMON_KILL_CLIENT_H

/* Exit statuses of kill_client. */
#define KILL_CLIENT_FINE 0
#define KILL_CLIENT_UNCLEAR 1 /* a code that says neither of the next two */
#define KILL_CLIENT_NO_CARD 3
#define KILL_CLIENT_NO_MANAGER 4

/* Every message of the protocol, once; ends with the first call that fails. */
int kill_client(void);

/*
 * Transactions until told to stop, whatever happens to card and daemon. @user: its number.
 *
 * Standard input: P, let go of the card, say P and wait for G; its end, stop. Standard output: P as
 * asked; S when the daemon is gone, then it waits for G to go on with the next one.
 */
int kill_load(unsigned user);

#endif
