/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Death at every message. A client sends every message of the protocol through a proxy; before
 * message N reaches the daemon, the client or the daemon is killed, the card pulled, or the
 * reader's driver made to fail, for every N, while two others use the same card all the time.
 * Afterwards nothing is held, the next client works, and so do the others.
 *
 * The processes are this program again: `kill_matrix client MANAGER`, `kill_matrix load USER`.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tessera_scard.h>
#include <winscard.h>

#include "tests/daemon/kill_card.h"
#include "tests/daemon/kill_client.h"
#include "tests/daemon/kill_proxy.h"
#include "tests/daemon/scardd_process.h"
#include "tests/suite.h"

#define CARD_SOCKET "card.sock"
#define PROXY_SOCKET "proxy.sock"
#define CLIENT_LIMIT_MS 20000
#define CARD_LIMIT_MS 20000
#define MESSAGES 20u /* in messages.def */

extern char **environ;

static const char *const drivers[] = { "vpcd=unix:" CARD_SOCKET, NULL };
static struct scardd_process scardd;
static char proxy_manager[] = "unix:" PROXY_SOCKET;

static struct load_process {
	pid_t pid;
	int tell, hear;
} loads[KILL_CARD_USERS];

/* The proxy's thread kills who is named here. */
static pthread_mutex_t victim_lock = PTHREAD_MUTEX_INITIALIZER;
static pid_t victim;

static unsigned requests; /* N */

static pid_t
start_self(const char *what, const char *argument, int input, int output)
{
	char *arguments[] = { (char *)"kill_matrix", (char *)(uintptr_t)what,
		(char *)(uintptr_t)argument, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;

	(void)posix_spawn_file_actions_init(&actions);
	if (input >= 0)
		(void)posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	if (output >= 0)
		(void)posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	if (posix_spawn(&pid, "/proc/self/exe", &actions, NULL, arguments, environ) != 0)
		pid = -1;
	(void)posix_spawn_file_actions_destroy(&actions);
	return pid;
}

/* The exit status, 128 and the signal, or -1: it did not end, and was made to. */
static int
status_of(pid_t pid)
{
	struct pollfd ended = { .fd = pid > 0 ? pidfd_open(pid, 0) : -1, .events = POLLIN };
	bool late;
	int status = 0;

	if (ended.fd < 0)
		return -1;
	late = poll(&ended, 1, CLIENT_LIMIT_MS) != 1;
	(void)close(ended.fd);
	if (late)
		(void)kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid || late)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Runs the scenario straight at the daemon, or through the proxy. */
static int
run_client(bool through_proxy)
{
	char manager[128];
	pid_t pid;

	(void)snprintf(manager, sizeof manager, "unix:%s", scardd.socket);
	(void)pthread_mutex_lock(&victim_lock);
	pid = start_self("client", through_proxy ? proxy_manager : manager, -1, -1);
	if (through_proxy)
		victim = pid;
	(void)pthread_mutex_unlock(&victim_lock);
	return status_of(pid);
}

static bool
loads_start(void)
{
	for (unsigned i = 0; i < KILL_CARD_USERS; i++) {
		const char user[] = { (char)('0' + i), '\0' };
		int in[2], out[2];

		if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
			return false;
		loads[i] =
		    (struct load_process){ start_self("load", user, in[0], out[1]), in[1], out[0] };
		(void)close(in[0]);
		(void)close(out[1]);
		if (loads[i].pid < 0)
			return false;
	}
	return true;
}

/* All loads let go of the card, because they are told to (P) or find the daemon gone (S). */
static bool
loads_let_go(char letter)
{
	for (unsigned i = 0; i < KILL_CARD_USERS; i++)
		if (letter == 'P' && write(loads[i].tell, "P", 1) != 1)
			return false;
	for (unsigned i = 0; i < KILL_CARD_USERS; i++) {
		struct pollfd said = { .fd = loads[i].hear, .events = POLLIN };
		char heard = '-';

		if (poll(&said, 1, CLIENT_LIMIT_MS) != 1 || read(loads[i].hear, &heard, 1) != 1 ||
		    heard != letter)
			return false;
	}
	return true;
}

static bool
loads_go_on(void)
{
	for (unsigned i = 0; i < KILL_CARD_USERS; i++)
		if (write(loads[i].tell, "G", 1) != 1)
			return false;
	return true;
}

static bool
loads_stop(void)
{
	bool fine = true;

	for (unsigned i = 0; i < KILL_CARD_USERS; i++)
		(void)close(loads[i].tell);
	for (unsigned i = 0; i < KILL_CARD_USERS; i++) {
		fine = status_of(loads[i].pid) == 0 && fine;
		(void)close(loads[i].hear);
	}
	return fine;
}

/* Waits, in a context, until the bits of the reader's state are as wanted. */
static bool
wait_for_state(SCARDCONTEXT context, DWORD bits, DWORD wanted)
{
	SCARD_READERSTATEA state = { 0 };
	char readers[256];
	DWORD length = sizeof readers;
	LONG code = SCardListReadersA(context, NULL, readers, &length);

	state.szReader = readers;
	if (code == SCARD_S_SUCCESS)
		code = SCardGetStatusChangeA(context, 0, &state, 1);
	while (code == SCARD_S_SUCCESS && (state.dwEventState & bits) != wanted) {
		state.dwCurrentState = state.dwEventState;
		code = SCardGetStatusChangeA(context, CARD_LIMIT_MS, &state, 1);
	}
	if (code != SCARD_S_SUCCESS)
		printf("# state: %s (%s)\n", tessera_scard_error(code), tessera_scard_message());
	return code == SCARD_S_SUCCESS;
}

static const char *
put_card_back(SCARDCONTEXT context)
{
	if (!kill_card_wait_out())
		return "the reader keeps the card's connection";
	if (!wait_for_state(context, SCARD_STATE_EMPTY, SCARD_STATE_EMPTY))
		return "no event for the card that went";
	if (!kill_card_insert(CARD_SOCKET))
		return "the reader does not listen any more";
	if (!wait_for_state(context, SCARD_STATE_PRESENT, SCARD_STATE_PRESENT))
		return "no event for the card that came";
	return NULL;
}

/* While the loads have let go. */
static const char *
nothing_held(SCARDCONTEXT context)
{
	struct tessera_scard_holder *holders;
	DWORD count;

	if (!wait_for_state(context, SCARD_STATE_INUSE | SCARD_STATE_EXCLUSIVE, 0))
		return "the reader stays in use";
	if (tessera_scard_holders(context, &holders, &count) != SCARD_S_SUCCESS)
		return "no answer to who holds the reader";
	if (holders != NULL)
		(void)SCardFreeMemory(context, holders);
	return count != 0 ? "somebody still holds the reader" : NULL;
}

/* What shall die, and what is to be expected then. */
struct death {
	void (*act)(void);
	bool card_goes, daemon_dies;
	unsigned statuses; /* of the client that are right, a bit each; 0: it is killed */
};

static const char *
check_after(const struct death *death)
{
	SCARDCONTEXT context = 0;
	const char *wrong = NULL;

	if (!kill_proxy_wait_idle())
		return "the daemon keeps connections of a client that is gone";
	if (death->daemon_dies) {
		(void)waitpid(scardd.pid, NULL, 0);
		if (!scardd_start(&scardd, drivers))
			return "the daemon does not start again";
	}
	if (SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context) != SCARD_S_SUCCESS)
		return "no context";
	if (death->card_goes || death->daemon_dies)
		wrong = put_card_back(context);
	if (wrong == NULL && !loads_let_go(death->daemon_dies ? 'S' : 'P'))
		wrong = "another client did not get over it";
	if (wrong == NULL)
		wrong = nothing_held(context);
	if (SCardReleaseContext(context) != SCARD_S_SUCCESS && wrong == NULL)
		wrong = "the context cannot be released";
	if (wrong == NULL && !loads_go_on())
		wrong = "another client has ended";
	if (wrong == NULL && run_client(false) != KILL_CLIENT_FINE)
		wrong = "the next client fails";
	if (wrong == NULL && !kill_card_wait_users())
		wrong = "another client does not go on";
	return wrong;
}

/* One cell of the matrix; NULL: fine. */
static const char *
die_at(const struct death *death, unsigned n)
{
	int status;

	kill_proxy_arm(n, death->act);
	status = run_client(true);
	if (status < 0)
		return "the client hangs";
	if (death->statuses == 0 ? status != 128 + SIGKILL
				 : status >= 32 || !(death->statuses >> status & 1))
		return "the client did not end as it should";
	return check_after(death);
}

/* A daemon with a card and two users of it. */
static bool
set_up(void)
{
	SCARDCONTEXT context;
	bool present;

	if (!scardd_start(&scardd, drivers) || !kill_card_insert(CARD_SOCKET) ||
	    !kill_proxy_start(PROXY_SOCKET, scardd.socket) ||
	    SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context) != SCARD_S_SUCCESS)
		return false;
	present = wait_for_state(context, SCARD_STATE_PRESENT, SCARD_STATE_PRESENT);
	(void)SCardReleaseContext(context);
	return present && loads_start() && kill_card_wait_users();
}

static void
tear_down(void)
{
	CU_ASSERT_TRUE(loads_stop());
	kill_proxy_stop();
	CU_ASSERT_TRUE(scardd_stop(&scardd));
	CU_ASSERT_TRUE(kill_card_wait_out());
}

static void
die_everywhere(const struct death *death)
{
	const char *wrong = NULL;
	char text[128];

	if (!set_up())
		wrong = "no daemon, card or load";
	for (unsigned n = 1; n <= requests && wrong == NULL; n++)
		if ((wrong = die_at(death, n)) != NULL) {
			(void)snprintf(text, sizeof text, "N = %u: %s", n, wrong);
			wrong = text;
		}
	SUITE_EQUAL_STRING(wrong, NULL);
	tear_down();
}

static void
test_trace(void)
{
	uint64_t numbers;

	CU_ASSERT_TRUE_FATAL(set_up());
	kill_proxy_arm(0, NULL);
	SUITE_EQUAL_INT(run_client(true), KILL_CLIENT_FINE);
	CU_ASSERT_TRUE(kill_proxy_wait_idle());
	requests = kill_proxy_count(&numbers);
	printf("# N = %u\n", requests);
	SUITE_EQUAL_HEX(numbers, ((UINT64_C(1) << MESSAGES) - 1) << 1);
	tear_down();
}

static void
kill_and_wait(pid_t pid)
{
	siginfo_t info;

	(void)kill(pid, SIGKILL);
	(void)waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
}

static void
kill_client_process(void)
{
	(void)pthread_mutex_lock(&victim_lock);
	kill_and_wait(victim);
	(void)pthread_mutex_unlock(&victim_lock);
}

static void
kill_daemon(void)
{
	kill_and_wait(scardd.pid);
}

static void
test_client(void)
{
	static const struct death death = { .act = kill_client_process };

	die_everywhere(&death);
}

static void
test_daemon(void)
{
	static const struct death death = { .act = kill_daemon,
		.daemon_dies = true,
		.statuses = 1u << KILL_CLIENT_FINE | 1u << KILL_CLIENT_NO_MANAGER };

	die_everywhere(&death);
}

static void
test_pull(void)
{
	static const struct death death = { .act = kill_card_pull,
		.card_goes = true,
		.statuses = 1u << KILL_CLIENT_FINE | 1u << KILL_CLIENT_NO_CARD };

	die_everywhere(&death);
}

static void
test_fail(void)
{
	static const struct death death = { .act = kill_card_fail_next,
		.card_goes = true,
		.statuses = 1u << KILL_CLIENT_FINE | 1u << KILL_CLIENT_NO_CARD };

	die_everywhere(&death);
}

int
main(int argc, char **argv)
{
	static const struct suite_test tests[] = {
		{ "the client sends every message of the protocol", test_trace },
		{ "client killed, at each of its messages", test_client },
		{ "daemon killed, at each", test_daemon },
		{ "card pulled, at each", test_pull },
		{ "driver failing, at each", test_fail },
	};

	if (argc == 3 && strcmp(argv[1], "client") == 0) {
		(void)setenv("TESSERA_RM", argv[2], 1);
		return kill_client();
	}
	if (argc == 3 && strcmp(argv[1], "load") == 0)
		return kill_load((unsigned)(argv[2][0] - '0'));
	return suite_run("kill_matrix", tests, sizeof tests / sizeof tests[0]);
}
