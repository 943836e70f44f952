# SPDX-License-Identifier: BSD-2-Clause
# The CCID driver on the emulated reader: the list of robustness by its identifiers (ids.list), the
# device unplugged at every step, many devices.
ROBUST_SESSION := tests/emulator/session.c tests/unit/driver_sink.c
ROBUST := robust_bulk robust_caller robust_card robust_descriptor robust_interrupt
$(foreach t,$(ROBUST) unplug many,\
	$(eval $(call emulator_test,ccid_$(t),tests/emulator/$(t).c $(ROBUST_SESSION),com uuid glib)))
$(eval $(call test_script,tests/emulator/ids.sh,$(addprefix $(B)/tests/ccid_,$(ROBUST))))
