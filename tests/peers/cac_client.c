/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/peers/cac_client.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include <tessera_com.h>

#define CHUNK 0xF0u /* bytes of one READ BUFFER, and of the first piece to be signed */

static const BYTE capabilities_applet[] = { 0xA0, 0x00, 0x00, 0x01, 0x16, 0xDB, 0x00 };
static const BYTE pki_applet[] = { 0xA0, 0x00, 0x00, 0x00, 0x79, 0x01, 0x00 };
static const BYTE key_file[] = { 0x01, 0x00 };

static void
tell(const char *what, HRESULT hr)
{
	char *text = tessera_error_text();

	printf("# %s: %s: %s\n", what, tessera_hresult_name(hr), text != NULL ? text : "");
	CoTaskMemFree(text);
}

static IByteBuffer *
buffer_of(const BYTE *bytes, size_t length)
{
	IByteBuffer *buffer = NULL;
	g_autofree BYTE *copy = g_memdup2(bytes, length > 0 ? length : 1);
	HRESULT hr = CoCreateInstance(
	    &CLSID_CByteBuffer, NULL, CLSCTX_ALL, &IID_IByteBuffer, (void **)&buffer);

	if (SUCCEEDED(hr))
		hr = IByteBuffer_Initialize(buffer, (LONG)length, copy);
	if (FAILED(hr))
		tell("byte buffer", hr);
	return buffer;
}

bool
cac_attach(struct cac_client *client, const char *reader)
{
	g_autofree OLECHAR *wide = (OLECHAR *)g_utf8_to_utf16(reader, -1, NULL, NULL, NULL);
	BSTR name = SysAllocString(wide);
	HRESULT hr;

	*client = (struct cac_client){ 0 };
	hr = CoCreateInstance(&CLSID_CSCard, NULL, CLSCTX_ALL, &IID_ISCard, (void **)&client->card);
	if (SUCCEEDED(hr))
		hr = CoCreateInstance(&CLSID_CSCardISO7816, NULL, CLSCTX_ALL, &IID_ISCardISO7816,
		    (void **)&client->iso);
	if (SUCCEEDED(hr))
		hr = CoCreateInstance(
		    &CLSID_CSCardCmd, NULL, CLSCTX_ALL, &IID_ISCardCmd, (void **)&client->cmd);
	if (SUCCEEDED(hr))
		hr = ISCard_AttachByReader(client->card, name, SHARED, T0);
	SysFreeString(name);
	if (SUCCEEDED(hr))
		return true;
	tell("attach", hr);
	cac_release(client);
	return false;
}

void
cac_release(struct cac_client *client)
{
	if (client->card != NULL)
		ISCard_Release(client->card);
	if (client->iso != NULL)
		ISCardISO7816_Release(client->iso);
	if (client->cmd != NULL)
		ISCardCmd_Release(client->cmd);
	*client = (struct cac_client){ 0 };
}

/* Sends what stands in cmd; reply data go to `data`. */
static WORD
exchange(struct cac_client *client, HRESULT built, BYTE *data, size_t room, size_t *length)
{
	IByteBuffer *reply = NULL;
	WORD status = 0;
	LONG n = 0;
	HRESULT hr = SUCCEEDED(built) ? ISCard_Transaction(client->card, &client->cmd) : built;

	*length = 0;
	if (FAILED(hr)) {
		tell("Transaction", hr);
		return 0;
	}
	ISCardCmd_get_ReplyStatus(client->cmd, &status);
	ISCardCmd_get_ApduReplyLength(client->cmd, &n);
	ISCardCmd_get_ApduReply(client->cmd, &reply);
	if (reply == NULL)
		return status;
	if (n >= 2 && (size_t)n - 2 <= room) {
		IByteBuffer_Read(reply, data, n - 2, &n);
		*length = (size_t)n;
	}
	IByteBuffer_Release(reply);
	return status;
}

WORD
cac_select_applet(struct cac_client *client, const BYTE *aid, size_t aid_length)
{
	IByteBuffer *name = buffer_of(aid, aid_length);
	BYTE data[256];
	size_t length;
	HRESULT hr = ISCardISO7816_SelectFile(client->iso, 4, 0, name, 256, &client->cmd);

	IByteBuffer_Release(name);
	return exchange(client, hr, data, sizeof data, &length);
}

WORD
cac_select_capabilities(struct cac_client *client)
{
	return cac_select_applet(client, capabilities_applet, sizeof capabilities_applet);
}

WORD
cac_select_pki(struct cac_client *client)
{
	return cac_select_applet(client, pki_applet, sizeof pki_applet);
}

WORD
cac_verify(struct cac_client *client, const BYTE *code)
{
	IByteBuffer *pin = code != NULL ? buffer_of(code, 8) : NULL;
	HRESULT hr = ISCardISO7816_Verify(client->iso, 0, pin, &client->cmd);
	BYTE data[16];
	size_t length;

	if (pin != NULL)
		IByteBuffer_Release(pin);
	return exchange(client, hr, data, sizeof data, &length);
}

static WORD
send_bytes(struct cac_client *client, const BYTE header[4], const BYTE *bytes, size_t count,
    LONG le, BYTE *data, size_t room, size_t *length)
{
	IByteBuffer *body = buffer_of(bytes, count);
	HRESULT hr = ISCardCmd_BuildCmd(
	    client->cmd, header[0], header[1], header[2], header[3], body, le > 0 ? &le : NULL);

	IByteBuffer_Release(body);
	return exchange(client, hr, data, room, length);
}

/* READ BUFFER: kind 1 is the tag buffer, 2 the value buffer; both begin with their length. */
static size_t
read_buffer(struct cac_client *client, BYTE kind, BYTE *out, size_t room)
{
	BYTE request[2] = { kind, 2 }, header[4] = { 0x00, 0x52, 0, 0 }, head[2];
	size_t length, total, got;

	if (send_bytes(client, header, request, 2, 2, head, sizeof head, &length) != 0x9000 ||
	    length != 2 || (total = head[0] | (size_t)head[1] << 8) > room)
		return 0;
	for (size_t at = 0; at < total; at += got) {
		size_t offset = at + 2, want = MIN(total - at, CHUNK);

		request[1] = (BYTE)want;
		header[2] = (BYTE)(offset >> 8);
		header[3] = (BYTE)offset;
		if (send_bytes(client, header, request, 2, (LONG)want, out + at, want, &got) !=
			0x9000 ||
		    got != want)
			return 0;
	}
	return total;
}

size_t
cac_read_certificate(struct cac_client *client, BYTE certificate[CAC_CERTIFICATE_MAX])
{
	BYTE tags[256];
	g_autofree BYTE *values = g_malloc(CAC_CERTIFICATE_MAX);
	size_t tags_length = read_buffer(client, 1, tags, sizeof tags);
	size_t values_length = read_buffer(client, 2, values, CAC_CERTIFICATE_MAX);
	size_t at = 0, found = 0;

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
			found = length;
		}
		at += length;
	}
	return found;
}

/* EMSA-PKCS1-v1_5 with SHA-256 (RFC 8017 9.2). */
static void
pad_digest(const char *message, BYTE block[CAC_RSA_BYTES])
{
	static const BYTE prefix[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize length = 32;

	memset(block, 0xFF, CAC_RSA_BYTES);
	block[0] = 0x00;
	block[1] = 0x01;
	block[CAC_RSA_BYTES - 32 - sizeof prefix - 1] = 0x00;
	memcpy(block + CAC_RSA_BYTES - 32 - sizeof prefix, prefix, sizeof prefix);
	g_checksum_update(sum, (const guchar *)message, (gssize)strlen(message));
	g_checksum_get_digest(sum, block + CAC_RSA_BYTES - 32, &length);
	g_checksum_free(sum);
}

WORD
cac_sign(struct cac_client *client, const char *message, BYTE signature[CAC_RSA_BYTES])
{
	static const BYTE more[4] = { 0x00, 0x42, 0x80, 0x00 },
			  last[4] = { 0x00, 0x42, 0x00, 0x00 };
	IByteBuffer *file = buffer_of(key_file, sizeof key_file);
	BYTE block[CAC_RSA_BYTES], data[CAC_RSA_BYTES];
	size_t length;
	HRESULT hr = ISCardISO7816_SelectFile(client->iso, 2, 0x0C, file, 0, &client->cmd);
	WORD status = exchange(client, hr, data, sizeof data, &length);

	IByteBuffer_Release(file);
	pad_digest(message, block);
	if (status == 0x9000)
		status = send_bytes(client, more, block, CHUNK, 0, data, sizeof data, &length);
	if (status == 0x9000)
		status = send_bytes(client, last, block + CHUNK, CAC_RSA_BYTES - CHUNK,
		    CAC_RSA_BYTES, signature, CAC_RSA_BYTES, &length);
	if (status == 0x9000 && length != CAC_RSA_BYTES)
		return 0;
	return status;
}
