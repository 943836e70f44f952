/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QEMU's USB reader with libcacard's card, neither made here, through scardd and the CCID driver on
 * the kernel's real USB: from the first listing to unplugging and plugging again.
 *
 *	emulated [short]      in the guest of run.sh --reader; needs TESSERA_VM
 *
 * QEMU's reader gives a zero-length transfer before the next reply when a reply was a multiple of
 *64 bytes long.
 */
#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/peers/cac_client.h"
#include "tests/suite.h"
#include "tests/vm/client.h"

#define MONITOR "/dev/virtio-ports/monitor"
#define PACKET 64u

static SCARDCONTEXT context;
static SCARDHANDLE card;
static unsigned protocol;
static char names[CLIENT_READERS][CLIENT_NAME];
static const char *const reader_name = names[0];

/* A line for QEMU's monitor, which has done it when it reads the next. */
static void
monitor(const char *verb, const char *object)
{
	g_autofree char *line = g_strdup_printf("%s %s\n", verb, object);
	int fd = open(MONITOR, O_WRONLY | O_CLOEXEC);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT(write(fd, line, strlen(line)) == (ssize_t)strlen(line));
	(void)close(fd);
}

static void
connected(void)
{
	card = client_connect(context, reader_name, &protocol);
	CU_ASSERT_FATAL(card != 0);
	SUITE_EQUAL_INT(protocol, SCARD_PROTOCOL_T0);
}

static void
disconnected(void)
{
	SUITE_EQUAL_HEX(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	card = 0;
}

/* SELECT of an applet: the card has none of the name F0000001. */
static void
one_command(void)
{
	static const BYTE nobody[] = { 0x00, 0xA4, 0x04, 0x00, 0x04, 0xF0, 0x00, 0x00, 0x01 };
	const struct client_reply *reply = client_transmit(card, protocol, nobody, sizeof nobody);

	SUITE_EQUAL_HEX(reply->code, SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(reply->length, 2);
	SUITE_EQUAL_HEX(reply->status, 0x6A82);
}

static void
card_is_there(void)
{
	SCARD_READERSTATE state =
	    client_state(context, reader_name, SCARD_STATE_PRESENT, SCARD_STATE_MUTE);

	SUITE_EQUAL_BYTES(
	    state.rgbAtr, state.cbAtr, "3B 7A 18 00 00 73 66 74 65 20 63 64 31 34 34");
}

static void
test_enumerate(void)
{
	SUITE_EQUAL_HEX(
	    SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), SCARD_S_SUCCESS);
	CU_ASSERT_FATAL(client_readers(context, 1, names));
	card_is_there();
}

static void
test_command(void)
{
	connected();
	one_command();
}

/* READ BUFFER of the value buffer's beginning, which the card has in every such applet. */
static void
read_value(size_t count, uint8_t *out)
{
	uint8_t command[CLIENT_APDU];
	const uint8_t request[2] = { 2, (uint8_t)count }, header[4] = { 0x00, 0x52, 0x00, 0x02 };
	size_t length = client_command(command, header, request, sizeof request, count);
	const struct client_reply *reply = client_transmit(card, protocol, command, length);

	SUITE_EQUAL_HEX(reply->code, SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(reply->status, 0x9000);
	SUITE_EQUAL_INT(reply->length, count + 2);
	if (reply->length == count + 2)
		memcpy(out, reply->data, count);
}

static void
test_zero_length(void)
{
	static const BYTE select[] = { 0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0x00, 0x00, 0x00, 0x79,
		0x01, 0x00, 0x00 };
	uint8_t expected[PACKET * 4], value[PACKET * 4];
	const struct client_reply *reply = client_transmit(card, protocol, select, sizeof select);

	SUITE_EQUAL_HEX(reply->status, 0x9000);
	memset(expected, 0, sizeof expected);
	read_value(250, expected);
	for (size_t packets = 1; packets <= 4; packets++) {
		/* With header and status word it fills whole packets. */
		size_t count = packets * PACKET - 10 - 2;

		memset(value, 0xAA, sizeof value);
		read_value(count, value);
		CU_ASSERT(memcmp(value, expected, count) == 0);
		read_value(5, value);
		CU_ASSERT(memcmp(value, expected, 5) == 0);
		read_value(count - 1, value);
		CU_ASSERT(memcmp(value, expected, count - 1) == 0);
	}
	one_command();
}

static struct cac_client client;

static void
test_attach(void)
{
	disconnected();
	CU_ASSERT_FATAL(cac_attach(&client, reader_name));
	SUITE_EQUAL_HEX(ISCard_LockSCard(client.card), S_OK);
	SUITE_EQUAL_HEX(cac_select_capabilities(&client), 0x9000);
}

static void
test_certificate(void)
{
	g_autofree char *path = g_strdup_printf("%s/card/cert1.der", getenv("TESSERA_VM"));
	g_autofree char *made = NULL;
	BYTE certificate[CAC_CERTIFICATE_MAX];
	size_t length;
	gsize made_length = 0;

	SUITE_EQUAL_HEX(cac_select_pki(&client), 0x9000);
	length = cac_read_certificate(&client, certificate);
	CU_ASSERT(g_file_get_contents(path, &made, &made_length, NULL));
	CU_ASSERT(length > 100 && length == made_length && memcmp(certificate, made, length) == 0);
	CU_ASSERT(g_file_set_contents("cert.der", (char *)certificate, (gssize)length, NULL));
}

static void
test_pin(void)
{
	static const BYTE wrong[8] = { '0', '0', '0', '0', '0', '0', 0xFF, 0xFF };
	static const BYTE right[8] = { '1', '2', '3', '4', '5', '6', 0xFF, 0xFF };

	SUITE_EQUAL_HEX(cac_verify(&client, NULL), 0x6A88);
	SUITE_EQUAL_HEX(cac_verify(&client, wrong), 0x6985);
	SUITE_EQUAL_HEX(cac_verify(&client, right), 0x9000);
	SUITE_EQUAL_HEX(cac_verify(&client, NULL), 0x9000);
}

static void
test_sign(void)
{
	static const char message[] = "signed by a card that nobody here wrote\n";
	BYTE signature[CAC_RSA_BYTES];

	SUITE_EQUAL_HEX(cac_sign(&client, message, signature), 0x9000);
	CU_ASSERT(g_file_set_contents("message", message, sizeof message - 1, NULL));
	CU_ASSERT(g_file_set_contents("signature", (char *)signature, sizeof signature, NULL));
	SUITE_EQUAL_INT(system("openssl x509 -inform DER -in cert.der -pubkey -noout >key.pem && "
			       "openssl dgst -sha256 -verify key.pem -signature signature message"),
	    0);
	SUITE_EQUAL_HEX(ISCard_UnlockSCard(client.card, LEAVE), S_OK);
	cac_release(&client);
	connected();
}

static void
test_remove(void)
{
	SCARD_READERSTATE state;

	monitor("device_del", "card");
	state = client_state(context, reader_name, SCARD_STATE_EMPTY, SCARD_STATE_PRESENT);
	CU_ASSERT(state.dwEventState != 0);
	SUITE_EQUAL_HEX(client_transmit(card, protocol, (const uint8_t *)"\0\xA4\4\0", 4)->code,
	    SCARD_W_REMOVED_CARD);
	disconnected();
}

static void
test_insert(void)
{
	monitor("device_add", getenv("VM_CARD"));
	card_is_there();
	connected();
	one_command();
}

static void
test_unplug(void)
{
	monitor("device_del", "reader");
	CU_ASSERT(client_readers(context, 0, names));
	SUITE_EQUAL_HEX(client_transmit(card, protocol, (const uint8_t *)"\0\xA4\4\0", 4)->code,
	    SCARD_E_READER_UNAVAILABLE);
	(void)SCardDisconnect(card, SCARD_LEAVE_CARD);
}

static void
test_plug(void)
{
	monitor("device_add", getenv("VM_READER"));
	CU_ASSERT_FATAL(client_readers(context, 1, names));
	CU_ASSERT(client_state(context, reader_name, SCARD_STATE_EMPTY, SCARD_STATE_PRESENT)
		      .dwEventState != 0);
	test_insert();
	disconnected();
	SUITE_EQUAL_HEX(SCardReleaseContext(context), SCARD_S_SUCCESS);
}

int
main(int argc, char **argv)
{
	static const struct suite_test first[] = {
		{ "the reader and its card are there", test_enumerate },
		{ "one command", test_command },
	};
	static const struct suite_test with_card[] = {
		{ "attach, lock, select by ISCard", test_attach },
		{ "the certificate that was put into the card", test_certificate },
		{ "the PIN, wrong and right", test_pin },
		{ "a signature that openssl verifies", test_sign },
	};
	static const struct suite_test last[] = {
		{ "replies that fill packets, and what follows them", test_zero_length },
		{ "the card is removed", test_remove },
		{ "the card is inserted", test_insert },
		{ "the reader is unplugged", test_unplug },
		{ "the reader is plugged in again", test_plug },
	};
	struct suite_test tests[G_N_ELEMENTS(first) + G_N_ELEMENTS(with_card) + G_N_ELEMENTS(last)];
	size_t count = G_N_ELEMENTS(first);
	int result;

	memcpy(tests, first, sizeof first);
	if (argc < 2 || strcmp(argv[1], "short") != 0) {
		memcpy(tests + count, with_card, sizeof with_card);
		count += G_N_ELEMENTS(with_card);
	}
	memcpy(tests + count, last, sizeof last);
	count += G_N_ELEMENTS(last);
	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	result = suite_run("emulated reader", tests, count);
	CoUninitialize();
	return result;
}
