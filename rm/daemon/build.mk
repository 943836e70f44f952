# SPDX-License-Identifier: BSD-2-Clause
# scardd: the engine behind a Unix socket.

DAEMON_SOURCES := $(wildcard rm/daemon/*.c rm/daemon/pcsclite/*.c) rm/pcsclite/numbers.c
$(eval $(call program,$(B)/bin/scardd,$(DAEMON_SOURCES) $(ENGINE_SOURCES) $(WIRE_SOURCES),com uuid glib))

# Where the configuration is as seen from the program is compiled in; the stamp changes with it.
SYSCONF_FROM_BIN := $(call relative,$(BINDIR),$(SYSCONFDIR))
DAEMON_STAMP := $(B)/gen/scardd.stamp
.PHONY: scardd-places
$(DAEMON_STAMP): $(shell [ "$$(cat $(DAEMON_STAMP) 2>&1)" = '$(SYSCONF_FROM_BIN)' ] || echo scardd-places)
	@mkdir -p $(@D)
	@echo '$(SYSCONF_FROM_BIN)' >$@
$(B)/obj/rm/daemon/settings.o: $(DAEMON_STAMP)
$(B)/obj/rm/daemon/settings.o: private CPPFLAGS_ALL += -DSYSCONF_FROM_BIN='"$(SYSCONF_FROM_BIN)"'
$(B)/obj/rm/daemon/main.o: private CPPFLAGS_ALL += -DTESSERA_VERSION='"$(VERSION)"'
