/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where Windows and pcsc-lite differ, and nothing else: every decision that depends on a context's
 * dialect is a field or a function here. The readers themselves have no dialect.
 */
#ifndef RM_ENGINE_DIALECT_H
#define RM_ENGINE_DIALECT_H

#include "rm/engine/engine.h"

struct rm_rules {
	uint32_t last_scope; /* scopes 0 to this one are accepted */

	/* Codes. */
	LONG bad_handle;      /* a context or card handle that does not exist */
	LONG no_name;         /* SCardConnect without a reader name */
	LONG no_attribute;    /* the reader does not have it */
	LONG no_control;      /* the reader does not know the code */
	LONG exchange_failed; /* for a driver's codes without a place of their own; 0: they stay */
	LONG mute_at_connect; /* the card does not answer its reset */
	LONG too_long;        /* more input than the reader takes */
	LONG end_of_another;  /* SCardEndTransaction while another handle has the transaction */

	/* Names. */
	bool names_fold_case; /* of readers and groups */
	bool groups_count; /* SCardListReaders looks at its groups; groups without readers: none */

	/* Connecting. */
	bool direct_is_exclusive;  /* SCARD_SHARE_DIRECT; else it is as SHARED */
	bool direct_negotiates;    /* when it names protocols and there is a card */
	bool direct_sees_protocol; /* the one that is negotiated already */
	bool reconnect_to_direct;  /* allowed */
	bool reconnect_ends_transaction;
	bool reset_hides_removal; /* a later reset replaces the mark of a removal */
	bool death_resets_card;   /* of a client that was merely connected */
	bool unused_loses_power;  /* some time after the last disconnection */

	/* Transactions. */
	bool idle_limit;          /* a transaction that idles ends by a reset of the card */
	bool end_releases_marked; /* although the card was reset meanwhile; else the lock stays */
	bool end_marks_self;      /* SCardEndTransaction that resets marks its own handle too */
	bool end_unpower_powers_up;
	bool direct_access_waits; /* Control, GetAttrib, SetAttrib; else a sharing violation */
	bool card_access_waits;   /* Reconnect, Status, Transmit; likewise */

	/* Exchange. */
	bool control_heeds_marks;
	bool control_device_codes; /* IOCTL_SMARTCARD_POWER and the like are the manager's */
	bool raw_always;           /* SCARD_PROTOCOL_RAW besides the active protocol */

	/* Watching. */
	bool unknown_reader_fails; /* at entry */
	uint32_t unknown_event;    /* of a reader that does not exist */
	bool pnp_counts_readers;   /* in its high word; else the comings and goings */
};

const struct rm_rules *rm_rules(enum rm_dialect dialect);

/*
 * What SCardStatus reports.
 * @state: SCARD_ABSENT to SCARD_SPECIFIC
 * @mute: a card is there and does not answer
 */
uint32_t rm_rules_status(const struct rm_rules *rules, uint32_t state, bool mute, uint16_t counter);

/* What SCardGetStatusChange reports of a reader, without SCARD_STATE_CHANGED. */
uint32_t rm_rules_event(const struct rm_rules *rules, const struct rm_view *view);

/* Whether a belief and an event differ so that the caller is to be told. */
bool rm_rules_changed(const struct rm_rules *rules, uint32_t current, uint32_t event);

/*
 * A driver's result as a code of the API.
 * @unsupported: the code for SCARD_E_UNSUPPORTED_FEATURE
 */
LONG rm_rules_driver_result(const struct rm_rules *rules, HRESULT result, LONG unsupported);

#endif
