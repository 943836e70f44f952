/* SPDX-License-Identifier: BSD-2-Clause */
/* scardd as an administrator meets it: command line, configuration, sockets, start and stop. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/scardd_fixture.h"

static struct answer answer;

/* Runs it with these arguments and looks at its status and what it says. */
static void
ends(int status, const char *says, const char *const *arguments)
{
	char text[8192];

	SUITE_EQUAL_INT(scardd_run(arguments, text, sizeof text), status);
	if (strstr(text, says) == NULL) {
		printf("# got \"%s\", expected \"%s\" in it\n", text, says);
		CU_FAIL("text");
	}
}
#define ENDS(status, says, ...) ends(status, says, (const char *const[]){ __VA_ARGS__, NULL })

static void
test_command_line(void)
{
	ENDS(0, "usage: scardd", "--help");
	ENDS(0, "scardd 0.", "--version");
	ENDS(2, "unknown option \"--frobnicate\"; see scardd --help", "--frobnicate");
	ENDS(2, "--socket needs a value", "--socket");
	ENDS(2, "--driver needs a name", "--driver", "=x");
	ENDS(2, "\"now\" is one", "--foreground", "now");
}

static void
write_config(const char *text)
{
	FILE *file = fopen("scardd.conf", "we");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	(void)fputs(text, file);
	(void)fclose(file);
}

static void
config_ends(const char *text, const char *says)
{
	write_config(text);
	ENDS(1, says, "--config", "scardd.conf");
}

static void
test_bad_config(void)
{
	config_ends("[Deamon]\n", "scardd.conf: [Deamon]: unknown group; accepted is [Daemon]");
	config_ends("[Daemon]\nSokcet=/x\n", "scardd.conf: [Daemon] Sokcet: unknown key");
	config_ends("[Daemon]\nSocket=x\n", "[Daemon] Socket: expected an absolute path");
	config_ends(
	    "[Daemon]\nPcscliteSocket=x\n", "[Daemon] PcscliteSocket: expected an absolute path");
	config_ends("[Daemon]\nSocketMode=rw\n", "[Daemon] SocketMode: expected an octal number");
	config_ends("[Daemon]\nSocketMode=1777\n", "[Daemon] SocketMode: ");
	config_ends("[Daemon]\nMaxSessions=0\n", "[Daemon] MaxSessions: expected a number from 1");
	config_ends("[Daemon]\nMaxSessions=9x\n", "[Daemon] MaxSessions: ");
	config_ends("[Daemon]\nDrivers==x;\n", "[Daemon] Drivers: expected NAME");
	config_ends("rubbish\n", "scardd.conf: ");
	ENDS(1, "no-such-file", "--config", "no-such-file");
}

static void
test_config(void)
{
	int lanes[2], refused;
	struct stat status;

	write_config("[Daemon]\nDrivers=softcard=pair;\nMaxSessions=2\nSocketMode=0600\n");
	(void)setenv("TESSERA_CONFIG_DIR", ".", 1);
	scardd_start((const char *const[]){ NULL });
	(void)unsetenv("TESSERA_CONFIG_DIR");
	SUITE_EQUAL_INT(stat(scardd_socket, &status), 0);
	SUITE_EQUAL_HEX(status.st_mode & 07777, 0600);
	lanes[0] = session_begin(NULL);
	lanes[1] = session_begin(NULL);
	(void)connect_card(lanes[0], establish(lanes[0]));
	refused = lane_connect();
	CODE(ask(refused, &answer, WIRE_HELLO, 1u, 1u), SCARD_E_NO_MEMORY);
	(void)close(refused);
	(void)close(lanes[0]);
	(void)close(lanes[1]);
	SUITE_EQUAL_INT(scardd_stop(), 0);
}

/* The environment names no configuration for the system's daemon, which these would be. */
static void
test_system_config(void)
{
	char place[160] = "/run/tessera/";

	/* Too long for a socket: it comes as far as that, and makes nothing. */
	memset(place + strlen(place), 'x', 120);
	config_ends("[Daemon]\nSokcet=/x\n", "Sokcet");
	(void)setenv("TESSERA_CONFIG_DIR", ".", 1);
	ENDS(1, "Sokcet", "--socket", "./scardd.sock");
	ENDS(1, "the path is longer", "--socket", place);
	(void)unsetenv("TESSERA_CONFIG_DIR");
}

static void
test_no_driver(void)
{
	uint64_t context;
	int lane;

	scardd_start((const char *const[]){ NULL });
	lane = session_begin(NULL);
	context = establish(lane);
	CODE(ask(lane, &answer, WIRE_LIST_READERS, context, NULL, WIRE_ABSENT),
	    SCARD_E_NO_READERS_AVAILABLE);
	(void)close(lane);
	SUITE_EQUAL_INT(scardd_stop(), 0);
}

static void
test_bad_driver(void)
{
	ENDS(1, "frobnicator", "--socket", scardd_socket, "--driver", "frobnicator");
	SUITE_EQUAL_INT(access(scardd_socket, F_OK), -1);
	ENDS(1, "no-such-profile", "--socket", scardd_socket, "--driver",
	    "softcard=no-such-profile");
}

/* A socket at the daemon's place; nobody listens when @backlog is negative. */
static int
occupy(int backlog)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	memcpy(address.sun_path, scardd_socket, sizeof scardd_socket);
	SUITE_EQUAL_INT(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	if (backlog >= 0)
		SUITE_EQUAL_INT(listen(fd, backlog), 0);
	return fd;
}

static void
test_stale_socket(void)
{
	(void)close(occupy(1));
	SUITE_EQUAL_INT(access(scardd_socket, F_OK), 0);
	scardd_start_softcard();
	(void)close(session_begin(NULL));
	SUITE_EQUAL_INT(scardd_stop(), 0);
}

/* The second one is there when it is configured, and has the same mode. */
static void
test_pcsclite_socket(void)
{
	char text[512], path[256], folder[200];
	struct stat status;

	CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(folder, sizeof folder));
	(void)snprintf(path, sizeof path, "%s/second", folder);
	(void)snprintf(text, sizeof text, "[Daemon]\nPcscliteSocket=%s\nSocketMode=0600\n", path);
	write_config(text);
	scardd_start((const char *const[]){ "--config", "scardd.conf", NULL });
	SUITE_EQUAL_INT(stat(path, &status), 0);
	CU_ASSERT(S_ISSOCK(status.st_mode));
	SUITE_EQUAL_HEX(status.st_mode & 0777, 0600);
	ENDS(1, "another scardd, or pcscd, serves it", "--socket", "./third", "--pcsclite-socket",
	    path);
	CU_ASSERT_EQUAL(stat("third", &status), -1);
	/* One that was left behind makes way. */
	(void)kill(scardd_pid, SIGKILL);
	(void)waitpid(scardd_pid, NULL, 0);
	SUITE_EQUAL_INT(stat(path, &status), 0);
	scardd_start((const char *const[]){ "--config", "scardd.conf", NULL });
	SUITE_EQUAL_INT(scardd_stop(), 0);
	CU_ASSERT_EQUAL(stat(path, &status), -1);
	scardd_start_softcard();
	CU_ASSERT_EQUAL(stat(path, &status), -1);
	SUITE_EQUAL_INT(scardd_stop(), 0);
}

static void
test_live_socket(void)
{
	int lane;

	scardd_start_softcard();
	ENDS(1, "another scardd serves it", "--socket", scardd_socket);
	lane = session_begin(NULL);
	(void)connect_card(lane, establish(lane));
	(void)close(lane);
	SUITE_EQUAL_INT(scardd_stop(), 0);
}

static void
test_bad_place(void)
{
	char path[200];

	memset(path, 'x', sizeof path - 1);
	path[0] = '/';
	path[sizeof path - 1] = '\0';
	ENDS(1, "longer than 107 bytes", "--socket", path);
	ENDS(1, "cannot be made: No such file or directory", "--socket", "./no/such/folder/s");
	write_config("");
	ENDS(1, "a file that is no socket is in the way", "--socket", "./scardd.conf");
	SUITE_EQUAL_INT(access("scardd.conf", F_OK), 0);
}

/* Gives a descriptor as systemd does; the fixture's child says that it is meant. */
static void
activation_ends(int fd, const char *count, const char *says)
{
	char text[8192];

	(void)dup2(fd, 3);
	(void)setenv("LISTEN_FDS", count, 1);
	SUITE_EQUAL_INT(
	    scardd_run((const char *const[]){ "--foreground", NULL }, text, sizeof text), 1);
	(void)unsetenv("LISTEN_FDS");
	(void)close(3);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, says));
}

/* Both sockets from the service manager, the one for pcsc-lite's library first. */
static void
activation_of_both(int fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	uint32_t version[5] = { 12, 0x11, 4, 4, 9 };
	int stream, listener, lane;

	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s/stream", getenv("TMPDIR"));
	stream = fcntl(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), F_DUPFD, 20);
	CU_ASSERT_EQUAL(bind(stream, (struct sockaddr *)&address, sizeof address), 0);
	CU_ASSERT_EQUAL(listen(stream, 4), 0);
	listener = stream;
	stream = fcntl(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), F_DUPFD_CLOEXEC, 20);
	CU_ASSERT_EQUAL(connect(stream, (struct sockaddr *)&address, sizeof address), 0);
	(void)dup2(listener, 3);
	(void)dup2(fd, 4);
	(void)setenv("LISTEN_FDS", "2", 1);
	scardd_start((const char *const[]){ "--driver", "softcard", NULL });
	(void)unsetenv("LISTEN_FDS");
	(void)close(4);
	CU_ASSERT_EQUAL(send(stream, version, sizeof version, MSG_NOSIGNAL), sizeof version);
	CU_ASSERT_EQUAL(recv(stream, version, 12, MSG_WAITALL), 12);
	SUITE_EQUAL_INT(version[2], 0);
	lane = session_begin(NULL);
	(void)connect_card(lane, establish(lane));
	(void)close(lane);
	(void)close(stream);
	SUITE_EQUAL_INT(scardd_stop(), 0);
	/* They are the service manager's. */
	SUITE_EQUAL_INT(unlink(address.sun_path), 0);
	(void)dup2(listener, 4);
	activation_ends(listener, "2", "two sockets for the same were given");
	(void)close(4);
	(void)close(listener);
}

/* Root's own daemon is the system's, unless it is told where to serve: where it looks tells. */
static void
test_system(void)
{
	const char *const system_one[] = { "--config", "scardd.conf", NULL };
	const char *const named[] = { "--config", "scardd.conf", "--socket", scardd_socket, NULL };
	char folder[256], text[8192];

	if (geteuid() != 0)
		suite_skip("only root's daemon is the system's without its socket");
	CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(folder, sizeof folder));
	(void)snprintf(
	    text, sizeof text, "[Daemon]\nSocket=%s/place.sock\nDrivers=frobnicator;\n", folder);
	write_config(text);
	(void)setenv("TESSERA_COMPONENT_PATH", "/components-of-mine", 1);
	SUITE_EQUAL_INT(scardd_run(system_one, text, sizeof text), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "the system's scardd"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "frobnicator"));
	CU_ASSERT_PTR_NULL(strstr(text, "/components-of-mine"));
	SUITE_EQUAL_INT(scardd_run(named, text, sizeof text), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "looked in /components-of-mine"));
	(void)unsetenv("TESSERA_COMPONENT_PATH");
}

static void
test_activation(void)
{
	int fd, lane;

	/* Descriptor 3 is the test's to give. */
	(void)close(3);
	fd = fcntl(occupy(16), F_DUPFD, 20);
	(void)dup2(fd, 3);
	/* A client that is there before the daemon is. */
	lane = lane_connect();
	say(lane, WIRE_HELLO, 1u, 1u);
	(void)setenv("LISTEN_FDS", "1", 1);
	scardd_start((const char *const[]){ "--driver", "softcard", NULL });
	(void)unsetenv("LISTEN_FDS");
	(void)close(3);
	CU_ASSERT(hear(lane, &answer));
	CODE(answer.header.result, SCARD_S_SUCCESS);
	(void)connect_card(lane, establish(lane));
	(void)close(lane);
	SUITE_EQUAL_INT(scardd_stop(), 0);
	activation_of_both(fd);
	/* It is the service manager's. */
	SUITE_EQUAL_INT(unlink(scardd_socket), 0);
	activation_ends(fd, "3", "3 sockets were given");
	(void)close(fd);
	fd = fcntl(STDOUT_FILENO, F_DUPFD, 20);
	activation_ends(fd, "1", "not a listening Unix socket for packets");
	(void)close(fd);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "command line", test_command_line },
		{ "bad configuration", test_bad_config },
		{ "no driver", test_no_driver },
		{ "configuration", test_config },
		{ "the system's daemon and the environment", test_system_config },
		{ "drivers that cannot be started", test_bad_driver },
		{ "a stale socket is replaced", test_stale_socket },
		{ "a socket for pcsc-lite's library", test_pcsclite_socket },
		{ "a live socket is not", test_live_socket },
		{ "places where no socket can be", test_bad_place },
		{ "socket activation", test_activation },
		{ "the system's daemon", test_system },
	};

	return suite_run("scardd", tests, sizeof tests / sizeof tests[0]);
}
