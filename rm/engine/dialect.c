/* SPDX-License-Identifier: BSD-2-Clause */
/* The two columns of what a portable program notices, as a table. */
#include "rm/engine/dialect.h"

#include <winerror.h>

#define SCOPE_GLOBAL 3u /* pcsc-lite's SCARD_SCOPE_GLOBAL */

/* Bits of pcsc-lite's SCARD_* states. */
#define PCSCLITE_ABSENT 0x0002u
#define PCSCLITE_PRESENT 0x0004u
#define PCSCLITE_SWALLOWED 0x0008u
#define PCSCLITE_POWERED 0x0010u
#define PCSCLITE_NEGOTIABLE 0x0020u

#define COUNTER_SHIFT 16
#define STATE_BITS 0xFFFFu

/* clang-format off */
/* The second column, but for one line. */
#define PCSCLITE \
	.last_scope = SCOPE_GLOBAL, \
	.bad_handle = SCARD_E_INVALID_HANDLE, \
	.no_name = SCARD_E_UNKNOWN_READER, \
	.no_attribute = SCARD_E_UNSUPPORTED_FEATURE, \
	.no_control = SCARD_E_UNSUPPORTED_FEATURE, \
	.exchange_failed = SCARD_E_NOT_TRANSACTED, \
	.mute_at_connect = SCARD_W_UNPOWERED_CARD, \
	.too_long = SCARD_E_INSUFFICIENT_BUFFER, \
	.end_of_another = SCARD_E_SHARING_VIOLATION, \
	.names_fold_case = false, \
	.groups_count = false, \
	.direct_is_exclusive = false, \
	.direct_negotiates = false, \
	.direct_sees_protocol = true, \
	.reconnect_to_direct = true, \
	.reconnect_ends_transaction = false, \
	.reset_hides_removal = true, \
	.death_resets_card = false, \
	.unused_loses_power = true, \
	.idle_limit = false, \
	.end_releases_marked = false, \
	.end_marks_self = true, \
	.end_unpower_powers_up = true, \
	.direct_access_waits = false, \
	.control_heeds_marks = false, \
	.control_device_codes = false, \
	.raw_always = true, \
	.unknown_reader_fails = true, \
	.unknown_event = SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE, \
	.pnp_counts_readers = false
/* clang-format on */

static const struct rm_rules rules_table[] = {
	[RM_DIALECT_WINDOWS] = {
		.last_scope = SCARD_SCOPE_SYSTEM,
		.bad_handle = ERROR_INVALID_HANDLE,
		.no_name = SCARD_E_INVALID_PARAMETER,
		.no_attribute = ERROR_NOT_SUPPORTED,
		.no_control = ERROR_INVALID_FUNCTION,
		.exchange_failed = SCARD_S_SUCCESS,
		.mute_at_connect = SCARD_W_UNRESPONSIVE_CARD,
		.too_long = SCARD_E_INVALID_PARAMETER,
		.end_of_another = SCARD_E_NOT_TRANSACTED,
		.names_fold_case = true,
		.groups_count = true,
		.direct_is_exclusive = true,
		.direct_negotiates = true,
		.direct_sees_protocol = false,
		.reconnect_to_direct = false,
		.reconnect_ends_transaction = true,
		.reset_hides_removal = false,
		.death_resets_card = true,
		.unused_loses_power = false,
		.idle_limit = true,
		.end_releases_marked = true,
		.end_marks_self = false,
		.end_unpower_powers_up = false,
		.direct_access_waits = true,
		.card_access_waits = true,
		.control_heeds_marks = true,
		.control_device_codes = true,
		.raw_always = false,
		.unknown_reader_fails = false,
		.unknown_event = SCARD_STATE_UNKNOWN | SCARD_STATE_IGNORE,
		.pnp_counts_readers = true,
	},
	[RM_DIALECT_PCSCLITE] = { PCSCLITE, .card_access_waits = true },
	/* As a program asks for with PCSCLITE_NO_BLOCKING. */
	[RM_DIALECT_PCSCLITE_IMPATIENT] = { PCSCLITE, .card_access_waits = false },
};

const struct rm_rules *
rm_rules(enum rm_dialect dialect)
{
	return &rules_table[dialect <= RM_DIALECT_PCSCLITE_IMPATIENT ? dialect
								     : RM_DIALECT_WINDOWS];
}

static bool
is_windows(const struct rm_rules *rules)
{
	return rules == &rules_table[RM_DIALECT_WINDOWS];
}

uint32_t
rm_rules_status(const struct rm_rules *rules, uint32_t state, bool mute, uint16_t counter)
{
	uint32_t bits;

	if (is_windows(rules))
		return state;
	if (mute)
		bits = PCSCLITE_PRESENT | PCSCLITE_SWALLOWED;
	else if (state == SCARD_ABSENT)
		bits = PCSCLITE_ABSENT;
	else if (state < SCARD_POWERED)
		bits = PCSCLITE_PRESENT;
	else
		bits = PCSCLITE_PRESENT | PCSCLITE_POWERED | PCSCLITE_NEGOTIABLE;
	return bits | (uint32_t)counter << COUNTER_SHIFT;
}

uint32_t
rm_rules_event(const struct rm_rules *rules, const struct rm_view *view)
{
	uint32_t event = (uint32_t)view->counter << COUNTER_SHIFT;

	if (view->lost)
		return event | SCARD_STATE_UNAVAILABLE;
	if (!view->present)
		return event | SCARD_STATE_EMPTY;
	event |= SCARD_STATE_PRESENT;
	if (view->mute)
		event |= SCARD_STATE_MUTE;
	else if (!view->powered && is_windows(rules))
		event |= SCARD_STATE_UNPOWERED;
	if (view->exclusive)
		event |= SCARD_STATE_EXCLUSIVE;
	else if (view->in_use)
		event |= SCARD_STATE_INUSE;
	return event;
}

/* What a caller of the Windows dialect believes, without the bits that do not count. */
static uint32_t
windows_belief(uint32_t current)
{
	static const uint32_t alone[] = { SCARD_STATE_UNKNOWN, SCARD_STATE_UNAVAILABLE,
		SCARD_STATE_EMPTY };
	const uint32_t implying = SCARD_STATE_ATRMATCH | SCARD_STATE_EXCLUSIVE | SCARD_STATE_INUSE |
	    SCARD_STATE_MUTE | SCARD_STATE_UNPOWERED;

	for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++)
		if (current & alone[i])
			return alone[i];
	if (current & implying)
		current |= SCARD_STATE_PRESENT;
	return current & STATE_BITS & ~(SCARD_STATE_CHANGED | SCARD_STATE_ATRMATCH);
}

static bool
windows_changed(uint32_t current, uint32_t event)
{
	if (event & SCARD_STATE_UNKNOWN)
		return !(current & SCARD_STATE_UNKNOWN);
	return windows_belief(current) != (event & STATE_BITS);
}

/* Only some differences wake a caller of the pcsc-lite dialect: a free card that is used does not.
 */
static bool
pcsclite_changed(uint32_t current, uint32_t event)
{
	const uint32_t shared = SCARD_STATE_EXCLUSIVE | SCARD_STATE_INUSE;

	if ((current ^ event) & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE))
		return true;
	if (event & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE))
		return false;
	if (event & SCARD_STATE_EMPTY)
		return (current & (SCARD_STATE_PRESENT | shared)) != 0;
	return (current & SCARD_STATE_EMPTY) || ((current ^ event) & SCARD_STATE_MUTE) ||
	    ((current & shared) && (current & shared) != (event & shared));
}

bool
rm_rules_changed(const struct rm_rules *rules, uint32_t current, uint32_t event)
{
	uint32_t counter = current >> COUNTER_SHIFT;

	if (current == SCARD_STATE_UNAWARE)
		return true;
	if (counter != 0 && !(event & SCARD_STATE_UNKNOWN) && counter != event >> COUNTER_SHIFT)
		return true;
	return is_windows(rules) ? windows_changed(current, event)
				 : pcsclite_changed(current, event);
}

LONG
rm_rules_driver_result(const struct rm_rules *rules, HRESULT result, LONG unsupported)
{
	switch (result) {
	case S_OK:
	case SCARD_E_READER_UNAVAILABLE:
	case SCARD_E_NO_SMARTCARD:
	case SCARD_W_UNRESPONSIVE_CARD:
	case SCARD_W_UNPOWERED_CARD:
	case SCARD_E_PROTO_MISMATCH:
	case SCARD_E_INSUFFICIENT_BUFFER:
		return result;
	case SCARD_E_UNSUPPORTED_FEATURE:
	case E_NOTIMPL:
		return unsupported;
	case E_OUTOFMEMORY:
		return SCARD_E_NO_MEMORY;
	case E_INVALIDARG:
		result = SCARD_E_INVALID_PARAMETER;
		break;
	default:
		if (result >= 0)
			return S_OK;
		if (HRESULT_FACILITY(result) != FACILITY_SCARD)
			result = SCARD_F_COMM_ERROR;
	}
	return rules->exchange_failed != SCARD_S_SUCCESS ? rules->exchange_failed : result;
}
