# SPDX-License-Identifier: BSD-2-Clause
# Benchmarks print figures beside floors of the same run; nothing passes or fails by them.
$(eval $(call program,$(B)/tests/bench/embedded,tests/bench/embedded.c tests/bench/sample.c,scard com uuid))

.PHONY: bench
bench: all
	$(B)/tests/bench/embedded

include tests/bench/rm.mk
include tests/bench/runtime.mk
