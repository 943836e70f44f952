# SPDX-License-Identifier: BSD-2-Clause
# The recorder of exchanges. What it records now must be what is stored; `make record` stores it.

$(eval $(call program,$(B)/tests/wire_recorded,tests/wire/recorded.c tests/wire/record.c $(WIRE_SOURCES),scard glib))
$(eval $(call test_script,tests/wire/record.sh,$(B)/tests/wire_recorded $(B)/tests/with_scardd $(B)/bin/scardd))

.PHONY: record
record: all $(B)/tests/wire_recorded $(B)/tests/with_scardd
	places=$$(mktemp -d) && cd tests/wire && TESSERA_BUILD='$(abspath $(B))' TMPDIR=$$places \
	    '$(abspath $(B))/tests/with_scardd' '$(abspath $(B))/tests/wire_recorded'; \
	    status=$$?; rm -rf "$$places"; exit $$status
