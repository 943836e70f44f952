# SPDX-License-Identifier: BSD-2-Clause
# The resource manager's benchmark: `make bench-rm`, in short `make bench-rm QUICK=1`, without what is
# about the null driver `make bench-rm ROUTES=1`. Beside Debian's pcscd when that is installed (`make deps`).

RM_BENCH := $(B)/tests/bench
RM_LOAD := $(addprefix tests/bench/,rm_load.c rm_rows.c rm_crowd.c rm_events.c rm_sessions.c rm_floor.c sample.c null/card.c)

$(eval $(call program,$(RM_BENCH)/rm,tests/bench/rm.c $(addprefix tests/bench/,rm_compare.c rm_daemon.c process.c table.c sample.c null/card.c)))
$(eval $(call program,$(RM_BENCH)/rm_load,$(RM_LOAD),scard))

# The null card as a driver. Not installed: the daemon of the benchmark is told where it is.
$(eval $(call private_idl,null,tests/bench/null/null.idl))
$(eval $(call loadable,$(RM_BENCH)/null/null.so,tests/bench/null/driver.c tests/bench/null/card.c rm/drivers/answer.c gen/null_i.c,com uuid,runtime/component.map))
ALL += $(RM_BENCH)/null/null.component
$(RM_BENCH)/null/null.component: tests/bench/null/null.idl $(COMIDL)
	@mkdir -p $(@D) $(B)/dep
	$(call say,COMIDL,$@)
	$(Q)$(COMIDL) $(IDL_PATH) --manifest $@ --module null.so --depfile $(B)/dep/null.component.d $<

RM_BENCH_PARTS := $(RM_BENCH)/rm $(RM_BENCH)/rm_load $(RM_BENCH)/null/null.so $(RM_BENCH)/null/null.component

# The same for pcsc-lite: its headers instead of ours, and numbers of its width.
PCSCLITE_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags libpcsclite 2>/dev/null))
ifneq ($(PCSCLITE_CFLAGS),)
RM_BENCH_PEER := $(RM_BENCH)/rm_load_pcsclite $(RM_BENCH)/nullifd.so
RM_BENCH_PEER_CC = $(CC) -D_GNU_SOURCE -I. $(PCSCLITE_CFLAGS) $(CFLAGS_ALL) $(LDFLAGS_ALL)
$(RM_BENCH)/rm_load_pcsclite: $(RM_LOAD) $(wildcard tests/bench/*.h tests/bench/null/*.h rm/wire/*)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(RM_BENCH_PEER_CC) -o $@ $(RM_LOAD) $(shell pkg-config --libs libpcsclite 2>/dev/null)
# A sanitizer's run-time library would have to be in pcscd first.
$(RM_BENCH)/nullifd.so: tests/bench/null/nullifd.c tests/bench/null/card.c tests/bench/null/card.h
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(RM_BENCH_PEER_CC) $(if $(SANITIZE),-fno-sanitize=all) -shared -o $@ $(filter %.c,$^)
endif

.PHONY: bench-rm
bench-rm: all $(RM_BENCH_PARTS) $(RM_BENCH_PEER)
	$(RM_BENCH)/rm $(if $(QUICK),--quick) $(if $(ROUTES),--routes) $(B)

$(eval $(call test_script,tests/bench/rm_smoke.sh,$(RM_BENCH_PARTS) $(RM_BENCH_PEER)))
