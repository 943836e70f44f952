# SPDX-License-Identifier: BSD-2-Clause
# The component runtime's benchmark: `make bench-runtime`, in short `make bench-runtime QUICK=1`.
# Beside GObject, GStreamer and Wine when their packages are there (`make deps-peers`).

RUNTIME_BENCH := $(B)/tests/bench
RUNTIME_BENCH_PROCESS := $(addprefix tests/bench/,process.c sample.c)

$(eval $(call program,$(RUNTIME_BENCH)/runtime,$(addprefix tests/bench/,runtime.c runtime_calls.c runtime_cold.c \
	runtime_peers.c table.c) $(RUNTIME_BENCH_PROCESS) gen/counter_i.c,com uuid glib))
$(eval $(call program,$(RUNTIME_BENCH)/runtime_first,tests/bench/runtime_first.c gen/counter_i.c,com uuid))
$(eval $(call program,$(RUNTIME_BENCH)/runtime_first_floor,tests/bench/runtime_first_floor.c gen/counter_i.c,gmodule uuid))
$(eval $(call program,$(RUNTIME_BENCH)/runtime_lookup,tests/bench/runtime_lookup.c tests/bench/sample.c \
	gen/counter_i.c $(REGISTRY_SOURCES),com uuid glib))

RUNTIME_BENCH_PARTS := $(addprefix $(RUNTIME_BENCH)/,runtime runtime_first runtime_first_floor runtime_lookup) \
	$(B)/tests/components/counter.so $(B)/tests/components/counter.component $(B)/bin/comreg $(COMIDL)

# $(eval $(call runtime_peer,NAME,PACKAGE)): built when pkg-config knows the package.
define runtime_peer
ifneq ($$(shell pkg-config --exists $(2) 2>/dev/null && echo yes),)
RUNTIME_BENCH_PEERS += $(RUNTIME_BENCH)/runtime_peer_$(1)
$(RUNTIME_BENCH)/runtime_peer_$(1): tests/bench/runtime_peer_$(1).c tests/bench/runtime_peer.h
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) -D_GNU_SOURCE -I. $$(patsubst -I%,-isystem %,$$(shell pkg-config --cflags $(2))) $$(CFLAGS_ALL) \
	    -o $$@ $$< $$(LDFLAGS_ALL) $$(shell pkg-config --libs $(2))
endif
endef
$(eval $(call runtime_peer,gobject,gio-2.0))
$(eval $(call runtime_peer,gstreamer,gstreamer-1.0))

# Wine's compiler driver knows no sanitizers and has headers of its own.
WINEGCC := $(firstword $(wildcard /usr/bin/winegcc-stable /usr/bin/winegcc))
ifneq ($(and $(WINEGCC),$(wildcard /usr/lib/wine/wine64)),)
RUNTIME_BENCH_PEERS += $(RUNTIME_BENCH)/runtime_peer_wine.exe.so
$(RUNTIME_BENCH)/runtime_peer_wine.exe.so: tests/bench/runtime_peer_wine.c tests/bench/runtime_peer.h
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(WINEGCC) -I. -O2 -o $(basename $@) $< -lole32 -luuid
endif

.PHONY: bench-runtime
bench-runtime: all $(RUNTIME_BENCH_PARTS) $(RUNTIME_BENCH_PEERS)
	$(RUNTIME_BENCH)/runtime $(if $(QUICK),--quick) $(B)

$(eval $(call test_script,tests/bench/runtime_smoke.sh,$(RUNTIME_BENCH_PARTS)))
