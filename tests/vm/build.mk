# SPDX-License-Identifier: BSD-2-Clause
# A Linux guest with USB readers: README.md here.

# What the guest boots, made by `deps`. The builds of `sanitize` share it.
TESSERA_VM ?= $(abspath $(B))/vm
export TESSERA_VM

VM_READER := $(B)/tests/vm/software_reader
VM_CLIENT := tests/vm/client.c tests/bench/process.c tests/bench/sample.c tests/suite.c
$(eval $(call program,$(VM_READER),$(wildcard tests/vm/reader/*.c),glib))
$(eval $(call program,$(B)/tests/vm/emulated,tests/vm/emulated.c tests/vm/client.c tests/peers/cac_client.c tests/suite.c,cunit scard com uuid glib))
$(eval $(call program,$(B)/tests/vm/software,tests/vm/software.c $(VM_CLIENT),cunit scard glib))


VM_BENCH := $(B)/tests/vm/bench $(B)/tests/vm/bench_load
VM_LOAD := tests/vm/bench_load.c tests/vm/client.c tests/bench/sample.c
$(eval $(call program,$(B)/tests/vm/bench,tests/vm/bench.c $(addprefix tests/bench/,rm_daemon.c process.c sample.c null/card.c),glib))
$(eval $(call program,$(B)/tests/vm/bench_load,$(VM_LOAD),scard))

# The benchmark's peer; and the tests' own proof, the same readers under pcscd, where what libccid
# does not do fails.
ifneq ($(PCSCLITE_CFLAGS),)
$(B)/tests/vm/bench_load_pcsclite: $(VM_LOAD) $(wildcard tests/vm/*.h tests/bench/*.h)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(RM_BENCH_PEER_CC) -DTESTS_VM_PEER -o $@ $(filter %.c,$^) $(shell pkg-config --libs libpcsclite 2>/dev/null)
VM_BENCH += $(B)/tests/vm/bench_load_pcsclite

VM_PEER := $(B)/tests/vm/software_peer
$(VM_PEER): tests/vm/software.c $(VM_CLIENT) $(wildcard tests/vm/*.h tests/bench/*.h)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(RM_BENCH_PEER_CC) $(GLIB_CFLAGS) -DTESTS_VM_PEER -o $@ $(filter %.c,$^) -lcunit $(link_glib) \
	    $(shell pkg-config --libs libpcsclite 2>/dev/null)
endif

VM_TESTS := tests/vm/emulated.sh tests/vm/software.sh
VM_PROGRAMS := $(VM_READER) $(B)/tests/vm/emulated $(B)/tests/vm/software $(B)/tests/with_scardd


.PHONY: check-vm run-check-vm bench-ccid run-bench-ccid
check-vm: deps
	+@$(MAKE) --no-print-directory run-check-vm
run-check-vm: all $(VM_PROGRAMS)
	@VM_LIMIT=280 TESSERA_TEST_LIMIT=300 TESSERA_BUILD='$(abspath $(B))' TESSERA_SRC='$(CURDIR)' \
	    SANITIZE='$(SANITIZE)' tests/run $(VM_TESTS)

bench-ccid: deps
	+@$(MAKE) --no-print-directory run-bench-ccid
run-bench-ccid: all $(VM_READER) $(VM_BENCH)
	@TESSERA_BUILD='$(abspath $(B))' TESSERA_SRC='$(CURDIR)' tests/vm/bench.sh $(if $(QUICK),--quick)
