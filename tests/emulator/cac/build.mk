# SPDX-License-Identifier: BSD-2-Clause
# A card that nobody here wrote. Only the tests need it, and libcacard only with it; a sanitizer would
# report what libcacard and NSS never free.
TEST_NEEDS += $(B)/tests/cac_card
$(B)/tests/cac_card: tests/emulator/cac/cac_card.c tests/emulator/cac/build.mk
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -D_GNU_SOURCE -std=c11 $(WARNINGS) $(CFLAGS) $$(pkg-config --cflags libcacard | sed 's/-I/-isystem /g') \
	    -o $@ $< $$(pkg-config --libs libcacard)
