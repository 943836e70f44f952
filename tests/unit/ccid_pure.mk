# SPDX-License-Identifier: BSD-2-Clause
# The layers of the CCID driver that do no input or output.
$(foreach t,atr attributes descriptor escape features message name parameters pin pps result timing,\
	$(eval $(call test_program,ccid_$(t),tests/unit/ccid_$(t).c tests/unit/ccid_hex.c $(CCID_PURE))))
$(foreach t,quirks quirks_shipped,\
	$(eval $(call test_program,ccid_$(t),tests/unit/ccid_$(t).c tests/unit/ccid_hex.c $(CCID_PURE) $(CCID_QUIRKS),glib)))
$(eval $(call test_program,ccid_address,tests/unit/ccid_address.c ccid/bundle/address.c,glib))
$(eval $(call test_script,tests/unit/ccid_lists.sh))
$(eval $(call test_script,tests/unit/ccid_installed.sh,$(B)/tests/usbfs.so))
