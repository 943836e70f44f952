/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scardctl apdu: commands to a card, from the arguments, a file or standard input. Commands and
 * replies may hold a PIN: they are wiped, and the data of commands that carry one are not shown.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rm/scardctl/hex.h"
#include "rm/scardctl/reader.h"
#include "rm/scardctl/scardctl.h"
#include "rm/scardctl/status_word.h"

#define COMMAND_MIN 4u
#define COMMAND_MAX 65544u /* bytes: header, extended Lc and Le, 65,535 of data */
#define REPLY_MAX 65538u   /* bytes: 65,536 of data and the status word */
#define LINE_SIZE 262144u  /* bytes of a line of input with NUL: four a byte */
#define HEADER_LENGTH 5u   /* with Lc */

struct exchange {
	SCARDHANDLE card;
	bool colour, prompt, echo;
	uint8_t command[COMMAND_MAX];
	size_t length;
	uint8_t reply[REPLY_MAX];
	char line[LINE_SIZE];
};

/* VERIFY, MANAGE PIN, CHANGE REFERENCE DATA, RESET RETRY COUNTER. */
static bool
carries_secret(const struct exchange *exchange)
{
	static const uint8_t instructions[] = { 0x20, 0x21, 0x24, 0x25, 0x2C, 0x2D };

	return exchange->length > HEADER_LENGTH &&
	    memchr(instructions, exchange->command[1], sizeof instructions) != NULL;
}

static void
print_bytes(const uint8_t *data, size_t length)
{
	char *text = hex_text(data, length);

	fputs(text, stdout);
	explicit_bzero(text, 2 * length);
	g_free(text);
}

static void
print_command(const struct exchange *exchange)
{
	fputs("> ", stdout);
	if (carries_secret(exchange)) {
		print_bytes(exchange->command, HEADER_LENGTH);
		printf(" (%zu bytes not shown)", exchange->length - HEADER_LENGTH);
	} else {
		print_bytes(exchange->command, exchange->length);
	}
	putchar('\n');
}

static void
print_reply(const struct exchange *exchange, size_t length)
{
	static const char *const colours[] = { "\033[32m", "\033[33m", "\033[31m" };
	char text[STATUS_TEXT_SIZE];
	uint16_t word = (uint16_t)(exchange->reply[length - 2] << 8 | exchange->reply[length - 1]);

	fputs("< ", stdout);
	if (length > 2) {
		print_bytes(exchange->reply, length - 2);
		putchar(' ');
	}
	printf("%s%04X%s %s\n", exchange->colour ? colours[status_word_kind(word)] : "", word,
	    exchange->colour ? "\033[0m" : "", status_word_text(word, text));
}

/* Reads a command. Says what is wrong with it as "@where: ...". */
static bool
parse_command(struct exchange *exchange, const char *where, const char *text)
{
	if (!hex_parse(text, exchange->command, sizeof exchange->command, &exchange->length)) {
		(void)scardctl_problem("%s: not a command: expected pairs of hexadecimal digits, "
				       "at most %u bytes",
		    where, COMMAND_MAX);
		return false;
	}
	if (exchange->length < COMMAND_MIN) {
		(void)scardctl_problem("%s: a command has at least %u bytes, CLA INS P1 P2, and "
				       "this %zu; quote one with spaces",
		    where, COMMAND_MIN, exchange->length);
		return false;
	}
	return true;
}

/* Sends the command that was read last. */
static bool
transmit(struct exchange *exchange)
{
	DWORD length = sizeof exchange->reply;
	LONG code;

	if (exchange->echo)
		print_command(exchange);
	code = SCardTransmit(exchange->card, NULL, exchange->command, (DWORD)exchange->length, NULL,
	    exchange->reply, &length);
	if (code == SCARD_S_SUCCESS && length >= 2)
		print_reply(exchange, length);
	explicit_bzero(exchange->command, exchange->length);
	if (code == SCARD_S_SUCCESS)
		explicit_bzero(exchange->reply, length);
	(void)fflush(stdout);
	if (code != SCARD_S_SUCCESS)
		(void)scardctl_failed(code, "the command was not exchanged");
	else if (length < 2)
		(void)scardctl_problem("the reply has %u bytes and no status word", length);
	return code == SCARD_S_SUCCESS && length >= 2;
}

/*
 * The next line without its end, comment and white space; empty lines are passed over. 1; 0: there
 * is none; -1 after a message.
 */
static int
read_line(struct exchange *exchange, FILE *input, const char *name, unsigned long *number)
{
	for (;;) {
		char *line = exchange->line, *comment;

		if (exchange->prompt) {
			fputs("apdu> ", stdout);
			(void)fflush(stdout);
		}
		if (fgets(line, LINE_SIZE, input) == NULL) {
			if (exchange->prompt)
				putchar('\n');
			if (!ferror(input))
				return 0;
			(void)scardctl_problem("%s: %s", name, strerror(errno));
			return -1;
		}
		++*number;
		if (strchr(line, '\n') == NULL && !feof(input)) {
			(void)scardctl_problem(
			    "%s:%lu: longer than %u characters", name, *number, LINE_SIZE - 2);
			return -1;
		}
		if ((comment = strchr(line, '#')) != NULL)
			*comment = '\0';
		if (*g_strstrip(line) != '\0')
			return 1;
	}
}

/* Commands as they come; a mistake ends it, unless there is somebody to correct it. */
static bool
run_stream(struct exchange *exchange, FILE *input, const char *name)
{
	unsigned long number = 0;
	int more;

	while ((more = read_line(exchange, input, name, &number)) == 1) {
		g_autofree char *where = g_strdup_printf("%s:%lu", name, number);
		bool good;

		if (exchange->prompt &&
		    (strcmp(exchange->line, "quit") == 0 || strcmp(exchange->line, "exit") == 0))
			return true;
		good = parse_command(exchange, where, exchange->line);
		explicit_bzero(exchange->line, sizeof exchange->line);
		if (good && !transmit(exchange))
			return false;
		if (!good && !exchange->prompt)
			return false;
	}
	return more == 0;
}

/* A file is read to its end before its first command is sent. */
static bool
check_file(struct exchange *exchange, FILE *input, const char *name)
{
	unsigned long number = 0;
	int more;

	while ((more = read_line(exchange, input, name, &number)) == 1) {
		g_autofree char *where = g_strdup_printf("%s:%lu", name, number);

		if (!parse_command(exchange, where, exchange->line))
			return false;
	}
	return more == 0;
}

static FILE *
open_file(struct exchange *exchange, const char *name)
{
	FILE *input = fopen(name, "re");

	if (input == NULL) {
		(void)scardctl_problem("%s: %s", name, strerror(errno));
		return NULL;
	}
	if (check_file(exchange, input, name) && fseek(input, 0, SEEK_SET) == 0)
		return input;
	(void)fclose(input);
	return NULL;
}

static bool
check_arguments(struct exchange *exchange, char **commands)
{
	for (size_t i = 0; commands[i] != NULL; i++) {
		g_autofree char *where = g_strdup_printf("command %zu", i + 1);

		if (!parse_command(exchange, where, commands[i]))
			return false;
	}
	return true;
}

static bool
run_arguments(struct exchange *exchange, char **commands)
{
	for (; *commands != NULL; commands++)
		if (!parse_command(exchange, "command", *commands) || !transmit(exchange))
			return false;
	return true;
}

static bool
run_all(struct exchange *exchange, char **commands, FILE *file, const char *file_name)
{
	if (*commands != NULL && !run_arguments(exchange, commands))
		return false;
	if (file != NULL)
		return run_stream(exchange, file, file_name);
	if (*commands != NULL)
		return true;
	exchange->prompt = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	exchange->echo = !exchange->prompt;
	return run_stream(exchange, stdin, "standard input");
}

static bool
run_in_transaction(struct exchange *exchange, char **commands, FILE *file, const char *file_name)
{
	bool done;
	LONG code = SCardBeginTransaction(exchange->card);

	if (code != SCARD_S_SUCCESS) {
		(void)scardctl_failed(code, "cannot begin a transaction");
		return false;
	}
	done = run_all(exchange, commands, file, file_name);
	code = SCardEndTransaction(exchange->card, SCARD_LEAVE_CARD);
	if (code != SCARD_S_SUCCESS && done) {
		(void)scardctl_failed(code, "the transaction ended badly");
		done = false;
	}
	return done;
}

/* Connects, does all, disconnects. */
static bool
run_connected(struct exchange *exchange, const struct scardctl_options *options, const char *wanted,
    char **commands, FILE *file)
{
	SCARDCONTEXT context = scardctl_establish();
	g_autofree char *reader = context != 0 ? reader_find(context, wanted) : NULL;
	bool done = false;
	DWORD protocol;
	LONG code;

	if (reader != NULL) {
		code = SCardConnectA(context, reader, SCARD_SHARE_SHARED, options->protocols,
		    &exchange->card, &protocol);
		if (code != SCARD_S_SUCCESS) {
			(void)scardctl_failed(code, "cannot connect to the card in \"%s\"", reader);
		} else {
			done = options->transaction
			    ? run_in_transaction(exchange, commands, file, options->file)
			    : run_all(exchange, commands, file, options->file);
			(void)SCardDisconnect(exchange->card, SCARD_LEAVE_CARD);
		}
	}
	if (context != 0)
		(void)SCardReleaseContext(context);
	return done;
}

/* Whether an argument is meant as a command: nothing but hexadecimal digits and what parts them. */
static bool
looks_like_command(const char *argument)
{
	return argument[strspn(argument, "0123456789ABCDEFabcdef: \t")] == '\0';
}

int
scardctl_apdu(const struct scardctl_options *options, char **arguments)
{
	struct exchange *exchange = g_new0(struct exchange, 1);
	const char *wanted = options->reader;
	FILE *file = NULL;
	bool good;
	int result = SCARDCTL_USAGE;

	if (wanted == NULL && *arguments != NULL && !looks_like_command(*arguments))
		wanted = *arguments++;
	exchange->colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
	exchange->echo = true;
	if (!check_arguments(exchange, arguments))
		goto out;
	result = SCARDCTL_FAILURE;
	if (options->file != NULL && (file = open_file(exchange, options->file)) == NULL)
		goto out;
	good = run_connected(exchange, options, wanted, arguments, file);
	result = good ? SCARDCTL_OK : SCARDCTL_FAILURE;
out:
	if (file != NULL)
		(void)fclose(file);
	explicit_bzero(exchange, sizeof *exchange);
	g_free(exchange);
	return result;
}
