# SPDX-License-Identifier: BSD-2-Clause
# libpcsclite.so.1 for programs written for pcsc-lite, in a folder that only those see who ask for it.
# The client core is linked in: what is left out of rm/api are the functions that face its own callers.

PCSCLITE_DIR     := $(L)/tessera/pcsclite
PCSCLITE_LIBRARY := $(PCSCLITE_DIR)/libpcsclite.so.1
PCSCLITE_FILES   := libpcsclite.so.1 libpcsclite.so
PCSCLITE_CORE    := $(addprefix rm/api/,backend.c errors.c input.c memory.c message.c) \
	$(wildcard rm/api/remote*.c) $(WIRE_SOURCES) $(LOOK_SOURCES)
PCSCLITE_SOURCES := $(wildcard rm/pcsclite/*.c) $(PCSCLITE_CORE)

ALL += $(PCSCLITE_DIR)/libpcsclite.so
OBJECTS += $(call objects,$(PCSCLITE_SOURCES))
# It has handlers of fork and of the process's end, and programs load and unload it.
$(PCSCLITE_LIBRARY): $(call objects,$(PCSCLITE_SOURCES)) rm/pcsclite/libpcsclite.map
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -shared $(LDFLAGS_ALL) $(NO_UNDEFINED) -Wl,-z,nodelete -Wl,-soname,libpcsclite.so.1 \
	    -Wl,--version-script=rm/pcsclite/libpcsclite.map -o $@ $(call objects,$(PCSCLITE_SOURCES)) \
	    $(link_glib) $(link_dl)
$(PCSCLITE_DIR)/libpcsclite.so: $(PCSCLITE_LIBRARY)
	@ln -sf libpcsclite.so.1 $@

link_pcsclite := $(PCSCLITE_DIR)/libpcsclite.so '-Wl,-rpath,$$$$ORIGIN/../$(LIB_IN_PREFIX)/tessera/pcsclite'
file_pcsclite := $(PCSCLITE_DIR)/libpcsclite.so
