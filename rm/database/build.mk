# SPDX-License-Identifier: BSD-2-Clause
# The card database: part of libtessera-scard, and of scardctl. It reads and writes files as the
# registry of components does.

DATABASE_SOURCES := $(wildcard rm/database/*.c) $(addprefix runtime/,folder.c guid_text.c layer_writer.c\
	manifest_place.c manifest_value.c)

# Where layers lie as seen from the library.
$(call objects,rm/database/places.c): $(LAYERS_STAMP)
$(call objects,rm/database/places.c): private CPPFLAGS_ALL += -DDATA_FROM_LIB='"$(DATA_FROM_LIB)"' \
	-DSYSCONF_FROM_LIB='"$(SYSCONF_FROM_LIB)"'

# Shipped card types, where the build tree and an installed one have them.
CARD_FILES := $(patsubst rm/database/cards/%,$(B)/share/tessera/cards.d/%,$(wildcard rm/database/cards/*.card))
ALL += $(CARD_FILES)
$(CARD_FILES): $(B)/share/tessera/cards.d/%: rm/database/cards/%
	@mkdir -p $(@D)
	@cp $< $@
