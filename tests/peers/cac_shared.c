/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libcacard's card behind scardd, for two processes at once: one signs in transactions, the other
 * reads, and every signature is verified by openssl. Then the card leaves and comes a hundred
 * times, and both processes hear of each movement.
 *
 * The processes are this program again: `cac_shared sign|read|watch READER`.
 */
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tessera_scard.h>
#include <winscard.h>

#include "tests/daemon/scardd_process.h"
#include "tests/peers/cac_client.h"
#include "tests/suite.h"

#define WAIT_MS 30000
#define ROUNDS 20
#define MOVEMENTS 100 /* departures, and as many arrivals */

extern char **environ;

static struct scardd_process scardd;
static char *self;
static SCARDCONTEXT context;
static char reader_name[128];
static pid_t card_process;

static int
sign(const char *reader)
{
	static const BYTE pin[8] = { '1', '2', '3', '4', '5', '6', 0xFF, 0xFF };
	struct cac_client client;
	int failures = 0;

	if (!cac_attach(&client, reader))
		return 1;
	for (int i = 0; i < ROUNDS && failures == 0; i++) {
		g_autofree char *message = g_strdup_printf("message %d\n", i);
		g_autofree char *text = g_strdup_printf("message.%d", i);
		g_autofree char *name = g_strdup_printf("signature.%d", i);
		BYTE signature[CAC_RSA_BYTES];

		failures += ISCard_LockSCard(client.card) != S_OK;
		failures += cac_select_pki(&client) != 0x9000;
		failures += cac_verify(&client, pin) != 0x9000;
		failures += cac_sign(&client, message, signature) != 0x9000;
		failures += ISCard_UnlockSCard(client.card, LEAVE) != S_OK;
		failures += !g_file_set_contents(text, message, -1, NULL);
		failures += !g_file_set_contents(name, (char *)signature, sizeof signature, NULL);
	}
	cac_release(&client);
	return failures != 0;
}

static int
read_again(const char *reader)
{
	BYTE certificate[CAC_CERTIFICATE_MAX];
	g_autofree char *expected = NULL;
	struct cac_client client;
	int failures = 0;
	gsize length;

	if (!g_file_get_contents("db/cert1.der", &expected, &length, NULL) ||
	    !cac_attach(&client, reader))
		return 1;
	for (int i = 0; i < ROUNDS && failures == 0; i++) {
		failures += ISCard_LockSCard(client.card) != S_OK;
		failures += cac_select_pki(&client) != 0x9000;
		failures += cac_read_certificate(&client, certificate) != length;
		failures += memcmp(certificate, expected, length) != 0;
		failures += ISCard_UnlockSCard(client.card, LEAVE) != S_OK;
	}
	cac_release(&client);
	return failures != 0;
}

/* Writes a letter for each movement: I in, O out, ? for a counter that jumped. */
static int
watch(const char *reader)
{
	SCARD_READERSTATEA state = { .szReader = reader };
	SCARDCONTEXT own;

	if (SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &own) != SCARD_S_SUCCESS ||
	    SCardGetStatusChangeA(own, 0, &state, 1) != SCARD_S_SUCCESS)
		return 1;
	for (int i = -1; i < 2 * MOVEMENTS; i++) {
		DWORD before = state.dwEventState >> 16;
		char letter = state.dwEventState & SCARD_STATE_PRESENT ? 'I' : 'O';

		if (i >= 0 && (uint16_t)(before - (state.dwCurrentState >> 16)) != 1)
			letter = '?';
		if (write(STDOUT_FILENO, &letter, 1) != 1)
			return 1;
		if (i == 2 * MOVEMENTS - 1)
			break;
		state.dwCurrentState = state.dwEventState & ~SCARD_STATE_CHANGED;
		do {
			if (SCardGetStatusChangeA(own, WAIT_MS, &state, 1) != SCARD_S_SUCCESS)
				return 1;
		} while (state.dwEventState >> 16 == state.dwCurrentState >> 16);
	}
	return SCardReleaseContext(own) != SCARD_S_SUCCESS;
}

static pid_t
start_self(const char *what, int output)
{
	char *arguments[] = { self, (char *)(uintptr_t)what, reader_name, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;

	posix_spawn_file_actions_init(&actions);
	if (output >= 0)
		posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	if (posix_spawn(&pid, self, &actions, NULL, arguments, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static int
status_of(pid_t pid)
{
	int status = -1;

	if (pid <= 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void
insert_card(void)
{
	g_autofree char *program = g_strdup_printf("%s/tests/cac_card", getenv("TESSERA_BUILD"));
	char *arguments[] = { program, (char *)"unix:card.sock", (char *)"db", (char *)"cert1",
		NULL };

	SUITE_EQUAL_INT(posix_spawn(&card_process, program, NULL, NULL, arguments, environ), 0);
}

static void
pull_card(void)
{
	int status;

	kill(card_process, SIGTERM);
	waitpid(card_process, &status, 0);
	card_process = 0;
}

static void
test_arrives(void)
{
	SCARD_READERSTATEA state = { .szReader = reader_name };
	DWORD length = sizeof reader_name;

	SUITE_EQUAL_HEX(
	    SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(SCardListReadersA(context, NULL, reader_name, &length), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(SCardGetStatusChangeA(context, 0, &state, 1), SCARD_S_SUCCESS);
	CU_ASSERT_TRUE(state.dwEventState & SCARD_STATE_EMPTY);
	state.dwCurrentState = state.dwEventState;
	insert_card();
	SUITE_EQUAL_HEX(SCardGetStatusChangeA(context, WAIT_MS, &state, 1), SCARD_S_SUCCESS);
	CU_ASSERT_TRUE(state.dwEventState & SCARD_STATE_PRESENT);
}

static void
test_two_at_once(void)
{
	pid_t signer = start_self("sign", -1), reader = start_self("read", -1);

	SUITE_EQUAL_INT(status_of(signer), 0);
	SUITE_EQUAL_INT(status_of(reader), 0);
}

static void
test_signatures(void)
{
	SUITE_EQUAL_INT(system("openssl x509 -in db/cert1.pem -pubkey -noout >key.pem"), 0);
	for (int i = 0; i < ROUNDS; i++) {
		g_autofree char *command =
		    g_strdup_printf("openssl dgst -sha256 -verify key.pem -signature signature.%d "
				    "message.%d >/dev/null",
			i, i);

		SUITE_EQUAL_INT(system(command), 0);
	}
}

/* The next letter of a watcher; '-' when none comes. */
static char
next_letter(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	char letter = '-';

	if (poll(&poller, 1, WAIT_MS) <= 0 || read(fd, &letter, 1) != 1)
		return '-';
	return letter;
}

static void
test_movements(void)
{
	int pipes[2][2], seen = 0;
	pid_t watchers[2];

	for (int i = 0; i < 2; i++) {
		if (pipe2(pipes[i], O_CLOEXEC) < 0)
			abort();
		watchers[i] = start_self("watch", pipes[i][1]);
		close(pipes[i][1]);
		SUITE_EQUAL_INT(next_letter(pipes[i][0]), 'I');
	}
	for (int n = 0; n < 2 * MOVEMENTS; n++) {
		char expected = n % 2 == 0 ? 'O' : 'I';

		if (expected == 'O')
			pull_card();
		else
			insert_card();
		if (next_letter(pipes[0][0]) != expected || next_letter(pipes[1][0]) != expected)
			break;
		seen++;
	}
	SUITE_EQUAL_INT(seen, 2 * MOVEMENTS);
	for (int i = 0; i < 2; i++) {
		SUITE_EQUAL_INT(status_of(watchers[i]), 0);
		close(pipes[i][0]);
	}
}

static void
test_stops(void)
{
	if (card_process > 0)
		pull_card();
	SUITE_EQUAL_HEX(SCardReleaseContext(context), SCARD_S_SUCCESS);
	CU_ASSERT_TRUE(scardd_stop(&scardd));
}

int
main(int argc, char **argv)
{
	static const char *const drivers[] = { "vpcd=unix:card.sock", NULL };
	static const struct suite_test tests[] = {
		{ "the card's arrival is an event", test_arrives },
		{ "two processes use it at once", test_two_at_once },
		{ "openssl verifies every signature", test_signatures },
		{ "a hundred departures and arrivals, none lost, in two processes",
		    test_movements },
		{ "the daemon stops cleanly", test_stops },
	};
	int result;

	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	if (argc == 3 && strcmp(argv[1], "sign") == 0)
		return sign(argv[2]);
	if (argc == 3 && strcmp(argv[1], "read") == 0)
		return read_again(argv[2]);
	if (argc == 3 && strcmp(argv[1], "watch") == 0)
		return watch(argv[2]);
	self = argv[0];
	if (system("\"$TESSERA_SRC\"/tests/emulator/cac/make-database db cert1 >setup.log 2>&1 || "
		   "{ cat setup.log; exit 1; }") != 0 ||
	    !scardd_start(&scardd, drivers)) {
		printf("not ok 1 - cac_shared: no card or no daemon\n");
		return 1;
	}
	result = suite_run("cac_shared", tests, G_N_ELEMENTS(tests));
	if (card_process > 0)
		kill(card_process, SIGKILL);
	if (scardd.pid > 0)
		kill(scardd.pid, SIGKILL);
	CoUninitialize();
	return result;
}
