# SPDX-License-Identifier: BSD-2-Clause
# The driver for USB CCID readers.

CCID := ccid
# Without USB, files and components: what the unit tests and the fuzzers link.
CCID_PURE := rm/drivers/atr.c $(addprefix $(CCID)/,descriptor.c message.c parameters.c pps.c result.c timing.c)
# The protocol engines: they know no USB, no clock and no memory but what they are given.
CCID_T1 := ccid/t1.c ccid/t1_block.c
CCID_T0 := ccid/t0.c ccid/t0_character.c ccid/apdu_shape.c
CCID_CHAIN := ccid/chain.c
