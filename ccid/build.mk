# SPDX-License-Identifier: BSD-2-Clause
# The driver for USB CCID readers: a core, and two thin fronts.

CCID := ccid
# Without USB, files and components: what the unit tests and the fuzzers link.
CCID_PURE := rm/drivers/atr.c $(addprefix $(CCID)/,attributes.c descriptor.c escape.c features.c message.c name.c \
	parameters.c pin.c pps.c result.c timing.c)
# With GLib.
CCID_QUIRKS := $(addprefix $(CCID)/,quirks.c quirks_file.c quirks_keys.c quirks_name.c)
# The protocol engines: they know no clock and no memory but what they are given.
CCID_T1 := ccid/t1.c ccid/t1_block.c ccid/t1_moves.c
CCID_T0 := ccid/t0.c ccid/t0_character.c ccid/apdu_shape.c
CCID_CHAIN := ccid/chain.c
# From commands to cards, above a transport.
CCID_SLOT := $(CCID_PURE) $(CCID_QUIRKS) $(CCID_T1) $(CCID_T0) $(CCID_CHAIN) $(addprefix $(CCID)/,command.c ladder.c slot.c \
	slot_exchange.c slot_power.c slot_protocol.c slot_reader.c)

# The shipped quirks, where the build tree and an installed one have them.
CCID_QUIRKS_FILE := $(B)/share/tessera/ccid.quirks
ALL += $(CCID_QUIRKS_FILE)
$(CCID_QUIRKS_FILE): $(CCID)/ccid.quirks
	@mkdir -p $(@D)
	@cp $< $@
# With USB; what both fronts share.
CCID_CORE := $(CCID_SLOT) $(addprefix $(CCID)/,device.c functions.c line.c places.c thread.c usb_control.c usb_find.c usb_loop.c \
	usb_open.c usb_pipe.c)

LIBUSB_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags libusb-1.0 2>/dev/null))
link_usb      := $(shell pkg-config --libs libusb-1.0 2>/dev/null)
$(call objects,$(wildcard $(CCID)/*.c $(CCID)/bundle/*.c)): CPPFLAGS_ALL += $(LIBUSB_CFLAGS)

$(eval $(call private_idl,ccid,$(CCID)/ccid.idl))
$(eval $(call component,ccid,$(CCID)/ccid.idl,$(CCID_CORE) \
	$(addprefix $(CCID)/,driver.c reader.c settings.c) rm/drivers/answer.c gen/ccid_i.c,com glib uuid usb))

# Where the files of quirks lie as seen from the libraries.
$(call objects,$(CCID)/places.c): CPPFLAGS_ALL += -DCCID_DATA_FROM_LIBRARIES='"$(DATA_FROM_LIB)"' \
	-DCCID_SYSCONF_FROM_LIBRARIES='"$(SYSCONF_FROM_LIB)"'

# The same as an IFD handler for other managers, without the runtime.
CCID_BUNDLE_DIR := $(L)/tessera/pcsc/ifd-tessera.bundle/Contents
CCID_BUNDLE     := $(CCID_BUNDLE_DIR)/Linux/libtessera-ccid.so
CCID_BUNDLE_SRC := $(CCID_CORE) $(addprefix $(CCID)/bundle/,address.c channel.c find.c ifd.c log.c options.c watch.c) \
	rm/drivers/ifdhandler/plist.c
ALL += $(CCID_BUNDLE) $(CCID_BUNDLE_DIR)/Info.plist
OBJECTS += $(call objects,$(CCID_BUNDLE_SRC))
$(CCID_BUNDLE): $(call objects,$(CCID_BUNDLE_SRC)) $(CCID)/bundle/bundle.map
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -shared $(LDFLAGS_ALL) $(NO_UNDEFINED) -Wl,-soname,libtessera-ccid.so \
	    -Wl,--version-script=$(CCID)/bundle/bundle.map -o $@ $(call objects,$(CCID_BUNDLE_SRC)) \
	    $(link_glib) $(link_usb) $(link_dl)
$(CCID_BUNDLE_DIR)/Info.plist: $(addprefix $(CCID)/bundle/,models models.awk Info.plist.in)
	@mkdir -p $(@D)
	$(call say,AWK,$@)
	$(Q)awk -f $(CCID)/bundle/models.awk $(CCID)/bundle/models $(CCID)/bundle/Info.plist.in | \
	    sed 's/@VERSION@/$(VERSION)/' >$@

# Who may open readers: the group of the daemon.
READER_GROUP ?= scardd
UDEV_RULES := $(B)/gen/92-tessera-ccid.rules
ALL += $(UDEV_RULES)
$(UDEV_RULES): $(CCID)/udev.awk $(CCID)/ccid.quirks $(CCID)/92-tessera-ccid.rules.in
	@mkdir -p $(@D)
	$(call say,AWK,$@)
	$(Q)awk -v group='$(READER_GROUP)' -f $(CCID)/udev.awk $(CCID)/ccid.quirks $(CCID)/92-tessera-ccid.rules.in >$@
