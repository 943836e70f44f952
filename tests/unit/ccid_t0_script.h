/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plays an exchange of T=0 against the engine, written as text:
 *
 *	> 00 B0 00 00 10; < #16 90 00
 *
 * `>` is what the engine must send, `<` what comes back: bytes in hex, `#n` n bytes of the card's
 * data (each exchange counts them on), `@a+n` n bytes of the command from place a. `/n` behind what
 * is sent is the number of bytes asked for at character level. `!` is a card that does not answer,
 * `!p` and `!o` are parity and overrun.
 */
#ifndef TESTS_UNIT_CCID_T0_SCRIPT_H
#define TESTS_UNIT_CCID_T0_SCRIPT_H

#include "ccid/t0.h"

struct exchange {
	const char *name;
	const char *command;
	const char *blocks;
	enum ccid_result result;
	const char *reply; /* NULL: none */
	enum t0_mode mode;
	bool character; /* the blocks are those of the character level */
	bool split_reads;
	bool level_alone; /* makes no sense at the other level */
	size_t room;      /* 0: enough */
};

/*
 * Runs an exchange; one of TPDUs also at character level, where the script is taken for what a card
 * does that answers so. A second command must work behind it.
 */
void exchange_run(const struct exchange *exchange);

#endif
