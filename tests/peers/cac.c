/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card that nobody here wrote: libcacard's CAC, behind the vpcd reader, used through nothing but
 * ISCard, ISCardISO7816 and ISCardCmd. Its certificate is read, its PIN verified, and a signature
 * made that openssl verifies against the certificate.
 *
 * The card is a process of its own (cac_card), which connects when the reader listens; its coming
 * is awaited as an event.
 */
#include <fcntl.h>
#include <glib.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define COBJMACROS
#include <oleauto.h>
#include <scardssp.h>
#include <tessera_com.h>
#include <tessera_scard.h>
#include <winscard.h>

#include "tests/suite.h"

#define CARD_WAIT_MS 30000
#define CERTIFICATE_MAX 8192
#define RSA_BYTES 256

extern char **environ;

static const BYTE ccc_applet[] = { 0xA0, 0x00, 0x00, 0x01, 0x16, 0xDB, 0x00 };
static const BYTE pki_applet[] = { 0xA0, 0x00, 0x00, 0x00, 0x79, 0x01, 0x00 };
static const BYTE key_file[] = { 0x01, 0x00 };

static SCARDCONTEXT context;
static pid_t card_process;
static char reader_name[128];
static ISCard *card;
static ISCardISO7816 *iso;
static ISCardCmd *cmd;
static BYTE certificate[CERTIFICATE_MAX];
static size_t certificate_length;

static void
fail_text(const char *what, HRESULT hr)
{
	char *text = tessera_error_text();

	printf("# %s: %s: %s\n", what, tessera_hresult_name(hr), text != NULL ? text : "");
	CoTaskMemFree(text);
}

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

static IByteBuffer *
buffer_of(const BYTE *bytes, size_t length)
{
	IByteBuffer *buffer = NULL;
	BYTE *copy = g_memdup2(bytes, length > 0 ? length : 1);

	if (FAILED(CoCreateInstance(
		&CLSID_CByteBuffer, NULL, CLSCTX_ALL, &IID_IByteBuffer, (void **)&buffer)) ||
	    FAILED(IByteBuffer_Initialize(buffer, (LONG)length, copy)))
		CU_FAIL("no byte buffer");
	g_free(copy);
	return buffer;
}

/* Sends what stands in cmd; reply data go to `data`. Returns the status word, 0 when the transport
 * failed. */
static WORD
exchange(BYTE *data, size_t room, size_t *length)
{
	IByteBuffer *reply = NULL;
	WORD status = 0;
	LONG n = 0;
	HRESULT hr = ISCard_Transaction(card, &cmd);

	*length = 0;
	if (FAILED(hr)) {
		fail_text("Transaction", hr);
		return 0;
	}
	ISCardCmd_get_ReplyStatus(cmd, &status);
	ISCardCmd_get_ApduReplyLength(cmd, &n);
	ISCardCmd_get_ApduReply(cmd, &reply);
	if (reply != NULL) {
		if (n >= 2 && (size_t)n - 2 <= room) {
			IByteBuffer_Read(reply, data, n - 2, &n);
			*length = (size_t)n;
		}
		IByteBuffer_Release(reply);
	}
	return status;
}

static WORD
select_applet(const BYTE *aid, size_t aid_length)
{
	IByteBuffer *name = buffer_of(aid, aid_length);
	BYTE data[256];
	size_t length;
	HRESULT hr = ISCardISO7816_SelectFile(iso, 4, 0, name, 256, &cmd);

	IByteBuffer_Release(name);
	SUITE_EQUAL_HEX(hr, S_OK);
	return exchange(data, sizeof data, &length);
}

static WORD
send_bytes(BYTE ins, BYTE p1, BYTE p2, const BYTE *bytes, size_t count, LONG le, BYTE *data,
    size_t room, size_t *length)
{
	IByteBuffer *body = buffer_of(bytes, count);
	HRESULT hr = ISCardCmd_BuildCmd(cmd, 0x00, ins, p1, p2, body, le > 0 ? &le : NULL);

	IByteBuffer_Release(body);
	SUITE_EQUAL_HEX(hr, S_OK);
	return exchange(data, room, length);
}

/* READ BUFFER of the CAC: kind 1 is the tag buffer, 2 the value buffer; both begin with their
 * length. */
static size_t
read_cac_buffer(BYTE kind, BYTE *out, size_t room)
{
	BYTE request[2] = { kind, 2 }, head[2];
	size_t length, total, got;

	SUITE_EQUAL_HEX(send_bytes(0x52, 0, 0, request, 2, 2, head, sizeof head, &length), 0x9000);
	if (length != 2 || (total = head[0] | (size_t)head[1] << 8) > room)
		return 0;
	for (size_t at = 0; at < total; at += got) {
		size_t offset = at + 2, want = MIN(total - at, 0xF0);

		request[1] = (BYTE)want;
		if (send_bytes(0x52, (BYTE)(offset >> 8), (BYTE)offset, request, 2, (LONG)want,
			out + at, want, &got) != 0x9000 ||
		    got != want)
			return 0;
	}
	return total;
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
	OLECHAR *wide = (OLECHAR *)g_utf8_to_utf16(reader_name, -1, NULL, NULL, NULL);
	BSTR name = SysAllocString(wide);
	SCARD_PROTOCOLS protocol;

	SUITE_EQUAL_HEX(
	    CoCreateInstance(&CLSID_CSCard, NULL, CLSCTX_ALL, &IID_ISCard, (void **)&card), S_OK);
	SUITE_EQUAL_HEX(CoCreateInstance(&CLSID_CSCardISO7816, NULL, CLSCTX_ALL, &IID_ISCardISO7816,
			    (void **)&iso),
	    S_OK);
	SUITE_EQUAL_HEX(
	    CoCreateInstance(&CLSID_CSCardCmd, NULL, CLSCTX_ALL, &IID_ISCardCmd, (void **)&cmd),
	    S_OK);
	SUITE_EQUAL_HEX(ISCard_AttachByReader(card, name, SHARED, T0), S_OK);
	SUITE_EQUAL_HEX(ISCard_get_Protocol(card, &protocol), S_OK);
	SUITE_EQUAL_INT(protocol, T0);
	SUITE_EQUAL_HEX(ISCard_LockSCard(card), S_OK);
	SysFreeString(name);
	g_free(wide);
}

static void
test_select(void)
{
	static const BYTE nobody[] = { 0xF0, 0x00, 0x00, 0x01 };

	SUITE_EQUAL_HEX(select_applet(nobody, sizeof nobody), 0x6A82);
	SUITE_EQUAL_HEX(select_applet(ccc_applet, sizeof ccc_applet), 0x9000);
}

static void
test_certificate(void)
{
	BYTE tags[256], *values = g_malloc(CERTIFICATE_MAX);
	size_t tags_length, values_length, at = 0;

	SUITE_EQUAL_HEX(select_applet(pki_applet, sizeof pki_applet), 0x9000);
	tags_length = read_cac_buffer(1, tags, sizeof tags);
	values_length = read_cac_buffer(2, values, CERTIFICATE_MAX);
	CU_ASSERT_TRUE(tags_length > 0 && values_length > 0);
	for (size_t i = 0; i + 2 <= tags_length;) {
		BYTE tag = tags[i];
		size_t length = tags[i + 1];

		i += 2;
		if (length == 0xFF && i + 2 <= tags_length) {
			length = tags[i] | (size_t)tags[i + 1] << 8;
			i += 2;
		}
		if (length > values_length - at)
			break;
		if (tag == 0x70) {
			memcpy(certificate, values + at, length);
			certificate_length = length;
		}
		at += length;
	}
	CU_ASSERT_TRUE(certificate_length > 100 && certificate[0] == 0x30);
	CU_ASSERT_TRUE(
	    g_file_set_contents("cert.der", (char *)certificate, (gssize)certificate_length, NULL));
	g_free(values);
}

static void
test_pin(void)
{
	static const BYTE wrong[8] = { '0', '0', '0', '0', '0', '0', 0xFF, 0xFF };
	static const BYTE right[8] = { '1', '2', '3', '4', '5', '6', 0xFF, 0xFF };
	const BYTE *const codes[] = { NULL, wrong, right, NULL };
	/* What this card answers: not verified yet, conditions not satisfied, good, verified. */
	const WORD expected[] = { 0x6A88, 0x6985, 0x9000, 0x9000 };
	BYTE data[16];
	size_t length;

	for (int i = 0; i < 4; i++) {
		IByteBuffer *pin = codes[i] != NULL ? buffer_of(codes[i], 8) : NULL;

		SUITE_EQUAL_HEX(ISCardISO7816_Verify(iso, 0, pin, &cmd), S_OK);
		SUITE_EQUAL_HEX(exchange(data, sizeof data, &length), expected[i]);
		if (pin != NULL)
			IByteBuffer_Release(pin);
	}
}

/* EMSA-PKCS1-v1_5 with SHA-256 (RFC 8017 9.2). */
static void
pad_digest(const char *message, BYTE block[RSA_BYTES])
{
	static const BYTE prefix[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize length = 32;

	memset(block, 0xFF, RSA_BYTES);
	block[0] = 0x00;
	block[1] = 0x01;
	block[RSA_BYTES - 32 - sizeof prefix - 1] = 0x00;
	memcpy(block + RSA_BYTES - 32 - sizeof prefix, prefix, sizeof prefix);
	g_checksum_update(sum, (const guchar *)message, (gssize)strlen(message));
	g_checksum_get_digest(sum, block + RSA_BYTES - 32, &length);
	g_checksum_free(sum);
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
	BYTE block[RSA_BYTES], signature[RSA_BYTES], data[RSA_BYTES];
	IByteBuffer *file = buffer_of(key_file, sizeof key_file);
	size_t length;

	SUITE_EQUAL_HEX(ISCardISO7816_SelectFile(iso, 2, 0x0C, file, 0, &cmd), S_OK);
	SUITE_EQUAL_HEX(exchange(data, sizeof data, &length), 0x9000);
	IByteBuffer_Release(file);

	pad_digest(message, block);
	SUITE_EQUAL_HEX(
	    send_bytes(0x42, 0x80, 0x00, block, 0xF0, 0, data, sizeof data, &length), 0x9000);
	SUITE_EQUAL_HEX(send_bytes(0x42, 0x00, 0x00, block + 0xF0, 0x10, RSA_BYTES, signature,
			    sizeof signature, &length),
	    0x9000);
	SUITE_EQUAL_INT(length, RSA_BYTES);

	CU_ASSERT_TRUE(g_file_set_contents("message", message, sizeof message - 1, NULL));
	CU_ASSERT_TRUE(g_file_set_contents("signature", (char *)signature, (gssize)length, NULL));
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

	SUITE_EQUAL_HEX(ISCard_UnlockSCard(card, LEAVE), S_OK);
	SUITE_EQUAL_HEX(SCardGetStatusChangeA(context, 0, &state, 1), SCARD_S_SUCCESS);
	state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	kill(card_process, SIGTERM);
	SUITE_EQUAL_INT(waitpid(card_process, &status, 0), card_process);
	SUITE_EQUAL_HEX(SCardGetStatusChangeA(context, CARD_WAIT_MS, &state, 1), SCARD_S_SUCCESS);
	CU_ASSERT_TRUE(state.dwEventState & SCARD_STATE_EMPTY);

	SUITE_EQUAL_HEX(ISCardISO7816_GetChallenge(iso, 8, &cmd), S_OK);
	SUITE_EQUAL_HEX(ISCard_Transaction(card, &cmd), SCARD_W_REMOVED_CARD);
	ISCard_Release(card);
	ISCardISO7816_Release(iso);
	ISCardCmd_Release(cmd);
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
