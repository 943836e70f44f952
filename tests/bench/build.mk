# SPDX-License-Identifier: BSD-2-Clause
# Benchmarks print figures beside floors of the same run; nothing passes or fails by them.
$(eval $(call program,$(B)/tests/bench/embedded,tests/bench/embedded.c tests/bench/sample.c,scard com uuid))
$(eval $(call program,$(B)/tests/bench/database,tests/bench/database.c tests/bench/table.c $(DATABASE_SOURCES),glib dl))

.PHONY: bench
bench: all $(B)/tests/bench/embedded $(B)/tests/bench/database
	$(B)/tests/bench/embedded
	$(B)/tests/bench/database

include tests/bench/rm.mk
include tests/bench/runtime.mk
