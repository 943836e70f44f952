# SPDX-License-Identifier: BSD-2-Clause
# The manifest parser: stored inputs in every check; fuzzing by hand.

$(eval $(call program,$(B)/tests/fuzz/manifest,tests/fuzz/fuzz_manifest.c tests/fuzz/replay.c $(MANIFEST_SOURCES),glib))
TESTS += $(B)/tests/fuzz/manifest

# A libFuzzer program; run it as $(B)/fuzz/manifest DIR, with copies of tests/fuzz/manifest.in in DIR.
$(B)/fuzz/manifest: tests/fuzz/fuzz_manifest.c $(MANIFEST_SOURCES) | $(HEADERS)
	@mkdir -p $(@D)
	clang $(CPPFLAGS_ALL) $(filter-out -fPIC,$(CFLAGS_ALL)) -fsanitize=fuzzer,address,undefined -o $@ $^ \
	    $(link_glib)
