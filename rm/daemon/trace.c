/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TRACE: somebody wants to know what happens in a reader. He gets one end of a pair of sockets, and
 * a packet comes out of it for each thing that happens. The kernel's buffer is the only queue there
 * is: what has no room in it is counted and left out, so that no reader waits for who watches it.
 *
 * Secrets are left out here, before anything is copied. Exchanges are shown to root, to the
 * daemon's own user and to the user whose program made them; the rest is what anybody may know by
 * HOLDERS and by watching the reader.
 *
 * A trace lives as long as the other end is open: what epoll tells of it ends it.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <winerror.h>

#include "rm/daemon/daemon.h"
#include "rm/daemon/secrets.h"

#define TRACES_MAX 8u /* at a time, of all readers */
#define PROGRAM_SIZE 16u
#define NANOSECONDS 1000000000u
/* All fields but the bytes of command and reply. */
#define RECORD_SIZE (WIRE_REQUEST_HEADER + 128u + WIRE_TEXT_MAX)

struct trace {
	struct source source;
	unsigned references; /* changed atomically: the list's, and those who tell it something */
	struct rm_reader *reader;
	uid_t viewer;
	uint32_t lost;          /* changed atomically */
	struct secrets secrets; /* the lock's */
	pid_t pid;              /* the lock's: whose name is kept */
	char program[PROGRAM_SIZE];
	GList link; /* the list's, of which `data` is cleared when it leaves */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* a leaf */
static GQueue traces = G_QUEUE_INIT;

static void
trace_unref(struct trace *trace)
{
	if (__atomic_sub_fetch(&trace->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	(void)close(trace->source.fd);
	rm_trace_end(trace->reader);
	free(trace);
}

/* Takes it off the list; the list's reference goes to the caller. False: it has left already. */
static bool
leave(struct trace *trace)
{
	bool listed;

	(void)pthread_mutex_lock(&lock);
	listed = trace->link.data != NULL;
	if (listed)
		g_queue_unlink(&traces, &trace->link);
	trace->link.data = NULL;
	(void)pthread_mutex_unlock(&lock);
	return listed;
}

/* Nobody has anything to say here: whatever comes is the end. */
static void
trace_ready(struct source *source, uint32_t events)
{
	struct trace *trace = (struct trace *)((char *)source - offsetof(struct trace, source));

	if (leave(trace))
		trace_unref(trace);
	if (events != 0)
		accept_again();
}

void
trace_end(void)
{
	GList *link;

	while ((link = g_queue_peek_head_link(&traces)) != NULL)
		trace_ready(&((struct trace *)link->data)->source, 0);
}

static bool
is_private(enum rm_traced_what what)
{
	return what == RM_TRACED_TRANSMIT || what == RM_TRACED_CONTROL ||
	    what == RM_TRACED_GET_ATTRIBUTE || what == RM_TRACED_SET_ATTRIBUTE;
}

static bool
may_see(const struct trace *trace, uid_t uid)
{
	return trace->viewer == 0 || trace->viewer == geteuid() || trace->viewer == uid;
}

/* What of the bytes may be told; with the lock. */
static struct secrets_shown
look_for_secrets(struct trace *trace, const struct rm_traced *traced)
{
	struct secrets_shown shown = { traced->in_length, traced->out_length, true, true };

	switch (traced->what) {
	case RM_TRACED_TRANSMIT:
		return secrets_exchange(&trace->secrets, traced->protocol == SCARD_PROTOCOL_RAW,
		    traced->in, traced->in_length, traced->out, traced->out_length);
	case RM_TRACED_CONTROL:
		if (secrets_control_shown(traced->code))
			return shown;
		/* It may have been a command to the card. */
		trace->secrets = SECRETS_BEGIN;
		return (
		    struct secrets_shown){ 0, 0, traced->in_length == 0, traced->out_length == 0 };
	case RM_TRACED_SET_ATTRIBUTE:
		return (struct secrets_shown){ 0, 0, traced->in_length == 0, true };
	case RM_TRACED_POWER:
	case RM_TRACED_INSERTED:
	case RM_TRACED_REMOVED:
		trace->secrets = SECRETS_BEGIN;
		return shown;
	default:
		return shown;
	}
}

/* The name of who did it, asked for when he comes. With the lock. */
static void
find_program(struct trace *trace, const struct rm_traced *traced)
{
	if (traced->pid == trace->pid && traced->what != RM_TRACED_CONNECT)
		return;
	trace->pid = traced->pid;
	trace->program[0] = '\0';
	if (traced->pid != 0)
		holders_program(traced->pid, trace->program, sizeof trace->program);
}

/* When it began, as the clock on the wall has it. */
static uint64_t
wall_time(uint64_t began)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * NANOSECONDS + (uint64_t)now.tv_nsec -
	    (rm_deadline(0) - began);
}

static void
put_record(struct wire_writer *record, struct trace *trace, const struct rm_traced *traced,
    struct secrets_shown shown, const char *program)
{
	size_t command = MIN(shown.command, WIRE_TRACE_DATA_MAX);
	size_t reply = MIN(shown.reply, WIRE_TRACE_DATA_MAX);
	uint32_t hidden = 0;

	if (!shown.command_whole)
		hidden |= WIRE_HIDDEN_COMMAND;
	else if (command < traced->in_length)
		hidden |= WIRE_CUT_COMMAND;
	if (!shown.reply_whole)
		hidden |= WIRE_HIDDEN_REPLY;
	else if (reply < traced->out_length)
		hidden |= WIRE_CUT_REPLY;
	wire_put_u32(record, __atomic_load_n(&trace->lost, __ATOMIC_RELAXED));
	wire_put_u32(record, traced->what);
	wire_put_u64(record, wall_time(traced->began));
	wire_put_u64(record, traced->ended - traced->began);
	wire_put_u32(record, (uint32_t)traced->pid);
	wire_put_u32(record, (uint32_t)traced->uid);
	wire_put_text(record, program);
	wire_put_u64(record, traced->card);
	wire_put_u32(record, traced->share_mode);
	wire_put_u32(record, traced->protocol);
	wire_put_u32(record, traced->code);
	wire_put_u32(record, (uint32_t)traced->result);
	wire_put_u32(record, hidden);
	wire_put_u32(record, (uint32_t)traced->in_length);
	wire_put_bytes(
	    record, traced->in != NULL ? traced->in : (const uint8_t *)"", (uint32_t)command);
	wire_put_u32(record, (uint32_t)traced->out_length);
	/* Of a reply that is not shown, the status word, which is at its end. */
	wire_put_bytes(record,
	    traced->out != NULL ? traced->out + (shown.reply_whole ? 0 : traced->out_length - reply)
				: (const uint8_t *)"",
	    (uint32_t)reply);
}

static void
tell(struct trace *trace, const struct rm_traced *traced)
{
	char program[PROGRAM_SIZE] = "";
	struct secrets_shown shown;
	struct wire_writer record;
	size_t size;
	uint8_t *data;
	ssize_t length;

	(void)pthread_mutex_lock(&lock);
	shown = look_for_secrets(trace, traced);
	if (may_see(trace, traced->uid)) {
		find_program(trace, traced);
		memcpy(program, trace->program, sizeof program);
	}
	(void)pthread_mutex_unlock(&lock);
	if (is_private(traced->what) && !may_see(trace, traced->uid))
		return;
	size = RECORD_SIZE + MIN(shown.command, WIRE_TRACE_DATA_MAX) +
	    MIN(shown.reply, WIRE_TRACE_DATA_MAX);
	if ((data = malloc(size)) != NULL) {
		wire_begin_request(&record, data, size, WIRE_TRACED, 0);
		put_record(&record, trace, traced, shown, program);
		length = wire_finish(&record);
		if (length > 0 &&
		    send(trace->source.fd, data, (size_t)length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			(void)__atomic_add_fetch(&trace->lost, 1, __ATOMIC_RELAXED);
		explicit_bzero(data, record.used);
		free(data);
	} else
		(void)__atomic_add_fetch(&trace->lost, 1, __ATOMIC_RELAXED);
}

void
trace_show(void *data, const struct rm_traced *traced)
{
	struct trace *found[TRACES_MAX];
	unsigned count = 0;

	(void)data;
	(void)pthread_mutex_lock(&lock);
	for (GList *link = traces.head; link != NULL; link = link->next) {
		struct trace *trace = link->data;

		if (trace->reader != traced->reader)
			continue;
		(void)__atomic_add_fetch(&trace->references, 1, __ATOMIC_RELAXED);
		found[count++] = trace;
	}
	(void)pthread_mutex_unlock(&lock);
	for (unsigned i = 0; i < count; i++) {
		tell(found[i], traced);
		trace_unref(found[i]);
	}
}

/* Lists it and gives it to epoll; false: there are too many. */
static bool
enter(struct trace *trace)
{
	bool entered = false;

	(void)pthread_mutex_lock(&lock);
	if (traces.length < TRACES_MAX && loop_add(&trace->source)) {
		g_queue_push_tail_link(&traces, &trace->link);
		entered = true;
	}
	(void)pthread_mutex_unlock(&lock);
	return entered;
}

/* Takes over the traced reader. The other end, or -1. */
static int
trace_new(struct rm_reader *reader, uid_t viewer)
{
	struct trace *trace = calloc(1, sizeof *trace);
	int ends[2];

	if (trace == NULL ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
		free(trace);
		rm_trace_end(reader);
		return -1;
	}
	trace->source = (struct source){ ends[0], trace_ready };
	trace->references = 1;
	trace->reader = reader;
	trace->viewer = viewer;
	trace->secrets = SECRETS_BEGIN;
	trace->link.data = trace;
	if (enter(trace))
		return ends[1];
	(void)close(ends[1]);
	trace_unref(trace);
	return -1;
}

bool
trace_serve(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	SCARDCONTEXT context = wire_get_u64(reader);
	char message[RM_MESSAGE_SIZE] = "";
	struct rm_reader *traced = NULL;
	int end = -1;
	LONG result;

	wire_get_text(reader, call->name, sizeof call->name);
	if (wire_done(reader) != 0)
		return false;
	result = rm_trace_begin(lane->session->rm, context, call->name, &traced, message);
	if (result == SCARD_S_SUCCESS && (end = trace_new(traced, lane->session->uid)) < 0) {
		result = SCARD_E_NO_MEMORY;
		(void)g_strlcpy(message,
		    "scardd has no descriptor for this, or as many traces as it makes at a time; "
		    "end "
		    "another one",
		    sizeof message);
	}
	if (result == SCARD_S_SUCCESS)
		log_line(LOG_LEVEL_INFO, "user %u, process %d traces reader '%s'",
		    (unsigned)lane->session->uid, (int)lane->session->pid, call->name);
	call->descriptor = end;
	serve_begin(call, result, 0, message);
	serve_finish(call);
	if (end >= 0)
		(void)close(end);
	return true;
}
