# SPDX-License-Identifier: BSD-2-Clause
# The client's reading of replies: stored inputs in every check; fuzzing by hand, as
# $(B)/fuzz/remote -dict=$(B)/fuzz/wire.dict DIR with copies of tests/fuzz/remote.in in DIR.

FUZZ_REMOTE := tests/fuzz/fuzz_remote.c $(wildcard rm/api/remote*.c) $(WIRE_SOURCES) $(LOOK_SOURCES)
# The harness is the daemon at the other end of each connection.
FUZZ_REMOTE_LINK := -Wl,--wrap=connect -Wl,--wrap=sendmsg

$(eval $(call program,$(B)/tests/fuzz/remote,tests/fuzz/replay.c $(FUZZ_REMOTE),glib))
$(B)/tests/fuzz/remote: private LDFLAGS_ALL += $(FUZZ_REMOTE_LINK)
TESTS += $(B)/tests/fuzz/remote

$(B)/fuzz/remote: $(FUZZ_REMOTE) | $(HEADERS) $(B)/fuzz/wire.dict
	@mkdir -p $(@D)
	clang $(CPPFLAGS_ALL) $(filter-out -fPIC,$(CFLAGS_ALL)) -fsanitize=fuzzer,address,undefined \
	    $(FUZZ_REMOTE_LINK) -o $@ $^ $(link_glib)
