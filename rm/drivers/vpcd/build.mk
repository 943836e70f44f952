# SPDX-License-Identifier: BSD-2-Clause
# The virtual reader for cards that speak the vpcd protocol.

VPCD := rm/drivers/vpcd

$(eval $(call private_idl,vpcd,$(VPCD)/vpcd.idl))
$(eval $(call component,vpcd,$(VPCD)/vpcd.idl,$(addprefix $(VPCD)/,connection.c driver.c event.c link.c listener.c message.c reader.c settings.c) \
	rm/drivers/answer.c rm/drivers/atr.c gen/vpcd_i.c,com glib uuid))
