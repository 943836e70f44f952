/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program that is connected to a reader, for a script:
 *
 *	scardctl_holder READER shared|exclusive|direct|transaction
 *
 * It says "ready" and stays until its standard input ends.
 */
#include <stdio.h>
#include <string.h>

#include <tessera_scard.h>
#include <winscard.h>

static int
failed(const char *what)
{
	fprintf(stderr, "scardctl_holder: %s: %s\n", what, tessera_scard_message());
	return 1;
}

int
main(int argc, char **argv)
{
	SCARDCONTEXT context;
	SCARDHANDLE card;
	DWORD mode = SCARD_SHARE_SHARED, protocol;

	if (argc != 3)
		return 2;
	if (strcmp(argv[2], "exclusive") == 0)
		mode = SCARD_SHARE_EXCLUSIVE;
	else if (strcmp(argv[2], "direct") == 0)
		mode = SCARD_SHARE_DIRECT;
	if (SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context) != SCARD_S_SUCCESS)
		return failed("establish");
	if (SCardConnectA(context, argv[1], mode, SCARD_PROTOCOL_Tx, &card, &protocol) !=
	    SCARD_S_SUCCESS)
		return failed("connect");
	if (strcmp(argv[2], "transaction") == 0 && SCardBeginTransaction(card) != SCARD_S_SUCCESS)
		return failed("begin");
	puts("ready");
	(void)fflush(stdout);
	while (getchar() != EOF)
		;
	if (SCardReleaseContext(context) != SCARD_S_SUCCESS)
		return failed("release");
	return 0;
}
