# SPDX-License-Identifier: BSD-2-Clause
# comidl, the IDL compiler. It is built first: every other folder needs the headers it writes.

IDL_SOURCES := $(wildcard idl/*.c)
# The compiler without its command line, for tests and fuzzing.
IDL_CORE_SOURCES := $(filter-out idl/main.c,$(IDL_SOURCES))

$(eval $(call program,$(COMIDL),$(IDL_SOURCES),glib))
$(B)/obj/idl/main.o: CPPFLAGS_ALL += -DTESSERA_VERSION='"$(VERSION)"'
