# SPDX-License-Identifier: BSD-2-Clause
# The emulated reader, what it stands on, and the tests of both; one more build.mk for each other
# emulated thing.
include $(wildcard tests/emulator/*/build.mk)

EMULATOR_USB := $(addprefix tests/emulator/,places.c udev.c usbfs.c vusb.c vusb_claim.c vusb_control.c \
	vusb_packet.c)
EMULATOR_CARD := $(addprefix tests/emulator/,application.c card.c card_script.c card_t0.c card_t1.c card_t1_block.c) $(SOFTCARD_CORE)
EMULATOR := $(EMULATOR_USB) $(EMULATOR_CARD) $(addprefix tests/emulator/,descriptor.c reader.c reader_exchange.c \
	reader_fault.c reader_late.c reader_message.c reader_pinpad.c reader_power.c reader_record.c reader_t0.c)

link_usb := $(shell pkg-config --libs libusb-1.0 2>/dev/null)
USB_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags libusb-1.0 2>/dev/null))

# $(eval $(call emulator_test,NAME,SOURCES,LIBRARIES)): a test program with the emulator inside. What
# libusb calls must be found in the program.
define emulator_test
$(call test_program,$(1),$(2) $(EMULATOR),$(3) dl,concurrent)
$(B)/tests/$(1): LDFLAGS_ALL += -rdynamic
endef

EMULATOR_CLIENT := tests/emulator/client.c
$(call objects,$(EMULATOR_CLIENT) $(wildcard tests/emulator/test_*.c)): CPPFLAGS_ALL += $(USB_CFLAGS)
$(eval $(call emulator_test,emulator_usb,tests/emulator/test_usb.c $(EMULATOR_CLIENT),usb))
$(eval $(call test_program,emulator_cards,tests/emulator/test_cards.c $(EMULATOR_CARD)))
$(eval $(call emulator_test,emulator_reader,tests/emulator/test_reader.c $(EMULATOR_CLIENT),usb))
$(eval $(call emulator_test,emulator_faults,tests/emulator/test_faults.c $(EMULATOR_CLIENT),usb))

# The same to be loaded into any program; libusb itself is the program's. Under a sanitizer, its
# library must come first.
$(eval $(call loadable,$(B)/tests/usbfs.so,$(EMULATOR) tests/emulator/steer.c,dl,tests/emulator/usbfs.map))
$(eval $(call program,$(B)/tests/emulator_probe,tests/emulator/probe.c,usb))
$(call objects,tests/emulator/probe.c): CPPFLAGS_ALL += $(USB_CFLAGS)
TEST_NEEDS += $(B)/tests/usbfs.so $(B)/tests/emulator_probe
ifeq ($(SANITIZE),)
$(eval $(call test_program,emulator_preload,tests/emulator/test_preload.c tests/emulator/steering.c))
$(eval $(call test_program,emulator_scardd,tests/emulator/test_scardd.c tests/emulator/steering.c \
	tests/daemon/scardd_process.c,scard))
endif
$(eval $(call test_script,tests/emulator/symbols.sh))
$(eval $(call emulator_test,ccid_driver,tests/emulator/test_driver.c tests/unit/driver_sink.c,com uuid glib usb))
include tests/emulator/driver.mk
# The bundle as a manager loads it: its libusb meets the reader in the program.
BUNDLE_FIXTURE := tests/emulator/bundle.c
$(eval $(call emulator_test,ccid_bundle,tests/emulator/test_bundle.c $(BUNDLE_FIXTURE)))
$(eval $(call emulator_test,ccid_bundle_watch,tests/emulator/test_bundle_watch.c $(BUNDLE_FIXTURE)))
TEST_NEEDS += $(CCID_BUNDLE)
$(eval $(call test_script,tests/emulator/bundle_hosted.sh,$(B)/tests/usbfs.so))
$(eval $(call test_script,tests/emulator/scardd_default.sh,$(B)/tests/usbfs.so))
