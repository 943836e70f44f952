/* SPDX-License-Identifier: BSD-2-Clause */
/* Codes and failures in words. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/fixture.h"

#define CODES 67 /* in scarderr.h, success included */

/* Every code of the installed header has a text that begins with its name and says something. */
static void
total(void)
{
	char path[1024], line[512], name[64], expected[80];
	unsigned long value;
	int count = 0;
	FILE *header;

	(void)snprintf(path, sizeof path, "%s/include/tessera/scarderr.h", getenv("TESSERA_BUILD"));
	header = fopen(path, "re");
	if (header == NULL) {
		CU_FAIL("scarderr.h cannot be read");
		return;
	}
	while (fgets(line, sizeof line, header) != NULL) {
		const char *text;

		if (sscanf(line, "#define %63[A-Z0-9_] ((LONG)%li)", name, (long *)&value) != 2)
			continue;
		count++;
		text = tessera_scard_error((LONG)(DWORD)value);
		(void)snprintf(expected, sizeof expected, "%s: ", name);
		if (strncmp(text, expected, strlen(expected)) != 0 ||
		    strlen(text) < strlen(expected) + 4)
			SUITE_EQUAL_STRING(text, name);
	}
	(void)fclose(header);
	SUITE_EQUAL_INT(count, CODES);
}

static void
texts(void)
{
	SUITE_EQUAL_STRING(tessera_scard_error(SCARD_S_SUCCESS), "SCARD_S_SUCCESS: done");
	SUITE_EQUAL_STRING(tessera_scard_error(SCARD_E_UNKNOWN_READER),
	    "SCARD_E_UNKNOWN_READER: reader name not recognised");
	SUITE_EQUAL_STRING(tessera_scard_error(6),
	    "ERROR_INVALID_HANDLE: context or card handle is 0, unknown or released");
	for (LONG code = -1; code < 1500; code++) {
		const char *text = tessera_scard_error(code);

		if (text == NULL || strstr(text, ": ") == NULL)
			CU_FAIL("a code without a text");
	}
	SUITE_EQUAL_STRING(
	    tessera_scard_error((LONG)0x80100035), "0x80100035: not a smart card code");
	SUITE_EQUAL_STRING(tessera_scard_error(-1), "0xFFFFFFFF: not a smart card code");
}

static void
explained(void)
{
	SCARDCONTEXT context = fixture_context();
	SCARDHANDLE card;

	SUITE_EQUAL_STRING(tessera_scard_message(), "");
	CODE(SCardConnectA(context, NULL, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_INVALID_PARAMETER);
	SUITE_EQUAL_STRING(tessera_scard_message(),
	    "SCardConnectA: the reader name is NULL: pass a name from SCardListReaders");
	CODE(SCardConnectA(
		 context, "No Such Reader 7", SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_UNKNOWN_READER);
	/* Names the object. */
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "No Such Reader 7"));
	(void)tessera_scard_error(12345);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "No Such Reader 7"));
	OK(SCardIsValidContext(context));
	SUITE_EQUAL_STRING(tessera_scard_message(), "");
	OK(SCardReleaseContext(context));
}

static void *
other_thread(void *data)
{
	char *seen = data;

	(void)snprintf(seen, 512, "%s", tessera_scard_message());
	(void)SCardReleaseContext(0);
	(void)snprintf(seen + 512, 512, "%s", tessera_scard_message());
	return NULL;
}

static void
own_message(void)
{
	static char seen[1024];
	pthread_t thread;

	CODE(SCardDisconnect(0, 0), ERROR_INVALID_HANDLE);
	CU_ASSERT_EQUAL(pthread_create(&thread, NULL, other_thread, seen), 0);
	(void)pthread_join(thread, NULL);
	SUITE_EQUAL_STRING(seen, "");
	CU_ASSERT_PTR_NOT_NULL(strstr(seen + 512, "SCardReleaseContext"));
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "SCardDisconnect"));
}

static const struct suite_test tests[] = {
	{ "every code of scarderr.h has a name and a text", total },
	{ "texts of codes", texts },
	{ "a failure names the object; a success clears the message", explained },
	{ "each thread has its own message", own_message },
};

int
main(void)
{
	return fixture_run("winscard_errors", tests, sizeof tests / sizeof tests[0]);
}
