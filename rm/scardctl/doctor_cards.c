/* SPDX-License-Identifier: BSD-2-Clause */
/* scardctl doctor: readers, and whether programs can do something with the cards in them. */
#include <string.h>
#include <unistd.h>

#include <tessera_scard.h>

#include "rm/database/names.h"
#include "rm/scardctl/atr_explain.h"
#include "rm/scardctl/db.h"
#include "rm/scardctl/doctor.h"
#include "rm/scardctl/hex.h"
#include "rm/scardctl/reader.h"
#include "runtime/guid_text.h"

/* What the cards are compared with. */
struct knowledge {
	struct database *database;
	struct database_picture *picture;
	struct tessera_scard_holder *holders;
	DWORD holder_count;
};

static void
examine_provider(struct doctor *doctor, const char *reader, const struct database_card *card)
{
	char clsid[GUID_TEXT_LENGTH + 1];
	g_autofree char *problem = NULL, *next = NULL;

	if (!card->has_primary) {
		next = g_strdup_printf("scardctl db provider '%s' primary {CLSID}, once a provider "
				       "for it is installed",
		    card->name);
		doctor_note(doctor, DOCTOR_WARNING, "no-provider", reader, next,
		    "card type \"%s\" has no primary service provider: programs that look for one "
		    "find none, others can use the card",
		    card->name);
		return;
	}
	if ((problem = doctor_class_problem(&card->primary)) == NULL)
		return;
	(void)guid_to_text(&card->primary, clsid);
	next = g_strdup_printf(
	    "install the provider's package, or name another one with scardctl db provider; comreg "
	    "why %s tells more",
	    clsid);
	doctor_note(doctor, DOCTOR_ERROR, "provider", reader, next,
	    "the primary service provider %s of card type \"%s\" cannot be used: %s", clsid,
	    card->name, problem);
}

static void
examine_atr(
    struct doctor *doctor, const char *reader, const SCARD_READERSTATEA *state, const char *atr)
{
	struct atr_explanation *explanation = atr_explain(state->rgbAtr, state->cbAtr);
	g_autofree char *next = NULL;

	if (explanation->problem != NULL) {
		next = g_strdup_printf("scardctl atr %s explains it as far as it goes", atr);
		doctor_note(doctor, DOCTOR_WARNING, "bad-atr", reader, next,
		    "the answer to reset of the card is not well formed: %s", explanation->problem);
	}
	atr_explanation_free(explanation);
}

static void
examine_card(struct doctor *doctor, const struct knowledge *knowledge, const char *reader,
    const SCARD_READERSTATEA *state)
{
	g_autofree char *atr = hex_text(state->rgbAtr, state->cbAtr);
	g_autofree char *listed = NULL, *next = NULL;
	const struct database_card *card;

	examine_atr(doctor, reader, state, atr);
	if (database_match(knowledge->picture, state->rgbAtr, state->cbAtr, &card, 1) > 0) {
		examine_provider(doctor, reader, card);
		return;
	}
	listed = names_look(knowledge->database, state->rgbAtr, state->cbAtr);
	next = g_strdup_printf("scardctl db add NAME %s; scardctl atr %s explains it", atr, atr);
	doctor_note(doctor, DOCTOR_WARNING, "unknown-card", reader, next,
	    "no card type matches the card, ATR %s%s%s%s: programs that look for a kind of card do "
	    "not find it, others can use it",
	    atr, listed != NULL ? ", which a list calls \"" : "", listed != NULL ? listed : "",
	    listed != NULL ? "\"" : "");
}

/* Somebody else who keeps all others from the card. */
static void
examine_holders(struct doctor *doctor, const struct knowledge *knowledge, const char *reader)
{
	for (DWORD i = 0; i < knowledge->holder_count; i++) {
		const struct tessera_scard_holder *holder = &knowledge->holders[i];
		bool exclusive = holder->share_mode == SCARD_SHARE_EXCLUSIVE;

		if (strcmp(holder->reader, reader) != 0 || holder->pid == (DWORD)getpid())
			continue;
		if (exclusive)
			doctor_note(doctor, DOCTOR_ERROR, "held", reader,
			    "end that program, or wait until it is done; scardctl who lists all",
			    "%s[%u] has the reader for itself alone",
			    holder->program[0] != '\0' ? holder->program : "another user's program",
			    (unsigned)holder->pid);
		else if (holder->in_transaction)
			doctor_note(doctor, DOCTOR_WARNING, "transaction", reader,
			    "wait until it is done; when it stays so, end that program",
			    "%s[%u] keeps others from the card by a transaction at the moment",
			    holder->program[0] != '\0' ? holder->program : "another user's program",
			    (unsigned)holder->pid);
	}
}

static void
examine_reader(
    struct doctor *doctor, const struct knowledge *knowledge, const SCARD_READERSTATEA *state)
{
	const char *reader = state->szReader;

	doctor->readers++;
	examine_holders(doctor, knowledge, reader);
	if ((state->dwEventState & (SCARD_STATE_UNAVAILABLE | SCARD_STATE_UNKNOWN)) != 0)
		doctor_note(doctor, DOCTOR_ERROR, "reader-lost", reader,
		    "unplug the reader and plug it in again",
		    "the reader does not work any more, or has just gone");
	else if ((state->dwEventState & SCARD_STATE_MUTE) != 0)
		doctor_note(doctor, DOCTOR_ERROR, "mute", reader,
		    "turn the card around, clean its contacts, try it in another reader",
		    "the card does not answer to a reset");
	else if ((state->dwEventState & SCARD_STATE_PRESENT) != 0 && state->cbAtr > 0)
		examine_card(doctor, knowledge, reader, state);
}

static void
examine_names(struct doctor *doctor, SCARDCONTEXT context, GStrv names)
{
	struct knowledge knowledge = { .database = db_open(doctor->options) };
	g_autofree SCARD_READERSTATEA *states = reader_states(context, names);

	knowledge.picture = database_look(knowledge.database);
	(void)tessera_scard_holders(context, &knowledge.holders, &knowledge.holder_count);
	for (guint i = 0; states != NULL && names[i] != NULL; i++)
		examine_reader(doctor, &knowledge, &states[i]);
	database_picture_unref(knowledge.picture);
	database_free(knowledge.database);
}

/* The wanted one alone, or all there are; NULL after a note. (transfer full) */
static GStrv
choose_names(struct doctor *doctor, SCARDCONTEXT context)
{
	GStrv names = NULL;
	char *found;

	if (doctor->reader == NULL)
		return reader_names(context);
	if ((found = reader_find(context, doctor->reader)) != NULL) {
		names = g_new0(char *, 2);
		names[0] = found;
	} else
		doctor_note(doctor, DOCTOR_ERROR, "no-reader", doctor->reader,
		    "scardctl list shows all; what follows of USB may tell where it is",
		    "the resource manager has no such reader, or several");
	return names;
}

void
doctor_examine_cards(struct doctor *doctor)
{
	SCARDCONTEXT context = scardctl_establish();
	g_auto(GStrv) names = context != 0 ? choose_names(doctor, context) : NULL;

	if (names != NULL && names[0] == NULL)
		doctor_note(doctor, DOCTOR_WARNING, "no-reader", "resource manager",
		    "plug a reader in; name a driver for it in Drivers= of scardd.conf(5)",
		    "it has no reader");
	else if (names != NULL)
		examine_names(doctor, context, names);
	if (context != 0)
		(void)SCardReleaseContext(context);
}
