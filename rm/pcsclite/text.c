/* SPDX-License-Identifier: BSD-2-Clause */
/* Codes in pcsc-lite's words, to the letter: programs show them and scripts look for them. */
#include <stdio.h>

#include "rm/pcsclite/lp64.h"

#define TEXT_SIZE 75u /* as pcsc-lite's */

const char *pcsclite_text(const lp64_long code) LP64_EXPORT("pcsc_stringify_error");

/* clang-format off */
static const struct {
	lp64_long code;
	const char *text;
} texts[] = {
	{ 0x00000000, "Command successful." },
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
	{ 0x80100019, "PCI struct too small." },
	{ 0x8010001A, "Reader is unsupported." },
	{ 0x8010001B, "Reader already exists." },
	{ 0x8010001C, "Card is unsupported." },
	{ 0x8010001D, "Service not available." },
	{ 0x8010001E, "Service was stopped." },
	{ 0x8010001F, "Feature not supported." },
	{ 0x8010002E, "Cannot find a smart card reader." },
	{ 0x80100065, "Card is not supported." },
	{ 0x80100066, "Card is unresponsive." },
	{ 0x80100067, "Card is unpowered." },
	{ 0x80100068, "Card was reset." },
	{ 0x80100069, "Card was removed." },
	{ 0x8010006A, "Access denied." },
};
/* clang-format on */

const char *
pcsclite_text(const lp64_long code)
{
	static _Thread_local char buffer[TEXT_SIZE];
	size_t i = 0;

	while (i < sizeof texts / sizeof texts[0] && texts[i].code != code)
		i++;
	/* The buffer is the caller's to write to, so a text of the table is copied as well. */
	if (i < sizeof texts / sizeof texts[0])
		(void)snprintf(buffer, sizeof buffer, "%s", texts[i].text);
	else
		(void)snprintf(
		    buffer, sizeof buffer, "Unknown error: 0x%08lX", (unsigned long)code);
	return buffer;
}
