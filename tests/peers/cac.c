/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card that nobody here wrote: libcacard's CAC, behind the vpcd reader, used through nothing but
 * ISCard, ISCardISO7816 and ISCardCmd. Its certificate is read, its PIN verified, and a signature
 * made that openssl verifies against the certificate.
 *
 * The card is a process of its own (cac_card), which connects when the reader listens; its coming
 * is awaited as an event.
 */
#include <glib.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <winscard.h>

#include "tests/peers/cac_client.h"
#include "tests/suite.h"

#define CARD_WAIT_MS 30000

extern char **environ;

static SCARDCONTEXT context;
static pid_t card_process;
static char reader_name[128];
static struct cac_client client;

static uint16_t
free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) < 0)
		address.sin_port = 0;
	if (fd >= 0)
		close(fd);
	return ntohs(address.sin_port);
}

static void
test_arrives(void)
{
	SCARD_READERSTATEA state = { 0 };
	DWORD length = sizeof reader_name;
	char rm[64], port[8];
	uint16_t number = free_port();
	char *arguments[] = { g_strdup_printf("%s/tests/cac_card", getenv("TESSERA_BUILD")),
		(char *)"127.0.0.1", port, (char *)"db", (char *)"cert1", NULL };

	snprintf(port, sizeof port, "%u", number);
	snprintf(rm, sizeof rm, "embedded:vpcd=tcp:%u", number);
	setenv("TESSERA_RM", rm, 1);
	SUITE_EQUAL_HEX(
	    SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(SCardListReadersA(context, NULL, reader_name, &length), SCARD_S_SUCCESS);

	state.szReader = reader_name;
	SUITE_EQUAL_HEX(SCardGetStatusChangeA(context, 0, &state, 1), SCARD_S_SUCCESS);
	CU_ASSERT_TRUE(state.dwEventState & SCARD_STATE_EMPTY);

	SUITE_EQUAL_INT(
	    posix_spawn(&card_process, arguments[0], NULL, NULL, arguments, environ), 0);
	state.dwCurrentState = state.dwEventState;
	SUITE_EQUAL_HEX(SCardGetStatusChangeA(context, CARD_WAIT_MS, &state, 1), SCARD_S_SUCCESS);
	CU_ASSERT_TRUE(state.dwEventState & SCARD_STATE_PRESENT);
	SUITE_EQUAL_BYTES(
	    state.rgbAtr, state.cbAtr, "3B 7A 18 00 00 73 66 74 65 20 63 64 31 34 34");
	g_free(arguments[0]);
}

static void
test_attach(void)
{
	SCARD_PROTOCOLS protocol;

	CU_ASSERT_TRUE_FATAL(cac_attach(&client, reader_name));
	SUITE_EQUAL_HEX(ISCard_get_Protocol(client.card, &protocol), S_OK);
	SUITE_EQUAL_INT(protocol, T0);
	SUITE_EQUAL_HEX(ISCard_LockSCard(client.card), S_OK);
}

static void
test_select(void)
{
	static const BYTE nobody[] = { 0xF0, 0x00, 0x00, 0x01 };

	SUITE_EQUAL_HEX(cac_select_applet(&client, nobody, sizeof nobody), 0x6A82);
	SUITE_EQUAL_HEX(cac_select_capabilities(&client), 0x9000);
}

static void
test_certificate(void)
{
	BYTE certificate[CAC_CERTIFICATE_MAX];
	size_t length;

	SUITE_EQUAL_HEX(cac_select_pki(&client), 0x9000);
	length = cac_read_certificate(&client, certificate);
	CU_ASSERT_TRUE(length > 100 && certificate[0] == 0x30);
	CU_ASSERT_TRUE(g_file_set_contents("cert.der", (char *)certificate, (gssize)length, NULL));
}

static void
test_pin(void)
{
	static const BYTE wrong[8] = { '0', '0', '0', '0', '0', '0', 0xFF, 0xFF };
	static const BYTE right[8] = { '1', '2', '3', '4', '5', '6', 0xFF, 0xFF };

	/* What this card answers: not verified yet, conditions not satisfied, good, verified. */
	SUITE_EQUAL_HEX(cac_verify(&client, NULL), 0x6A88);
	SUITE_EQUAL_HEX(cac_verify(&client, wrong), 0x6985);
	SUITE_EQUAL_HEX(cac_verify(&client, right), 0x9000);
	SUITE_EQUAL_HEX(cac_verify(&client, NULL), 0x9000);
}

static int
run_shell(const char *command)
{
	char *arguments[] = { (char *)"sh", (char *)"-c", (char *)command, NULL };
	int status = -1;
	pid_t pid;

	if (posix_spawnp(&pid, "sh", NULL, NULL, arguments, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
test_sign(void)
{
	static const char message[] = "signed by a card that nobody here wrote\n";
	BYTE signature[CAC_RSA_BYTES];

	SUITE_EQUAL_HEX(cac_sign(&client, message, signature), 0x9000);
	CU_ASSERT_TRUE(g_file_set_contents("message", message, sizeof message - 1, NULL));
	CU_ASSERT_TRUE(g_file_set_contents("signature", (char *)signature, sizeof signature, NULL));
	SUITE_EQUAL_INT(
	    run_shell("openssl x509 -inform DER -in cert.der -pubkey -noout >key.pem && "
		      "openssl dgst -sha256 -verify key.pem -signature signature message"),
	    0);
	/* The verdict depends on the message: another one is refused. */
	SUITE_EQUAL_INT(
	    run_shell("echo other | openssl dgst -sha256 -verify key.pem -signature signature"), 1);
	/* It is the very certificate that was put into the card's database. */
	SUITE_EQUAL_INT(run_shell("certutil -L -d sql:db -n cert1 -r | cmp - cert.der"), 0);
}

static void
test_leaves(void)
{
	SCARD_READERSTATEA state = { .szReader = reader_name };
	int status;

	SUITE_EQUAL_HEX(ISCard_UnlockSCard(client.card, LEAVE), S_OK);
	SUITE_EQUAL_HEX(SCardGetStatusChangeA(context, 0, &state, 1), SCARD_S_SUCCESS);
	state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	kill(card_process, SIGTERM);
	SUITE_EQUAL_INT(waitpid(card_process, &status, 0), card_process);
	SUITE_EQUAL_HEX(SCardGetStatusChangeA(context, CARD_WAIT_MS, &state, 1), SCARD_S_SUCCESS);
	CU_ASSERT_TRUE(state.dwEventState & SCARD_STATE_EMPTY);

	SUITE_EQUAL_HEX(ISCardISO7816_GetChallenge(client.iso, 8, &client.cmd), S_OK);
	SUITE_EQUAL_HEX(ISCard_Transaction(client.card, &client.cmd), SCARD_W_REMOVED_CARD);
	cac_release(&client);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), SCARD_S_SUCCESS);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "the card's arrival is an event", test_arrives },
		{ "attach and lock by class identifier", test_attach },
		{ "select the card capabilities applet", test_select },
		{ "read the certificate", test_certificate },
		{ "verify the PIN, wrong and right", test_pin },
		{ "sign; openssl verifies against the certificate", test_sign },
		{ "the card's departure is an event", test_leaves },
	};
	int result;

	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) ||
	    run_shell(
		"\"$TESSERA_SRC\"/tests/emulator/cac/make-database db cert1 >setup.log 2>&1 || "
		"{ cat setup.log; exit 1; }") != 0) {
		printf("not ok 1 - cac: the card's database could not be made\n");
		return 1;
	}
	result = suite_run("cac", tests, G_N_ELEMENTS(tests));
	if (card_process > 0)
		kill(card_process, SIGKILL);
	CoUninitialize();
	return result;
}
