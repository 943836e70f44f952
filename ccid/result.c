/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/result.h"

const char *
ccid_result_name(enum ccid_result result)
{
	static const char *const names[] = {
		[CCID_OK] = "ok",
		[CCID_GONE] = "gone",
		[CCID_ABSENT] = "absent",
		[CCID_UNPOWERED] = "unpowered",
		[CCID_MUTE] = "mute",
		[CCID_SILENT] = "silent",
		[CCID_LOST] = "lost",
		[CCID_DEAD] = "dead",
		[CCID_MISMATCH] = "mismatch",
		[CCID_NO_PPS] = "no-pps",
		[CCID_UNSUPPORTED] = "unsupported",
		[CCID_SMALL] = "small",
		[CCID_INVALID] = "invalid",
		[CCID_TOO_LONG] = "too-long",
		[CCID_DEADLINE] = "deadline",
		[CCID_CANCELLED] = "cancelled",
		[CCID_BUSY] = "busy",
		[CCID_REFUSED] = "refused",
		[CCID_NO_MEMORY] = "no-memory",
	};

	if ((unsigned)result >= sizeof names / sizeof names[0])
		return "unknown";
	return names[result];
}
