/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scardctl status: a reader and its card in detail. The attributes need a connection: shared where
 * there is a card, and none at all while that would mean to wait for somebody's transaction.
 */
#include <stdio.h>
#include <string.h>

#include <tessera_scard.h>

#include "rm/scardctl/hex.h"
#include "rm/scardctl/reader.h"
#include "rm/scardctl/scardctl.h"

#define VALUE_MAX 264u /* bytes of an attribute */

struct detail {
	const SCARD_READERSTATEA *state;
	char *problem; /* why there is nothing more; NULL */
	const char *protocol;
	char *vendor, *model, *version, *serial; /* NULL: the reader does not say */
};

static void
detail_done(struct detail *detail)
{
	g_free(detail->problem);
	g_free(detail->vendor);
	g_free(detail->model);
	g_free(detail->version);
	g_free(detail->serial);
}

/* Whether somebody holds a transaction on the reader. Who cannot be asked does not say so. */
static bool
in_transaction(SCARDCONTEXT context, const char *reader)
{
	struct tessera_scard_holder *holders;
	DWORD count;
	bool found = false;

	if (tessera_scard_holders(context, &holders, &count) != SCARD_S_SUCCESS)
		return false;
	for (DWORD i = 0; i < count; i++)
		if (holders[i].in_transaction && strcmp(holders[i].reader, reader) == 0)
			found = true;
	(void)SCardFreeMemory(context, holders);
	return found;
}

static char *
text_attribute(SCARDHANDLE card, DWORD id)
{
	BYTE value[VALUE_MAX];
	DWORD length = sizeof value;
	g_autofree char *text = NULL;

	if (SCardGetAttrib(card, id, value, &length) != SCARD_S_SUCCESS || length == 0)
		return NULL;
	text = g_strndup((const char *)value, length);
	return text[0] != '\0' ? g_utf8_make_valid(text, -1) : NULL;
}

/* 0xMMmmbbbb as "MM.mm.bbbb". */
static char *
version_attribute(SCARDHANDLE card)
{
	DWORD version;
	DWORD length = sizeof version;

	if (SCardGetAttrib(card, SCARD_ATTR_VENDOR_IFD_VERSION, (LPBYTE)&version, &length) !=
		SCARD_S_SUCCESS ||
	    length != sizeof version)
		return NULL;
	return g_strdup_printf("%u.%u.%u", (unsigned)(version >> 24),
	    (unsigned)(version >> 16 & 0xFF), (unsigned)(version & 0xFFFF));
}

static const char *
protocol_name(DWORD protocol)
{
	switch (protocol) {
	case SCARD_PROTOCOL_T0:
		return "T=0";
	case SCARD_PROTOCOL_T1:
		return "T=1";
	case SCARD_PROTOCOL_RAW:
		return "raw";
	default:
		return NULL;
	}
}

static void
look_inside(SCARDCONTEXT context, struct detail *detail)
{
	const char *reader = detail->state->szReader;
	bool usable = (detail->state->dwEventState & (SCARD_STATE_PRESENT | SCARD_STATE_MUTE)) ==
	    SCARD_STATE_PRESENT;
	SCARDHANDLE card;
	DWORD protocol = 0;
	LONG code;

	if ((detail->state->dwEventState & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE)) != 0)
		return;
	if (in_transaction(context, reader)) {
		detail->problem = g_strdup("somebody holds a transaction; see scardctl who");
		return;
	}
	code = SCardConnectA(context, reader, usable ? SCARD_SHARE_SHARED : SCARD_SHARE_DIRECT,
	    usable ? SCARD_PROTOCOL_Tx | SCARD_PROTOCOL_RAW : 0, &card, &protocol);
	if (code != SCARD_S_SUCCESS) {
		detail->problem = g_strdup(tessera_scard_message());
		return;
	}
	detail->protocol = protocol_name(protocol);
	detail->vendor = text_attribute(card, SCARD_ATTR_VENDOR_NAME);
	detail->model = text_attribute(card, SCARD_ATTR_VENDOR_IFD_TYPE);
	detail->version = version_attribute(card);
	detail->serial = text_attribute(card, SCARD_ATTR_VENDOR_IFD_SERIAL_NO);
	(void)SCardDisconnect(card, SCARD_LEAVE_CARD);
}

static void
print_line(const char *label, const char *value)
{
	if (value != NULL && value[0] != '\0')
		printf("  %-9s %s\n", label, value);
}

static void
detail_as_text(const struct detail *detail)
{
	g_autofree char *state = reader_state_text(detail->state->dwEventState);
	g_autofree char *atr = hex_text(detail->state->rgbAtr, detail->state->cbAtr);

	puts(detail->state->szReader);
	print_line("State", state);
	printf("  %-9s %u\n", "Counter", reader_counter(detail->state->dwEventState));
	print_line("ATR", atr);
	print_line("Protocol", detail->protocol);
	print_line("Vendor", detail->vendor);
	print_line("Model", detail->model);
	print_line("Version", detail->version);
	print_line("Serial", detail->serial);
	print_line("Problem", detail->problem);
}

static void
detail_as_json(struct json *json, const struct detail *detail)
{
	json_open(json, NULL, '{');
	json_string(json, "reader", detail->state->szReader);
	reader_state_json(json, "state", detail->state->dwEventState);
	json_number(json, "counter", reader_counter(detail->state->dwEventState));
	json_bytes(json, "atr", detail->state->rgbAtr, detail->state->cbAtr);
	json_string(json, "protocol", detail->protocol);
	json_string(json, "vendor", detail->vendor);
	json_string(json, "model", detail->model);
	json_string(json, "version", detail->version);
	json_string(json, "serial", detail->serial);
	json_string(json, "problem", detail->problem);
	json_close(json, '}');
}

/* All of these readers. */
static void
show(SCARDCONTEXT context, const SCARD_READERSTATEA *states, bool as_json)
{
	struct json json;

	json_init(&json);
	json_open(&json, NULL, '{');
	json_open(&json, "readers", '[');
	if (!as_json && states->szReader == NULL)
		puts("No readers.");
	for (; states->szReader != NULL; states++) {
		struct detail detail = { .state = states };

		look_inside(context, &detail);
		if (as_json)
			detail_as_json(&json, &detail);
		else
			detail_as_text(&detail);
		detail_done(&detail);
	}
	json_close(&json, ']');
	json_close(&json, '}');
	if (as_json)
		json_print(&json);
	else
		json_drop(&json);
}

static GStrv
wanted_names(SCARDCONTEXT context, const char *wanted)
{
	GStrv names;
	char *name;

	if (wanted == NULL)
		return reader_names(context);
	if ((name = reader_find(context, wanted)) == NULL)
		return NULL;
	names = g_new0(char *, 2);
	names[0] = name;
	return names;
}

int
scardctl_status(const struct scardctl_options *options, char **arguments)
{
	g_auto(GStrv) names = NULL;
	g_autofree SCARD_READERSTATEA *states = NULL;
	SCARDCONTEXT context = scardctl_establish();

	if (context == 0)
		return SCARDCTL_FAILURE;
	if ((names = wanted_names(context, arguments[0])) != NULL)
		states = reader_states(context, names);
	if (states != NULL)
		show(context, states, options->json);
	(void)SCardReleaseContext(context);
	return states != NULL ? SCARDCTL_OK : SCARDCTL_FAILURE;
}
