# SPDX-License-Identifier: BSD-2-Clause
# Running the tests. `check` installs packages first and then starts make anew, because what
# pkg-config says is read when make starts.

.PHONY: check run-check sanitize demo run-demo

ifeq ($(TESTS_ONLY),concurrent)
TESTS := $(CONCURRENT_TESTS)
endif

check: deps
	+@$(MAKE) --no-print-directory run-check

run-check: all $(filter $(B)/tests/%,$(ALL)) $(filter $(B)/%,$(TESTS)) $(TEST_NEEDS)
	@CC='$(CC)' CXX='$(CXX)' SANITIZE='$(SANITIZE)' TESSERA_BUILD='$(abspath $(B))' TESSERA_LIB='$(abspath $(L))' \
	    TESSERA_SRC='$(CURDIR)' MAKE='$(MAKE)' tests/run $(TESTS)

# The whole check with addresses and undefined behaviour watched, then the concurrent part with races.
sanitize: deps
	+@$(MAKE) --no-print-directory BUILD=$(B)/address SANITIZE=address,undefined run-check
	+@$(MAKE) --no-print-directory BUILD=$(B)/thread SANITIZE=thread run-check TESTS_ONLY=concurrent


demo: deps-build
	+@$(MAKE) --no-print-directory run-demo

run-demo: all
	@TESSERA_RM=embedded:softcard $(B)/bin/transaction
