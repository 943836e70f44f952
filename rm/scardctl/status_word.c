/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/scardctl/status_word.h"

#include <stdio.h>

static const struct {
	uint16_t word;
	const char *text;
} words[] = {
	{ 0x9000, "success" },
	{ 0x6281, "warning: part of the data may be corrupted" },
	{ 0x6282, "warning: end of file or record before that many bytes" },
	{ 0x6283, "warning: the selected file is deactivated" },
	{ 0x6284, "warning: file control information is not formatted as expected" },
	{ 0x6285, "warning: the selected file is in its termination state" },
	{ 0x6286, "warning: no input from a sensor on the card" },
	{ 0x6287, "warning: a referenced record is deactivated" },
	{ 0x6381, "warning: the file is now full" },
	{ 0x6401, "the card wants an immediate answer" },
	{ 0x6581, "memory failure" },
	{ 0x6700, "wrong length" },
	{ 0x6881, "logical channels are not supported" },
	{ 0x6882, "secure messaging is not supported" },
	{ 0x6883, "the last command of the chain was expected" },
	{ 0x6884, "command chaining is not supported" },
	{ 0x6981, "the command does not fit the structure of the file" },
	{ 0x6982, "security status not satisfied" },
	{ 0x6983, "authentication method blocked" },
	{ 0x6984, "reference data cannot be used" },
	{ 0x6985, "conditions of use not satisfied" },
	{ 0x6986, "command not allowed: no current file" },
	{ 0x6987, "secure messaging data missing" },
	{ 0x6988, "secure messaging data incorrect" },
	{ 0x6A80, "wrong parameters in the data" },
	{ 0x6A81, "function not supported" },
	{ 0x6A82, "file or application not found" },
	{ 0x6A83, "record not found" },
	{ 0x6A84, "not enough memory in the file" },
	{ 0x6A85, "length does not fit the TLV structure" },
	{ 0x6A86, "wrong P1 or P2" },
	{ 0x6A87, "length does not fit P1 and P2" },
	{ 0x6A88, "reference data not found" },
	{ 0x6A89, "the file exists already" },
	{ 0x6A8A, "the name exists already" },
	{ 0x6B00, "wrong P1 or P2: outside of the file" },
	{ 0x6D00, "instruction not known" },
	{ 0x6E00, "class not known" },
	{ 0x6F00, "no precise diagnosis" },
};

/* By SW1, where no word says more. */
static const struct {
	uint8_t first;
	const char *text;
} first_bytes[] = {
	{ 0x62, "warning: memory is unchanged" },
	{ 0x63, "warning: memory has changed" },
	{ 0x64, "execution error: memory is unchanged" },
	{ 0x65, "execution error: memory has changed" },
	{ 0x66, "security problem" },
	{ 0x67, "wrong length" },
	{ 0x68, "a function of the class is not supported" },
	{ 0x69, "command not allowed" },
	{ 0x6A, "wrong parameters P1 or P2" },
	{ 0x6F, "no precise diagnosis" },
};

enum status_kind
status_word_kind(uint16_t word)
{
	if (word == 0x9000 || word >> 8 == 0x61)
		return STATUS_GOOD;
	return word >> 8 == 0x62 || word >> 8 == 0x63 ? STATUS_WARNING : STATUS_BAD;
}

/* Words with a number inside. */
static int
numbered_text(uint16_t word, char *text)
{
	const unsigned low = word & 0xFF, count = low == 0 ? 256 : low;

	if (word >> 8 == 0x61)
		return snprintf(
		    text, STATUS_TEXT_SIZE, "success: %u more bytes wait for GET RESPONSE", count);
	if (word >> 8 == 0x6C)
		return snprintf(text, STATUS_TEXT_SIZE, "wrong Le: %u bytes are there", count);
	if ((word & 0xFFF0) == 0x63C0)
		return snprintf(text, STATUS_TEXT_SIZE,
		    "warning: counter is %u (for a PIN: tries left)", low & 0xF);
	return 0;
}

const char *
status_word_text(uint16_t word, char *text)
{
	const char *found = "unknown";

	if (numbered_text(word, text) > 0)
		return text;
	if (word >> 12 == 9)
		found = "defined by the card's application";
	for (size_t i = 0; i < sizeof first_bytes / sizeof first_bytes[0]; i++)
		if (first_bytes[i].first == word >> 8)
			found = first_bytes[i].text;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (words[i].word == word)
			found = words[i].text;
	(void)snprintf(text, STATUS_TEXT_SIZE, "%s", found);
	return text;
}
