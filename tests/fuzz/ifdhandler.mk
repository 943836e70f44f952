# SPDX-License-Identifier: BSD-2-Clause
# The host of IFD handlers: stored inputs in every check; fuzzing by hand, as $(B)/fuzz/ifdhandler DIR
# with copies of tests/fuzz/ifdhandler.in in DIR.

FUZZ_IFDHANDLER := tests/fuzz/fuzz_ifdhandler.c $(IFDHANDLER_SETTINGS) \
	$(addprefix rm/drivers/ifdhandler/,codes.c message.c)
$(eval $(call program,$(B)/tests/fuzz/ifdhandler,tests/fuzz/replay.c $(FUZZ_IFDHANDLER),glib))
TESTS += $(B)/tests/fuzz/ifdhandler

$(B)/fuzz/ifdhandler: $(FUZZ_IFDHANDLER) | $(HEADERS)
	@mkdir -p $(@D)
	clang $(CPPFLAGS_ALL) -DIFD_DRIVERS_FOLDER='"$(IFD_DRIVERS_FOLDER)"' $(filter-out -fPIC,$(CFLAGS_ALL)) \
	    -fsanitize=fuzzer,address,undefined -o $@ $^ $(link_glib)
