# SPDX-License-Identifier: BSD-2-Clause
# The reader drivers' three sides to the outside: commands, profiles, what a card sends. Stored
# inputs in every check; fuzzing by hand, as $(B)/fuzz/NAME DIR with copies of tests/fuzz/NAME.in in DIR.

FUZZ_APDU             := tests/fuzz/fuzz_apdu.c $(SOFTCARD_CORE) $(SOFTCARD_PROFILE)
FUZZ_SOFTCARD_PROFILE := tests/fuzz/fuzz_softcard_profile.c $(SOFTCARD_CORE) $(SOFTCARD_PROFILE)
FUZZ_VPCD             := tests/fuzz/fuzz_vpcd.c rm/drivers/atr.c rm/drivers/vpcd/message.c

$(eval $(call program,$(B)/tests/fuzz/apdu,tests/fuzz/replay.c $(FUZZ_APDU),glib))
$(eval $(call program,$(B)/tests/fuzz/softcard_profile,tests/fuzz/replay.c $(FUZZ_SOFTCARD_PROFILE),glib))
$(eval $(call program,$(B)/tests/fuzz/vpcd,tests/fuzz/replay.c $(FUZZ_VPCD),glib))
TESTS += $(addprefix $(B)/tests/fuzz/,apdu softcard_profile vpcd)

fuzz_sources = $(patsubst gen/%,$(B)/gen/%,$(1))
$(B)/fuzz/apdu: $(call fuzz_sources,$(FUZZ_APDU))
$(B)/fuzz/softcard_profile: $(call fuzz_sources,$(FUZZ_SOFTCARD_PROFILE))
$(B)/fuzz/vpcd: $(call fuzz_sources,$(FUZZ_VPCD))
$(addprefix $(B)/fuzz/,apdu softcard_profile vpcd): | $(HEADERS)
	@mkdir -p $(@D)
	clang $(CPPFLAGS_ALL) $(SOFTCARD_PLACES) $(filter-out -fPIC,$(CFLAGS_ALL)) \
	    -fsanitize=fuzzer,address,undefined -o $@ $^ $(link_glib)
