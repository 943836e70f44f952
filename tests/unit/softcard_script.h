/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Conversations with a soft card as tables: a command, the answer that must come.
 */
#ifndef TESTS_UNIT_SOFTCARD_SCRIPT_H
#define TESTS_UNIT_SOFTCARD_SCRIPT_H

#include "rm/drivers/softcard/card.h"
#include "rm/drivers/softcard/tpdu.h"

struct softcard_line {
	const char *command; /* hexadecimal; NULL: a reset */
	const char *reply;   /* hexadecimal; with what the comment beside it says */
};

/* The card that the tests talk to; file numbers are not needed, identifiers are in
 * softcard_script.c. */
struct softcard_card *softcard_script_card(void);

/* Under T=1, and under T=0 when @tpdu is there. Each line that differs is reported with its
 * command. */
void softcard_script_run(struct softcard_card *card, struct softcard_tpdu *tpdu,
    const struct softcard_line *lines, size_t count);

#define SOFTCARD_SCRIPT(card, tpdu, ...)                                                   \
	do {                                                                               \
		static const struct softcard_line lines_[] = { __VA_ARGS__ };              \
		softcard_script_run(card, tpdu, lines_, sizeof lines_ / sizeof lines_[0]); \
	} while (0)

#endif
