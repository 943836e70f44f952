# SPDX-License-Identifier: BSD-2-Clause
# The driver for USB CCID readers: a core, and two thin fronts.

CCID := ccid
# Without USB, files and components: what the unit tests and the fuzzers link.
CCID_PURE := rm/drivers/atr.c $(addprefix $(CCID)/,attributes.c descriptor.c escape.c features.c message.c name.c \
	parameters.c pin.c pps.c result.c timing.c)
# With GLib.
CCID_QUIRKS := $(addprefix $(CCID)/,quirks.c quirks_file.c quirks_keys.c quirks_name.c)
# The protocol engines: they know no clock and no memory but what they are given.
CCID_T1 := ccid/t1.c ccid/t1_block.c ccid/t1_moves.c
CCID_T0 := ccid/t0.c ccid/t0_character.c ccid/apdu_shape.c
CCID_CHAIN := ccid/chain.c
# From commands to cards, above a transport.
CCID_SLOT := $(CCID_PURE) $(CCID_T1) $(CCID_T0) $(CCID_CHAIN) $(addprefix $(CCID)/,command.c ladder.c slot.c \
	slot_exchange.c slot_power.c slot_protocol.c slot_reader.c)

# The shipped quirks, where the build tree and an installed one have them.
CCID_QUIRKS_FILE := $(B)/share/tessera/ccid.quirks
ALL += $(CCID_QUIRKS_FILE)
$(CCID_QUIRKS_FILE): $(CCID)/ccid.quirks
	@mkdir -p $(@D)
	@cp $< $@
