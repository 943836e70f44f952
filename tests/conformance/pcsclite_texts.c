/* SPDX-License-Identifier: BSD-2-Clause */
/* pcsc_stringify_error gives pcsc-lite's texts to the letter, in a buffer of the thread's own. */
#include <pthread.h>
#include <string.h>
#include <winscard.h>

#include "tests/suite.h"

static void
texts(void)
{
	/* Not all codes have one. */
	static const struct {
		LONG code;
		const char *text;
	} table[] = {
		{ 0x00000000, "Command successful." },
		{ 0x80100000, "Unknown error: 0x80100000" },
		{ 0x80100001, "Internal error." },
		{ 0x80100002, "Command cancelled." },
		{ 0x80100003, "Invalid handle." },
		{ 0x80100004, "Invalid parameter given." },
		{ 0x80100005, "Invalid target given." },
		{ 0x80100006, "Not enough memory." },
		{ 0x80100007, "Waited too long." },
		{ 0x80100008, "Insufficient buffer." },
		{ 0x80100009, "Unknown reader specified." },
		{ 0x8010000A, "Command timeout." },
		{ 0x8010000B, "Sharing violation." },
		{ 0x8010000C, "No smart card inserted." },
		{ 0x8010000D, "Unknown card." },
		{ 0x8010000E, "Cannot dispose handle." },
		{ 0x8010000F, "Card protocol mismatch." },
		{ 0x80100010, "Subsystem not ready." },
		{ 0x80100011, "Invalid value given." },
		{ 0x80100012, "System cancelled." },
		{ 0x80100013, "RPC transport error." },
		{ 0x80100014, "Unknown error." },
		{ 0x80100015, "Invalid ATR." },
		{ 0x80100016, "Transaction failed." },
		{ 0x80100017, "Reader is unavailable." },
		{ 0x80100018, "Unknown error: 0x80100018" },
		{ 0x80100019, "PCI struct too small." },
		{ 0x8010001A, "Reader is unsupported." },
		{ 0x8010001B, "Reader already exists." },
		{ 0x8010001C, "Card is unsupported." },
		{ 0x8010001D, "Service not available." },
		{ 0x8010001E, "Service was stopped." },
		{ 0x8010001F, "Feature not supported." },
		{ 0x80100020, "Unknown error: 0x80100020" },
		{ 0x80100022, "Unknown error: 0x80100022" },
		{ 0x8010002E, "Cannot find a smart card reader." },
		{ 0x8010002F, "Unknown error: 0x8010002F" },
		{ 0x80100065, "Card is not supported." },
		{ 0x80100066, "Card is unresponsive." },
		{ 0x80100067, "Card is unpowered." },
		{ 0x80100068, "Card was reset." },
		{ 0x80100069, "Card was removed." },
		{ 0x8010006A, "Access denied." },
		{ 0x8010006E, "Unknown error: 0x8010006E" },
		{ 6, "Unknown error: 0x00000006" },
		{ -1, "Unknown error: 0xFFFFFFFFFFFFFFFF" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		SUITE_EQUAL_STRING(pcsc_stringify_error(table[i].code), table[i].text);
}

static void *
other_thread(void *data)
{
	(void)data;
	return strcmp(pcsc_stringify_error(SCARD_E_TIMEOUT), "Command timeout.") == 0 ? data : NULL;
}

static void
threads(void)
{
	const char *mine = pcsc_stringify_error(SCARD_W_RESET_CARD);
	pthread_t thread;
	void *seen = NULL;

	CU_ASSERT_EQUAL(pthread_create(&thread, NULL, other_thread, (void *)mine), 0);
	CU_ASSERT_EQUAL(pthread_join(thread, &seen), 0);
	CU_ASSERT_PTR_NOT_NULL(seen);
	SUITE_EQUAL_STRING(mine, "Card was reset.");
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "texts of codes", texts },
		{ "one buffer a thread", threads },
	};

	return suite_run("pcsclite texts", tests, sizeof tests / sizeof tests[0]);
}
