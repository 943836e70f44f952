/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/scardd_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 16
/* Low descriptors are for those that are given to the daemon. */
#define NOTIFICATIONS_FD 10

pid_t scardd_pid;
char scardd_socket[108];
static int notifications = -1;
static char notify_path[108];

static void
give_up(const char *what)
{
	printf("not ok - scardd: %s: %s\n", what, strerror(errno));
	fflush(stdout);
	if (scardd_pid > 0)
		(void)kill(scardd_pid, SIGKILL);
	exit(1);
}

static const char *
folder(void)
{
	const char *path = getenv("TMPDIR");

	return path != NULL ? path : ".";
}

static void
wait_readable(int fd, const char *what)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	if (poll(&wait, 1, PATIENCE_MS) != 1)
		give_up(what);
}

static void
prepare(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)snprintf(scardd_socket, sizeof scardd_socket, "%s/scardd.sock", folder());
	if (notifications >= 0)
		return;
	(void)snprintf(notify_path, sizeof notify_path, "%s/notify", folder());
	memcpy(address.sun_path, notify_path, sizeof notify_path);
	notifications = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	notifications = fcntl(notifications, F_DUPFD_CLOEXEC, NOTIFICATIONS_FD);
	if (bind(notifications, (struct sockaddr *)&address, sizeof address) != 0)
		give_up("notification socket");
}

static void
execute(const char *const *arguments)
{
	const char *all[ARGUMENTS_MAX] = { "scardd" };
	char program[4096], pid[16];
	size_t count = 1;

	(void)snprintf(pid, sizeof pid, "%d", (int)getpid());
	if (getenv("LISTEN_FDS") != NULL)
		(void)setenv("LISTEN_PID", pid, 1);

	while (*arguments != NULL && count < ARGUMENTS_MAX - 1)
		all[count++] = *arguments++;
	(void)snprintf(program, sizeof program, "%s/bin/scardd", getenv("TESSERA_BUILD"));
	/* A daemon does not outlive a test that breaks. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	execv(program, (char *const *)all);
	_exit(127);
}

void
scardd_start(const char *const *arguments)
{
	const char *all[ARGUMENTS_MAX] = { "--socket", scardd_socket };

	prepare();
	for (size_t i = 0; arguments[i] != NULL && i < ARGUMENTS_MAX - 3; i++)
		all[i + 2] = arguments[i];
	if ((scardd_pid = fork()) == 0) {
		(void)setenv("NOTIFY_SOCKET", notify_path, 1);
		execute(all);
	}
	scardd_expect("READY=1");
}

void
scardd_start_softcard(void)
{
	scardd_start((const char *const[]){ "--driver", "softcard", NULL });
}

void
scardd_expect(const char *text)
{
	char got[64];
	ssize_t length;

	wait_readable(notifications, text);
	length = recv(notifications, got, sizeof got - 1, 0);
	got[length > 0 ? length : 0] = '\0';
	if (strcmp(got, text) != 0)
		give_up(got);
}

int
scardd_stop(void)
{
	int status = 0;

	(void)kill(scardd_pid, SIGTERM);
	scardd_expect("STOPPING=1");
	(void)waitpid(scardd_pid, &status, 0);
	scardd_pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
scardd_run(const char *const *arguments, char *text, size_t size)
{
	size_t used = 0;
	ssize_t got;
	int ends[2], status = 0;
	pid_t pid;

	prepare();
	if (pipe2(ends, O_CLOEXEC) != 0)
		give_up("pipe");
	if ((pid = fork()) == 0) {
		(void)dup2(ends[1], STDERR_FILENO);
		(void)dup2(ends[1], STDOUT_FILENO);
		execute(arguments);
	}
	(void)close(ends[1]);
	for (;;) {
		wait_readable(ends[0], "scardd did not end");
		if ((got = read(ends[0], text + used, size - 1 - used)) <= 0)
			break;
		used += (size_t)got;
	}
	text[used] = '\0';
	(void)close(ends[0]);
	(void)waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

unsigned
scardd_threads(void)
{
	char path[64], line[256];
	unsigned threads = 0;
	FILE *file;

	(void)snprintf(path, sizeof path, "/proc/%d/status", (int)scardd_pid);
	if ((file = fopen(path, "re")) == NULL)
		return 0;
	while (fgets(line, sizeof line, file) != NULL)
		if (sscanf(line, "Threads: %u", &threads) == 1)
			break;
	(void)fclose(file);
	return threads;
}

int
lane_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path, scardd_socket, sizeof scardd_socket);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
		give_up("connect");
	return fd;
}

static void
put_field(struct wire_writer *writer, char letter, va_list *arguments)
{
	const void *bytes;

	switch (letter) {
	case 'u':
		wire_put_u32(writer, va_arg(*arguments, uint32_t));
		break;
	case 'q':
		wire_put_u64(writer, va_arg(*arguments, uint64_t));
		break;
	case 's':
		wire_put_text(writer, va_arg(*arguments, const char *));
		break;
	case 'b':
		bytes = va_arg(*arguments, const void *);
		wire_put_bytes(writer, bytes, va_arg(*arguments, uint32_t));
		break;
	case '(':
		wire_put_u32(writer, 1);
		break;
	default:
		break;
	}
}

static void
say_all(int lane, unsigned number, va_list *arguments)
{
	static uint32_t serial;
	uint8_t data[WIRE_MESSAGE_MAX];
	struct wire_writer writer;
	ssize_t size;

	wire_begin_request(&writer, data, sizeof data, (uint16_t)number, ++serial);
	for (const char *letter = wire_info((uint16_t)number)->request; *letter != '\0'; letter++)
		put_field(&writer, *letter, arguments);
	size = wire_finish(&writer);
	if (size < 0)
		give_up("message");
	/* A lane that has ended is found out by who hears. */
	(void)send(lane, data, (size_t)size, MSG_NOSIGNAL);
}

void
say(int lane, unsigned number, ...)
{
	va_list arguments;

	va_start(arguments, number);
	say_all(lane, number, &arguments);
	va_end(arguments);
}

bool
hear(int lane, struct answer *answer)
{
	ssize_t size;

	wait_readable(lane, "no answer");
	size = recv(lane, answer->data, sizeof answer->data, 0);
	if (size <= 0)
		return false;
	if (wire_check(answer->data, (size_t)size) != 0 ||
	    wire_open(&answer->reader, answer->data, (size_t)size, &answer->header) != 0 ||
	    !answer->header.is_reply)
		give_up("an answer that is none");
	return true;
}

LONG
ask(int lane, struct answer *answer, unsigned number, ...)
{
	va_list arguments;

	va_start(arguments, number);
	say_all(lane, number, &arguments);
	va_end(arguments);
	if (!hear(lane, answer))
		return SCARD_F_COMM_ERROR;
	SUITE_EQUAL_INT(answer->header.number, number);
	return answer->header.result;
}

bool
is_silent(int lane)
{
	struct pollfd wait = { .fd = lane, .events = POLLIN };

	return poll(&wait, 1, 0) == 0;
}

int
session_begin(uint8_t token[WIRE_TOKEN_SIZE])
{
	static struct answer answer;
	const uint8_t *bytes;
	uint32_t length;
	int lane = lane_connect();

	/* As a client of the first version: what the tests say is what it says. */
	CODE(ask(lane, &answer, WIRE_HELLO, 1u, 1u), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(wire_get_u32(&answer.reader), 1);
	wire_get_bytes(&answer.reader, &bytes, &length);
	SUITE_EQUAL_INT(length, WIRE_TOKEN_SIZE);
	if (token != NULL && length == WIRE_TOKEN_SIZE)
		memcpy(token, bytes, WIRE_TOKEN_SIZE);
	return lane;
}

int
lane_join(const uint8_t token[WIRE_TOKEN_SIZE])
{
	static struct answer answer;
	int lane = lane_connect();

	CODE(ask(lane, &answer, WIRE_LANE, token, WIRE_TOKEN_SIZE), SCARD_S_SUCCESS);
	return lane;
}

uint64_t
establish(int lane)
{
	static struct answer answer;

	CODE(ask(lane, &answer, WIRE_ESTABLISH, 0u, 0u), SCARD_S_SUCCESS);
	return wire_get_u64(&answer.reader);
}

void
first_reader(int lane, uint64_t context, char name[128])
{
	static struct answer answer;
	const uint8_t *list = NULL;
	uint32_t length = 0;

	name[0] = '\0';
	CODE(ask(lane, &answer, WIRE_LIST_READERS, context, NULL, WIRE_ABSENT), SCARD_S_SUCCESS);
	wire_get_bytes(&answer.reader, &list, &length);
	if (length > 0 && length < 128 && list[length - 1] == '\0')
		memcpy(name, list, length);
}

uint64_t
connect_card(int lane, uint64_t context)
{
	static struct answer answer;
	char name[128];

	first_reader(lane, context, name);
	CODE(ask(lane, &answer, WIRE_CONNECT, context, name, SCARD_SHARE_SHARED, ANY),
	    SCARD_S_SUCCESS);
	return wire_get_u64(&answer.reader);
}

void
transmit(int lane, uint64_t card)
{
	static const uint8_t command[] = { 0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00 };
	static struct answer answer;
	const uint8_t *reply = NULL;
	uint32_t length = 0, protocol;

	CODE(ask(lane, &answer, WIRE_TRANSMIT, card, 0u, 258u, command, (uint32_t)sizeof command),
	    SCARD_S_SUCCESS);
	protocol = wire_get_u32(&answer.reader);
	wire_get_bytes(&answer.reader, &reply, &length);
	SUITE_EQUAL_INT(protocol == SCARD_PROTOCOL_T0 || protocol == SCARD_PROTOCOL_T1, 1);
	SUITE_EQUAL_BYTES(reply, length, "90 00");
}
