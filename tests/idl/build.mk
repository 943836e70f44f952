# SPDX-License-Identifier: BSD-2-Clause
# The compiler as a program, its diagnostics and golden files; and hostile input replayed.

$(eval $(call test_script,tests/idl/comidl.sh,$(COMIDL)))
$(eval $(call program,$(B)/tests/fuzz/idl,tests/fuzz/fuzz_idl.c tests/fuzz/replay.c $(IDL_CORE_SOURCES),glib))
TESTS += $(B)/tests/fuzz/idl

# Golden files are read like code: see what git diff says after this.
.PHONY: update-golden
update-golden: $(COMIDL)
	TESSERA_BUILD='$(abspath $(B))' TESSERA_SRC='$(CURDIR)' tests/idl/comidl.sh --update

# A libFuzzer program; run it as $(B)/fuzz/idl -dict=tests/fuzz/idl.dict DIR, with copies of tests/fuzz/idl.in in DIR.
$(B)/fuzz/idl: tests/fuzz/fuzz_idl.c $(IDL_CORE_SOURCES)
	@mkdir -p $(@D)
	clang $(CPPFLAGS_ALL) $(filter-out -fPIC,$(CFLAGS_ALL)) -fsanitize=fuzzer,address,undefined -o $@ $^ \
	    $(link_glib)
