# SPDX-License-Identifier: BSD-2-Clause
# Tests of the driver that hosts IFD handlers, and the handlers that they host.

IFD_TEST_HANDLERS := $(B)/tests/ifd/ifd_handler.so $(B)/tests/ifd/ifd_handler_2.so
ALL += $(IFD_TEST_HANDLERS)
# A sanitizer's run-time library comes with the program that hosts.
$(B)/tests/ifd/ifd_handler.so: IFD_VERSION := 3
$(B)/tests/ifd/ifd_handler_2.so: IFD_VERSION := 2
$(IFD_TEST_HANDLERS): tests/components/ifd_handler.c rm/drivers/ifdhandler/handler.h
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -DIFD_VERSION=$(IFD_VERSION) -shared $(LDFLAGS_ALL) -o $@ $<

IFD_FIXTURE := tests/unit/ifdhandler_fixture.c tests/unit/driver_sink.c
$(eval $(call test_program,ifdhandler_driver,tests/unit/ifdhandler_driver.c $(IFD_FIXTURE),com uuid glib,concurrent))
$(eval $(call test_program,ifdhandler_faults,tests/unit/ifdhandler_faults.c $(IFD_FIXTURE),com uuid glib,concurrent))
$(eval $(call test_program,ifdhandler_settings,tests/unit/ifdhandler_settings.c $(IFDHANDLER_SETTINGS),glib))
$(eval $(call test_program,ifdhandler_link,tests/unit/ifdhandler_link.c $(addprefix rm/drivers/ifdhandler/,channel.c link.c message.c),,concurrent))
$(eval $(call test_program,ifdhandler_message,tests/unit/ifdhandler_message.c $(addprefix rm/drivers/ifdhandler/,codes.c message.c),))

# The soft card's core as a handler: the conformance tests run on it, embedded and in a daemon.
IFD_SOFTCARD := $(B)/tests/ifd/ifd_softcard.so
ALL += $(IFD_SOFTCARD)
IFD_SOFTCARD_SOURCES := tests/components/ifd_softcard.c $(SOFTCARD_CORE) $(SOFTCARD_PROFILE)
OBJECTS += $(call objects,tests/components/ifd_softcard.c)
$(IFD_SOFTCARD): $(call objects,$(IFD_SOFTCARD_SOURCES))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -shared $(LDFLAGS_ALL) -o $@ $^ $(link_glib)

IFD_CONFORMANCE := context lists memory connect exchange status_change threads
IFD_DRIVER := ifdhandler=library:$$$$TESSERA_BUILD/tests/ifd/ifd_softcard.so:$$$$TESSERA_SRC/rm/drivers/softcard/profiles
# $(eval $(call on_ifdhandler,NAME)): that conformance test on a hosted handler.
define on_ifdhandler
TESTS += $(B)/tests/ifdhandler/$(1) $(B)/tests/ifdhandler/scardd_$(1)
$(B)/tests/ifdhandler/$(1): tests/unit/ifdhandler.mk
	@mkdir -p $$(@D)
	@printf '%s\n' '#!/bin/sh' 'export TESSERA_RM="embedded:$(IFD_DRIVER)/$(2).profile"' \
	    'exec "$$$$TESSERA_BUILD/tests/winscard_$(1)"' >$$@
	@chmod +x $$@
$(B)/tests/ifdhandler/scardd_$(1): tests/unit/ifdhandler.mk
	@mkdir -p $$(@D)
	@printf '%s\n' '#!/bin/sh' 'exec "$$$$TESSERA_BUILD/tests/with_scardd" --driver \' \
	    '    "$(IFD_DRIVER)/$(2).profile" "$$$$TESSERA_BUILD/tests/winscard_$(1)"' >$$@
	@chmod +x $$@
endef
$(foreach t,$(IFD_CONFORMANCE),$(eval $(call on_ifdhandler,$(t),default)))
