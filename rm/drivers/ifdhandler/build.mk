# SPDX-License-Identifier: BSD-2-Clause
# Reader drivers made for pcsc-lite: the component, and the program that hosts a handler.

IFDHANDLER := rm/drivers/ifdhandler
# Where bundles lie that are named without a path: pcsc-lite's folder.
IFD_DRIVERS_FOLDER ?= /usr/lib/pcsc/drivers
IFDHANDLER_SETTINGS := $(addprefix $(IFDHANDLER)/,settings.c plist.c)

$(eval $(call private_idl,ifdhandler,$(IFDHANDLER)/ifdhandler.idl))
$(eval $(call component,ifdhandler,$(IFDHANDLER)/ifdhandler.idl,$(IFDHANDLER_SETTINGS) \
	$(addprefix $(IFDHANDLER)/,channel.c codes.c driver.c link.c message.c process.c reader.c) \
	rm/drivers/answer.c rm/drivers/atr.c gen/ifdhandler_i.c,com glib uuid))
$(call objects,$(IFDHANDLER)/settings.c): CPPFLAGS_ALL += -DIFD_DRIVERS_FOLDER='"$(IFD_DRIVERS_FOLDER)"'

# Handlers take two functions from the program that loads them.
IFDHOST := $(L)/tessera/ifdhost
$(eval $(call program,$(IFDHOST),$(addprefix $(IFDHANDLER)/,host_call.c host_load.c host_main.c host_slot.c channel.c message.c),dl))
$(IFDHOST): LDFLAGS_ALL += -rdynamic
PRIVATE_PROGRAMS += $(IFDHOST)
