# SPDX-License-Identifier: BSD-2-Clause
# The daemon's serving of pcsc-lite's protocol, with the soft card of the build tree: stored inputs in every
# check; fuzzing by hand, as $(B)/fuzz/pcsclite DIR with copies of tests/fuzz/pcsclite.in in DIR.

FUZZ_PCSCLITE := tests/fuzz/fuzz_pcsclite.c $(filter-out %/main.c,$(DAEMON_SOURCES)) $(ENGINE_SOURCES) \
	$(WIRE_SOURCES)

$(eval $(call program,$(B)/tests/fuzz/pcsclite,tests/fuzz/replay.c $(FUZZ_PCSCLITE),com uuid glib))
TESTS += $(B)/tests/fuzz/pcsclite

$(B)/fuzz/pcsclite: $(FUZZ_PCSCLITE) $(file_com) $(file_uuid) | all
	@mkdir -p $(@D)
	clang $(CPPFLAGS_ALL) -DSYSCONF_FROM_BIN='"$(SYSCONF_FROM_BIN)"' $(filter-out -fPIC,$(CFLAGS_ALL)) \
	    -fsanitize=fuzzer,address,undefined -o $@ $(FUZZ_PCSCLITE) $(link_com) $(link_uuid) $(link_glib) \
	    '-Wl,-rpath,$$ORIGIN/$(shell realpath -m --relative-to=$(B)/fuzz $(L))'
