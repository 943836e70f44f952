/* SPDX-License-Identifier: BSD-2-Clause */
#include <tessera_scard.h>

#include "rm/scardctl/trace.h"

static const char *const whats[] = {
	[TESSERA_SCARD_TRACED_CONNECT] = "connect",
	[TESSERA_SCARD_TRACED_RECONNECT] = "reconnect",
	[TESSERA_SCARD_TRACED_DISCONNECT] = "disconnect",
	[TESSERA_SCARD_TRACED_BEGIN] = "begin",
	[TESSERA_SCARD_TRACED_END] = "end",
	[TESSERA_SCARD_TRACED_TRANSMIT] = "transmit",
	[TESSERA_SCARD_TRACED_CONTROL] = "control",
	[TESSERA_SCARD_TRACED_GET_ATTRIBUTE] = "get-attribute",
	[TESSERA_SCARD_TRACED_SET_ATTRIBUTE] = "set-attribute",
	[TESSERA_SCARD_TRACED_POWER] = "power",
	[TESSERA_SCARD_TRACED_PROTOCOL] = "protocol",
	[TESSERA_SCARD_TRACED_INSERTED] = "card-inserted",
	[TESSERA_SCARD_TRACED_REMOVED] = "card-removed",
	[TESSERA_SCARD_TRACED_GONE] = "reader-removed",
	[TESSERA_SCARD_TRACED_DROPPED] = "dropped",
};

const char *
trace_what(DWORD what)
{
	return what < G_N_ELEMENTS(whats) && whats[what] != NULL ? whats[what] : "other";
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
	case SCARD_PROTOCOL_Tx:
		return "T=0 or T=1";
	default:
		return "no protocol";
	}
}

static const char *
mode_name(DWORD share_mode)
{
	static const char *const names[] = { "?", "exclusive", "shared", "direct" };

	return names[share_mode < G_N_ELEMENTS(names) ? share_mode : 0];
}

static const char *
disposition_name(DWORD disposition)
{
	static const char *const names[] = { "leave the card", "reset the card", "unpower the card",
		"eject the card" };

	return disposition < G_N_ELEMENTS(names) ? names[disposition] : "?";
}

static const char *
power_name(DWORD action)
{
	switch (action) {
	case SCARD_POWER_DOWN:
		return "down";
	case SCARD_COLD_RESET:
		return "cold reset";
	case SCARD_WARM_RESET:
		return "warm reset";
	default:
		return "?";
	}
}

static void
add_details(GString *text, const struct tessera_scard_traced *record)
{
	switch (record->what) {
	case TESSERA_SCARD_TRACED_RECONNECT:
		g_string_append_printf(text, ", %s", disposition_name(record->code));
		/* fall through */
	case TESSERA_SCARD_TRACED_CONNECT:
		g_string_append_printf(text, ", %s, %s", mode_name(record->share_mode),
		    protocol_name(record->protocol));
		break;
	case TESSERA_SCARD_TRACED_DISCONNECT:
	case TESSERA_SCARD_TRACED_END:
		g_string_append_printf(text, ", %s", disposition_name(record->code));
		break;
	case TESSERA_SCARD_TRACED_TRANSMIT:
	case TESSERA_SCARD_TRACED_PROTOCOL:
		g_string_append_printf(text, ", %s", protocol_name(record->protocol));
		break;
	case TESSERA_SCARD_TRACED_CONTROL:
	case TESSERA_SCARD_TRACED_GET_ATTRIBUTE:
	case TESSERA_SCARD_TRACED_SET_ATTRIBUTE:
		g_string_append_printf(text, " 0x%08X", (unsigned)record->code);
		break;
	case TESSERA_SCARD_TRACED_POWER:
		g_string_append_printf(text, ", %s", power_name(record->code));
		break;
	default:
		break;
	}
}

char *
trace_words(const struct tessera_scard_traced *record)
{
	GString *text = g_string_new(trace_what(record->what));

	add_details(text, record);
	if (record->result != SCARD_S_SUCCESS)
		g_string_append_printf(text, ": %s", tessera_scard_error(record->result));
	return g_string_free(text, FALSE);
}

char *
trace_who(const struct tessera_scard_traced *record)
{
	if (record->pid == 0)
		return g_strdup("");
	return g_strdup_printf(
	    "%s[%u]", record->program[0] != '\0' ? record->program : "?", (unsigned)record->pid);
}

static void
add_missing(GString *text, DWORD count, const char *of, const char *how)
{
	if (count > 0)
		g_string_append_printf(text, "%s%u byte%s of the %s %s", text->len > 0 ? ", " : "",
		    (unsigned)count, count == 1 ? "" : "s", of, how);
}

char *
trace_missing(const struct tessera_scard_traced *record)
{
	GString *text = g_string_new(NULL);

	add_missing(text, record->command_length - record->command_shown, "command",
	    (record->hidden & TESSERA_SCARD_HIDDEN_COMMAND) != 0 ? "hidden" : "cut off");
	add_missing(text, record->reply_length - record->reply_shown, "reply",
	    (record->hidden & TESSERA_SCARD_HIDDEN_REPLY) != 0 ? "hidden" : "cut off");
	return g_string_free(text, text->len == 0);
}
