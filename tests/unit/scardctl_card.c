/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card for the virtual reader, for a script: it is in the reader until its standard input ends.
 *
 *	scardctl_card unix:PATH
 */
#include <stdio.h>

#include "tests/unit/vpcd_card.h"

int
main(int argc, char **argv)
{
	static struct card card;
	struct vpcd_settings settings;
	char message[VPCD_MESSAGE_SIZE];

	if (argc != 2 || vpcd_settings_parse(argv[1], &settings, message) < 0)
		return 2;
	card_begin(&card, &settings, 0, CARD_ECHO, NULL, 0);
	while (getchar() != EOF)
		;
	card_end(&card);
	return 0;
}
