# SPDX-License-Identifier: BSD-2-Clause
# The client's reading of the status page: stored inputs in every check; fuzzing by hand, as
# $(B)/fuzz/page DIR with copies of tests/fuzz/page.in in DIR.

FUZZ_PAGE := tests/fuzz/fuzz_page.c rm/api/remote_page.c rm/wire/page_read.c $(LOOK_SOURCES)

$(eval $(call program,$(B)/tests/fuzz/page,tests/fuzz/replay.c $(FUZZ_PAGE),glib))
TESTS += $(B)/tests/fuzz/page

$(B)/fuzz/page: $(FUZZ_PAGE) | $(HEADERS)
	@mkdir -p $(@D)
	clang $(CPPFLAGS_ALL) $(filter-out -fPIC,$(CFLAGS_ALL)) -fsanitize=fuzzer,address,undefined -o $@ $^ \
	    $(link_glib)
