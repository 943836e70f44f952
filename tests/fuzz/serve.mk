# SPDX-License-Identifier: BSD-2-Clause
# The daemon's serving of messages, with the soft card of the build tree: stored inputs in every check;
# fuzzing by hand, as $(B)/fuzz/serve -dict=$(B)/fuzz/wire.dict DIR with copies of tests/fuzz/serve.in
# in DIR.

FUZZ_SERVE := tests/fuzz/fuzz_serve.c $(filter-out %/main.c,$(wildcard rm/daemon/*.c)) $(ENGINE_SOURCES) \
	$(WIRE_SOURCES)

$(eval $(call program,$(B)/tests/fuzz/serve,tests/fuzz/replay.c $(FUZZ_SERVE),com uuid glib))
TESTS += $(B)/tests/fuzz/serve

$(B)/fuzz/serve: $(FUZZ_SERVE) $(file_com) $(file_uuid) | all $(B)/fuzz/wire.dict
	@mkdir -p $(@D)
	clang $(CPPFLAGS_ALL) -DSYSCONF_FROM_BIN='"$(SYSCONF_FROM_BIN)"' $(filter-out -fPIC,$(CFLAGS_ALL)) \
	    -fsanitize=fuzzer,address,undefined -o $@ $(FUZZ_SERVE) $(link_com) $(link_uuid) $(link_glib) \
	    '-Wl,-rpath,$$ORIGIN/$(shell realpath -m --relative-to=$(B)/fuzz $(L))'
