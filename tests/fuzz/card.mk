# SPDX-License-Identifier: BSD-2-Clause
# The parser of card and reader files: stored inputs in every check; fuzzing by hand.

$(eval $(call program,$(B)/tests/fuzz/card,tests/fuzz/fuzz_card.c tests/fuzz/replay.c $(DATABASE_SOURCES),glib dl))
TESTS += $(B)/tests/fuzz/card

# A libFuzzer program; run it as $(B)/fuzz/card DIR, with copies of tests/fuzz/card.in in DIR.
$(B)/fuzz/card: tests/fuzz/fuzz_card.c $(filter-out rm/database/places.c,$(DATABASE_SOURCES)) | $(HEADERS)
	@mkdir -p $(@D)
	clang $(CPPFLAGS_ALL) $(filter-out -fPIC,$(CFLAGS_ALL)) -fsanitize=fuzzer,address,undefined -o $@ $^ \
	    $(link_glib)
