/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an administrator says in the bundle's Info.plist, as with other handlers: ifdDriverOptions.
 *   0x01   clients may send any vendor command to the reader (escape)
 *   0x30   where the reader does not choose the voltage: 0x20 begins with the lowest
 * Other bits of other handlers mean nothing here.
 */
#ifndef CCID_BUNDLE_OPTIONS_H
#define CCID_BUNDLE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "ccid/slot.h"

struct bundle_options {
	bool escape;
	struct ccid_options slot;
};

/* Reads the Info.plist that this module belongs to. What cannot be read is said in the log, and
 * nothing is set. */
void bundle_options_read(struct bundle_options *ret);

#endif
