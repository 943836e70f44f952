# SPDX-License-Identifier: BSD-2-Clause
# Against programs and cards that nobody here wrote.
$(eval $(call test_program,peers/cac,tests/peers/cac.c tests/peers/cac_client.c,scard com uuid glib))
$(eval $(call test_script,tests/peers/transaction_cac.sh))
$(eval $(call test_program,peers/cac_shared,tests/peers/cac_shared.c tests/peers/cac_client.c tests/daemon/scardd_process.c,scard com uuid glib))
$(eval $(call test_script,tests/peers/python_fork.sh))
$(eval $(call test_script,tests/peers/wine_idl_first.sh,$(COMIDL)))
$(eval $(call test_script,tests/peers/wine_idl_second.sh,$(COMIDL)))
$(eval $(call test_script,tests/peers/ifdhandler.sh))
$(eval $(call test_script,tests/peers/pcsclite_headers.sh))
$(eval $(call test_script,tests/peers/pcsclite_programs.sh,$(PCSCLITE_LIBRARY)))
$(eval $(call test_script,tests/peers/pcsclite_pcscd.sh,$(PCSCLITE_LIBRARY)))
