/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card in a virtual reader, served by a thread, that can be pulled and that can make its reader
 * fail. Any thread may call these.
 */
#ifndef TESTS_DAEMON_KILL_CARD_H
#define TESTS_DAEMON_KILL_CARD_H

#include <stdbool.h>

/* Bits of kill_card_wait_users: who has sent a SELECT with this number. */
#define KILL_CARD_USERS 2u

/* Puts it in: connects to the reader's socket. False: nobody listens. */
bool kill_card_insert(const char *path);
/* The connection ends. The card is out when kill_card_wait_out says so. */
void kill_card_pull(void);
/* The next command is answered with a message that no card may send. */
void kill_card_fail_next(void);
/* Waits until the card has no connection any more. False: not before the deadline. */
bool kill_card_wait_out(void);
/* Waits until every user has sent a command after this call. False: not before the deadline. */
bool kill_card_wait_users(void);

#endif
