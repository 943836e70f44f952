# SPDX-License-Identifier: BSD-2-Clause
# The protocol engines of the CCID driver. Stored inputs in every check; fuzzing by hand, as
# $(B)/fuzz/NAME DIR with copies of tests/fuzz/NAME.in in DIR.
FUZZ_CCID_ccid_t1    := $(CCID_T1)
FUZZ_CCID_ccid_t0    := $(CCID_T0)
FUZZ_CCID_ccid_chain := $(CCID_CHAIN)

define fuzz_ccid
$(call program,$(B)/tests/fuzz/$(1),tests/fuzz/fuzz_$(1).c tests/fuzz/replay.c $(FUZZ_CCID_$(1)),glib)
TESTS += $(B)/tests/fuzz/$(1)
$(B)/fuzz/$(1): tests/fuzz/fuzz_$(1).c $(FUZZ_CCID_$(1)) | $(HEADERS)
	@mkdir -p $$(@D)
	clang $$(CPPFLAGS_ALL) $$(filter-out -fPIC,$$(CFLAGS_ALL)) -fsanitize=fuzzer,address,undefined \
	    -o $$@ $$^
endef
$(foreach t,ccid_t1 ccid_t0 ccid_chain,$(eval $(call fuzz_ccid,$(t))))
