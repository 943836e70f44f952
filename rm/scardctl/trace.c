/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scardctl trace: what happens in a reader, as it happens, until it is interrupted. Everything is
 * written out record by record, so that whatever ends it leaves a whole file.
 */
#include "rm/scardctl/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "rm/scardctl/hex.h"
#include "rm/scardctl/json.h"
#include "rm/scardctl/reader.h"
#include "rm/scardctl/scardctl.h"
#include "rm/scardctl/status_word.h"

#define NANOSECONDS 1000000000u
#define MICROSECOND 1000u

struct tracer {
	const struct scardctl_options *options;
	const char *reader;
	FILE *file; /* of packets; NULL: none */
	int fd;
	DWORD lost;
	struct tessera_scard_traced record;
};

/* "12:34:56.789012", local. (transfer full) */
static char *
clock_text(uint64_t time)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_local((gint64)(time / NANOSECONDS));
	g_autofree char *text = date != NULL ? g_date_time_format(date, "%H:%M:%S") : NULL;

	return g_strdup_printf(
	    "%s.%06u", text != NULL ? text : "?", (unsigned)(time % NANOSECONDS / MICROSECOND));
}

/* (transfer full) */
static char *
date_text(uint64_t time)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_local((gint64)(time / NANOSECONDS));
	g_autofree char *text = date != NULL ? g_date_time_format(date, "%Y-%m-%dT%H:%M:%S") : NULL;
	g_autofree char *zone = date != NULL ? g_date_time_format(date, "%:z") : NULL;

	return g_strdup_printf("%s.%06u%s", text != NULL ? text : "?",
	    (unsigned)(time % NANOSECONDS / MICROSECOND), zone != NULL ? zone : "");
}

/* Bytes as they were sent or came, hidden ones as a count in their place. */
static void
print_bytes(const struct tessera_scard_traced *record, char mark, uint64_t time, const char *who)
{
	bool reply = mark == '<';
	g_autofree char *clock = clock_text(time);
	g_autofree char *bytes = reply ? hex_text(record->reply, record->reply_shown)
				       : hex_text(record->command, record->command_shown);
	DWORD missing = reply ? record->reply_length - record->reply_shown
			      : record->command_length - record->command_shown;
	bool before = reply && (record->hidden & TESSERA_SCARD_HIDDEN_REPLY) != 0;

	printf("%s %s %c ", clock, who, mark);
	if (missing > 0 && before)
		printf("(%u hidden) ", (unsigned)missing);
	fputs(bytes, stdout);
	if (missing > 0 && !before)
		printf(" (%u %s)", (unsigned)missing,
		    (record->hidden & (TESSERA_SCARD_CUT_COMMAND | TESSERA_SCARD_CUT_REPLY)) != 0
			? "cut off"
			: "hidden");
	if (reply && record->reply_shown >= 2) {
		char text[STATUS_TEXT_SIZE];
		const BYTE *end = record->reply + record->reply_shown;

		printf(" %s", status_word_text((uint16_t)(end[-2] << 8 | end[-1]), text));
	}
	printf(reply ? " (%u us)\n" : "\n", (unsigned)(record->duration / MICROSECOND));
}

static void
exchange_as_text(const struct tessera_scard_traced *record, const char *who)
{
	print_bytes(record, '>', record->time, who);
	if (record->result == SCARD_S_SUCCESS) {
		print_bytes(record, '<', record->time + record->duration, who);
	} else {
		g_autofree char *clock = clock_text(record->time + record->duration);

		printf("%s %s ! %s\n", clock, who, tessera_scard_error(record->result));
	}
}

static void
record_as_text(const struct tessera_scard_traced *record)
{
	g_autofree char *clock = clock_text(record->time), *who = trace_who(record);
	g_autofree char *words = trace_words(record), *missing = trace_missing(record);
	g_autofree char *in = hex_text(record->command, record->command_shown);
	g_autofree char *out = hex_text(record->reply, record->reply_shown);

	if (record->what == TESSERA_SCARD_TRACED_TRANSMIT) {
		exchange_as_text(record, who);
		return;
	}
	printf("%s %s%s%s", clock, who, who[0] != '\0' ? " " : "", words);
	if (in[0] != '\0')
		printf(" > %s", in);
	if (out[0] != '\0')
		printf("%s %s", record->what == TESSERA_SCARD_TRACED_POWER ? "," : " <", out);
	if (missing != NULL)
		printf(" (%s)", missing);
	putchar('\n');
}

static void
record_as_json(const struct tracer *tracer, const struct tessera_scard_traced *record)
{
	g_autofree char *time = date_text(record->time);
	struct json json;

	json_init(&json);
	json_open(&json, NULL, '{');
	json_string(&json, "time", time);
	json_string(&json, "reader", tracer->reader);
	json_string(&json, "what", trace_what(record->what));
	json_number(&json, "duration", (int64_t)(record->duration / MICROSECOND));
	json_number(&json, "pid", record->pid);
	json_string(&json, "program", record->program[0] != '\0' ? record->program : NULL);
	json_number(&json, "card", (int64_t)record->card);
	json_number(&json, "mode", record->share_mode);
	json_number(&json, "protocol", record->protocol);
	json_number(&json, "code", record->code);
	json_number(&json, "result", (int64_t)(uint32_t)record->result);
	json_bytes(&json, "command", record->command, record->command_shown);
	json_number(&json, "command_length", record->command_length);
	json_bytes(&json, "reply", record->reply, record->reply_shown);
	json_number(&json, "reply_length", record->reply_length);
	json_number(&json, "lost", record->lost);
	json_close(&json, '}');
	json_print(&json);
}

/* A line for what is not a record: that it has begun. */
static void
say_begun(const struct tracer *tracer)
{
	uint64_t now = (uint64_t)g_get_real_time() * MICROSECOND;
	g_autofree char *clock = clock_text(now), *time = date_text(now);
	struct json json;

	if (tracer->file == stdout)
		return;
	if (!tracer->options->json) {
		printf("%s tracing %s\n", clock, tracer->reader);
		return;
	}
	json_init(&json);
	json_open(&json, NULL, '{');
	json_string(&json, "time", time);
	json_string(&json, "reader", tracer->reader);
	json_string(&json, "what", "tracing");
	json_close(&json, '}');
	json_print(&json);
}

static bool
show(struct tracer *tracer)
{
	const struct tessera_scard_traced *record = &tracer->record;
	DWORD lost = record->lost - tracer->lost;

	tracer->lost = record->lost;
	if (tracer->file != NULL) {
		if (pcapng_put(tracer->file, record, lost))
			return true;
		(void)scardctl_problem("%s: %s", tracer->options->write, strerror(errno));
		return false;
	}
	if (lost > 0 && !tracer->options->json)
		printf("(%u lost: they came faster than they were read)\n", (unsigned)lost);
	if (tracer->options->json)
		record_as_json(tracer, record);
	else
		record_as_text(record);
	return fflush(stdout) == 0;
}

/* Records as they come. */
static int
follow(struct tracer *tracer)
{
	struct pollfd polled = { .fd = tracer->fd, .events = POLLIN };
	unsigned long count = 0;

	for (;;) {
		LONG code = tessera_scard_trace_read(tracer->fd, &tracer->record);

		if (code == SCARD_E_TIMEOUT) {
			if (poll(&polled, 1, -1) < 0 && errno != EINTR)
				return scardctl_problem("poll: %s", strerror(errno));
			continue;
		}
		if (code != SCARD_S_SUCCESS)
			return scardctl_failed(
			    code, "the trace of \"%s\" has ended", tracer->reader);
		if (!show(tracer))
			return SCARDCTL_FAILURE;
		if (tracer->record.what == TESSERA_SCARD_TRACED_GONE ||
		    ++count == tracer->options->count)
			return SCARDCTL_OK;
	}
}

/* What others send to a card is nobody else's to read. */
static FILE *
open_file(const char *name)
{
	int fd;
	FILE *file;

	if (strcmp(name, "-") == 0)
		return stdout;
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0 && (file = fdopen(fd, "w")) != NULL)
		return file;
	(void)scardctl_problem("%s: %s", name, strerror(errno));
	if (fd >= 0)
		(void)close(fd);
	return NULL;
}

static int
begin(struct tracer *tracer, SCARDCONTEXT context)
{
	LONG code = tessera_scard_trace(context, tracer->reader, &tracer->fd);
	int result;

	if (code != SCARD_S_SUCCESS)
		return scardctl_failed(code, "cannot trace \"%s\"", tracer->reader);
	if (tracer->options->write != NULL &&
	    ((tracer->file = open_file(tracer->options->write)) == NULL ||
		!pcapng_begin(tracer->file, tracer->reader)))
		result = tracer->file == NULL
		    ? SCARDCTL_FAILURE
		    : scardctl_problem("%s: %s", tracer->options->write, strerror(errno));
	else {
		say_begun(tracer);
		(void)fflush(stdout);
		result = follow(tracer);
	}
	if (tracer->file != NULL && tracer->file != stdout && fclose(tracer->file) != 0 &&
	    result == SCARDCTL_OK)
		result = scardctl_problem("%s: %s", tracer->options->write, strerror(errno));
	(void)close(tracer->fd);
	return result;
}

int
scardctl_trace(const struct scardctl_options *options, char **arguments)
{
	SCARDCONTEXT context = scardctl_establish();
	g_autofree char *reader = NULL;
	struct tracer *tracer;
	int result = SCARDCTL_FAILURE;

	if (context == 0)
		return SCARDCTL_FAILURE;
	tracer = g_new0(struct tracer, 1);
	reader = reader_find(context, options->reader != NULL ? options->reader : arguments[0]);
	if (reader != NULL) {
		tracer->options = options;
		tracer->reader = reader;
		result = begin(tracer, context);
	}
	g_free(tracer);
	(void)SCardReleaseContext(context);
	return result;
}
