# SPDX-License-Identifier: BSD-2-Clause
# Tests of the reader drivers.

SOFTCARD_SCRIPT := tests/unit/softcard_script.c $(SOFTCARD_CORE)

$(eval $(call test_program,softcard_core,tests/unit/softcard_core.c $(SOFTCARD_SCRIPT)))
$(eval $(call test_program,softcard_tpdu,tests/unit/softcard_tpdu.c $(SOFTCARD_SCRIPT)))
$(eval $(call test_program,softcard_atr,tests/unit/softcard_atr.c rm/drivers/atr.c))
$(eval $(call test_program,softcard_profile,tests/unit/softcard_profile.c $(SOFTCARD_PROFILE) $(SOFTCARD_SCRIPT),glib))
$(eval $(call test_program,softcard_driver,tests/unit/softcard_driver.c tests/unit/driver_sink.c,com uuid glib,concurrent))
$(eval $(call test_program,vpcd_settings,tests/unit/vpcd_settings.c rm/drivers/vpcd/settings.c,glib))
$(eval $(call test_program,vpcd_message,tests/unit/vpcd_message.c rm/drivers/vpcd/message.c))
VPCD_FIXTURE := $(addprefix tests/unit/,vpcd_fixture.c vpcd_card.c driver_sink.c) rm/drivers/vpcd/settings.c
$(eval $(call test_program,vpcd_driver,tests/unit/vpcd_driver.c $(VPCD_FIXTURE),com uuid glib,concurrent))
$(eval $(call test_program,vpcd_movement,tests/unit/vpcd_movement.c $(VPCD_FIXTURE),com uuid glib,concurrent))
# Needs tests/emulator/cac, which `check` builds.
$(eval $(call test_program,vpcd_cac,tests/unit/vpcd_cac.c tests/unit/driver_sink.c,com uuid glib))
