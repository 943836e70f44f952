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
$(eval $(call test_program,ifdhandler_message,tests/unit/ifdhandler_message.c $(addprefix rm/drivers/ifdhandler/,codes.c message.c),))
