# SPDX-License-Identifier: BSD-2-Clause
# libtessera-com, the component runtime, and comreg, the registry tool.

# Reading the registry; comreg has its own copy, so that it shows what the runtime would find without
# making these functions public.
MANIFEST_SOURCES := $(addprefix runtime/,guid_table.c guid_text.c manifest.c manifest_overlay.c\
	manifest_place.c manifest_value.c)
REGISTRY_SOURCES := $(MANIFEST_SOURCES) $(addprefix runtime/,cache.c cache_format.c folder.c folder_picture.c fork.c\
	layer_view.c layer_view_find.c layers.c lookup.c lookup_progid.c lookup_search.c lookup_treat_as.c\
	manifest_file.c registry.c registry_overlay.c\
	registry_read.c search_text.c)
# Compiling folders of manifests, and changing the registry: comreg alone does the former.
CACHE_WRITE_SOURCES := $(addprefix runtime/,cache_image.c cache_write.c)
REGISTRY_WRITE_SOURCES := $(addprefix runtime/,layer_writer.c layer_writer_open.c registry_write.c registry_write_overlay.c)
RUNTIME_SOURCES := $(filter-out $(CACHE_WRITE_SOURCES),$(wildcard runtime/*.c))

# The places of other folders as seen from the library are compiled in; the stamp changes with them.
LAYERS_STAMP := $(B)/gen/layers.stamp
LAYERS_PLACES := $(DATA_FROM_LIB) $(SYSCONF_FROM_LIB)
.PHONY: layers-places
$(LAYERS_STAMP): $(shell [ "$$(cat $(LAYERS_STAMP) 2>&1)" = '$(LAYERS_PLACES)' ] || echo layers-places)
	@mkdir -p $(@D)
	@echo '$(LAYERS_PLACES)' >$@
$(B)/obj/runtime/layers.o: $(LAYERS_STAMP)
$(B)/obj/runtime/layers.o: private CPPFLAGS_ALL += -DDATA_FROM_LIB='"$(DATA_FROM_LIB)"' \
	-DSYSCONF_FROM_LIB='"$(SYSCONF_FROM_LIB)"'

# Threads that end after the library would run its destructor of thread state: it is never unmapped.
$(L)/libtessera-com.so.0: private LDFLAGS_ALL += -Wl,-z,nodelete
$(eval $(call shared_library,libtessera-com,0,$(RUNTIME_SOURCES),glib gmodule uuid m,runtime/libtessera-com.map))

COMREG_SOURCES := $(wildcard runtime/comreg/*.c) runtime/elf_header.c $(REGISTRY_SOURCES) $(CACHE_WRITE_SOURCES)\
	$(REGISTRY_WRITE_SOURCES)
$(eval $(call program,$(B)/bin/comreg,$(COMREG_SOURCES),com glib uuid dl))
$(B)/obj/runtime/comreg/main.o: private CPPFLAGS_ALL += -DTESSERA_VERSION='"$(VERSION)"'

# Classes that belong to the runtime, in a component like any other.
CLASSES_SOURCES := $(wildcard runtime/classes/*.c) $(REGISTRY_SOURCES) $(REGISTRY_WRITE_SOURCES)
$(eval $(call component,comclasses,runtime/classes/comclasses.idl,$(CLASSES_SOURCES),com glib uuid))
# Loaded before everything else by some checks of comreg check; it links nothing.
ALLOC := $(L)/tessera/libtessera-alloc.so
$(B)/obj/runtime/comreg/alloc/watch.o: private CFLAGS_ALL += -fno-builtin
$(eval $(call loadable,$(ALLOC),runtime/comreg/alloc/watch.c,,runtime/comreg/alloc/watch.map))
PRIVATE_MODULES += $(ALLOC)
# What `comreg new` writes from, where the build tree and an installed one have it.
TEMPLATES_SOURCE := runtime/comreg/templates
TEMPLATE_FILES := $(patsubst $(TEMPLATES_SOURCE)/%,%,$(wildcard $(TEMPLATES_SOURCE)/*/*.in))
TEMPLATES_DIR := $(B)/share/tessera/templates
ALL += $(addprefix $(TEMPLATES_DIR)/,$(TEMPLATE_FILES))
$(TEMPLATES_DIR)/%.in: $(TEMPLATES_SOURCE)/%.in
	@mkdir -p $(@D)
	@cp $< $@
