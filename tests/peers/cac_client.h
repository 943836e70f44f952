/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libcacard's CAC through nothing but ISCard, ISCardISO7816, ISCardCmd and IByteBuffer. Every call
 * returns the card's last status word, or 0 when the transport failed (told on stdout as "# ...").
 */
#ifndef TESTS_PEERS_CAC_CLIENT_H
#define TESTS_PEERS_CAC_CLIENT_H

#define COBJMACROS
#include <oleauto.h>
#include <scardssp.h>
#include <stdbool.h>
#include <stddef.h>

#define CAC_CERTIFICATE_MAX 8192
#define CAC_RSA_BYTES 256

struct cac_client {
	ISCard *card;
	ISCardISO7816 *iso;
	ISCardCmd *cmd;
};

/* Makes the three objects and attaches, shared, T=0. False: not possible, and nothing is held. */
bool cac_attach(struct cac_client *client, const char *reader);
/* Detaches and releases. */
void cac_release(struct cac_client *client);

WORD cac_select_applet(struct cac_client *client, const BYTE *aid, size_t length);
WORD cac_select_capabilities(struct cac_client *client);
WORD cac_select_pki(struct cac_client *client);
/* @code: 8 bytes; NULL asks for the state */
WORD cac_verify(struct cac_client *client, const BYTE *code);
/* The certificate of the selected PKI applet; its length, 0 when it could not be read. */
size_t cac_read_certificate(struct cac_client *client, BYTE certificate[CAC_CERTIFICATE_MAX]);
/* An RSASSA-PKCS1-v1_5 signature with SHA-256 by the selected PKI applet; the PIN is verified. */
WORD cac_sign(struct cac_client *client, const char *message, BYTE signature[CAC_RSA_BYTES]);

#endif
