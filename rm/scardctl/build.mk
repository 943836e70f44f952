# SPDX-License-Identifier: BSD-2-Clause
# scardctl: readers and cards from the command line.

SCARDCTL_SOURCES := $(wildcard rm/scardctl/*.c) $(DATABASE_SOURCES)
$(eval $(call program,$(B)/bin/scardctl,$(SCARDCTL_SOURCES),scard com uuid glib dl))
$(B)/obj/rm/scardctl/main.o: private CPPFLAGS_ALL += -DTESSERA_VERSION='"$(VERSION)"'
