# SPDX-License-Identifier: BSD-2-Clause
# The reader of compiled registries: stored inputs in every check; fuzzing by hand, as
# $(B)/fuzz/cache DIR with copies of tests/fuzz/cache.in in DIR.

FUZZ_CACHE_SOURCES := tests/fuzz/fuzz_cache.c runtime/cache.c runtime/cache_format.c runtime/fork.c
$(eval $(call program,$(B)/tests/fuzz/cache,$(FUZZ_CACHE_SOURCES) tests/fuzz/replay.c,glib))
TESTS += $(B)/tests/fuzz/cache

$(B)/fuzz/cache: $(FUZZ_CACHE_SOURCES) | $(HEADERS)
	@mkdir -p $(@D)
	clang $(CPPFLAGS_ALL) $(filter-out -fPIC,$(CFLAGS_ALL)) -fsanitize=fuzzer,address,undefined -o $@ $^ \
	    $(link_glib)
