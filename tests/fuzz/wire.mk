# SPDX-License-Identifier: BSD-2-Clause
# Packets, the daemon's and the client's side alike: stored inputs in every check; fuzzing by hand,
# as $(B)/fuzz/wire -dict=$(B)/fuzz/wire.dict DIR with copies of tests/fuzz/wire.in in DIR.

$(eval $(call program,$(B)/tests/fuzz/wire,tests/fuzz/fuzz_wire.c tests/fuzz/replay.c $(WIRE_SOURCES),glib))
TESTS += $(B)/tests/fuzz/wire

$(eval $(call program,$(B)/tests/fuzz/wire_dictionary,tests/fuzz/wire_dictionary.c,))
$(B)/fuzz/wire.dict: $(B)/tests/fuzz/wire_dictionary
	@mkdir -p $(@D)
	$(call say,DICT,$@)
	$(Q)$< >$@

$(B)/fuzz/wire: tests/fuzz/fuzz_wire.c $(WIRE_SOURCES) | $(HEADERS) $(B)/fuzz/wire.dict
	@mkdir -p $(@D)
	clang $(CPPFLAGS_ALL) $(filter-out -fPIC,$(CFLAGS_ALL)) -fsanitize=fuzzer,address,undefined -o $@ $^ \
	    $(link_glib)
